"""Northwater on a Monday, 23 Nov 2026: Amy to Eli of Field Dispatch, whom Dana leads."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, datetime(2026, 11, 23, 8, tzinfo=UTC)))
