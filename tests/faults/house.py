"""A real bot in a process of its own that kills itself at a chosen moment, as kill -9 or a power cut would."""

import asyncio
import logging
import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection

import structlog
from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import Engine, event

from bot.__main__ import House, assemble, engine_running, web_running
from bot.chat.cards import Card
from bot.ports import Destination
from bot.settings import Settings
from schedules.simulated import clock_for
from storage.engine import Database

LIVES_S = 60.0  # no process outlives its test by much


class Moment(StrEnum):
    """When it dies; a post is also one that replaces another."""

    NEVER = "never"
    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    BEFORE_POST = "before post"
    AFTER_POST = "after post"


@dataclass(frozen=True, slots=True)
class Death:
    """At the `number`th of these moments after the process was armed."""

    moment: Moment = Moment.NEVER
    number: int = 1

    def __str__(self) -> str:
        return f"{self.moment} {self.number}"


class Fuse:
    """Counts moments once it is armed."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._left = death.number
        self._armed = False

    def arm(self) -> None:
        """From here on it counts."""
        self._armed = True

    def burn(self, moment: Moment) -> None:
        """One of these moments has come."""
        if self._armed and moment is self._death.moment:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def live(database_url: str, death: Death, line: Connection) -> None:
    """Serves on a free port, told over `line`, until it is killed; SIGUSR1 arms it, which is told too."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    signal.alarm(int(LIVES_S))
    asyncio.run(_live(database_url, Fuse(death), line))


async def _live(database_url: str, fuse: Fuse, line: Connection) -> None:
    database = Database(database_url)
    with database.alone():
        house = assemble(database, await clock_for(database, None, None))
        _lay(fuse, house)
        settings = Settings(PORT=0)
        async with engine_running(house), web_running(house, settings, with_clock=True) as port:

            def arm() -> None:
                fuse.arm()
                line.send("armed")

            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, arm)
            line.send(port)
            await asyncio.Event().wait()


def _lay(fuse: Fuse, house: House) -> None:
    @event.listens_for(Engine, "commit")
    def _committing(connection: DatabaseConnection) -> None:
        if connection.get_execution_options().get("folkmoot_writes"):
            fuse.burn(Moment.BEFORE_COMMIT)

    house.database.on_commit(lambda: fuse.burn(Moment.AFTER_COMMIT))
    post, update = house.local.post, house.local.update

    async def mined_post(to: Destination, card: Card, *, key: str) -> str:
        fuse.burn(Moment.BEFORE_POST)
        ref = await post(to, card, key=key)
        fuse.burn(Moment.AFTER_POST)
        return ref

    async def mined_update(to: Destination, ref: str, card: Card) -> None:
        fuse.burn(Moment.BEFORE_POST)
        await update(to, ref, card)
        fuse.burn(Moment.AFTER_POST)

    house.local.post = mined_post  # type: ignore[method-assign]  # the platform may be doubled
    house.local.update = mined_update  # type: ignore[method-assign]
