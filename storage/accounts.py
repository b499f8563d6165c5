"""Codes that prove whose accounts are one person's and which installations are one organisation's, and who is where."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, update
from sqlmodel import Field, UniqueConstraint, col, select

from storage.cadences import Occurrence
from storage.columns import Row, Utc, constraints, count, number_of, word
from storage.columns import at as instant
from storage.inserting import add_once
from storage.messages import Lane, Message
from storage.organisations import Install, Organisation
from storage.passes import hash_of
from storage.people import MAIL, Account, Person
from storage.tx import SYSTEM, Tx

HINT = "account.hint"
JOINED_VIEW = "account.joined"
CODE_LASTS = timedelta(minutes=10)
WRONG_MOST = 5
LOCKED_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)  # a code that is over, to be able to say that it is


class Purpose(StrEnum):
    """What a code is for: to make two accounts one person's, or two installations one organisation's."""

    JOIN = "join"
    PAIR = "pair"


class AccountCode(Row, table=True):
    """A code that was shown in an account. Kept as its SHA-256; instants are real time."""

    __table_args__ = constraints(UniqueConstraint("code_hash"))
    purpose: Purpose = word(Purpose)
    person_id: int = number_of("person")
    account_id: int = number_of("account")
    """Where it was shown."""
    code_hash: str
    expires_at: datetime = instant()
    typed_by: int | None = number_of("person", default=None, nullable=True)
    """Who typed it and was asked whether they are the same person; nobody else can use it any more."""
    used_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class WrongCodes(Row, table=True):
    """How often in a row somebody typed a code that there is not, and when last; real time."""

    __tablename__ = "wrong_codes"
    __table_args__ = constraints(UniqueConstraint("person_id"))
    person_id: int = number_of("person")
    number: int = count()
    newest_at: datetime = instant()


@contextmanager
def _everywhere(tx: Tx) -> Iterator[None]:
    """Reads see every organisation meanwhile: a code that pairs two is known to one of them only."""
    here = tx.organisation_id
    tx.bind(SYSTEM)
    try:
        yield
    finally:
        tx.bind(here)


async def show_code(tx: Tx, account: Account, purpose: Purpose, *, code: str, real_now: datetime) -> None:
    """A new code of an account; the one that it was shown before works no more, and old ones are forgotten."""
    mine = col(AccountCode.account_id) == account.id
    waits = (col(AccountCode.purpose) == purpose, col(AccountCode.used_at).is_(None))
    await tx.run(update(AccountCode).where(mine, *waits).values(expires_at=real_now))
    await tx.run(delete(AccountCode).where(mine, col(AccountCode.expires_at) < real_now - KEPT_FOR))
    await tx.flush()
    row = AccountCode(purpose=purpose, person_id=account.person_id, account_id=account.id, code_hash=hash_of(code),
                      expires_at=real_now + CODE_LASTS)  # fmt: skip
    tx.add(row)
    await tx.flush()


async def code_of(tx: Tx, purpose: Purpose, code: str) -> AccountCode | None:
    """The code that somebody typed: for two accounts one of this organisation, for two organisations of any."""
    wanted = select(AccountCode).where(AccountCode.purpose == purpose, AccountCode.code_hash == hash_of(code))
    if purpose is Purpose.JOIN:
        return await tx.first(wanted)
    await tx.flush()
    with _everywhere(tx):
        return await tx.first(wanted)


async def use(tx: Tx, code: AccountCode, *, real_now: datetime) -> bool:
    """Uses a code up; False where somebody else has just done so, or it is too old by now."""
    # One statement looks and takes, so that of two at once one finds nothing to take.
    free = (col(AccountCode.used_at).is_(None), col(AccountCode.expires_at) > real_now)
    taken = update(AccountCode).where(col(AccountCode.id) == code.id, *free).values(used_at=real_now)
    await tx.flush()
    with _everywhere(tx):
        return bool(await tx.changed(taken.execution_options(synchronize_session=False)))


async def locked_until(tx: Tx, person: Person, real_now: datetime) -> datetime | None:
    """Until when somebody may type no code, because too many were wrong; None when they may."""
    wrong = await tx.first(select(WrongCodes).where(WrongCodes.person_id == person.id))
    if wrong is None or wrong.number < WRONG_MOST or real_now >= wrong.newest_at + LOCKED_FOR:
        return None
    return wrong.newest_at + LOCKED_FOR


async def count_wrong(tx: Tx, person: Person, real_now: datetime) -> int:
    """One more wrong code; how many are left before an hour's rest. After that hour it begins anew."""
    mine = col(WrongCodes.person_id) == person.id
    await add_once(tx, WrongCodes(person_id=person.id, number=0, newest_at=real_now))
    over = col(WrongCodes.newest_at) <= real_now - LOCKED_FOR
    await tx.run(update(WrongCodes).where(mine, over).values(number=0))
    await tx.run(update(WrongCodes).where(mine).values(number=WrongCodes.number + 1, newest_at=real_now))
    number = await tx.first(select(col(WrongCodes.number)).where(mine))
    return max(0, WRONG_MOST - (number or 0))


async def forget_wrong(tx: Tx, person: Person) -> None:
    """Somebody typed a code that was right."""
    await tx.run(delete(WrongCodes).where(col(WrongCodes.person_id) == person.id))


async def accounts_of(tx: Tx, person_id: int) -> Sequence[tuple[Account, Install]]:
    """Where a person is, the oldest account first."""
    return await tx.columns(
        select(Account, Install)
        .join(Install, col(Install.id) == Account.install_id)
        .where(Account.person_id == person_id)
        .order_by(col(Account.id))
    )


async def installs(tx: Tx) -> Sequence[Install]:
    """Wherever the organisation is, the oldest first."""
    return await tx.all(select(Install).order_by(col(Install.id)))


async def aim(tx: Tx, person: Person) -> int:
    """What is still to be sent to a person goes where they prefer it from now on; how many messages move."""
    await tx.flush()
    to = next(iter(sorted(await _reachable(tx, person), key=lambda each: _rank(each[1], person))), None)
    if to is None:
        return 0
    account, install = to
    waiting = (
        col(Message.person_id) == person.id,
        col(Message.state).in_((Message.State.READY, Message.State.HELD)),
        col(Message.platform_ref).is_(None),
        col(Message.account_id).is_not(None),
        col(Message.account_id) != account.id,
        col(Message.view) != JOINED_VIEW,  # it is for that account
    )
    moved = 0
    lanes = {each.traffic: each for each in await tx.all(select(Lane).where(Lane.install_id == install.id))}
    for traffic, lane in lanes.items():
        same = select(Lane.id).where(Lane.traffic == traffic)
        there = {"lane_id": lane.id, "account_id": account.id, "retry_at": None}
        moved += await tx.changed(update(Message).where(*waiting, col(Message.lane_id).in_(same)).values(**there))
    return moved


def _rank(install: Install, person: Person) -> tuple[bool, bool]:
    """As `preferred_account_id` sorts."""
    return install.platform != person.prefers, install.platform == MAIL


async def _reachable(tx: Tx, person: Person) -> list[tuple[Account, Install]]:
    return [(account, install) for account, install in await accounts_of(tx, person.id) if account.reachable]


async def elsewhere(tx: Tx, person: Person, account: Account) -> str | None:
    """The platform of another account of somebody that can be reached; None where they have none."""
    found = await _reachable(tx, person)
    return next((install.platform for each, install in found if each.id != account.id), None)


async def leave_alone(tx: Tx, account: Account) -> None:
    """What stands in an account is never remade, and nothing more of what waited goes there."""
    settled = (Message.State.SHOWN, Message.State.READY, Message.State.HELD, Message.State.DEAD, Message.State.PARKED)
    theirs = (col(Message.account_id) == account.id, col(Message.state).in_(settled))
    gone = {"state": Message.State.CANCELLED, "error": "the account was separated"}
    await tx.run(update(Message).where(*theirs).values(**gone))


async def twins(tx: Tx, person: Person) -> Sequence[str]:
    """On which other platforms somebody of the same kind has the same address: a hint, and never a proof."""
    address = (person.email or "").strip().casefold()
    if not address or not person.active:
        return ()
    mine = select(Account.install_id).where(Account.person_id == person.id)
    return await tx.all(
        select(col(Install.platform))
        .join(Account, col(Account.install_id) == Install.id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(
            Person.id != person.id,
            col(Person.active).is_(True),
            Person.is_external == person.is_external,
            func.lower(col(Person.email)) == address,
            col(Install.id).not_in(mine),
            col(Account.reachable).is_(True),
        )
        .order_by(col(Install.platform))
        .distinct()
    )


async def plan_hint(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody seems to be on another platform too: they are told once how the two become one."""
    await tx.flush()
    if await twins(tx, person):
        await add_once(tx, Occurrence(key=f"{HINT}:{person.id}", kind=HINT, subject_id=person.id, due_at=now))


async def organisation_named(tx: Tx, organisation_id: int) -> str:
    """The name of an organisation."""
    return (await tx.session.get_one(Organisation, organisation_id)).name
