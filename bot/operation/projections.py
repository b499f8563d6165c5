"""The report of what the bot could not do, from rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.operation import views
from storage.messages import Message
from storage.outbox import letters_of
from storage.troubles import (
    messages_in_trouble,
    number_in_trouble,
    number_told,
    rhythms_in_trouble,
    steps_in_trouble,
)
from storage.tx import Tx


async def trouble(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What was told in an hour, in its newest state."""
    hour = ids["hour"]
    told = await number_told(tx, hour)
    if not told:
        return None
    report = views.Report(
        hour=hour,
        told=told,
        lost=await number_in_trouble(tx, hour, Message.State.DEAD),
        doubted=await number_in_trouble(tx, hour, Message.State.PARKED),
        messages=await _messages(tx, hour),
        steps=[views.Stopped(step.id, step.kind, step.due_at) for step in await steps_in_trouble(tx, hour)],
        rhythms=[views.Stopped(cadence.id, cadence.kind) for cadence in await rhythms_in_trouble(tx, hour)],
    )
    return views.trouble(report, reader.zone)


async def _messages(tx: Tx, hour: int) -> Sequence[views.Undelivered]:
    """The first of them: a card names views.NAMED_MAX, and the outbox has them all."""
    found = await messages_in_trouble(tx, hour, limit=views.NAMED_MAX)
    return [
        views.Undelivered(
            number=message.id,
            view=message.view,
            to=to,
            due_at=message.due_at,
            why=message.error,
            may_stand=message.state is Message.State.PARKED,
        )
        for message, _lane, _platform, to in await letters_of(tx, [message.id for message in found])
    ]
