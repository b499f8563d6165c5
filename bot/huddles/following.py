"""Huddles follow their people: who has moved is asked by the clock where they are now, who has left is not asked.

A `local` run begins at its earliest member's time, and who that is changes: people move, come and go, and the clocks
of two zones that are near each other are put forward on different days.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.events import Due
from bot.chat.localtime import instant, today_in
from bot.chat.replies import Plan, Replies
from bot.huddles import rules, running, scene
from storage.cadences import Cadence, Occurrence, cadence_of, start_anew
from storage.huddles import Expectation, Huddle, HuddleRun
from storage.inserting import add_once
from storage.messages import call_off, put_to
from storage.people import Person
from storage.teams import is_member
from storage.tx import Tx

Status = Expectation.Status
TO_COME = (Status.EXPECTED, Status.ABSENT)


async def open_run(event: Due, tx: Tx, now: datetime) -> Replies:
    """A huddle's time has come; the next run begins at the time of who will be its earliest member."""
    replies = await running.open_run(event, tx, now)
    huddle = await tx.get(Huddle, event.subject_id)
    if huddle is not None and huddle.active:
        await _follow_zones(tx, huddle, now)
    return replies


async def follow(tx: Tx, huddle: Huddle, now: datetime) -> None:
    """People of a huddle have moved, come or gone: its open runs and its rhythm are put right."""
    await _follow_people(tx, huddle, now)
    await _follow_zones(tx, huddle, now)


async def _follow_zones(tx: Tx, huddle: Huddle, now: datetime) -> None:
    """Puts the rhythm of a `local` huddle into the zone of the next run's earliest member.

    Where that member's hour is over already, the run begins at once: the others' hour is still to come.
    """
    cadence = await cadence_of(tx, "huddle.open", huddle.id)
    if cadence is None or cadence.next_at is None or cadence.parked:
        return
    on = _next_on(huddle, cadence)
    zone = cadence.zone if on is None else (await running.earliest_zone(tx, huddle, on)).key
    if on is None or zone == cadence.zone:
        return
    cadence.zone = zone
    while on is not None and instant(on, huddle.at_time, ZoneInfo(zone)) <= now:
        await _begins_now(tx, cadence, datetime.combine(on, huddle.at_time), now)
        on = next(iter(rules.next_dates(huddle, on, 1)), None)
    if on is None:
        start_anew(cadence, now)
        return
    cadence.starts_at = datetime.combine(on, huddle.at_time)
    start_anew(cadence, instant(on, huddle.at_time, ZoneInfo(zone)))


def _next_on(huddle: Huddle, cadence: Cadence) -> date | None:
    """The date of the next run by the rhythm as it is; a new or changed one has no slot yet, only a beginning."""
    if cadence.next_slot is not None or cadence.next_at is None:
        return None if cadence.next_slot is None else cadence.next_slot.date()
    zone = ZoneInfo(cadence.zone)
    before = today_in(zone, cadence.next_at) - timedelta(days=1)
    coming = rules.next_dates(huddle, before, running.AHEAD)
    return next((on for on in coming if instant(on, huddle.at_time, zone) >= cadence.next_at), None)


async def _begins_now(tx: Tx, cadence: Cadence, slot: datetime, now: datetime) -> None:
    step = Occurrence(
        key=f"cadence:{cadence.id}:{slot.isoformat()}",  # as the clock names it, so that it happens once
        kind=cadence.kind,
        subject_id=cadence.subject_id,
        cadence_id=cadence.id,
        slot=slot,
        due_at=now,
    )
    await add_once(tx, step)


async def _follow_people(tx: Tx, huddle: Huddle, now: datetime) -> None:
    """Those who take part in an open run and whose hour is still to come."""
    query = (
        select(Expectation, Person, HuddleRun)
        .join(Person, col(Person.id) == Expectation.person_id)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(
            HuddleRun.huddle_id == huddle.id,
            HuddleRun.state == HuddleRun.State.OPEN,
            col(Expectation.status).in_(TO_COME),
            col(Expectation.opens_at) > now,
        )
        .order_by(col(Expectation.id))
    )
    for expectation, person, run in await tx.columns(query):
        key = f"{scene.prompt_key(run)}:{person.id}"
        opens_at = max(now, rules.asked_at(huddle, run.local_date, ZoneInfo(person.zone)))
        stays = person.active and await is_member(tx, huddle.team_id, person.id, run.local_date)
        if not stays or today_in(ZoneInfo(person.zone), opens_at) > run.local_date:
            expectation.status = Status.EXCUSED
            await call_off(tx, key, "not expected any more")
        elif opens_at != expectation.opens_at:
            expectation.opens_at = opens_at
            expectation.closes_at = opens_at + timedelta(minutes=huddle.window_min)
            run.closes_at = max(run.closes_at, expectation.closes_at)
            await put_to(tx, key, opens_at, expectation.closes_at)
            for step in running.window_steps(run, opens_at, expectation.closes_at):
                await _plan(tx, step)


async def _plan(tx: Tx, step: Plan) -> None:
    await add_once(tx, Occurrence(key=step.key, kind=step.kind, subject_id=step.subject_id, due_at=step.at))
