"""Microsoft Teams: the conversations the bot may write in, and how each of them is reached."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Row, Utc, constraints, number_of, word
from storage.organisations import Install
from storage.people import Account, Person
from storage.places import Place
from storage.tx import Tx

PLATFORM = "teams"


class TeamsConversation(Row, table=True):
    """A conversation as the newest activity described it. Instants are real time."""

    __table_args__ = constraints(UniqueConstraint("install_id", "external_id"))
    install_id: int = number_of("install")
    external_id: str
    kind: Place.Kind = word(Place.Kind)
    service_url: str
    bot_id: str
    member: str = Field(default="", index=True)
    """Whose personal chat with the bot it is."""
    team: str = ""
    """The team of a channel."""
    is_open: bool = True
    """Whether the app is installed there."""
    seen_at: datetime = Field(sa_type=Utc)


async def install_of(tx: Tx, tenant: str) -> Install | None:
    """The installation of a tenant."""
    return await tx.first(select(Install).where(Install.platform == PLATFORM, Install.external_id == tenant))


async def installs(tx: Tx) -> Sequence[Install]:
    """Every tenant that has the bot, the oldest first."""
    return await tx.all(select(Install).where(Install.platform == PLATFORM).order_by(col(Install.id)))


async def members_named(tx: Tx, install_id: int, name: str) -> Sequence[Person]:
    """Active people of a tenant with that name, in any case, the oldest first."""
    everybody = await tx.all(
        select(Person)
        .join(Account, col(Account.person_id) == Person.id)
        .where(Account.install_id == install_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    return [each for each in everybody if each.name.casefold() == name.casefold()]


async def conversation_of(tx: Tx, tenant: str, external_id: str) -> TeamsConversation | None:
    """A conversation by its id."""
    return await tx.first(
        select(TeamsConversation)
        .join(Install, col(Install.id) == TeamsConversation.install_id)
        .where(
            Install.platform == PLATFORM, Install.external_id == tenant, TeamsConversation.external_id == external_id
        )
    )


async def personal_of(tx: Tx, tenant: str, member: str) -> TeamsConversation | None:
    """Somebody's personal chat with the bot, the one seen last."""
    return await tx.first(
        select(TeamsConversation)
        .join(Install, col(Install.id) == TeamsConversation.install_id)
        .where(
            Install.platform == PLATFORM,
            Install.external_id == tenant,
            TeamsConversation.kind == Place.Kind.DIRECT,
            TeamsConversation.member == member,
        )
        .order_by(col(TeamsConversation.seen_at).desc())
    )


async def newest(tx: Tx, tenant: str) -> TeamsConversation | None:
    """The conversation of a tenant that was heard from last: its address is the newest one there is."""
    return await tx.first(
        select(TeamsConversation)
        .join(Install, col(Install.id) == TeamsConversation.install_id)
        .where(Install.platform == PLATFORM, Install.external_id == tenant)
        .order_by(col(TeamsConversation.seen_at).desc())
    )


async def accounts_of(tx: Tx, install_id: int, external_ids: Sequence[str]) -> Sequence[Account]:
    """Those of some members whom the bot knows."""
    return await tx.all(
        select(Account).where(Account.install_id == install_id, col(Account.external_id).in_(external_ids))
    )


async def rearm(tx: Tx, install_id: int, member: str, *, reachable: bool) -> bool:
    """Somebody can be written to again, or no more; whether that is news."""
    changed = (
        update(Account)
        .where(
            col(Account.install_id) == install_id,
            col(Account.external_id) == member,
            col(Account.reachable).is_not(reachable),
        )
        .values(reachable=reachable)
    )
    return bool(await tx.changed(changed))
