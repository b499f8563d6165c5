"""A team whose room is shut to the bot: its lead hears of it once, and what to do; where there is a room again, too."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from bot.ports import Incoming, Refused, Sender, Submission, Text
from storage.engine import Database
from storage.huddles import HuddleRun
from storage.people import Person, Role
from storage.places import Place
from storage.teams import Team, members
from storage.tx import SYSTEM
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def _shut(database: Database) -> FieldDispatch:
    """The huddle opens, and the platform does not take the header: the bot is not in that channel any more."""
    team = await field_dispatch(database, at(9, 14))
    team.chat.faults = [Fault(Refused("not in that channel", target_gone=True), to="field-dispatch")]
    await team.until(at(9, 16))
    return team


def _told(team: FieldDispatch, who: str) -> list[str]:
    """What stands in somebody's direct messages about a room."""
    return [post.words for post in team.chat.posts.values() if post.to.account == who and "room:" in post.key]


async def _place(team: FieldDispatch) -> Place:
    async with team.database.read(SYSTEM) as tx:
        found = await tx.first(select(Place).where(Place.external_id == "field-dispatch"))
    assert found is not None
    return found


async def test_the_lead_of_a_team_whose_room_is_shut_is_told_what_to_do(database: Database) -> None:
    team = await _shut(database)
    (told,) = _told(team, "dana")
    assert "I can't write in #field-dispatch any more" in told
    assert "add me to another channel or group chat" in told
    assert "team setup Field Dispatch" in told
    assert not (await _place(team)).is_open
    assert team.asked == ["amy", "ben", "cem", "dee", "eli"]


async def test_they_are_told_once_however_many_messages_find_it_shut(sqlite: Database) -> None:
    team = await _shut(sqlite)
    team.chat.faults = [Fault(Refused("not in that channel", target_gone=True), to="field-dispatch") for _ in range(9)]
    await team.until(at(12, day=26))
    assert len(_told(team, "dana")) == 1


async def test_once_the_bot_hears_something_there_it_says_that_all_is_well(sqlite: Database) -> None:
    team = await _shut(sqlite)
    await team.dispatcher.rooms("local", "local", ["field-dispatch"], is_open=True)
    await team.until(at(9, 20))
    (told,) = _told(team, "dana")
    assert "The huddle summaries of Field Dispatch stand in #field-dispatch again." in told
    assert (await _place(team)).is_open


async def test_once_a_message_stands_there_again_it_says_that_all_is_well(sqlite: Database) -> None:
    team = await _shut(sqlite)
    await team.until(at(9, 16, day=25))
    await team.until(at(9, 17, day=25))  # the clock's next beat
    (told,) = _told(team, "dana")
    assert "All is well again" in told
    assert (await _place(team)).is_open


async def test_a_room_that_is_shut_a_second_time_is_told_of_again(sqlite: Database) -> None:
    team = await _shut(sqlite)
    for is_open, minute in ((True, 20), (False, 25)):
        await team.dispatcher.rooms("local", "local", ["field-dispatch"], is_open=is_open)
        await team.until(at(9, minute))
    assert len(_told(team, "dana")) == 2


async def _moves(team: FieldDispatch, room: str, name: str) -> None:
    """Dana writes `team setup` in another room and sends the form as it stands."""
    async with team.database.read(SYSTEM) as tx:
        (one,) = await tx.all(select(Team).where(Team.name == "Field Dispatch"))
        people = await members(tx, one, at(0).date())
    values = {
        "name": one.name,
        "zone": one.zone,
        "lead": str(one.lead_id),
        "members": ",".join(str(each.id) for each in people),
    }
    form = Submission("team.save", values, {"team": str(one.id)})
    dana = Sender("dana", "Dana")
    await team.dispatcher.handle(
        Incoming("local", "local", f"form-{room}", room, is_direct=False, sender=dana, action=form, room_name=name)
    )
    await team.delivery.drain()


def _in(team: FieldDispatch, room: str) -> list[str]:
    return [post.words for post in team.chat.posts.values() if post.to.conversation == room]


async def test_a_group_chat_that_the_team_is_moved_to_takes_its_summaries_from_the_same_day_on(
    database: Database,
) -> None:
    team = await _shut(database)
    await _moves(team, "vans", "the vans")
    assert "The huddle summaries of Field Dispatch stand in the vans again." in _told(team, "dana")[0]
    (header,) = _in(team, "vans")
    assert "Huddle is open until" in header
    await team.do("amy", Text("Valve checks"), "line-1")
    await team.until(at(9, 31))
    summary, details = _in(team, "vans")
    assert "1 of 5 answered by 09:30" in summary
    assert "Valve checks" in details
    assert _in(team, "field-dispatch") == []


async def test_a_summary_that_found_no_room_stands_where_the_team_is_moved_to_later(sqlite: Database) -> None:
    team = await _shut(sqlite)
    await team.do("amy", Text("Valve checks"), "line-1")
    await team.until(at(11))
    await _moves(team, "vans", "the vans")
    await real_time_passes(sqlite)  # the thread waits until what it stands below does
    await team.delivery.drain()
    assert [words for words in _in(team, "vans") if "1 of 5 answered by 09:30" in words]
    assert [words for words in _in(team, "vans") if "All answers of" in words]


async def test_what_stands_in_the_old_room_already_is_not_said_again_in_the_new_one(sqlite: Database) -> None:
    team = await field_dispatch(sqlite, at(9, 14))
    await team.do("amy", Text("Valve checks"), "line-1")
    await team.until(at(9, 40))
    before = len(_in(team, "field-dispatch"))
    await _moves(team, "vans", "the vans")
    assert (len(_in(team, "field-dispatch")), _in(team, "vans")) == (before, [])
    await team.until(at(9, 40, day=25))
    assert len(_in(team, "vans")) > 0


async def test_where_nobody_leads_the_administrators_are_told(sqlite: Database) -> None:
    team = await field_dispatch(sqlite, at(9, 14))
    async with sqlite.write(NORTHWATER) as tx:
        await tx.run(update(Team).values(lead_id=None))
        admins = await tx.all(
            select(Person.name).join(Role, col(Role.person_id) == Person.id).where(Role.kind == Role.Kind.ADMIN)
        )
    await team.dispatcher.rooms("local", "local", ["field-dispatch"], is_open=False)
    await team.until(at(9, 15))
    told = [post for post in team.chat.posts.values() if "room:" in post.key]
    assert len(told) == len(admins) > 0


@pytest.mark.parametrize("room", ["all-staff", "nowhere"])
async def test_a_room_of_no_team_concerns_nobody(sqlite: Database, room: str) -> None:
    team = await field_dispatch(sqlite, at(9, 14))
    await team.dispatcher.rooms("local", "local", [room], is_open=False)
    await team.until(at(9, 15))
    assert [post for post in team.chat.posts.values() if "room:" in post.key] == []


async def test_the_huddle_goes_on_without_its_room(sqlite: Database) -> None:
    team = await _shut(sqlite)
    await team.do("amy", Text("Valve checks"), "line-1")
    await team.until(at(9, 30) + timedelta(minutes=1))
    (run,) = [each for each in await team.runs() if each.local_date == at(0).date()]
    assert (run.state, run.on_time) == (HuddleRun.State.CLOSED, 1)
