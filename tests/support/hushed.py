"""A company whose people have their quiet: notes are wanted for them over days, and it is kept when each one came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.replies import Refresh, Replies, Show
from bot.chat.routing import Manners, Routes
from bot.ports import Destination
from bot.quiet.verbs import with_quiet
from bot.wanted import record
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.customers import VocItem
from storage.engine import Database
from storage.messages import Lane, Message, next_message_at
from storage.people import Absence, Person
from storage.quiet import DIGEST_VIEW, DirectDay
from storage.tx import SYSTEM
from tests.support.company import PLATFORM, Company, a_company, acting
from tests.support.fake_chat import FakeChat
from tests.support.notebook import NOTEBOOK, a_note, shown_note

LOUD, NAG = "loud", "nag"
"""Views of the same notes: one that comes at any hour, one that is a reminder."""

HUSHED: Routes = with_quiet(
    Routes(said=NOTEBOOK.said, views={**NOTEBOOK.views, LOUD: shown_note, NAG: shown_note}),
    Manners(exempt=frozenset({LOUD}), reminders=frozenset({NAG})),
)


@dataclass(frozen=True, slots=True)
class Came:
    """A message came to somebody."""

    at: datetime
    to: str
    key: str


@dataclass(slots=True)
class Hushed:
    """Wants notes for people, and delivers them with manners."""

    database: Database
    company: Company
    clock: SimulatedClock
    chat: FakeChat = field(default_factory=FakeChat)
    came: list[Came] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chat.while_posting = self._notes

    async def _notes(self, to: Destination, key: str) -> None:
        self.came.append(Came(self.clock.now(), to.account or to.conversation, key))

    def a_worker(self, name: str = "worker") -> Delivery:
        """One more process that delivers."""
        chats = {PLATFORM: self.chat}
        return Delivery(self.database, chats, HUSHED.views, self.clock, name=name, manners=HUSHED.manners)

    async def want(
        self,
        who: str,
        words: str = "a note",
        *,
        view: str = "note",
        traffic: Lane.Traffic = Lane.Traffic.PROMPT,
        urgent: bool = False,
        not_after: datetime | None = None,
        event: int | None = None,
    ) -> str:
        """A note is wanted for somebody now; gives the message's key."""
        now = self.clock.now()
        async with acting(self.database, self.company, who, event=event, now=now) as tx:
            person = await tx.need(Person, self.company.people[who].id)
            note = await a_note(tx, words, by=person, now=now)
            ids = {"note": note.id}
            show = Show(f"note:{note.id}", person, view, ids, traffic, not_after=not_after, urgent=urgent)
            await record(tx, Replies(show=(show,)), event_id=event, now=now)
        return show.key

    async def sets(self, who: str, **values: object) -> None:
        """Somebody's settings."""
        async with acting(self.database, self.company, who, now=self.clock.now()) as tx:
            person = await tx.need(Person, self.company.people[who].id)
            for name, value in values.items():
                setattr(person, name, value)

    async def is_away(self, who: str, absence: Absence) -> None:
        """Somebody is away."""
        async with acting(self.database, self.company, who, now=self.clock.now()) as tx:
            absence.person_id = self.company.people[who].id
            tx.add(absence)

    async def hides(self, key: str) -> None:
        """The note of a message is withdrawn: there is nothing to be seen any more."""
        number = int(key.removeprefix("note:"))
        async with acting(self.database, self.company, now=self.clock.now()) as tx:
            (await tx.need(VocItem, number)).state = VocItem.State.WITHDRAWN
            await record(tx, Replies(refresh=(Refresh("note", {"note": number}),)), event_id=None, now=self.clock.now())

    async def until(self, at: datetime) -> None:
        """Time passes; whatever is due on the way goes out when it is."""
        await self.a_worker().drain()
        while True:
            async with self.database.read(SYSTEM) as tx:
                coming = await next_message_at(tx, self.clock.now())
            if coming is None or coming > at:
                break
            self.clock.move_to(coming)
            await self.a_worker().drain()
        self.clock.move_to(at)
        await self.a_worker().drain()

    async def message(self, key: str) -> Message:
        """The row of a message."""
        async with self.database.read(self.company.id) as tx:
            found = await tx.first(select(Message).where(Message.key == key))
        assert found is not None
        return found

    async def messages(self) -> Mapping[str, Message]:
        """Every message by its key."""
        async with self.database.read(SYSTEM) as tx:
            return {each.key: each for each in await tx.all(select(Message).order_by(col(Message.id)))}

    async def days(self) -> Mapping[int, DirectDay]:
        """Every day by its number."""
        async with self.database.read(SYSTEM) as tx:
            return {each.id: each for each in await tx.all(select(DirectDay))}

    def digests(self, who: str) -> list[Card]:
        """The digests that stand in somebody's messages, oldest first."""
        return [post.card for post in self.chat.posts.values() if _is_digest(post.key) and post.to.account == who]

    def times(self, who: str) -> list[str]:
        """When messages came to somebody: `Tue 09:00`."""
        return [f"{each.at:%a %H:%M}" for each in self.came if each.to == who]

    def digest_times(self, who: str) -> list[str]:
        """When digests came to somebody."""
        return [f"{each.at:%a %H:%M}" for each in self.came if each.to == who and _is_digest(each.key)]


def _is_digest(key: str) -> bool:
    return key.startswith(DIGEST_VIEW)


async def hushed(database: Database, at: datetime, *, people: tuple[str, ...] = ("Zoe", "Ben")) -> Hushed:
    """A new company in London, at a moment."""
    return Hushed(database, await a_company(database, people=people), SimulatedClock(at))
