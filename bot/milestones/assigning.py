"""Another owner: where one left, or never was, somebody else can reach it."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.milestones import doing, reply_views, telling
from bot.milestones.moving import day_off
from bot.people.rules import first_name
from bot.work import handlers as work
from storage.people import Person
from storage.tx import Tx


async def assign(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones assign M-32 @Ann`: a date that is proposed for it is Ann's to decide about."""
    milestone = await doing.coded(tx, event)
    going = await doing.step(tx, event.by, milestone, "assign", now=now)
    name = next(iter(event.command.people), "")
    if not name:
        raise Declined(reply_views.whose(milestone))
    owner = await work.one_person(tx, event.by, name)
    if owner.id == milestone.owner_id:
        raise Declined(reply_views.owner_already(milestone, first_name(owner)))
    was = await tx.get(Person, milestone.owner_id) if milestone.owner_id else None
    milestone.owner_id = owner.id
    before = first_name(was) if was else ""
    going.note("owner_id", before, first_name(owner), reason=doing.reason_in(event))
    replies = await telling.followed(tx, milestone, event.by.person)
    replies += Replies(show=await telling.handed_over(tx, milestone, was, event.by.person))
    if milestone.proposed_on is not None and owner.id != event.by.person.id:
        show = telling.pushed(milestone, milestone.proposed_on, owner, event.by.event_id)
        replies += Replies(show=(show,), refresh=(telling.refresh_push(milestone, milestone.proposed_on),))
    notes = await day_off(tx, owner.id, milestone.forecast_on)
    return replies + Replies(answer=Answer(reply_views.assigned(milestone, first_name(owner), notes=notes)))
