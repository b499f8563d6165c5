"""Starts houses as processes and talks to them over HTTP, also while they die."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from storage.engine import Database
from tests.faults.house import Death, live

START_S = 30.0
# One process with everything imported forks the others: a start takes a fraction of a second.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.house"])


def migrate(database_url: str) -> None:
    """What one of several processes does at a release."""
    Database(database_url).migrate()


class Running:
    """A house that runs, until it is killed or kills itself."""

    def __init__(self, process: Any, line: Connection, http: ClientSession) -> None:
        self._process, self._line, self._http = process, line, http

    async def arm(self) -> None:
        """From here on the moments count."""
        os.kill(self._process.pid, signal.SIGUSR1)
        assert await asyncio.to_thread(self._line.recv) == "armed"

    async def post(self, path: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
        """What the house answers with status 200; None when it died over it."""
        try:
            async with self._http.post(f"/local/{path}", data=fields, headers={"Accept": "application/json"}) as reply:
                assert reply.status == 200, await reply.text()
                return dict(await reply.json())
        except (ClientError, TimeoutError):
            return None

    async def move(self, move: str) -> dict[str, Any] | None:
        """Moves the time: next, hour or day."""
        return await self.post("time", {"as": "amy", "room": "dm", "move": move})

    async def send_form(self, user: str, run: int, event: str, **values: str) -> dict[str, Any] | None:
        """Answers the huddle."""
        typed = {f"v.{name}": value for name, value in values.items()}
        fields = {"as": user, "room": "dm", "verb": "huddle.answer", "ids": json.dumps({"run": str(run)})}
        return await self.post("submit", {**fields, **typed, "event": event})

    async def dies(self, within_s: float = START_S) -> None:
        """Waits until it has killed itself."""
        await asyncio.to_thread(self._process.join, within_s)
        assert self._process.exitcode == -signal.SIGKILL, f"it lives on: {self._process.exitcode}"

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return bool(self._process.is_alive())

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.join()


@asynccontextmanager
async def a_house(database_url: str, death: Death = Death()) -> AsyncIterator[Running]:  # noqa: B008 - it is frozen
    """A house that runs while the block does, and is killed at its end."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=live, args=(database_url, death, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        assert await asyncio.to_thread(ours.poll, START_S), "it does not start"
        port = ours.recv()
        async with ClientSession(f"http://127.0.0.1:{port}", timeout=ClientTimeout(total=START_S)) as http:
            yield Running(process, ours, http)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
