"""`/healthz` and `/readyz` over HTTP: a bot that can't do its work says so, and why."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from sqlmodel import select, update

from adapters.web import health
from bot.chat.events import Due
from bot.chat.replies import NOTHING, Plan, Replies
from bot.chat.routing import Step
from bot.house import House, assemble, engine_running, operation_running, web_running
from bot.settings import Settings
from bot.wanted import record
from schedules import heartbeat
from schedules.simulated import BotClock, RealClock, SimulatedClock, remember
from storage import engine
from storage.cadences import ClockState, Occurrence
from storage.engine import Database
from storage.tx import SYSTEM, Tx
from tests.operation.silence import silent_server
from tests.support.company import NOON, Company, a_company, acting
from tests.support.notebook import NOTEBOOK
from tests.support.postgres import drop_database, new_database

WORKER = Settings(PORT=0, FOLKMOOT_METRICS_PORT=0)


@asynccontextmanager
async def pages(house: House) -> AsyncIterator[ClientSession]:
    """The pages of a process that has the clock."""
    async with operation_running(house, WORKER) as port, ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http


async def ready(http: ClientSession) -> tuple[int, str, dict[str, object]]:
    """The status, what it is called, and what is not well with the reason. The process itself always is."""
    async with http.get("/healthz") as alive:
        assert (alive.status, await alive.json()) == (200, {"status": "ok"})
    async with http.get("/readyz") as page:
        body = await page.json()
        wrong = {name: each["detail"] for name, each in body.items() if name != "status" and not each["ok"]}
        return page.status, body["status"], wrong


def a_house(database: Database, clock: BotClock | None = None) -> House:
    return assemble(database, clock or SimulatedClock(NOON), NOTEBOOK)


async def test_a_house_in_which_everything_runs_is_ready(database: Database) -> None:
    await a_company(database)
    house = a_house(database, RealClock())
    async with engine_running(house), pages(house) as http:
        assert await ready(http) == (200, "ready", {})


async def test_a_clock_whose_beat_hangs_has_stalled(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "STALLED_S", 0.2)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 200)  # on SQLite the beat holds the write lock
    monkeypatch.setattr(health, "ANSWER_S", 1)
    hangs, goes_on = asyncio.Event(), asyncio.Event()

    async def hang(_event: Due, _tx: Tx, _now: datetime) -> Replies:
        hangs.set()
        await goes_on.wait()
        return NOTHING

    await a_step(await a_company(database), database)
    house = assemble(database, SimulatedClock(NOON), replace(NOTEBOOK, steps={"round": Step(hang, "round")}))
    beat = asyncio.create_task(house.heartbeat.beat())
    await hangs.wait()
    async with pages(house) as http:
        await asyncio.sleep(0.3)
        status, words, wrong = await ready(http)
        assert (status, words, wrong["clock"]) == (503, "not ready", "has stalled")
        monkeypatch.setattr(heartbeat, "STALLED_S", 60)
        goes_on.set()
        await beat
        assert await ready(http) == (200, "ready", {})


async def test_a_clock_whose_beats_all_fail_has_stalled(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "STALLED_S", 0.2)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    database = Database(sqlite_url)
    await a_step(await a_company(database), database)
    house = a_house(database)
    with closing(sqlite3.connect(database.where, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with pages(house) as http:
            await asyncio.sleep(0.3)
            await house.heartbeat.beat()
            status, words, wrong = await ready(http)
            assert (status, words, wrong["clock"]) == (503, "not ready", "has stalled")
        other.execute("ROLLBACK")
    await database.close()


async def a_step(company: Company, database: Database) -> None:
    """A step that is due at noon."""
    async with acting(database, company) as tx:
        await record(tx, Replies(plan=(Plan("step", "round", 1, NOON),)), event_id=None, now=NOON)


@pytest.mark.parametrize(("waits_s", "status"), [(60, 200), (61, 503)])
async def test_a_step_that_waits_for_more_than_a_minute_is_behind(
    database: Database, waits_s: int, status: int
) -> None:
    await a_step(await a_company(database), database)
    house = a_house(database, SimulatedClock(NOON + timedelta(seconds=waits_s)))
    async with pages(house) as http:
        found = await ready(http)
        why = {"clock": f"is behind: the oldest step has waited for {waits_s} s"} if status == 503 else {}
        assert (found[0], found[2]) == (status, why)
        await house.ticker.tick(house.clock.now())
        assert (await ready(http))[0] == 200


async def test_a_step_that_failed_and_rests_does_not_make_the_bot_unready(sqlite: Database) -> None:
    company = await a_company(sqlite)
    await a_step(company, sqlite)
    async with acting(sqlite, company) as tx:
        await tx.run(update(Occurrence).values(retry_at=datetime.now(UTC) + timedelta(minutes=1)))
    async with pages(a_house(sqlite, SimulatedClock(NOON + timedelta(hours=1)))) as http:
        assert await ready(http) == (200, "ready", {})


@pytest.fixture
def postgres_url(postgres_base: str, postgres_template: str) -> Iterator[str]:
    """The address of a database that a test may take away."""
    url = new_database(postgres_base, postgres_template)
    yield url
    drop_database(url)


async def test_while_the_database_is_away_every_check_says_so(postgres_url: str) -> None:
    database = Database(postgres_url)
    await a_company(database)
    async with pages(a_house(database)) as http:
        assert (await ready(http))[0] == 200
        drop_database(postgres_url)
        status, words, wrong = await ready(http)
    await database.close()
    assert (status, words, set(wrong)) == (503, "not ready", {"database", "migrations", "clock"})
    assert all("can't be reached; is it running, and is DATABASE_URL right?" in str(why) for why in wrong.values())


async def test_a_database_that_never_answers_is_told_before_who_asks_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ANSWER_S", 0.05)
    async with silent_server() as url, asyncio.timeout(5):
        database = Database(url)
        async with pages(a_house(database)) as http:
            status, _words, wrong = await ready(http)
        await database.close()
    assert (status, wrong) == (503, dict.fromkeys(("database", "migrations", "clock"), "no answer within 0.05 s"))


async def test_a_database_of_another_version_makes_the_bot_unready(sqlite: Database) -> None:
    async with sqlite.write(SYSTEM) as tx:
        await (await tx.session.connection()).exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    async with pages(a_house(sqlite)) as http:
        status, _words, wrong = await ready(http)
    assert (status, set(wrong)) == (503, {"migrations"})
    assert "9999, which this program does not know" in str(wrong["migrations"])


@pytest.mark.parametrize(("ago_s", "wrong"), [
    (None, {"clock": "no worker has run yet"}), (5, {}), (90, {"clock": "last tick 90 s ago, in a worker"}),
    (-90, {"clock": "the last tick lies 90 s ahead; compare the clocks of the machines"}),
])  # fmt: skip
async def test_a_web_process_is_ready_while_a_worker_ticks(
    sqlite: Database, ago_s: int | None, wrong: dict[str, object]
) -> None:
    await a_company(sqlite)
    house = a_house(sqlite, RealClock())
    if ago_s is not None:
        await remember(sqlite, house.clock)
        async with sqlite.write(SYSTEM) as tx:
            state = (await tx.session.scalars(select(ClockState))).one()
            state.ticked_at = datetime.now(UTC) - timedelta(seconds=ago_s)
    async with (
        web_running(house, WORKER, with_clock=False) as port,
        ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        assert (await ready(http))[::2] == (503 if wrong else 200, wrong)
