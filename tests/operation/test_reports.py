"""What could not be done is told to administrators, once, and to nobody else."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.ports import Refused
from storage.cadences import REPORT, Cadence, Occurrence
from storage.engine import Database
from storage.messages import Message
from storage.people import Account, Role
from storage.troubles import REPORT_VIEW, number_untold
from storage.tx import SYSTEM
from tests.operation.control_room import ControlRoom, a_control_room
from tests.support.company import acting
from tests.support.fake_chat import Fault

pytestmark = pytest.mark.slow

State = Message.State


# --- each kind of trouble


async def test_a_dead_message_is_told_within_two_minutes_with_the_reason_and_its_number(database: Database) -> None:
    room = await a_control_room(database)
    key = await room.a_dead_message()
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    number = (await room.office.message(key)).id
    assert "1 message was not delivered." in told
    assert "note for #everybody, Tue 24 Nov 2026, 12:00" in told
    assert f"No such room. It is number {number} in the outbox." in told


async def test_a_message_in_doubt_that_can_not_be_looked_for_is_told_as_such(database: Database) -> None:
    room = await a_control_room(database)
    await room.a_parked_message()
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "1 message may or may not have arrived." in told
    assert "the platform does not let me look" in told


async def test_a_step_that_was_given_up_is_told_under_the_number_that_the_log_has(database: Database) -> None:
    room = await a_control_room(database)
    step = await room.a_failed_step()
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "1 step did not work." in told
    assert f"under occurrence {step.id}." in told


async def test_a_rhythm_that_can_not_be_followed_is_told(database: Database) -> None:
    room = await a_control_room(database)
    rhythm = await a_rhythm(room)
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "1 rhythm stands still." in told
    assert f"round, rhythm {rhythm.id}" in told


async def test_a_message_that_can_not_be_drawn_is_told_without_what_somebody_wrote(database: Database) -> None:
    room = await a_control_room(database)
    key = await room.office.want("our secret")
    async with acting(database, room.office.company) as tx:
        message = await tx.need(Message, (await room.office.message(key)).id)
        message.ids = '{"our secret":1}'
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "It can't be drawn (KeyError)." in told
    assert "our secret" not in told


async def a_rhythm(room: ControlRoom) -> Cadence:
    return await room.a_bad_rhythm()


# --- to whom


async def test_every_administrator_is_told_and_nobody_else(sqlite: Database) -> None:
    room = await a_control_room(sqlite, admins=("ada", "dana"))
    await room.a_dead_message()
    await room.minutes_pass(2)
    assert [len(room.told(who)) for who in ("ada", "dana", "ben")] == [1, 1, 0]


async def test_two_organisations_never_see_each_others(database: Database) -> None:
    north = await a_control_room(database)
    south = await a_control_room(database, "Southgas", beside=north)
    lost = await south.a_dead_message()
    await south.a_failed_step()
    await north.minutes_pass(3)
    assert (north.told("ada"), len(south.told("ada"))) == ([], 1)
    await north.a_dead_message()
    await north.minutes_pass(3)
    (told,) = north.told("ada")
    assert told.startswith("I need your help\n1 message was not delivered.")
    assert f"number {(await south.office.message(lost)).id} " not in told
    assert len(south.told("ada")) == 1


async def test_who_has_no_account_holds_the_others_up_no_longer(sqlite: Database) -> None:
    room = await a_control_room(sqlite, admins=("ada", "dana"))
    async with acting(sqlite, room.office.company) as tx:
        await tx.session.delete(await tx.need(Account, room.office.company.accounts["ada"].id))
    await room.a_dead_message()
    await room.minutes_pass(2)
    assert (room.told("ada"), len(room.told("dana"))) == ([], 1)


async def test_an_administrator_who_has_left_is_not_told(sqlite: Database) -> None:
    room = await a_control_room(sqlite, admins=("ada", "dana"))
    async with acting(sqlite, room.office.company) as tx:
        (await tx.need(type(room.office.company.people["ada"]), room.office.company.people["ada"].id)).active = False
    await room.a_dead_message()
    await room.minutes_pass(2)
    assert (room.told("ada"), len(room.told("dana"))) == ([], 1)


async def test_without_an_administrator_the_log_warns(sqlite: Database, capsys: pytest.CaptureFixture[str]) -> None:
    room = await a_control_room(sqlite, admins=())
    await room.a_dead_message()
    capsys.readouterr()
    await room.minutes_pass(2)
    warned = warnings(capsys)
    assert len(warned) == 1
    assert all(
        part in warned[0] for part in ("trouble", f"organisation={room.office.company.id}", "told=0", "things=1")
    )


async def test_what_nobody_could_be_told_is_told_as_soon_as_an_hour_brings_an_administrator(database: Database) -> None:
    room = await a_control_room(database, admins=())
    await room.a_dead_message()
    await room.a_failed_step()
    await room.minutes_pass(2)
    await an_hour_passes(room)
    async with acting(database, room.office.company) as tx:
        tx.add(Role(person_id=room.office.company.people["dana"].id, kind=Role.Kind.ADMIN))
    await an_hour_passes(room)
    (told,) = room.told("dana")
    assert "1 message was not delivered and 1 step did not work." in told


async def test_an_administrator_who_can_not_be_reached_is_told_once_that_is_possible(database: Database) -> None:
    room = await a_control_room(database)
    await reachable(room, "ada", is_so=False)
    await room.a_dead_message()
    await room.minutes_pass(2)
    await an_hour_passes(room)
    await reachable(room, "ada", is_so=True)
    await an_hour_passes(room)
    (told,) = room.told("ada")
    assert "1 message was not delivered." in told


async def reachable(room: ControlRoom, who: str, *, is_so: bool) -> None:
    async with acting(room.database, room.office.company) as tx:
        (await tx.need(Account, room.office.company.accounts[who].id)).reachable = is_so


async def test_without_an_administrator_it_is_tried_once_an_hour_and_only_while_there_is_trouble(
    sqlite: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    room = await a_control_room(sqlite, admins=())
    key = await room.a_dead_message("first")
    await room.minutes_pass(2)
    await room.a_dead_message("second")
    await room.minutes_pass(2)
    capsys.readouterr()
    await an_hour_passes(room)
    assert [line.count("things=2") for line in warnings(capsys)] == [1]
    async with sqlite.write(SYSTEM) as tx:
        await tx.run(update(Message).values(state=State.CANCELLED))
    await an_hour_passes(room)
    assert warnings(capsys) == []
    async with sqlite.read(SYSTEM) as tx:
        steps = await tx.all(select(Occurrence).where(Occurrence.kind == REPORT))
    assert {step.state for step in steps} == {Occurrence.State.DONE}
    assert (await room.office.message(key)).state is State.CANCELLED


def warnings(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if "[warning" in line]


# --- once


async def test_fifty_dead_messages_in_a_minute_are_one_message(database: Database) -> None:
    room = await a_control_room(database)
    keys = [await room.office.want(f"note {number}") for number in range(50)]
    room.office.chat.faults = [Fault(Refused("no such room"), to="everybody") for _ in keys]
    await room.office.a_worker().drain()
    assert await room.states() == [State.DEAD] * 50
    await room.minutes_pass(3)
    (told,) = room.told("ada")
    assert "50 messages were not delivered." in told
    assert told.count("It is number ") == 50


async def test_what_goes_wrong_later_in_the_hour_comes_into_the_same_message(sqlite: Database) -> None:
    room = await a_control_room(sqlite)
    await room.a_dead_message("first")
    await room.minutes_pass(2)
    await room.a_dead_message("second")
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "2 messages were not delivered." in told


async def test_nothing_is_told_twice_also_not_in_the_next_hour(database: Database) -> None:
    room = await a_control_room(database)
    await room.a_dead_message("first")
    await room.a_failed_step()
    await room.a_bad_rhythm()
    await room.minutes_pass(2)
    await an_hour_passes(room)
    await room.a_dead_message("second")
    await room.minutes_pass(2)
    first, second = room.told("ada")
    assert "1 message was not delivered, 1 step did not work and 1 rhythm stands still." in first
    assert "1 message was not delivered." in second


async def test_a_message_that_mends_itself_before_anybody_was_told_is_not_told(sqlite: Database) -> None:
    room = await a_control_room(sqlite)
    key = await room.a_dead_message()
    await room.office.want_again(key)
    await room.minutes_pass(3)
    assert (room.told("ada"), await room.states()) == ([], [State.SHOWN])


@pytest.mark.parametrize("later", [False, True], ids=["same hour", "another hour"])
async def test_a_message_that_came_right_by_itself_and_dies_again_is_told_again(
    database: Database, later: bool
) -> None:
    room = await a_control_room(database)
    key = await room.office.want("first")
    await room.minutes_pass(1)
    await edited_in_vain(room, key, "second")
    await room.minutes_pass(2)
    await room.office.edit(key, "third")
    await room.minutes_pass(1)
    assert await room.states() == [State.SHOWN]
    if later:
        await an_hour_passes(room)
    await edited_in_vain(room, key, "fourth")
    await room.minutes_pass(3)
    reports = room.told("ada")
    assert len(reports) == 1 + later
    assert "1 message was not delivered." in reports[-1]
    assert "No words." in reports[-1]


@pytest.mark.parametrize("minutes", [3, 70])
async def test_a_message_that_is_tried_again_and_again_in_vain_is_told_once(sqlite: Database, minutes: int) -> None:
    room = await a_control_room(sqlite)
    key = await room.office.want("first")
    await room.minutes_pass(1)
    for words in ("second", "third"):
        await edited_in_vain(room, key, words)
        await room.minutes_pass(minutes)
    assert [told.count("1 message was not delivered.") for told in room.told("ada")] == [1]


async def edited_in_vain(room: ControlRoom, key: str, words: str) -> None:
    room.office.chat.faults.append(Fault(Refused("no words"), "update"))
    await room.office.edit(key, words)
    await room.office.a_worker().drain()
    assert await room.states() == [State.DEAD]


async def test_the_death_of_the_report_itself_is_not_told(sqlite: Database) -> None:
    room = await a_control_room(sqlite, admins=("ada", "dana"))
    await room.a_dead_message()
    await room.fails_to_reach("ada")
    await room.minutes_pass(10)
    await an_hour_passes(room)
    async with sqlite.read(SYSTEM) as tx:
        reports = await tx.all(select(Message).where(Message.view == REPORT_VIEW).order_by(col(Message.person_id)))
        steps = await tx.all(select(Occurrence).where(Occurrence.kind == REPORT))
    assert [report.state for report in reports] == [State.DEAD, State.SHOWN]
    assert (room.told("ada"), len(room.told("dana")), len(steps)) == ([], 1, 1)


async def test_a_report_that_fails_for_good_is_not_told_and_the_next_one_tells_everything(sqlite: Database) -> None:
    room = await a_control_room(sqlite)
    await room.a_dead_message("first")
    async with sqlite.write(SYSTEM) as tx:
        (step,) = await tx.all(select(Occurrence).where(Occurrence.kind == REPORT))
        step.state = Occurrence.State.FAILED
    await room.minutes_pass(5)
    assert room.told("ada") == []
    await room.a_dead_message("second")
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "2 messages were not delivered." in told
    assert "step did not work" not in told


async def test_a_rhythm_that_was_put_right_and_stands_still_anew_is_told_again(database: Database) -> None:
    room = await a_control_room(database)
    rhythm = await room.a_bad_rhythm()
    await room.minutes_pass(2)
    await an_hour_passes(room)
    await saved(room, rhythm, "FREQ=DAILY")
    await room.minutes_pass(2)
    await an_hour_passes(room)
    await saved(room, rhythm, "FREQ=NEVER")
    await room.minutes_pass(3)
    assert ["1 rhythm stands still" in told for told in room.told("ada")] == [True, True]


async def test_a_rhythm_that_is_put_right_and_broken_again_within_the_hour_is_told_again(database: Database) -> None:
    room = await a_control_room(database)
    rhythm = await room.a_bad_rhythm()
    await room.minutes_pass(2)
    await saved(room, rhythm, "FREQ=DAILY")
    await room.minutes_pass(2)
    await saved(room, rhythm, "FREQ=NEVER")
    await room.minutes_pass(1)
    async with database.write(room.office.company.id) as tx:
        assert await number_untold(tx) == 1
    await room.minutes_pass(2)
    (told,) = room.told("ada")
    assert "1 rhythm stands still" in told
    async with database.write(room.office.company.id) as tx:
        assert await number_untold(tx) == 0


async def saved(room: ControlRoom, rhythm: Cadence, rule: str) -> None:
    now = room.office.clock.now()
    async with acting(room.database, room.office.company, "ada", now=now) as tx:
        again = await tx.need(Cadence, rhythm.id)
        again.rule, again.revision = rule, again.revision + 1
        again.next_slot, again.next_at = None, now


async def an_hour_passes(room: ControlRoom) -> None:
    room.office.clock.move_to(room.office.clock.now() + timedelta(hours=1))
    await room.minutes_pass(1)
