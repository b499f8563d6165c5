"""Somebody helps with a blocker, takes it over, knows who could help, or says that they can't."""

from datetime import datetime

from bot.blockers import form_views, reply_views, standing, telling, views
from bot.blockers.handlers import pressed, step
from bot.blockers.rules import State, is_open
from bot.chat.errors import Declined
from bot.chat.events import By, Pressed, Submitted
from bot.chat.replies import Answer, Replies, Show
from bot.people import handlers as people
from bot.people.rules import first_name
from storage import audit
from storage.blockers import Blocker, BlockerAsk, asks_of, helpers_of, keep_helper
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx


async def help_with(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I can help**: whoever comes first holds it, those after them help."""
    blocker = await pressed(tx, event)
    if is_open(blocker) and blocker.taken_by is not None:
        return await _join(tx, event.by, blocker, now)
    return await _take(tx, event.by, blocker, now)


async def take(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'll take it**, of those to whom it has gone up: it changes hands, unless somebody took it since."""
    blocker = await pressed(tx, event)
    if blocker.state is State.ACKNOWLEDGED and blocker.taken_by != event.by.person.id:
        return await _join(tx, event.by, blocker, now)
    return await _take(tx, event.by, blocker, now)


async def _take(tx: Tx, by: By, blocker: Blocker, now: datetime) -> Replies:
    person, before = by.person, blocker.taken_by
    if before == person.id and is_open(blocker) and blocker.state is not State.ESCALATED:
        raise Declined(reply_views.helps_already(await standing.around(tx, blocker, now)), code="E-05")
    if not is_open(blocker):
        raise Declined(views.already(blocker, "taken"), code="E-05")
    going = await step(tx, by, blocker, "take", now=now)
    blocker.taken_by = person.id
    if before is not None and before != person.id:
        await keep_helper(tx, blocker, before)
    going.to_target()
    told = await telling.news(tx, blocker, [before] if before != blocker.raised_by else [], by=person)
    raiser = await tx.need(Person, blocker.raised_by)
    card = reply_views.taken_by_raiser(blocker)
    if raiser.id != person.id:
        card = reply_views.taken(blocker, first_name(raiser))
        told += (_offered(blocker, raiser, person),)
    return Replies(answer=Answer(card), show=told, refresh=await telling.stale(tx, blocker), undoable=True)


async def _join(tx: Tx, by: By, blocker: Blocker, now: datetime) -> Replies:
    person = by.person
    if person.id in {blocker.taken_by, *(each.id for each in await helpers_of(tx, blocker))}:
        raise Declined(reply_views.helps_already(await standing.around(tx, blocker, now)), code="E-05")
    going = await step(tx, by, blocker, "help", now=now)
    await keep_helper(tx, blocker, person.id)
    going.to_target()
    around = await going.around()
    first = around.holder or around.raiser
    told = [] if around.raiser.id == person.id else [_offered(blocker, around.raiser, person)]
    told += await telling.news(tx, blocker, [first.id if first.id != around.raiser.id else None], by=person)
    card = reply_views.helps_too(around, was_first=first_name(first))
    return Replies(answer=Answer(card), show=tuple(told), refresh=await telling.stale(tx, blocker), undoable=True)


def _offered(blocker: Blocker, raiser: Person, helper: Person) -> Show:
    """To the one who raised it."""
    ids = {"blocker": blocker.id, "helper": helper.id}
    return Show(f"blocker:{blocker.id}:help:{helper.id}:{blocker.version}", raiser, telling.HELP, ids)


# --- somebody else could help


async def ask_who(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I know someone**: the form."""
    blocker = await pressed(tx, event)
    await step(tx, event.by, blocker, "ask", now=now)
    return Replies(answer=Answer(form_views.know(blocker, {})))


async def name(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """Somebody who could help is asked, with the name of who thinks so."""
    blocker = await pressed(tx, event)
    by = event.by.person
    whom = await people.chosen(tx, event.by.place, event.values.get(form_views.WHO, ""))
    if whom is None or whom.id == by.id:
        why = form_views.please_choose() if whom is None else form_views.not_yourself()
        return Replies(answer=Answer(form_views.know(blocker, {}).refused(event.values, {form_views.WHO: why})))
    going = await step(tx, event.by, blocker, "ask", now=now)
    if whom.id in {blocker.taken_by, *(each.id for each in await helpers_of(tx, blocker))}:
        around = await going.around()
        raise Declined(reply_views.helps_as_well(around, first_name(whom)))
    if any(each.person_id == whom.id and not each.tier for each in await asks_of(tx, blocker.id)):
        raise Declined(reply_views.asked_before(blocker, first_name(whom)))
    ask = BlockerAsk(blocker_id=blocker.id, person_id=whom.id, asked_by=by.id, asked_at=now)
    tx.add(ask)
    await tx.flush()
    going.to_target(reason=first_name(whom))
    ids = {"blocker": blocker.id, "ask": ask.id}
    show = Show(f"blocker:ask:{ask.id}", whom, telling.CARD, ids, Lane.Traffic.REPLY)
    return Replies(answer=Answer(reply_views.asked(blocker, first_name(whom))), show=(show,), undoable=True)


async def decline(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Not me**: whoever named them hears of it, and nobody else."""
    ask = await tx.get(BlockerAsk, event.number("ask"))
    if ask is None or ask.person_id != event.by.person.id:
        raise Declined(views.unknown(""), code="E-04")
    blocker = await tx.need(Blocker, ask.blocker_id)
    if not is_open(blocker):
        raise Declined(reply_views.settled_since(blocker), code="E-05")
    if ask.declined_at is not None:
        raise Declined(reply_views.declined_before(blocker), code="E-05")
    ask.declined_at = now
    audit.note(tx, (Thing.BLOCKER, blocker.id), "decline", field="asked")
    told = await telling.news(tx, blocker, [ask.asked_by], by=event.by.person)
    refresh = await telling.stale(tx, blocker)
    return Replies(answer=Answer(reply_views.not_me(blocker)), show=told, refresh=refresh, undoable=True)
