"""The CX Council of Northwater on Thu 3 Dec 2026, 10:00 to 11:30 in London; at 09:55 nobody is there yet."""

import pytest

from storage.engine import Database
from tests.meeting.hall import Hall, northwater_meets


@pytest.fixture
async def hall(sqlite: Database) -> Hall:
    return await northwater_meets(sqlite)


@pytest.fixture
async def hall_on_both(database: Database) -> Hall:
    return await northwater_meets(database)
