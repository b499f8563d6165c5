"""Small companies to test with, and the two sides of their chat: what comes in and what the clock says."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import Action, Incoming, Sender, Text
from storage.engine import Database
from storage.messages import open_lanes
from storage.organisations import Install, Organisation
from storage.people import Account, Person, Role
from storage.places import Place
from storage.tx import SYSTEM, Tx

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLATFORM = "fake"


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation on one platform, with one channel; its people are called by their accounts: `ada`."""

    id: int
    install: Install
    channel: Place
    people: Mapping[str, Person]
    accounts: Mapping[str, Account]


async def a_company(
    database: Database, name: str = "Northwater", *, people: Sequence[str] = ("Ada", "Dana"), admin: str = ""
) -> Company:
    """A new organisation whose people work in London; `admin` is one of them."""
    async with database.write(SYSTEM) as tx:
        organisation = Organisation(name=name, zone="Europe/London", created_at=NOON)
        tx.session.add(organisation)
        await tx.session.flush()
        tx.bind(organisation.id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        install = Install(platform=PLATFORM, external_id=tenant_of(name), name=name)
        tx.add(install)
        await tx.flush()
        await open_lanes(tx, install)
        channel = Place(install_id=install.id, external_id="everybody", name="#everybody")
        tx.add(channel)
        persons, accounts = {}, {}
        for each in people:
            persons[each.lower()], accounts[each.lower()] = await _person(tx, install, each)
        if admin:
            tx.add(Role(person_id=persons[admin.lower()].id, kind=Role.Kind.ADMIN))
        await tx.flush()
        return Company(organisation.id, install, channel, persons, accounts)


@asynccontextmanager
async def acting(
    database: Database, company: Company, who: str = "", *, event: int | None = None, now: datetime = NOON
) -> AsyncIterator[Tx]:
    """A transaction in which somebody (or, without a name, the clock) changes rows."""
    async with database.write(company.id) as tx:
        tx.acts_for(by=company.people[who].id if who else None, event_id=event, now=now)
        yield tx


async def _person(tx: Tx, install: Install, name: str) -> tuple[Person, Account]:
    person = Person(name=name, zone="Europe/London", prefers=PLATFORM)
    tx.add(person)
    await tx.flush()
    account = Account(person_id=person.id, install_id=install.id, external_id=name.lower())
    tx.add(account)
    await tx.flush()
    return person, account


def tenant_of(name: str) -> str:
    """What the platform calls a company."""
    return f"tenant-{name.lower()}"


def an_event(
    who: str,
    what: str | Action,
    *,
    event: str = "event-1",
    company: str = "Northwater",
    room: str = "",
    guest: bool = False,
) -> Incoming:
    """Somebody did something: a text said in direct messages, or in `room`."""
    return Incoming(
        platform=PLATFORM,
        tenant=tenant_of(company),
        event_id=event,
        conversation=room or f"dm-{who}",
        is_direct=not room,
        sender=Sender(who, who.title(), "Europe/London", is_guest=guest),
        action=Text(what) if isinstance(what, str) else what,
    )


def copied(template: Path, folder: Path) -> str:
    """The address of a copy of a SQLite file of its own."""
    path = folder / "folkmoot.db"
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"
