"""A huddle when the bot was away at its time: opened late, or told as missed; never a pile of old prompts."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from bot.huddles.running import replan
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun, expectations
from storage.people import Person
from tests.support.field_dispatch import NORTHWATER, TEAM, field_dispatch

State = HuddleRun.State


def at(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.req("S3-28")
@pytest.mark.parametrize("minutes", [5, 20])
async def test_a_huddle_after_a_short_absence_opens_late_and_its_window_counts_from_then(
    database: Database, minutes: int
) -> None:
    here = await field_dispatch(database, at(9, 14))
    opened_at = at(9, 15) + timedelta(minutes=minutes)
    await here.wakes_at(opened_at)
    (run,) = await here.runs()
    assert (run.state, run.opens_at) == (State.OPEN, opened_at)
    assert run.closes_at == opened_at + timedelta(minutes=15)
    assert here.asked == list(TEAM)
    async with database.read(NORTHWATER) as tx:
        windows = {(each.opens_at, each.closes_at) for each in await expectations(tx, run) if each.closes_at > at(9, 0)}
    assert windows == {(opened_at, run.closes_at)}


async def test_a_huddle_after_half_an_hour_is_missed_with_one_line_in_the_channel_only(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.wakes_at(at(9, 46))
    (run,) = await here.runs()
    assert run.state is State.MISSED
    assert here.asked == []
    assert len(here.chat.posts) == len(here.room) == 1


async def test_after_three_days_there_is_one_line_and_no_pile_of_old_huddles(database: Database) -> None:
    here = await field_dispatch(database, at(9, 14))
    await here.wakes_at(at(10, 0, day=26))
    runs = await here.runs()
    assert [(run.local_date.day, run.state) for run in runs] == [(day, State.MISSED) for day in (23, 24, 25, 26)]
    assert len(here.chat.posts) == len(here.room) == 1
    await here.until(at(9, 15, day=27))
    assert here.asked == list(TEAM)


async def test_after_three_days_todays_huddle_opens_when_it_is_not_over_yet(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.wakes_at(at(9, 20, day=26))
    assert [run.state for run in await here.runs()] == [State.MISSED] * 3 + [State.OPEN]
    assert here.asked == list(TEAM)


async def test_an_absence_over_the_close_closes_the_huddle_without_a_late_reminder(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.until(at(9, 16))
    await here.wakes_at(at(11, 0))
    (run,) = await here.runs()
    assert run.state is State.CLOSED
    assert [key for method, key in here.chat.attempts if method == "post" and "nudge" in key] == []


async def test_a_missed_day_breaks_no_streak_and_counts_for_no_rate(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, at(9, 14))
    await here.wakes_at(at(10, 0))
    (run,) = await here.runs()
    assert (run.expected, run.on_time, run.late) == (0, 0, 0)


@pytest.mark.req("INV-25", "INV-1")
@pytest.mark.parametrize(("since", "at_time", "opens"), [
    (datetime(2026, 10, 23, 9, 14, tzinfo=UTC), time(1, 30), [(24, "00:30"), (25, "00:30"), (26, "01:30")]),
    (datetime(2027, 3, 26, 12, 0, tzinfo=UTC), time(1, 30), [(27, "01:30"), (28, "01:30"), (29, "00:30")]),
])  # fmt: skip
async def test_a_huddle_opens_once_a_day_when_the_clocks_change(
    sqlite: Database, since: datetime, at_time: time, opens: list[tuple[int, str]]
) -> None:
    here = await field_dispatch(sqlite, since)
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=since)
        for person in await tx.all(select(Person)):
            person.working_days, person.calendar = "mon,tue,wed,thu,fri,sat,sun", ""
        (huddle,) = await tx.all(select(Huddle))
        huddle.at_time, huddle.weekdays = at_time, "sat,sun,mon"
        await tx.flush()
        await replan(tx, huddle, since)
    await here.until(since + timedelta(days=4))
    async with sqlite.read(NORTHWATER) as tx:
        days = col(HuddleRun.local_date).between(since.date(), since.date() + timedelta(days=4))
        runs = await tx.all(select(HuddleRun).where(days).order_by(col(HuddleRun.local_date)))
    # 29 March 2027 is Easter Monday, so nobody is expected: it falls due all the same.
    held = [(run.local_date.day, f"{run.opens_at:%H:%M}") for run in runs]
    assert held == opens


async def test_a_holiday_while_the_bot_was_away_was_no_huddle_to_miss(sqlite: Database) -> None:
    christmas = datetime(2026, 12, 25, 9, tzinfo=UTC)
    here = await field_dispatch(sqlite, christmas)
    await here.wakes_at(christmas + timedelta(hours=3))
    (run,) = await here.runs()
    assert (run.state, run.reason, here.chat.posts) == (State.SKIPPED, "Christmas Day", {})
    async with sqlite.read(NORTHWATER) as tx:
        steps = await tx.all(select(Occurrence.state).where(Occurrence.kind == "huddle.open"))
    assert steps == [Occurrence.State.SKIPPED]
