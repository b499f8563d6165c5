"""`folkmoot teams`: the app package, and who runs the bot in a tenant."""

import errno
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from adapters.teams import package_views as words
from adapters.teams.manifest import Commands, Version, is_id, manifest, package
from bot.chat.routing import Command, Who
from bot.routes import COMMANDS
from bot.settings import SettingsError
from bot.terminal import closing, existing, run, say, settings_and_logs
from storage import msteams
from storage.engine import Database
from storage.errors import BotError
from storage.people import Role, roles_of
from storage.tx import SYSTEM

NAME_MAX = 30  # characters; Teams' manifest
BEGINNING = ("team setup", "huddle setup")  # what a team does first
_SEMVER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){2}")

app = typer.Typer(no_args_is_help=True, help="Microsoft Teams: the app package, and who runs the bot there.")


class NotDone(BotError):
    """What was asked for can't be done."""


@app.command("package")
def make_package(
    path: Annotated[Path, typer.Argument(help="Where the zip is written.")] = Path("folkmoot-teams.zip"),
    *,
    url: Annotated[str, typer.Option(help="Where Teams reaches the bot: https://your-bot.example.org.")] = "",
    name: Annotated[str, typer.Option(help="What the bot is called in Teams.")] = "Folkmoot",
    app_version: Annotated[str, typer.Option(help="Higher than before, when Teams has an older package.")] = "1.0.0",
    manifest_version: Annotated[str, typer.Option(help="1.25, or 1.30 with commands behind a slash.")] = "1.25",
) -> None:
    """Writes the zip that an administrator uploads to Teams."""
    settings = settings_and_logs(quiet=True)
    found = manifest(
        _app_id(settings.teams_app_id),
        personal=offered(in_rooms=False),
        rooms=offered(in_rooms=True),
        url=_address(url or settings.public_url),
        name=_name(name),
        app_version=_app_version(app_version),
        version=_version(manifest_version),
    )
    try:
        _write(path, package(found))
    except OSError as problem:
        raise NotDone(words.not_written(str(path), problem.strerror or str(problem))) from problem
    say(words.written(str(path)))


@app.command()
def admin(
    name: Annotated[str, typer.Argument(help="Whose: their name, as Teams shows it. They must have written once.")],
    tenant: Annotated[str, typer.Option(help="Which tenant, where there are several.")] = "",
) -> None:
    """Lets a member set things up: teams, huddles, numbers."""
    database = existing(settings_and_logs(quiet=True).database_url)

    async def work() -> None:
        async with closing(database):
            say(words.appointed(*await _appointed(database, name.strip(), tenant.strip())))

    run(work())


async def _appointed(database: Database, name: str, tenant: str) -> tuple[str, str]:
    """Who runs the bot from now on, and in which tenant. Raises: NotDone, DatabaseError."""
    async with database.write(SYSTEM) as tx:
        installs = [each for each in await msteams.installs(tx) if tenant in {"", each.external_id}]
        if len(installs) != 1:
            raise NotDone(words.WHICH_TENANT if installs else words.NO_SUCH_TENANT)
        (install,) = installs
        tx.bind(install.organisation_id)
        tx.acts_for(by=None, event_id=None, now=datetime.now(UTC))
        people = await msteams.members_named(tx, install.id, name)
        if len(people) != 1:
            raise NotDone(words.several_named(name) if people else words.nobody_named(name))
        (person,) = people
        if Role.Kind.ADMIN not in await roles_of(tx, person):
            tx.add(Role(person_id=person.id, kind=Role.Kind.ADMIN))
        return person.name, install.name


MENU = (
    "help", "today", "huddle", "action add", "action list", "milestones", "initiative list", "measure list", "search",
    "huddle away",
)  # fmt: skip
"""What most people need first, in that order; where a menu is short, the others are found by `help`."""


def offered(*, in_rooms: bool) -> Commands:
    """Every verb with what it does, in the order in which it should be offered."""

    def rank(command: Command) -> int:
        verb = command.usage.verb
        if in_rooms and verb in BEGINNING:
            return 1
        if verb in MENU:
            return 2 * MENU.index(verb)
        return 2 * len(MENU) + list(Who).index(command.who)

    return {each.usage.verb: each.about for each in sorted(COMMANDS, key=rank)}


def _write(path: Path, content: bytes) -> None:
    """Beside, then moved there: nobody uploads half a package. Raises: OSError."""
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _app_id(text: str) -> str:
    if not text:
        raise SettingsError(words.NEEDS_APP_ID)
    if not is_id(text):
        raise SettingsError(words.no_app_id(text))
    return text


def _address(text: str) -> str:
    if not text:
        raise NotDone(words.NEEDS_URL)
    try:
        parts = urlsplit(text)
        is_one = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        is_one = False
    if not is_one:
        raise NotDone(words.HTTPS_ONLY)
    return text


def _name(text: str) -> str:
    if not 1 <= len(text.strip()) <= len(text) <= NAME_MAX or not text.isprintable():
        raise NotDone(words.name_length(NAME_MAX))
    return text


def _app_version(text: str) -> str:
    if not _SEMVER.fullmatch(text):
        raise NotDone(words.no_version(text))
    return text


def _version(text: str) -> Version:
    match text:
        case "1.25" | "1.30":
            return text
        case _:
            raise NotDone(words.no_manifest_version(text))
