"""Blockers: what stops somebody's work, numbered so that it can't be forgotten."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Noun, Utc, constraints, number_of, personal, word
from storage.tx import Tx


class Blocker(Noun, table=True):
    """Something in the way, raised by one person, waiting perhaps for a department."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        RAISED = "raised"
        ACKNOWLEDGED = "acknowledged"
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
    state: State = word(State, default=State.RAISED)
    resolved_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    resolution: str = personal(default="")


async def blocker_coded(tx: Tx, code: str) -> Blocker | None:
    """The blocker with that code."""
    return await tx.first(select(Blocker).where(Blocker.code == code.upper()))


async def open_blockers(tx: Tx, team_id: int) -> Sequence[Blocker]:
    """What is in a team's way, newest first."""
    return await tx.all(
        select(Blocker)
        .where(Blocker.team_id == team_id, Blocker.state != Blocker.State.RESOLVED)
        .order_by(col(Blocker.raised_on).desc(), col(Blocker.id))
    )
