"""The steps of the clock that remind owners, and tell leads what is overdue for long. Source: domain.md P-07."""

from datetime import date, datetime, time, timedelta

from bot.actions import projections, reminder_views, rules, telling
from bot.chat.events import Due
from bot.chat.localtime import instant
from bot.chat.replies import Plan, Replies, Show
from bot.people.rules import away, first_name
from storage.messages import Lane
from storage.people import Person, absences, zone_of
from storage.teams import leads_of
from storage.tx import Tx

LEADS_AT = time(9, 5)
GRACE = timedelta(hours=12)
STILL_WELCOME = timedelta(hours=13)  # what is wanted at the end of the grace has an hour to arrive


async def remind(event: Due, tx: Tx, now: datetime) -> Replies:
    """One message for all that is due of one person, unless they are away or nothing is left to do."""
    person = await tx.get(Person, event.subject_id)
    if person is None or not person.active or event.missed:
        return Replies(skipped=True)
    on, at = _slot(event, person)
    if away(await absences(tx, [person.id], on, on), person.id, on) is not None:
        return Replies(skipped=True)
    found = [each for each in await projections.reminded(tx, person, on, at) if rules.needs_owner(each.action)]
    if not found:
        return Replies(skipped=True)
    ids = telling.reminder_ids(person, on, at)
    show = Show(
        f"action:remind:{person.id}:{on}:{at:%H}",
        person,
        telling.REMINDER,
        ids,
        Lane.Traffic.PROMPT,
        not_after=event.due_at + STILL_WELCOME,
    )
    plan = await _to_leads(tx, person, on, now) if any(each.after == rules.TO_LEAD for each in found) else ()
    return Replies(show=(show,), plan=plan, outcome=reminder_views.said(len(found), first_name(person)))


def _slot(event: Due, person: Person) -> tuple[date, time]:
    """The day and time that a step stands for where the person is; who has moved gets the nearer of the two."""
    local = event.due_at.astimezone(zone_of(person))
    return local.date(), rules.MORNING if local.hour < rules.NOON_H else rules.AFTERNOON


async def _to_leads(tx: Tx, owner: Person, on: date, now: datetime) -> tuple[Plan, ...]:
    leads = [each for each in await leads_of(tx, owner.id, on) if each.id != owner.id]
    return tuple(
        Plan(f"escalate:{each.id}:{on}", telling.ESCALATE, each.id, max(now, instant(on, LEADS_AT, zone_of(each))))
        for each in leads
    )


async def escalate(event: Due, tx: Tx, _now: datetime) -> Replies:
    """One message to a lead for all that has waited TO_LEAD working days in their teams."""
    lead = await tx.get(Person, event.subject_id)
    if lead is None or not lead.active or event.missed:
        return Replies(skipped=True)
    on = event.due_at.astimezone(zone_of(lead)).date()
    found = await projections.overdue_in_teams(tx, lead, on)
    if not found:
        return Replies(skipped=True)
    ids = {"lead": lead.id, "on": on.toordinal()}
    late = event.due_at + STILL_WELCOME
    show = Show(f"action:overdue:{lead.id}:{on}", lead, telling.OVERDUE, ids, Lane.Traffic.PROMPT, not_after=late)
    return Replies(show=(show,), outcome=reminder_views.said(len(found), first_name(lead)))
