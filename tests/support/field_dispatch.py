"""Northwater's Field Dispatch with its real huddle, on a clock of its own and a platform that does what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.chat.replies import Answer
from bot.demo import northwater
from bot.dispatch import Dispatcher
from bot.ports import Action, Incoming, Sender
from bot.routes import ROUTES
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.heartbeat import Heartbeat
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.huddles import HuddleRun
from storage.tx import SYSTEM
from tests.support.fake_chat import FakeChat
from tests.support.loaded import northwater_once

NORTHWATER = 1
TEAM = ("amy", "ben", "cem", "dee", "eli")
"""Who is asked: Fay is away."""


@dataclass(slots=True)
class FieldDispatch:
    """The huddle is at 09:15 on weekdays, for 15 minutes; `room` is where its summary stands."""

    database: Database
    clock: SimulatedClock
    chat: FakeChat = field(default_factory=FakeChat)

    @property
    def dispatcher(self) -> Dispatcher:
        """A new one, as after a restart."""
        return Dispatcher(self.database, ROUTES, self.clock)

    @property
    def delivery(self) -> Delivery:
        """A new one, as after a restart."""
        return Delivery(
            self.database, {"local": self.chat}, ROUTES.views, self.clock, name="worker", manners=ROUTES.manners
        )

    @property
    def heartbeat(self) -> Heartbeat:
        """A new one, as after a restart."""
        return Heartbeat(self.database, Ticker(self.database, self.dispatcher), self.delivery, self.clock)

    async def until(self, at: datetime) -> None:
        """The bot runs until then."""
        await self.heartbeat.advance_to(at)

    async def wakes_at(self, at: datetime) -> None:
        """The bot was away, and runs again from then on."""
        self.clock.move_to(at)
        await Ticker(self.database, self.dispatcher).tick(at)
        await self.delivery.drain()

    async def do(self, who: str, what: Action, event: str) -> Answer | None:
        """Somebody acts in direct messages; a line is known there by its event."""
        sender = Sender(who, who.title(), northwater.ZONE)
        answer = await self.dispatcher.handle(
            Incoming("local", "local", event, f"dm-{who}", True, sender, what, message=event)
        )
        await self.delivery.drain()
        return answer

    async def runs(self) -> Sequence[HuddleRun]:
        """Every run since the clock began, oldest first."""
        async with self.database.read(SYSTEM) as tx:
            since = col(HuddleRun.local_date) >= northwater.MONDAY
            return await tx.all(select(HuddleRun).where(since).order_by(col(HuddleRun.local_date)))

    @property
    def room(self) -> list[str]:
        """What stands in the team's channel."""
        return [post.words for post in self.chat.posts.values() if post.to.conversation == "field-dispatch"]

    @property
    def asked(self) -> list[str]:
        """Who was asked, by their accounts, once for each prompt."""
        return sorted(post.to.account for post in self.chat.posts.values() if "prompt" in post.key)


async def field_dispatch(database: Database, at: datetime) -> FieldDispatch:
    """The team, with nothing in its rhythm before `at`."""
    await northwater_once(database, at)
    return FieldDispatch(database, SimulatedClock(at))
