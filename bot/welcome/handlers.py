"""Somebody comes into a team for the first time, and hears from the bot on three days. Source: domain.md P-45."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.chat.events import Asked, By, Due
from bot.chat.localtime import instant, today_in
from bot.chat.replies import NOTHING, Plan, Refresh, Replies, Show
from bot.chat.routing import Handler
from bot.people import there
from bot.people.rules import first_name
from bot.training import handlers as training
from bot.welcome import rules, standing, views
from bot.welcome.projections import JOINER, LEAD
from storage.first_days import FirstDays, Tried, first_days_of, has_tried, joined_in
from storage.messages import Lane
from storage.people import Person, zone_of
from storage.teams import teams_of
from storage.training import introduction
from storage.tx import Tx

STEPS: Mapping[int, str] = {rules.FIRST: "welcome.first", rules.THIRD: "welcome.third", rules.TENTH: "welcome.tenth"}


async def joined(tx: Tx, by: By, now: datetime) -> Replies:
    """Who came into a team for the first time by an event has first days; who was in one before has not."""
    await tx.flush()
    plan: list[Plan] = []
    for each in await joined_in(tx, by.event_id):
        person = await tx.need(Person, each.person_id)
        if not person.active:
            continue
        today = today_in(zone_of(person), now)
        tx.add(FirstDays(person_id=person.id, team_id=each.team_id, joined_on=today))
        plan += [_step(person, stage, on, now) for stage, on in (await _days(tx, person, today)).items()]
    await tx.flush()
    return Replies(plan=tuple(plan))


async def _days(tx: Tx, person: Person, joined_on: date) -> Mapping[int, date]:
    days = (await there.days_of(tx, [person], joined_on))[person.id]
    return rules.days(joined_on, days.off(joined_on) is None, days.next_one)


def _step(person: Person, stage: int, on: date, now: datetime) -> Plan:
    at = max(now, instant(on, rules.AT, zone_of(person)))
    return Plan(f"welcome:{person.id}:{stage}:{at.isoformat()}", STEPS[stage], person.id, at)


async def greet(event: Due, tx: Tx, now: datetime) -> Replies:
    """One of the three days: to them, and on the last also to who leads their team.

    Who is away or off hears of it when they are there again; who has left, or is in no team any more, not at all.
    What was late by so much that the next day has come is left out, so that nobody gets two at once.
    """
    stage = next(each for each, kind in STEPS.items() if kind == event.kind)
    person, days = await tx.get(Person, event.subject_id), await first_days_of(tx, event.subject_id)
    if person is None or days is None or not person.active:
        return Replies(skipped=True)
    today = today_in(zone_of(person), now)
    every = await _days(tx, person, days.joined_on)
    if not await teams_of(tx, person, today) or any(on <= today for other, on in every.items() if other > stage):
        return Replies(skipped=True)
    again = await _later(tx, person, stage, max(every[stage], today), now=now)
    if again is not None:
        return Replies(plan=(again,), skipped=True)
    ids = {"person": person.id, "day": stage}
    shows = [Show(f"welcome:{person.id}:{stage}", person, JOINER, ids, Lane.Traffic.PROMPT)]
    lead = await standing.leads(tx, person, days, now) if stage == rules.TENTH else None
    if lead is not None:
        shows.append(Show(f"welcome:{person.id}:lead", lead, LEAD, {"person": person.id}, Lane.Traffic.PROMPT))
    return Replies(show=tuple(shows), outcome=views.said(first_name(person), stage))


async def _later(tx: Tx, person: Person, stage: int, on: date, *, now: datetime) -> Plan | None:
    """The step anew, where its day is to come, or they are not there, or it is not yet AT where they are by now."""
    days = (await there.days_of(tx, [person], on))[person.id]
    on = on if days.off(on) is None else days.next_one(on)
    return _step(person, stage, on, now) if instant(on, rules.AT, zone_of(person)) > now else None


def noticed(what: Tried.What, handler: Handler[Asked]) -> Handler[Asked]:
    """A handler after which it is known that somebody new has tried it."""

    async def handle(event: Asked, tx: Tx, now: datetime) -> Replies:
        return await handler(event, tx, now) + await keep(tx, event.by.person, what, now)

    return handle


async def keep(tx: Tx, person: Person, what: Tried.What, now: datetime) -> Replies:
    """Keeps what somebody in their first days has tried; what was said to them about it is made anew."""
    if await first_days_of(tx, person.id) is None or not await has_tried(tx, person.id, what, now):
        return NOTHING
    module = await introduction(tx, now)
    return Replies(refresh=(*stale(person), *training.stale(module, person)))


def stale(person: Person) -> tuple[Refresh, ...]:
    """Every message about somebody's first days."""
    days = (Refresh(JOINER, {"person": person.id, "day": stage}) for stage in rules.STAGES)
    return (*days, Refresh(LEAD, {"person": person.id}))
