"""Northwater on Tuesday 24 Nov 2026, 12:00 in London, where things are in people's way."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from storage.cadences import Cadence
from storage.engine import Database
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, TUESDAY_NOON))


@pytest.fixture
async def calm(sqlite: Database) -> Workshop:
    return await calm_from(sqlite, TUESDAY_NOON)


async def calm_from(database: Database, at: datetime) -> Workshop:
    """The same without its rhythms: nobody is asked on the days that go by, which takes less time."""
    shop = Workshop(await field_dispatch(database, at))
    await stop_rhythms(database)
    return shop


async def stop_rhythms(database: Database) -> None:
    """Nobody is asked any more from here on."""
    async with database.write(NORTHWATER) as tx:
        await tx.run(update(Cadence).values(next_at=None, next_slot=None))
