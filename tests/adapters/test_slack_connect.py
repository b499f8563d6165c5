"""Starting while Slack is away: the bot runs, tries again, and is connected as soon as Slack answers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlmodel import col, select
from structlog.testing import capture_logs

from adapters.slack import front
from adapters.slack.asking import until_answered
from adapters.slack.front import Slack, connected
from adapters.slack.workspaces import PAGE, Bot
from adapters.work import beside
from bot.doctor import examined, lines
from bot.house import House, assemble, engine_running, web_running
from bot.ports import Destination, NotSent, RateLimited
from bot.settings import Settings, SettingsError
from schedules.simulated import RealClock
from storage.engine import Database
from storage.errors import BotError, Unreachable
from storage.people import Person, Role
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM
from tests.faults.command import Machine, folkmoot
from tests.support.rests import Rests
from tests.support.slack_double import Fault, Hang, LostReply, RateLimit, Refuse, ServerError, SlackDouble, slack_double
from tests.support.slack_double.slack import Team
from tests.support.slack_double.world import ALL_SCOPES

SECRET = "a-signing-secret"
AWAY: Sequence[tuple[Fault, float]] = (
    (ServerError(503), 1),
    (ServerError(500, applied=True), 1),
    (RateLimit(7), 7),
    (RateLimit(0), 1),
    (LostReply(), 1),
    (Refuse("service_unavailable"), 1),
    (Refuse("internal_error"), 1),
)
HI = Destination("T1", "C1")
WAYS = ("http", "socket")


@dataclass(frozen=True, slots=True)
class Lobby:
    """A bot that was started, and what can be asked of it from outside."""

    house: House
    http: ClientSession
    address: str
    rests: Rests

    async def ready(self) -> tuple[int, str]:
        """The status of `/readyz`, and what it tells of Slack."""
        async with self.http.get("/readyz") as page:
            return page.status, (await page.json())["slack"]["detail"]

    async def bot(self) -> Bot | None:
        """The bot in the one workspace."""
        slack = self.house.real["slack"]
        assert isinstance(slack, Slack)
        return await slack.workspaces.bot("T1")

    async def connected(self) -> None:
        """Waits until it is."""
        async with asyncio.timeout(60):
            while (await self.ready())[1] != "connected":  # noqa: ASYNC110 - the page is all there is
                await asyncio.sleep(0.01)


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with slack_double() as double:
        yield double


@pytest.fixture
def team(slack: SlackDouble) -> Team:
    team = slack.add_workspace("T1", "Northwater")
    team.add_user("U1", "Ada Lovelace", admin=True)
    team.add_channel("C1", "works", members=("U1",))
    return team


def settings_for(api_url: str, token: str, **more: str) -> Settings:
    given = {"SLACK_BOT_TOKEN": token, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api_url, **more}
    return Settings(PORT=0, **given)  # type: ignore[arg-type]  # names of the environment


def settings_by(way: str, slack: SlackDouble, token: str) -> Settings:
    """One of the two ways in which Slack brings what people do."""
    socket_mode = {"SLACK_APP_TOKEN": slack.world.app_token, "SLACK_SIGNING_SECRET": ""}
    return settings_for(slack.api_url, token, **(socket_mode if way == "socket" else {}))


async def listens(way: str, slack: SlackDouble, lobby: Lobby) -> None:
    """Slack brings what people do from now on."""
    if way == "socket":
        await slack.links.connected()
        slack.deliver_over_socket()
    else:
        slack.deliver_to(f"{lobby.address}/slack/events", SECRET)


@asynccontextmanager
async def a_start(database: Database, settings: Settings) -> AsyncIterator[Lobby]:
    """Everything of `folkmoot serve` but the process."""
    rests = Rests()
    async with connected(settings, database, rest=rests) as slack:
        house = assemble(database, RealClock(), real={"slack": slack})
        async with engine_running(house), web_running(house, settings, with_clock=True) as port:
            address = f"http://127.0.0.1:{port}"
            async with ClientSession(address) as http:
                yield Lobby(house, http, address, rests)


async def the_admins(database: Database) -> list[str]:
    """Who runs the bot."""
    async with database.read(SYSTEM) as tx:
        query = select(Person).join(Role, col(Role.person_id) == Person.id)
        return [each.name for each in (await tx.session.scalars(query)).all()]


# --- trying


@pytest.mark.parametrize(("fault", "pause_s"), AWAY)
async def test_a_bot_that_starts_while_slack_is_away_runs_and_connects_once_slack_answers(
    sqlite: Database, slack: SlackDouble, team: Team, fault: Fault, pause_s: float
) -> None:
    slack.faults.next("auth.test", fault, ServerError(502))
    with capture_logs() as logs:
        async with a_start(sqlite, settings_for(slack.api_url, team.token)) as lobby:
            status, told = await lobby.ready()
            assert (status, told[:33], told[-18:]) == (
                503,
                "SLACK_BOT_TOKEN waits for Slack (",
                "; it is tried again"[1:],
            )
            await lobby.rests.end(pause_s)
            await lobby.rests.end(2)
            await lobby.connected()
            assert await lobby.ready() == (200, "connected")
            assert await lobby.bot() is not None
    told_of = [each["event"] for each in logs if each["event"] in {"slack_not_reached", "slack_connected"}]
    assert told_of == ["slack_not_reached", "slack_connected"]


async def test_a_slack_of_which_there_is_no_trace_is_waited_for(sqlite: Database) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    double = SlackDouble()
    token = double.add_workspace("T1").token
    async with a_start(sqlite, settings_for(f"http://127.0.0.1:{port}/api/", token)) as lobby:
        assert (await lobby.ready())[0] == 503
        async with double.open(port):
            await lobby.rests.end(1)
            await lobby.connected()


async def test_a_slack_that_only_hangs_does_not_hold_up_the_start_nor_the_end(
    sqlite: Database, slack: SlackDouble, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "START_WITHIN_S", 0.01)
    slack.faults.next("auth.test", Hang())
    async with a_start(sqlite, settings_for(slack.api_url, team.token)) as lobby:
        assert await lobby.ready() == (
            503,
            "SLACK_BOT_TOKEN waits for Slack (no answer within 0.01 s); it is tried again",
        )
        assert lobby.rests.asked.count(1) == 0


async def test_the_pauses_grow_to_a_minute_and_are_as_long_as_slack_asks_for(sqlite: Database) -> None:
    troubles: list[BotError] = [NotSent("away") for _ in range(8)]
    troubles += [RateLimited("slack", 90), RateLimited("slack", 0), Unreachable("here")]
    asked, heard = list[float](), list[BotError]()

    async def attempt() -> str:
        if troubles:
            raise troubles.pop(0)
        return "there"

    async def rest(seconds: float) -> None:
        asked.append(seconds)

    assert await until_answered(attempt, rest=rest, tell=heard.append) == "there"
    assert asked == [1, 2, 4, 8, 16, 32, 60, 60, 90, 1, 60]
    assert len(heard) == 11


async def test_a_bot_that_is_told_to_end_while_it_tries_ends_well(tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'folkmoot.db'}",
        "PORT": "0",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
    }
    machine = Machine(tmp_path, environment)
    ended = await asyncio.to_thread(folkmoot, "serve", machine=machine, ends_after_s=60, said="Folkmoot runs on")
    assert (ended.code, "Traceback" in ended.err) == (0, False), ended.err
    assert [ended.err.count(f"waits={each}") for each in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")] == [1, 1]


async def test_who_runs_the_workspace_is_asked_until_slack_says_so(
    sqlite: Database, slack: SlackDouble, team: Team
) -> None:
    slack.faults.next("users.list", RateLimit(5))
    async with a_start(sqlite, settings_for(slack.api_url, team.token)) as lobby:
        assert (await lobby.ready())[0] == 503
        await lobby.rests.end(5)
        await lobby.connected()
        assert await the_admins(sqlite) == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("faults", "admins"), [((None, RateLimit(5)), ["Ada Lovelace"]), ((Refuse("missing_scope", "users:read"),), [])]
)
async def test_a_workspace_is_connected_though_slack_does_not_show_all_its_members(
    sqlite: Database, slack: SlackDouble, team: Team, faults: Sequence[Fault | None], admins: Sequence[str]
) -> None:
    for number in range(PAGE):
        team.add_user(f"U1{number:04}", "Somebody")
    slack.faults.next("users.list", *faults)
    async with a_start(sqlite, settings_for(slack.api_url, team.token)) as lobby:
        assert await lobby.ready() == (200, "connected")
        assert await the_admins(sqlite) == admins


# --- refused


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope", "not_allowed_token_type"])
async def test_a_token_that_slack_refuses_ends_the_start_and_says_what_to_do(
    sqlite: Database, slack: SlackDouble, team: Team, code: str
) -> None:
    slack.faults.next("auth.test", Refuse(code))
    with pytest.raises(SettingsError, match=rf"SLACK_BOT_TOKEN \({code}\); copy the Bot User OAuth Token"):
        async with connected(settings_for(slack.api_url, team.token), sqlite):
            raise AssertionError("it came up")


async def test_the_token_of_a_person_is_no_token_of_the_bot(sqlite: Database, slack: SlackDouble, team: Team) -> None:
    slack.world.tokens[team.token].is_users = True
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is no token of a bot; copy the Bot User OAuth Token"):
        async with connected(settings_for(slack.api_url, team.token), sqlite):
            raise AssertionError("it came up")


async def test_an_address_that_is_not_slacks_ends_the_start(sqlite: Database, slack: SlackDouble, team: Team) -> None:
    with pytest.raises(SettingsError, match="slack answered 404; look at SLACK_API_URL"):
        async with connected(settings_for(f"{slack.url}/nowhere/", team.token), sqlite):
            raise AssertionError("it came up")


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_token_that_slack_refuses_once_it_is_back_ends_the_bot_with_the_same_words(
    sqlite: Database, slack: SlackDouble, team: Team, method: str, setting: str
) -> None:
    slack.faults.next(method, ServerError(503), Refuse("invalid_auth"))
    settings = settings_for(slack.api_url, team.token, SLACK_APP_TOKEN=slack.world.app_token)
    with pytest.raises(SettingsError, match=rf"Slack does not take {setting} \(invalid_auth\)"):
        async with a_start(sqlite, settings) as lobby:
            await lobby.rests.end(1)
            await asyncio.Event().wait()


async def test_what_goes_on_beside_a_block_ends_with_it_and_its_failure_ends_the_block() -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    async def fails() -> None:
        raise SettingsError("no")

    async with beside(for_ever()):
        pass
    with pytest.raises(ZeroDivisionError):
        async with beside(for_ever()):
            raise ZeroDivisionError
    with pytest.raises(SettingsError, match="no"):
        async with beside(fails()):
            await for_ever()
    async with beside(fails()):
        pass  # over before it could fail
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


# --- Socket Mode


async def test_socket_mode_begins_once_slack_answers(sqlite: Database, slack: SlackDouble, team: Team) -> None:
    slack.faults.next("apps.connections.open", ServerError(503), RateLimit(5))
    async with a_start(sqlite, settings_by("socket", slack, team.token)) as lobby:
        assert (await lobby.ready())[0] == 503
        assert slack.links.number == 0
        await lobby.rests.end(1)
        await lobby.rests.end(5)
        await lobby.connected()
        await listens("socket", slack, lobby)
        assert (await team.user("U1").commands("/cx", "help", "C1")).is_ok
        assert "What you can ask me" in team.user("U1").sees("C1")[-1].words


# --- known from an earlier start


@pytest.mark.parametrize("way", WAYS)
async def test_a_workspace_that_an_earlier_start_connected_is_used_while_slack_is_away(
    sqlite: Database, slack: SlackDouble, team: Team, way: str
) -> None:
    settings = settings_by(way, slack, team.token)
    async with a_start(sqlite, settings) as lobby:
        assert await lobby.ready() == (200, "connected")
    slack.faults.next("auth.test", ServerError(503))
    async with a_start(sqlite, settings) as lobby:
        assert (await lobby.ready())[0] == 200
        assert "SLACK_BOT_TOKEN waits for Slack" in (await lobby.ready())[1]
        bot = await lobby.bot()
        assert bot is not None
        assert bot.token == team.token
        await listens(way, slack, lobby)
        assert (await team.user("U1").commands("/cx", "help", "C1")).is_ok
        assert "What you can ask me" in team.user("U1").sees("C1")[-1].words
        await lobby.rests.end(1)
        await lobby.connected()


async def test_another_token_is_not_taken_for_the_one_of_an_earlier_start(
    sqlite: Database, slack: SlackDouble, team: Team
) -> None:
    async with connected(settings_for(slack.api_url, team.token), sqlite):
        pass
    south = slack.add_workspace("T2", "Southgas")
    slack.faults.next("auth.test", ServerError(503))
    async with connected(settings_for(slack.api_url, south.token), sqlite, rest=Rests()) as again:
        assert await again.workspaces.bot("T1") is None
        assert again.standing[0] is False


async def test_a_workspace_that_has_ended_is_not_used_before_slack_answers(
    sqlite: Database, slack: SlackDouble, team: Team
) -> None:
    settings, rests = settings_for(slack.api_url, team.token), Rests()
    async with connected(settings, sqlite) as first:
        async with sqlite.read(SYSTEM) as tx:
            (row,) = (await tx.session.scalars(select(SlackWorkspace))).all()
        assert team.token not in f"{row!r}"
        assert await first.workspaces.uninstalled("T1", row.installed_at + timedelta(seconds=1))
    slack.faults.next("auth.test", ServerError(503))
    async with connected(settings, sqlite, rest=rests) as again:
        assert await again.workspaces.bot("T1") is None


async def test_the_doctor_does_not_take_a_slack_that_is_away_for_a_token_that_is_missing(
    sqlite: Database, sqlite_url: str, slack: SlackDouble, team: Team
) -> None:
    async with connected(settings_for(slack.api_url, team.token), sqlite):
        pass
    told = lines(await examined(settings_for("http://127.0.0.1:9/api/", team.token, DATABASE_URL=sqlite_url)))
    (wrong,) = [each for each in told if each.startswith("wrong")]
    assert "Northwater (T1): Slack gave no answer that can be used" in wrong


async def test_the_doctor_says_that_an_app_from_before_the_pictures_is_to_be_installed_again(
    sqlite: Database, sqlite_url: str, slack: SlackDouble, team: Team
) -> None:
    slack.world.tokens[team.token].scopes = ALL_SCOPES - {"files:write"}
    settings = settings_for(slack.api_url, team.token, DATABASE_URL=sqlite_url)
    async with connected(settings, sqlite):
        pass
    told = lines(await examined(settings))
    at = told.index("wrong Northwater (T1): without the scope files:write numbers come in words, not as pictures.")
    assert told[at + 1] == "      -> take the newest manifest (`folkmoot slack manifest`), and install the app again"
    assert [each for each in told if each.startswith("wrong")] == [told[at]]
