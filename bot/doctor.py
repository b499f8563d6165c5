"""`folkmoot doctor`: what is well, what is wrong, and what to do about it; it changes nothing."""

import asyncio
from collections.abc import Mapping

import typer

from adapters.slack import checkup_views as words
from adapters.slack.api import BASE_URL, SlackApi
from adapters.slack.checkup import Finding, Level, Patient, before, examine, findings, patients
from adapters.slack.front import check
from adapters.slack.manifest import INSTALL_PATH
from adapters.slack.names import command_names
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import tenant_given
from adapters.wire import a_wire
from bot.ports import ChatError
from bot.settings import Settings
from bot.terminal import closing, existing, run, say, settings_and_logs
from storage.engine import Database
from storage.errors import BotError
from storage.tx import SYSTEM

Report = list[tuple[str, Finding]]
"""What each finding is about, and the finding."""


def doctor() -> None:
    """Checks settings, database and every workspace, and says what to do; ends with 1 when something is wrong."""
    settings = settings_and_logs(quiet=True)
    report: Report = []

    async def work() -> None:
        report.extend(await examined(settings))

    run(work())
    for line in lines(report):
        say(line)
    if any(finding.level is Level.WRONG for _, finding in report):
        raise typer.Exit(1)


def lines(report: Report) -> list[str]:
    """A line for each finding, and one below it for what to do."""
    found = []
    for about, finding in report:
        found.append(_line(f"{finding.level.value:<6}", f"{about}: {finding.words}."))
        if finding.todo:
            found.append(_line(" " * 6, f"-> {finding.todo}"))
    return found


def _line(margin: str, text: str) -> str:
    # A name from Slack must not break a line or steer the terminal.
    return margin + "".join(each for each in " ".join(text.split()) if each.isprintable())


async def examined(settings: Settings) -> Report:
    """Everything, in the order in which it has to be well."""
    report = settings_findings(settings)
    try:
        database = await asyncio.to_thread(existing, settings.database_url)
    except BotError as problem:
        return [*report, ("database", Finding(Level.WRONG, str(problem)))]
    async with closing(database):
        report += await _database(database)
        if all(finding.level is not Level.WRONG for _, finding in report):
            report += await _slack(database, settings)
    return report


def settings_findings(settings: Settings) -> Report:
    """What the settings alone tell."""
    if "slack" not in settings.real_platforms:
        return [("Slack", Finding(Level.NOTE, words.NOT_SET_UP, words.SET_UP))]
    found = [*_kinds(settings), *_together(settings)]
    return [("settings", each) for each in found or [Finding(Level.OK, words.SETTINGS_WELL)]]


def _kinds(settings: Settings) -> list[Finding]:
    """Two kinds of tokens are easily taken for one another."""
    wanted = (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token, "xoxb-", words.FROM_OAUTH_PAGE),
        ("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-", words.FROM_BASIC_PAGE),
    )
    # No more than the kind is shown: the rest is secret.
    return [
        Finding(Level.WRONG, words.wrong_kind(name, value.partition("-")[0][:5] + "…", start), todo)
        for name, value, start, todo in wanted
        # Those that rotate begin with `xoxe.`.
        if value and not value.removeprefix("xoxe.").startswith(start)
    ]


def _together(settings: Settings) -> list[Finding]:
    found = []
    try:
        check(settings)
        command_names(settings.slack_commands)
        if Vault.from_text(settings.secret_keys).is_empty and settings.slack_client_id:
            found.append(Finding(Level.WRONG, words.KEYS_MISSING, words.MAKE_KEY))
    except BotError as problem:
        found.append(Finding(Level.WRONG, str(problem)))
    return found


async def _database(database: Database) -> Report:
    try:
        took_ms = 1000 * await database.ping()
    except BotError as problem:
        return [("database", Finding(Level.WRONG, str(problem)))]
    return [("database", Finding(Level.OK, f"answers in {took_ms:.0f} ms, and is up to date"))]


async def _slack(database: Database, settings: Settings) -> Report:
    async with a_wire("slack") as wire:
        api = SlackApi(wire, settings.slack_api_url or BASE_URL)
        report = await _socket(api, settings.slack_app_token)
        new, given = await _given(api, settings.slack_bot_token, database)
        async with database.read(SYSTEM) as tx:
            there = await patients(tx, Vault.from_text(settings.secret_keys), given)
        there += [new] if new is not None and new.tenant not in {each.tenant for each in there} else []
        for each in there:
            about = f"{each.name} ({each.tenant})" if each.tenant else each.name
            nothing = before(each)
            found = [nothing] if nothing is not None else findings(each, await examine(api, each))
            report += [(about, finding) for finding in found]
    if not there and settings.slack_client_id:
        page = words.open_install_page(f"{settings.public_url.rstrip('/')}{INSTALL_PATH}")
        report.append(("Slack", Finding(Level.NOTE, words.NO_WORKSPACE, page)))
    return report


async def _socket(api: SlackApi, app_token: str) -> Report:
    if not app_token:
        return []
    try:
        await api.call("apps.connections.open", app_token)
    except ChatError as problem:
        return [("Slack", Finding(Level.WRONG, words.socket_refused(str(problem)), words.FROM_BASIC_PAGE))]
    return [("Slack", Finding(Level.OK, words.SOCKET_WORKS))]


async def _given(api: SlackApi, token: str, database: Database) -> tuple[Patient | None, Mapping[str, str]]:
    """The workspace of the token in the settings, as one that the bot does not know yet; and the token, by tenant."""
    if not token:
        return None, {}
    try:
        told = await api.call("auth.test", token)
    except ChatError:
        # `examine` asks again and says what is wrong.
        async with database.read(SYSTEM) as tx:
            known = await tenant_given(tx, token)
        if known:
            return None, {known: token}
        return Patient("", "SLACK_BOT_TOKEN", token=token, is_given=True), {}
    is_for_all = bool(told.get("is_enterprise_install"))
    tenant = str(told.get("enterprise_id" if is_for_all else "team_id") or "")
    patient = Patient(
        tenant, str(told.get("team") or tenant), token=token, is_given=True, is_for_all=is_for_all, is_new=True
    )
    return patient, {tenant: token}
