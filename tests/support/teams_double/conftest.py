"""A double with one tenant, a bot that it brings everything to, and that bot's own calls."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from tests.support.teams_double import TeamsDouble, Tenant, teams_double
from tests.support.teams_double.sample_app import App, Client

PLENTY_S = 60.0


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with teams_double() as double:
        double.courier.patience_s = PLENTY_S
        yield double


@pytest.fixture
def tenant(teams: TeamsDouble) -> Tenant:
    tenant = teams.add_tenant("northwater")
    tenant.add_user("29:ada", "Ada Lovelace", email="ada@example.org")
    tenant.add_user("29:ben", "Ben", timezone="America/New_York", locale="en-US", country="US")
    tenant.add_team("19:ops@thread.tacv2", "Operations", members=["29:ada", "29:ben"])
    tenant.add_channel("19:ops@thread.tacv2", "19:field@thread.tacv2", "Field dispatch")
    return tenant


@pytest.fixture
async def app(teams: TeamsDouble) -> AsyncIterator[App]:
    app = App()
    host = web.Application()
    host.router.add_post("/api/messages", app.take)
    runner = web.AppRunner(host, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
    yield app
    await runner.cleanup()


@pytest.fixture
async def client(teams: TeamsDouble, tenant: Tenant) -> AsyncIterator[Client]:
    async with ClientSession() as session:
        client = Client(teams, session)
        await client.get_token()
        yield client
