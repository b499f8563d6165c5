"""Messages wanted and shown: each is a projection of rows (a view and ids), rendered only when it is sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    cast,
    false,
    inspect,
    literal,
    null,
    text,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Field, UniqueConstraint, col, or_, select

from storage.columns import Row, RowId, Utc, constraints, count, number_of, word
from storage.inserting import add_once, insert_once
from storage.organisations import Install
from storage.people import Account, preferred_account_id
from storage.tx import Tx


class Lane(Row, table=True):
    """One queue to a platform for each install and traffic class; a throttled one never delays another.

    `lease_until`, `blocked_until` and `served_at` are real time, also under a simulated clock.
    """

    class Traffic(StrEnum):
        """Answers to people go first, then prompts, then what is only to be read."""

        REPLY = "reply"
        PROMPT = "prompt"
        SUMMARY = "summary"

    __table_args__ = constraints(UniqueConstraint("install_id", "traffic"))
    install_id: int = number_of("install")
    traffic: Traffic = word(Traffic)
    owner: str | None = None
    epoch: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    blocked_until: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    served_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    throttled: int = count()
    """How often in a row the platform said that it was too fast."""


class Message(Row, table=True):
    """One message on one platform.

    `due_at` and `not_after` are the bot's time; `retry_at` and `lease_until` are real time.
    """

    class State(StrEnum):
        """`unknown`: bytes went out and no answer came, so it may or may not be there.

        `parked`: of unknown fate for good, because the platform can't be asked, and not to be sent twice on our own.
        `held`: beyond its person's number of messages for a day; it is a line of that day's digest until it is opened.
        """

        READY = "ready"
        SENDING = "sending"
        SHOWN = "shown"
        DEAD = "dead"
        UNKNOWN = "unknown"
        PARKED = "parked"
        CANCELLED = "cancelled"
        HELD = "held"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "key"),
        Index(
            "message_ready",
            "lane_id",
            "due_at",
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
        Index(
            "message_sending",
            "lease_until",
            postgresql_where=text("state = 'sending'"),
            sqlite_where=text("state = 'sending'"),
        ),
        Index(
            "message_trouble",
            "state",
            postgresql_where=text("state = 'dead' or state = 'unknown' or state = 'parked'"),
            sqlite_where=text("state = 'dead' or state = 'unknown' or state = 'parked'"),
        ),
        Index("message_view", "organisation_id", "view", "ids"),
    )
    key: str
    event_id: int | None = Field(default=None, sa_type=RowId, index=True)
    """The event that first wanted it, so that Undo can withdraw it."""
    lane_id: int = number_of("lane")
    place_id: int | None = number_of("place", default=None, nullable=True)
    person_id: int | None = number_of("person", default=None, nullable=True)
    account_id: int | None = number_of("account", default=None, nullable=True)
    thread: str = ""
    view: str
    ids: str
    priority: int = 0
    due_at: datetime = Field(sa_type=Utc)
    not_after: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    state: State = word(State, default=State.READY)
    wanted_rev: int = 1
    sending_rev: int = 0
    shown_rev: int = 0
    withdrawn: bool = False
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it also comes at night, on a day off and beyond the day's number of messages."""
    put_off_from: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When it was due before the person's quiet made it wait; None while it did not."""
    put_off_why: str = Field(default="", sa_column_kwargs={"server_default": ""})
    counted_on: date | None = None
    """The day, on the person's clock, in whose number of messages it was counted."""
    day_id: int | None = Field(default=None, sa_type=RowId, index=True)
    """The day (`DirectDay`) in whose digest it stands, where it was set aside."""
    platform_ref: str | None = None
    first_shown_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    shown_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    attempts: int = 0
    reposts: int = count()
    """How often a post of unknown fate was made ready again: it may stand there once more for each."""
    looks: int = count()
    """How often in this doubt it could not be found out whether it stands there."""
    retry_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    token: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    error: str = ""


MESSAGES: Table = Message.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
"""The table, for what is changed row by row in one go."""


def ids_text(ids: Mapping[str, int]) -> str:
    """Ids in the one way in which they are stored and compared."""
    return json.dumps(dict(sorted(ids.items())), separators=(",", ":"))


def ids_of(message: Message) -> dict[str, int]:
    """What a message is about."""
    return {str(name): int(number) for name, number in json.loads(message.ids).items()}


async def open_lanes(tx: Tx, install: Install) -> None:
    """The lanes of a new install."""
    tx.add(*(Lane(install_id=install.id, traffic=traffic) for traffic in Lane.Traffic))
    await tx.flush()


async def lane_of(tx: Tx, install_id: int, traffic: Lane.Traffic) -> Lane:
    """The lane of an install for a class of traffic."""
    return (await tx.all(select(Lane).where(Lane.install_id == install_id, Lane.traffic == traffic)))[0]


ANEW = (
    "event_id", "lane_id", "place_id", "person_id", "account_id", "due_at", "not_after", "state", "withdrawn",
    "platform_ref",
)  # fmt: skip
"""What a message has of its own each time it is wanted."""


async def want(tx: Tx, message: Message) -> bool:
    """Wants a message once per key; where that key is known already it is remade, and the answer is False.

    One that was cancelled, taken away or given up before it ever stood there is wanted anew, where it is wanted now.
    """
    if await add_once(tx, message):
        return True
    fields = message.model_dump()
    same_key = col(Message.key) == message.key
    never_there = and_(col(Message.state) == Message.State.DEAD, col(Message.platform_ref).is_(None))
    gone = or_(col(Message.state) == Message.State.CANCELLED, never_there)
    anew = {name: fields[name] for name in ANEW}
    await tx.changed(update(Message).where(same_key, gone).values(**anew, attempts=0, error="", retry_at=None))
    await tx.changed(_remake(message.due_at).where(same_key).values(withdrawn=False))
    return False


Recipients: TypeAlias = Select[int, datetime, datetime]
"""Who is told, from when on and until when: columns `person_id`, `due_at`, `not_after`."""


async def want_for_all(tx: Tx, recipients: Recipients, pattern: Message, traffic: Lane.Traffic) -> int:
    """Wants one direct message for each recipient who can be reached, in one statement; how many are new.

    `pattern` gives what is the same for all of them; a person's message has the key `{pattern.key}:{person id}`.
    """
    chosen = recipients.subquery()
    person_id, due_at, not_after = chosen.c
    own: dict[str, SQLCoreOperations[Any]] = {
        "organisation_id": literal(tx.organisation_id, RowId),
        "key": literal(f"{pattern.key}:").concat(cast(person_id, String)),
        "lane_id": col(Lane.id),
        "account_id": col(Account.id),
        "person_id": person_id,
        "due_at": due_at,
        "not_after": not_after,
    }
    columns = inspect(Message).columns
    same = {
        name: literal(value, columns[name].type)
        for name, value in pattern.model_dump(exclude={"id", *own}).items()
        if value is not None
    }
    source = (
        select_columns(*own.values(), *same.values())
        .select_from(chosen)
        .join(Account, col(Account.id) == preferred_account_id(person_id))
        .join(Lane, and_(col(Lane.install_id) == Account.install_id, col(Lane.traffic) == traffic))
        .where(col(Account.organisation_id) == tx.organisation_id)
    )
    return await tx.changed(insert_once(tx, Message).from_select([*own, *same], source))


async def stale(
    tx: Tx,
    view: str,
    ids: Mapping[str, int],
    *,
    now: datetime,
    person_id: int | None = None,
    at_most_every: timedelta = timedelta(0),
) -> int:
    """Marks every message that shows a view of ids as stale, for everybody or one reader; how many there are."""
    shows: dict[str, object] = {"its_view": view, "its_ids": ids_text(ids)}
    if person_id is not None:
        shows["its_reader"] = person_id
    if not at_most_every:
        return await tx.changed(_remake_shown(has_reader=person_id is not None), shows | {"at": now})
    rested = {"rested": now - at_most_every}
    again = _remake_shown(has_reader=person_id is not None, is_rested=True)
    count = await tx.changed(again, shows | rested | {"at": now})
    conditions = _shows(has_reader=person_id is not None)
    just_shown = select(Message).where(*conditions, col(Message.shown_at) > bindparam("rested", type_=Utc))
    for message in await tx.all(just_shown, shows | rested):
        later = (message.shown_at or now) + at_most_every
        count += await tx.changed(_remake(later).where(col(Message.id) == message.id))
    return count


def _shows(*, has_reader: bool) -> Sequence[ColumnElement[bool]]:
    """What shows `its_view` of `its_ids`, perhaps to `its_reader`."""
    reader = [col(Message.person_id) == bindparam("its_reader", type_=RowId)] if has_reader else []
    return [
        col(Message.view) == bindparam("its_view"),
        col(Message.ids) == bindparam("its_ids"),
        col(Message.state) != Message.State.CANCELLED,
        *reader,
    ]


@cache
def _remake_shown(*, has_reader: bool, is_rested: bool = False) -> Update:
    """Most of what is done makes something stale, so this is worded once: due again at `at`."""
    shown_at = col(Message.shown_at)
    rested = [or_(shown_at.is_(None), ~(shown_at > bindparam("rested", type_=Utc)))] if is_rested else []
    return _remake(bindparam("at", type_=Utc)).where(*_shows(has_reader=has_reader), *rested)


async def withdraw(tx: Tx, event_id: int, now: datetime) -> None:
    """Takes back the messages that an event wanted: unsent ones are cancelled, shown ones deleted by the delivery."""
    theirs = col(Message.event_id) == event_id
    await tx.changed(
        update(Message)
        .where(
            theirs,
            col(Message.state).in_((Message.State.READY, Message.State.HELD)),
            col(Message.platform_ref).is_(None),
        )
        .values(state=Message.State.CANCELLED, error="undone")
    )
    # Cancelled ones too: an operator may send those again, and must not send what was taken back.
    await tx.changed(_remake(now).where(theirs).values(withdrawn=True))


def _remake(due_at: datetime | BindParameter[datetime]) -> Update:
    """What is shown is due again; the rest keeps its own time, and is rendered from the newest state anyway.

    A replacement that was given up left what was shown before, so that one is due again too.
    A replacement that rests until later comes forward when it is wanted sooner.
    """
    due = due_at if isinstance(due_at, BindParameter) else literal(due_at, Utc())
    stands = and_(col(Message.state) == Message.State.DEAD, col(Message.platform_ref).is_not(None))
    shown = or_(col(Message.state) == Message.State.SHOWN, stands)
    rests = and_(
        col(Message.state) == Message.State.READY,
        col(Message.platform_ref).is_not(None),
        col(Message.due_at) > due,
    )
    return update(Message).values(
        wanted_rev=Message.wanted_rev + 1,
        state=case((shown, Message.State.READY.value), else_=cast(col(Message.state), String)),
        due_at=case((or_(shown, rests), due), else_=col(Message.due_at)),
        not_after=case((shown, null()), else_=col(Message.not_after)),
        attempts=case((shown, 0), else_=col(Message.attempts)),
        retry_at=case((shown, null()), else_=col(Message.retry_at)),
    )


async def message_keyed(tx: Tx, key: str) -> Message | None:
    """The message of that key."""
    return await tx.first(_KEYED, {"its_key": key})


async def foresee_keyed(tx: Tx, keys: Iterable[str], in_hand: Sequence[Message] = ()) -> None:
    """Reads the messages of those keys at once, but those in hand, for whoever asks for them one by one."""
    known = {message.key: message for message in in_hand}
    wanted = [key for key in dict.fromkeys(keys) if key not in known]
    found = known | (await messages_keyed(tx, wanted) if wanted else {})
    for key in (*known, *wanted):
        tx.foresee(_KEYED, {"its_key": key}, found.get(key))


_KEYED = select(Message).where(Message.key == bindparam("its_key")).limit(1)


async def messages_keyed(tx: Tx, keys: Sequence[str]) -> dict[str, Message]:
    """The messages of those keys, by key."""
    return {message.key: message for message in await tx.all(select(Message).where(col(Message.key).in_(keys)))}


async def next_message_at(tx: Tx, after: datetime) -> datetime | None:
    """When the first message that waits for its time is due, strictly after an instant."""
    return await tx.first(_WAITING, {"since": after})


_WAITING = (
    select(Message.due_at)
    .where(Message.state == Message.State.READY, col(Message.due_at) > bindparam("since", type_=Utc))
    .order_by(col(Message.due_at))
    .limit(1)
)


async def put_to(tx: Tx, key: str, due_at: datetime, not_after: datetime | None) -> None:
    """Another time for a message that nobody has seen yet."""
    await tx.changed(update(Message).where(*_unseen(key)).values(due_at=due_at, not_after=not_after))


async def call_off(tx: Tx, key: str, why: str) -> None:
    """Cancels a message that nobody has seen yet."""
    await tx.changed(update(Message).where(*_unseen(key)).values(state=Message.State.CANCELLED, error=why))


def _unseen(key: str) -> tuple[ColumnElement[bool], ...]:
    waits = Message.state == Message.State.READY
    return (col(Message.key) == key, col(Message.platform_ref).is_(None), waits)  # type: ignore[return-value]
