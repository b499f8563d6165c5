"""What the transformation map asks of the rows: a few columns of all that is open, in few queries."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

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
    has_milestone: bool
    """One that is open."""


class Late(NamedTuple):
    """An open milestone that is behind its baseline, or whose forecast has passed."""

    id: int
    initiative_id: int
    forecast_on: date
    baseline_on: date | None


class Pushed(NamedTuple):
    """A milestone that waits for a late one."""

    late_id: int
    lag_days: int
    duration_days: int
    baseline_on: date


async def initiatives_ahead(tx: Tx) -> Sequence[Ahead]:
    """Everything that is still ahead, oldest first."""
    waits = select(Milestone.id).where(
        Milestone.initiative_id == Initiative.id, col(Milestone.state).in_(OPEN_MILESTONES)
    )
    query = columns_of(
        col(Initiative.id),
        col(Initiative.code),
        col(Initiative.title),
        col(Initiative.domain_id),
        col(Initiative.department_id),
        col(Initiative.ends_on),
        waits.exists(),
    ).where(col(Initiative.state).in_(AHEAD))
    return [Ahead(*row) for row in await tx.columns(query.order_by(col(Initiative.id)))]


async def late_milestones(tx: Tx, today: date) -> Sequence[Late]:
    """The open milestones that are late."""
    query = select(
        col(Milestone.id), col(Milestone.initiative_id), col(Milestone.forecast_on), col(Milestone.baseline_on)
    ).where(
        col(Milestone.state).in_(OPEN_MILESTONES),
        or_(col(Milestone.forecast_on) < today, col(Milestone.forecast_on) > col(Milestone.baseline_on)),
    )
    return [Late(*row) for row in await tx.columns(query)]


async def pushed_by_late(tx: Tx) -> Sequence[Pushed]:
    """What has a baseline and waits for an open milestone that is behind its own."""
    late, after = aliased(Milestone), aliased(Milestone)
    query = (
        select(col(late.id), col(Dependency.lag_days), col(after.duration_days), col(after.baseline_on))
        .join(late, col(late.id) == Dependency.from_id)
        .join(after, col(after.id) == Dependency.to_id)
        .where(
            Dependency.thing == Thing.MILESTONE.value,
            col(late.state).in_(OPEN_MILESTONES),
            col(late.forecast_on) > col(late.baseline_on),
            col(after.state).not_in([Milestone.State.CANCELLED, Milestone.State.WAIVED]),
            col(after.baseline_on).is_not(None),
        )
    )
    return [Pushed(late_id, lag, days, on) for late_id, lag, days, on in await tx.columns(query) if on is not None]
