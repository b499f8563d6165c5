"""Administrators hear what the bot could not do, once, and say what is to become of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Due, Pressed
from bot.chat.replies import NOTHING, Answer, Plan, Refresh, Replies, Show
from bot.operation import views
from storage.cadences import REPORT
from storage.messages import Lane
from storage.outbox import cancel, requeue
from storage.people import Account, Person, Role, admins, preferred_account_id, roles_of
from storage.troubles import REPORT_VIEW, hour_of, note_troubles, number_untold, reports_of, take_in_trouble
from storage.tx import Tx

log = structlog.get_logger()


async def report(_event: Due, tx: Tx, now: datetime) -> Replies:
    """What went wrong since the last report is told: one message an hour and administrator, remade as more comes."""
    told = await _who_hears(tx)
    if not told:
        return await _told_later(tx, now)
    hour = hour_of(now)
    new = await note_troubles(tx, hour)
    if not new:
        return NOTHING
    log.warning("trouble", organisation=tx.organisation_id, things=new, told=len(told))
    return Replies(
        show=tuple(
            Show(f"trouble:{hour}:{admin.id}", admin, REPORT_VIEW, {"hour": hour}, traffic=Lane.Traffic.REPLY)
            for admin in told
        )
    )


async def _who_hears(tx: Tx) -> Sequence[Person]:
    """The administrators whom a message would reach."""
    found = await admins(tx)
    return [
        each for each in found if await tx.first(select(Account.id).where(Account.id == preferred_account_id(each.id)))
    ]


async def _told_later(tx: Tx, now: datetime) -> Replies:
    """While nobody can be told, nothing counts as told: it is tried again every hour."""
    things = await number_untold(tx)
    if not things:
        return NOTHING
    log.warning("trouble", organisation=tx.organisation_id, things=things, told=0)
    later = now + timedelta(hours=1)
    key = f"report:{tx.organisation_id}:hour:{hour_of(later)}"
    return Replies(plan=(Plan(key, REPORT, tx.organisation_id, later),))


async def send_again(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Send them again**: those whose time is not over."""
    numbers = await _in_trouble(event, tx)
    again = await requeue(tx, numbers, now)
    late = await cancel(tx, sorted(set(numbers).difference(again)))
    log.info("requeued", by=event.by.person.id, messages=len(again), late=len(late))
    return await _settled(event, tx, numbers, views.sent_again(len(again), len(late)))


async def leave(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Leave them**: they are given up."""
    numbers = await _in_trouble(event, tx)
    left = await cancel(tx, numbers)
    log.info("left_unsent", by=event.by.person.id, messages=len(left))
    return await _settled(event, tx, numbers, views.left_unsent(len(left)))


async def _in_trouble(event: Pressed, tx: Tx) -> Sequence[int]:
    """Raises: Declined for everybody but administrators."""
    if Role.Kind.ADMIN not in await roles_of(tx, event.by.person):
        raise Declined(views.only_admins(), code="E-03")
    return await take_in_trouble(tx, event.number("hour"))


async def _settled(event: Pressed, tx: Tx, numbers: Sequence[int], card: Card) -> Replies:
    hours = {event.number("hour"), *await reports_of(tx, numbers)}
    return Replies(answer=Answer(card), refresh=tuple(Refresh(REPORT_VIEW, {"hour": hour}) for hour in sorted(hours)))
