"""An empty tick of the clock, and an idle look of the delivery, must not cost more as rows pile up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, text

from bench.figures import Figure, Work, compared, figure, told
from bot.house import House, assemble
from schedules.simulated import SimulatedClock
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.messages import Lane, Message, lane_of
from storage.tx import SYSTEM
from tests.support.company import NOON, Company, a_company
from tests.support.postgres import cluster, drop_database, new_database

ROWS = 200_000
CHUNK = 5_000
TICKS = 200
PAIRS = 7
MOST = 1.5


async def measured() -> list[Figure]:
    """Both databases, with no rows and with 200,000."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder, cluster() as server:
        for engine in ("sqlite", "postgresql"):
            urls = (
                [f"sqlite:///{Path(folder) / name}.db" for name in ("none", "many")]
                if engine == "sqlite"
                else [new_database(server), new_database(server)]
            )
            found += await _of_engine(engine, *urls)
            if engine == "postgresql":
                for url in urls:
                    drop_database(url)
    return found


async def _of_engine(engine: str, without: str, with_many: str) -> list[Figure]:
    async with _house(without) as (few, _), _house(with_many) as (many, company):
        await _fill(many.database, company)
        ticks = await compared(_ticking(many), _ticking(few), runs=PAIRS, times=TICKS)
        looks = await compared(_looking(many), _looking(few), runs=PAIRS, times=TICKS)
    return [
        figure(
            f"tick_idle_{engine}",
            f"an empty tick with {ROWS:,} idle cadences and as many steps done, against none",
            values=ticks[0],
            rivals=ticks[1],
            unit="ms",
            most=MOST,
        ),
        figure(
            f"look_idle_{engine}",
            f"an idle look of the delivery with {ROWS:,} messages shown, against none",
            values=looks[0],
            rivals=looks[1],
            unit="ms",
            most=MOST,
        ),
    ]


@asynccontextmanager
async def _house(url: str) -> AsyncIterator[tuple[House, Company]]:
    database = Database(url)
    database.migrate()
    company = await a_company(database)
    yield assemble(database, SimulatedClock(NOON)), company
    await database.close()


async def _fill(database: Database, company: Company) -> None:
    """Cadences that are due later, steps that are done, messages that stand."""
    stamps = {"created_at": NOON, "updated_at": NOON, "version": 1, "organisation_id": company.id}
    later = NOON + timedelta(days=1)
    async with database.read(company.id) as tx:
        lane = await lane_of(tx, company.install.id, Lane.Traffic.PROMPT)
    for first in range(0, ROWS, CHUNK):
        numbers = range(first, first + CHUNK)
        async with database.write(SYSTEM) as tx:
            await tx.session.execute(
                insert(Cadence),
                [
                    {
                        **stamps,
                        "kind": "huddle.open",
                        "subject_id": number,
                        "rule": "FREQ=DAILY",
                        "starts_at": NOON.replace(tzinfo=None),
                        "zone": "Europe/London",
                        "next_slot": later.replace(tzinfo=None),
                        "next_at": later + timedelta(seconds=number),
                        "revision": 1,
                        "parked": "",
                    }
                    for number in numbers
                ],
            )
            await tx.session.execute(
                insert(Occurrence),
                [
                    {
                        "organisation_id": company.id,
                        "key": f"done:{number}",
                        "kind": "huddle.open",
                        "subject_id": number,
                        "due_at": NOON - timedelta(days=1),
                        "state": Occurrence.State.DONE,
                    }
                    for number in numbers
                ],
            )
            await tx.session.execute(
                insert(Message),
                [
                    {
                        "organisation_id": company.id,
                        "key": f"note:{number}",
                        "lane_id": lane.id,
                        "view": "note",
                        "ids": f'{{"note":{number}}}',
                        "due_at": NOON,
                        "state": Message.State.SHOWN,
                    }
                    for number in numbers
                ],
            )
    async with database.write(SYSTEM) as tx:
        await tx.session.execute(text("ANALYZE"))


def _ticking(house: House) -> Work:
    return lambda: house.ticker.tick(house.clock.now())


def _looking(house: House) -> Work:
    async def look() -> None:
        assert await house.delivery.drain() == 0
        await house.delivery.sweep()

    return look


if __name__ == "__main__":
    told(asyncio.run(measured()))
