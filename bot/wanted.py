"""From what a handler returns to rows, and from a wanted message to its card."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import col, or_, select

from bot.chat.cards import Card
from bot.chat.replies import Broadcast, Plan, Refresh, Replies, Show
from bot.chat.routing import Projection, Reader
from storage import messages
from storage.cadences import Occurrence
from storage.inserting import add_once
from storage.messages import Lane, Message
from storage.organisations import organisation_of
from storage.people import Account, Person, preferred_account_id, zone_of
from storage.places import Place
from storage.teams import team_at
from storage.tx import Tx

log = structlog.get_logger()

REMADE_MOST = 40  # messages that show what somebody pressed in vain


async def record(tx: Tx, replies: Replies, *, event_id: int | None, now: datetime) -> None:
    """Writes the messages that are wanted or stale and the steps still to come."""
    await tx.flush()
    for wish in replies.show:
        match wish:
            case Show():
                await _show(tx, wish, event_id=event_id, now=now)
            case Broadcast():
                await _broadcast(tx, wish, event_id=event_id, now=now)
    for stale in replies.refresh:
        await _refresh(tx, stale, now)
    for step in replies.plan:
        await _plan(tx, step)


async def _show(tx: Tx, wish: Show, *, event_id: int | None, now: datetime) -> None:
    place_id = person_id = account_id = None
    match wish.to:
        case Place() as place:
            install_id, place_id = place.install_id, place.id
        case Person() as person:
            account = await tx.first(select(Account).where(Account.id == preferred_account_id(person.id)))
            if account is None:
                log.info("nobody_to_show", person=person.id, view=wish.view)
                return
            install_id, person_id, account_id = account.install_id, person.id, account.id
    lane = await messages.lane_of(tx, install_id, _traffic(tx, wish, person_id))
    await messages.want(
        tx,
        Message(
            key=wish.key,
            event_id=event_id,
            lane_id=lane.id,
            place_id=place_id,
            person_id=person_id,
            account_id=account_id,
            thread=wish.thread,
            view=wish.view,
            ids=messages.ids_text(wish.ids),
            due_at=wish.due_at or now,
            not_after=wish.not_after,
            urgent=wish.urgent,
        ),
    )


def _traffic(tx: Tx, wish: Show, person_id: int | None) -> Lane.Traffic:
    """Only who has just acted is answered; what somebody else hears of it can wait for their quiet to end."""
    is_answer = person_id is None or person_id == tx.acting.by
    return wish.traffic if is_answer or wish.traffic is not Lane.Traffic.REPLY else Lane.Traffic.PROMPT


async def _broadcast(tx: Tx, wish: Broadcast, *, event_id: int | None, now: datetime) -> None:
    pattern = Message(
        key=wish.key,
        event_id=event_id,
        view=wish.view,
        ids=messages.ids_text(wish.ids),
        due_at=now,
        lane_id=0,
        urgent=wish.urgent,
    )
    await messages.want_for_all(tx, wish.recipients, pattern, wish.traffic)


async def _refresh(tx: Tx, stale: Refresh, now: datetime) -> None:
    reader = None if stale.reader is None else stale.reader.id
    await messages.stale(tx, stale.view, stale.ids, now=now, person_id=reader, at_most_every=stale.at_most_every)


async def made_anew(tx: Tx, ids: Mapping[str, str], *, person_id: int | None, conversation: str, now: datetime) -> None:
    """Whatever shows the rows of a button that was pressed in vain, to that person or there, is made anew."""
    known = {name: number for name, number in ids.items() if number.isascii() and number.isdigit()}
    if not known or person_id is None:
        return
    rooms = select(Place.id).where(Place.external_id == conversation)
    theirs = or_(Message.person_id == person_id, col(Message.place_id).in_(rooms))
    about = (
        or_(*(col(Message.ids).contains(f'"{name}":{number}{end}', autoescape=True) for end in ",}"))
        for name, number in known.items()
    )
    shown = (col(Message.platform_ref).is_not(None), theirs, or_(*about))
    newest = select(Message).where(*shown).order_by(col(Message.id).desc()).limit(REMADE_MOST)
    for view, text, reader in dict.fromkeys((each.view, each.ids, each.person_id) for each in await tx.all(newest)):
        await messages.stale(tx, view, json.loads(text), now=now, person_id=reader)


async def _plan(tx: Tx, step: Plan) -> None:
    await add_once(tx, Occurrence(key=step.key, kind=step.kind, subject_id=step.subject_id, due_at=step.at))


async def projected(tx: Tx, views: Mapping[str, Projection], message: Message, now: datetime) -> Card | None:
    """The newest state of what a message shows, for its reader; None when it should not be seen (any more)."""
    reader = await reader_of(tx, message)
    return await views[message.view](tx, messages.ids_of(message), reader, now)


async def reader_of(tx: Tx, message: Message) -> Reader:
    """For whom a message is."""
    stands = message.platform_ref is not None
    if message.person_id is not None:
        person = await tx.need(Person, message.person_id)
        return Reader(zone_of(person), person, stands=stands)
    team = None if message.place_id is None else await team_at(tx, message.place_id)
    return Reader(ZoneInfo(team.zone if team else (await organisation_of(tx)).zone), stands=stands)
