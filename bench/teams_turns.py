"""Sixty people write to the bot on Teams at once, while each call to the connector takes half a second."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, figure, told
from bot.routes import ROUTES
from storage.engine import Database
from tests.support.postgres import cluster, drop_database, new_database
from tests.support.teams_double import Member
from tests.support.teams_hall import Hall, a_hall

TURNS = 60
LATENCY_S = 0.5  # of each call to the connector
RUNS = 5
GOAL_MS = 2000.0


async def measured() -> list[Figure]:
    """Both databases; the bot and Teams share a process, so that the figure holds what both of them need."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder, cluster() as server:
        found.append(await _of_engine("sqlite", f"sqlite:///{Path(folder)}/folkmoot.db"))
        url = new_database(server)
        found.append(await _of_engine("postgresql", url))
        drop_database(url)
    return found


async def _of_engine(engine: str, url: str) -> Figure:
    database = Database(url)
    database.migrate()
    try:
        async with a_hall(database, routes=ROUTES) as hall:
            people = [hall.north.add_user(f"29:{number}", f"Member {number}") for number in range(TURNS)]
            await _answered_ms(hall, people)  # unmeasured: everybody is met for the first time
            hall.double.faults.latency_s = LATENCY_S
            took = [await _answered_ms(hall, people) for _ in range(RUNS)]
    finally:
        await database.close()
    return figure(
        f"teams_turns_{engine}",
        f"until {TURNS} who write at once have their answers, each call taking {LATENCY_S:g} s, against the goal",
        values=took,
        rivals=[GOAL_MS] * RUNS,
        unit="ms",
        most=1.0,
    )


async def _answered_ms(hall: Hall, people: list[Member]) -> float:
    """Until the last one can read the answer."""
    before, began = len(hall.double.called("send")), time.perf_counter()
    heard = await asyncio.gather(*(each.says("help") for each in people))
    assert all(each is not None and each.is_ok for each in heard)
    await hall.double.reached("send", before + len(people))
    took_ms = 1000 * (time.perf_counter() - began)
    await hall.settled()
    return took_ms


if __name__ == "__main__":
    told(asyncio.run(measured()))
