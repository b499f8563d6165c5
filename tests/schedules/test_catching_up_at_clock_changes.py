"""Night huddles when the bot is away around a clock change: a doubled time counts once, a skipped one comes later."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from bot.huddles.running import replan
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.people import Person
from tests.support.field_dispatch import NORTHWATER, TEAM, FieldDispatch, field_dispatch

pytestmark = pytest.mark.slow

OPEN, CLOSED, MISSED = HuddleRun.State.OPEN, HuddleRun.State.CLOSED, HuddleRun.State.MISSED
SATURDAY_IN_OCTOBER = datetime(2026, 10, 24, 12, tzinfo=UTC)
SATURDAY_IN_MARCH = datetime(2027, 3, 27, 12, tzinfo=UTC)


def autumn(hour: int, minute: int, day: int = 25) -> datetime:
    """From 00:00 to 02:00 UTC a clock in London shows the hour after one twice."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def spring(hour: int, minute: int, day: int = 28) -> datetime:
    """At 01:00 UTC a clock in London goes from 01:00 to 02:00."""
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


async def a_night_huddle(database: Database, since: datetime) -> FieldDispatch:
    """At half past one, on Saturdays, Sundays and Mondays; nobody has a day off."""
    here = await field_dispatch(database, since)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=since)
        for person in await tx.all(select(Person)):
            person.working_days = "mon,tue,wed,thu,fri,sat,sun"
        (huddle,) = await tx.all(select(Huddle))
        huddle.at_time, huddle.weekdays = time(1, 30), "sat,sun,mon"
        await tx.flush()
        await replan(tx, huddle, since)
    return here


async def runs_since(database: Database, since: datetime) -> list[HuddleRun]:
    async with database.read(NORTHWATER) as tx:
        days = col(HuddleRun.local_date).between(since.date(), since.date() + timedelta(days=9))
        return list(await tx.all(select(HuddleRun).where(days).order_by(col(HuddleRun.local_date))))


@pytest.mark.parametrize(("since", "wakes_at", "state"), [
    (SATURDAY_IN_OCTOBER, autumn(0, 35), OPEN),
    (SATURDAY_IN_OCTOBER, autumn(0, 50), OPEN),
    (SATURDAY_IN_OCTOBER, autumn(1, 1), MISSED),  # the clock shows 01:01 for the second time
    (SATURDAY_IN_OCTOBER, autumn(1, 30), MISSED),  # and 01:30
    (SATURDAY_IN_OCTOBER, autumn(12, 30), MISSED),
    (SATURDAY_IN_MARCH, spring(1, 35), OPEN),
    (SATURDAY_IN_MARCH, spring(1, 50), OPEN),
    (SATURDAY_IN_MARCH, spring(2, 1), MISSED),
    (SATURDAY_IN_MARCH, spring(13, 30), MISSED),
])  # fmt: skip
async def test_a_night_huddle_is_opened_late_or_missed_by_the_time_that_has_really_passed(
    sqlite: Database, since: datetime, wakes_at: datetime, state: HuddleRun.State
) -> None:
    here = await a_night_huddle(sqlite, since)
    await here.wakes_at(wakes_at)
    (run,) = await runs_since(sqlite, since)
    assert (run.local_date, run.state) == (wakes_at.date(), state)
    assert here.asked == (list(here_now(since)) if state is OPEN else [])
    assert len(here.room) == 1
    if state is OPEN:
        assert run.closes_at - wakes_at == timedelta(minutes=15)


def here_now(since: datetime) -> tuple[str, ...]:
    """Who is asked: Fay is away in November only."""
    return (*TEAM, "fay")


@pytest.mark.parametrize("minute", [0, 29, 30, 31, 59])
async def test_what_was_opened_in_the_first_pass_of_a_doubled_hour_is_not_opened_in_the_second(
    database: Database, minute: int
) -> None:
    here = await a_night_huddle(database, SATURDAY_IN_OCTOBER)
    await here.until(autumn(0, 31))
    await here.wakes_at(autumn(1, minute))
    (run,) = await runs_since(database, SATURDAY_IN_OCTOBER)
    assert (run.state, run.opens_at) == (CLOSED, autumn(0, 30))
    assert here.asked == list(here_now(SATURDAY_IN_OCTOBER))


async def test_a_skipped_time_is_not_due_before_as_much_has_passed_as_was_skipped(sqlite: Database) -> None:
    here = await a_night_huddle(sqlite, SATURDAY_IN_MARCH)
    await here.wakes_at(spring(1, 29))
    assert await runs_since(sqlite, SATURDAY_IN_MARCH) == []
    await here.wakes_at(spring(1, 30))
    assert [run.state for run in await runs_since(sqlite, SATURDAY_IN_MARCH)] == [OPEN]


@pytest.mark.parametrize(("since", "wakes_at", "next_at"), [
    (autumn(12, 0, day=23), autumn(12, 0, day=26), autumn(1, 30, day=31)),
    (spring(12, 0, day=20), spring(12, 0, day=28), datetime(2027, 4, 3, 0, 30, tzinfo=UTC)),
])  # fmt: skip
async def test_over_a_clock_change_every_night_is_missed_once_and_told_in_one_line(
    database: Database, since: datetime, wakes_at: datetime, next_at: datetime
) -> None:
    here = await a_night_huddle(database, since)
    await here.wakes_at(wakes_at)
    runs = await runs_since(database, since)
    nights = [since.date() + timedelta(days=n) for n in range(1, (wakes_at - since).days + 1)]
    assert [run.local_date for run in runs] == [on for on in nights if on.weekday() in {5, 6, 0}]
    assert {run.state for run in runs} == {MISSED}
    assert len(here.chat.posts) == len(here.room) == 1
    await here.until(next_at)
    newest = (await runs_since(database, wakes_at))[-1]
    assert (newest.state, newest.opens_at) == (OPEN, next_at)
