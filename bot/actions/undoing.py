"""**Undo** of what was done to an action: a reminder that was left out because of it comes after all."""

from datetime import datetime

from bot.actions import rules, standing, telling
from bot.chat.localtime import instant
from bot.chat.replies import Plan, Replies
from storage import audit
from storage.actions import Action
from storage.events import EventSeen
from storage.links import Thing
from storage.people import Person, zone_of
from storage.tx import Tx


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """Each action of that event as it is again: its reminders to come, and those that fell between deed and Undo."""
    done = await tx.get(EventSeen, event_id)
    deeds = [each for each in await audit.of_event(tx, event_id) if each.thing is Thing.ACTION]
    replies = Replies()
    for number in sorted({each.thing_id for each in deeds}):
        action = await tx.get(Action, number)
        if action is not None and done is not None:
            replies += Replies(plan=await _reminders(tx, action, since=done, now=now))
    return replies


async def _reminders(tx: Tx, action: Action, *, since: EventSeen, now: datetime) -> tuple[Plan, ...]:
    around = await standing.around(tx, action)
    to_come = await telling.reminders(tx, around, now)
    owner = around.owner or around.requester
    if action.due_on is None or not rules.needs_owner(action) or not owner.active:
        return to_come
    return (*to_come, *await _left_out(tx, action, owner, since=since, now=now))


async def _left_out(tx: Tx, action: Action, owner: Person, *, since: EventSeen, now: datetime) -> tuple[Plan, ...]:
    """Their steps found nothing to remind of, and each has happened; so these have keys of their own."""
    works = await standing.works_of(tx, owner)
    every = (instant(each.on, each.at, zone_of(owner)) for each in rules.reminders(action.due_on or now.date(), works))
    missed = (at for at in every if since.at < at <= now)
    return tuple(
        Plan(f"remind:{owner.id}:{at.isoformat()}:undo:{since.id}", telling.REMIND, owner.id, at) for at in missed
    )
