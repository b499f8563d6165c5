"""The clock: every slot happens once, however time is divided, doubled, skipped or lost."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.chat.replies import Plan, Replies
from bot.dispatch import STEP_TRIES, Dispatcher
from bot.wanted import record
from schedules import clock
from schedules.clock import Ticker
from schedules.simulated import SimulatedClock
from storage import engine
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.errors import Locked
from storage.tx import SYSTEM
from tests.support.company import NOON, Company, a_company, acting, copied
from tests.support.notebook import CRASHES, NOTEBOOK, words_in

State = Occurrence.State
LONDON = "Europe/London"


class Rounds:
    """A company with rounds to make, and the clock that calls them."""

    def __init__(self, database: Database, company: Company, at: datetime = NOON) -> None:
        self.database, self.company = database, company
        self.clock = SimulatedClock(at)

    def a_ticker(self) -> Ticker:
        return Ticker(self.database, Dispatcher(self.database, NOTEBOOK, self.clock))

    async def tick(self, at: datetime) -> None:
        self.clock.move_to(at)
        await self.a_ticker().tick(at)

    async def cadence(
        self, starts_at: datetime, rule: str = "FREQ=DAILY", zone: str = LONDON, subject: int = 1
    ) -> Cadence:
        """A rhythm that counts from the clock's now on."""
        async with acting(self.database, self.company) as tx:
            cadence = Cadence(
                kind="round", subject_id=subject, rule=rule, starts_at=starts_at, zone=zone, next_at=self.clock.now()
            )
            tx.add(cadence)
        return cadence

    async def plan(self, at: datetime, kind: str = "round", subject: int = 1, key: str = "") -> None:
        """One step, as a handler plans it."""
        async with acting(self.database, self.company) as tx:
            step = Plan(key or f"{kind} {subject} {at:%d %H:%M}", kind, subject, at)
            await record(tx, Replies(plan=(step,)), event_id=None, now=self.clock.now())

    async def real_time_passes(self, by: timedelta = timedelta(hours=1)) -> None:
        """Without waiting for it: what failed may be run again."""
        async with self.database.write(SYSTEM) as tx:
            for each in await tx.all(select(Occurrence)):
                each.retry_at = each.retry_at and each.retry_at - by

    async def made(self) -> list[str]:
        """What the rounds have noted."""
        async with self.database.read(self.company.id) as tx:
            return await words_in(tx)

    async def occurrences(self) -> Sequence[Occurrence]:
        async with self.database.read(SYSTEM) as tx:
            return await tx.all(select(Occurrence).order_by(col(Occurrence.due_at), col(Occurrence.id)))


async def rounds(database: Database, at: datetime = NOON) -> Rounds:
    return Rounds(database, await a_company(database), at)


def wall(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001 - what a clock on the wall shows


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# --- once


async def test_what_falls_due_happens_once_however_often_the_clock_ticks(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.cadence(wall(11, 24, 12, 15))
    for _ in range(3):
        await here.tick(utc(11, 24, 12, 15))
    assert await here.made() == ["made 24 Nov 12:15"]


async def test_what_falls_due_happens_once_however_many_clocks_tick_at_once(database: Database) -> None:
    here = await rounds(database)
    for subject in range(1, 6):
        await here.cadence(wall(11, 24, 12, 15), subject=subject)
    here.clock.move_to(utc(11, 24, 12, 15))
    await asyncio.gather(*(here.a_ticker().tick(here.clock.now()) for _ in range(4)))
    assert await here.made() == ["made 24 Nov 12:15"] * 5
    assert [each.state for each in await here.occurrences()] == [State.DONE] * 5


async def test_a_planned_step_happens_once_for_each_key(sqlite: Database) -> None:
    here = await rounds(sqlite)
    for _ in range(2):
        await here.plan(utc(11, 24, 12, 5), key="the same")
    await here.tick(utc(11, 24, 12, 5))
    assert await here.made() == ["made 24 Nov 12:05"]


async def test_nothing_happens_before_its_time(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15) - timedelta(microseconds=1))
    assert await here.made() == []


async def test_what_fell_due_is_handled_oldest_first(sqlite: Database) -> None:
    here = await rounds(sqlite)
    for minute in (9, 3, 6):
        await here.plan(utc(11, 24, 12, minute))
    await here.tick(utc(11, 24, 12, 10))
    assert await here.made() == ["made 24 Nov 12:03", "made 24 Nov 12:06", "made 24 Nov 12:09"]


async def test_more_than_one_look_holds_is_handled_oldest_first_too(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "CADENCES_AT_ONCE", 2)
    here = await rounds(sqlite)
    for minute in (9, 3, 7, 5):
        await here.plan(utc(11, 24, 12, minute))
    for minute in (8, 2, 6, 4):
        await here.cadence(wall(11, 24, 12, minute), subject=minute)
    done = await here.a_ticker().tick(utc(11, 24, 12, 10))
    assert len(done) == 8
    assert await here.made() == [f"made 24 Nov 12:0{minute}" for minute in range(2, 10)]


async def test_the_clock_counts_the_slots_of_all_rhythms_that_it_moved_on(sqlite: Database) -> None:
    here = await rounds(sqlite)
    assert await here.a_ticker().materialise(NOON) == 0
    cadences = [await here.cadence(wall(11, 24, 12, minute), subject=minute) for minute in (10, 20)]
    assert await here.a_ticker().materialise(utc(11, 25, 12, 15)) == 3
    made = await here.occurrences()
    assert [(each.cadence_id, each.slot) for each in made] == [
        (cadences[0].id, wall(11, 24, 12, 10)),
        (cadences[1].id, wall(11, 24, 12, 20)),
        (cadences[0].id, wall(11, 25, 12, 10)),
    ]
    async with sqlite.read(SYSTEM) as tx:
        moved = await tx.all(select(Cadence).order_by(col(Cadence.id)))
    assert [(each.next_slot, each.parked) for each in moved] == [
        (wall(11, 26, 12, 10), ""),
        (wall(11, 25, 12, 20), ""),
    ]


async def test_a_rhythm_counts_from_the_very_instant_that_was_named(sqlite: Database) -> None:
    here = await rounds(sqlite, utc(11, 24, 12, 15))
    await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15))
    assert await here.made() == ["made 24 Nov 12:15"]


minutes = st.lists(st.integers(1, 2500), min_size=1, max_size=6, unique=True)


@settings(max_examples=4)
@given(stops=minutes, zone=st.sampled_from([LONDON, "America/New_York", "Australia/Lord_Howe"]))
def test_any_division_of_time_into_ticks_gives_the_same_rounds(
    stops: list[int], zone: str, sqlite_template: Path
) -> None:
    since = utc(10, 24, 0)  # over the night in which Europe puts its clocks back
    ends = since + timedelta(minutes=2500)

    async def lived(ticks: list[datetime]) -> list[tuple[datetime, datetime | None]]:
        with TemporaryDirectory() as folder:
            database = Database(copied(sqlite_template, Path(folder)))
            here = await rounds(database, since)
            await here.cadence(wall(10, 1, 1, 30), "FREQ=HOURLY;INTERVAL=5", zone)
            for at in ticks:
                await here.tick(at)
            found = [(each.due_at, each.slot) for each in await here.occurrences()]
            await database.close()
            return found

    in_one = asyncio.run(lived([ends]))
    assert asyncio.run(lived([*(since + timedelta(minutes=n) for n in sorted(stops)), ends])) == in_one
    assert len(in_one) == len({slot for _, slot in in_one}) > 6


# --- clock changes


@pytest.mark.req("INV-25")
@pytest.mark.parametrize(("at", "instants"), [
    (wall(10, 24, 1, 30), [utc(10, 24, 0, 30), utc(10, 25, 0, 30), utc(10, 26, 1, 30)]),
    (wall(3, 28, 1, 30), [utc(3, 28, 1, 30), utc(3, 29, 1, 30), utc(3, 30, 0, 30)]),
])  # fmt: skip
async def test_a_round_happens_once_a_day_when_the_clocks_change(
    sqlite: Database, at: datetime, instants: list[datetime]
) -> None:
    here = await rounds(sqlite, instants[0] - timedelta(hours=2))
    await here.cadence(at)
    tick = here.clock.now()
    while tick < instants[-1] + timedelta(hours=2):
        tick += timedelta(minutes=15)
        await here.tick(tick)
    days = [f"made {at + timedelta(days=n):%d %b %H:%M}" for n in range(3)]
    assert await here.made() == days
    assert [each.due_at for each in await here.occurrences()] == instants


# --- away for a while


@pytest.mark.parametrize(("away", "word"), [(5, "made"), (20, "made"), (21, "missed"), (31, "missed")])
async def test_after_an_absence_a_round_is_made_late_or_counted_as_missed(
    sqlite: Database, away: int, word: str
) -> None:
    here = await rounds(sqlite)
    await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15) + timedelta(minutes=away))
    (step,) = await here.occurrences()
    assert await here.made() == [f"{word} 24 Nov 12:15"]
    assert (step.state, step.late_s) == (State.DONE if word == "made" else State.MISSED, away * 60)


async def test_after_three_days_every_slot_is_accounted_for_and_none_is_made_late(database: Database) -> None:
    here = await rounds(database)
    await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 27, 13))
    assert await here.made() == [f"missed {day} Nov 12:15" for day in (24, 25, 26, 27)]
    await here.tick(utc(11, 28, 12, 15))
    assert (await here.made())[4:] == ["made 28 Nov 12:15"]


# --- what goes wrong


async def test_a_step_that_fails_holds_up_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedules.clock.CADENCES_AT_ONCE", 1)
    here = await rounds(database)
    await here.plan(utc(11, 24, 12, 1), subject=CRASHES)
    await here.plan(utc(11, 24, 12, 2))
    for _ in range(2):
        await here.tick(utc(11, 24, 12, 2))
    broken, whole = await here.occurrences()
    assert await here.made() == ["made 24 Nov 12:02"]
    assert (whole.state, broken.state) == (State.DONE, State.PLANNED)


async def test_a_step_that_fails_is_run_for_half_an_hour_and_then_given_up(database: Database) -> None:
    here = await rounds(database)
    await here.plan(utc(11, 24, 12, 1), subject=CRASHES)
    waited = timedelta(0)
    with structlog.testing.capture_logs() as logged:
        for _ in range(STEP_TRIES):
            before = datetime.now(UTC)
            await here.tick(utc(11, 24, 12, 1))
            broken = (await here.occurrences())[0]
            waited += max((broken.retry_at or before) - before, timedelta(0))
            await here.real_time_passes()
    assert (broken.state, broken.attempts) == (State.FAILED, STEP_TRIES)
    assert timedelta(minutes=34) < waited < timedelta(minutes=35)
    assert [each["log_level"] for each in logged if each["event"] == "step_given_up"] == ["error"]


async def test_a_step_that_fails_for_several_clocks_at_once_has_failed_once(database: Database) -> None:
    here = await rounds(database)
    await here.plan(utc(11, 24, 12, 1), subject=CRASHES)
    here.clock.move_to(utc(11, 24, 12, 1))
    await asyncio.gather(*(here.a_ticker().tick(here.clock.now()) for _ in range(4)))
    (broken,) = await here.occurrences()
    assert (broken.state, broken.attempts) == (State.PLANNED, 1)


async def test_while_a_step_that_failed_rests_no_tick_and_no_jump_runs_it(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.plan(utc(11, 24, 12, 1), subject=CRASHES)
    for minute in range(1, 10):
        await here.tick(utc(11, 24, 12, minute))
    (broken,) = await here.occurrences()
    assert (broken.state, broken.attempts) == (State.PLANNED, 1)


async def test_a_step_that_failed_is_run_again_when_it_has_rested(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.plan(utc(11, 24, 12, 1), subject=CRASHES)
    await here.tick(utc(11, 24, 12, 1))
    async with acting(sqlite, here.company) as tx:
        (await tx.need(Occurrence, 1)).subject_id = 1  # what was broken is mended
    await here.real_time_passes()
    await here.tick(utc(11, 24, 12, 2))
    assert await here.made() == ["made 24 Nov 12:01"]


async def test_a_step_of_a_kind_that_does_not_exist_any_more_holds_up_no_other(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.plan(utc(11, 24, 12, 1), kind="forgotten")
    await here.plan(utc(11, 24, 12, 2))
    await here.tick(utc(11, 24, 12, 2))
    assert await here.made() == ["made 24 Nov 12:02"]


@pytest.mark.parametrize(("rule", "zone"), [("FREQ=SOMETIMES", LONDON), ("FREQ=DAILY", "Atlantis/Centre")])
async def test_a_rhythm_that_can_not_be_followed_holds_up_no_other(sqlite: Database, rule: str, zone: str) -> None:
    here = await rounds(sqlite)
    await here.cadence(wall(11, 24, 12, 5), rule, zone, subject=2)
    await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15))
    assert await here.made() == ["made 24 Nov 12:15"]


async def test_while_the_database_is_locked_no_step_uses_up_its_runs(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    database = Database(sqlite_url)
    here = await rounds(database)
    await here.plan(utc(11, 24, 12, 1))
    blocker = sqlite3.connect(database.where, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    for _ in range(STEP_TRIES + 1):
        with pytest.raises(Locked):
            await here.tick(utc(11, 24, 12, 1))
    blocker.execute("ROLLBACK")
    blocker.close()
    await here.tick(utc(11, 24, 12, 2))
    assert await here.made() == ["made 24 Nov 12:01"]
    await database.close()


# --- rhythms that change


async def test_a_rhythm_that_is_paused_stops(sqlite: Database) -> None:
    here = await rounds(sqlite)
    cadence = await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15))
    async with acting(sqlite, here.company) as tx:
        (await tx.need(Cadence, cadence.id)).next_at = None
    await here.tick(utc(11, 26, 12, 15))
    assert await here.made() == ["made 24 Nov 12:15"]


async def test_a_rhythm_that_is_moved_happens_at_its_new_time_from_then_on(sqlite: Database) -> None:
    here = await rounds(sqlite)
    cadence = await here.cadence(wall(11, 24, 12, 15))
    await here.tick(utc(11, 24, 12, 15))
    async with acting(sqlite, here.company) as tx:
        moved = await tx.need(Cadence, cadence.id)
        moved.starts_at, moved.next_slot, moved.next_at = wall(11, 24, 14), None, here.clock.now()
        moved.revision += 1
    await here.tick(utc(11, 25, 14))
    assert (await here.made())[1:] == ["missed 24 Nov 14:00", "made 25 Nov 14:00"]


async def test_a_rhythm_that_has_ended_is_over(sqlite: Database) -> None:
    here = await rounds(sqlite)
    await here.cadence(wall(11, 24, 12, 15), "FREQ=DAILY;UNTIL=20261124T235959")
    for day in (24, 25, 26):
        await here.tick(utc(11, day, 12, 15))
    assert await here.made() == ["made 24 Nov 12:15"]
    async with sqlite.read(SYSTEM) as tx:
        assert await tx.all(select(col(Cadence.next_at))) == [None]
