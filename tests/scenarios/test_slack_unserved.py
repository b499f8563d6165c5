"""Who acts where the bot can do nothing is told so, over HTTP and Socket Mode; what Slack brings again is done."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.slack import desk
from adapters.slack.front import connected
from adapters.slack.views import LOOKED_IN_VAIN, NOT_INSTALLED
from storage.engine import Database
from storage.tx import SYSTEM
from tests.adapters.test_slack_connect import WAYS, Lobby, a_start, listens, settings_by, settings_for
from tests.support.mortal_postgres import MortalServer, mortal_server
from tests.support.postgres import PostgresMissing, new_database
from tests.support.slack_double import Hang, Heard, Member, SeenMessage, ServerError, SlackDouble, Team, slack_double
from tests.support.slack_double.reading import SeenView
from tests.support.slack_double.sample_app import CARD, FORM
from tests.support.slack_double.world import Message, View

WITHIN_S = 60.0


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    async with slack_double() as double:
        yield double


@pytest.fixture(scope="module")
def server() -> Iterator[MortalServer]:
    try:
        with mortal_server() as started:
            yield started
    except PostgresMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


def a_team(slack: SlackDouble, team_id: str = "T1") -> Team:
    team = slack.add_workspace(team_id)
    team.add_user("U1", "Ada Lovelace", admin=True)
    team.add_channel("C1", "works", members=("U1",))
    return team


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110 - only Slack knows
            await asyncio.sleep(0.01)


def words(member: Member, channel: str = "C1") -> Sequence[str]:
    """What somebody sees."""
    return [each.words for each in member.sees(channel)]


@asynccontextmanager
async def a_line_that_is_left(ada: Member, logs: list[EventDict]) -> AsyncIterator["asyncio.Task[Heard | None]"]:
    """Ada writes to the bot, which looks at it and can't take it."""
    logs.clear()
    line = asyncio.create_task(ada.says("", "measure list"))
    try:
        await until(lambda: any(each["event"] == "slack_request_failed" for each in logs))
        yield line
    finally:
        line.cancel()


async def comes_again(slack: SlackDouble, line: "asyncio.Task[Heard | None]") -> None:
    """What was not acknowledged comes once more, and now it is."""
    if slack.courier.over_socket:
        assert not line.done(), "over a socket what is refused must not be acknowledged"
        assert await slack.links.again() == 1
        told = await line
    else:
        refused = await line
        assert refused is not None
        assert refused.status == 503
        told = await slack.again()
    assert told is not None
    assert told.is_ok


async def is_answered_once(ada: Member) -> None:
    await until(lambda: any("customer number" in each for each in words(ada, "")))
    assert len(words(ada, "")) == 2, "the line and its answer"


# --- what comes again


@pytest.mark.parametrize("way", WAYS)
async def test_what_somebody_writes_before_their_workspace_is_known_is_not_lost(
    sqlite: Database, slack: SlackDouble, way: str
) -> None:
    team = a_team(slack)
    ada = team.user("U1")
    slack.faults.next("auth.test", ServerError(502))
    with capture_logs() as logs:
        async with a_start(sqlite, settings_by(way, slack, team.token)) as lobby:
            await listens(way, slack, lobby)
            await ada.commands("/cx", "measure list", "C1")
            assert words(ada) == [LOOKED_IN_VAIN]
            async with a_line_that_is_left(ada, logs) as line:
                await lobby.rests.end(1)
                await lobby.connected()
                await comes_again(slack, line)
            await is_answered_once(ada)
    assert slack.called("response_url") == []


@pytest.mark.postgres
@pytest.mark.parametrize("way", WAYS)
async def test_what_somebody_writes_while_the_database_is_away_is_not_lost(
    server: MortalServer, slack: SlackDouble, way: str
) -> None:
    url = new_database(server.base_url)
    Database(url).migrate()
    database = Database(url)
    team = a_team(slack)
    ada = team.user("U1")
    with capture_logs() as logs:
        async with a_start(database, settings_by(way, slack, team.token)) as lobby:
            await listens(way, slack, lobby)
            await asyncio.to_thread(server.stop)
            await ada.commands("/cx", "measure list", "C1")
            assert words(ada) == [LOOKED_IN_VAIN]
            async with a_line_that_is_left(ada, logs) as line:
                await asyncio.to_thread(server.start)
                await comes_again(slack, line)
            await is_answered_once(ada)
    await database.close()


@pytest.mark.postgres
async def test_a_database_that_only_hangs_does_not_hold_up_the_answer(
    server: MortalServer, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database(server.base_url)
    Database(url).migrate()
    database, other = Database(url), Database(url)
    team = a_team(slack)
    ada = team.user("U1")
    async with a_start(database, settings_for(slack.api_url, team.token)) as lobby:
        await listens("http", slack, lobby)
        monkeypatch.setattr(desk, "WITHIN_S", 0.05)
        async with other.write(SYSTEM) as tx:
            await tx.session.execute(text("LOCK TABLE slack_workspace IN ACCESS EXCLUSIVE MODE"))
            assert (await ada.commands("/cx", "measure list", "C1")).is_ok
            assert words(ada) == [LOOKED_IN_VAIN]
    await database.close()
    await other.close()


@pytest.mark.parametrize("way", WAYS)
async def test_a_workspace_whose_token_can_not_be_had_is_not_taken_for_one_without_the_app(
    sqlite: Database, slack: SlackDouble, way: str
) -> None:
    north, south = a_team(slack), a_team(slack, "T2")
    async with connected(settings_for(slack.api_url, north.token), sqlite):
        pass
    async with a_start(sqlite, settings_by(way, slack, south.token)) as lobby:
        await listens(way, slack, lobby)
        await north.user("U1").commands("/cx", "help", "C1")
        await south.user("U1").commands("/cx", "help", "C1")
    assert words(north.user("U1")) == [LOOKED_IN_VAIN]
    assert "What you can ask me" in words(south.user("U1"))[0]


# --- what is said


@asynccontextmanager
async def a_place_where_nothing_can_be_done(
    database: Database, slack: SlackDouble, *, way: str, why: str
) -> AsyncIterator[tuple[Team, Lobby]]:
    """A workspace that is not known yet, or one that never installed the app."""
    team = a_team(slack)
    if why == LOOKED_IN_VAIN:
        slack.faults.next("auth.test", ServerError(503))
    async with a_start(database, settings_by(way, slack, team.token)) as lobby:
        await listens(way, slack, lobby)
        yield team if why == LOOKED_IN_VAIN else a_team(slack, "T2"), lobby


def a_card(team: Team, slack: SlackDouble) -> SeenMessage:
    """A message with a button, from when the app was there."""
    shown = Message(slack.world.ts(), team.workspace.bot_user_id, "Huddle", CARD, bot_id=team.workspace.bot_id)
    team.channel("C1").messages.append(shown)
    return team.user("U1").sees("C1")[-1]


def a_form(team: Team, slack: SlackDouble) -> SeenView:
    """A form that was open already."""
    team.workspace.modals["U1"] = [slack.world.new_view(FORM)]
    form = team.user("U1").modal
    assert form is not None
    return form


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("why", [LOOKED_IN_VAIN, NOT_INSTALLED])
async def test_who_types_presses_or_sends_sees_why_nothing_happens(
    sqlite: Database, slack: SlackDouble, way: str, why: str
) -> None:
    async with a_place_where_nothing_can_be_done(sqlite, slack, way=way, why=why) as (team, _):
        ada = team.user("U1")
        slack.faults.next("response_url", Hang())
        assert (await ada.commands("/cx", "measure list", "C1")).is_ok, "nothing else is waited for"
        assert words(ada) == [why]
        slack.faults.waiting.clear()
        sent = await ada.submits(a_form(team, slack), {"focus": "Valve checks"})
        assert (sent.is_ok, sent.errors) == (True, {"focus": why})
        card = a_card(team, slack)
        assert (await ada.presses(card, "Answer")).is_ok
        await until(lambda: len(words(ada)) == 3)
        assert (await ada.shortcut("make_action", card)).is_ok
        await until(lambda: len(words(ada)) == 4)
        assert words(ada)[2:] == [why, why]
        assert all(each.is_private for each in ada.sees("C1")[2:])
    assert slack.called("chat.postMessage") == []


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_told_of_a_workspace_without_the_app_is_acknowledged_and_left(
    sqlite: Database, slack: SlackDouble, way: str
) -> None:
    async with a_place_where_nothing_can_be_done(sqlite, slack, way=way, why=NOT_INSTALLED) as (team, _):
        ada = team.user("U1")
        heard = [await ada.says("", "measure list"), await ada.opens_home(), await team.changes("U1", tz="Asia/Tokyo")]
        heard += await team.uninstalls()
    assert [each.status for each in heard if each is not None] == [200] * 5
    assert words(ada, "") == ["measure list"]


async def test_on_a_home_where_nothing_can_be_said_slack_itself_shows_that_a_press_failed(
    sqlite: Database, slack: SlackDouble
) -> None:
    async with a_place_where_nothing_can_be_done(sqlite, slack, way="http", why=LOOKED_IN_VAIN) as (team, _):
        team.workspace.homes["U1"] = View("V1", {"type": "home", "blocks": CARD}, "1")
        home = team.user("U1").home
        assert home is not None
        assert (await team.user("U1").presses(home, "Answer")).status == 503
