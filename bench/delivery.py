"""Prompts of a large huddle, delivered to a Slack that takes everything, beside a loop that posts the same ones.

Rendering is part of the delivery and no part of the loop: that has its cards already, and no queue.
"""

import asyncio
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from adapters.slack.adapter import SlackChat
from adapters.slack.api import SlackApi
from adapters.slack.workspaces import Bot, Workspaces
from adapters.wire import a_wire
from bench.figures import Figure, figure, told
from bot import wanted
from bot.chat.cards import Card
from bot.huddles import rules, running
from bot.huddles.scene import Scene
from bot.ports import Destination
from bot.routes import ROUTES
from bot.terminal import has_begun
from schedules.delivery import SENDS_AT_ONCE, Delivery
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.messages import Message
from storage.people import Account, Person
from storage.teams import Membership, Team
from storage.tx import Tx
from tests.support.company import NOON, PLATFORM, Company, a_company, acting
from tests.support.postgres import cluster, drop_database, new_database

MEMBERS = 2_000
PAIRS = 3
LEAST = {"postgresql": 0.7, "sqlite": 0.6}
ON = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class OneBot:
    """The bot's token in the one workspace there is."""

    async def bot(self, tenant: str) -> Bot:
        """It, whatever the workspace is called."""
        return Bot(tenant, "xoxb-bench", "U0BOT", "B0BOT", "A0BOT", "Bench", frozenset(), "T0BENCH", "")


@dataclass(frozen=True, slots=True)
class Post:
    """What the loop posts."""

    to: Destination
    card: Card
    key: str


async def measured() -> list[Figure]:
    """Both databases, each with a worker in this process."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder, cluster() as server:
        async with _sink() as address:
            found.append(await _of_engine("sqlite", f"sqlite:///{Path(folder)}/folkmoot.db", address))
            url = new_database(server)
            found.append(await _of_engine("postgresql", url, address))
            drop_database(url)
    return found


async def _of_engine(engine: str, url: str, address: str) -> Figure:
    database = Database(url)
    database.migrate()
    clock = SimulatedClock(NOON)
    try:
        async with a_wire("slack") as wire:
            chat = SlackChat(database, SlackApi(wire, f"{address}/api/"), cast("Workspaces", OneBot()))
            worker = Delivery(database, {PLATFORM: chat}, ROUTES.views, clock, name="bench", manners=ROUTES.manners)
            company = await a_company(database, people=("Ada",))
            await _asked(database, company)
            posts = await _posts(database, company)
            has_begun()  # as in every process that serves
            await _rate(_looped(chat, posts))  # unmeasured: everybody's room is opened
            await _all_came(wire_address=address)
            values, rivals = [], []
            for _ in range(PAIRS):
                await _due_again(database, company)
                values.append(await _rate(worker.drain()))
                await _all_came(wire_address=address)
                rivals.append(await _rate(_looped(chat, posts)))
                await _all_came(wire_address=address)
    finally:
        await database.close()
    return figure(
        f"delivery_{engine}",
        f"prompts to {MEMBERS:,} people in a second by one worker, against a loop that posts the same ones",
        values=values,
        rivals=rivals,
        unit="/s",
        least=LEAST[engine],
    )


async def _asked(database: Database, company: Company) -> None:
    """A team of so many, whose huddle has just opened."""
    async with acting(database, company) as tx:
        people = [Person(name=f"Member {each:05}", zone="Europe/London", prefers=PLATFORM) for each in range(MEMBERS)]
        tx.add(*people)
        team = Team(name="Everybody", zone="Europe/London", place_id=company.channel.id)
        tx.add(team)
        await tx.flush()
        tx.add(
            *(Account(person_id=each.id, install_id=company.install.id, external_id=f"U{each.id}") for each in people)
        )
        tx.add(*(Membership(team_id=team.id, person_id=each.id, from_on=date(2026, 1, 1)) for each in people))
        huddle = Huddle(
            name="Everybody", team_id=team.id, at_time=time_of_day(12), zone="Europe/London", window_min=60,
            weekdays="mon,tue,wed,thu,fri", mode=Huddle.Mode.TOGETHER, questions=rules.QUESTIONS,
        )  # fmt: skip
        tx.add(huddle)
        await tx.flush()
        run = HuddleRun(huddle_id=huddle.id, local_date=ON, opens_at=NOON, closes_at=NOON + timedelta(hours=1))
        tx.add(run)
        await tx.flush()
        running.prepare(run, huddle, NOON)
        replies = await running.begin(tx, Scene(run, huddle, team, "GB-ENG"), NOON)
        await wanted.record(tx, replies, event_id=None, now=NOON)


async def _posts(database: Database, company: Company) -> list[Post]:
    async with acting(database, company) as tx:
        return [await _post(tx, company, each) for each in await _prompts(tx)]


async def _prompts(tx: Tx) -> Sequence[Message]:
    return await tx.all(select(Message).where(Message.view == "huddle.prompt").order_by(col(Message.id)))


async def _post(tx: Tx, company: Company, message: Message) -> Post:
    card = await wanted.projected(tx, ROUTES.views, message, NOON)
    account = await tx.need(Account, message.account_id or 0)
    reader = await wanted.reader_of(tx, message)
    assert card is not None
    return Post(Destination(company.install.external_id, "", account.external_id, "", reader.zone), card, message.key)


async def _looped(chat: SlackChat, posts: Sequence[Post]) -> None:
    waiting = iter(posts)

    async def post_next() -> None:
        for each in waiting:
            await chat.post(each.to, each.card, key=each.key)

    await asyncio.gather(*(post_next() for _ in range(SENDS_AT_ONCE)))


async def _due_again(database: Database, company: Company) -> None:
    """The prompts as they were before they were sent; everything else is settled."""
    async with acting(database, company) as tx:
        await tx.run(update(Message).values(state=Message.State.SHOWN))
        anew = {"state": Message.State.READY, "platform_ref": None, "attempts": 0, "shown_at": None}
        await tx.run(update(Message).where(col(Message.view) == "huddle.prompt").values(**anew))


async def _rate(work: object) -> float:
    began = time.perf_counter()
    await work  # type: ignore[misc]  # a coroutine of whatever result
    return MEMBERS / (time.perf_counter() - began)


async def _all_came(*, wire_address: str) -> None:
    async with a_wire("sink", wire_address) as wire:
        reply = await wire.call("POST", "/counted")
    assert b'"twice": 0' in reply.body, reply.body
    assert f'"messages": {MEMBERS}'.encode() in reply.body, reply.body


@asynccontextmanager
async def _sink() -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.sink", str(port))
    try:
        await _listening(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the sink does not listen")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    told(asyncio.run(measured()))
