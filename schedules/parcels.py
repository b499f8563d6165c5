"""From a lane's due messages to parcels: claimed, rendered and committed before any of them goes out."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from bot import wanted
from bot.chat.cards import Card
from bot.chat.routing import Foreseen, Manners, Projection, Wanted
from bot.ports import Destination
from schedules.quiet import NOT_WANTED, TOO_LATE, clear, hush_of, keep_aside
from storage.cadences import plan_report
from storage.columns import RowId, Utc
from storage.errors import BotError
from storage.messages import Lane, Message, foresee_keyed, ids_of, message_keyed
from storage.organisations import Install
from storage.people import Account, Person
from storage.places import Place
from storage.quiet import DIGEST_VIEW
from storage.troubles import REPORT_VIEW
from storage.tx import Tx

BATCH = 25  # messages rendered in one transaction, which on SQLite holds the write lock
WAIT_FOR_THREAD = timedelta(seconds=1)  # until it is looked again whether the first message of a thread stands

WAITS = ""  # no reason not to send it: it is only not its turn
NEVER_STANDS = frozenset({Message.State.DEAD, Message.State.CANCELLED, Message.State.PARKED})

log = structlog.get_logger()


class NoTarget(BotError):
    """A message whose person or room does not exist any more."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt at one message. Without a card, the message is taken away."""

    message_id: int
    key: str
    platform: str
    to: Destination
    card: Card | None
    ref: str | None
    rev: int
    attempts: int
    account_id: int | None
    place_id: int | None
    view: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Parcels of one claim; the rows carry its token until they are settled. `unsent` says why the others stay."""

    token: str
    platform: str
    parcels: tuple[Parcel, ...]
    unsent: tuple[str, ...] = ()
    is_last: bool = False
    """Whether nothing more was due in its lane."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was due."""
        return not self.parcels and not self.unsent


async def claim(
    tx: Tx,
    lane: Lane,
    install: Install,
    views: Mapping[str, Projection],
    *,
    now: datetime,
    real_now: datetime,
    lease: timedelta,
    manners: Manners | None = None,
) -> Batch:
    """The next messages of a lane, rendered from the newest state and marked as being sent.

    Those that should not be seen any more, or too late, are cancelled here; those for which it is too early, or which
    are too many for their reader's day, are put off or set aside.
    """
    token = secrets.token_hex(8)
    unsent: list[str] = []
    due = await _due(tx, lane, now, real_now)
    await _foresee(tx, due, views)
    hush = await hush_of(tx, lane, due, manners, now=now)
    going: list[tuple[Message, Parcel]] = []
    for message in due:
        prepared: Parcel | str = _too_late(message, now) or hush.holds_back(message)
        prepared = prepared or await _prepared(tx, message, install, views, now=now, real_now=real_now)
        if isinstance(prepared, Parcel) and not hush.counts(message):
            prepared = "set_aside"
        if isinstance(prepared, Parcel):
            going.append((message, prepared))
        elif prepared != WAITS:
            unsent.append(prepared)
            log.info("unsent", message=message.id, view=message.view, why=prepared)
    for message, parcel in going:  # all at once: one that is marked while others are drawn is written by itself
        message.state = Message.State.SENDING
        message.token = token
        message.lease_until = real_now + lease
        message.sending_rev = parcel.rev
        message.attempts = parcel.attempts
    await keep_aside(tx, hush, install)
    return Batch(token, install.platform, tuple(parcel for _, parcel in going), tuple(unsent), is_last=len(due) < BATCH)


async def _due(tx: Tx, lane: Lane, now: datetime, real_now: datetime) -> list[Message]:
    return list(await tx.all(_DUE, {"its_lane": lane.id, "now": now, "real_now": real_now}))


_DUE = (
    select(Message)
    .where(
        Message.lane_id == bindparam("its_lane", type_=RowId),
        Message.state == Message.State.READY,
        col(Message.due_at) <= bindparam("now", type_=Utc),
        or_(col(Message.retry_at).is_(None), col(Message.retry_at) <= bindparam("real_now", type_=Utc)),
    )
    .order_by(col(Message.priority), col(Message.due_at), col(Message.id))
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)


async def _foresee(tx: Tx, due: Sequence[Message], views: Mapping[str, Projection]) -> None:
    """Reads at once what drawing and addressing each message of a batch asks for."""
    await tx.fetch(Person, [message.person_id for message in due])
    await tx.fetch(Account, [message.account_id for message in due])
    await foresee_keyed(tx, [message.thread for message in due if message.thread], in_hand=due)
    drawn = [message for message in due if not message.withdrawn]
    for view in dict.fromkeys(message.view for message in drawn):
        projection = views.get(view)
        if isinstance(projection, Foreseen):
            batch = [Wanted(ids_of(message), message.person_id) for message in drawn if message.view == view]
            await projection.ahead(tx, batch)


def _too_late(message: Message, now: datetime) -> str:
    """In a word, that nobody needs it any more; empty where it is in time."""
    if message.platform_ref is None and message.not_after is not None and message.not_after < now:
        _drop(message, Message.State.CANCELLED, TOO_LATE)
        return "too_late"
    return ""


async def _prepared(
    tx: Tx,
    message: Message,
    install: Install,
    views: Mapping[str, Projection],
    *,
    now: datetime,
    real_now: datetime,
) -> Parcel | str:
    """What is sent of a message, or in a word why it is not."""
    try:
        if message.view == DIGEST_VIEW and message.platform_ref is None:
            await clear(tx, ids_of(message)["day"], views, now)
        card = None if message.withdrawn else await wanted.projected(tx, views, message, now)
        if card is None and not message.withdrawn:
            _pass_over(message)
            return "not_wanted"
        to = await destination(tx, message, install)
    except Exception as problem:  # one message that can't be rendered must not hold up the lane
        log.exception("render_failed", message=message.id, view=message.view)
        words = str(problem) if isinstance(problem, BotError) else f"it can't be drawn ({type(problem).__name__})"
        _drop(message, Message.State.DEAD, words[:500])
        await report(tx, message.view, now)
        return "undrawn"
    if to is None:
        message.retry_at = real_now + WAIT_FOR_THREAD
        return WAITS
    return _parcel(message, install.platform, to, card)


def _parcel(message: Message, platform: str, to: Destination, card: Card | None) -> Parcel:
    return Parcel(
        message_id=message.id,
        key=message.key,
        platform=platform,
        to=to,
        card=card,
        ref=message.platform_ref,
        rev=message.wanted_rev,
        attempts=message.attempts + 1,
        account_id=message.account_id,
        place_id=message.place_id,
        view=message.view,
        due_at=message.due_at,
    )


def _drop(message: Message, state: Message.State, why: str) -> None:
    message.state = state
    message.error = why


def _pass_over(message: Message) -> None:
    """It should not be seen; one that is shown stays as it is."""
    if message.platform_ref is None:
        _drop(message, Message.State.CANCELLED, NOT_WANTED)
    else:
        message.state = Message.State.SHOWN
        message.shown_rev = message.wanted_rev


async def report(tx: Tx, view: str, now: datetime) -> None:
    """Plans that administrators are told, unless it is their report itself that is in trouble."""
    if view != REPORT_VIEW:
        await plan_report(tx, tx.organisation_id, now)


async def destination(tx: Tx, message: Message, install: Install) -> Destination | None:
    """Where a message goes; None while the first message of its thread does not stand yet. Raises: NoTarget."""
    thread_ref = ""
    if message.thread:
        parent = await message_keyed(tx, message.thread)
        if parent is None or parent.state in NEVER_STANDS:
            raise NoTarget("the message whose thread it belongs to does not stand")
        if parent.platform_ref is None:
            return None
        thread_ref = parent.platform_ref
    reader = await wanted.reader_of(tx, message)
    if message.account_id is not None:
        account = await tx.need(Account, message.account_id)
        return Destination(install.external_id, "", account.external_id, thread_ref, reader.zone)
    place = await tx.need(Place, message.place_id or 0)
    return Destination(install.external_id, place.external_id, "", thread_ref, reader.zone)
