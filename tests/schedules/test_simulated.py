"""The simulated clock: it stops at everything that is due, never goes back, and survives a restart."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.ports import Text
from schedules.simulated import RealClock, SimulatedClock, WrongClock, clock_for, remember
from storage.cadences import steps_between
from storage.engine import Database
from storage.messages import Message
from storage.tx import SYSTEM
from tests.support.company import NOON
from tests.support.field_dispatch import NORTHWATER, field_dispatch


def at(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def stands_at(database: Database) -> datetime:
    """Where the clock of a database stands after a restart."""
    clock = await clock_for(database, None, None)
    assert isinstance(clock, SimulatedClock)
    return clock.now()


async def test_a_jump_stops_at_everything_that_is_due_and_nothing_is_late(database: Database) -> None:
    here = await field_dispatch(database, at(9, 14))
    await here.until(at(12, 0))
    async with database.read(NORTHWATER) as tx:
        steps = await steps_between(tx, at(9, 0), at(12, 0))
    assert [(step.kind, f"{step.due_at:%H:%M}", step.late_s) for step in steps] == [
        ("huddle.open", "09:15", 0),
        ("huddle.nudge", "09:25", 0),
        ("huddle.close", "09:30", 0),
    ]
    shown = {f"{at:%H:%M}" for message in await _shown(database) for at in (message.first_shown_at, message.shown_at)}
    assert shown == {"09:15", "09:25", "09:30"}


async def _shown(database: Database) -> Sequence[Message]:
    async with database.read(SYSTEM) as tx:
        return await tx.all(select(Message).where(col(Message.first_shown_at).is_not(None)))


async def test_the_next_event_is_the_next_thing_that_is_due(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(7, 59))
    await here.until(at(8, 0))
    for expected in (at(8, 10), at(9, 15), at(9, 25), at(9, 30)):  # plans for the day are decided on at ten past eight
        await here.heartbeat.next_event()
        assert here.clock.now() == expected


async def test_simulated_time_is_kept_over_a_restart_and_clock_only_seeds_it(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.heartbeat.set_speed(60)
    await here.until(at(9, 20))
    again = await clock_for(sqlite, at(9, 14), None)
    assert isinstance(again, SimulatedClock)
    assert (again.now(), again.speed) == (at(9, 20), 60)


async def test_after_a_kill_time_does_not_go_back_behind_what_people_did(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.until(at(9, 20))
    here.clock.move_to(at(9, 21))  # nobody wrote it down
    await here.do("amy", Text("Valve checks"), "event-1")
    assert await stands_at(sqlite) == at(9, 21)


async def test_after_a_kill_time_does_not_go_back_behind_what_the_clock_did(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await remember(sqlite, here.clock)
    await here.wakes_at(at(9, 15))  # nobody wrote it down
    assert await stands_at(sqlite) == at(9, 15)


async def test_a_database_that_ran_on_real_time_takes_no_simulated_clock(sqlite: Database) -> None:
    await remember(sqlite, RealClock())
    with pytest.raises(WrongClock, match="leave --clock out, or set DATABASE_URL to another database"):
        await clock_for(sqlite, NOON, None)
    assert isinstance(await clock_for(sqlite, None, None), RealClock)


async def test_a_new_database_runs_on_real_time_unless_a_clock_is_dictated(sqlite: Database) -> None:
    assert isinstance(await clock_for(sqlite, None, None), RealClock)
    dictated = await clock_for(sqlite, NOON, 60)
    assert isinstance(dictated, SimulatedClock)
    assert (dictated.now(), dictated.speed) == (NOON, 60)


def test_a_simulated_clock_never_goes_back() -> None:
    clock = SimulatedClock(NOON)
    with pytest.raises(ValueError, match="it can't go back"):
        clock.move_to(NOON - timedelta(seconds=1))
    assert clock.now() == NOON


async def test_a_beat_moves_simulated_time_by_its_speed_and_none_when_paused(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(8, 0))
    heartbeat = here.heartbeat
    await heartbeat.set_speed(0)
    await heartbeat.beat()
    assert here.clock.now() == at(8, 0)
    await heartbeat.set_speed(3600)
    await heartbeat.beat()
    assert at(8, 0) < here.clock.now() < at(9, 0)
    assert heartbeat.is_well
