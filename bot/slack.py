"""`folkmoot slack`: the app manifest, and who runs the bot in a workspace."""

import json
from typing import Annotated

import typer

from adapters.slack import checkup_views as words
from adapters.slack.api import BASE_URL, SlackApi
from adapters.slack.front import connect
from adapters.slack.manifest import manifest
from adapters.slack.names import command_names
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Workspaces
from adapters.wire import a_wire
from bot.settings import Settings
from bot.terminal import closing, existing, run, say, settings_and_logs
from storage import slack
from storage.engine import Database
from storage.errors import BotError
from storage.tx import SYSTEM

NAME_MAX = 35  # characters; Slack's manifest

app = typer.Typer(no_args_is_help=True, help="Slack: the app manifest, and who runs the bot in a workspace.")


class NotDone(BotError):
    """What was asked for can't be done."""


@app.command("manifest")
def show_manifest(
    url: Annotated[str, typer.Option(help="Where Slack reaches the bot: https://your-bot.example.org.")] = "",
    name: Annotated[str, typer.Option(help="What the bot is called in Slack.")] = "Folkmoot",
    *,
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode: the bot connects, no address needed.")] = False,
    oauth: Annotated[bool, typer.Option("--oauth", help="Workspaces install it at --url; tokens rotate.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="May look in channels whether a message arrived after all.")
    ] = False,
) -> None:
    """Prints the app manifest as JSON, for api.slack.com/apps: Create New App, From a manifest."""
    settings = settings_and_logs(quiet=True)
    address = url or settings.public_url
    if not socket and not address:
        raise NotDone(words.HOW_REACHED)
    if oauth and not address:
        raise NotDone(words.OAUTH_NEEDS_URL)
    if address and not address.startswith("https://"):
        raise NotDone(words.HTTPS_ONLY)
    if not 1 <= len(name) <= NAME_MAX:
        raise NotDone(words.NAME_LENGTH)
    found = manifest(
        command_names(settings.slack_commands),
        url=address,
        socket_mode=socket,
        name=name,
        by_oauth=oauth,
        reads_history=history,
    )
    say(json.dumps(found, indent=2, ensure_ascii=False))


@app.command()
def admin(
    user: Annotated[str, typer.Argument(help="The member's id, such as U02ABCDEF: in their profile, under More.")],
    workspace: Annotated[str, typer.Option(help="Which workspace, where there are several.")] = "",
) -> None:
    """Lets a member set things up: teams, huddles, numbers."""
    settings = settings_and_logs(quiet=True)
    database = existing(settings.database_url)

    async def work() -> None:
        async with closing(database):
            await _appoint(database, settings, user.strip(), workspace.strip())

    run(work())


async def _appoint(database: Database, settings: Settings, user: str, tenant: str) -> None:
    """Raises: NotDone, SettingsError, ChatError, DatabaseError."""
    async with a_wire("slack") as wire:
        workspaces = Workspaces(
            database,
            SlackApi(wire, settings.slack_api_url or BASE_URL),
            Vault.from_text(settings.secret_keys),
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
        )
        if settings.slack_bot_token:
            tenant = tenant or (await connect(workspaces, settings.slack_bot_token)).tenant
        bot = await workspaces.bot(tenant or await _only_one(database))
        if bot is None:
            raise NotDone(words.NO_SUCH_WORKSPACE)
        name = await workspaces.appoint(bot, user)
        await workspaces.close()
        say(words.appointed(name, bot.name))


async def _only_one(database: Database) -> str:
    async with database.read(SYSTEM) as tx:
        there = [install.external_id for install, row in await slack.workspaces(tx) if row.ended_at is None]
    if len(there) != 1:
        raise NotDone(words.WHICH_WORKSPACE if there else words.NO_SUCH_WORKSPACE)
    return there[0]
