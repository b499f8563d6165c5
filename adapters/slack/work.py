"""What goes on beside the rest: after Slack got its answer, or until Slack gives one. It ends with the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar

import structlog

from adapters.slack.api import WorkspaceGone
from bot.ports import MaybeSent, NotSent, RateLimited
from storage.errors import BotError, DatabaseError

DRAIN_S = 10.0  # how long a shutdown waits
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # between attempts while Slack does not answer

Rest: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for so many seconds: `asyncio.sleep`."""
T = TypeVar("T")

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


async def until_answered(
    attempt: Callable[[], Awaitable[T]],
    *,
    rest: Rest = asyncio.sleep,
    tell: Callable[[BotError], None],
    longest_s: float = LONGEST_PAUSE_S,
) -> T:
    """What an attempt that changes nothing at Slack gives, once Slack and the database answer.

    It is tried again after 1, 2, 4 … `longest_s` seconds, or as late as Slack asks for; `tell` hears why each time.
    Raises: what Slack refuses for good (Refused, WorkspaceGone), and whatever else is no mere absence.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await attempt()
        except WorkspaceGone:
            raise
        except (RateLimited, NotSent, MaybeSent, DatabaseError) as problem:
            tell(problem)
            asked_s = problem.retry_after_s if isinstance(problem, RateLimited) else None
        await rest(pause_s if asked_s is None else max(asked_s, FIRST_PAUSE_S))
        pause_s = min(2 * pause_s, longest_s)
