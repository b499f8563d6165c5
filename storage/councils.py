"""Councils: their rhythm, their rooms and their seats."""

from collections.abc import Collection, Sequence
from datetime import date, time
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Field, UniqueConstraint, col, or_, select

from storage.columns import Noun, RowId, constraints, number_of, personal, word
from storage.people import Department, Person
from storage.places import Place
from storage.tx import Tx

LENGTH_MIN = 90  # minutes; Source: domain.md D2


class Council(Noun, table=True):
    """A standing cross-department group with a rhythm, a chair and seats. Source: domain.md 2.2, D2, D8."""

    class Quorum(StrEnum):
        """How many voting seats must be taken before it can decide."""

        MAJORITY = "majority"
        NUMBER = "number"

    class Customer(StrEnum):
        """What the customer's seat may do; it always speaks, and first at item 2."""

        ADVISORY = "advisory"
        VOTING = "voting"
        CO_CHAIR = "co_chair"

    class State(StrEnum):
        """Whether it meets."""

        HELD = "held"
        PAUSED = "paused"
        ENDED = "ended"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    rule: str
    """Its days, as an RRULE without zone: `FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH`."""
    starts_on: date
    """The first day on which it may meet; every second month or week is counted from here."""
    at_time: time
    zone: str
    calendar: str = ""
    """Holidays that its dates keep off, as `GB-ENG`; empty means none."""
    length_min: int = LENGTH_MIN
    where: str = Field(default="", sa_column_kwargs={"name": "meets_where"})
    """The room, in words."""
    link: str = ""
    """Where a video meeting is opened."""
    chair_id: int | None = number_of("person", default=None, nullable=True)
    secretary_id: int | None = number_of("person", default=None, nullable=True)
    sponsor_id: int | None = number_of("person", default=None, nullable=True)
    quorum: Quorum = word(Quorum, default=Quorum.MAJORITY)
    quorum_number: int | None = None
    customer: Customer = word(Customer, default=Customer.ADVISORY)
    state: State = word(State, default=State.HELD)


class CouncilRoom(Noun, table=True):
    """A place in which a council lives: its agenda is there, or what everybody may read of it."""

    class Purpose(StrEnum):
        """What is shown there."""

        COUNCIL = "council"
        PUBLIC = "public"

    __table_args__ = constraints(UniqueConstraint("council_id", "place_id"))
    council_id: int = number_of("council", index=True)
    place_id: int = number_of("place")
    purpose: Purpose = word(Purpose, default=Purpose.COUNCIL)


class Seat(Noun, table=True):
    """A place at the table; without a person it is vacant, and shown so. Source: domain.md 2.2, S2-09 to S2-11."""

    class Kind(StrEnum):
        """What it may do, and for whom it speaks."""

        VOTING = "voting"
        ADVISORY = "advisory"
        CUSTOMER = "customer"
        SUPPLIER_VOTING = "supplier_voting"
        SUPPLIER_ADVISORY = "supplier_advisory"

    council_id: int = number_of("council", index=True)
    person_id: int | None = number_of("person", default=None, nullable=True)
    department_id: int | None = number_of("department", default=None, nullable=True)
    kind: Kind = word(Kind, default=Kind.VOTING)
    can_decide: bool = True
    """Whether who sits there is senior enough to decide."""
    is_senior: bool = True
    """Whether it is a head's or an executive's: what the attention index counts. Source: domain.md S4-02."""
    deputy_id: int | None = Field(default=None, sa_type=RowId)
    """Who sits in for them as a rule; a meeting's attendance says who does on the day."""
    deputy_can_decide: bool = False
    from_on: date
    to_on: date | None = None
    note: str = personal(default="")


async def council_named(tx: Tx, name: str) -> Council | None:
    """The council of that name, in any case; one that has ended too."""
    wanted = " ".join(name.casefold().split())
    return next((each for each in await councils(tx, ended=True) if each.name.casefold() == wanted), None)


async def councils(tx: Tx, *, ended: bool = False) -> Sequence[Council]:
    """Every council, the oldest first; those that have ended only where they are asked for."""
    live = [] if ended else [Council.state != Council.State.ENDED]
    return await tx.all(select(Council).where(*live).order_by(col(Council.id)))


async def seats(tx: Tx, council_id: int, on: date) -> Sequence[Seat]:
    """The seats that there are on a day, vacant ones too: in the order of the customer's journey, then by age."""
    return await tx.all(
        select(Seat)
        .outerjoin(Department, col(Department.id) == Seat.department_id)
        .where(Seat.council_id == council_id, col(Seat.from_on) <= on, _until(on))
        .order_by(col(Department.seq).is_(None), col(Department.seq), col(Department.id), col(Seat.id))
    )


async def seats_of(tx: Tx, person_id: int, on: date) -> Sequence[Seat]:
    """The seats that somebody holds on a day, in any council."""
    return await tx.all(
        select(Seat)
        .where(Seat.person_id == person_id, col(Seat.from_on) <= on, _until(on))
        .order_by(col(Seat.council_id), col(Seat.id))
    )


async def rooms(tx: Tx, council_id: int, purpose: CouncilRoom.Purpose) -> Sequence[Place]:
    """The places in which a council lives, the oldest first."""
    return await tx.all(
        select(Place)
        .join(CouncilRoom, col(CouncilRoom.place_id) == Place.id)
        .where(CouncilRoom.council_id == council_id, CouncilRoom.purpose == purpose)
        .order_by(col(CouncilRoom.id))
    )


async def councils_in(tx: Tx, place_id: int) -> Sequence[Council]:
    """The councils that live in a place."""
    return await tx.all(
        select(Council)
        .join(CouncilRoom, col(CouncilRoom.council_id) == Council.id)
        .where(CouncilRoom.place_id == place_id, Council.state != Council.State.ENDED)
        .order_by(col(Council.id))
    )


async def departments_numbered(tx: Tx, numbers: Collection[int]) -> Sequence[Department]:
    """Departments in the order of the customer's journey."""
    order = (col(Department.seq), col(Department.id))
    return await tx.all(select(Department).where(col(Department.id).in_(numbers)).order_by(*order)) if numbers else ()


def _until(on: date) -> ColumnElement[bool]:
    return or_(col(Seat.to_on).is_(None), col(Seat.to_on) >= on)


async def people_on(tx: Tx, seats: Collection[Seat]) -> Sequence[Person]:
    """Who holds some seats, or sits in for them as a rule."""
    numbers = {each.person_id for each in seats} | {each.deputy_id for each in seats}
    return await tx.all(select(Person).where(col(Person.id).in_(numbers - {None}))) if numbers - {None} else ()


async def departments_of(tx: Tx, seats: Collection[Seat]) -> Sequence[Department]:
    """The departments that some seats speak for, in the order of the customer's journey."""
    return await departments_numbered(tx, {each.department_id for each in seats if each.department_id is not None})
