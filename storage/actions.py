"""Actions: one thing to do, with one owner and a date."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Noun, Utc, constraints, count, number_of, personal, word
from storage.people import Person
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
    blocker_id: int | None = number_of("blocker", default=None, nullable=True)
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
AGREED = (Action.State.OPEN, Action.State.IN_PROGRESS, Action.State.BLOCKED, Action.State.DONE_CLAIMED)


async def action_coded(tx: Tx, code: str) -> Action | None:
    """The action with that code, in any case."""
    return await tx.first(select(Action).where(Action.code == code.upper()))


async def helpers_of(tx: Tx, action: Action) -> list[Person]:
    """Who helps with an action, in the order in which they said so."""
    joined = select(Person).join(ActionHelper, col(ActionHelper.person_id) == Person.id)
    return list(await tx.all(joined.where(ActionHelper.action_id == action.id).order_by(col(ActionHelper.id))))
