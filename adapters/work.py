"""What goes on beside the rest: after a platform got its answer, or while a block runs. It ends with the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import structlog

from bot.ports import NotSent, RateLimited
from storage.errors import BotError

DRAIN_S = 10.0  # how long a shutdown waits
TRIES = 3  # attempts to show an answer that certainly did not arrive
WAIT_MOST_S = 10.0

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
            log.warning("work_failed", what=what, why=str(problem))
        except Exception:  # one answer that can't be shown must not be the end of the others
            log.exception("work_failed", what=what)

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


@asynccontextmanager
async def beside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Work that goes on while the block runs, and is cancelled at its end.

    Where it fails meanwhile, the block is cancelled, and what the work raised is raised from here.
    """
    block = asyncio.current_task()
    assert block is not None  # noqa: S101 - a coroutine runs in a task
    is_over, failures = False, list[BaseException]()

    def end_block(done: "asyncio.Task[None]") -> None:
        problem = None if done.cancelled() else done.exception()
        if problem is not None and not is_over:
            failures.append(problem)
            block.cancel()

    task = asyncio.create_task(work)
    task.add_done_callback(end_block)
    try:
        try:
            yield
        finally:
            is_over = True
            task.cancel()
            await asyncio.wait({task})
    except asyncio.CancelledError:
        if not failures or block.uncancel():
            raise
    if failures:
        raise failures[0]


async def at_last(call: Callable[[], Awaitable[object]]) -> None:
    """A call that is tried again where it certainly did nothing. Raises: ChatError."""
    for _ in range(TRIES - 1):
        try:
            await call()
        except RateLimited as problem:
            await asyncio.sleep(min(problem.retry_after_s or 1.0, WAIT_MOST_S))
        except NotSent:
            await asyncio.sleep(0.5)
        else:
            return
    await call()
