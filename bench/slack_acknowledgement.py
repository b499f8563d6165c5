"""A slash command on Slack is acknowledged in time while fifty requests a second arrive."""

import asyncio
import os
import random
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from bench.figures import Figure, figure, told
from storage.engine import Database
from tests.support.postgres import cluster, drop_database, new_database
from tests.support.served import Served, serving
from tests.support.slack_double import Heard, Member, SlackDouble, Team, slack_double

A_SECOND = 50  # requests
SECONDS = 12.0  # of each run
RUNS = 5
WARM_S = 8.0  # unmeasured: everybody's rooms are met for the first time, and each connection learns its statements
PEOPLE = 100
GOAL_MS = 100.0
TOO_LONG = 503  # what the bot answers when it could not decide in time
SLACK_WAITS_MS = 3000.0
SECRET = "a-signing-secret"  # noqa: S105 - of a Slack that lives as long as the benchmark
COMMANDS = ("today", "huddle", "help", "measure list")


async def measured() -> list[Figure]:
    """Both databases, each with a process of its own."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder, cluster() as server:
        found.append(await _of_engine("sqlite", f"sqlite:///{Path(folder)}/folkmoot.db"))
        url = new_database(server)
        found.append(await _of_engine("postgresql", url))
        drop_database(url)
    return found


async def _of_engine(engine: str, url: str) -> Figure:
    Database(url).migrate()
    async with slack_double() as double:
        team = _workspace(double)
        with _environment(double, team), ExitStack() as stack:
            # In a thread: while it starts, it asks the double here who it is.
            served = await asyncio.to_thread(stack.enter_context, serving(url))
            double.deliver_to(f"{served.address}/slack/events", SECRET)
            double.courier.patience_s = 30.0
            await asyncio.gather(*(_known(each, served) for each in _people(team)))
            await _p95_ms(team, WARM_S)
            slowest = [await _p95_ms(team, SECONDS) for _ in range(RUNS)]
    return figure(
        f"slack_ack_{engine}",
        f"p95 of a slash command's acknowledgement while {A_SECOND} requests a second arrive, against the goal",
        values=slowest,
        rivals=[GOAL_MS] * RUNS,
        unit="ms",
        most=1.0,
    )


def _workspace(double: SlackDouble) -> Team:
    team = double.add_workspace("T0BENCH", "Northwater Utility")
    members = [team.add_user(f"U{number:04}", f"Member {number}").id for number in range(PEOPLE)]
    team.add_channel("C0FIELD", "field-dispatch", members=members)
    return team


def _people(team: Team) -> Sequence[Member]:
    return [team.user(f"U{number:04}") for number in range(PEOPLE)]


@contextmanager
def _environment(double: SlackDouble, team: Team) -> Iterator[None]:
    settings = {"SLACK_BOT_TOKEN": team.token, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": double.api_url}
    with mock.patch.dict(os.environ, {**settings, "FOLKMOOT_LOG_LEVEL": "warning"}):
        yield


async def _known(member: Member, served: Served) -> None:
    """Their first line: from then on the bot knows them."""
    heard = await member.commands("/cx", "help")
    assert heard.is_ok, f"{served.address} answered {heard.status}"


async def _p95_ms(team: Team, seconds: float) -> float:
    """Requests begin at their time, whether or not those before were answered; half are commands, half lines."""
    people, luck = _people(team), random.Random(1)  # noqa: S311 - the same mixture each time
    loop = asyncio.get_running_loop()
    began, waiting, commands = loop.time(), [], []
    for number in range(int(A_SECOND * seconds)):
        await asyncio.sleep(max(0.0, began + number / A_SECOND - loop.time()))
        member = luck.choice(people)
        if number % 2:
            waiting.append(asyncio.create_task(_says(member, number)))
        else:
            task = asyncio.create_task(member.commands("/cx", luck.choice(COMMANDS), "C0FIELD"))
            commands.append(task)
    heard: list[Heard] = await asyncio.gather(*commands)
    await asyncio.gather(*waiting)
    return statistics.quantiles([_took_ms(each) for each in heard], n=20)[-1]


def _took_ms(heard: Heard) -> float:
    """How long somebody waits; who is told that it took too long has waited as long as Slack does."""
    assert heard.is_ok or heard.status == TOO_LONG, heard.status
    return 1000 * heard.took_s if heard.is_ok else SLACK_WAITS_MS


async def _says(member: Member, number: int) -> None:
    heard = await member.says("", f"help {number % 3}")
    assert heard is not None
    assert heard.is_ok or heard.status == TOO_LONG, heard.status


if __name__ == "__main__":
    told(asyncio.run(measured()))
