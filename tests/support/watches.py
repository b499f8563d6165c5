"""Two companies with rhythms that call a watch, what each watch leaves behind, and when they are meant to be called."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlmodel import col, select

from bot.chat.events import Due
from bot.chat.replies import Plan, Replies, Show
from bot.chat.routing import Routes, Step
from bot.dispatch import Dispatcher
from bot.listening import TRIES
from schedules.clock import Ticker
from schedules.simulated import SimulatedClock
from storage.cadences import Cadence, Occurrence, cadence_of, start_anew
from storage.engine import Database
from storage.errors import Conflict, DatabaseError
from storage.messages import Message
from storage.people import Person
from storage.places import Place
from storage.tx import SYSTEM, Tx
from tests.support.company import Company, a_company, acting
from tests.support.notebook import NOTEBOOK, a_note, words_in
from tests.support.turns import Life, LivedDatabase
from tests.support.wall_clocks import wall_clock

BEGINS = datetime(2026, 10, 24, tzinfo=UTC)  # the day before Europe puts its clocks back
GRACE = timedelta(minutes=20)
AFTERWARDS = timedelta(minutes=7)
ZONES = {"Northwater": "Europe/London", "Southgas": "Australia/Lord_Howe"}
DAILY, HOURLY = "FREQ=DAILY", "FREQ=HOURLY;INTERVAL=5"
DAY = timedelta(days=1)


async def call(event: Due, tx: Tx, now: datetime) -> Replies:
    """A watch is called: a note, a message in the channel, and a step to come."""
    person = await tx.first(select(Person).order_by(col(Person.id)))
    place = await tx.first(select(Place).order_by(col(Place.id)))
    assert person is not None
    assert place is not None
    key = f"{event.subject_id}:{event.slot:%d %H:%M}"
    note = await a_note(tx, key, by=person, now=now)
    show = Show(f"watch:{key}", place, "note", {"note": note.id})
    plan = Plan(f"after:{key}", "after", event.subject_id, event.due_at + AFTERWARDS)
    return Replies(show=(show,), plan=(plan,))


async def after(event: Due, tx: Tx, now: datetime) -> Replies:
    """A watch is over."""
    person = await tx.first(select(Person).order_by(col(Person.id)))
    assert person is not None
    await a_note(tx, f"after {event.due_at:%d %H:%M}", by=person, now=now)
    return Replies()


WATCHES = Routes(
    said=NOTEBOOK.said, steps={"watch": Step(call, "watch", grace=GRACE), "after": Step(after, "after")}, views={}
)


@dataclass(frozen=True, slots=True)
class Period:
    """A rhythm from one instant on, until another one; `rule` is empty while it is paused."""

    rule: str
    at_time: time
    since: datetime


@dataclass(slots=True)
class Rhythm:
    """What is known of one cadence: its periods, and until when its slots must have been called."""

    company: Company
    number: int
    subject: int
    periods: list[Period] = field(default_factory=list)

    def slots(self, since: datetime, period: Period, until: datetime) -> Iterator[datetime]:
        """The local slots of a period whose instants lie between two others, both included."""
        clock = wall_clock(ZONES[self.company.install.name])
        step = DAY if period.rule == DAILY else timedelta(hours=5)
        local = datetime.combine(clock.shown(period.since).date(), period.at_time)
        while (at := clock.first(local)) <= until:
            if at >= since:
                yield local
            local += step


class Watches:
    """Clocks tick here, rhythms change, and everything is kept that should come of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SimulatedClock(BEGINS)
        self.rhythms: list[Rhythm] = []
        self.ticked_at = BEGINS
        """Until when everything that was due has certainly been called."""
        self.must: set[tuple[int, datetime]] = set()
        """Cadence and local slot of what must have been called."""
        self.may: set[tuple[int, datetime]] = set()
        """The same of what may have been called: somebody changed the rhythm at about that moment."""

    async def opens(self) -> None:
        """Each company has a daily rhythm in the night and one every five hours."""
        for name, zone in ZONES.items():
            company = await a_company(self.database, name, people=("Ada",))
            for subject, (rule, at) in enumerate(((DAILY, time(1, 45)), (HOURLY, time(0, 45))), 1):
                async with acting(self.database, company, now=BEGINS) as tx:
                    cadence = Cadence(
                        kind="watch",
                        subject_id=subject,
                        rule=rule,
                        starts_at=datetime.combine(BEGINS.date(), at),
                        zone=zone,
                        next_at=BEGINS,
                    )
                    tx.add(cadence)
                self.rhythms.append(Rhythm(company, cadence.id, subject, [Period(rule, at, BEGINS)]))

    async def ticks(self, life: Life) -> bool:
        """A clock ticks once; whether it did so to the end."""
        database = LivedDatabase(self.database, life)
        with suppress(DatabaseError):  # two that met at the same rows on PostgreSQL; a clock would tick again
            await Ticker(database, Dispatcher(database, WATCHES, self.clock)).tick(self.clock.now())
            return True
        return False

    async def changes(self, rhythm: Rhythm, rule: str, at: time, life: Life) -> None:
        """The rhythm is another one from now on, set as a huddle's is; without a rule it is paused."""
        for _ in range(TRIES):
            with suppress(Conflict):
                await self._changes(rhythm, rule, at, life)
                break
        self._owes(rhythm, self.clock.now())
        rhythm.periods.append(Period(rule, at, self.clock.now()))

    async def _changes(self, rhythm: Rhythm, rule: str, at: time, life: Life) -> None:
        now = self.clock.now()
        async with acting(LivedDatabase(self.database, life), rhythm.company, now=now) as tx:
            cadence = await cadence_of(tx, "watch", rhythm.subject)
            assert cadence is not None
            cadence.rule = rule or cadence.rule
            cadence.starts_at = datetime.combine(wall_clock(cadence.zone).shown(now).date(), at)
            start_anew(cadence, now if rule else None)

    def all_is_called(self) -> None:
        """Some clock has just ticked to its end, and no rhythm was changed beside it."""
        self.ticked_at = self.clock.now()
        for rhythm in self.rhythms:
            self._owes(rhythm, self.clock.now())

    def _owes(self, rhythm: Rhythm, now: datetime) -> None:
        """What a rhythm has called by now, as it was until now."""
        period = rhythm.periods[-1]
        if period.rule:
            self.must |= {(rhythm.number, slot) for slot in rhythm.slots(period.since, period, self.ticked_at)}
            self.may |= {(rhythm.number, slot) for slot in rhythm.slots(period.since, period, now)}

    async def called(self) -> list[Occurrence]:
        """Every step of a watch or after one, oldest first."""
        async with self.database.read(SYSTEM) as tx:
            return list(await tx.all(select(Occurrence).order_by(col(Occurrence.id))))

    async def noted(self, company: Company) -> list[str]:
        """What the watches of a company have left behind."""
        async with self.database.read(company.id) as tx:
            return await words_in(tx)

    async def wanted(self, company: Company) -> list[str]:
        """The keys of the messages that the watches of a company want."""
        async with self.database.read(company.id) as tx:
            return list(await tx.all(select(Message.key)))
