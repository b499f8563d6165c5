"""The bot's now: real, or simulated for demonstrations, rehearsals and tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlmodel import col, func, select

from storage.cadences import ClockState, Occurrence, clock_state
from storage.engine import ClockPlace, Database
from storage.errors import BotError
from storage.events import EventSeen
from storage.tx import SYSTEM

WATCH_S = 1.0


class RealClock:
    """The machine's clock."""

    is_simulated = False

    def now(self) -> datetime:
        """Aware and in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that only moves when it is told to, and never back."""

    is_simulated = True

    def __init__(self, at: datetime, speed: int = 1) -> None:
        self._at = at.astimezone(UTC)
        self.speed = speed

    def now(self) -> datetime:
        """Aware and in UTC."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Raises: ValueError when `at` is in the past."""
        if at < self._at:
            raise ValueError(f"the clock stands at {self._at}, it can't go back to {at}")
        self._at = at


BotClock = RealClock | SimulatedClock


class WrongClock(BotError):
    """The database has lived on the other kind of time."""


class ClockTaken(BotError):
    """A simulated clock lives in one process."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"another Folkmoot already moves the simulated clock of the database at {where}; "
            "end it first, or set DATABASE_URL to another database"
        )


@asynccontextmanager
async def own_clock(database: Database, seed: datetime | None, speed: int | None) -> AsyncIterator[BotClock]:
    """The clock of a database; while the block runs, no other process has it where it is simulated.

    Raises: ClockTaken, WrongClock.
    """
    clock = await clock_for(database, seed, speed)
    place = database.clock_place()
    if not clock.is_simulated or place is None:
        yield clock
        return
    if not await place.take():
        raise ClockTaken(database.where)
    try:
        async with _watched(place, database.where):
            # Read anew: until a moment ago another process may have moved it.
            yield await clock_for(database, seed, speed)
    finally:
        await place.leave()


@asynccontextmanager
async def _watched(place: ClockPlace, where: str) -> AsyncIterator[None]:
    """Ends the block with ClockTaken once another process has the place: a server that restarts forgets who had it."""
    inside = asyncio.current_task()
    is_lost = False

    async def watch() -> None:
        nonlocal is_lost
        while await place.is_ours():  # noqa: ASYNC110 - only the server knows
            await asyncio.sleep(WATCH_S)
        is_lost = True
        if inside is not None:
            inside.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not is_lost or inside is None:
            raise
        inside.uncancel()
        raise ClockTaken(where) from None
    finally:
        watching.cancel()


async def clock_for(database: Database, seed: datetime | None, speed: int | None) -> BotClock:
    """The clock of a database: a simulated one goes on where it stood, `seed` only starts a new one.

    Raises: WrongClock when `seed` is given for a database that has run on real time.
    """
    async with database.read(SYSTEM) as tx:
        state = await clock_state(tx)
        acted = await tx.first(select(EventSeen.at).order_by(col(EventSeen.id).desc()))
        stepped = await tx.first(select(func.max(col(Occurrence.done_at))))
    if state is None:
        return RealClock() if seed is None else SimulatedClock(seed, 1 if speed is None else speed)
    if state.simulated:
        # Between two remembered ticks people and steps may have acted; time never goes back behind what they did.
        stood = max(at for at in (state.ticked_at, acted, stepped) if at is not None)
        return SimulatedClock(stood, state.speed if speed is None else speed)
    if seed is not None:
        raise WrongClock(
            "this database has run on real time, so --clock would mix two kinds of days; "
            "leave --clock out, or set DATABASE_URL to another database"
        )
    return RealClock()


async def remember(database: Database, clock: BotClock) -> None:
    """Keeps where the clock stands, so that a restart knows how long it was away."""
    async with database.write(SYSTEM) as tx:
        state = await clock_state(tx) or ClockState(ticked_at=clock.now())
        state.ticked_at = clock.now()
        state.simulated = clock.is_simulated
        state.speed = clock.speed if isinstance(clock, SimulatedClock) else 1
        tx.session.add(state)
