"""Two people who change the same thing: nobody overwrites what they have not seen."""

from contextlib import AsyncExitStack

import pytest
from sqlmodel import col, select, text

from storage import engine
from storage.engine import Database
from storage.errors import Busy, Conflict
from storage.people import Absence, Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company, acting
from tests.support.postgres import drop_database, new_database


async def test_the_second_of_two_who_change_the_same_row_is_told_of_a_conflict(database: Database) -> None:
    company = await a_company(database)
    async with database.read(company.id) as tx:
        seen_before = await tx.need(Person, company.people["ada"].id)
    async with acting(database, company, "ada") as tx:
        (await tx.need(Person, company.people["ada"].id)).name = "Ada Lovelace"
    with pytest.raises(Conflict, match="somebody else changed the same thing"):
        async with acting(database, company, "dana") as tx:
            tx.session.add(seen_before)
            seen_before.name = "Ada Byron"
    async with database.read(company.id) as tx:
        ada = await tx.need(Person, company.people["ada"].id)
    assert (ada.name, ada.version) == ("Ada Lovelace", 2)


async def test_what_must_be_there_once_is_a_conflict_the_second_time(database: Database) -> None:
    company = await a_company(database)
    with pytest.raises(Conflict):
        async with acting(database, company) as tx:
            tx.add(Place(install_id=company.install.id, external_id="everybody", name="twice"))


async def test_whoever_raises_leaves_nothing_behind(sqlite: Database) -> None:
    company = await a_company(sqlite)
    with pytest.raises(ZeroDivisionError):
        async with acting(sqlite, company) as tx:
            tx.add(Absence(person_id=company.people["ada"].id, from_on=NOON.date()))
            await tx.flush()
            raise ZeroDivisionError
    async with sqlite.read(company.id) as tx:
        assert await tx.all(select(Absence)) == []


async def test_a_listener_hears_of_a_commit_and_not_of_a_rollback(sqlite: Database) -> None:
    company = await a_company(sqlite)
    heard: list[str] = []
    sqlite.on_commit(lambda: heard.append("committed"))
    async with acting(sqlite, company) as tx:
        tx.after_commit.append(lambda: heard.append("told after it"))
        (await tx.need(Person, company.people["ada"].id)).name = "Ada Lovelace"
    with pytest.raises(ZeroDivisionError):
        async with sqlite.write(company.id) as tx:
            raise ZeroDivisionError
    assert heard == ["told after it", "committed"]
    async with sqlite.read(company.id) as tx:
        assert await tx.all(select(Person.name).where(col(Person.name) == "Ada Lovelace")) == ["Ada Lovelace"]


@pytest.mark.postgres
async def test_who_waits_too_long_for_a_connection_is_told_that_there_is_too_much_to_do(
    postgres_base: str, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "POOL_TIMEOUT_S", 0.2)
    url = new_database(postgres_base, postgres_template)
    database = Database(url)
    async with AsyncExitStack() as stack:
        for _ in range(10):
            tx = await stack.enter_async_context(database.read(SYSTEM))
            await tx.run(text("SELECT 1"))
        with pytest.raises(Busy, match="every connection to the database is in use"):
            async with database.read(SYSTEM) as late:
                await late.run(text("SELECT 1"))
    async with database.read(SYSTEM) as after:
        assert (await after.run(text("SELECT 1"))).scalar() == 1
    await database.close()
    drop_database(url)
