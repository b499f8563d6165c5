"""Northwater's council on Tuesday 24 Nov 2026, nine days before it meets."""

import pytest

from storage.engine import Database
from tests.agenda.house import House, a_house


@pytest.fixture
async def house(sqlite: Database) -> House:
    return await a_house(sqlite)


@pytest.fixture
async def house_on_both(database: Database) -> House:
    return await a_house(database)
