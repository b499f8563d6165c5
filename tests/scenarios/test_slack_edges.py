"""Where Slack could lead a bot astray: ends of other installations, people of other companies, wrong settings."""

import asyncio
import time

import pytest

from adapters.slack.front import Slack
from adapters.slack.members import is_foreign, sender_of
from adapters.slack.workspaces import Bot
from bot.house import assemble, platforms, web_running
from bot.settings import Settings, SettingsError
from schedules.simulated import RealClock
from storage.engine import Database
from tests.scenarios.test_slack_workspaces import a_hall, ada, asks
from tests.support.slack_double import slack_double


def a_bot(*, team: str = "T1", enterprise: str = "") -> Bot:
    """The bot of an installation."""
    return Bot(
        tenant=team or enterprise,
        token="xoxb",
        user_id="UBOT",
        bot_id="B1",
        app_id="A1",
        name="Northwater",
        scopes=frozenset(),
        team_id=team,
        enterprise_id=enterprise,
    )


@pytest.mark.parametrize(
    ("bot", "user", "foreign"),
    [
        (a_bot(), {"id": "U1", "team_id": "T1"}, False),
        (a_bot(), {"id": "U1", "team_id": "T9"}, True),
        (a_bot(enterprise="E1"), {"id": "U1", "team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, False),
        (a_bot(enterprise="E1"), {"id": "U1", "team_id": "T9", "enterprise_user": {"enterprise_id": "E9"}}, True),
        (a_bot(enterprise="E1"), {"id": "U1", "team_id": "T9"}, True),
        (a_bot(team="", enterprise="E1"), {"id": "U1", "team_id": "T7", "enterprise_id": "E1"}, False),
        (a_bot(), {"id": "U1"}, False),
    ],
)
def test_who_belongs_to_another_company_is_a_guest_whatever_slack_calls_them(
    bot: Bot, user: dict[str, object], foreign: bool
) -> None:
    assert is_foreign(user, bot) is foreign
    assert sender_of(user, bot).is_guest is foreign


async def test_taking_out_a_workspace_s_own_installation_leaves_the_enterprise_s(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        slack = hall.house.real["slack"]
        assert isinstance(slack, Slack)
        workspaces = slack.workspaces
        team = hall.slack.add_workspace("T3", "Northwater West", enterprise_id="E1", installed=False)
        team.add_user("U1", "Ada", admin=True)
        team.add_channel("C1", "west", members=("U1",))
        await workspaces.install(
            {
                "access_token": hall.slack.install_everywhere("E1").value,
                "token_type": "bot",
                "team": None,
                "enterprise": {"id": "E1", "name": "Northwater Group"},
                "is_enterprise_install": True,
                "bot_user_id": "U0BOT",
                "app_id": "A1",
                "scope": "",
                "authed_user": {"id": "U1"},
            }
        )
        await hall.installs(team)
        await asyncio.sleep(1.1)
        for what in ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, {"type": "app_uninstalled"}) * 2:
            await team.happens(what, at=time.time())
        assert await workspaces.tenant_of("T3", "E1") == "E1"
        assert await workspaces.bot("E1") is not None


async def test_a_picture_without_a_word_in_direct_messages_is_no_line(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = hall.slack.workspace("T1")
        await hall.installs(north)
        shared = {"type": "message", "subtype": "file_share", "channel_type": "im", "channel": ada(north).direct}
        heard = await north.happens({**shared, "user": "U1", "text": "", "files": [{"id": "F1"}], "ts": "1.2"})
        assert heard.is_ok
        assert "What you can ask me" in await asks(north, "help")
        assert hall.slack.called("chat.postMessage") == []


async def test_an_app_token_that_slack_does_not_take_is_told_at_the_start(sqlite: Database) -> None:
    async with slack_double() as slack:
        team = slack.add_workspace("T1")
        settings = Settings(
            PORT=0, SLACK_BOT_TOKEN=team.token, SLACK_APP_TOKEN="xapp-wrong", SLACK_API_URL=slack.api_url
        )
        async with platforms(settings, sqlite) as connected:
            house = assemble(sqlite, RealClock(), real=connected)
            with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
                async with web_running(house, settings, with_clock=True):
                    raise AssertionError("it came up")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_SIGNING_SECRET needs SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_CLIENT_ID": "1", "SLACK_SIGNING_SECRET": "s"}, "leave one of them out"),
    ],
)
async def test_settings_that_mean_nothing_together_are_told(sqlite: Database, given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        async with platforms(Settings(**given), sqlite):  # type: ignore[arg-type]  # names of the environment
            raise AssertionError("it came up")
