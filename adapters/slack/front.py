"""Slack as one part of the process: what it is set up with, what sends, and what is served."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from adapters.slack.adapter import SlackChat
from adapters.slack.api import BASE_URL, SlackApi, SlackRefused, WorkspaceGone
from adapters.slack.desk import Core, Desk
from adapters.slack.host import Host
from adapters.slack.manifest import SCOPES
from adapters.slack.members import Members
from adapters.slack.names import ROOT, command_names
from adapters.slack.oauth import SlackApp
from adapters.slack.oauth import routes as oauth_routes
from adapters.slack.secrets import Vault
from adapters.slack.work import working
from adapters.slack.workspaces import Workspaces
from adapters.wire import a_wire
from bot.settings import Settings, SettingsError
from storage.engine import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack, connected; it sends, and what it serves begins with `serving`."""

    settings: Settings
    names: Mapping[str, str]
    database: Database
    api: SlackApi
    workspaces: Workspaces
    chat: SlackChat

    @property
    def before_verbs(self) -> str:
        """Every verb stands behind the root."""
        return f"{self.names[ROOT]} "

    @asynccontextmanager
    async def serving(self, core: Core) -> AsyncIterator[list[web.RouteDef]]:
        """The routes of the HTTP side; while the block runs, Socket Mode too. Its end waits for what is under way."""
        settings = self.settings
        async with AsyncExitStack() as stack:
            work = await stack.enter_async_context(working())
            members = Members(self.database, self.api)
            desk = Desk(core, self.chat, self.api, members, work=work, before_verbs=self.before_verbs)
            host = Host(
                desk,
                self.workspaces,
                self.names,
                signing_secret=settings.slack_signing_secret,
                base_url=self.api.base_url,
            )
            if settings.slack_app_token:
                await self._may_connect(settings.slack_app_token)
                await stack.enter_async_context(host.socket_mode(settings.slack_app_token))
            yield [*(host.routes() if settings.slack_signing_secret else ()), *self._install_routes()]

    async def _may_connect(self, app_token: str) -> None:
        """Raises: SettingsError, ChatError while Slack can't be reached."""
        try:
            await self.api.call("apps.connections.open", app_token)
        except (WorkspaceGone, SlackRefused) as problem:
            raise SettingsError(
                f"Slack does not take SLACK_APP_TOKEN ({problem.code}); generate one under Basic Information, "
                "App-Level Tokens, with the scope connections:write"
            ) from problem

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
async def connected(settings: Settings, database: Database) -> AsyncIterator[Slack]:
    """Slack as the settings say. Raises: SettingsError, ChatError when its one workspace can't be reached."""
    check(settings)
    names = command_names(settings.slack_commands)
    vault = Vault.from_text(settings.secret_keys)
    async with a_wire("slack") as wire:
        api = SlackApi(wire, settings.slack_api_url or BASE_URL)
        workspaces = Workspaces(
            database, api, vault, client_id=settings.slack_client_id, client_secret=settings.slack_client_secret
        )
        if settings.slack_bot_token:
            bot = await workspaces.connect(settings.slack_bot_token)
            log.info("slack_connected", tenant=bot.tenant)
        try:
            yield Slack(settings, names, database, api, workspaces, SlackChat(database, api, workspaces))
        finally:
            await workspaces.close()


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
