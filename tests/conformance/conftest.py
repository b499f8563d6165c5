"""Every platform, one after the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.conformance.on_local import local_platform
from tests.conformance.on_slack import Slack, slack_platform
from tests.conformance.on_teams import teams_platform
from tests.conformance.screens import Platform, Screen
from tests.support.mail_office import MailOffice, a_mail_office


@pytest.fixture(params=["local", "slack", "slack-socket", "teams"])
async def platform(request: pytest.FixtureRequest, sqlite: Database) -> AsyncIterator[Platform]:
    if request.param == "local":
        async with local_platform(sqlite) as local:
            yield local
    elif request.param == "teams":
        async with teams_platform(sqlite) as teams:
            yield teams
            assert teams.double.complaints == []
    else:
        async with slack_platform(sqlite, over_socket=request.param == "slack-socket") as slack:
            yield slack
            assert slack.double.complaints == []


@pytest.fixture
def ada(platform: Platform) -> Screen:
    return platform.screen("ada")


@pytest.fixture
def ben(platform: Platform) -> Screen:
    return platform.screen("ben")


@pytest.fixture
async def slack(sqlite: Database) -> AsyncIterator[Slack]:
    """Where the law is Slack's alone."""
    async with slack_platform(sqlite) as slack:
        yield slack
        assert slack.double.complaints == []


@pytest.fixture
async def email(sqlite: Database, tmp_path: Path) -> MailOffice:
    """Members who have mail only."""
    return await a_mail_office(sqlite, tmp_path / "mail")
