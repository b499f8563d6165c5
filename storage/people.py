"""People, their accounts on platforms, what they may do, and when they are away."""

from collections.abc import Collection, Sequence
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, true
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.columns import Noun, RowId, constraints, number_of, personal, word
from storage.organisations import Install, Organisation
from storage.places import Place
from storage.tx import Tx

MAIL = "email"


class Department(Noun, table=True):
    """A part of the organisation, or an outsourced supplier."""

    class Kind(StrEnum):
        """Whose people they are."""

        INTERNAL = "internal"
        SUPPLIER = "supplier"

    class Side(StrEnum):
        """Whether customers meet its people."""

        FRONT = "front"
        BACK = "back"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    kind: Kind = word(Kind, default=Kind.INTERNAL)
    head_id: int | None = Field(default=None, sa_type=RowId)
    """A person; no foreign key, because people point to departments."""
    seq: int = 0
    """Its place along the customer's journey."""
    side: Side | None = word(Side, default=None, nullable=True)


class Person(Noun, table=True):
    """One human, with accounts on any number of platforms."""

    name: str = personal()
    email: str | None = personal(default=None, nullable=True)
    department_id: int | None = number_of("department", default=None, nullable=True)
    zone: str
    working_days: str = "mon,tue,wed,thu,fri"
    calendar: str | None = None
    """Their own holidays, as `GB-SCT`; None means their team's."""
    is_external: bool = False
    active: bool = True
    prefers: str = "local"
    quiet_from: time | None = None
    """Their own quiet hours, on their own clock; None means the organisation's."""
    quiet_to: time | None = None
    messages_a_day: int | None = None
    """Their own number of direct messages a day; None means the organisation's."""
    reminders: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    merged_into: int | None = Field(default=None, sa_type=RowId)
    """Who this turned out to be, once two accounts were joined: whatever was theirs is that person's since then."""


class Account(Noun, table=True):
    """A person on one platform."""

    __table_args__ = constraints(UniqueConstraint("install_id", "external_id"))
    person_id: int = number_of("person", index=True)
    install_id: int = number_of("install")
    external_id: str
    directory_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Their id in the directory behind the platform (Entra ID's object id), which outlives the platform's own one."""
    reachable: bool = True


class Role(Noun, table=True):
    """What a person may do beyond everybody, in the whole organisation."""

    class Kind(StrEnum):
        """The roles of domain.md 2.2 that reach across teams."""

        ADMIN = "admin"
        SPONSOR = "sponsor"
        EXECUTIVE = "executive"
        CHAIR = "chair"
        SECRETARY = "secretary"

    __table_args__ = constraints(UniqueConstraint("person_id", "kind"))
    person_id: int = number_of("person")
    kind: Kind = word(Kind)


class Absence(Noun, table=True):
    """Days on which a person is away, both ends included; without an end until they say `back`."""

    person_id: int = number_of("person", index=True)
    from_on: date
    to_on: date | None = None
    note: str = personal(default="")


def zone_of(person: Person) -> ZoneInfo:
    """The time zone a person's dates and times are shown in."""
    return ZoneInfo(person.zone)


async def account_of(tx: Tx, install: Install, external_id: str) -> tuple[Account, Person] | None:
    """Who an account on a platform is."""
    found = await tx.columns(
        select(Account, Person)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Account.install_id == install.id, Account.external_id == external_id)
    )
    return found[0] if found else None


async def who_and_where(
    tx: Tx, install: Install, external_id: str, conversation: str
) -> tuple[Account, Person, Place | None] | None:
    """Who an account is, and the place they act in where it is known; every event begins with it, so it is one look."""
    found = await tx.columns(
        _WHO_AND_WHERE, {"its_install": install.id, "its_account": external_id, "its_place": conversation}
    )
    if not found:
        return None
    account, person, organisation, place = found[0]
    tx.hold(organisation)
    return account, person, place


_WHO_AND_WHERE = (
    select(Account, Person, Organisation, Place)
    .join(Person, col(Person.id) == Account.person_id)
    .join(Organisation, col(Organisation.id) == Account.organisation_id)
    .outerjoin(Place, and_(Place.install_id == Account.install_id, Place.external_id == bindparam("its_place")))
    .where(Account.install_id == bindparam("its_install", type_=RowId), Account.external_id == bindparam("its_account"))
)


async def person_on(tx: Tx, platform: str, external_id: str) -> Person | None:
    """Who an account is on a platform of which there is one installation, such as the local chat."""
    return await tx.first(
        select(Person)
        .join(Account, col(Account.person_id) == Person.id)
        .join(Install, col(Install.id) == Account.install_id)
        .where(Install.platform == platform, Account.external_id == external_id)
    )


def preferred_account_id(person_id: ColumnElement[int] | int) -> ScalarSelect[int]:
    """The account a person's messages go to: on the platform they prefer, else the oldest that can be reached.

    An account of e-mail is the last one to be taken where it is not the one they prefer.
    """
    # Who has a chat as well reads there, unless they prefer mail.
    preferred_first = case(
        (col(Install.platform) == col(Person.prefers), 0), (col(Install.platform) == MAIL, 2), else_=1
    )
    return (
        select(Account.id)
        .join(Install, col(Install.id) == Account.install_id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Account.person_id == person_id, col(Account.reachable).is_(True))
        .order_by(preferred_first, col(Account.id))
        .limit(1)
        .correlate_except(Account, Install, Person)
        .scalar_subquery()
    )


async def people_named(tx: Tx, name: str) -> Sequence[Person]:
    """Active people with that name or first name, in any case, oldest first."""
    wanted = name.strip().casefold()
    everybody = await tx.all(select(Person).where(col(Person.active).is_(True)).order_by(col(Person.id)))
    return [p for p in everybody if wanted in (p.name.casefold(), p.name.split(" ")[0].casefold())]


async def members_of(
    tx: Tx, install: Install, *, most: int, also: Collection[int] = ()
) -> Sequence[tuple[Account, Person]]:
    """Active people with an account on an installation by name, as many as `most`; `also` are among them."""
    first = case((col(Person.id).in_(also), 0), else_=1)
    found = await tx.columns(
        select(Account, Person)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Account.install_id == install.id, col(Person.active).is_(True))
        .order_by(first, col(Person.name), col(Person.id))
        .limit(most)
    )
    return sorted(found, key=lambda each: (each[1].name, each[1].id))


async def roles_of(tx: Tx, person: Person) -> frozenset[Role.Kind]:
    """The roles of a person."""
    return frozenset(await tx.all(_ROLES, {"its_person": person.id}))


_ROLES = select(col(Role.kind)).where(Role.person_id == bindparam("its_person", type_=RowId))


async def admins(tx: Tx) -> Sequence[Person]:
    """The people who run the bot, oldest first."""
    return await tx.all(
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(Role.kind == Role.Kind.ADMIN, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )


async def unreached(tx: Tx) -> Sequence[Person]:
    """Active people whom no message reaches: none of their accounts can be written to, or they have none."""
    there = select(Account.id).where(col(Account.person_id) == Person.id, col(Account.reachable).is_(True))
    return await tx.all(select(Person).where(col(Person.active).is_(True), ~there.exists()).order_by(col(Person.id)))


async def departments(tx: Tx) -> Sequence[Department]:
    """Every department in the order of the customer's journey."""
    return await tx.all(_DEPARTMENTS, {})


_DEPARTMENTS = select(Department).order_by(col(Department.seq), col(Department.id))


async def absences(tx: Tx, person_ids: Sequence[int], first: date, last: date) -> Sequence[Absence]:
    """The absences of some people that touch a day between `first` and `last`."""
    return await tx.all(_ABSENCES, {"its_people": list(person_ids), "first": first, "last": last})


_ABSENCES = (
    select(Absence)
    .where(
        col(Absence.person_id).in_(bindparam("its_people", type_=RowId, expanding=True)),
        col(Absence.from_on) <= bindparam("last"),
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= bindparam("first")),
    )
    .order_by(col(Absence.from_on), col(Absence.id))
)
