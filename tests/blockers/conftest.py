"""Northwater on Tuesday 24 Nov 2026, 12:00 in London, where things are in people's way."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.calm import calm_from
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, TUESDAY_NOON))


@pytest.fixture
async def calm(sqlite: Database) -> Workshop:
    return await calm_from(sqlite, TUESDAY_NOON)
