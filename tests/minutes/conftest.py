"""Northwater's council has met on Thu 3 Dec 2026, 10:00 to 11:28; its minutes are to be written, or are out."""

import pytest

from storage.engine import Database
from tests.meeting.hall import Hall
from tests.minutes.staged import has_issued, has_met


@pytest.fixture
async def hall(sqlite: Database) -> Hall:
    return await has_met(sqlite)


@pytest.fixture
async def issued(sqlite: Database) -> Hall:
    return await has_issued(sqlite)


@pytest.fixture
async def issued_on_both(database: Database) -> Hall:
    return await has_issued(database)


@pytest.fixture
async def hall_on_both(database: Database) -> Hall:
    return await has_met(database)
