"""A council with its people around it, as the tests of councils stage it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from bot.demo import northwater
from bot.huddles import running
from storage.agenda import DepartmentReport
from storage.councils import Council, Seat
from storage.engine import Database
from storage.huddles import Huddle
from storage.meetings import Attendance, CouncilMeeting
from storage.organisations import Install
from storage.people import Account, Department, Person, Role
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop

HEADS = ("ann", "raj", "bea", "dov", "mia", "ivo", "fin")
"""Call centre, Field, Billing, Digital, Marketing, IT, Finance, in the order of the journey."""
SET_UP = '/council setup "CX Council" rule:"first thursday" at:10:00 chair:@Cora secretary:@Sev sponsor:@Carl'
ROOM = "all-staff"


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


CALLED, REMINDED, CLOSED = at(26, 10, 1), at(30, 10, 1), at(30, 12, 1)
EVE, SOON, BEGINS = at(2, 10, 1, month=12), at(3, 8, 46, month=12), at(3, 10, month=12)


@dataclass(slots=True)
class Table:
    """Eight voting seats, Sam's of the supplier among them, and Mrs Okafor's; it lives in #all-staff."""

    shop: Workshop

    async def meeting(self, on: str = "2026-12-03") -> CouncilMeeting:
        return await self.shop.row(CouncilMeeting, slot=datetime.fromisoformat(f"{on}T10:00"))

    async def meetings(self) -> Sequence[CouncilMeeting]:
        async with self.shop.house.database.read(SYSTEM) as tx:
            return await tx.all(select(CouncilMeeting).order_by(col(CouncilMeeting.starts_at)))

    async def seats(self) -> Sequence[Seat]:
        async with self.shop.house.database.read(SYSTEM) as tx:
            return await tx.all(select(Seat).order_by(col(Seat.id)))

    async def said(self, name: str, on: str = "2026-12-03") -> Attendance:
        person, meeting = await self.shop.person(name), await self.meeting(on)
        return await self.shop.row(Attendance, person_id=person.id, meeting_id=meeting.id)

    async def report(self, department: str, on: str = "2026-12-03") -> DepartmentReport:
        row, meeting = await self.shop.row(Department, name=department), await self.meeting(on)
        return await self.shop.row(DepartmentReport, department_id=row.id, meeting_id=meeting.id)

    def told(self, who: str, words: str) -> list[str]:
        """The messages in front of somebody that say so."""
        return [post.words for post in self.shop.posts(who) if words in post.words]

    def in_room(self, words: str) -> list[str]:
        posts = self.shop.house.chat.posts.values()
        return [post.words for post in posts if post.to.conversation == ROOM and words in post.words]


async def a_table(database: Database, now: datetime, *, seated: bool = True) -> Table:
    """Founded by Ivo in #all-staff; the heads, Sam and Mrs Okafor have their seats."""

    async def play(empty: Database) -> Workshop:
        shop = Workshop(await field_dispatch(empty, now))
        await outsiders(shop)
        await no_huddles(shop)
        await shop.says("ivo", SET_UP, room=ROOM)
        if seated:
            await _seats(shop)
        return shop

    return Table(await staged(f"a council is founded {now} {seated}", database, play))


async def _seats(shop: Workshop) -> None:
    """As `/council add` would write them: tests/council/test_seats.py."""
    on = shop.house.clock.now().date()
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        council = await tx.first(select(Council))
        people = {each.name: each for each in await tx.all(select(Person))}
        departments = {each.name: each for each in await tx.all(select(Department))}
        (customers,) = await tx.all(select(Seat))
        assert council is not None
        customers.person_id = people["Mrs Okafor"].id
        for name, head in (*northwater.HEADS.items(), ("Metering Ltd", "Sam")):
            kind = Seat.Kind.SUPPLIER_VOTING if head == "Sam" else Seat.Kind.VOTING
            tx.add(
                Seat(
                    council_id=council.id, person_id=people[head].id, department_id=departments[name].id, kind=kind,
                    from_on=on,
                )
            )  # fmt: skip


async def no_huddles(shop: Workshop) -> None:
    """The team's huddle has no part in this and takes its time."""
    now = shop.house.clock.now()
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=now)
        for huddle in await tx.all(select(Huddle)):
            huddle.active = False
            await running.replan(tx, huddle, now)


async def outsiders(shop: Workshop) -> None:
    """Sam, Mrs Okafor and Ida can be reached on the local chat."""
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        install = await tx.first(select(Install))
        assert install is not None
        for name, account in (("Sam", "sam"), ("Mrs Okafor", "okafor")):
            person = await tx.first(select(Person).where(Person.name == name))
            assert person is not None
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=account))
        department = await tx.first(select(Department).where(Department.name == "IT"))
        assert department is not None
        ida = Person(name="Ida", zone=northwater.ZONE, department_id=department.id)
        tx.add(ida)
        await tx.flush()
        tx.add(Account(person_id=ida.id, install_id=install.id, external_id="ida"))


async def make_admin(shop: Workshop, name: str) -> None:
    """Somebody administers the bot, too."""
    person = await shop.person(name)
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        tx.add(Role(person_id=person.id, kind=Role.Kind.ADMIN))
