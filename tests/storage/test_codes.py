"""Codes such as B-7: each number is given once, whoever asks at the same moment."""

import asyncio

from storage.engine import Database
from storage.errors import Conflict
from storage.organisations import next_code
from tests.support.company import NOON, a_company


async def given(database: Database, organisation_id: int, prefix: str = "B") -> str:
    """One code, as the dispatcher asks for it: again after a conflict."""
    while True:
        try:
            async with database.write(organisation_id) as tx:
                tx.acts_for(by=None, event_id=None, now=NOON)
                return await next_code(tx, prefix)
        except Conflict:
            continue


async def test_codes_count_up_from_one(sqlite: Database) -> None:
    company = await a_company(sqlite)
    assert [await given(sqlite, company.id) for _ in range(3)] == ["B-1", "B-2", "B-3"]


async def test_each_kind_of_code_and_each_organisation_counts_for_itself(database: Database) -> None:
    north, south = await a_company(database, "Northwater"), await a_company(database, "Southgas")
    assert [await given(database, north.id), await given(database, north.id, "V")] == ["B-1", "V-1"]
    assert await given(database, south.id) == "B-1"


async def test_people_who_ask_at_the_same_moment_get_different_codes(database: Database) -> None:
    company = await a_company(database)
    codes = await asyncio.gather(*(given(database, company.id) for _ in range(8)))
    assert sorted(codes) == [f"B-{number}" for number in range(1, 9)]
