"""A double with one workspace, and an app that it brings everything to."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.support.slack_double import SlackDouble, Team, slack_double
from tests.support.slack_double.sample_app import SECRET, App


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with slack_double() as double:
        yield double


@pytest.fixture
def team(slack: SlackDouble) -> Team:
    team = slack.add_workspace("T1")
    team.add_user("U1", "Ada")
    team.add_user("U2", "Ben", tz="America/New_York", email="ben@example.org")
    team.add_channel("C1", "field-dispatch", members=["U1", "U2"])
    return team


@pytest.fixture
async def app(slack: SlackDouble) -> AsyncIterator[App]:
    app = App()
    host = web.Application()
    host.router.add_post("/slack/events", app.take)
    runner = web.AppRunner(host, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", SECRET)
    yield app
    await runner.cleanup()
