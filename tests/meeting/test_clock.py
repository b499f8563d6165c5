"""The clock of a meeting: it speaks to the chair alone, moves when it is asked to, and stands still in a recess."""

import pytest

from storage.meetings import CouncilMeeting
from tests.meeting.hall import Hall, begun, told
from tests.support.reading import labels_of

State = CouncilMeeting.State


@pytest.mark.req("S2-08")
async def test_the_chair_alone_hears_that_time_is_nearly_up_and_that_it_is(hall: Hall) -> None:
    await begun(hall)
    await hall.at(7.9)
    assert hall.heard("cora") == []
    await hall.at(8)
    assert hall.heard("cora") == ["2 minutes left on 1 Actions from last meeting, until 10:10."]
    assert "2 minutes left, until 10:10." in hall.own("cora")
    await hall.at(10)
    assert hall.heard("cora")[-1] == "Time for 1 Actions from last meeting is up."
    assert labels_of(hall.posts("cora")[-1].card) == ["+5 minutes", "Decide", "Defer"]
    assert "Time for 1 is up since 10:10." in hall.own("cora")
    assert hall.heard("sev") == hall.heard("ann") == []


async def test_five_minutes_more_move_the_clock(hall: Hall) -> None:
    await begun(hall)
    await hall.at(9)
    await hall.press("cora", "+5 minutes")
    assert "6 minutes left, until 10:15." in hall.own("cora")
    await hall.at(11)
    assert "Time for" not in hall.own("cora")
    await hall.at(12)
    assert "3 minutes left on 1 Actions from last meeting, until 10:15." in hall.heard("cora")
    assert "By how many minutes, 1 to 60?" in await hall.says("cora", "/council extend 99")


async def test_no_time_runs_in_a_recess(hall: Hall) -> None:
    await begun(hall)
    await hall.at(4)
    await hall.says("cora", "/council recess")
    assert "Recess since 10:04" in hall.room.replace("Recess\n", "Recess ").replace(" since", " since")
    assert "is in recess, so it can't be taken on" in await hall.says("cora", "/council next")
    await hall.at(30)
    assert hall.heard("cora") == []
    await hall.press("cora", "Resume")
    await hall.at(33.9)
    assert hall.heard("cora") == []
    await hall.at(34)
    assert hall.heard("cora") == ["2 minutes left on 1 Actions from last meeting, until 10:36."]


async def test_a_recess_is_ended_by_typing_what_its_card_says(hall: Hall) -> None:
    await begun(hall)
    await hall.says("cora", "/council recess")
    assert "Now 1 Actions from last meeting" in await hall.says("cora", "/council resume")
    assert (await hall.meeting()).state is State.IN_SESSION


async def test_the_clock_is_silent_when_the_meeting_has_gone_on(hall: Hall) -> None:
    await begun(hall)
    await hall.at(5)
    await hall.says("cora", "/council next")
    await hall.at(11)
    assert hall.heard("cora") == []


async def test_a_press_on_the_clock_of_a_section_that_is_over_does_not_lengthen_another(hall: Hall) -> None:
    await begun(hall)
    await hall.at(8)
    await hall.says("cora", "/council next")
    answer = await hall.do("cora", "meeting.extend", section=1, item=0)
    assert "The meeting has gone on since this card was drawn." in told(answer)
    assert {each.extended_min for each in await hall.sections()} == {0}
    assert hall.heard("cora") == ["The clock for 1 Actions from last meeting has moved on."]


async def test_two_presses_of_five_minutes_on_one_card_are_one(hall: Hall) -> None:
    await begun(hall)
    card = hall.newest("cora", "+5 minutes")
    await hall.press("cora", "+5 minutes", card)
    again = await hall.press("cora", "+5 minutes", card)
    assert "this section goes on until 10:15 now. Nothing was changed." in told(again)
    assert max(each.extended_min for each in await hall.sections()) == 5
    await hall.press("cora", "+5 minutes", hall.newest("cora", "+5 minutes"))
    assert max(each.extended_min for each in await hall.sections()) == 10
