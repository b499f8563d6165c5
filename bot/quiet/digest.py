"""Opening what was set aside: the whole message comes as an answer, and the digest says so."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Pressed
from bot.chat.replies import Answer, Refresh, Replies
from bot.chat.routing import Manners, Projection, Reader
from bot.guide import views as words
from bot.quiet import digest_views as views
from bot.quiet import projections
from storage.messages import Lane, Message, ids_of, lane_of
from storage.people import zone_of
from storage.quiet import DIGEST_VIEW, DirectDay, opened
from storage.tx import Tx


async def open_one(event: Pressed, tx: Tx, now: datetime, *, views_of: Mapping[str, Projection]) -> Replies:
    """**Open**: it is not waited for any more; what waits behind it in the digest stays there."""
    message = await tx.get(Message, event.number("message"))
    if message is None or message.person_id != event.by.person.id or message.day_id is None:
        raise Declined(words.old_button())
    if message.state is Message.State.CANCELLED:
        raise Declined(views.is_settled())
    if message.state is not Message.State.HELD:
        raise Declined(views.stands_already())
    if message.not_after is not None and message.not_after < now:
        raise Declined(views.is_over())
    person = event.by.person
    card = await views_of[message.view](tx, ids_of(message), Reader(zone_of(person), person, stands=False), now)
    refresh = (Refresh(DIGEST_VIEW, {"day": message.day_id}),)
    if card is None:
        message.state, message.error = Message.State.CANCELLED, "not wanted any more"
        return Replies(answer=Answer(says(views.is_settled())), refresh=refresh)
    before = await tx.need(Lane, message.lane_id)
    answers = await lane_of(tx, before.install_id, Lane.Traffic.REPLY)
    if not await opened(tx, message.id, answers, now):
        raise Declined(views.stands_already())
    return Replies(answer=Answer(views.comes()), refresh=refresh)


async def more(
    event: Pressed, tx: Tx, now: datetime, *, views_of: Mapping[str, Projection], manners: Manners
) -> Replies:
    """**More**: the lines behind those that have their buttons."""
    day = await tx.get(DirectDay, event.number("day"))
    person = event.by.person
    if day is None or day.person_id != person.id:
        raise Declined(words.old_button())
    held = await projections.held_on(tx, day.id, person, now, views_of=views_of, manners=manners)
    if all(each.is_open for each in held):
        raise Declined(views.settled_words())
    first = event.number("first")
    waiting = sum(not each.is_open for each in held)
    return Replies(answer=Answer(views.digest(held, day=day.id, first=first if first < waiting else 0), stays=True))
