"""What the transformation map asks of the rows: a few columns of all that is open, in few queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, case, cast, func
from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.initiatives import Dependency, Initiative, Milestone
from storage.links import Thing
from storage.portfolio import OPEN_STATES
from storage.tx import Tx

AHEAD = tuple(state for state in OPEN_STATES if state is not Initiative.State.DELIVERED)
"""What is still to be done; the rest is history, and nothing waits for it any more."""
OPEN_MILESTONES = (Milestone.State.PLANNED, Milestone.State.CLAIMED)


class Ahead(NamedTuple):
    """An initiative that is still ahead."""

    id: int
    code: str
    title: str
    domain_id: int | None
    department_id: int | None
    ends_on: date | None


class Worst(IntEnum):
    """The colour of an initiative's worst open milestone. Source: domain.md 4.7."""

    GREEN = 1
    AMBER = 2
    RED = 3


async def initiatives_ahead(tx: Tx) -> Sequence[Ahead]:
    """Everything that is still ahead, oldest first."""
    query = columns_of(
        col(Initiative.id),
        col(Initiative.code),
        col(Initiative.title),
        col(Initiative.domain_id),
        col(Initiative.department_id),
        col(Initiative.ends_on),
    ).where(col(Initiative.state).in_(AHEAD))
    return [Ahead._make(row) for row in await tx.columns(query.order_by(col(Initiative.id)))]


async def worst_milestones(tx: Tx, today: date, *, amber_most: int) -> Mapping[int, Worst]:
    """The colour of each initiative with an open milestone, by the rule of `bot.work.slip`; `amber_most` are days."""
    end = _end_of(Milestone)
    slip = days_between(tx, end, col(Milestone.baseline_on))
    has_passed = and_(col(Milestone.state) == Milestone.State.PLANNED, end < today)
    colour = case(
        (or_(has_passed, slip > amber_most), Worst.RED.value),
        (and_(slip > 0, col(Milestone.id).in_(_pushing(tx))), Worst.RED.value),
        (slip > 0, Worst.AMBER.value),
        else_=Worst.GREEN.value,
    )
    query = (
        select(col(Milestone.initiative_id), func.max(colour))
        .where(col(Milestone.state).in_(OPEN_MILESTONES))
        .group_by(col(Milestone.initiative_id))
    )
    ranks = {each.value: each for each in Worst}
    return {number: ranks[rank] for number, rank in await tx.columns(query)}


def _pushing(tx: Tx) -> SelectOfScalar[int]:
    """The milestones that move one which waits for them past its baseline.

    Found once for all, not for each: beyond a cost that PostgreSQL guesses it compiles a query, which took longer
    than the query itself.
    """
    before, after = aliased(Milestone), aliased(Milestone)
    over = days_between(tx, _end_of(before), col(after.baseline_on)) + col(Dependency.lag_days) + 1
    return (
        select(Dependency.from_id)
        .join(before, col(before.id) == Dependency.from_id)
        .join(after, col(after.id) == Dependency.to_id)
        .where(
            Dependency.thing == Thing.MILESTONE.value,
            col(before.state).in_(OPEN_MILESTONES),
            col(after.state) == Milestone.State.PLANNED,
            over + col(after.duration_days) > 0,
        )
    )


def _end_of(milestone: type[Milestone]) -> ColumnElement[date]:
    """The day on which an open milestone is expected, or is said to be reached."""
    return case(
        (col(milestone.state) == Milestone.State.CLAIMED, func.coalesce(milestone.claimed_on, milestone.forecast_on)),
        else_=func.coalesce(milestone.proposed_on, milestone.forecast_on),
    )


def days_between(tx: Tx, later: ColumnElement[date], earlier: SQLCoreOperations[Any]) -> ColumnElement[int]:
    """Calendar days from one day to another, as the database counts them; null where one is."""
    if tx.session.get_bind().dialect.name == "postgresql":
        return cast(later, Date) - cast(earlier, Date)  # type: ignore[return-value]  # there, days are a whole number
    return cast(func.julianday(later) - func.julianday(earlier), Integer)
