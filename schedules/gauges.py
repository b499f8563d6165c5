"""What the database says about the work in it, in the shapes that Prometheus reads."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Gauge

from bot.ports import Clock
from storage.backlog import depths, lag, resting_lanes
from storage.cadences import clock_state
from storage.engine import Database
from storage.tx import SYSTEM

LANE = ("platform", "traffic")


async def gauges(database: Database, clock: Clock) -> CollectorRegistry:
    """The state of this moment, over all organisations. Raises: DatabaseError."""
    now, real_now = clock.now(), datetime.now(UTC)
    async with database.read(SYSTEM) as tx:
        unsettled = await depths(tx, now)
        resting = await resting_lanes(tx, real_now)
        behind = await lag(tx, now, real_now)
        state = await clock_state(tx)
    registry = CollectorRegistry()
    _gauge(registry, "clock_lag_seconds", "How long the oldest thing that is due waits for the clock").set(
        behind.total_seconds()
    )
    if state is not None:
        age = _gauge(registry, "clock_remembered_seconds", "Since when the clock has not written down where it stands")
        age.set(max(0.0, (now - state.ticked_at).total_seconds()))
    number = _gauge(registry, "messages", "Messages that are due and not settled", (*LANE, "state"))
    oldest = _gauge(registry, "oldest_message_seconds", "How long the oldest of them has been due", (*LANE, "state"))
    for depth in unsettled:
        number.labels(depth.platform, depth.traffic, depth.state).set(depth.number)
        oldest.labels(depth.platform, depth.traffic, depth.state).set((now - depth.oldest_due_at).total_seconds())
    rests = _gauge(registry, "resting_lanes", "Lanes that rest because the platform asked them to", LANE)
    for platform, traffic, count in resting:
        rests.labels(platform, traffic).set(count)
    return registry


def _gauge(registry: CollectorRegistry, name: str, meaning: str, labels: tuple[str, ...] = ()) -> Gauge:
    return Gauge(f"folkmoot_{name}", meaning, labels, registry=registry)
