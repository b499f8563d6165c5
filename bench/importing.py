"""A list of 10,000 actions is looked at and comes in within ten seconds, on both databases."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, figure, told
from bot.exchange import importing
from storage.engine import Database
from tests.exchange.desk import a_desk
from tests.exchange.test_import import ten_thousand
from tests.support.postgres import cluster, drop_database, new_database

RUNS = 3
GOAL_S = 10.0


async def measured() -> list[Figure]:
    """Each run into a database of its own."""
    with TemporaryDirectory() as folder, cluster() as server:
        sqlite = [await _took_s(f"sqlite:///{Path(folder)}/{run}.db") for run in range(RUNS)]
        postgresql = []
        for _ in range(RUNS):
            url = new_database(server)
            postgresql.append(await _took_s(url))
            drop_database(url)
    return [_figure("sqlite", sqlite), _figure("postgresql", postgresql)]


def _figure(engine: str, values: list[float]) -> Figure:
    what = "seconds for 10,000 actions from CSV, looked at and kept, against the goal"
    return figure(f"import_{engine}", what, values=values, rivals=[GOAL_S] * RUNS, unit="s", most=1.0)


async def _took_s(url: str) -> float:
    database = Database(url)
    database.migrate()
    try:
        desk = await a_desk(database)
        began = time.perf_counter()
        codes = await desk.brings(ten_thousand(), importing.ACTIONS)
        took_s = time.perf_counter() - began
        assert len(codes) == len(ten_thousand().splitlines()) - 1
        return took_s
    finally:
        await database.close()


if __name__ == "__main__":
    told(asyncio.run(measured()))
