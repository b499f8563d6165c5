"""Northwater on Tuesday 24 Nov 2026, 12:00 in London."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.calm import calm_from
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return await calm_from(sqlite, TUESDAY_NOON)


@pytest.fixture
async def shop_on_both(database: Database) -> Workshop:
    return await calm_from(database, TUESDAY_NOON)
