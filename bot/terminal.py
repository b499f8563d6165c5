"""What every command of `folkmoot` shares: its settings, its words, and how its work begins and ends."""

import asyncio
import gc
import signal
import sys
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import typer

from bot import logs
from bot.settings import Settings, load
from storage.engine import Database
from storage.errors import BotError

T = TypeVar("T")

INSTANTS = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%MZ"]


class NotThere(BotError):
    """The database's file does not exist, and this command is not one that makes it."""

    def __init__(self, where: str) -> None:
        super().__init__(f"there is no database at {where}; is DATABASE_URL right? folkmoot migrate makes a new one")


def settings_and_logs(*, quiet: bool = False) -> Settings:
    """The settings of this process; its log is set up by them, or tells only what is wrong. Raises: SettingsError."""
    settings = load()
    logs.configure(settings, quiet=quiet)
    sys.excepthook, sys.unraisablehook, threading.excepthook = logs.uncaught, logs.unraisable, logs.in_thread
    return settings


def existing(url: str) -> Database:
    """The database, for a command that never makes one. Raises: NotThere, Older, Newer, or another DatabaseError."""
    database = Database(url)
    with suppress(OSError):  # a folder that may not be looked into; what is wrong with it is said when it is opened
        if database.is_sqlite and not Path(database.where).exists():
            raise NotThere(database.where)
    database.check()
    return database


def utc(at: datetime) -> datetime:
    """An instant of the command line: Typer reads the `Z` of UTC as a mere letter."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def say(line: str) -> None:
    """One line for the operator."""
    typer.echo(line)


def run(work: Coroutine[object, object, None]) -> None:
    """Runs a command's work to its end."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(logs.unheard)
        runner.run(work)


async def until_told_to_end(work: Coroutine[object, object, T]) -> T:
    """What the work returns. SIGTERM cancels it, as Ctrl+C does, so that its blocks end before the process does.

    An exception raised out of a signal's own handler would come up anywhere: in the loop it loses somebody's turn, and
    nothing ends any more.
    """
    task = asyncio.ensure_future(work)
    told = asyncio.Event()

    def end() -> None:
        if not told.is_set():  # a second one must not end the cleaning up
            task.cancel()
        told.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, end)
    try:
        return await task
    except asyncio.CancelledError:
        if told.is_set():
            sys.exit(128 + signal.SIGTERM)
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


@asynccontextmanager
async def closing(database: Database) -> AsyncIterator[None]:
    """The database is closed at the end of the block."""
    try:
        yield
    finally:
        await database.close()


RARELY = (20_000, 20, 20)  # objects, and rounds; an event makes some thousands of objects that die with it


def has_begun() -> None:
    """What is loaded by now stays for good.

    The garbage collector need not go through it again and again: that would take a tenth of a second each time, from
    whoever is just waiting for an answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
