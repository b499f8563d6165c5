"""Northwater's council at its table on Thursday 3 Dec 2026."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine import Database
from tests.support.at_the_table import Table, a_table
from tests.support.company import copied
from tests.support.field_dispatch import field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def two_databases(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[list[Database]]:
    places = [tmp_path / "one", tmp_path / "other"]
    for each in places:
        each.mkdir()
    both = [Database(copied(sqlite_template, each)) for each in places]
    yield both
    for database in both:
        await database.close()


@dataclass(slots=True)
class _Seated(Workshop):
    """The shop of a table."""

    council_id: int = 0
    meeting_id: int = 0


async def _table(database: Database) -> Table:
    async def play(empty: Database) -> _Seated:
        table = await a_table(Workshop(await field_dispatch(empty, TUESDAY_NOON)))
        return _Seated(table.shop.house, table.council_id, table.meeting_id)

    shop = await staged("a council at its table", database, play)
    return Table(shop, shop.council_id, shop.meeting_id)


@pytest.fixture
async def table(sqlite: Database) -> Table:
    return await _table(sqlite)


@pytest.fixture
async def table_on_both(database: Database) -> Table:
    return await _table(database)
