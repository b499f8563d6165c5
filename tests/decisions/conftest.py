"""Northwater's council at its table on Thursday 3 Dec 2026."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine import Database
from tests.support.at_the_table import Table, a_table
from tests.support.company import copied
from tests.support.field_dispatch import field_dispatch
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


@pytest.fixture
async def table(sqlite: Database) -> Table:
    return await a_table(Workshop(await field_dispatch(sqlite, TUESDAY_NOON)))


@pytest.fixture
async def table_on_both(database: Database) -> Table:
    return await a_table(Workshop(await field_dispatch(database, TUESDAY_NOON)))
