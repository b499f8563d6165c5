"""What goes on after Slack got its answer: supervised, and finished before the process ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import structlog

from storage.errors import BotError

DRAIN_S = 10.0  # how long a shutdown waits

log = structlog.get_logger()


class Work:
    """Tasks that somebody looks after."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, what: str, work: Coroutine[object, object, None]) -> None:
        """Begins; a failure is logged under `what`, by its kind."""
        task = asyncio.create_task(self._watched(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, what: str, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except BotError as problem:
            log.warning("slack_work_failed", what=what, why=str(problem))
        except Exception:  # one answer that can't be shown must not be the end of the others
            log.exception("slack_work_failed", what=what)

    async def done(self, within_s: float = DRAIN_S) -> None:
        """Waits until everything has ended, at most so long."""
        deadline = asyncio.get_running_loop().time() + within_s
        while self._tasks and asyncio.get_running_loop().time() < deadline:
            await asyncio.wait(set(self._tasks), timeout=deadline - asyncio.get_running_loop().time())


@asynccontextmanager
async def working() -> AsyncIterator[Work]:
    """Work that is drained when the block ends."""
    work = Work()
    try:
        yield work
    finally:
        await work.done()
