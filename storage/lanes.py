"""What the delivery asks of lanes, again and again: each question is worded once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, update
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import RowId, Utc
from storage.messages import Lane, Message
from storage.tx import Tx

LANES_AT_ONCE = 8  # leased in one look


def _lanes_due() -> SelectOfScalar[Lane]:
    now, real = bindparam("now", type_=Utc), bindparam("real_now", type_=Utc)
    due = select(Message.id).where(
        Message.lane_id == Lane.id,
        Message.state == Message.State.READY,
        col(Message.due_at) <= now,
        or_(col(Message.retry_at).is_(None), col(Message.retry_at) <= real),
    )
    free = or_(col(Lane.lease_until).is_(None), col(Lane.lease_until) <= real)
    rested = or_(col(Lane.blocked_until).is_(None), col(Lane.blocked_until) <= real)
    lanes = select(Lane).where(free, rested, due.exists())
    return lanes.order_by(col(Lane.served_at).asc().nulls_first(), col(Lane.id))


_SOME_LANE_DUE = _lanes_due().limit(1)
_LANES_DUE = _lanes_due().limit(LANES_AT_ONCE).with_for_update(skip_locked=True, key_share=True)
_LEASED = (
    col(Lane.id) == bindparam("its_id", type_=RowId),
    col(Lane.epoch) == bindparam("its_epoch", type_=Integer),
)
_LANE_LEASED = select(Lane).where(*_LEASED).limit(1)
_FREED = update(Lane).where(*_LEASED).values(owner=None, lease_until=None, throttled=0)


async def is_lane_due(tx: Tx, now: datetime, real_now: datetime) -> bool:
    """Whether a lane that is free and has rested has something due at `now`, the bot's time."""
    return await tx.first(_SOME_LANE_DUE, {"now": now, "real_now": real_now}) is not None


async def lanes_due(tx: Tx, now: datetime, real_now: datetime) -> Sequence[Lane]:
    """Those lanes, locked, the least recently served first."""
    return await tx.all(_LANES_DUE, {"now": now, "real_now": real_now})


async def lane_leased(tx: Tx, lane_id: int, epoch: int) -> Lane | None:
    """A lane, unless it was leased to somebody else since."""
    return await tx.first(_LANE_LEASED, {"its_id": lane_id, "its_epoch": epoch})


async def free_lane(tx: Tx, lane_id: int, epoch: int, *, rests_until: datetime | None) -> bool:
    """Gives a lane back that was leased at that epoch, and says whether it still was; it may have to rest."""
    resting = {"blocked_until": rests_until, "throttled": Lane.throttled + 1}
    change = _FREED if rests_until is None else _FREED.values(**resting)
    return bool(await tx.changed(change, {"its_id": lane_id, "its_epoch": epoch}))
