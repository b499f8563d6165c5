"""Items and decisions are found and traced, by those who may read them."""

from tests.meeting.hall import Hall
from tests.minutes.held import SECRET


async def test_a_decision_is_found_by_its_words_and_traced_to_its_meeting(hall: Hall) -> None:
    assert "D-1" in await hall.says("amy", "/search fault questions")
    words = await hall.says("raj", "/trace A-1")
    assert "D-1" in words
    assert "Eight fault questions" in words
    assert "Thu 3 Dec 2026" in words


async def test_what_is_internal_is_found_by_members_alone(hall: Hall) -> None:
    assert f"{SECRET} bonus" in await hall.says("raj", f"/search {SECRET}")
    for who in ("amy", "sam", "okafor"):
        found = await hall.says(who, f"/search {SECRET}")
        assert "bonus" not in found, who
        assert "pay" not in found, who
    assert "D-1" in await hall.says("sam", "/search fault questions")


async def test_a_trace_keeps_the_words_of_what_is_internal_from_others(hall: Hall) -> None:
    words = await hall.says("amy", "/trace A-3")
    assert f"{SECRET} pay" not in words
    assert f"{SECRET} bonus" not in await hall.says("amy", "/trace D-2")
    assert f"{SECRET} pay" in await hall.says("raj", "/trace A-3")
