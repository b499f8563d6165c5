"""A rhythm that is changed at the very moment at which a clock moves it on."""

import asyncio
from datetime import UTC, datetime, time

from sqlmodel import select

from bot.huddles.running import replan
from schedules.clock import Ticker
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.errors import Conflict
from storage.huddles import Huddle
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch
from tests.support.turns import Life, LivedDatabase, Turns

MONDAY_AT_NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def move_to(here: FieldDispatch, database: Database, at_time: time) -> None:
    """The huddle is moved; as the dispatcher does, once more when somebody else was at the same rows."""
    for _ in range(2):
        try:
            async with database.write(NORTHWATER) as tx:
                tx.acts_for(by=None, event_id=None, now=here.clock.now())
                (huddle,) = await tx.all(select(Huddle))
                huddle.at_time = at_time
                await tx.flush()
                await replan(tx, huddle, here.clock.now())
        except Conflict:
            continue
        return


async def test_a_huddle_that_is_moved_while_the_clock_reads_its_rhythm_happens_at_its_new_time(
    database: Database,
) -> None:
    """A new rhythm has no next slot: the clock gives it one while the change, which wants none either, is under way."""
    here = await field_dispatch(database, MONDAY_AT_NINE)
    # The clock looks, the clock reads, the change reads, the clock commits, the change commits.
    turns = Turns([0, 1, 0, 0], patience_s=0.5)
    clock = Ticker(LivedDatabase(database, Life(turns)), here.dispatcher)
    lived = LivedDatabase(database, Life(turns))
    async with asyncio.timeout(20):
        await turns.together(clock.materialise(here.clock.now()), move_to(here, lived, time(14)))
    await here.wakes_at(MONDAY_AT_NINE)
    async with database.read(SYSTEM) as tx:
        (cadence,) = await tx.all(select(Cadence).where(Cadence.kind == "huddle.open"))
        assert await tx.all(select(Occurrence.key)) == []
    assert cadence.next_slot == datetime(2026, 11, 23, 14)  # noqa: DTZ001 - a wall-clock time
    assert here.asked == []
