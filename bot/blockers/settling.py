"""A blocker is passed on, solved, or opened again."""

from collections.abc import Sequence
from datetime import datetime

from bot.blockers import form_views, owners, reply_views, rules, standing, telling, views
from bot.blockers.handlers import Step, coded, pressed, step
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.work import handlers as work
from bot.work.views import REASON_MAX
from storage import audit
from storage.blockers import Blocker, BlockerAsk, keep_helper
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx

# --- passed on


async def hand_up(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Pass to department**, **Pass to the top**: a tier up, before its age takes it there."""
    blocker = await pressed(tx, event)
    going = await step(tx, event.by, blocker, "pass", now=now)
    if blocker.tier >= rules.SPONSOR:
        raise Declined(views.top_already(blocker), code="E-05")
    days = await standing.days_of(tx, await tx.need(Team, blocker.team_id), now)
    whom: Sequence[Person] = ()
    tier = blocker.tier
    while not whom and tier < rules.SPONSOR:  # whoever passes it on is not the one to be asked
        tier += 1
        whom = [each for each in await owners.asked(tx, blocker, tier, days.today) if each.id != event.by.person.id]
    if not whom:
        raise Declined(views.top_already(blocker), code="E-05")
    blocker.tier = blocker.told_tier = tier
    blocker.told_on = days.today
    at = now.replace(microsecond=0)
    tx.add(*(BlockerAsk(blocker_id=blocker.id, person_id=each.id, tier=tier, asked_at=at) for each in whom))
    going.to_target()
    around = await going.around()
    show = await telling.news(tx, blocker, [each.id for each in whom], by=event.by.person)
    if tier == rules.DEPARTMENT and blocker.cross_department and blocker.department_id is not None:
        show += await telling.in_rooms_of(tx, blocker, blocker.department_id)
    refresh = await telling.stale(tx, blocker)
    return Replies(answer=Answer(reply_views.passed(around)), show=show, refresh=refresh, undoable=True)


# --- solved


async def resolve(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle resolve B-7 [note]`, `resolved B-7 found the notes`."""
    blocker = await coded(tx, event, verb="resolve", more="found the notes")
    note = work.at_most(REASON_MAX, event.command.title, "That note")
    return await _solved(tx, event.by, blocker, now=now, note=note, room=event.by.place)


async def solve(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Solved**, **B-7 is solved**."""
    return await _solved(tx, event.by, await pressed(tx, event), now=now)


async def mistake(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**A mistake**: there never was anything in the way, so nobody has to hear of it but who took it on."""
    blocker = await pressed(tx, event)
    return await _solved(tx, event.by, blocker, now=now, note=views.BY_MISTAKE, is_news=False)


async def _solved(
    tx: Tx, by: By, blocker: Blocker, *, now: datetime, note: str = "", room: Place | None = None, is_news: bool = True
) -> Replies:
    if not rules.is_open(blocker):
        raise Declined(views.already(blocker, "solved"), code="E-05")
    going = await step(tx, by, blocker, "resolve", now=now)
    blocker.resolved_at, blocker.resolution = now, note
    going.to_target(reason=note)
    # The owners of what it held up hear that it can go on, which says the same.
    whom = {blocker.raised_by, blocker.taken_by} | await telling.who_meet(tx, blocker)
    whom -= await telling.held_up_by(tx, blocker)
    told = await telling.news(tx, blocker, list(whom), by=by.person)
    here = await _is_its_room(tx, blocker, room)
    if is_news:
        told += await telling.in_room(tx, blocker, but=room if here else None)
    answer = Answer(reply_views.solved(blocker), private=not here)
    return Replies(answer=answer, show=told, refresh=await telling.stale(tx, blocker), undoable=True)


async def _is_its_room(tx: Tx, blocker: Blocker, room: Place | None) -> bool:
    """Whether a line was typed in the room of the blocker's team, so that everybody there reads the answer."""
    return room is not None and room.id == (await tx.need(Team, blocker.team_id)).place_id


# --- opened again


async def reopen(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle reopen B-7 the seals were the wrong size`."""
    blocker = await coded(tx, event, verb="reopen", more="the seals were the wrong size")
    return await _opened(tx, event.by, blocker, event.command.title.strip(), now=now)


async def ask_why(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Reopen**: the form."""
    blocker = await pressed(tx, event)
    await _may_open(tx, await step(tx, event.by, blocker, "reopen", now=now))
    return Replies(answer=Answer(form_views.again(blocker, {})))


async def take_why(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of what is still in the way."""
    blocker = await pressed(tx, event)
    reason = event.values.get(form_views.WHY, "").strip()
    if not reason:
        errors = {form_views.WHY: form_views.please_write()}
        return Replies(answer=Answer(form_views.again(blocker, {}).refused(event.values, errors)))
    return await _opened(tx, event.by, blocker, reason, now=now)


async def _may_open(tx: Tx, going: Step) -> None:
    """Raises: Declined (E-05) for one that was solved long ago."""
    blocker = going.blocker
    days = await standing.days_of(tx, await tx.need(Team, blocker.team_id), going.now)
    resolved_on = today_in(days.zone, blocker.resolved_at or going.now)
    if not rules.may_reopen(resolved_on, days.today, days):
        raise Declined(views.long_since(await going.around()), code="E-05")


async def _opened(tx: Tx, by: By, blocker: Blocker, reason: str, *, now: datetime) -> Replies:
    """In nobody's hands again. Its age counts from the day it was raised; it goes up from the team, a tier a day."""
    going = await step(tx, by, blocker, "reopen", now=now)
    await _may_open(tx, going)
    if not reason:
        raise Declined(reply_views.needs_reason(blocker.code))
    going.to_target(reason=work.at_most(REASON_MAX, reason, "That reason"))
    before = blocker.taken_by
    if before is not None:
        await keep_helper(tx, blocker, before)
    blocker.taken_by = blocker.resolved_at = None
    blocker.resolution = ""
    blocker.tier, blocker.told_tier, blocker.told_on = rules.TEAM, 0, None
    around = await going.around()
    await telling.watched(tx, blocker)
    told = await telling.news(tx, blocker, [blocker.raised_by, before], by=by.person)
    here = await _is_its_room(tx, blocker, by.place)
    told += await telling.in_room(tx, blocker, but=by.place if here else None)
    card: Card = reply_views.reopened(around)
    answer = Answer(card, private=not here)
    return Replies(answer=answer, show=told, refresh=await telling.stale(tx, blocker), undoable=True)


async def after_undo(tx: Tx, deeds: Sequence[audit.AuditEvent], now: datetime) -> Replies:
    """What was taken back may be in the way again, so that it is looked at; and what shows it is made anew."""
    replies = Replies()
    for number in sorted({each.thing_id for each in deeds}):
        blocker = await tx.get(Blocker, number)
        if blocker is None:
            continue
        replies += Replies(refresh=await telling.stale(tx, blocker))
        if rules.is_open(blocker):
            team = await tx.need(Team, blocker.team_id)
            replies += Replies(plan=(await telling.watch_of(tx, team, now),))
    return replies
