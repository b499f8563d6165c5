"""Northwater on Tuesday 24 Nov 2026, 12:00 in London, with the five initiatives of domain.md 4.3, all scored."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from storage.initiatives import Initiative, Score
from tests.support.calm import calm_from
from tests.support.field_dispatch import NORTHWATER
from tests.support.staged import staged
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIVE = (
    ("I-1", "Fault questions before booking a visit", (5, 2, 2)),
    ("I-2", "Call notes on the engineer's tablet", (4, 3, 4)),
    ("I-3", "Text the customer the visit time", (4, 2, 1)),
    ("I-4", "New CRM", (3, 5, 5)),
    ("I-5", "Posters", (1, 1, 1)),
)


async def _shop(database: Database) -> Workshop:
    shop = await calm_from(database, TUESDAY_NOON)
    ann, raj = await shop.person("Ann"), await shop.person("Raj")
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        for code, title, figures in FIVE:
            row = Initiative(code=code, title=title, state=Initiative.State.SCORED, owner_id=ann.id)
            tx.add(row)
            await tx.flush()
            benefit, cost, effort = figures
            tx.add(Score(initiative_id=row.id, rater_id=raj.id, benefit=benefit, cost=cost, effort=effort))
    return shop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return await staged("five are scored", sqlite, _shop)


@pytest.fixture
async def shop_on_both(database: Database) -> Workshop:
    return await staged("five are scored", database, _shop)
