"""Starts houses as processes, asks them things over a line and talks to them over HTTP, also while they die."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from storage.engine import Database
from tests.faults.house import Death, live

START_S = 30.0
SETTLE_S = 15.0
# One process with everything imported forks the others: a start takes a fraction of a second.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.house", "tests.faults.command", "tests.faults.warm"])


class Died(Exception):
    """The house killed itself over what it was asked."""


def migrate(database_url: str) -> None:
    """What one of several processes does at a release."""
    Database(database_url).migrate()


class Running:
    """A house that runs, until it is killed or kills itself."""

    def __init__(self, process: Any, line: Connection, http: ClientSession) -> None:
        self._process, self._line, self._http = process, line, http

    async def arm(self, death: Death = Death()) -> None:  # noqa: B008 - it is frozen
        """From here on the moments count."""
        await self._ask("arm", death)

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens. Raises: Died."""
        await self._ask("until", at)

    async def settle(self) -> bool:
        """Waits until nothing is under way any more; whether it came to that. Raises: Died."""
        return bool(await self._ask("settle", SETTLE_S))

    async def come(self) -> dict[str, int]:
        """How many moments of each kind have come."""
        return dict(await self._ask("come"))

    async def doubled(self) -> list[str]:
        """The keys of messages that were posted while they stood there."""
        return list(await self._ask("doubled"))

    async def post(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """What the house answers with status 200. Raises: Died."""
        try:
            async with self._http.post(f"/local/{path}", data=fields, headers={"Accept": "application/json"}) as reply:
                assert reply.status == 200, await reply.text()
                return dict(await reply.json())
        except (ClientError, TimeoutError) as problem:
            raise Died from problem

    async def send_form(self, user: str, run: int, event: str, **values: str) -> dict[str, Any]:
        """Answers the huddle. Raises: Died."""
        return await self.post("submit", answer_fields(user, run, values) | {"event": event})

    async def dies(self, within_s: float = START_S) -> None:
        """Waits until it has killed itself."""
        await asyncio.to_thread(self._process.join, within_s)
        assert self._process.exitcode == -signal.SIGKILL, f"it lives on: {self._process.exitcode}"

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.join()

    async def _ask(self, what: str, argument: object = None) -> Any:
        try:
            self._line.send((what, argument))
            return await asyncio.to_thread(self._line.recv)
        except (EOFError, OSError) as problem:
            raise Died from problem


def answer_fields(user: str, run: int, values: Mapping[str, str]) -> dict[str, str]:
    """The fields of the huddle's form as the page sends them."""
    typed = {f"v.{name}": value for name, value in values.items()}
    return {"as": user, "room": "dm", "verb": "huddle.answer", "ids": json.dumps({"run": str(run)}), **typed}


@asynccontextmanager
async def a_house(database_url: str) -> AsyncIterator[Running]:
    """A house that runs while the block does, and is killed at its end."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=live, args=(database_url, theirs), daemon=True)
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
