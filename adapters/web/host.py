"""One aiohttp server for everything that speaks HTTP."""

import errno
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from storage.errors import BotError

SHUTDOWN_S = 5.0  # for requests under way

Mount = Callable[[web.Application], None]
"""Adds a platform's routes to the server."""


class CannotListen(BotError):
    """The address is taken or not ours."""

    def __init__(self, host: str, port: int, problem: OSError) -> None:
        if problem.errno == errno.EADDRINUSE:
            why = "another program listens there; end it, or set PORT to another number"
        elif problem.errno in {errno.EACCES, errno.EPERM}:
            why = "this user may not use it; set PORT to a number above 1023"
        else:
            why = f"{problem.strerror or problem}; is HOST an address of this machine?"
        super().__init__(f"can't listen on {host}:{port}: {why}")


@asynccontextmanager
async def serving(host: str, port: int, mounts: Sequence[Mount]) -> AsyncIterator[int]:
    """Serves while the block runs, and gives the port that was taken. Raises: CannotListen."""
    app = web.Application()
    for mount in mounts:
        mount(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as problem:
            raise CannotListen(host, port, problem) from problem
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
