"""The outbox as an operator sees it: what waits, what is in doubt, and the two things that can be done about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, null
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, update

from storage.messages import Lane, Message
from storage.organisations import Install
from storage.people import Person
from storage.places import Place
from storage.troubles import IN_TROUBLE, in_parts, settle_messages
from storage.tx import Tx

State = Message.State
REQUEUED_FROM = (*IN_TROUBLE, State.UNKNOWN, State.CANCELLED)
CANCELLED_FROM = (*IN_TROUBLE, State.UNKNOWN, State.READY, State.HELD)


class Letter(NamedTuple):
    """A message with where it goes."""

    message: Message
    lane: Lane
    platform: str
    to: str


async def letters(tx: Tx, states: Sequence[Message.State], limit: int) -> Sequence[Letter]:
    """Messages in some states, those that fell due last first, at most `limit`."""
    newest_first = (col(Message.due_at).desc(), col(Message.id).desc())
    return await _letters(tx, _LETTER.where(col(Message.state).in_(states)).order_by(*newest_first).limit(limit))


async def letters_of(tx: Tx, message_ids: Sequence[int]) -> Sequence[Letter]:
    """The messages of those numbers, in the order of their numbers; those that are not there are left out."""
    found: list[Letter] = []
    for some in in_parts(sorted(message_ids)):
        found += await _letters(tx, _LETTER.where(col(Message.id).in_(some)).order_by(col(Message.id)))
    return found


_LETTER = (
    select_columns(Message, Lane, col(Install.platform), func.coalesce(col(Person.name), col(Place.name), "nobody"))
    .select_from(Message)
    .join(Lane, col(Lane.id) == Message.lane_id)
    .join(Install, col(Install.id) == Lane.install_id)
    .outerjoin(Person, col(Person.id) == Message.person_id)
    .outerjoin(Place, col(Place.id) == Message.place_id)
)


async def _letters(tx: Tx, query: Select[Message, Lane, str, str]) -> Sequence[Letter]:
    return [Letter(*found) for found in await tx.columns(query)]


async def requeue(tx: Tx, message_ids: Sequence[int], now: datetime) -> Sequence[int]:
    """Makes messages ready that were given up, parked, in doubt or cancelled; which of them.

    One whose time is over (`not_after`), and that never stood there, stays: it would only be cancelled again. So does
    one that was taken away. A parked one may stand there already, and then stands there twice; so does one in doubt.
    """
    in_time = or_(
        col(Message.not_after).is_(None), col(Message.not_after) >= now, col(Message.platform_ref).is_not(None)
    )
    taken_away = and_(col(Message.state) == State.CANCELLED, col(Message.withdrawn).is_(True))
    chosen = (col(Message.state).in_(REQUEUED_FROM), in_time, ~taken_away)
    once_more = case((col(Message.state).in_((State.PARKED, State.UNKNOWN)), 1), else_=0)
    ready = {"state": State.READY, "attempts": 0, "retry_at": null(), "error": ""}
    return await _moved(tx, message_ids, chosen, ready | {"reposts": Message.reposts + once_more})


async def cancel(tx: Tx, message_ids: Sequence[int]) -> Sequence[int]:
    """Gives messages up that do not stand there for certain; which of them.

    One that stands there already only stays as it is: it is not replaced any more, until something new is wanted.
    """
    chosen = col(Message.state).in_(CANCELLED_FROM)
    never, stands = col(Message.platform_ref).is_(None), col(Message.platform_ref).is_not(None)
    shown = {"state": State.SHOWN, "shown_rev": Message.wanted_rev, "retry_at": null(), "error": "left as it is"}
    given_up = {"state": State.CANCELLED, "retry_at": null(), "error": "cancelled by an operator"}
    gone = await _moved(tx, message_ids, (chosen, never), given_up)
    return sorted([*gone, *await _moved(tx, message_ids, (chosen, stands), shown)])


async def _moved(
    tx: Tx, message_ids: Sequence[int], chosen: Sequence[ColumnElement[bool]], values: Mapping[str, object]
) -> Sequence[int]:
    moved: list[int] = []
    for some in in_parts(message_ids):
        moving = update(Message).where(col(Message.id).in_(some), *chosen).values(**values).returning(col(Message.id))
        # A row is not read into the session here, so nothing in it has to be kept in step.
        moved += (await tx.run(moving.execution_options(synchronize_session=False))).scalars()
    await settle_messages(tx, moved)
    return sorted(moved)
