"""Actions: one thing to do, with one owner and a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, case, func
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.columns import Noun, Utc, constraints, count, number_of, personal, word
from storage.people import Person
from storage.teams import Membership, Team
from storage.tx import Tx


class Priority(StrEnum):
    """How important it is, the most important first."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Action(Noun, table=True):
    """A task, or a request for help to a department. Past `proposed` it has an owner and a due date."""

    class Kind(StrEnum):
        """What is asked for."""

        TASK = "task"
        HELP = "help"

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PROPOSED = "proposed"
        OPEN = "open"
        IN_PROGRESS = "in_progress"
        BLOCKED = "blocked"
        DONE_CLAIMED = "done_claimed"
        DONE = "done"
        CANCELLED = "cancelled"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "code"),
        Index("action_of_owner", "owner_id", "state", "due_on"),
        Index("action_by_state", "organisation_id", "state", "due_on"),
    )
    code: str
    kind: Kind = word(Kind, default=Kind.TASK)
    title: str = personal()
    owner_id: int | None = number_of("person", default=None, nullable=True)
    requester_id: int = number_of("person", index=True)
    department_id: int | None = number_of("department", default=None, nullable=True)
    """The department that is asked for help."""
    initiative_id: int | None = number_of("initiative", default=None, nullable=True, index=True)
    batch_id: int | None = number_of("batch", default=None, nullable=True, index=True)
    blocker_id: int | None = number_of("blocker", default=None, nullable=True, index=True)
    """What it waits for while it is blocked."""
    priority: Priority = word(Priority, default=Priority.P3)
    state: State = word(State, default=State.PROPOSED)
    due_on: date | None = None
    first_due_on: date | None = None
    """The date first promised: set when it is agreed, and never changed."""
    redated: int = count()
    """How often the date was moved since."""
    done_when: str = personal(default="")
    """What must be true before it counts as done; empty where nobody checks."""
    evidence: str = personal(default="")
    every: str = ""
    """How it comes again when it is done: an interval such as `week` or `2 month`; empty for once."""
    finished_on: date | None = None
    """The owner's date when they said it was done; empty again when that is not accepted."""
    closed_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    accepted_by: int | None = number_of("person", default=None, nullable=True)


class ActionHelper(Noun, table=True):
    """Somebody who helps with an action; its owner stays one."""

    __table_args__ = constraints(UniqueConstraint("action_id", "person_id"))
    action_id: int = number_of("action")
    person_id: int = number_of("person", index=True)


CLOSED = (Action.State.DONE, Action.State.CANCELLED)
AGREED = (Action.State.OPEN, Action.State.IN_PROGRESS, Action.State.BLOCKED)
WAITING = (Action.State.PROPOSED, Action.State.OPEN, Action.State.IN_PROGRESS, Action.State.BLOCKED)
"""In which the owner has something to do."""


async def action_coded(tx: Tx, code: str) -> Action | None:
    """The action with that code, in any case."""
    return await tx.first(select(Action).where(Action.code == code.upper()))


async def helpers_of(tx: Tx, action: Action) -> list[Person]:
    """Who helps with an action, in the order in which they said so."""
    joined = select(Person).join(ActionHelper, col(ActionHelper.person_id) == Person.id)
    return list(await tx.all(joined.where(ActionHelper.action_id == action.id).order_by(col(ActionHelper.id))))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions a list shows; what is None or False does not narrow it."""

    owner_id: int | None = None
    requester_id: int | None = None
    initiative_id: int | None = None
    batch_id: int | None = None
    states: tuple[Action.State, ...] = ()
    due_until: date | None = None
    overdue: bool = False
    for_person: int | None = None
    """Only what concerns this person: they own it, asked for it or help with it."""


def _late(today: date) -> ColumnElement[bool]:
    waits = col(Action.state).in_(AGREED)
    return and_(waits, col(Action.due_on) < today)


async def listed(tx: Tx, wanted: Wanted, today: date, *, offset: int, most: int) -> Sequence[Action]:
    """The actions that are wanted: overdue first, then by priority, due date and code. Source: domain.md S3-07."""
    last = case((col(Action.due_on).is_(None), 1), else_=0)
    first = case((_late(today), 0), else_=1)
    query = select(Action).where(*_conditions(wanted, today))
    ordered = query.order_by(first, col(Action.priority), last, col(Action.due_on), col(Action.id))
    return await tx.all(ordered.offset(offset).limit(most))


async def counted(tx: Tx, wanted: Wanted, today: date) -> tuple[int, int]:
    """How many actions are wanted, and how many of them are overdue."""
    late = func.sum(case((_late(today), 1), else_=0))
    ((number, overdue),) = await tx.columns(select(func.count(col(Action.id)), late).where(*_conditions(wanted, today)))
    return number, int(overdue or 0)


def _conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    equal = {
        col(Action.owner_id): wanted.owner_id,
        col(Action.requester_id): wanted.requester_id,
        col(Action.initiative_id): wanted.initiative_id,
        col(Action.batch_id): wanted.batch_id,
    }
    found += [column == value for column, value in equal.items() if value is not None]
    if wanted.states:
        found.append(col(Action.state).in_(wanted.states))
    if wanted.due_until is not None:
        found.append(col(Action.due_on) <= wanted.due_until)
    if wanted.overdue:
        found.append(_late(today))
    if wanted.for_person is not None:
        helps = select(ActionHelper.action_id).where(ActionHelper.person_id == wanted.for_person)
        mine = (col(Action.owner_id) == wanted.for_person, col(Action.requester_id) == wanted.for_person)
        found.append(or_(*mine, col(Action.id).in_(helps)))
    return found


def held_by(person_id: int) -> ColumnElement[bool]:
    """Whose turn it is: the owner's, and while there is none, that of who asked for it."""
    free = and_(col(Action.owner_id).is_(None), Action.requester_id == person_id)
    return or_(Action.owner_id == person_id, free)


async def waiting_of(tx: Tx, owner_id: int, until: date, *, most: int) -> Sequence[Action]:
    """What a person was asked to take on, and what of theirs waits and is due until a day; the earliest first."""
    due = or_(Action.state == Action.State.PROPOSED, col(Action.due_on) <= until)
    return await tx.all(
        select(Action)
        .where(held_by(owner_id), col(Action.state).in_(WAITING), due)
        .order_by(col(Action.due_on), col(Action.priority), col(Action.id))
        .limit(most)
    )


async def due_on(tx: Tx, owner_id: int, on: date, *, most: int) -> Sequence[Action]:
    """What of a person falls due on a day and was not called off."""
    theirs = (Action.owner_id == owner_id, Action.due_on == on, Action.state != Action.State.CANCELLED)
    return await tx.all(select(Action).where(*theirs).order_by(col(Action.priority), col(Action.id)).limit(most))


async def claims_for(tx: Tx, person_id: int, on: date, *, most: int) -> Sequence[Action]:
    """What others say is done and a person can accept: they asked for it, or lead the owner; the earliest first."""
    led = (
        select(Membership.person_id)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(
            Team.lead_id == person_id,
            col(Membership.from_on) <= on,
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
        )
    )
    theirs = or_(Action.requester_id == person_id, col(Action.owner_id).in_(led))
    claimed = (Action.state == Action.State.DONE_CLAIMED, Action.owner_id != person_id)
    return await tx.all(
        select(Action).where(*claimed, theirs).order_by(col(Action.finished_on), col(Action.id)).limit(most)
    )


async def open_in_department(tx: Tx, department_id: int, *, most: int) -> Sequence[Action]:
    """What people of a department have agreed to do and not done; the earliest due first."""
    theirs = (col(Action.state).in_(AGREED), Person.department_id == department_id)
    return await tx.all(
        select(Action)
        .join(Person, col(Person.id) == Action.owner_id)
        .where(*theirs)
        .order_by(col(Action.due_on).is_(None), col(Action.due_on), col(Action.id))
        .limit(most)
    )
