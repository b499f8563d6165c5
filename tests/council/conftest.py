"""Northwater's CX Council on Monday 23 Nov 2026, 12:00 in London: founded by Ivo, eight seats and the customer's."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.council.table import Table, a_table
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, MONDAY_NOON))


@pytest.fixture
async def table(sqlite: Database) -> Table:
    return await a_table(sqlite, MONDAY_NOON)


@pytest.fixture
async def table_on_both(database: Database) -> Table:
    return await a_table(database, MONDAY_NOON)
