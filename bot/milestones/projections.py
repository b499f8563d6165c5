"""Messages about milestones as projections."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.chat.cards import Card
from bot.chat.localtime import today_in
from bot.chat.routing import Reader
from bot.milestones import message_views, pages, standing, views
from bot.people.rules import first_name
from storage.audit import AuditEvent
from storage.initiatives import Milestone, MilestoneAsk
from storage.people import Person
from storage.tx import Tx


async def ask(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """How does it stand?"""
    question = await tx.get(MilestoneAsk, ids["ask"])
    milestone = None if question is None else await tx.get(Milestone, question.milestone_id)
    asker = None if question is None else await tx.get(Person, question.asked_by)
    if question is None or milestone is None or asker is None:
        return None
    today = today_in(reader.zone, now)
    owner = await tx.get(Person, milestone.owner_id) if milestone.owner_id else None
    left = first_name(owner) if owner and not owner.active and owner.id != question.owner_id else ""
    return message_views.asked(await standing.one(tx, milestone, today), question, first_name(asker), today, left=left)


async def answer(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The owner's answer; after an undo there is none."""
    question = await tx.get(MilestoneAsk, ids["ask"])
    milestone = None if question is None else await tx.get(Milestone, question.milestone_id)
    if question is None or milestone is None or question.answer is None:
        return None
    who = await tx.get(Person, question.owner_id)
    seen = await standing.one(tx, milestone, today_in(reader.zone, now))
    return message_views.answered(seen, question, reader.zone, who=first_name(who) if who and who.active else "")


async def claim(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """Is it reached?"""
    milestone = await tx.get(Milestone, ids["milestone"])
    return (
        None
        if milestone is None
        else message_views.claim(await standing.one(tx, milestone, today_in(reader.zone, now)))
    )


async def push(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """Another date is proposed; what was settled before anybody saw it need not come."""
    milestone = await tx.get(Milestone, ids["milestone"])
    if milestone is None:
        return None
    on = date.fromordinal(ids["on"])
    if milestone.proposed_on != on and not reader.stands:
        return None
    because = await tx.get(Milestone, milestone.proposed_because_of) if milestone.proposed_because_of else None
    return message_views.push(await standing.one(tx, milestone, today_in(reader.zone, now)), on, because)


async def news(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """What somebody else did."""
    milestone, entry = await tx.get(Milestone, ids["milestone"]), await tx.get(AuditEvent, ids["entry"])
    if milestone is None or entry is None:
        return None
    by = await tx.get(Person, entry.by) if entry.by else None
    today = today_in(reader.zone, now)
    name = first_name(by) if by else "The bot"
    seen = await standing.one(tx, milestone, today)
    is_theirs = entry.verb == "assign" and reader.person is not None and reader.person.id == milestone.owner_id
    after = (
        message_views.YOU if is_theirs and reader.person and entry.after == first_name(reader.person) else entry.after
    )
    return message_views.news(seen, name, entry.verb, after=after, reason=entry.reason, today=today)


async def shared(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A list that somebody shows to a room, without its buttons."""
    today = today_in(reader.zone, now)
    page = await pages.page(tx, pages.wanted_in(ids), today, offset=ids.get("offset", 0))
    return views.listed(page, today, ids=None)
