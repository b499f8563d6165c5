"""A lane whose platform hangs delays no other: in real time, with a worker that runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.chat.cards import Card
from bot.ports import Destination, MaybeSent
from schedules import delivery, reconcile
from schedules.delivery import SENDS_AT_ONCE, Delivery
from storage.engine import Database
from storage.messages import Lane
from tests.support.company import a_company
from tests.support.fake_chat import FakeChat, Fault
from tests.support.post_office import PostOffice

pytestmark = pytest.mark.slow

PATIENCE_S = 5  # for one that nothing holds up; much shorter than delivery.SEND_TIMEOUT_S
ROUNDS = 6


@dataclass(slots=True)
class HangingChat(FakeChat):
    """A platform that gives no answer in the rooms of one tenant: not to a post, and not to a look."""

    tenant: str = ""
    hanging: int = 0
    """Calls that wait at this moment."""
    hung: int = 0
    """Calls that ever waited."""
    hangs: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        await self._answered(to)
        return await FakeChat.post(self, to, card, key=key)

    async def find(self, to: Destination, key: str) -> str | None:
        """Looks for a message."""
        await self._answered(to)
        return await FakeChat.find(self, to, key)

    async def _answered(self, to: Destination) -> None:
        if to.tenant != self.tenant or to.account:
            return
        self.hanging += 1
        self.hung += 1
        self.hangs.set()
        try:
            await self.answers.wait()
        finally:
            self.hanging -= 1


@dataclass(frozen=True, slots=True)
class Offices:
    """Northwater's, whose rooms may hang, and Southgas's beside it; both on one platform and with one worker."""

    northwater: PostOffice
    southgas: PostOffice
    chat: HangingChat

    async def reply_stands(self, of: PostOffice) -> None:
        """Somebody is answered now, and sees it soon."""
        person = of.company.people["ada"]
        key = await of.want("at your service", to=person, traffic=Lane.Traffic.REPLY)
        await of.shown(key, within_s=PATIENCE_S)

    async def loses(self, number: int) -> None:
        """A worker that is gone has left summaries of unknown fate in Northwater's room."""
        self.chat.answers.set()
        self.chat.faults = [Fault(MaybeSent("no answer")) for _ in range(number)]
        for each in range(number):
            await self.northwater.want(f"Lost summary {each}")
        await self.northwater.a_worker("one that is gone").drain()
        self.chat.answers.clear()
        self.chat.hanging = self.chat.hung = 0
        self.chat.hangs.clear()


async def offices(database: Database) -> Offices:
    chat = HangingChat()
    northwater = PostOffice(database, await a_company(database, "Northwater"), chat)
    chat.tenant = northwater.company.install.external_id
    return Offices(northwater, PostOffice(database, await a_company(database, "Southgas"), chat), chat)


@asynccontextmanager
async def working(worker: Delivery, here: Offices) -> AsyncIterator[None]:
    """A worker that runs beside the block; at its end the platform answers again."""
    stop = asyncio.Event()
    here.northwater.database.on_commit(worker.wake)
    running = asyncio.create_task(worker.run(stop))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await here.chat.hangs.wait()
        yield
    finally:
        here.chat.answers.set()
        stop.set()
        await running


async def test_posts_that_hang_delay_no_other_lane(database: Database) -> None:
    here = await offices(database)
    for number in range(2 * SENDS_AT_ONCE):
        await here.northwater.want(f"Summary {number}")
    async with working(here.northwater.a_worker(), here):
        await here.reply_stands(here.northwater)
        await here.reply_stands(here.southgas)
        assert here.chat.hanging == SENDS_AT_ONCE


async def test_looks_that_hang_delay_no_lane(database: Database) -> None:
    here = await offices(database)
    await here.loses(3)
    async with working(here.northwater.a_worker(), here):
        await here.reply_stands(here.northwater)
        await here.reply_stands(here.southgas)
        assert here.chat.hanging


async def test_posts_and_looks_that_time_out_one_after_the_other_delay_no_other_lane(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SEND_TIMEOUT_S", 0.4)
    monkeypatch.setattr(reconcile, "LOOK_TIMEOUT_S", 0.4)
    here = await offices(database)
    await here.loses(3)
    for number in range(ROUNDS * SENDS_AT_ONCE):
        await here.northwater.want(f"Summary {number}")
    async with working(here.northwater.a_worker(), here):
        await here.reply_stands(here.northwater)
        await here.reply_stands(here.southgas)
        assert here.chat.hung < ROUNDS * SENDS_AT_ONCE
