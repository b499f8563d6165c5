"""A meeting from its beginning to its end."""

import pytest

from storage.meetings import CouncilMeeting
from tests.meeting.hall import Hall
from tests.support.reading import words_of


async def test_a_meeting_begins_runs_and_ends(hall: Hall) -> None:
    await hall.at(0)
    said = await hall.says("cora", "/council start")
    assert "The meeting is open, 10:00. Not quorate: 0 of 8 present, 5 needed." in said
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Sam")
    print(hall.room)
    print(hall.own("cora"))
    await hall.at(12)
    await hall.press("cora", "Next item")
    print(hall.own("cora"))
    print(await hall.says("cora", "/council end"))
    print(hall.room)
    print(hall.own("cora"))
    assert (await hall.meeting()).state is CouncilMeeting.State.ADJOURNED
