"""What is well and what is wrong with each workspace: what the bot knows and what Slack says become findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from adapters.slack import checkup_views as words
from adapters.slack.api import Fields, MissingScope, SlackApi, WorkspaceGone
from adapters.slack.manifest import HISTORY_SCOPES, PICTURES, SCOPES
from adapters.slack.secrets import CannotOpen, Vault
from adapters.slack.workspaces import members, opened
from bot.ports import ChatError, RateLimited
from storage import slack
from storage.organisations import Install
from storage.slack import SlackWorkspace
from storage.tx import Tx


class Level(StrEnum):
    """How a finding begins."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line; `todo` says what to do about it."""

    level: Level
    words: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the bot writes to."""

    external_id: str
    name: str
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Patient:
    """A workspace as the bot's rows have it."""

    tenant: str
    name: str
    token: str = field(default="", repr=False)
    is_given: bool = False
    """Whether the token stands in the settings."""
    renews: bool = False
    """Whether the token ends and can be renewed."""
    closed: str = ""
    """Why the stored token can't be opened."""
    scopes: frozenset[str] = frozenset()
    ended_at: datetime | None = None
    ended_why: str = ""
    is_for_all: bool = False
    known: Sequence[Known] = ()
    admins: Sequence[str] = ()
    is_new: bool = False
    """Whether the bot has no rows of it, because it has not run since the token was set."""


@dataclass(frozen=True, slots=True)
class Told:
    """What Slack says of a workspace."""

    trouble: ChatError | None = None
    bot_name: str = ""
    scopes: frozenset[str] = frozenset()
    members: Mapping[str, Fields] = field(default_factory=dict)
    members_trouble: ChatError | None = None


async def patients(tx: Tx, vault: Vault, given: Mapping[str, str]) -> list[Patient]:
    """Every workspace of the database, the oldest first; `given` are the tokens of the settings, by tenant."""
    found = await slack.workspaces(tx)
    return [await _patient(tx, vault, each, given=given.get(each[0].external_id, "")) for each in found]


async def _patient(tx: Tx, vault: Vault, there: tuple[Install, SlackWorkspace], *, given: str) -> Patient:
    (install, workspace), token, closed = there, "", ""
    try:
        token = opened(vault, install, workspace)
    except CannotOpen as problem:
        closed = str(problem)
    people = await slack.active_accounts(tx, install.id)
    return Patient(
        tenant=install.external_id,
        name=install.name,
        token=token or given,
        is_given=bool(given and not token),
        renews=bool(workspace.refresh_token),
        closed=closed,
        scopes=frozenset(filter(None, workspace.scopes.split(","))),
        ended_at=workspace.ended_at,
        ended_why=workspace.ended_why,
        is_for_all=not workspace.team_id,
        known=[Known(account.external_id, person.name, account.reachable) for account, person in people],
        admins=[person.name for person in await slack.administrators(tx, install.id)],
    )


async def examine(api: SlackApi, patient: Patient) -> Told:
    """Asks Slack; it changes nothing there."""
    try:
        told = await api.call("auth.test", patient.token)
    except ChatError as problem:
        return Told(trouble=problem)
    scopes = frozenset(filter(None, str(told.get("scopes") or "").split(",")))
    about = Told(bot_name=str(told.get("user") or ""), scopes=scopes or patient.scopes)
    try:
        found = await _members(api, patient)
    except ChatError as problem:
        return Told(None, about.bot_name, about.scopes, {}, problem)
    return Told(None, about.bot_name, about.scopes, found)


async def _members(api: SlackApi, patient: Patient) -> dict[str, Fields]:
    """The members whom the bot knows, by id; without those whom Slack does not know. Raises: ChatError."""
    # For all workspaces of an enterprise at once Slack gives no list.
    everybody = [] if patient.is_for_all or not patient.known else await members(api, patient.token)
    found = {str(user.get("id")): user for user in everybody}
    for each in patient.known:
        if each.external_id not in found:
            try:
                told = await api.call("users.info", patient.token, user=each.external_id)
            except (RateLimited, MissingScope):
                raise
            except ChatError as problem:
                if not getattr(problem, "target_gone", False):
                    raise
            else:
                found[each.external_id] = told.get("user") or {}
    return found


def findings(patient: Patient, told: Told) -> list[Finding]:
    """What is well and what is wrong, in the order in which it matters."""
    if told.trouble is not None:
        return [_trouble(patient, told.trouble)]
    return [
        Finding(Level.OK, words.token_works(told.bot_name)),
        *_scopes(told.scopes),
        *_admins(patient),
        *_people(patient, told),
    ]


def before(patient: Patient) -> Finding | None:
    """Why there is nothing to ask Slack with; None where there is a token."""
    if patient.ended_at is not None:
        return Finding(Level.NOTE, words.ended(patient.ended_at, patient.ended_why), words.INSTALL_AGAIN_IF)
    if patient.closed:
        return Finding(Level.WRONG, words.CLOSED, patient.closed)
    if not patient.token:
        return Finding(Level.WRONG, words.NOTHING_THERE, words.SET_IT_AGAIN)
    return None


def _trouble(patient: Patient, trouble: ChatError) -> Finding:
    if isinstance(trouble, WorkspaceGone) and trouble.code == "token_expired" and patient.renews:
        return Finding(Level.WRONG, words.token_refused(trouble.code), words.RENEW)
    if isinstance(trouble, WorkspaceGone):
        again = words.NEW_TOKEN if patient.is_given else words.INSTALL_AGAIN
        return Finding(Level.WRONG, words.token_refused(trouble.code), again)
    if isinstance(trouble, RateLimited):
        return Finding(Level.WRONG, str(trouble), words.LATER)
    return Finding(Level.WRONG, words.silent(str(trouble)), words.LOOK_AT_NETWORK)


def _scopes(held: frozenset[str]) -> list[Finding]:
    if not held:
        return [Finding(Level.NOTE, words.SCOPES_UNKNOWN, words.compare_scopes(SCOPES))]
    missing = set(SCOPES) - held
    needed = sorted(missing - {PICTURES})
    found = [Finding(Level.WRONG, words.scopes_missing(needed), words.ADD_SCOPES)] if needed else []
    if PICTURES in missing:  # where the app was installed before there were any
        found.append(Finding(Level.WRONG, words.no_pictures(PICTURES), words.INSTALL_NEWEST))
    if missing:
        return found
    found = [Finding(Level.OK, words.SCOPES_HELD)]
    unread = sorted(set(HISTORY_SCOPES) - held)
    return [*found, Finding(Level.NOTE, words.no_history(unread), words.ADD_HISTORY)] if unread else found


def _admins(patient: Patient) -> list[Finding]:
    if patient.is_new:
        return [Finding(Level.NOTE, words.NOT_STARTED, words.START)]
    if not patient.admins:
        return [Finding(Level.WRONG, words.NO_ADMIN, words.make_admin(patient.tenant))]
    return [Finding(Level.OK, words.run_by(patient.admins))]


def _people(patient: Patient, told: Told) -> list[Finding]:
    if told.members_trouble is not None:
        return [Finding(Level.WRONG, words.members_unknown(str(told.members_trouble)), words.LATER)]
    found = [finding for each in patient.known if (finding := _person(each, told.members.get(each.external_id)))]
    well = len(patient.known) - sum(finding.level is Level.WRONG for finding in found)
    return [*([Finding(Level.OK, words.reached(well))] if well else []), *found]


def _person(known: Known, user: Fields | None) -> Finding | None:
    who = words.who(known.name, known.external_id)
    if user is None or user.get("deleted"):
        return Finding(Level.WRONG, words.has_left(who), words.TAKE_OUT)
    if not known.is_reachable:
        return Finding(Level.WRONG, words.not_reached(who), words.ASK_TO_WRITE)
    if user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Finding(Level.NOTE, words.guest(who))
    return None
