"""Wakes the pages that are open: something was posted, read, or the time moved."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable

REST_S = 0.2  # at most five calls a second, however much happens
LOOK_EVERY_S = 1.0  # another process may have written; also how often a running clock shows
BEAT_EVERY_S = 15.0  # a line that says nothing, so that a dead connection is noticed


class Changes:
    """Tells every open page that it should look again; each page looks for itself what is new."""

    def __init__(self) -> None:
        self._upcoming = asyncio.Event()
        self._closing = asyncio.Event()

    def wake(self) -> None:
        """Something changed."""
        upcoming, self._upcoming = self._upcoming, asyncio.Event()
        upcoming.set()

    def close(self) -> None:
        """Ends every stream, so that a shutdown does not wait for pages that stay open."""
        self._closing.set()
        self.wake()

    async def stream(self, look: Callable[[], Awaitable[Hashable]]) -> AsyncGenerator[str, None]:
        """`changed` at once and whenever `look` gives something new, and `beat` now and then; ends with `close`."""
        loop = asyncio.get_running_loop()
        seen: Hashable = None
        spoke_at = loop.time()
        while not self._closing.is_set():
            upcoming = self._upcoming  # before looking: what comes after the look wakes us
            found = (await look(),)
            if found != seen:
                seen, spoke_at = found, loop.time()
                yield "changed"
                await _until(self._closing, REST_S)
            elif loop.time() - spoke_at >= BEAT_EVERY_S:
                spoke_at = loop.time()
                yield "beat"
            await _until(upcoming, LOOK_EVERY_S)


async def _until(event: asyncio.Event, at_most_s: float) -> None:
    try:
        async with asyncio.timeout(at_most_s):
            await event.wait()
    except TimeoutError:
        pass
