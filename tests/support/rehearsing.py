"""Weeks to rehearse and to live, and diaries of what was sent in them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlmodel import col, select, update

from bot.chat.cards import Card
from bot.huddles import rules, running
from bot.ports import Destination, Text
from bot.routes import ROUTES
from schedules.clock import Ticker
from schedules.rehearsal import rehearse
from schedules.rehearsal_views import Rehearsal
from schedules.simulated import SimulatedClock, remember
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.measures import Reading
from storage.messages import Lane, Message
from storage.people import Absence, Account, Person
from storage.places import Place
from storage.schema import METADATA
from storage.teams import Membership, Team
from storage.tx import SYSTEM, Tx
from tests.support.fake_chat import FakeChat
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch


def at(hour: int, minute: int = 0, day: int = 24, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@contextmanager
def listening(target: object, name: str, listener: Callable[..., None]) -> Iterator[None]:
    """Hears SQLAlchemy's events while the block runs."""
    event.listen(target, name, listener)
    try:
        yield
    finally:
        event.remove(target, name, listener)


class Page(NamedTuple):
    """A new message: which, when, and all that stands on it."""

    key: str
    at: datetime
    card: Card


@dataclass(slots=True)
class Diary(FakeChat):
    """A platform that writes down what was posted, to whom and when."""

    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(at(0)))
    pages: list[Page] = field(default_factory=list)

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        self.pages.append(Page(key, self.clock.now(), card))
        return await FakeChat.post(self, to, card, key=key)


def posts(rehearsal: Rehearsal) -> list[Page]:
    """What a rehearsal says is posted, as a diary has it."""
    return by_key(Page(line.key, line.at, line.card) for line in rehearsal.lines if line.card)


def by_key(pages: Iterable[Page]) -> list[Page]:
    """In an order that does not depend on which of several is sent first."""
    return sorted(pages, key=lambda page: (page.at, page.key))


def told(rehearsal: Rehearsal, name: str = "") -> list[str]:
    """What is not sent and why, in the reader's local time."""
    return [
        f"{line.local:%a %H:%M} {line.to}: {line.why}"
        for line in rehearsal.lines
        if not line.is_sent and name in line.to and line.kind != "huddle.details"
    ]


def asked(rehearsal: Rehearsal, name: str) -> list[str]:
    """When somebody is asked, in their local time."""
    return [
        f"{line.local:%a %H:%M}"
        for line in rehearsal.lines
        if line.is_sent and line.to == name and line.kind == "huddle.prompt"
    ]


async def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    async with database.read(SYSTEM) as tx:
        return {
            table.name: [tuple(row) for row in await tx.run(table.select().order_by(*table.primary_key.columns))]
            for table in METADATA.sorted_tables
        }


async def northern_office(tx: Tx, now: datetime) -> None:
    """A team whose huddle is at nine wherever each of them is: zones, calendars, part time, and one without account."""
    install_id = (await tx.all(select(Lane)))[0].install_id
    place = Place(install_id=install_id, external_id="north", name="#north")
    tx.add(place)
    await tx.flush()
    team = Team(name="Northern Office", zone="Europe/London", place_id=place.id)
    tx.add(team)
    await tx.flush()
    for name, zone, calendar, days in (
        ("Nia", "Europe/London", "GB-SCT", "mon,tue,wed,thu,fri"),
        ("Oto", "America/New_York", "US", "mon,tue,wed,thu,fri"),
        ("Pat", "Europe/London", None, "mon,tue,wed,thu"),
        ("Quin", "Asia/Kathmandu", None, "mon,tue,wed,thu,fri"),
    ):
        person = Person(name=name, zone=zone, calendar=calendar, working_days=days)
        tx.add(person)
        await tx.flush()
        tx.add(Membership(team_id=team.id, person_id=person.id, from_on=date(2026, 9, 1)))
        if name != "Quin":
            tx.add(Account(person_id=person.id, install_id=install_id, external_id=name.lower()))
    huddle = Huddle(
        name="Northern Office",
        team_id=team.id,
        at_time=time(9),
        zone="Europe/London",
        mode=Huddle.Mode.LOCAL,
        questions=rules.QUESTIONS,
    )
    tx.add(huddle)
    await tx.flush()
    await running.replan(tx, huddle, now)


async def a_colourful_week(database: Database) -> FieldDispatch:
    """Tuesday, 12:00: two teams, an answer, an absence, a day called off, and a run that was made and deleted."""
    here = await field_dispatch(database, at(2))
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(2))
        await tx.run(update(Person).where(col(Person.name).in_(("Cem", "Dee", "Eli"))).values(active=False))
        await northern_office(tx, at(2))
        tx.add(Reading(measure_id=1, period_on=date(2026, 11, 26), value=Decimal(81)))
    here.chat = Diary(clock=here.clock)
    await here.until(at(9, 20))
    await here.do("amy", Text("Valve checks at Mill Lane"), "event-1")
    await here.do("ben", Text("away wed"), "event-2")
    await here.do("dana", Text("/huddle skip 2026-11-26 Team day"), "event-3")
    await here.until(at(12))
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12))
        deleted = HuddleRun(huddle_id=1, local_date=date(2026, 12, 24), opens_at=at(12), closes_at=at(12))
        tx.add(deleted)
        await tx.flush()
        await tx.session.delete(deleted)  # its number is not given again
    return here


class Week(NamedTuple):
    """A week as it was rehearsed, every row around the rehearsal, and what was posted when the week then came."""

    rehearsed: Rehearsal
    rows_before: dict[str, list[tuple[Any, ...]]]
    rows_after: dict[str, list[tuple[Any, ...]]]
    happened: list[Page]


async def lived(database: Database, days: int) -> Week:
    """First rehearsed, then lived by people who stay silent."""
    here = await a_colourful_week(database)
    before = await rows_of(database)
    rehearsed = await rehearse(database, ROUTES, days=days)
    after = await rows_of(database)
    assert isinstance(here.chat, Diary)
    here.chat.pages.clear()
    await here.until(at(12) + timedelta(days=days))
    await database.close()
    return Week(rehearsed, before, after, here.chat.pages)


async def begins(database: Database, now: datetime) -> FieldDispatch:
    """Field Dispatch on a simulated clock."""
    here = await field_dispatch(database, now)
    await remember(database, here.clock)
    return here


async def has_opened(database: Database) -> FieldDispatch:
    """The huddle has just opened, and nothing has gone out yet."""
    here = await field_dispatch(database, at(9, 14))
    here.clock.move_to(at(9, 15))
    await Ticker(database, here.dispatcher).tick(at(9, 15))
    await remember(database, here.clock)
    return here


async def changed(database: Database, kind: type[Message] | type[Lane] | type[Occurrence], **values: object) -> None:
    """All rows of a kind are as told."""
    async with database.write(SYSTEM) as tx:
        await tx.run(update(kind).values(**values))


async def absent(tx: Tx, *names: str) -> None:
    """These are away, with no end given."""
    tx.acts_for(by=None, event_id=None, now=at(8))
    for person in await tx.all(select(Person).where(col(Person.name).in_(names))):
        tx.add(Absence(person_id=person.id, from_on=at(0).date()))
    await tx.flush()
