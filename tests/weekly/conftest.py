"""Northwater on Thursday 26 Nov 2026, 12:00 in London; Dana's Field Dispatch meets on Fridays at 10:00."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.huddles import running
from storage.engine import Database
from storage.huddles import Huddle
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop

THURSDAY_NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


async def meeting_on_fridays(database: Database) -> Workshop:
    """The team without its huddle, which has no part in this and takes its time."""
    return await staged("meeting on Fridays", database, _meeting_on_fridays)


async def _meeting_on_fridays(database: Database) -> Workshop:
    shop = Workshop(await field_dispatch(database, THURSDAY_NOON))
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=THURSDAY_NOON)
        for huddle in await tx.all(select(Huddle)):
            huddle.active = False
            await running.replan(tx, huddle, THURSDAY_NOON)
    await shop.says("dana", "/weekly setup day:fri at:10:00")
    return shop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, THURSDAY_NOON))


@pytest.fixture
async def weekly(sqlite: Database) -> Workshop:
    return await meeting_on_fridays(sqlite)


@pytest.fixture
async def weekly_on_both(database: Database) -> Workshop:
    return await meeting_on_fridays(database)
