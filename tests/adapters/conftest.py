"""Fixtures of several files."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import SlackApi
from adapters.wire import a_wire
from storage.engine import Database
from tests.support.slack_double import slack_double
from tests.support.slack_office import Office, Watch


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    async with slack_double() as double, a_wire("slack") as wire:
        yield Office(double, database, SlackApi(wire, double.api_url), Watch())


@pytest.fixture
async def sqlite_office(sqlite: Database) -> AsyncIterator[Office]:
    async with slack_double() as double, a_wire("slack") as wire:
        yield Office(double, sqlite, SlackApi(wire, double.api_url), Watch())
