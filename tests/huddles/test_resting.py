"""A huddle is paused, goes on, ends, and begins right now."""

from datetime import UTC, date, datetime

from bot.chat.cards import Card
from bot.ports import Press
from storage.huddles import Huddle, HuddleRun
from tests.support.reading import button_of
from tests.support.workshop import Workshop

State = HuddleRun.State


def at(hour: int, minute: int = 0, *, day: int = 24, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def runs(shop: Workshop) -> list[tuple[int, str]]:
    return [(each.local_date.day, each.state.value) for each in await shop.house.runs()]


async def test_a_pause_asks_nobody_until_it_is_resumed(shop: Workshop) -> None:
    said = await shop.says("dana", "/huddle pause")
    assert "is paused until somebody resumes it" in said
    await shop.until(at(12, day=26))
    assert await runs(shop) == []
    assert "It is paused" in await shop.says("amy", "/huddle")
    assert "Field Dispatch is paused, so it can't be paused. You can: resume, start or end." in await shop.says(
        "dana", "/huddle pause"
    )
    assert "The next one is on Fri 27 Nov 2026" in await shop.says("dana", "/huddle resume")
    await shop.until(at(12, day=27))
    assert await runs(shop) == [(27, "closed")]


async def test_a_pause_until_a_day_includes_it_and_ends_by_itself(shop: Workshop) -> None:
    said = await shop.says("dana", "/huddle pause until 25 Nov")
    assert "until Wed 25 Nov 2026, that day included" in said
    assert "The next one is on Thu 26 Nov 2026" in said
    await shop.until(at(12, day=26))
    assert await runs(shop) == [(26, "closed")]
    assert "so it can't be resumed" in await shop.says("dana", "/huddle resume")


async def test_a_pause_can_not_lie_in_the_past(shop: Workshop) -> None:
    assert "is over, so Field Dispatch can't be paused" in await shop.says("dana", "/huddle pause until 2026-11-20")


async def test_a_huddle_that_is_open_goes_on_while_its_pause_begins(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await shop.says("dana", "/huddle pause")
    assert "Noted" in await shop.says("amy", "Harbour Road")
    await shop.until(at(9, 31))
    assert any("1 of 5 answered" in words for words in shop.house.room)


async def test_an_undone_pause_asks_as_before(shop: Workshop) -> None:
    card = (await shop.ask("dana", "/huddle pause")).content
    assert isinstance(card, Card)
    undo = button_of(card, "Undo")
    await shop.ask("dana", Press(undo.verb, undo.ids))
    await shop.until(at(9, 16))
    assert await runs(shop) == [(24, "open")]


async def test_a_huddle_that_has_ended_asks_nobody_and_begins_again_when_it_is_set_up(shop: Workshop) -> None:
    assert "has ended" in await shop.says("dana", "/huddle end")
    await shop.until(at(12))
    assert await runs(shop) == []
    assert "is ended, so it can't be" in await shop.says("dana", '/huddle end "Field Dispatch"')
    await shop.says("dana", '/huddle setup "Field Dispatch" at:09:15')
    assert (await shop.row(Huddle, name="Field Dispatch")).active
    await shop.until(at(12, day=25))
    assert await runs(shop) == [(25, "closed")]


async def test_an_extra_run_begins_now_and_takes_the_place_of_today_s(shop: Workshop) -> None:
    await shop.until(at(8))
    said = await shop.says("dana", "/huddle start")
    assert "is open now: 5 people are asked, until 08:15" in said
    assert shop.house.asked == ["amy", "ben", "cem", "dee", "eli"]
    assert "is open until 08:15, so no other one begins" in await shop.says("dana", "/huddle start")
    await shop.until(at(12))
    assert await runs(shop) == [(24, "closed")]
    assert len(shop.house.asked) == 5
    assert "was held on Tue 24 Nov already" in await shop.says("dana", "/huddle start")


async def test_a_day_that_was_called_off_can_be_held_after_all(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await shop.says("dana", "/huddle skip today Team day")
    await shop.until(at(14))
    assert "is open now" in await shop.says("dana", "/huddle start")
    assert "Noted at 14:00" in await shop.says("amy", "Harbour Road")
    await shop.until(at(14, 16))
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 24))
    assert (run.state, run.expected, run.on_time, run.reason) == (State.CLOSED, 5, 1, "")


async def test_nobody_is_asked_on_their_day_off(shop: Workshop) -> None:
    await shop.until(at(10, day=28))
    assert "Fewer than two people" in await shop.says("dana", "/huddle start")
    assert [day for day, _ in await runs(shop)] == [24, 25, 26, 27]


async def test_a_window_that_would_reach_into_tomorrow_does_not_begin(shop: Workshop) -> None:
    await shop.says("dana", "/huddle pause")
    await shop.until(at(23, 50))
    assert "would not fit into today any more" in await shop.says("dana", "/huddle start")


async def test_only_the_lead_lets_it_rest(shop: Workshop) -> None:
    for line in ("/huddle pause", "/huddle resume", "/huddle end", "/huddle start"):
        assert "Only a team's lead or an administrator" in await shop.says("amy", line)


async def test_a_huddle_of_that_name_has_to_exist(shop: Workshop) -> None:
    assert "I can't find the huddle 'Evening'. There is Field Dispatch." in await shop.says(
        "dana", '/huddle pause "Evening" until 25 Nov'
    )
