"""PostgreSQL that is restarted while the bot runs: people are told, nothing is lost, and it goes on by itself."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import CLOCK_PLACE, Database
from storage.tx import SYSTEM
from tests.faults.chapters import northwater_on, opened
from tests.faults.command import Machine, folkmoot, serving
from tests.faults.siege import Siege
from tests.faults.tally import Tally
from tests.support.mortal_postgres import MortalServer, mortal_server
from tests.support.postgres import PostgresMissing, new_database

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.postgres]
Tell = Callable[[Tally], None]


@pytest.fixture(scope="module")
def server() -> Iterator[MortalServer]:
    try:
        with mortal_server() as started:
            yield started
    except PostgresMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def url(server: MortalServer) -> str:
    """The demo organisation on that server."""
    made = new_database(server.base_url)
    northwater_on(made)
    return made


async def test_while_the_server_is_gone_people_are_told_and_nothing_is_lost(
    server: MortalServer, url: str, tmp_path: Path, tally: Tell
) -> None:
    with serving(Machine(tmp_path, {"DATABASE_URL": url, "PORT": "0"}, lease_s=4), "--speed", "0") as served:
        async with opened(url) as database:
            siege = Siege(served, database)
            await siege.begin()
            await asyncio.to_thread(server.stop)
            told = await siege.everybody_is_refused()
            await asyncio.to_thread(server.start)
            seen = await siege.ends("PostgreSQL: the server is restarted")
    assert all("can't be reached" in each for each in told)
    assert (seen.lost, seen.twice) == (0, 0)
    tally(seen)


async def _somebody_holds_the_clock(database: Database, within_s: float = 60) -> None:
    """After a restart the one who had the place looks after it again within a moment."""
    held = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :place AND granted")
    async with asyncio.timeout(within_s):
        while True:
            async with database.read(SYSTEM) as tx:
                if (await tx.run(held.bindparams(place=CLOCK_PLACE))).first():
                    return
            await asyncio.sleep(0.05)


async def test_after_a_restart_of_the_server_a_simulated_clock_still_lives_in_one_process(
    server: MortalServer, url: str, tmp_path: Path, tally: Tell
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with serving(Machine(first, {"DATABASE_URL": url, "PORT": "0"}, lease_s=4), "--speed", "0") as served:
        async with opened(url) as database:
            siege = Siege(served, database)
            await siege.begin()
            await asyncio.to_thread(server.stop)
            await siege.everybody_is_refused()
            await asyncio.to_thread(server.start)
            await siege.goes_on()
            await _somebody_holds_the_clock(database)
            ended = await asyncio.to_thread(
                folkmoot,
                "serve",
                machine=Machine(second, {"DATABASE_URL": url, "PORT": "0"}, lease_s=4),
                ends_after_s=60,  # it is refused long before
            )
            seen = await siege.ends("PostgreSQL: the lock of a simulated clock is lost in a restart")
    assert ended.refusal.startswith("another Folkmoot already moves the simulated clock")
    assert (seen.lost, seen.twice) == (0, 0)
    tally(seen)
