"""Mail: what was sent to whom, so that a reply finds what it answers and no mail goes out twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import false, func
from sqlmodel import Field, UniqueConstraint, col, select, update

from storage.columns import Row, Utc, constraints, count, document, number_of, personal
from storage.messages import Message, open_lanes
from storage.organisations import Install
from storage.people import MAIL, Account, Person
from storage.tx import Tx

PLATFORM = MAIL


class MailSent(Row, table=True):
    """One mail of the bot's, written down when its file was made and before it was put out. Instants are real time."""

    __table_args__ = constraints(UniqueConstraint("message_id"))
    install_id: int = number_of("install")
    account_id: int = number_of("account", index=True)
    """Who got it, and who alone may answer it."""
    message_id: str
    """Its Message-ID, without the angle brackets."""
    key: str = Field(index=True)
    """What it is, once for each account: the key of a message, or `answer:` with the Message-ID that it answers."""
    about: str = ""
    """The key of the message whose state it shows; empty where it shows none."""
    turn: int = count()
    """How many mails of the same key were taken back before it: such a key may be sent anew."""
    taken_back: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    is_reply: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it was sent because a mail had come in."""
    subject: str = personal()
    answers: list[Any] = document(default_factory=list, sa_column_kwargs={"info": {"personal": True}})
    """What can be answered with a line: pairs of the words and the button, as `bot.chat.codec` writes it."""
    form: dict[str, Any] | None = document(default=None, nullable=True, sa_column_kwargs={"info": {"personal": True}})
    """The form that stands in it, as `bot.chat.codec` writes it."""
    at: datetime = Field(sa_type=Utc)


async def install_of(tx: Tx) -> Install | None:
    """Where an organisation's mail accounts are, the oldest where pairing brought it a second one."""
    return await tx.first(select(Install).where(Install.platform == PLATFORM).order_by(col(Install.id)))


async def open_install(tx: Tx, external_id: str) -> Install:
    """The same, made where there is none yet; then it is called `external_id`."""
    install = await install_of(tx)
    if install is None:
        install = Install(platform=PLATFORM, external_id=external_id, name="E-mail")
        tx.add(install)
        await tx.flush()
        await open_lanes(tx, install)
    return install


async def owner_of(tx: Tx, address: str) -> Person | None:
    """Who has an address as a mail account, or as the address that another platform tells of them; also who left."""
    has_account = await tx.first(
        select(Person)
        .join(Account, col(Account.person_id) == Person.id)
        .join(Install, col(Install.id) == Account.install_id)
        .where(Install.platform == PLATFORM, Account.external_id == address)
    )
    if has_account is not None:
        return has_account
    same = func.lower(col(Person.email)) == address
    return await tx.first(select(Person).where(same, col(Person.active).is_(True)).order_by(col(Person.id)))


async def members(tx: Tx, address: str) -> Sequence[tuple[Install, Account, Person]]:
    """Whose mail account an address is, among active people; one for each organisation that knows it."""
    return await tx.columns(
        select(Install, Account, Person)
        .join(Account, col(Account.install_id) == Install.id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Install.platform == PLATFORM, Account.external_id == address, col(Person.active).is_(True))
        .order_by(col(Account.id))
    )


async def member(tx: Tx, tenant: str, address: str) -> tuple[Install, Account, Person] | None:
    """Whose mail account an address is in one installation, also who takes no part any more."""
    found = await tx.columns(
        select(Install, Account, Person)
        .join(Account, col(Account.install_id) == Install.id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Install.platform == PLATFORM, Install.external_id == tenant, Account.external_id == address)
    )
    return found[0] if found else None


async def sent_as(tx: Tx, message_ids: Sequence[str]) -> Sequence[MailSent]:
    """The mails of those Message-IDs, the newest first."""
    if not message_ids:
        return ()
    return await tx.all(
        select(MailSent).where(col(MailSent.message_id).in_(message_ids)).order_by(col(MailSent.id).desc())
    )


async def sent_under(tx: Tx, account_id: int, key: str) -> MailSent | None:
    """The newest mail of a key to an account."""
    return await tx.first(
        select(MailSent)
        .where(MailSent.account_id == account_id, MailSent.key == key)
        .order_by(col(MailSent.turn).desc())
    )


async def take_back(tx: Tx, message_id: str) -> None:
    """A mail can't be called back; but what it was of may be sent anew."""
    await tx.changed(update(MailSent).where(col(MailSent.message_id) == message_id).values(taken_back=True))


async def came_back(tx: Tx, sent: MailSent, why: str, *, is_gone: bool) -> bool:
    """A mail was not taken where it went: its message is given up, and no more goes to an address that is gone.

    False where no message shows it, or it is known already. What it was of may be sent anew.
    """
    if is_gone:
        await tx.run(update(Account).where(col(Account.id) == sent.account_id).values(reachable=False))
    mine = (col(Message.key) == sent.key, col(Message.platform_ref) == sent.message_id)
    lost = {"state": Message.State.DEAD, "error": why, "platform_ref": None, "attempts": 0}
    is_new = bool(await tx.changed(update(Message).where(*mine).values(**lost)))
    await take_back(tx, sent.message_id)
    return is_new


async def replies_since(tx: Tx, account_id: int, since: datetime) -> int:
    """How many mails an account was sent in answer to its own since then."""
    counted = (
        select(func.count())
        .select_from(MailSent)
        .where(col(MailSent.account_id) == account_id, col(MailSent.is_reply).is_(True), col(MailSent.at) > since)
    )
    return await tx.session.scalar(counted) or 0
