"""A worker serves its health and its figures where it is told to, and nothing where it is not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest
from aiohttp import ClientConnectionError, ClientSession

from storage.engine import Database
from tests.faults.command import Machine, folkmoot
from tests.support.company import a_company
from tests.support.postgres import drop_database, new_database

pytestmark = pytest.mark.fault

LIVES_S = 60.0  # at most: it is told to end as soon as its pages were seen


@pytest.fixture
def postgres_url(postgres_base: str, postgres_template: str) -> Iterator[str]:
    """The address of an empty database on a server."""
    url = new_database(postgres_base, postgres_template)
    yield url
    drop_database(url)


async def test_a_worker_with_a_port_serves_its_three_pages_and_ends_when_it_is_told_to(
    postgres_url: str, tmp_path: Path
) -> None:
    database = Database(postgres_url)
    await a_company(database)
    await database.close()
    port = a_free_port()
    machine = Machine(tmp_path, {"DATABASE_URL": postgres_url, "FOLKMOOT_METRICS_PORT": str(port)})
    seen = Event()
    running = asyncio.create_task(
        asyncio.to_thread(folkmoot, "worker", machine=machine, ends_after_s=LIVES_S, ends=seen)
    )
    try:
        async with answering(port, "/readyz") as http:
            async with http.get("/healthz") as page:
                assert page.status == 200
            async with http.get("/metrics") as page:
                text = await page.text()
            async with http.get("/") as page:
                assert page.status == 404
    finally:
        seen.set()
        ended = await running
    assert "folkmoot_clock_lag_seconds 0.0" in text
    assert "folkmoot_beat_seconds_count" in text
    assert (ended.code, ended.err) == (0, "")
    assert f"Health and metrics are on http://127.0.0.1:{port}." in ended.out


async def test_a_worker_whose_port_is_taken_says_so(postgres_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        machine = Machine(tmp_path, {"DATABASE_URL": postgres_url, "FOLKMOOT_METRICS_PORT": str(port)})
        ended = await asyncio.to_thread(folkmoot, "worker", machine=machine)
    assert ended.refusal.startswith(f"can't listen on 127.0.0.1:{port}: another program listens there")


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@asynccontextmanager
async def answering(port: int, path: str) -> AsyncIterator[ClientSession]:
    """Waits until a page says that all is well."""
    async with ClientSession(f"http://127.0.0.1:{port}") as http, asyncio.timeout(LIVES_S):
        while True:
            try:
                async with http.get(path) as page:
                    if page.status == 200:
                        break
            except ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
        yield http
