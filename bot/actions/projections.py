"""Messages about actions as projections: from ids to the newest card, for its reader."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import col, or_, select

from bot.actions import reminder_views, reply_views, rules, standing, views
from bot.actions.reminder_views import Reminded
from bot.actions.views import Around, Deed
from bot.chat.cards import Card
from bot.chat.localtime import today_in
from bot.chat.routing import Reader
from bot.people.rules import first_name
from bot.teams.leading import teams_led_now
from bot.work.rules import Part
from storage.actions import AGREED, Action, held_by
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.links import Link, Thing
from storage.people import Person
from storage.teams import Membership, teams_answered_for
from storage.tx import Tx

LOOKED_BACK = timedelta(days=40)  # five working days, with every holiday there is


async def card(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """An action as its reader sees it; in a room, as anybody does."""
    action = await tx.get(Action, ids["action"])
    if action is None:
        return None
    around, parts = await standing.around(tx, action), await _parts(tx, action, reader, now)
    more = await standing.elsewhere(tx, action, reader.person)
    return views.card(around, today=today_in(reader.zone, now), parts=parts, more=more)


async def help_again(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A question that nobody has taken on, asked once more."""
    return await _help(tx, ids, reader, now, heading=views.still_asks)


async def help_lead(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The same, to the asker's lead."""
    return await _help(tx, ids, reader, now, heading=views.found_nobody)


async def _help(
    tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime, *, heading: Callable[[Around], str]
) -> Card | None:
    """Nothing is sent of what somebody took on meanwhile; a message that stands shows how it is."""
    action = await tx.get(Action, ids["action"])
    if action is None:
        return None
    around = await standing.around(tx, action)
    waits = views.is_question(around)
    if not (waits or reader.stands):
        return None
    said = heading(around) if waits else ""
    return views.card(
        around, today=today_in(reader.zone, now), parts=await _parts(tx, action, reader, now), heading=said
    )


async def news(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """What was done to an action, and how it stands by now."""
    action, entry = await tx.get(Action, ids["action"]), await tx.get(AuditEvent, ids["entry"])
    if action is None or entry is None:
        return None
    around = await standing.around(tx, action)
    who = await tx.get(Person, entry.by) if entry.by else None
    heading = reply_views.news(around, Deed(entry, first_name(who) if who else ""))
    parts = await _parts(tx, action, reader, now)
    return views.card(around, today=today_in(reader.zone, now), parts=parts, heading=heading, why=entry.reason)


async def _parts(tx: Tx, action: Action, reader: Reader, now: datetime) -> frozenset[Part]:
    if reader.person is None:
        return frozenset({Part.ANYBODY})
    return await standing.parts_of(tx, action, reader.person, now)


async def reminder(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What of a person fell due at one time; nothing is sent when all of it was settled before."""
    owner = await tx.get(Person, ids["owner"])
    if owner is None:
        return None
    found = await reminded(tx, owner, date.fromordinal(ids["on"]), time(ids["hour"]))
    if not reader.stands:
        found = [each for each in found if rules.needs_owner(each.action)]
    if not (found or reader.stands):
        return None
    return reminder_views.reminder(found, name=first_name(owner))


async def reminded(tx: Tx, owner: Person, on: date, at: time) -> list[Reminded]:
    """The actions of a person of which they are reminded at that time, whatever became of them; the latest first."""
    works = await standing.works_of(tx, owner)
    rows = await tx.all(
        select(Action)
        .where(held_by(owner.id), col(Action.due_on).between(on - LOOKED_BACK, on))
        .order_by(col(Action.due_on), col(Action.priority), col(Action.id))
    )
    found = ((each, rules.reminder_on(each.due_on, on, at, works)) for each in rows if each.due_on is not None)
    return [Reminded(each, step.after) for each, step in found if step is not None]


async def freed(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What can go on since a blocker is solved; while it is open again, or all of it went on, there is no news."""
    blocker = await tx.get(Blocker, ids["blocker"])
    if blocker is None or (not reader.stands and blocker.state is not Blocker.State.RESOLVED):
        return None
    blocks = (Link.kind == Link.Kind.BLOCKS, Link.from_kind == Thing.BLOCKER, Link.from_id == blocker.id)
    held = select(Action).join(Link, col(Link.to_id) == Action.id).where(*blocks, Link.to_kind == Thing.ACTION)
    found = await tx.all(held.where(Action.owner_id == ids["owner"]).order_by(col(Action.due_on), col(Action.id)))
    return reminder_views.freed(blocker, found) if found else None


async def overdue(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What a lead is told; nothing when all of it was settled before it was sent."""
    lead = await tx.get(Person, ids["lead"])
    if lead is None:
        return None
    found = await overdue_in_teams(tx, lead, date.fromordinal(ids["on"]), stands=reader.stands)
    if not found:
        return reminder_views.settled(first_name(lead)) if reader.stands else None
    return reminder_views.overdue(found)


async def overdue_in_teams(
    tx: Tx, lead: Person, on: date, *, stands: bool = False
) -> Sequence[tuple[Action, str, int]]:
    """What waits for TO_LEAD working days or more with the people that somebody leads: owner and days beside it.

    Who stands in for a lead goes on seeing what they were told (`stands`), also when the lead is back.
    """
    teams = await teams_led_now(tx, lead, on) or (await teams_answered_for(tx, lead.id) if stands else ())
    theirs = select(Membership.person_id).where(
        col(Membership.team_id).in_([each.id for each in teams]),
        Membership.person_id != lead.id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )
    pairs = await tx.columns(
        select(Action, Person)
        .join(Person, col(Person.id) == Action.owner_id)
        .where(col(Action.owner_id).in_(theirs), col(Action.state).in_(AGREED), col(Action.due_on) < on)
        .order_by(col(Action.due_on), col(Action.id))
    )
    calendar = (await standing.works_of(tx, lead)).calendar
    late = [(action, owner, _days_late(action, on, standing.Works(owner, calendar))) for action, owner in pairs]
    return [(action, first_name(owner), days) for action, owner, days in late if days >= rules.TO_LEAD]


def _days_late(action: Action, on: date, works: standing.Works) -> int:
    if action.due_on is None:
        return 0
    days = (action.due_on + timedelta(days=n) for n in range(1, (on - action.due_on).days + 1))
    return sum(works(each) for each in days)
