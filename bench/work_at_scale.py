"""50,000 actions, 2,000 initiatives and 10,000 milestones: what people ask for every day stays under 100 ms."""

import asyncio
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, figure, told
from bot.chat.commands import Usage
from bot.dispatch import Dispatcher
from bot.routes import ROUTES
from bot.terminal import has_begun
from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.support.company import NOON, an_event
from tests.support.much_work import Amount, much_work
from tests.support.postgres import cluster, drop_database, new_database

TIMES = 20  # of each line in one run
RUNS = 3
GOAL_MS = 100.0
LINES = {
    "today": "/today",
    "action_list": "/action list",
    "action_list_overdue": "/action list overdue all",
    "milestones": "/milestones",
    "milestones_overdue": "/milestones overdue",
    "map": "/initiative map",
    "trace_action": "/search trace A-2500",
    "trace_initiative": "/search trace I-7",
    "search_words": "/search pump mill lane",
    "search_common": "/search the",
    "search_code": "/search A-4711",
    "search_nothing": "/search qqqq",
}


async def measured() -> list[Figure]:
    """Both databases, through the dispatcher, as events of a platform."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder, cluster() as server:
        found += await _of_engine("sqlite", f"sqlite:///{Path(folder)}/folkmoot.db")
        url = new_database(server)
        found += await _of_engine("postgresql", url)
        drop_database(url)
    return found


async def _of_engine(engine: str, url: str) -> list[Figure]:
    database = Database(url)
    database.migrate()
    try:
        await much_work(database, Amount())
        dispatcher = Dispatcher(database, ROUTES, SimulatedClock(NOON))
        has_begun()  # as in every process that serves
        return [await _of_line(dispatcher, engine, key, line) for key, line in LINES.items() if _is_there(line)]
    finally:
        await database.close()


def _is_there(line: str) -> bool:
    """Whether the bot knows the verb."""
    usages: list[Usage] = [command.usage for command in ROUTES.commands]
    return any(f"{line[1:]} ".startswith(f"{name} ") for usage in usages for name in usage.names)


async def _of_line(dispatcher: Dispatcher, engine: str, key: str, line: str) -> Figure:
    for number in range(3):  # unmeasured: statements are compiled
        await _took_ms(dispatcher, line, f"{key}-first-{number}")
    runs = [[await _took_ms(dispatcher, line, f"{key}-{run}-{n}") for n in range(TIMES)] for run in range(RUNS)]
    return figure(
        f"{key}_at_scale_{engine}",
        f"95 of 100 answers to `{line}` with 50,000 actions, in at most, against the goal",
        values=[statistics.quantiles(took, n=20)[-1] for took in runs],
        rivals=[GOAL_MS] * RUNS,
        unit="ms",
        most=1.0,
    )


async def _took_ms(dispatcher: Dispatcher, line: str, event: str) -> float:
    began = time.perf_counter()
    answer = await dispatcher.handle(an_event("dana", line, event=event))
    took_ms = 1000 * (time.perf_counter() - began)
    assert answer is not None
    return took_ms


if __name__ == "__main__":
    told(asyncio.run(measured()))
