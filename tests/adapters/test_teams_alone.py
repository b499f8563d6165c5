"""Lines that one person writes behind a slash in a channel or group, which nobody else sees: nor does the answer."""

import pytest

from storage.engine import Database
from tests.support.teams_double import RateLimit
from tests.support.teams_double.world import Message
from tests.support.teams_hall import ADA, BEN, FIELD, TEAM, Hall, a_hall

GROUP = "19:group@thread.v2"


async def _commands(hall: Hall, text: str, where: str = FIELD) -> None:
    heard = await hall.ada.commands(where, text)
    assert heard is not None
    assert heard.is_ok, heard
    await hall.settled()


def _alone(hall: Hall, where: str = FIELD) -> list[Message]:
    """What the bot said there to one person alone."""
    return [each for each in hall.north.posted(where) if each.seen_by]


def _for_all(hall: Hall, where: str = FIELD) -> list[str]:
    return [each.summary for each in hall.north.posted(where) if not each.seen_by]


@pytest.mark.parametrize("where", [FIELD, GROUP])
async def test_a_private_answer_is_seen_by_the_one_who_asked_there_and_by_nobody_else(
    sqlite: Database, where: str
) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.add_group_chat(GROUP, "Group", members=[ADA, BEN])
        await hall.ada.installs(TEAM)
        before = len(hall.ada.sees())
        await _commands(hall, "whisper the gate", where)
        (said,) = _alone(hall, where)
        assert (said.summary, said.seen_by) == ("Between us: the gate", ADA)
        (asked,) = [each for each in hall.ada.sees(where) if not each.is_from_bot]
        assert hall.said[-1].body["entities"] == [{"type": "targetedMessageInfo", "messageId": asked.id}]
        assert _for_all(hall, where) == []
        assert len(hall.ada.sees()) == before
        assert hall.north.user(BEN).sees(where) == []


async def test_what_is_for_everybody_is_seen_by_everybody(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await _commands(hall, "note Valve checks")
        assert [each.summary for each in _alone(hall)] == ["V-1 noted"]
        assert _for_all(hall) == ["Valve checks"]


async def test_a_form_opens_from_a_button_that_nobody_else_sees_and_what_follows_stays_there(
    sqlite: Database,
) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        before = len(hall.ada.sees())
        await _commands(hall, "ask")
        assert _for_all(hall) == []
        (offer,) = [each for each in hall.ada.sees(FIELD) if each.labels]
        await hall.ada.presses(offer, "A note")
        assert hall.ada.dialog is not None
        await hall.ada.submits(hall.ada.dialog, {"words": "Pump checks", "mood": "good"})
        await hall.settled()
        assert hall.ada.notices == []
        assert [each.summary for each in _alone(hall)][-1] == "V-1 noted"
        assert _for_all(hall) == ["Pump checks (good) by Ada of Northwater"]
        assert len(hall.ada.sees()) == before


async def test_a_press_on_such_an_answer_changes_it_where_it_stands(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        before = len(hall.ada.sees())
        await _commands(hall, "offer")
        (offer,) = [each for each in hall.ada.sees(FIELD) if each.labels]
        await hall.ada.presses(offer, "Take it")
        await hall.settled()
        hall.ada.reloads()
        assert [each.summary for each in _alone(hall)] == ["Taken."]
        assert [each.labels for each in hall.ada.sees(FIELD) if each.is_from_bot] == [()]
        assert _for_all(hall) == []
        assert len(hall.ada.sees()) == before


async def test_where_teams_can_t_do_that_the_answer_comes_in_the_personal_chat_and_no_line_tells_of_it(
    sqlite: Database,
) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        hall.double.world.has_targeted = False
        await _commands(hall, "whisper the gate")
        assert hall.north.posted(FIELD) == []
        assert hall.ada.sees()[-1].words == "Between us: the gate"


async def test_an_answer_that_is_throttled_comes_a_little_later(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        hall.double.faults.next("send", RateLimit(1))
        await _commands(hall, "whisper the gate")
        assert [each.summary for each in _alone(hall)] == ["Between us: the gate"]
