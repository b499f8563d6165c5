"""Slack: the workspaces that installed the app, and the ways through OAuth that were used up."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Field, SQLModel, UniqueConstraint, col, or_, select

from storage.columns import Row, Utc, constraints, document, number_of
from storage.inserting import insert_once
from storage.organisations import Install
from storage.people import Account, Person, Role
from storage.tx import Tx

PLATFORM = "slack"


class SlackWorkspace(Row, table=True):
    """What a workspace, or an organisation of workspaces, gave the app when it was installed.

    Not a noun: the change log keeps what a row held before, and an old token has to be gone. Instants are real time.
    """

    __table_args__ = constraints(UniqueConstraint("install_id"))
    install_id: int = number_of("install")
    enterprise_id: str = Field(default="", index=True)
    team_id: str = Field(default="", index=True)
    """Empty where the app is installed for all workspaces of an enterprise."""
    app_id: str = ""
    bot_user_id: str = ""
    bot_id: str = ""
    scopes: str = ""
    """With commas between them; empty where Slack did not say."""
    token: str = ""
    """Sealed; empty once the app was taken out, and where the token stands in the settings."""
    refresh_token: str = ""
    """Sealed; empty where tokens don't rotate."""
    expires_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    refreshing_until: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """Until then one process has the refresh token, which works once."""
    installed_at: datetime = Field(sa_type=Utc)
    installed_by: str = ""
    """A member; where the token stands in the settings, a digest by which it is known again."""
    ended_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    ended_why: str = ""
    silenced: list[int] = document(default_factory=list)
    """The accounts that could be reached until the app was taken out, to be reached again when it comes back."""


class SlackState(SQLModel, table=True):
    """A way through OAuth that was gone to its end: the hash of what its browser kept, until it would have run out."""

    __tablename__ = "slack_state"
    state_hash: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=Utc, index=True)


async def workspace_of(tx: Tx, tenant: str, *, to_change: bool = False) -> tuple[Install, SlackWorkspace] | None:
    """The installation of a tenant, whether it has ended or not; `to_change` waits for others who change it."""
    query = (
        select(Install, SlackWorkspace)
        .join(SlackWorkspace, col(SlackWorkspace.install_id) == Install.id)
        .where(Install.platform == PLATFORM, Install.external_id == tenant)
    )
    found = await tx.columns(query.with_for_update(of=SlackWorkspace) if to_change else query)
    return (found[0][0], found[0][1]) if found else None


async def workspaces(tx: Tx) -> Sequence[tuple[Install, SlackWorkspace]]:
    """Every installation, the oldest first."""
    found = await tx.columns(
        select(Install, SlackWorkspace)
        .join(SlackWorkspace, col(SlackWorkspace.install_id) == Install.id)
        .where(Install.platform == PLATFORM)
        .order_by(col(Install.id))
    )
    return [(install, workspace) for install, workspace in found]


async def tenant_of(tx: Tx, team_id: str, enterprise_id: str) -> str | None:
    """The tenant that an event belongs to: the workspace's own installation first, else its enterprise's."""
    its_own = (col(SlackWorkspace.team_id) == team_id) & (col(SlackWorkspace.team_id) != "")
    of_all = (
        (col(SlackWorkspace.team_id) == "")
        & (col(SlackWorkspace.enterprise_id) == enterprise_id)
        & (col(SlackWorkspace.enterprise_id) != "")
    )
    return await tx.first(
        select(Install.external_id)
        .join(SlackWorkspace, col(SlackWorkspace.install_id) == Install.id)
        .where(Install.platform == PLATFORM, col(SlackWorkspace.ended_at).is_(None), or_(its_own, of_all))
        .order_by(col(SlackWorkspace.team_id).desc())
    )


async def accounts_of(tx: Tx, install_id: int) -> Sequence[Account]:
    """Everybody of an installation whom the bot knows, the oldest first."""
    return await tx.all(select(Account).where(Account.install_id == install_id).order_by(col(Account.id)))


async def accounts_named(
    tx: Tx, tenant: str, external_ids: Iterable[str] | None = None
) -> Sequence[tuple[Account, Person]]:
    """Those of some members of a tenant whom the bot knows; of all members where none are named."""
    named = () if external_ids is None else (col(Account.external_id).in_(list(external_ids)),)
    found = await tx.columns(
        select(Account, Person)
        .join(Person, col(Person.id) == Account.person_id)
        .join(Install, col(Install.id) == Account.install_id)
        .where(Install.platform == PLATFORM, Install.external_id == tenant, *named)
        .order_by(col(Account.id))
    )
    return [(account, person) for account, person in found]


async def active_accounts(tx: Tx, install_id: int) -> Sequence[tuple[Account, Person]]:
    """The accounts of people who take part, the oldest first."""
    found = await tx.columns(
        select(Account, Person)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Account.install_id == install_id, col(Person.active).is_(True))
        .order_by(col(Account.id))
    )
    return [(account, person) for account, person in found]


async def administrators(tx: Tx, install_id: int) -> Sequence[Person]:
    """The people who run the bot and have an account in an installation, the oldest first."""
    return await tx.all(
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .join(Account, col(Account.person_id) == Person.id)
        .where(Role.kind == Role.Kind.ADMIN, col(Person.active).is_(True), Account.install_id == install_id)
        .order_by(col(Person.id))
    )


async def claim_refresh(tx: Tx, workspace: SlackWorkspace, *, now: datetime, lasts: timedelta) -> bool:
    """Takes the refresh token of a workspace for this process, unless another one has it or has used it already."""
    free = or_(col(SlackWorkspace.refreshing_until).is_(None), col(SlackWorkspace.refreshing_until) <= now)
    return await _replaced(tx, workspace, free, refreshing_until=now + lasts)


async def rest_refresh(tx: Tx, workspace: SlackWorkspace, *, until: datetime) -> None:
    """Gives the refresh token back; nobody tries it again before `until`."""
    await _replaced(tx, workspace, refreshing_until=until)


async def renew(
    tx: Tx, workspace: SlackWorkspace, *, token: str, refresh_token: str, expires_at: datetime | None
) -> bool:
    """Keeps new sealed tokens instead of those that were read; False where others stand there by now."""
    new = {"token": token, "refresh_token": refresh_token, "expires_at": expires_at}
    return await _replaced(tx, workspace, refreshing_until=None, **new)


async def reseal(tx: Tx, workspace: SlackWorkspace, *, token: str, refresh_token: str) -> bool:
    """Keeps the same tokens sealed anew; not while a process renews them, which would not find what it read."""
    at_rest = col(SlackWorkspace.refreshing_until).is_(None)
    return await _replaced(tx, workspace, at_rest, token=token, refresh_token=refresh_token)


async def _replaced(
    tx: Tx, workspace: SlackWorkspace, *conditions: ColumnElement[bool], **values: str | datetime | None
) -> bool:
    same = (
        col(SlackWorkspace.id) == workspace.id,
        col(SlackWorkspace.token) == workspace.token,
        col(SlackWorkspace.refresh_token) == workspace.refresh_token,
    )
    return bool(await tx.changed(update(SlackWorkspace).where(*same, *conditions).values(**values)))


async def use_state(tx: Tx, state_hash: str, *, expires_at: datetime, now: datetime) -> bool:
    """Uses a state up: true once. Those that have run out by `now` are forgotten, since they work no more anyway."""
    await tx.run(delete(SlackState).where(col(SlackState.expires_at) <= now))
    return bool(await tx.changed(insert_once(tx, SlackState).values(state_hash=state_hash, expires_at=expires_at)))
