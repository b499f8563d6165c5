"""A real bot in a process of its own that kills itself at a chosen moment, as kill -9 or a power cut would."""

import asyncio
import logging
import os
import signal
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from multiprocessing.connection import Connection

import structlog
from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import Engine, event
from sqlmodel import and_, col, or_, select

from bot.chat.cards import Card
from bot.house import House, assemble, engine_running, web_running
from bot.ports import Destination
from bot.settings import Settings
from schedules.simulated import ClockTaken, SimulatedClock, own_clock
from storage.engine import Database
from storage.messages import Lane, Message
from storage.tx import SYSTEM

LIVES_S = 60.0  # no process outlives its test by much
UNDER_WAY = (Message.State.SENDING, Message.State.UNKNOWN)


class Moment(StrEnum):
    """When it dies; a send is a post, one that replaces another, and one that takes it away."""

    NEVER = "never"
    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    BEFORE_SEND = "before a send"
    AFTER_SEND = "after a send"


@dataclass(frozen=True, slots=True)
class Death:
    """At the `number`th of these moments after the process was armed."""

    moment: Moment = Moment.NEVER
    number: int = 1

    def __str__(self) -> str:
        return f"{self.moment} {self.number}"


class Fuse:
    """Counts moments once it is armed."""

    def __init__(self) -> None:
        self._death: Death | None = None
        self.come: Counter[str] = Counter()
        self.doubled: list[str] = []
        """Keys of messages that were posted while they stood there: another platform would show them twice."""

    def arm(self, death: Death) -> None:
        """From here on it counts."""
        self._death = death
        self.come.clear()

    def burn(self, moment: Moment) -> None:
        """One of these moments has come."""
        if self._death is None:
            return
        self.come[moment] += 1
        if moment is self._death.moment and self.come[moment] == self._death.number:
            os.kill(os.getpid(), signal.SIGKILL)


def live(database_url: str, line: Connection) -> None:
    """Serves on a free port, told over `line`, until it is killed; does what it is asked over `line`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    signal.alarm(int(LIVES_S))
    asyncio.run(_live(database_url, line))


async def _live(database_url: str, line: Connection) -> None:
    database, fuse = Database(database_url), Fuse()
    with database.alone():
        async with AsyncExitStack() as running:
            clock = await _clock_of(database, running)
            house = assemble(database, clock)
            _lay(fuse, house)
            await running.enter_async_context(engine_running(house))
            port = await running.enter_async_context(web_running(house, Settings(PORT=0), with_clock=True))
            line.send(port)
            await _obey(house, fuse, line)


async def _clock_of(database: Database, running: AsyncExitStack) -> SimulatedClock:
    """The clock, which only moves when it is told to."""
    while True:
        try:
            clock = await running.enter_async_context(own_clock(database, None, None))
        except ClockTaken:
            # A server sees only a moment after a kill that the connection which held the clock is gone.
            await asyncio.sleep(0.01)
        else:
            assert isinstance(clock, SimulatedClock)
            clock.speed = 0
            return clock


async def _obey(house: House, fuse: Fuse, line: Connection) -> None:
    """Does what it is asked, one thing after the other, until the other end of the line is gone."""
    while True:
        try:
            asked, what = await asyncio.to_thread(line.recv)
        except EOFError:
            return
        match asked:
            case "arm":
                fuse.arm(what)
                line.send(None)
            case "until":
                await house.heartbeat.advance_to(what)
                line.send(None)
            case "settle":
                line.send(await _settles(house, within_s=what))
            case "come":
                line.send(dict(fuse.come))
            case "doubled":
                line.send(fuse.doubled)
            case _:
                raise LookupError(asked)


async def _settles(house: House, *, within_s: float) -> bool:
    """Waits until nothing is under way; whether it came to that."""
    try:
        async with asyncio.timeout(within_s):
            while await _is_busy(house):  # noqa: ASYNC110 - only the rows tell it
                await asyncio.sleep(0.01)
    except TimeoutError:
        return False
    return True


async def _is_busy(house: House) -> bool:
    """Whether something is due that is not shown yet, or a lane belongs to somebody."""
    waits = and_(col(Message.state) == Message.State.READY, col(Message.due_at) <= house.clock.now())
    async with house.database.read(SYSTEM) as tx:
        message = await tx.first(select(Message.id).where(or_(col(Message.state).in_(UNDER_WAY), waits)))
        lane = await tx.first(select(Lane.id).where(col(Lane.lease_until) > datetime.now(UTC)))
    return (message, lane) != (None, None)


def _lay(fuse: Fuse, house: House) -> None:
    @event.listens_for(Engine, "commit")
    def _committing(connection: DatabaseConnection) -> None:
        if connection.get_execution_options().get("folkmoot_writes"):
            fuse.burn(Moment.BEFORE_COMMIT)

    house.database.on_commit(lambda: fuse.burn(Moment.AFTER_COMMIT))
    post, update, delete = house.local.post, house.local.update, house.local.delete

    async def mined_post(to: Destination, card: Card, *, key: str) -> str:
        if await house.local.find(to, key) is not None:
            fuse.doubled.append(key)
        fuse.burn(Moment.BEFORE_SEND)
        ref = await post(to, card, key=key)
        fuse.burn(Moment.AFTER_SEND)
        return ref

    async def mined_update(to: Destination, ref: str, card: Card) -> None:
        fuse.burn(Moment.BEFORE_SEND)
        await update(to, ref, card)
        fuse.burn(Moment.AFTER_SEND)

    async def mined_delete(to: Destination, ref: str) -> None:
        fuse.burn(Moment.BEFORE_SEND)
        await delete(to, ref)
        fuse.burn(Moment.AFTER_SEND)

    house.local.post = mined_post  # type: ignore[method-assign]  # the platform may be doubled
    house.local.update = mined_update  # type: ignore[method-assign]
    house.local.delete = mined_delete  # type: ignore[method-assign]
