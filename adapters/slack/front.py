"""Slack as one part of the process: what it is set up with, what sends, and what is served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from aiohttp import web

from adapters.slack.adapter import SlackChat
from adapters.slack.api import BASE_URL, SlackApi, SlackRefused, WorkspaceGone
from adapters.slack.asking import Rest, until_answered
from adapters.slack.desk import Core, Desk
from adapters.slack.host import Host
from adapters.slack.manifest import SCOPES
from adapters.slack.members import Members, Roster
from adapters.slack.names import ROOT, command_names
from adapters.slack.oauth import SlackApp
from adapters.slack.oauth import routes as oauth_routes
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Bot, NoBotToken, Workspaces
from adapters.wire import a_wire
from adapters.work import beside, working
from bot.ports import NotSent, Refused
from bot.settings import Settings, SettingsError
from storage.engine import Database
from storage.errors import BotError

START_WITHIN_S = 10.0  # how long a start waits for Slack's first answer; after that it goes on without
HOW_TO_MEND: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token (xoxb-…) from your app's OAuth & Permissions page",
    "SLACK_APP_TOKEN": "generate one under Basic Information, App-Level Tokens, with the scope connections:write",
}

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(slots=True)
class Start:
    """A token of the settings on its way to Slack's first answer."""

    setting: str
    is_usable: bool = False
    """Whether the bot can do its work with it: from Slack's answer on, or by what an earlier start kept."""
    trouble: str = ""
    """Why Slack did not answer yet; empty before the first attempt, and once it did."""
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the end of the first attempt, however it ended."""


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack as the settings say; it sends, and what it serves begins with `serving`."""

    settings: Settings
    names: Mapping[str, str]
    database: Database
    api: SlackApi
    workspaces: Workspaces
    chat: SlackChat
    rest: Rest = asyncio.sleep
    starts: list[Start] = field(default_factory=list)

    @property
    def before_verbs(self) -> str:
        """Every verb stands behind the root."""
        return f"{self.names[ROOT]} "

    @property
    def standing(self) -> tuple[bool, str]:
        """Whether the bot can do its work on Slack, and what it still waits for."""
        waits = "; ".join(f"{each.setting} waits for Slack ({each.trouble})" for each in self.starts if each.trouble)
        well = "connected" if self.starts else "waits for nothing"
        return all(each.is_usable for each in self.starts), f"{waits}; it is tried again" if waits else well

    @property
    def knows_not_its_workspace(self) -> bool:
        """Whether the workspace of the settings may be unknown only because Slack did not answer yet."""
        return any(each.setting == "SLACK_BOT_TOKEN" and not each.is_usable for each in self.starts)

    @asynccontextmanager
    async def connecting(self) -> AsyncIterator[None]:
        """The one workspace of the settings is connected, or tried again while the block runs until it is.

        Raises: SettingsError, at the start or out of the block, where Slack does not take the token.
        """
        token = self.settings.slack_bot_token
        start = Start("SLACK_BOT_TOKEN", is_usable=await self.workspaces.recall(token))
        async with self._starting(start, self._connect(start, token)):
            yield

    @asynccontextmanager
    async def serving(self, core: Core) -> AsyncIterator[list[web.RouteDef]]:
        """The routes of the HTTP side; while the block runs, Socket Mode too. Its end waits for what is under way.

        Raises: as `connecting`.
        """
        settings = self.settings
        async with AsyncExitStack() as stack:
            work = await stack.enter_async_context(working())
            members = Members(self.database, self.api, learn=core.learn)
            roster = Roster(members, self.api, self.workspaces, rest=self.rest)
            await stack.enter_async_context(roster.kept())
            desk = Desk(core, self.chat, self.api, members, work=work, before_verbs=self.before_verbs)
            host = Host(
                desk,
                self.workspaces,
                self.names,
                work=work,
                signing_secret=settings.slack_signing_secret,
                base_url=self.api.base_url,
                is_waiting=lambda: self.knows_not_its_workspace,
            )
            if settings.slack_app_token:
                start = Start("SLACK_APP_TOKEN")
                await stack.enter_async_context(self._starting(start, self._listen(start, host)))
            yield [*(host.routes() if settings.slack_signing_secret else ()), *self._install_routes()]

    @asynccontextmanager
    async def _starting(self, start: Start, work: Coroutine[object, object, None]) -> AsyncIterator[None]:
        """The work goes on beside the block, which begins after the first attempt, or when that takes too long."""
        self.starts.append(start)
        try:
            async with beside(work):
                with suppress(TimeoutError):
                    async with asyncio.timeout(START_WITHIN_S):
                        await start.heard.wait()
                if not start.heard.is_set():
                    self._waits(start, NotSent(f"no answer within {START_WITHIN_S:g} s"))
                yield
        finally:
            self.starts.remove(start)

    async def _connect(self, start: Start, token: str) -> None:
        bot = await self._answered(start, lambda: connect(self.workspaces, token))
        log.info("slack_connected", tenant=bot.tenant)

    async def _listen(self, start: Start, host: Host) -> None:
        """Socket Mode until it is cancelled."""
        token = self.settings.slack_app_token

        async def attempt() -> None:
            try:
                await self.api.call("apps.connections.open", token)
            except (WorkspaceGone, Refused) as problem:
                raise _not_taken(start.setting, problem) from problem
            try:
                await stack.enter_async_context(host.socket_mode(token))
            except TimeoutError as problem:
                raise NotSent("no connection for Socket Mode came about in time") from problem

        async with AsyncExitStack() as stack:
            await self._answered(start, attempt)
            await asyncio.Event().wait()

    async def _answered(self, start: Start, attempt: Callable[[], Awaitable[T]]) -> T:
        """What an attempt gives once Slack answers. Raises: SettingsError."""
        found = await until_answered(attempt, rest=self.rest, tell=lambda problem: self._waits(start, problem))
        start.is_usable, start.trouble = True, ""
        start.heard.set()
        return found

    def _waits(self, start: Start, problem: BotError) -> None:
        if not start.trouble:
            log.warning("slack_not_reached", waits=start.setting, why=str(problem), then="it is tried again")
        start.trouble = str(problem)
        start.heard.set()

    def _install_routes(self) -> list[web.RouteDef]:
        settings = self.settings
        if not settings.slack_client_id:
            return []
        app = SlackApp(
            settings.slack_client_id,
            settings.slack_client_secret,
            SCOPES,
            settings.public_url,
            root=self.names[ROOT],
        )
        return oauth_routes(self.workspaces, app)


@asynccontextmanager
async def connected(settings: Settings, database: Database, *, rest: Rest = asyncio.sleep) -> AsyncIterator[Slack]:
    """Slack as the settings say; while it can't be reached, the block runs all the same.

    Raises: SettingsError, also out of the block when Slack answers later and does not take its token; DatabaseError.
    """
    check(settings)
    names = command_names(settings.slack_commands)
    vault = Vault.from_text(settings.secret_keys)
    async with a_wire("slack") as wire, AsyncExitStack() as stack:
        api = SlackApi(wire, settings.slack_api_url or BASE_URL)
        workspaces = Workspaces(
            database, api, vault, client_id=settings.slack_client_id, client_secret=settings.slack_client_secret
        )
        stack.push_async_callback(workspaces.close)
        slack = Slack(settings, names, database, api, workspaces, SlackChat(database, api, workspaces), rest)
        if settings.slack_bot_token:
            await stack.enter_async_context(slack.connecting())
        yield slack


async def connect(workspaces: Workspaces, token: str) -> Bot:
    """`Workspaces.connect`, where a token that Slack does not take is a wrong setting.

    Raises: SettingsError, DatabaseError; RateLimited, NotSent, MaybeSent while Slack can't be reached.
    """
    try:
        return await workspaces.connect(token)
    except (WorkspaceGone, Refused) as problem:
        raise _not_taken("SLACK_BOT_TOKEN", problem) from problem


def _not_taken(setting: str, problem: WorkspaceGone | Refused) -> SettingsError:
    if isinstance(problem, WorkspaceGone | SlackRefused):
        return SettingsError(f"Slack does not take {setting} ({problem.code}); {HOW_TO_MEND[setting]}")
    if isinstance(problem, NoBotToken):
        return SettingsError(f"{setting} is no token of a bot; {HOW_TO_MEND[setting]}")
    return SettingsError(f"Slack can't be asked about {setting}: {problem}; look at SLACK_API_URL if you have set it")


def check(settings: Settings) -> None:
    """Raises: SettingsError for settings of Slack that do not go together."""
    if not (settings.slack_bot_token or settings.slack_client_id):
        given = "SLACK_APP_TOKEN" if settings.slack_app_token else "SLACK_SIGNING_SECRET"
        raise SettingsError(f"{given} needs SLACK_BOT_TOKEN beside it (xoxb-…), or SLACK_CLIENT_ID for OAuth")
    if settings.slack_bot_token and settings.slack_client_id:
        raise SettingsError(
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for any number of them; leave one of them out"
        )
    if not (settings.slack_signing_secret or settings.slack_app_token):
        raise SettingsError(
            "Slack can't reach the bot yet: set SLACK_SIGNING_SECRET (requests over HTTP) "
            "or SLACK_APP_TOKEN (Socket Mode)"
        )
    if settings.slack_client_id and not (settings.slack_client_secret and settings.public_url):
        raise SettingsError(
            "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET and FOLKMOOT_PUBLIC_URL "
            "(https://…, where Slack sends people back to)"
        )
    if settings.slack_client_id and not settings.secret_keys:
        raise SettingsError(
            "SLACK_CLIENT_ID needs FOLKMOOT_SECRET_KEYS, with which tokens are sealed; "
            "docs/slack.md says how to make one"
        )
