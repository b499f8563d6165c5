"""SQLite as it is set up: durable, many readers beside one writer, and nobody fails half-way."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import aiosqlite
import pytest
from sqlmodel import col, select, text, update

from storage import engine
from storage.engine import Database
from storage.errors import AlreadyRunning, NoWriteAheadLog, Older
from storage.people import Person
from tests.support.company import a_company, acting


@pytest.mark.parametrize(("pragma", "value"), [
    ("journal_mode", "wal"),
    ("synchronous", 2),  # FULL: a commit is on the disk when it is told
    ("foreign_keys", 1),
    ("busy_timeout", 5000),
])  # fmt: skip
@pytest.mark.parametrize("writes", [False, True])
async def test_every_transaction_has_the_settings_it_relies_on(
    sqlite: Database, pragma: str, value: object, writes: bool
) -> None:
    async with sqlite.write(1) if writes else sqlite.read(1) as tx:
        assert (await tx.run(text(f"PRAGMA {pragma}"))).scalar() == value


async def test_people_can_look_while_somebody_writes(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company, "ada") as tx:
        (await tx.need(Person, company.people["ada"].id)).name = "Ada Lovelace"
        await tx.flush()
        async with asyncio.timeout(2), database.read(company.id) as other:
            seen = await other.all(select(col(Person.name)).order_by(col(Person.name)))
    assert seen == ["Ada", "Dana"]


async def test_writers_wait_for_each_other_and_all_of_them_come_through(sqlite: Database) -> None:
    company = await a_company(sqlite)

    async def longer() -> None:
        async with acting(sqlite, company, "ada") as tx:
            ada = await tx.need(Person, company.people["ada"].id)
            ada.name += "!"

    await asyncio.gather(*(longer() for _ in range(10)))
    async with sqlite.read(company.id) as tx:
        assert (await tx.need(Person, company.people["ada"].id)).name == "Ada!!!!!!!!!!"


async def test_only_one_holds_the_clock_and_the_delivery_of_a_file(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url)
    with first.alone():
        with pytest.raises(AlreadyRunning, match="another Folkmoot already runs on"), second.alone():
            pass
        assert Path(f"{first.where}.lock").exists()
    with second.alone():
        pass


def test_any_number_may_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    """Each turns it into a WAL file; SQLite refuses all but one of those at once, and does not let them wait."""
    at_once = Barrier(4)

    def opened(file: str) -> str:
        database = Database(f"sqlite:///{tmp_path}/{file}")
        at_once.wait()
        with pytest.raises(Older) as problem:  # nothing is wrong but that it is new; Locked would come out of here
            database.check()
        return type(problem.value).__name__

    with ThreadPoolExecutor(4) as threads:
        for file in range(25):
            assert list(threads.map(opened, [f"{file}.db"] * 4)) == ["Older"] * 4


async def test_only_the_beginning_and_the_end_of_a_transaction_go_to_another_thread(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await a_company(sqlite)
    turns: list[object] = []
    own = aiosqlite.Connection._execute  # noqa: SLF001 - where each turn passes

    async def counted(connection: aiosqlite.Connection, work: Callable[..., object], *rest: object) -> object:
        turns.append(work)
        return await own(connection, work, *rest)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    for statements in (1, 20):
        turns.clear()
        async with acting(sqlite, company, "ada") as tx:
            for _ in range(statements):
                ada = await tx.need(Person, company.people["ada"].id)
                ada.name += "!"
        assert len(turns) == 2, "BEGIN and COMMIT"


async def test_nothing_else_stands_still_while_a_writer_waits_for_another_program(sqlite: Database) -> None:
    company = await a_company(sqlite)
    steps = 0

    async def rename() -> None:
        async with acting(sqlite, company, "ada") as tx:
            (await tx.need(Person, company.people["ada"].id)).name = "Ada Lovelace"

    with closing(sqlite3.connect(sqlite.where, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(rename())
        while steps < 50:
            await asyncio.sleep(0.01)
            steps += 1
            assert not writing.done()
        other.execute("ROLLBACK")
    await writing
    async with sqlite.read(company.id) as tx:
        assert (await tx.need(Person, company.people["ada"].id)).name == "Ada Lovelace"


async def test_what_many_rows_are_changed_by_says_how_many(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "ada") as tx:
        assert await tx.changed(update(Person).values(zone="Asia/Tokyo")) == len(company.people)
        assert await tx.changed(update(Person).where(col(Person.name) == "Nobody").values(zone="UTC")) == 0


def test_without_a_write_ahead_log_nothing_is_opened() -> None:
    """A database in memory can have none, as a file on some network drives."""
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(NoWriteAheadLog, match="a disk of this machine"),
    ):
        engine._into_wal(connection.cursor())  # type: ignore[arg-type]  # noqa: SLF001 - no such drive is at hand
