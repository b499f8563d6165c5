"""Northwater on Mon 23 Nov 2026, 09:40; Zoe writes to the bot for the first time and is in no team yet."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return await staged("Zoe writes for the first time", sqlite, _zoe_writes)


async def _zoe_writes(database: Database) -> Workshop:
    found = Workshop(await field_dispatch(database, datetime(2026, 11, 23, 9, 40, tzinfo=UTC)))
    await found.says("zoe", "/today")
    return found
