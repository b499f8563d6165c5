"""What an installation leaves in the database: an organisation, its administrators, the workspace; and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import update
from sqlmodel import col, select

from adapters.slack.api import PLATFORM
from storage import slack
from storage.messages import Lane, open_lanes
from storage.organisations import Install, Organisation
from storage.people import Account, Person, Role, account_of, roles_of
from storage.slack import SlackWorkspace
from storage.tx import Tx

ZONE = "UTC"  # of an organisation whose installer Slack does not show


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a workspace, as Slack tells it."""

    external_id: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What Slack said of an installation."""

    tenant: str
    name: str
    """The workspace's, or the enterprise's."""
    team_id: str
    enterprise_id: str
    app_id: str
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]
    installed_by: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The tokens as they are stored."""

    token: str = ""
    refresh_token: str = ""
    expires_at: datetime | None = None
    digest: str = ""
    """Of a token of the settings, which is not stored: by it the next start knows the token again."""


async def is_administered(tx: Tx, tenant: str) -> bool:
    """Whether somebody in the workspace may set things up."""
    found = await slack.workspace_of(tx, tenant)
    return found is not None and bool(await slack.administrators(tx, found[0].id))


async def keep(
    tx: Tx, seen: Seen, sealed: Sealed, *, organisation_id: int | None, admins: Sequence[Member], now: datetime
) -> None:
    """Writes an installation, or one that comes back, in a system's transaction.

    A new one belongs to the organisation given, else to one of its own. `admins` become administrators.
    """
    found = await slack.workspace_of(tx, seen.tenant, to_change=True)
    if found is None:
        install = await _new_install(tx, seen, organisation_id, zone=admins[0].zone if admins else "", now=now)
        workspace = SlackWorkspace(install_id=install.id, installed_at=now)
        tx.add(workspace)
    else:
        install, workspace = found
        tx.bind(install.organisation_id)
        tx.acts_for(by=None, event_id=None, now=now)
        install.name = seen.name
        await _reach_again(tx, workspace)
        await _wake_lanes(tx, install)
    for name in ("team_id", "enterprise_id", "app_id", "bot_user_id", "bot_id"):
        setattr(workspace, name, getattr(seen, name))
    workspace.installed_by = seen.installed_by or sealed.digest
    workspace.scopes = ",".join(sorted(seen.scopes))
    workspace.token, workspace.refresh_token = sealed.token, sealed.refresh_token
    workspace.expires_at, workspace.refreshing_until = sealed.expires_at, None
    workspace.installed_at, workspace.ended_at, workspace.ended_why = now, None, ""
    for member in admins:
        await appoint(tx, install, member)
    await tx.flush()


async def end(tx: Tx, tenant: str, at: datetime, *, why: str, now: datetime) -> bool:
    """Ends an installation that was there before `at`; False for one that is newer, or has ended.

    The tokens are gone, and nobody there is written to. What people entered stays: it belongs to the organisation.
    """
    found = await slack.workspace_of(tx, tenant, to_change=True)
    if found is None or found[1].ended_at is not None or found[1].installed_at >= at:
        return False
    install, workspace = found
    tx.bind(install.organisation_id)
    tx.acts_for(by=None, event_id=None, now=now)
    workspace.token = workspace.refresh_token = ""
    workspace.expires_at = workspace.refreshing_until = None
    workspace.ended_at, workspace.ended_why = at, why
    reached = [account for account in await slack.accounts_of(tx, install.id) if account.reachable]
    for account in reached:
        account.reachable = False
    workspace.silenced = [account.id for account in reached]
    await tx.flush()
    return True


async def appoint(tx: Tx, install: Install, member: Member) -> Person:
    """Makes a member an administrator, and known where they were not."""
    known = await account_of(tx, install, member.external_id)
    person = known[1] if known else await _new_person(tx, install, member)
    if Role.Kind.ADMIN not in await roles_of(tx, person):
        tx.add(Role(person_id=person.id, kind=Role.Kind.ADMIN))
    await tx.flush()
    return person


async def appoint_in(tx: Tx, tenant: str, member: Member, now: datetime) -> Person:
    """The same, in a system's transaction. Raises: LookupError for a tenant that is not there."""
    found = await slack.workspace_of(tx, tenant)
    if found is None:
        raise LookupError(f"no workspace {tenant}")
    tx.bind(found[0].organisation_id)
    tx.acts_for(by=None, event_id=None, now=now)
    return await appoint(tx, found[0], member)


async def _new_install(tx: Tx, seen: Seen, organisation_id: int | None, *, zone: str, now: datetime) -> Install:
    if organisation_id is None:
        organisation = Organisation(name=seen.name, zone=_known(zone, ZONE), created_at=now)
        tx.session.add(organisation)
        await tx.session.flush()
        organisation_id = organisation.id
    tx.bind(organisation_id)
    tx.acts_for(by=None, event_id=None, now=now)
    install = Install(platform=PLATFORM, external_id=seen.tenant, name=seen.name)
    tx.add(install)
    await tx.flush()
    await open_lanes(tx, install)
    return install


async def _new_person(tx: Tx, install: Install, member: Member) -> Person:
    organisation = (
        await tx.session.scalars(select(Organisation).where(Organisation.id == install.organisation_id))
    ).one()
    name = member.name or member.external_id
    person = Person(name=name, zone=_known(member.zone, organisation.zone), prefers=PLATFORM)
    tx.add(person)
    await tx.flush()
    tx.add(Account(person_id=person.id, install_id=install.id, external_id=member.external_id))
    await tx.flush()
    return person


async def _reach_again(tx: Tx, workspace: SlackWorkspace) -> None:
    """Those who could be reached when the app was taken out, and no others."""
    silenced = set(workspace.silenced)
    for account in await slack.accounts_of(tx, workspace.install_id):
        if account.id in silenced:
            account.reachable = True
    workspace.silenced = []


async def _wake_lanes(tx: Tx, install: Install) -> None:
    """What rested because there was no token goes on at once."""
    await tx.run(update(Lane).where(col(Lane.install_id) == install.id).values(blocked_until=None))


def _known(zone: str, otherwise: str) -> str:
    return zone if zone in available_timezones() else otherwise
