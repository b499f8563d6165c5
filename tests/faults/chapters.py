"""A day played act by act without a fault: what stands there after each act, and how many moments it has."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from storage.engine import Database
from tests.faults.house import Moment
from tests.faults.processes import a_house
from tests.faults.story import ACTS, Story, act_of, story_of
from tests.support.postgres import drop_database, new_database


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands there after one act, and how many moments of each kind it has."""

    after: Story
    moments: Mapping[str, int]


@dataclass(slots=True)
class Day:
    """The chapters of one engine; `morning` is the database with which each day begins."""

    morning: str
    folder: Path
    acts: Sequence[str] = ACTS
    _chapters: Mapping[str, Chapter] | None = None

    async def chapters(self) -> Mapping[str, Chapter]:
        """One for each act; the day is played once."""
        if self._chapters is None:
            with a_copy(self.morning, self.folder) as url:
                self._chapters = await _played(url, self.acts)
        return self._chapters

    async def most(self, moment: Moment) -> int:
        """How many moments of a kind the act with the most of them has."""
        return max(each.moments.get(moment, 0) for each in (await self.chapters()).values())


async def _played(url: str, acts: Sequence[str]) -> dict[str, Chapter]:
    found: dict[str, Chapter] = {}
    async with opened(url) as database, a_house(url) as house:
        for name in acts:
            act = await act_of(database, name)
            await house.arm()
            await act.play(house)
            assert await house.settle(), f"{name}: it does not come to rest"
            found[name] = Chapter(await story_of(database), await house.come())
    return found


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database while the block runs."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def a_copy(url: str, folder: Path) -> Iterator[str]:
    """The address of a copy of a database that nobody uses; it is removed after the block."""
    if url.startswith("sqlite"):
        yield _copied(Path(make_url(url).database or ""), folder)
        for file in folder.glob("folkmoot.db*"):
            file.unlink()
        return
    copy = new_database(url, url)
    try:
        yield copy
    finally:
        drop_database(copy)


def _copied(source: Path, folder: Path) -> str:
    with closing(sqlite3.connect(source)) as connection:  # what was killed has left its log beside it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = folder / "folkmoot.db"
    copy.write_bytes(source.read_bytes())
    return f"sqlite:///{copy}"


def northwater_on(url: str) -> None:
    """Loads the demo organisation into an empty database: Tuesday, 09:14."""
    subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        env={**os.environ, "DATABASE_URL": url},
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
