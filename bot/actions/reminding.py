"""The steps of the clock that remind owners, and tell leads what is overdue for long. Source: domain.md P-07."""

from datetime import date, datetime, time, timedelta

from bot.actions import projections, reminder_views, rules, standing, telling
from bot.chat.events import Due
from bot.chat.localtime import instant
from bot.chat.replies import Plan, Replies, Show
from bot.people import there
from bot.people.rules import Why, first_name
from bot.teams.leading import who_leads_now
from storage import audit
from storage.actions import Action, waiting_of
from storage.cadences import Occurrence
from storage.inserting import add_once
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person, zone_of
from storage.teams import belonged_to
from storage.tx import Tx

LEADS_AT = time(9, 5)
GRACE = timedelta(hours=12)
FOLLOWED_MOST = 200  # actions of one person
LEADS_WITHIN = timedelta(days=4)  # over a weekend: what a lead is told in the evening waits for their next morning
STILL_WELCOME = timedelta(hours=13)  # what is wanted at the end of the grace has an hour to arrive


async def remind(event: Due, tx: Tx, now: datetime) -> Replies:
    """One message for all that is due of one person, unless they are away or nothing is left to do.

    Their leads hear of what waits for long in any case.
    """
    person = await tx.get(Person, event.subject_id)
    if person is None or not person.active:
        return Replies(skipped=True)
    on, at = _slot(event, person)
    found = [each for each in await projections.reminded(tx, person, on, at) if rules.needs_owner(each.action)]
    is_long = any(each.after == rules.TO_LEAD and each.action.owner_id == person.id for each in found)
    plan = await _to_leads(tx, person, on, now) if is_long else ()
    off = await there.off(tx, person, on)
    is_away = off is not None and off.why is Why.AWAY  # on a day off it waits like any other message
    if event.missed or is_away or not found:
        return Replies(skipped=True, plan=plan)
    show = Show(
        f"action:remind:{person.id}:{on}:{at:%H}",
        person,
        telling.REMINDER,
        telling.reminder_ids(person, on, at),
        Lane.Traffic.PROMPT,
        not_after=event.due_at + STILL_WELCOME,
    )
    return Replies(show=(show,), plan=plan, outcome=reminder_views.said(len(found), first_name(person)))


def _slot(event: Due, person: Person) -> tuple[date, time]:
    """The day and time that a step stands for where the person is; who has moved since was planned for anew."""
    local = event.due_at.astimezone(zone_of(person))
    return local.date(), local.time()


async def _to_leads(tx: Tx, owner: Person, on: date, now: datetime) -> tuple[Plan, ...]:
    asked = [await who_leads_now(tx, team, on) for team in await belonged_to(tx, owner.id, on)]
    leads = {each.id: each for each in asked if each is not None and each.id != owner.id}
    return tuple(
        Plan(f"escalate:{each.id}:{on}", telling.ESCALATE, each.id, max(now, instant(on, LEADS_AT, zone_of(each))))
        for each in leads.values()
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
    late = event.due_at + LEADS_WITHIN
    show = Show(f"action:overdue:{lead.id}:{on}", lead, telling.OVERDUE, ids, Lane.Traffic.PROMPT, not_after=late)
    return Replies(show=(show,), outcome=reminder_views.said(len(found), first_name(lead)))


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody's zone is another one, or they left: what that means for their actions is done at once."""
    key = f"action.moved:{person.id}:{now.isoformat()}"
    await add_once(tx, Occurrence(key=key, kind=telling.MOVED, subject_id=person.id, due_at=now))


async def follow(event: Due, tx: Tx, now: datetime) -> Replies:
    """Who has moved is reminded by their new clock; what somebody had who left is proposed to who has to know."""
    person = await tx.get(Person, event.subject_id)
    if person is None:
        return Replies(skipped=True)
    replies = Replies()
    for action in await waiting_of(tx, person.id, date.max, most=FOLLOWED_MOST):
        if person.active:
            replies += Replies(plan=await telling.reminders(tx, await standing.around(tx, action), now))
        elif action.owner_id == person.id:
            replies += await _inherited(tx, action, person, now)
    return replies


async def _inherited(tx: Tx, action: Action, person: Person, now: datetime) -> Replies:
    heir = await standing.asker(tx, action, but=person)
    before = action.state
    action.owner_id, action.state = heir.id if heir else None, Action.State.PROPOSED
    audit.note(tx, (Thing.ACTION, action.id), "left", before=before.value, after=action.state.value)
    await tx.flush()
    around = await standing.around(tx, action)
    plan = await telling.reminders(tx, around, now)
    return Replies(show=telling.asked(action, [heir]) if heir else (), plan=plan)
