"""Blockers: what stops somebody's work, numbered so that it can't be forgotten, and who was asked to look at it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, func
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.columns import Noun, Utc, constraints, count, number_of, personal, word
from storage.people import Department, Person
from storage.teams import Membership, Team
from storage.tx import Tx


class Blocker(Noun, table=True):
    """Something in the way, raised by one person, waiting perhaps for a department."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        RAISED = "raised"
        ACKNOWLEDGED = "acknowledged"
        ESCALATED = "escalated"
        RESOLVED = "resolved"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    text: str = personal()
    raised_by: int = number_of("person")
    raised_on: date
    team_id: int = number_of("team", index=True)
    department_id: int | None = number_of("department", default=None, nullable=True)
    """The department it waits for."""
    cross_department: bool = False
    customer_stopped: bool = False
    taken_by: int | None = number_of("person", default=None, nullable=True)
    """Who holds it; others may help."""
    tier: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """How far it has gone up: 1 the team, 2 the department, 3 the sponsors."""
    told_tier: int = count()
    """Up to which tier those who answer for it were asked since it was last opened."""
    told_on: date | None = None
    """The day of the team on which they were asked last."""
    state: State = word(State, default=State.RAISED)
    resolved_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    resolution: str = personal(default="")


class BlockerHelper(Noun, table=True):
    """Somebody who helps with a blocker that somebody else holds."""

    __table_args__ = constraints(UniqueConstraint("blocker_id", "person_id"))
    blocker_id: int = number_of("blocker", index=True)
    person_id: int = number_of("person", index=True)


class BlockerAsk(Noun, table=True):
    """Somebody was asked to look at a blocker: it went up to them, or a colleague thinks that they can help."""

    __table_args__ = constraints(Index("blocker_ask_of", "organisation_id", "person_id", "asked_at"))
    blocker_id: int = number_of("blocker", index=True)
    person_id: int = number_of("person", index=True)
    tier: int = count()
    """The tier that it went up to; 0 where a colleague named them."""
    asked_by: int | None = number_of("person", default=None, nullable=True)
    """The colleague; None where it went up by itself."""
    asked_at: datetime = Field(sa_type=Utc)
    declined_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When they said that they can't help."""


OPEN = (Blocker.State.RAISED, Blocker.State.ACKNOWLEDGED, Blocker.State.ESCALATED)
"""In which it still is in the way."""


async def blocker_coded(tx: Tx, code: str) -> Blocker | None:
    """The blocker with that code."""
    return await tx.first(select(Blocker).where(Blocker.code == code.upper()))


async def open_blockers(tx: Tx, team_id: int) -> Sequence[Blocker]:
    """What is in a team's way, newest first."""
    return await tx.all(
        select(Blocker)
        .where(Blocker.team_id == team_id, col(Blocker.state).in_(OPEN))
        .order_by(col(Blocker.raised_on).desc(), col(Blocker.id))
    )


async def is_blocked(tx: Tx, team_id: int) -> bool:
    """Whether something is in a team's way."""
    still = (Blocker.team_id == team_id, col(Blocker.state).in_(OPEN))
    return await tx.first(select(Blocker.id).where(*still).limit(1)) is not None


async def helpers_of(tx: Tx, blocker: Blocker) -> Sequence[Person]:
    """Who helps beside the one who holds it, in the order in which they offered to."""
    query = select(Person).join(BlockerHelper, col(BlockerHelper.person_id) == Person.id)
    helps = (BlockerHelper.blocker_id == blocker.id, col(Person.id) != (blocker.taken_by or 0))
    return await tx.all(query.where(*helps).order_by(col(BlockerHelper.id)))


async def keep_helper(tx: Tx, blocker: Blocker, person_id: int) -> None:
    """Somebody helps from here on; who did already goes on."""
    mine = (BlockerHelper.blocker_id == blocker.id, BlockerHelper.person_id == person_id)
    if await tx.first(select(BlockerHelper.id).where(*mine)) is None:
        tx.add(BlockerHelper(blocker_id=blocker.id, person_id=person_id))


async def asks_of(tx: Tx, blocker_id: int) -> Sequence[BlockerAsk]:
    """Who was asked about a blocker, oldest first."""
    return await tx.all(select(BlockerAsk).where(BlockerAsk.blocker_id == blocker_id).order_by(col(BlockerAsk.id)))


async def asked_at(tx: Tx, person_id: int, at: datetime) -> Sequence[tuple[BlockerAsk, Blocker]]:
    """What went up to somebody at an instant, each once: customers without service first, then the oldest."""
    mine = (BlockerAsk.person_id == person_id, BlockerAsk.asked_at == at, col(BlockerAsk.tier) > 0)
    found = await tx.columns(
        select(BlockerAsk, Blocker).join(Blocker, col(Blocker.id) == BlockerAsk.blocker_id).where(*mine)
    )
    once = {blocker.id: (ask, blocker) for ask, blocker in sorted(found, key=lambda each: each[0].tier)}
    return sorted(once.values(), key=lambda each: (not each[1].customer_stopped, each[1].raised_on, each[1].id))


def went_up_to(person_id: int) -> ColumnElement[bool]:
    """Blockers about which somebody was asked, and did not say that they can't help."""
    asked = (BlockerAsk.person_id == person_id, col(BlockerAsk.declined_at).is_(None))
    return col(Blocker.id).in_(select(BlockerAsk.blocker_id).where(*asked))


def near(person: Person, today: date) -> ColumnElement[bool]:
    """Blockers that somebody raised, took, helps with or was asked about, and those of their teams and departments."""
    belongs = select(Membership.team_id).where(
        Membership.person_id == person.id,
        col(Membership.from_on) <= today,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
    )
    headed = select(Department.id).where(Department.head_id == person.id)
    leads = or_(Team.lead_id == person.id, Team.deputy_id == person.id, col(Team.department_id).in_(headed))
    teams = select(Team.id).where(or_(leads, col(Team.id).in_(belongs)))
    departments = select(Department.id).where(
        or_(Department.head_id == person.id, Department.id == person.department_id)
    )
    helps = select(BlockerHelper.blocker_id).where(BlockerHelper.person_id == person.id)
    asked = select(BlockerAsk.blocker_id).where(BlockerAsk.person_id == person.id)
    return or_(
        Blocker.raised_by == person.id,
        Blocker.taken_by == person.id,
        col(Blocker.team_id).in_(teams),
        col(Blocker.department_id).in_(departments),
        col(Blocker.id).in_(helps),
        col(Blocker.id).in_(asked),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which blockers a list shows; of those near to somebody, where `near_to` says whom, and on which day."""

    states: Collection[Blocker.State] = OPEN
    team_id: int | None = None
    department_id: int | None = None
    raised_by: int | None = None
    taken_by: int | None = None
    tier: int | None = None
    customer_stopped: bool = False
    near_to: ColumnElement[bool] | None = None

    @property
    def where(self) -> ColumnElement[bool]:
        """The same as a condition."""
        same = {
            Blocker.team_id: self.team_id,
            Blocker.department_id: self.department_id,
            Blocker.raised_by: self.raised_by,
            Blocker.taken_by: self.taken_by,
            Blocker.tier: self.tier,
        }
        conditions = [col(column) == value for column, value in same.items() if value is not None]
        conditions += [col(Blocker.customer_stopped).is_(True)] if self.customer_stopped else []
        conditions += [self.near_to] if self.near_to is not None else []
        return and_(col(Blocker.state).in_(self.states), *conditions)


async def listed(tx: Tx, wanted: Wanted, *, offset: int, most: int) -> tuple[Sequence[Blocker], int]:
    """A page of blockers, customers without service first, then the oldest; and how many there are."""
    total = (await tx.columns(select(func.count(col(Blocker.id))).where(wanted.where)))[0][0]
    order = (col(Blocker.customer_stopped).desc(), col(Blocker.raised_on), col(Blocker.id))
    return await tx.all(select(Blocker).where(wanted.where).order_by(*order).offset(offset).limit(most)), total
