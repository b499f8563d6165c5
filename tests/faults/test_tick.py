"""One clock for one database: what the command says to a second one, and which instant `tick` means."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.web.health import ticked
from schedules.simulated import ClockTaken, SimulatedClock, own_clock, remember
from storage.engine import Database
from tests.faults.command import Machine, folkmoot
from tests.support.company import NOON
from tests.support.postgres import drop_database, new_database

pytestmark = pytest.mark.fault


@pytest.fixture
def simulated_url(postgres_base: str, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database that lives on a simulated clock."""
    url = new_database(postgres_base, postgres_template)
    asyncio.run(_simulated(url))
    yield url
    drop_database(url)


async def _simulated(url: str) -> None:
    database = Database(url)
    await remember(database, SimulatedClock(NOON))
    await database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_simulated_clock_is_not_shared_by_several_processes(tmp_path: Path, simulated_url: str, command: str) -> None:
    said = folkmoot(command, machine=Machine(tmp_path, {"DATABASE_URL": simulated_url, "PORT": "0"})).refusal
    assert said == (
        "this database lives on a simulated clock, and such a clock lives in one process; start it with: folkmoot serve"
    )


@pytest.mark.postgres
@pytest.mark.parametrize("command", [("serve",), ("tick", "--at", "2026-11-24T13:00:00Z")])
async def test_a_second_process_does_not_move_a_simulated_clock(
    tmp_path: Path, simulated_url: str, command: tuple[str, ...]
) -> None:
    first = Database(simulated_url)
    machine = Machine(tmp_path, {"DATABASE_URL": simulated_url, "PORT": "0"})
    async with own_clock(first, None, None):
        ended = await asyncio.to_thread(folkmoot, *command, machine=machine)
    await first.close()
    assert ended.refusal.startswith("another Folkmoot already moves the simulated clock of the database at 127.0.0.1:")


@pytest.mark.postgres
async def test_who_ended_leaves_the_simulated_clock_to_the_next_where_it_stands(simulated_url: str) -> None:
    first, second = Database(simulated_url), Database(simulated_url)
    async with own_clock(first, None, None):
        with pytest.raises(ClockTaken):
            await own_clock(second, None, None).__aenter__()
    async with own_clock(second, None, None) as clock:
        assert clock.now() == NOON
    await first.close()
    await second.close()


@pytest.mark.parametrize(
    ("age_s", "well"), [(None, False), (-3600, False), (-6, False), (-1, True), (59, True), (61, False)]
)
def test_a_worker_is_well_whose_last_tick_is_neither_old_nor_ahead(age_s: float | None, *, well: bool) -> None:
    assert ticked(age_s).is_well is well


def test_an_instant_of_the_command_line_is_read_as_it_is_written_wherever_the_machine_stands(
    sqlite_url: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "tick", "--at", "2026-11-24T09:15:00Z"],
        env={**os.environ, "DATABASE_URL": sqlite_url, "TZ": "America/New_York"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.stdout, ended.returncode) == ("0 steps fell due by 2026-11-24 09:15:00Z.\n", 0), ended.stderr
