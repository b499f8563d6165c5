"""A worker in a process of its own that speaks HTTP to the far platform; its lease is short, its fence may be gone."""

import asyncio
import logging
import math
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog

from adapters import wire
from schedules import delivery
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.faults.processes import PROCESSES
from tests.support.company import NOON
from tests.support.notebook import NOTEBOOK
from tests.support.wired_chat import a_wired_chat

LIVES_S = 60
LEASE_S, FENCE_S, SEND_TIMEOUT_S = 2.0, 1.0, 0.8
NO_FENCE = -1e9  # no attempt is ever held back, nor is the last look before its bytes go out taken


def work(database_url: str, platform_url: str, name: str, fence_s: float) -> None:
    """Delivers until it is killed, or told to end."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    signal.alarm(LIVES_S)
    delivery.LEASE_S, delivery.FENCE_S, delivery.SEND_TIMEOUT_S = LEASE_S, fence_s, SEND_TIMEOUT_S
    # One at a time: then what the platform has not seen yet is certainly not on its way when the process stands still.
    delivery.SENDS_AT_ONCE, delivery.POLL_S = 1, 0.1
    if fence_s == NO_FENCE:
        wire.__dict__["SEND_UNTIL"] = ContextVar("NOT_LOOKED_AT", default=math.inf)
    asyncio.run(_work(database_url, platform_url, name))


async def _work(database_url: str, platform_url: str, name: str) -> None:
    async with a_wired_chat(platform_url, name=name) as chat:
        database = Database(database_url)
        worker = Delivery(database, {"fake": chat}, NOTEBOOK.views, SimulatedClock(NOON), name=name)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await worker.run(stop)
        await database.close()


class Worker:
    """The process."""

    def __init__(self, process: Any) -> None:
        self._process = process

    def stop(self) -> None:
        """It stands still, as when its machine is suspended."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """It goes on as if no time had passed."""
        os.kill(self._process.pid, signal.SIGCONT)

    def end(self, within_s: float = 20) -> int | None:
        """SIGTERM; the exit code, None when it does not end."""
        self._process.terminate()
        self._process.join(within_s)
        code: int | None = self._process.exitcode
        return code

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.join()


@contextmanager
def a_worker(database_url: str, platform_url: str, name: str, *, fence_s: float = FENCE_S) -> Iterator[Worker]:
    """One that runs while the block does."""
    process = PROCESSES.Process(target=work, args=(database_url, platform_url, name, fence_s), daemon=True)
    process.start()
    try:
        yield Worker(process)
    finally:
        process.kill()
        process.join()
        process.close()
