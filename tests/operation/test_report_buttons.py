"""Administrators say what is to become of messages that did not arrive, and nobody else does."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.ports import Refused
from storage.engine import Database
from storage.messages import Message
from storage.people import Role
from storage.teams import Membership, Team
from storage.tx import SYSTEM
from tests.operation.control_room import ControlRoom, a_control_room
from tests.support.company import NOON, acting
from tests.support.fake_chat import Fault

pytestmark = pytest.mark.slow

State = Message.State
AGAIN, LEAVE = "operation.again", "operation.leave"


async def test_send_them_again_sends_them_and_the_report_says_that_it_is_settled(database: Database) -> None:
    room = await a_told_room(database)
    assert await room.press("ada", AGAIN) == "1 message is on the way again."
    await room.office.a_worker().drain()
    assert await room.states() == [State.SHOWN]
    assert [told.splitlines()[0] for told in room.told("ada")] == ["Settled"]


async def test_leave_them_gives_them_up_and_they_are_never_told_again(database: Database) -> None:
    room = await a_told_room(database)
    assert await room.press("ada", LEAVE) == "1 message stays unsent. You will not hear of it again."
    room.office.clock.move_to(NOON + timedelta(hours=1))
    await room.a_dead_message("another")
    await room.minutes_pass(2)
    settled, told = room.told("ada")
    assert await room.states() == [State.CANCELLED, State.DEAD]
    assert settled.startswith("Settled")
    assert "1 message was not delivered." in told


async def test_nobody_but_an_administrator_may_also_not_a_lead(database: Database) -> None:
    room = await a_told_room(database)
    company = room.office.company
    async with acting(database, company) as tx:
        team = Team(name="Everybody", zone="Europe/London", lead_id=company.people["dana"].id)
        tx.add(team)
        await tx.flush()
        tx.add(Membership(team_id=team.id, person_id=company.people["dana"].id, from_on=NOON.date()))
        tx.add(Role(person_id=company.people["ben"].id, kind=Role.Kind.SPONSOR))
    for number, (who, verb) in enumerate((who, verb) for who in ("ben", "dana") for verb in (AGAIN, LEAVE)):
        said = await room.press(who, verb, event=f"press-{number}")
        assert said == "Only an administrator can do that. Nothing was changed."
    assert await room.states() == [State.DEAD]


async def test_an_administrator_of_another_organisation_changes_nothing(database: Database) -> None:
    north = await a_told_room(database)
    south = await a_control_room(database, "Southgas", beside=north)
    said = await south.press("ada", AGAIN, hour=north.newest_hour)
    assert said == "These messages are settled already. Nothing was changed."
    assert await north.states() == [State.DEAD]


async def test_pressed_twice_it_happens_once(database: Database) -> None:
    room = await a_told_room(database)
    await room.press("ada", AGAIN)
    assert await room.press("ada", AGAIN, event="press-2") == "These messages are settled already. Nothing was changed."
    await room.office.a_worker().drain()
    assert room.office.chat.words.count("hello") == 1


async def test_of_two_administrators_who_press_at_once_one_sends_and_the_other_reads_that_it_is_settled(
    database: Database,
) -> None:
    room = await a_told_room(database, admins=("ada", "dana"), messages=20)
    said = await asyncio.gather(*(room.press(who, AGAIN, event=f"press-{who}") for who in ("ada", "dana")))
    await room.office.a_worker().drain()
    assert sorted(said) == [
        "20 messages are on the way again.",
        "These messages are settled already. Nothing was changed.",
    ]
    assert await room.states() == [State.SHOWN] * 20


async def test_what_one_sends_again_another_who_leaves_it_at_once_does_not_stop_half_way(database: Database) -> None:
    room = await a_told_room(database, admins=("ada", "dana"), messages=20)
    await asyncio.gather(room.press("ada", AGAIN, event="press-ada"), room.press("dana", LEAVE, event="press-dana"))
    await room.office.a_worker().drain()
    assert set(await room.states()) in ({State.SHOWN}, {State.CANCELLED})


async def test_a_question_whose_time_is_over_is_not_sent(database: Database) -> None:
    room = await a_told_room(database, messages=2)
    async with database.write(SYSTEM) as tx:
        first = (await tx.all(select(Message.id).where(Message.view == "note")))[0]
        await tx.run(update(Message).where(col(Message.id) == first).values(not_after=NOON))
    said = await room.press("ada", AGAIN)
    await room.office.a_worker().drain()
    assert said == "1 message is on the way again. The time of 1 message is over, so it stays unsent."
    assert await room.states() == [State.CANCELLED, State.SHOWN]


async def test_a_parked_message_that_is_sent_again_counts_as_one_more_post(database: Database) -> None:
    room = await a_control_room(database)
    key = await room.a_parked_message()
    await room.minutes_pass(2)
    before = (await room.office.message(key)).reposts
    await room.press("ada", AGAIN)
    await room.office.a_worker().drain()
    message = await room.office.message(key)
    assert (before, message.reposts, message.state) == (0, 1, State.SHOWN)
    assert room.office.chat.words.count("hello") == 2


async def test_a_message_that_is_sent_again_and_dies_again_is_told_again(database: Database) -> None:
    room = await a_told_room(database)
    room.office.chat.faults = [Fault(Refused("still no such room"), to="everybody")]
    await room.press("ada", AGAIN)
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "Still no such room." in told
    room.office.clock.move_to(NOON + timedelta(hours=1))
    room.office.chat.faults = [Fault(Refused("and again"), to="everybody")]
    await room.press("ada", AGAIN, event="press-2")
    await room.minutes_pass(2)
    settled, told = room.told("ada")
    assert settled.startswith("Settled")
    assert "And again." in told


async def test_a_report_that_was_settled_leaves_alone_what_a_later_one_tells(sqlite: Database) -> None:
    room = await a_told_room(sqlite)
    old = room.newest_hour
    room.office.clock.move_to(NOON + timedelta(hours=1))
    room.office.chat.faults = [Fault(Refused("and again"), to="everybody")]
    await room.press("ada", AGAIN)
    await room.minutes_pass(2)
    said = await room.press("ada", LEAVE, hour=old, event="press-2")
    assert said == "These messages are settled already. Nothing was changed."
    assert await room.states() == [State.DEAD]


async def test_the_report_of_each_administrator_says_that_it_is_settled(sqlite: Database) -> None:
    room = await a_told_room(sqlite, admins=("ada", "dana"))
    await room.press("dana", LEAVE)
    await room.office.a_worker().drain()
    assert [room.told(who)[0].splitlines()[0] for who in ("ada", "dana")] == ["Settled", "Settled"]


async def test_more_messages_than_one_statement_takes_are_sent_again_and_the_first_are_named(sqlite: Database) -> None:
    room = await a_told_room(sqlite, copies=40_000)
    (told,) = room.told("ada")
    assert "40001 messages were not delivered." in told
    assert (told.count("It is number "), "39951 more messages are in the outbox." in told) == (50, True)
    assert await room.press("ada", LEAVE) == "40001 messages stay unsent. You will not hear of them again."


async def a_told_room(
    database: Database, *, admins: tuple[str, ...] = ("ada",), messages: int = 1, copies: int = 0
) -> ControlRoom:
    """With dead messages of which the administrators were told; copies differ in their keys only."""
    room = await a_control_room(database, admins=admins)
    for number in range(messages):
        await room.office.want("hello" if messages == 1 else f"hello {number}")
    room.office.chat.faults = [Fault(Refused("no such room"), to="everybody") for _ in range(messages)]
    await room.office.a_worker().drain()
    async with database.write(room.office.company.id) as tx:
        pattern = (await tx.all(select(Message)))[0].model_dump(exclude={"id"})
        for start in range(0, copies, 5_000):
            rows = [pattern | {"key": f"copy:{number}"} for number in range(start, start + 5_000)]
            await tx.session.execute(Message.__table__.insert(), rows)  # type: ignore[attr-defined]  # SQLModel does not declare it
    await room.minutes_pass(2)
    assert all(len(room.told(who)) == 1 for who in admins)
    return room
