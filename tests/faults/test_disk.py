"""SQLite whose file is locked or whose disk is full while people answer: they are told, and it goes on by itself."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.chapters import opened
from tests.faults.command import Machine, serving
from tests.faults.siege import Siege
from tests.faults.tally import Tally

pytestmark = [pytest.mark.fault, pytest.mark.slow]
Tell = Callable[[Tally], None]
FULL = "the disk is full, so nothing can be saved; make room, the bot goes on by itself"
FAULTY = "the disk does not read or write the database"


def intact(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with its file."""
    with closing(sqlite3.connect(file)) as connection:
        found: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return found == "ok"


async def test_while_another_process_holds_the_lock_people_are_told_and_nothing_is_lost(
    northwater_url: str, tmp_path: Path, tally: Tell
) -> None:
    machine = Machine(tmp_path, {"DATABASE_URL": northwater_url, "PORT": "0"}, waits_ms=100, lease_s=4)
    with serving(machine, "--speed", "0") as served:
        async with opened(northwater_url) as database:
            siege = Siege(served, database)
            await siege.begin()
            with closing(sqlite3.connect(database.where, isolation_level=None, timeout=20)) as other:
                other.execute("BEGIN IMMEDIATE")
                told = await siege.everybody_is_refused()
                other.execute("ROLLBACK")
            seen = await siege.ends("SQLite: another process holds the lock")
    assert all("the database is locked by another process" in each for each in told)
    assert (seen.lost, seen.twice, intact(tmp_path / "folkmoot.db")) == (0, 0, True)
    tally(seen)


async def test_while_no_file_may_grow_people_are_told_and_nothing_is_lost(
    northwater_url: str, tmp_path: Path, tally: Tell
) -> None:
    machine = Machine(tmp_path, {"DATABASE_URL": northwater_url, "PORT": "0"}, lease_s=4)
    with serving(machine, "--speed", "0") as served:
        async with opened(northwater_url) as database:
            siege = Siege(served, database)
            await siege.begin()
            served.limit_files((tmp_path / "folkmoot.db-wal").stat().st_size + 10_000)
            told = await siege.everybody_is_refused()
            served.limit_files(-1)
            seen = await siege.ends("SQLite: its files may not grow")
    assert all(FAULTY in each or FULL in each for each in told)
    assert (seen.lost, seen.twice, intact(tmp_path / "folkmoot.db")) == (0, 0, True)
    tally(seen)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    return ballast


async def test_on_a_full_disk_people_are_told_and_it_goes_on_when_there_is_room(
    northwater_template: Path, small_disk: Path, tmp_path: Path, tally: Tell
) -> None:
    file = small_disk / "folkmoot.db"
    shutil.copyfile(northwater_template, file)
    machine = Machine(tmp_path, {"DATABASE_URL": f"sqlite:///{file}", "PORT": "0"}, lease_s=4)
    with serving(machine, "--speed", "0") as served:
        async with opened(f"sqlite:///{file}") as database:
            siege = Siege(served, database)
            await siege.begin()
            ballast = fill(small_disk)
            told = await siege.everybody_is_refused()
            ballast.unlink()
            seen = await siege.ends("SQLite: the disk is full")
    assert all(FULL in each or FAULTY in each for each in told)
    assert any(FULL in each for each in told)
    assert (seen.lost, seen.twice, intact(file)) == (0, 0, True)
    tally(seen)
