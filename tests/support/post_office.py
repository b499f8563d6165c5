"""A company whose notes are messages: wanted in one line, delivered by a worker, over a platform that may fail."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.chat.replies import Refresh, Replies, Show
from bot.wanted import record
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.customers import VocItem
from storage.engine import Database
from storage.messages import Lane, Message, message_keyed
from storage.people import Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.company import NOON, Company, a_company, acting
from tests.support.fake_chat import FakeChat
from tests.support.notebook import NOTEBOOK, a_note


@dataclass(slots=True)
class PostOffice:
    """Wants notes as messages, and delivers them."""

    database: Database
    company: Company
    chat: FakeChat = field(default_factory=FakeChat)
    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(NOON))

    def a_worker(self, name: str = "worker", kind: type[Delivery] = Delivery) -> Delivery:
        """One more process that delivers."""
        return kind(self.database, {"fake": self.chat}, NOTEBOOK.views, self.clock, name=name)

    async def want(
        self,
        words: str,
        *,
        to: Place | Person | None = None,
        thread: str = "",
        traffic: Lane.Traffic = Lane.Traffic.SUMMARY,
        not_after: datetime | None = None,
        event: int | None = None,
    ) -> str:
        """A note is wanted in the channel, or where `to` says; gives the message's key."""
        async with acting(self.database, self.company, "ada", event=event) as tx:
            note = await a_note(tx, words, by=self.company.people["ada"], now=NOON)
            key = f"note:{note.id}"
            show = Show(
                key, to or self.company.channel, "note", {"note": note.id}, traffic, thread=thread, not_after=not_after
            )
            await record(tx, Replies(show=(show,)), event_id=event, now=self.clock.now())
        return key

    async def want_again(self, key: str) -> None:
        """The same message is wanted once more."""
        async with acting(self.database, self.company, "ada") as tx:
            show = Show(key, self.company.channel, "note", {"note": _number(key)})
            await record(tx, Replies(show=(show,)), event_id=None, now=self.clock.now())

    async def edit(
        self,
        key: str,
        words: str = "",
        *,
        state: VocItem.State = VocItem.State.NEW,
        at_most_every: timedelta = timedelta(0),
    ) -> None:
        """The note of a message gets other words, or another state, and what shows it is stale."""
        number = _number(key)
        async with acting(self.database, self.company, "ada") as tx:
            note = await tx.need(VocItem, number)
            note.words, note.state = words or note.words, state
            stale = Refresh("note", {"note": number}, at_most_every=at_most_every)
            await record(tx, Replies(refresh=(stale,)), event_id=None, now=self.clock.now())

    async def message(self, key: str) -> Message:
        """The row of a message."""
        async with self.database.read(self.company.id) as tx:
            message = await message_keyed(tx, key)
        assert message is not None
        return message

    async def shown(self, key: str, within_s: float = 20) -> None:
        """Waits until a worker beside the test has shown a message."""
        async with asyncio.timeout(within_s):
            # Only the row tells it.
            while (await self.message(key)).state is not Message.State.SHOWN:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def messages(self) -> list[Message]:
        """The rows of all messages, oldest first."""
        async with self.database.read(SYSTEM) as tx:
            return list(await tx.all(select(Message).order_by(col(Message.id))))


async def an_office(database: Database) -> PostOffice:
    """Of a new company."""
    return PostOffice(database, await a_company(database))


def _number(key: str) -> int:
    return int(key.removeprefix("note:"))
