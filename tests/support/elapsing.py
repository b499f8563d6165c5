"""Real time that passes without waiting for it: leases, rests and retries come nearer by as much."""

from datetime import timedelta

from sqlmodel import col, select

from storage.engine import Database
from storage.messages import Lane, Message
from storage.tx import SYSTEM


async def real_time_passes(database: Database, by: timedelta = timedelta(hours=1)) -> None:
    """Moves every instant of real time in the delivery's rows back."""
    async with database.write(SYSTEM) as tx:
        # Row by row in one order, as the delivery does, so that nobody waits in a circle.
        for lane in await tx.all(select(Lane).order_by(col(Lane.id)).with_for_update(key_share=True)):
            lane.lease_until = lane.lease_until and lane.lease_until - by
            lane.blocked_until = lane.blocked_until and lane.blocked_until - by
        for message in await tx.all(select(Message).order_by(col(Message.id)).with_for_update(key_share=True)):
            message.retry_at = message.retry_at and message.retry_at - by
            message.lease_until = message.lease_until and message.lease_until - by
