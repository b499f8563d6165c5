"""What the transformation map asks of the rows: a few columns of all that is open, in few queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, case, cast, func
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
    found = await tx.columns(_worst(_is_postgresql(tx)), {"today": today, "amber_most": amber_most})
    ranks = {each.value: each for each in Worst}
    return {number: ranks[rank] for number, rank in found}


@cache
def _worst(is_postgresql: bool) -> Select[int, int]:  # noqa: FBT001 - the one thing on which its words depend
    """Worded once for each kind of database: to word it takes a good part of the time that it takes."""
    end = _end_of(Milestone)
    slip = _days(end, col(Milestone.baseline_on), is_postgresql=is_postgresql)
    passed = and_(col(Milestone.state) == Milestone.State.PLANNED, end < bindparam("today", type_=Date))
    colour = case(
        (or_(passed, slip > bindparam("amber_most", type_=Integer)), Worst.RED.value),
        (and_(slip > 0, col(Milestone.id).in_(_pushing(is_postgresql=is_postgresql))), Worst.RED.value),
        (slip > 0, Worst.AMBER.value),
        else_=Worst.GREEN.value,
    )
    return (
        select(col(Milestone.initiative_id), func.max(colour))
        .where(col(Milestone.state).in_(OPEN_MILESTONES))
        .group_by(col(Milestone.initiative_id))
    )


def _pushing(*, is_postgresql: bool) -> SelectOfScalar[int]:
    """The milestones that move one which waits for them past its baseline.

    Found once for all, not for each, which took longer than everything else.
    """
    before, after = aliased(Milestone), aliased(Milestone)
    end = _days(_end_of(before), col(after.baseline_on), is_postgresql=is_postgresql)
    over = end + col(Dependency.lag_days) + 1
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


def _days(later: ColumnElement[date], earlier: SQLCoreOperations[Any], *, is_postgresql: bool) -> ColumnElement[int]:
    """Calendar days from one day to another, as the database counts them; null where one is."""
    if is_postgresql:
        return cast(later, Date) - cast(earlier, Date)  # type: ignore[return-value]  # there, days are a whole number
    return cast(func.julianday(later) - func.julianday(earlier), Integer)


def _is_postgresql(tx: Tx) -> bool:
    return tx.session.get_bind().dialect.name == "postgresql"
