"""A bot for many workspaces: installed by a browser, used, taken out, installed again; each sees only its own."""

import asyncio
import base64
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import event
from yarl import URL

from bot.house import House, assemble, platforms, web_running
from bot.settings import Settings
from schedules.simulated import RealClock
from storage import bound
from storage.engine import Database
from tests.support.slack_double import Heard, Member, SlackDouble, Team, slack_double

SECRET = "a-signing-secret"
KEYS = f"k1:{base64.b64encode(b'1' * 32).decode()}"


@dataclass(slots=True)
class Hall:
    """The bot over HTTP, and Slack."""

    house: House
    slack: SlackDouble
    http: ClientSession
    address: str

    async def installs(self, team: Team) -> None:
        """Ada, who runs a workspace, installs the bot there with her browser."""
        page = await self._page(f"{self.address}/slack/install")
        (link,) = re.findall(r'href="([^"]+)"', page)
        url = URL(f"{unescape(link)}&team={team.id}&user=U1", encoded=True)
        async with self.http.get(url, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            back = answer.headers["Location"]
        assert "is installed" in await self._page(back)

    async def _page(self, url: str) -> str:
        async with self.http.get(URL(url, encoded=True)) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return text


@asynccontextmanager
async def a_hall(database: Database) -> AsyncIterator[Hall]:
    """Two workspaces in which the same ids mean other people and other rooms."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    async with slack_double() as slack, ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        for team_id, name in (("T1", "Northwater"), ("T2", "Southgas")):
            team = slack.add_workspace(team_id, name, installed=False)
            team.add_user("U1", f"Ada of {name}", admin=True)
            team.add_channel("C1", f"{name.lower()}-room", members=("U1",))
        settings = Settings(
            PORT=port,
            SLACK_BOT_TOKEN="",
            SLACK_APP_TOKEN="",
            SLACK_CLIENT_ID=slack.world.client_id,
            SLACK_CLIENT_SECRET=slack.world.client_secret,
            SLACK_SIGNING_SECRET=SECRET,
            SLACK_API_URL=slack.api_url,
            FOLKMOOT_SECRET_KEYS=KEYS,
            FOLKMOOT_PUBLIC_URL=address,
        )
        async with platforms(settings, database) as connected:
            house = assemble(database, RealClock(), real=connected)
            async with web_running(house, settings, with_clock=True):
                slack.deliver_to(f"{address}/slack/events", SECRET)
                yield Hall(house, slack, http, address)
        assert slack.complaints == []


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ada(team: Team) -> Member:
    """The one person there."""
    return team.user("U1")


async def asks(team: Team, text: str) -> str:
    """Ada types a command in her channel; what she sees of the answer."""
    heard: Heard = await ada(team).commands("/cx", text, "C1")
    assert heard.is_ok, heard
    return ada(team).sees("C1")[-1].words if heard.body else ""


async def _two_that_know_nothing_of_each_other(hall: Hall) -> None:
    north, south = hall.slack.workspace("T1"), hall.slack.workspace("T2")
    for team in (north, south):
        await hall.installs(team)
    await asks(north, 'measure add "Leaks mended" code:LKM unit:percent')
    await asks(north, "measure record LKM 78")
    assert "Leaks mended" in await asks(north, "measure list")
    assert "Leaks mended" not in await asks(south, "measure list")
    await asks(south, 'measure add "Calls lost" code:LKM unit:percent')
    assert "Calls lost" in await asks(south, "measure list")
    assert "Calls lost" not in await asks(north, "measure list")


async def test_two_workspaces_with_equal_ids_never_see_each_other_s_data(database: Database) -> None:
    async with a_hall(database) as hall:
        await _two_that_know_nothing_of_each_other(hall)


async def test_the_law_above_notices_when_the_filter_by_organisation_is_taken_out(sqlite: Database) -> None:
    found = bound._only_its_own_organisation  # noqa: SLF001 - taking it out is the point
    event.remove(bound.BoundSession, "do_orm_execute", found)
    try:
        async with a_hall(sqlite) as hall:
            with pytest.raises(AssertionError, match="Leaks mended"):
                await _two_that_know_nothing_of_each_other(hall)
    finally:
        event.listen(bound.BoundSession, "do_orm_execute", found)


async def test_a_workspace_is_installed_used_left_and_comes_back_with_all_it_had(database: Database) -> None:
    async with a_hall(database) as hall:
        north, south = hall.slack.workspace("T1"), hall.slack.workspace("T2")
        for team in (north, south):
            await hall.installs(team)
        await asks(north, 'measure add "Leaks mended" code:LKM unit:percent')
        await _a_second()
        left_at = time.time()
        await north.uninstalls(at=left_at)
        posts = len(hall.slack.called("chat.postMessage"))
        refused = await ada(north).commands("/cx", "measure list", "C1")
        assert "Leaks mended" not in refused.body
        assert "What you can ask me" in await asks(south, "help")
        assert len(hall.slack.called("chat.postMessage")) == posts
        await _a_second()
        await hall.installs(north)
        # Slack brings the news of the end once more, late and in the wrong order.
        await north.happens({"type": "app_uninstalled"}, at=left_at)
        await north.happens({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, at=left_at)
        assert "Leaks mended" in await asks(north, "measure list")


async def _a_second() -> None:
    """Slack tells when something happened in whole seconds."""
    await asyncio.sleep(1.1)


async def test_a_workspace_that_never_installed_the_bot_is_told_nothing(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.installs(hall.slack.workspace("T1"))
        heard = await ada(hall.slack.workspace("T2")).commands("/cx", "measure list", "C1")
        assert heard.status == 200
        assert hall.slack.called("chat.postMessage") == []


async def test_commands_are_named_as_they_are_typed_there(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = hall.slack.workspace("T1")
        await hall.installs(north)
        assert "/cx measure add" in await asks(north, "measure list")
        assert "Try /cx help" in (await asks(north, "nonsense")).replace("`", "")
        await ada(north).opens_home()
        async with asyncio.timeout(10):
            while ada(north).home is None:  # noqa: ASYNC110 - only Slack knows
                await asyncio.sleep(0.02)
        home = ada(north).home
        assert home is not None
        assert "Write /cx team setup" in home.words
