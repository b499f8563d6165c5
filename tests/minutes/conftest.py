"""Northwater's council has met on Thu 3 Dec 2026, 10:00 to 11:28; its minutes are to be written."""

import pytest

from storage.engine import Database
from tests.meeting.hall import Hall, northwater_meets
from tests.minutes.held import has_met


@pytest.fixture
async def hall(sqlite: Database) -> Hall:
    return await has_met(await northwater_meets(sqlite))


@pytest.fixture
async def hall_on_both(database: Database) -> Hall:
    return await has_met(await northwater_meets(database))
