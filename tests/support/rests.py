"""Pauses that last until a test ends them."""

import asyncio

WITHIN_S = 60.0  # what has not begun by then never will, also on a busy machine


class Rests:
    """Stands for `asyncio.sleep`: notes how long somebody wants to wait, and lets them when the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()

    async def __call__(self, seconds: float) -> None:
        over = asyncio.get_running_loop().create_future()
        async with self._changed:
            self.asked.append(seconds)
            self._waiting.append((seconds, over))
            self._changed.notify_all()
        await over

    async def begun(self, seconds: float, number: int = 1) -> None:
        """Waits until so many wait for just so long."""
        async with asyncio.timeout(WITHIN_S), self._changed:
            await self._changed.wait_for(lambda: len(self._of(seconds)) >= number)

    async def end(self, seconds: float, number: int = 1) -> None:
        """Ends so many pauses of that length, once they have begun."""
        await self.begun(seconds, number)
        for over in self._of(seconds)[:number]:
            over.set_result(None)

    def _of(self, seconds: float) -> list[asyncio.Future[None]]:
        return [over for each, over in self._waiting if each == seconds and not over.done()]
