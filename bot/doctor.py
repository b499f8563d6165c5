"""`folkmoot doctor`: what is well, what is wrong, and what to do about it; it changes nothing."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import typer
from sqlmodel import col, select

from adapters.email import checkup_views as mail_words
from adapters.email.drop import Drop
from adapters.email.front import mailbox
from adapters.email.smtp import Smtp
from adapters.slack import checkup_views as words
from adapters.slack.api import BASE_URL, SlackApi
from adapters.slack.checkup import Finding, Level, Patient, before, examine, findings, patients
from adapters.slack.front import check
from adapters.slack.manifest import INSTALL_PATH
from adapters.slack.names import command_names
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import tenant_given
from adapters.teams import front as teams
from adapters.teams import package_views as teams_words
from adapters.teams.connector import Connector
from adapters.teams.credentials import BadCredentials, Tokens
from adapters.teams.manifest import is_id
from adapters.teams.wiring import PLATFORM as TEAMS
from adapters.teams.wiring import fetched
from adapters.wire import Answered, Wire, a_wire
from bot.ports import ChatError, RateLimited
from bot.settings import Settings
from bot.terminal import closing, existing, run, say, settings_and_logs
from storage.engine import Database
from storage.errors import BotError
from storage.msteams import TeamsConversation
from storage.organisations import Install
from storage.people import unreached
from storage.places import Place
from storage.slack import active_accounts, administrators
from storage.tx import SYSTEM, Tx

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
    slack_settings, teams_settings = settings_findings(settings), teams_settings_findings(settings)
    mail = [*await asyncio.to_thread(mail_findings, settings), *await mail_server_findings(settings)]
    report = [*slack_settings, *teams_settings, *mail]
    try:
        database = await asyncio.to_thread(existing, settings.database_url)
    except BotError as problem:
        return [*report, ("database", Finding(Level.WRONG, str(problem)))]
    async with closing(database):
        found = await _database(database)
        report += found
        if _is_well(found):
            report += await _people(database)
        if _is_well(found + slack_settings):
            report += await _slack(database, settings)
        if _is_well(found + teams_settings) and TEAMS in settings.real_platforms:
            report += await _teams(database, settings)
    return report


def _is_well(report: Report) -> bool:
    return all(finding.level is not Level.WRONG for _, finding in report)


def settings_findings(settings: Settings) -> Report:
    """What the settings of Slack alone tell."""
    if "slack" not in settings.real_platforms:
        return [] if settings.real_platforms else [("Slack", Finding(Level.NOTE, words.NOT_SET_UP, words.SET_UP))]
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


async def _people(database: Database) -> Report:
    """Whom no message reaches."""
    async with database.read(SYSTEM) as tx:
        found = [each.name for each in await unreached(tx)]
    return [("people", Finding(Level.NOTE, mail_words.not_reached(found), mail_words.GIVE_A_WAY))] if found else []


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


# --- e-mail


def mail_findings(settings: Settings) -> Report:
    """Whether the mail drop can be used, and what waits there."""
    try:
        box = mailbox(settings)
        if box is None:
            return []
        if not box.folder.exists():
            return [("mail", Finding(Level.NOTE, mail_words.no_folder(str(box.folder)), mail_words.MAKE_IT))]
        drop = Drop(box.folder)
        drop.check()
        lies = drop.waiting()
    except (BotError, OSError) as problem:
        return [("mail", Finding(Level.WRONG, str(problem)))]
    found = [Finding(Level.OK, mail_words.lies(box.address, lies.out, lies.incoming))]
    if lies.out >= mail_words.STUCK_AT:
        found.append(Finding(Level.NOTE, mail_words.not_taken(lies.out), mail_words.TAKE_THEM))
    if lies.incoming >= mail_words.STUCK_AT:
        found.append(Finding(Level.NOTE, mail_words.not_read(lies.incoming), mail_words.READ_THEM))
    if lies.refused:
        found.append(Finding(Level.NOTE, mail_words.refused(lies.refused), mail_words.LOOK_AT_THEM))
    return [("mail", each) for each in found]


async def mail_server_findings(settings: Settings) -> Report:
    """Whether the mail server lets the bot in; it is sent no mail."""
    try:
        box = mailbox(settings)
    except BotError:
        return []  # the finding before this one says it
    if box is None or box.server is None:
        return []
    try:
        await Smtp(box.server, box.address).greet()
    except ChatError as problem:
        return [("mail", Finding(Level.WRONG, str(problem), mail_words.LOOK_AT_SERVER))]
    return [("mail", Finding(Level.OK, mail_words.let_in(box.server.named)))]


# --- Microsoft Teams


def teams_settings_findings(settings: Settings) -> Report:
    """What the settings of Teams alone tell."""
    if TEAMS not in settings.real_platforms:
        return []
    try:
        teams.check(settings)
        found = _ids(settings) + _notes(settings)
    except BotError as problem:
        found = [Finding(Level.WRONG, str(problem))]
    return [("Teams", each) for each in found or [Finding(Level.OK, teams_words.SETTINGS_WELL)]]


def _ids(settings: Settings) -> list[Finding]:
    """A name or an address is easily taken for an id."""
    if settings.teams_insecure:
        return []
    found = []
    if not is_id(settings.teams_app_id):
        wrong = teams_words.no_id("MicrosoftAppId", settings.teams_app_id)
        found.append(Finding(Level.WRONG, wrong, teams_words.COPY_ID))
    name = "FOLKMOOT_TEAMS_TENANTS" if settings.teams_tenants.strip(", ") else "MicrosoftAppTenantId"
    named = [each for each in sorted(teams.tenants(settings)) if not is_id(each)]
    return found + [Finding(Level.WRONG, teams_words.no_id(name, each), teams_words.COPY_TENANT) for each in named]


def _notes(settings: Settings) -> list[Finding]:
    """What works and may not be meant."""
    if settings.teams_insecure:
        return [Finding(Level.NOTE, teams_words.INSECURE, teams_words.LEAVE_INSECURE_OUT)]
    found = []
    if not teams.tenants(settings):
        found.append(Finding(Level.NOTE, teams_words.EVERYBODY, teams_words.NAME_TENANTS))
    cloud = {
        "FOLKMOOT_TEAMS_AUTHORITY": (settings.teams_authority, "teams_authority"),
        "FOLKMOOT_TEAMS_ISSUER": (settings.teams_issuer, "teams_issuer"),
        "FOLKMOOT_TEAMS_METADATA": (settings.teams_metadata, "teams_metadata"),
    }
    public = [name for name, (value, key) in cloud.items() if value == Settings.model_fields[key].default]
    if 0 < len(public) < len(cloud):
        found.append(Finding(Level.NOTE, teams_words.half_a_cloud(public), teams_words.ONE_CLOUD))
    return found


async def _teams(database: Database, settings: Settings) -> Report:
    async with a_wire(TEAMS) as wire:
        report = [] if settings.teams_insecure else [("Teams", await _keys(wire, settings))]
        if teams.identity(settings) is not None:
            report.insert(0, ("Teams", await _token(wire, settings)))
        connector = Connector(wire, Tokens(wire, None), hosts=teams.hosts(settings))
        async with database.read(SYSTEM) as tx:
            there = await tx.all(select(Install).where(Install.platform == TEAMS).order_by(col(Install.id)))
            for install in there:
                found = await _tenant(tx, install, connector, allowed=teams.tenants(settings))
                report += [(install.external_id, each) for each in found]
    return report if there else [*report, ("Teams", Finding(Level.NOTE, teams_words.NO_TENANT, teams_words.ADD_IT))]


async def _token(wire: Wire, settings: Settings) -> Finding:
    """Whether Microsoft gives the bot a token, which it needs for everything that it sends."""
    try:
        await Tokens(wire, teams.identity(settings)).current()
    except BadCredentials as problem:
        cause = problem.__cause__
        said = re.search(rb"AADSTS[0-9]{1,9}", cause.body) if isinstance(cause, Answered) else None
        todo = teams_words.RENEW if problem.status == 401 else teams_words.LOOK_AT_APP  # noqa: PLR2004
        code = said.group().decode() if said else ""
        return Finding(Level.WRONG, teams_words.token_refused(problem.status, code), todo)
    except ChatError as problem:
        todo = teams_words.LATER if isinstance(problem, RateLimited) else teams_words.LOOK_AT_AUTHORITY
        return Finding(Level.WRONG, teams_words.no_token(str(problem)), todo)
    return Finding(Level.OK, teams_words.ADMITTED)


async def _keys(wire: Wire, settings: Settings) -> Finding:
    """Whether the bot can find out that a request comes from Microsoft."""
    try:
        metadata = await fetched(wire, settings.teams_metadata)
        found = await fetched(wire, str(metadata.get("jwks_uri", "")))
    except ChatError as problem:
        todo = teams_words.LATER if isinstance(problem, RateLimited) else teams_words.LOOK_AT_METADATA
        return Finding(Level.WRONG, teams_words.keys_away(str(problem)), todo)
    keys = [each for each in found.get("keys") or () if isinstance(each, dict) and each.get("kty") == "RSA"]
    if not keys:
        return Finding(Level.WRONG, teams_words.NO_KEYS, teams_words.LOOK_AT_METADATA)
    return Finding(Level.OK, teams_words.keys_read(len(keys)))


async def _tenant(tx: Tx, install: Install, connector: Connector, *, allowed: frozenset[str]) -> list[Finding]:
    if allowed and install.external_id.casefold() not in {each.casefold() for each in allowed}:
        return [Finding(Level.NOTE, teams_words.NOT_ALLOWED, teams_words.ALLOW_IT)]
    admins = [person.name for person in await administrators(tx, install.id)]
    known = await tx.all(
        select(TeamsConversation)
        .where(TeamsConversation.install_id == install.id)
        .order_by(col(TeamsConversation.seen_at).desc())
    )
    run_by = Finding(Level.OK, teams_words.run_by(admins))
    nobody = Finding(Level.WRONG, teams_words.NO_ADMIN, teams_words.NO_WAY_YET)
    return [
        run_by if admins else nobody,
        *_conversations(known, connector),
        *_members([(person.name, account.reachable) for account, person in await active_accounts(tx, install.id)]),
    ]


def _conversations(known: Sequence[TeamsConversation], connector: Connector) -> list[Finding]:
    alive = [each for each in known if each.is_open]
    personal = sum(each.kind is Place.Kind.DIRECT for each in alive)
    found = [Finding(Level.OK, teams_words.conversations(personal, len(alive) - personal))]
    if gone := len(known) - len(alive):
        found.append(Finding(Level.NOTE, teams_words.shut(gone), teams_words.ADD_TO_ROOM))
    strange = sorted({each.service_url for each in alive if not connector.is_allowed(each.service_url)})
    found += [Finding(Level.WRONG, teams_words.strange_address(each), teams_words.ALLOW_HOST) for each in strange]
    return found


def _members(known: Sequence[tuple[str, bool]]) -> list[Finding]:
    lost = [name for name, is_reachable in known if not is_reachable]
    well = len(known) - len(lost)
    reached = [Finding(Level.OK, teams_words.reached(well))] if well else []
    return reached + [Finding(Level.WRONG, teams_words.not_reached(each), teams_words.ASK_TO_ADD) for each in lost]
