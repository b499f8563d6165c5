"""How much waits, since when, and how far the clock is behind: what an operator looks at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, select

from storage.cadences import Cadence, Occurrence
from storage.messages import Lane, Message
from storage.organisations import Install
from storage.tx import Tx

UNSETTLED = (
    Message.State.READY,
    Message.State.SENDING,
    Message.State.UNKNOWN,
    Message.State.PARKED,
    Message.State.DEAD,
)


class Depth(NamedTuple):
    """Messages of one state in the lanes of one platform and traffic class, and when the oldest was due."""

    platform: str
    traffic: Lane.Traffic
    state: Message.State
    number: int
    oldest_due_at: datetime


async def depths(tx: Tx, now: datetime) -> Sequence[Depth]:
    """Messages that are due and not settled, by platform, traffic class and state."""
    found: list[Depth] = []
    for state in UNSETTLED:  # one at a time: SQLite uses its partial indexes only for an equation
        query = (
            select_columns(
                col(Install.platform), col(Lane.traffic), func.count(col(Message.id)), func.min(col(Message.due_at))
            )
            .select_from(Message)
            .join(Lane, col(Lane.id) == Message.lane_id)
            .join(Install, col(Install.id) == Lane.install_id)
            .where(col(Message.state) == state, col(Message.due_at) <= now)
            .group_by(col(Install.platform), col(Lane.traffic))
        )
        found += [
            Depth(platform, traffic, state, number, at) for platform, traffic, number, at in await tx.columns(query)
        ]
    return found


async def resting_lanes(tx: Tx, real_now: datetime) -> Sequence[tuple[str, Lane.Traffic, int]]:
    """How many lanes rest because the platform asked them to: platform, traffic class, number."""
    query = (
        select_columns(col(Install.platform), col(Lane.traffic), func.count(col(Lane.id)))
        .join(Install, col(Install.id) == Lane.install_id)
        .where(col(Lane.blocked_until) > real_now)
        .group_by(col(Install.platform), col(Lane.traffic))
    )
    return await tx.columns(query)


async def lag(tx: Tx, now: datetime, real_now: datetime) -> timedelta:
    """How long the oldest thing that is due waits for the clock; a step that failed and rests does not count."""
    slot = await tx.first(
        select(col(Cadence.next_at)).where(col(Cadence.next_at) <= now).order_by(col(Cadence.next_at))
    )
    rested = or_(col(Occurrence.retry_at).is_(None), col(Occurrence.retry_at) <= real_now)
    planned = (Occurrence.state == Occurrence.State.PLANNED, col(Occurrence.due_at) <= now, rested)
    step = await tx.first(select(Occurrence.due_at).where(*planned).order_by(col(Occurrence.due_at)))
    return now - min((at for at in (slot, step) if at is not None), default=now)
