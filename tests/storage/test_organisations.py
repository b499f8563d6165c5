"""The wall between organisations: a transaction bound to one never touches another's rows."""

import pytest
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, func, select, update

from bot.chat.replies import Broadcast, Replies
from bot.wanted import record
from storage.engine import Database
from storage.messages import Message
from storage.people import Account, Person
from storage.tx import SYSTEM, Foreign
from tests.support.company import NOON, Company, a_company, acting


async def two(database: Database) -> tuple[Company, Company]:
    """Northwater has Ada and Dana; Southgas has Sue."""
    return await a_company(database, "Northwater"), await a_company(database, "Southgas", people=("Sue",))


async def names(database: Database, organisation_id: int = SYSTEM) -> list[str]:
    async with database.read(organisation_id) as tx:
        return sorted(await tx.all(select(col(Person.name))))


async def test_a_question_finds_only_its_own_organisations_rows(database: Database) -> None:
    north, south = await two(database)
    assert await names(database, north.id) == ["Ada", "Dana"]
    assert await names(database, south.id) == ["Sue"]
    assert await names(database, north.id) == ["Ada", "Dana"]


async def test_a_row_of_another_organisation_can_not_be_had_by_its_number(database: Database) -> None:
    north, south = await two(database)
    async with database.read(north.id) as tx:
        assert await tx.get(Person, south.people["sue"].id) is None
        assert await tx.session.get(Person, south.people["sue"].id) is None
        with pytest.raises(LookupError, match="no Person"):
            await tx.need(Person, south.people["sue"].id)


async def test_subqueries_joins_and_counts_stay_inside_the_organisation(database: Database) -> None:
    north, _south = await two(database)
    other = aliased(Person)
    async with database.read(north.id) as tx:
        inner = select(col(Account.person_id)).where(col(Account.external_id) == "sue")
        assert await tx.all(select(Person).where(col(Person.id).in_(inner))) == []
        assert await tx.first(select(func.count()).select_from(Person)) == 2
        pairs = select(other.name).join(Person, col(Person.organisation_id) != other.organisation_id)
        assert await tx.all(pairs) == []


async def test_a_change_of_many_rows_at_once_leaves_other_organisations_alone(database: Database) -> None:
    north, _south = await two(database)
    async with database.write(north.id) as tx:
        assert await tx.changed(update(Person).values(name="Nobody")) == 2
    assert await names(database) == ["Nobody", "Nobody", "Sue"]


async def test_a_statement_that_is_worded_once_means_whoever_s_transaction_it_is_in(database: Database) -> None:
    """Of what one organisation asked first, nothing but the words is kept for the next one."""
    north, south = await two(database)
    like = col(Person.name).like(bindparam("pattern"))
    found, renamed = select(col(Person.name)).where(like), update(Person).where(like).values(zone="Europe/Dublin")
    for company, everybody in ((north, {"Ada", "Dana"}), (south, {"Sue"}), (north, {"Ada", "Dana"})):
        async with database.write(company.id) as tx:
            assert {*await tx.all(found, {"pattern": "%"})} == everybody
            assert await tx.changed(renamed, {"pattern": "%"}) == len(everybody)
            assert await tx.first(found.limit(1), {"pattern": "Nobody"}) is None


async def test_a_deletion_of_many_rows_at_once_leaves_other_organisations_alone(database: Database) -> None:
    north, _south = await two(database)
    async with database.write(north.id) as tx:
        assert await tx.changed(delete(Account)) == 2
    async with database.read(SYSTEM) as tx:
        assert await tx.all(select(col(Account.external_id))) == ["sue"]


async def test_a_row_for_another_organisation_is_refused(database: Database) -> None:
    north, south = await two(database)
    with pytest.raises(Foreign, match=f"Person belongs to organisation {south.id}, not to {north.id}"):
        async with acting(database, north) as tx:
            tx.add(Person(name="Spy", zone="UTC", organisation_id=south.id))
    assert "Spy" not in await names(database)


async def test_a_row_can_not_be_handed_over_to_another_organisation(sqlite: Database) -> None:
    north, south = await two(sqlite)
    with pytest.raises(Foreign):
        async with acting(sqlite, north) as tx:
            (await tx.need(Person, north.people["ada"].id)).organisation_id = south.id
    assert await names(sqlite, south.id) == ["Sue"]


async def test_a_new_row_belongs_to_the_organisation_of_its_transaction(sqlite: Database) -> None:
    north, _south = await two(sqlite)
    async with acting(sqlite, north) as tx:
        tx.add(Person(name="Ben", zone="UTC"))
    assert await names(sqlite, north.id) == ["Ada", "Ben", "Dana"]


async def test_the_system_sees_every_organisation(database: Database) -> None:
    await two(database)
    assert await names(database) == ["Ada", "Dana", "Sue"]


async def test_a_broadcast_reaches_nobody_of_another_organisation(database: Database) -> None:
    north, south = await two(database)
    everybody = select(col(Person.id), func.now(), func.now()).where(col(Person.id) > 0)
    async with acting(database, north) as tx:
        await record(tx, Replies(show=(Broadcast("all", everybody, "note", {}),)), event_id=None, now=NOON)
    async with database.read(SYSTEM) as tx:
        told = await tx.all(select(col(Message.person_id)))
    assert sorted(number for number in told if number) == sorted(each.id for each in north.people.values())
    assert south.people["sue"].id not in told
