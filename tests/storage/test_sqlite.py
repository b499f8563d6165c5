"""SQLite as it is set up: durable, many readers beside one writer, and nobody fails half-way."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import col, select, text

from storage.engine import Database
from storage.errors import AlreadyRunning
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
