"""Field Dispatch on the eve of a huddle."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    """It is Monday 23 November, noon; the huddle is on Tuesday at 09:15, and Fay is away."""
    return Workshop(await field_dispatch(sqlite, MONDAY_NOON))
