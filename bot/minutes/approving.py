"""A meeting that ends has approved the minutes of the one before, where 1.2 was noted or decided. Source: D5."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.chat.events import Asked, Due, Pressed, Submitted
from bot.chat.replies import NOTHING, Replies
from bot.chat.routing import Command, Handler, Step
from bot.council import standing as council
from bot.minutes.correcting import approved
from storage import audit
from storage.agenda import AgendaItem, items_of
from storage.links import Thing
from storage.meetings import OVER, CouncilMeeting, last_held
from storage.tx import Tx

E = TypeVar("E", Asked, Pressed, Submitted)
TABLE = "council_meeting"
AGREED = (AgendaItem.State.NOTED, AgendaItem.State.DECIDED)


def commands(found: Sequence[Command]) -> tuple[Command, ...]:
    """Verbs of a meeting, after which the minutes of the one before are approved where it has ended."""
    return tuple(replace(each, handler=_then_approved(each.handler)) for each in found)


def handlers(found: Mapping[str, Handler[E]]) -> dict[str, Handler[E]]:
    """The same for buttons and forms."""
    return {verb: _then_approved(handler) for verb, handler in found.items()}


def steps(found: Mapping[str, Step]) -> dict[str, Step]:
    """The same for steps of the clock, which end a meeting that nobody ended."""
    return {kind: replace(each, handler=_on_time(each.handler)) for kind, each in found.items()}


def _then_approved(handler: Handler[E]) -> Handler[E]:
    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        await tx.flush()
        if TABLE not in tx.written:
            return replies
        deeds = await audit.of_event(tx, event.by.event_id)
        ended = [each.thing_id for each in deeds if each.thing is Thing.MEETING and each.verb == "end"]
        for number in ended:
            replies = await _approves(tx, number, now) + replies
        return replies

    return handle


def _on_time(handler: Handler[Due]) -> Handler[Due]:
    async def handle(event: Due, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        await tx.flush()
        if TABLE not in tx.written:
            return replies
        return await _approves(tx, event.subject_id, now) + replies

    return handle


async def _approves(tx: Tx, number: int, now: datetime) -> Replies:
    """What the end of a meeting means for the minutes of the one before."""
    found = await council.around(tx, number)
    if found is None or found.meeting.state not in OVER:
        return NOTHING
    agreed = [each for each in await items_of(tx, number, AGREED) if each.kind is AgendaItem.Kind.MINUTES]
    before = await last_held(tx, found.meeting)
    if not agreed or before is None or before.state is CouncilMeeting.State.CLOSED:
        return NOTHING
    return await approved(tx, council.Around(before, found.council), number, now)
