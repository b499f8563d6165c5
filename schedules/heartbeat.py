"""The one job: every second the clock ticks; a simulated clock also jumps, stopping wherever something is due."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.dispatch import Done
from bot.metrics import Metrics
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.simulated import BotClock, SimulatedClock, remember
from storage.cadences import next_due
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import next_message_at
from storage.tx import SYSTEM

BEAT_S = 1
REMEMBER_S = 10.0  # how often a quiet clock writes down where it stands
STALLED_S = 15.0  # without a finished beat for so long, the clock is not well

log = structlog.get_logger()


class Heartbeat:
    """Drives the clock. Jumps and beats take turns, so that time never moves in two places."""

    def __init__(
        self,
        database: Database,
        ticker: Ticker,
        delivery: Delivery,
        clock: BotClock,
        *,
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._ticker = ticker
        self._delivery = delivery
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._turn = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._beaten = time.monotonic()
        self._beaten_well = time.monotonic()
        self._remembered = 0.0

    def start(self) -> None:
        """Starts the job. Its own misfire rules are off: catching up is decided by our rows."""
        self._beaten = self._beaten_well = time.monotonic()
        self._scheduler.add_job(
            self.beat, "interval", seconds=BEAT_S, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Ends the job after the beat that is under way, and remembers the time."""
        if self._scheduler.running:
            self._scheduler.pause()
        async with self._turn:
            if self._scheduler.running:
                # Only now: shutting down cancels a beat that is under way.
                self._scheduler.shutdown(wait=False)
            try:
                await remember(self._database, self._clock)
            except DatabaseError as problem:
                log.warning("clock_not_remembered", why=str(problem))

    @property
    def is_well(self) -> bool:
        """Whether beats still finish."""
        return time.monotonic() - self._beaten_well < STALLED_S

    async def beat(self) -> None:
        """One second has passed."""
        async with self._turn:
            with self._metrics.beats.time():
                await self._beat()

    async def _beat(self) -> None:
        passed = time.monotonic() - self._beaten
        self._beaten = time.monotonic()
        try:
            if isinstance(self._clock, SimulatedClock):
                await self._move(self._clock, self._clock.now() + timedelta(seconds=passed) * self._clock.speed)
            else:
                await self._tick()
            await self._remember_now_and_then()
            self._beaten_well = time.monotonic()
        except DatabaseError as problem:
            log.warning("clock_waits", why=str(problem))
        except Exception:  # the clock must outlive every fault
            log.exception("beat_failed")

    async def advance(self, by: timedelta) -> list[Done]:
        """Moves a simulated clock on. Raises: TypeError on real time."""
        async with self._turn:
            clock = self._simulated()
            done = await self._move(clock, clock.now() + by)
            await remember(self._database, clock)
            return done

    async def advance_to(self, at: datetime) -> list[Done]:
        """Moves a simulated clock to an instant, stopping at everything that is due until then."""
        async with self._turn:
            clock = self._simulated()
            done = await self._move(clock, at)
            await remember(self._database, clock)
            return done

    async def next_event(self) -> list[Done]:
        """Moves a simulated clock to the next thing that is due; it stays where nothing is."""
        async with self._turn:
            clock = self._simulated()
            # A rhythm that was just changed gets its next slot from a tick.
            done = list(await self._tick())
            at = await self._next_step() or await self._next_due()
            if at is not None:
                done += await self._move(clock, at)
            await remember(self._database, clock)
            return done

    async def set_speed(self, speed: int) -> None:
        """How many seconds pass in one; 0 stops a simulated clock."""
        async with self._turn:
            clock = self._simulated()
            clock.speed = speed
            await remember(self._database, clock)

    def _simulated(self) -> SimulatedClock:
        if not isinstance(self._clock, SimulatedClock):
            raise TypeError("real time can't be moved")
        return self._clock

    async def _move(self, clock: SimulatedClock, target: datetime) -> list[Done]:
        done = list(await self._tick())
        while (at := await self._next_due()) is not None and at <= target:
            clock.move_to(at)
            done += await self._tick()
        clock.move_to(max(target, clock.now()))
        return done

    async def _tick(self) -> Sequence[Done]:
        done = await self._ticker.tick(self._clock.now())
        if isinstance(self._clock, SimulatedClock):
            await self._delivery.drain()
        elif done:
            self._delivery.wake()
        return done

    async def _next_due(self) -> datetime | None:
        async with self._database.read(SYSTEM) as tx:
            step = await next_due(tx, self._clock.now())
            message = await next_message_at(tx, self._clock.now())
        return min((at for at in (step, message) if at is not None), default=None)

    async def _next_step(self) -> datetime | None:
        async with self._database.read(SYSTEM) as tx:
            return await next_due(tx, self._clock.now())

    async def _remember_now_and_then(self) -> None:
        if time.monotonic() - self._remembered > REMEMBER_S:
            await remember(self._database, self._clock)
            self._remembered = time.monotonic()
