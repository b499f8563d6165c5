"""The heartbeat and the delivery's loop: they outlive every fault, and end when they are told to."""

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import logs
from bot.chat.replies import Plan, Replies
from bot.dispatch import Dispatcher
from bot.guide.views import jumped
from bot.settings import Settings
from bot.wanted import record
from schedules.clock import Ticker
from schedules.heartbeat import Heartbeat
from schedules.simulated import BotClock, RealClock, SimulatedClock
from storage import engine
from storage.cadences import Cadence, ClockState
from storage.engine import Database
from storage.tx import SYSTEM
from tests.support.company import NOON, Company, a_company, acting
from tests.support.notebook import NOTEBOOK, words_in
from tests.support.post_office import PostOffice


def a_heartbeat(database: Database, company: Company, clock: BotClock) -> Heartbeat:
    ticker = Ticker(database, Dispatcher(database, NOTEBOOK, clock))
    return Heartbeat(database, ticker, PostOffice(database, company).a_worker(), clock)


async def a_round_at(database: Database, company: Company, at: datetime) -> None:
    async with acting(database, company) as tx:
        await record(tx, Replies(plan=(Plan("round", "round", 1, at),)), event_id=None, now=NOON)


async def test_on_real_time_a_beat_makes_what_is_due(sqlite: Database) -> None:
    company = await a_company(sqlite)
    await a_round_at(sqlite, company, datetime.now(UTC) - timedelta(seconds=1))
    heartbeat = a_heartbeat(sqlite, company, RealClock())
    await heartbeat.beat()
    async with sqlite.read(company.id) as tx:
        assert len(await words_in(tx)) == 1


async def test_a_beat_outlives_a_locked_database_and_the_next_one_makes_up_for_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    database = Database(sqlite_url)
    company = await a_company(database)
    await a_round_at(database, company, NOON)
    heartbeat = a_heartbeat(database, company, SimulatedClock(NOON))
    other = sqlite3.connect(database.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await heartbeat.beat()
    other.execute("ROLLBACK")
    other.close()
    await heartbeat.beat()
    async with database.read(company.id) as tx:
        assert await words_in(tx) == ["made 24 Nov 12:00"]
    await database.close()


async def test_real_time_can_not_be_moved(sqlite: Database) -> None:
    heartbeat = a_heartbeat(sqlite, await a_company(sqlite), RealClock())
    with pytest.raises(TypeError, match="real time can't be moved"):
        await heartbeat.advance(timedelta(hours=1))


async def test_right_after_a_rhythm_was_set_up_the_next_event_is_its_first_slot(sqlite: Database) -> None:
    company = await a_company(sqlite)
    clock = SimulatedClock(NOON)
    async with acting(sqlite, company) as tx:
        tx.add(
            Cadence(
                kind="round",
                subject_id=1,
                rule="FREQ=DAILY",
                starts_at=datetime(2026, 11, 24, 12, 15),  # noqa: DTZ001 - what a clock on the wall shows
                zone="Europe/London",
                next_at=NOON,
            )
        )
    done = await a_heartbeat(sqlite, company, clock).next_event()
    assert [each.due_at for each in done] == [NOON + timedelta(minutes=15)]
    assert clock.now() == NOON + timedelta(minutes=15)


@pytest.mark.parametrize(("steps", "told"), [
    ([], "It is Tue 24 Nov 2026, 12:00. Nothing was due."),
    ([(NOON, "")], "It is Tue 24 Nov 2026, 12:00."),
    ([(NOON, "round made"), (NOON, "")], "12:00, round made"),
])  # fmt: skip
def test_a_jump_tells_what_happened_and_else_only_the_time(steps: list[tuple[datetime, str]], told: str) -> None:
    assert jumped(NOON, steps, ZoneInfo("Europe/London")) == told


def test_a_beat_that_waits_for_a_jump_is_no_line_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("structlog.configure", lambda **_: None)
    monkeypatch.setattr("logging.basicConfig", lambda **_: None)
    scheduler = logging.getLogger("apscheduler.scheduler")
    monkeypatch.setattr(scheduler, "level", scheduler.level)
    logs.configure(Settings())
    assert (scheduler.isEnabledFor(logging.WARNING), scheduler.isEnabledFor(logging.ERROR)) == (False, True)


async def test_what_ends_remembers_the_time(sqlite: Database) -> None:
    company = await a_company(sqlite)
    heartbeat = a_heartbeat(sqlite, company, SimulatedClock(NOON, speed=60))
    heartbeat.start()
    await heartbeat.stop()
    async with sqlite.read(SYSTEM) as tx:
        state = (await tx.session.scalars(select(ClockState))).one()
    assert (state.ticked_at, state.simulated, state.speed) == (NOON, True, 60)


async def test_the_delivery_sends_what_was_committed_as_soon_as_it_is_woken(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    worker, stop = office.a_worker(), asyncio.Event()
    sqlite.on_commit(worker.wake)
    running = asyncio.create_task(worker.run(stop))
    key = await office.want("hello")
    await office.shown(key)
    stop.set()
    await running
    assert office.chat.words == ["hello"]


async def test_the_delivery_outlives_a_locked_database_and_goes_on_by_itself(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    monkeypatch.setattr("schedules.delivery.POLL_S", 0.05)
    database = Database(sqlite_url)
    office = PostOffice(database, await a_company(database))
    key = await office.want("hello")
    other = sqlite3.connect(database.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    stop = asyncio.Event()
    running = asyncio.create_task(office.a_worker().run(stop))
    await asyncio.sleep(0.2)
    assert office.chat.attempts == []
    other.execute("ROLLBACK")
    other.close()
    await office.shown(key)
    stop.set()
    await running
    await database.close()
