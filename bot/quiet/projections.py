"""The digest as it stands now, made of the messages that were set aside for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Manners, Projection, Reader
from bot.quiet import digest_views as views
from bot.quiet.digest_views import Held
from storage.messages import Message, ids_of
from storage.people import Person, zone_of
from storage.quiet import set_aside_on
from storage.tx import Tx

State = Message.State
GONE = frozenset({State.CANCELLED, State.DEAD})


async def held_on(
    tx: Tx, day_id: int, person: Person, now: datetime, *, views_of: Mapping[str, Projection], manners: Manners
) -> Sequence[Held]:
    """What was set aside on a day and is still to be seen, oldest first, each with what it would say now."""
    found = []
    for message in await set_aside_on(tx, day_id):
        is_over = message.not_after is not None and message.not_after < now
        if message.state in GONE or (message.state is State.HELD and is_over):
            continue
        stands = message.platform_ref is not None
        reader = Reader(zone_of(person), person, stands=stands)
        card = await views_of[message.view](tx, ids_of(message), reader, now)
        if card is not None:
            is_open = message.state is not State.HELD
            found.append(Held(message, views.title_of(card), is_open, message.view in manners.reminders))
    return found


async def digest(
    tx: Tx,
    ids: Mapping[str, int],
    reader: Reader,
    now: datetime,
    *,
    views_of: Mapping[str, Projection],
    manners: Manners,
) -> Card | None:
    """A day's digest; None while there is nothing in it."""
    if reader.person is None:
        return None
    held = await held_on(tx, ids["day"], reader.person, now, views_of=views_of, manners=manners)
    if any(not each.is_open for each in held):
        return views.digest(held, day=ids["day"])
    return views.all_opened(held) if held and reader.stands else None
