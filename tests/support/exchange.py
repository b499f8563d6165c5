"""Two companies that write the same letters on one platform, while workers come and go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from bot.chat.replies import Refresh, Replies, Show
from bot.ports import Destination
from bot.wanted import record
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.customers import VocItem
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Lane, Message, message_keyed, withdraw
from storage.organisations import Install
from storage.tx import SYSTEM, Tx
from tests.support.company import NOON, PLATFORM, Company, a_company, acting
from tests.support.elapsing import real_time_passes
from tests.support.notebook import NOTEBOOK, a_note
from tests.support.platform import LivedChat, Platform, RealTime
from tests.support.turns import Life, LivedDatabase

COMPANIES = ("Northwater", "Southgas")
TRAFFIC = {"greeting": Lane.Traffic.SUMMARY, "question": Lane.Traffic.PROMPT, "reply": Lane.Traffic.REPLY}
"""The letters: one in the channel, one to Ada, one in the thread of the first; each in a lane of its own."""
GONE = (Message.State.CANCELLED, Message.State.DEAD)


@dataclass(slots=True)
class Letter:
    """What is wanted of one letter, as its writers know it. Its key is its name, in both companies."""

    company: Company
    name: str
    note_id: int = 0
    number: int = 0
    """Of its newest words."""
    times_wanted: int = 0
    """How often it was wanted while it neither stood nor was to come."""
    is_wanted: bool = False
    is_hidden: bool = False
    """Its view shows nothing: what stands stays as it is, what does not stand does not come."""
    tries_when_stopped: int | None = None
    """How often it had been tried when it was stopped before anybody had claimed it."""

    @property
    def tenant(self) -> str:
        """What the platform calls its company."""
        return self.company.install.external_id

    @property
    def words(self) -> str:
        """Its newest words."""
        return f"{self.tenant} {self.name} {self.number}"


class Exchange:
    """Letters are wanted, changed, hidden and taken back here, and delivered; each doer has a life of its own."""

    def __init__(self, database: Database, real_time: RealTime) -> None:
        self.database = database
        self.platform = Platform()
        self.letters: dict[tuple[str, str], Letter] = {}
        self.intruders: list[str] = []
        """Who began to send in a lane that was not theirs."""
        self._real_time = real_time
        self._clock = SimulatedClock(NOON)

    async def opens(self) -> None:
        """The companies are there, with a note for each letter; none is wanted yet."""
        for name in COMPANIES:
            company = await a_company(self.database, name, people=("Ada",))
            async with acting(self.database, company, "ada") as tx:
                for key in TRAFFIC:
                    letter = Letter(company, key)
                    letter.note_id = (await a_note(tx, letter.words, by=company.people["ada"], now=NOON)).id
                    self.letters[name, key] = letter

    async def wants(self, letter: Letter, life: Life) -> None:
        """The letter is wanted, for the first time or again, and may be seen."""
        async with self._changes(letter, life) as tx:
            (await tx.need(VocItem, letter.note_id)).state = VocItem.State.NEW
            row = await message_keyed(tx, letter.name)
            letter.times_wanted += row is None or row.state in GONE or not letter.is_wanted
            await record(tx, Replies(show=(_show(letter),)), event_id=letter.note_id, now=NOON)
            letter.is_wanted, letter.is_hidden, letter.tries_when_stopped = True, False, None

    async def edits(self, letter: Letter, life: Life) -> None:
        """The letter gets other words."""
        async with self._changes(letter, life) as tx:
            letter.number += 1
            (await tx.need(VocItem, letter.note_id)).words = letter.words
            await self._refresh(tx, letter)

    async def hides(self, letter: Letter, life: Life) -> None:
        """The letter's view shows nothing any more."""
        async with self._changes(letter, life) as tx:
            (await tx.need(VocItem, letter.note_id)).state = VocItem.State.WITHDRAWN
            await self._stops(tx, letter)
            await self._refresh(tx, letter)
            letter.is_hidden = True

    async def takes_back(self, letter: Letter, life: Life) -> None:
        """What wanted the letter is undone."""
        async with self._changes(letter, life) as tx:
            await self._stops(tx, letter)
            await withdraw(tx, letter.note_id, NOON)
            letter.is_wanted = False

    async def works(self, life: Life, name: str, at_platform: Life | None = None) -> None:
        """A worker starts, tidies up what others left, and delivers; `at_platform` is its life there."""

        async def watch(to: Destination, key: str) -> None:
            passed_s = self._real_time.passed_s
            owner = await self._owner(to.tenant, key)
            if owner != name and self._real_time.passed_s == passed_s:
                self.intruders.append(f"{name} sent {key} while the lane was {owner}'s")

        chat = LivedChat(self.platform, at_platform or life, self._real_time, watch)
        database = LivedDatabase(self.database, life)
        worker = Delivery(database, {PLATFORM: chat}, NOTEBOOK.views, self._clock, name=name)
        with suppress(DatabaseError):  # two that met at the same rows on PostgreSQL; a worker would go on after a while
            await worker.sweep()
            await worker.drain()

    async def passes(self, seconds: float, life: Life) -> None:
        """Real time passes, for everybody."""
        await life.step()
        # Both are one clock: who holds a lease must not read an earlier time than whoever looks whether it is over.
        self._real_time.passed_s += seconds
        await real_time_passes(self.database, timedelta(seconds=seconds))

    async def row(self, letter: Letter) -> Message | None:
        """The letter's message."""
        async with self.database.read(letter.company.id) as tx:
            return await message_keyed(tx, letter.name)

    async def states(self) -> set[Message.State]:
        """Every state in which a message is."""
        async with self.database.read(SYSTEM) as tx:
            return set(await tx.all(select(col(Message.state))))

    @asynccontextmanager
    async def _changes(self, letter: Letter, life: Life) -> AsyncIterator[Tx]:
        database = LivedDatabase(self.database, life)
        async with acting(database, letter.company, "ada", event=letter.note_id) as tx:
            yield tx

    async def _refresh(self, tx: Tx, letter: Letter) -> None:
        await record(tx, Replies(refresh=(Refresh("note", {"note": letter.note_id}),)), event_id=None, now=NOON)

    async def _stops(self, tx: Tx, letter: Letter) -> None:
        """From here on it is not to come. On PostgreSQL somebody may be just about to claim it, unseen by us."""
        row = await message_keyed(tx, letter.name)
        if self.database.is_sqlite and row and row.state is Message.State.READY and row.platform_ref is None:
            letter.tries_when_stopped = self.platform.tried[letter.tenant, letter.name]

    async def _owner(self, tenant: str, key: str) -> str | None:
        async with self.database.read(SYSTEM) as tx:
            install = select(col(Install.id)).where(Install.external_id == tenant).scalar_subquery()
            return await tx.first(
                select(col(Lane.owner)).where(Lane.install_id == install, Lane.traffic == TRAFFIC[key])
            )


def _show(letter: Letter) -> Show:
    return Show(
        letter.name,
        letter.company.people["ada"] if letter.name == "question" else letter.company.channel,
        "note",
        {"note": letter.note_id},
        TRAFFIC[letter.name],
        thread="greeting" if letter.name == "reply" else "",
    )
