"""Workers that take turns in an order that a test draws, and that may be killed between any two of their steps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from storage.engine import Database
from storage.tx import Tx

T = TypeVar("T")

PATIENCE_S = 0.005  # for a step: who is not there after it may be waiting for a lock, and somebody else goes on
ROUNDS = 5  # of the event loop, in which what follows from a step arrives at its next one


class Killed(BaseException):
    """The worker's process is gone: nothing that it still wanted to do happens."""


class Turns:
    """Lets one worker at a time go on to its next step. `order` says which of those that wait; then the first."""

    def __init__(self, order: Sequence[int], patience_s: float = PATIENCE_S) -> None:
        self._order = iter(order)
        self._patience_s = patience_s
        self._waiting: list[asyncio.Future[None]] = []
        self._arrived = asyncio.Event()
        self._is_over = False

    async def step(self) -> None:
        """Waits for this worker's turn. Raises: Killed, for whoever is left when all the others are through."""
        if self._is_over:
            raise Killed
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._arrived.set()
        await turn

    async def together(self, *work: Coroutine[object, object, T]) -> list[T]:
        """Does it all, in turns; the results of those that were not killed. Raises what a worker raises."""
        tasks = [asyncio.create_task(each) for each in work]
        for task in tasks:
            task.add_done_callback(lambda _: self._arrived.set())
        try:
            while not all(task.done() for task in tasks) or self._waiting:
                await self._next()
        finally:
            self._is_over = True  # nobody gives turns any more, and whoever waited for one would hold its locks
            for turn in self._waiting:
                turn.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for each in ended:
            if isinstance(each, BaseException) and not isinstance(each, Killed):
                raise each
        return [each for each in ended if not isinstance(each, BaseException)]

    async def _next(self) -> None:
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        if self._waiting:
            turn = self._waiting.pop(next(self._order, 0) % len(self._waiting))
            self._arrived.clear()
            if not turn.done():
                turn.set_result(None)
        # Its step may end in a thread, at a server, or behind the lock of another one that waits here.
        try:
            async with asyncio.timeout(self._patience_s):
                await self._arrived.wait()
        except TimeoutError:
            return


class Life:
    """One process: it takes its turns, and is killed after `steps` of them; None: it lives on."""

    def __init__(self, turns: Turns | None = None, steps: int | None = None) -> None:
        self._turns = turns
        self._left = steps

    @property
    def is_over(self) -> bool:
        """Whether it was killed."""
        return self._left == 0

    async def step(self) -> None:
        """Raises: Killed, for all that it still wanted to do."""
        if self._turns is not None and not self.is_over:
            await self._turns.step()
        if self._left == 0:
            raise Killed
        if self._left is not None:
            self._left -= 1

    async def step_inside(self) -> None:
        """A step before the end of a transaction."""
        await self.step()


class StalledLife(Life):
    """One process that stands still before one of its steps, until `meanwhile` is over; in no transaction."""

    def __init__(self, steps: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._until = steps
        self._meanwhile = meanwhile
        self.has_stalled = False

    async def step(self) -> None:
        self._until -= 1
        if self._until < 0 and not self.has_stalled:
            self.has_stalled = True
            await self._meanwhile()

    async def step_inside(self) -> None:
        return


class LivedDatabase(Database):
    """A database as one process sees it: it may be killed before, in the middle of and after each transaction."""

    def __init__(self, whole: Database, life: Life) -> None:
        # The same engine and the same lock: on SQLite there is one process with all of its workers.
        vars(self).update(vars(whole))
        self._life = life

    @asynccontextmanager
    async def write(self, organisation_id: int) -> AsyncIterator[Tx]:
        await self._life.step()
        async with super().write(organisation_id) as tx:
            yield tx
            await self._life.step_inside()
        await self._life.step()

    @asynccontextmanager
    async def read(self, organisation_id: int) -> AsyncIterator[Tx]:
        await self._life.step()
        async with super().read(organisation_id) as tx:
            yield tx
