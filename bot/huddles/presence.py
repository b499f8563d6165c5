"""Who is there today: a person's place in an open run follows their absences, whichever way these have changed."""

from datetime import date, datetime

from sqlmodel import col, select

from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Replies, Show
from bot.huddles import running, scene
from bot.huddles.answering import stale
from bot.huddles.scene import Scene
from bot.people.rules import away
from storage.cadences import Occurrence
from storage.huddles import Expectation, Huddle, HuddleRun, huddles_of, run_on
from storage.messages import Lane
from storage.people import Absence, Person, absences, zone_of
from storage.teams import teams_of
from storage.tx import Change, Tx

Status = Expectation.Status
NOT_OVER = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)


async def reconsider(tx: Tx, person: Person, now: datetime) -> Replies:
    """Takes a person out of the runs in whose window they are away, and puts them back where they no longer are.

    After a person's own window an absence changes nothing any more.
    """
    replies = NOTHING
    for around, expectation in await _in_window(tx, person, now):
        on = around.run.local_date
        is_away = away(await absences(tx, [person.id], on, on), person.id, on) is not None
        if is_away and expectation.status is Status.EXPECTED:
            expectation.status = Status.ABSENT
            replies += Replies(refresh=stale(around.run, person))
        elif not is_away and expectation.status is Status.ABSENT:
            expectation.status = Status.EXPECTED
            replies += _asked_again(around, person, expectation, now)
    return replies


def _asked_again(around: Scene, person: Person, expectation: Expectation, now: datetime) -> Replies:
    """Somebody who was away at the opening has no prompt and no steps yet, and their window may be still to come."""
    run = around.run
    run.state = HuddleRun.State.OPEN
    run.closes_at = max(run.closes_at, expectation.closes_at)
    prompt = Show(
        f"{scene.prompt_key(run)}:{person.id}",
        person,
        "huddle.prompt",
        {"run": run.id},
        Lane.Traffic.PROMPT,
        due_at=max(now, expectation.opens_at),
        not_after=expectation.closes_at,
    )
    steps = running.window_steps(run, expectation.opens_at, expectation.closes_at)
    return Replies(show=(prompt,), refresh=stale(run, person), plan=tuple(steps))


async def _in_window(tx: Tx, person: Person, now: datetime) -> list[tuple[Scene, Expectation]]:
    query = (
        select(Expectation)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(
            Expectation.person_id == person.id,
            col(HuddleRun.state).in_(NOT_OVER),
            col(HuddleRun.ended_at).is_(None),
        )
    )
    found = [(await scene.scene_of(tx, each.run_id), each) for each in await tx.all(query)]
    return [(around, each) for around, each in found if around and now < await scene.window_end(tx, around, each)]


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody's zone is another one, or they left: the huddles that ask them begin when they have to."""
    teams = await teams_of(tx, person, today_in(zone_of(person), now))
    for huddle in await huddles_of(tx, [team.id for team in teams]):
        await running.follow_zones(tx, huddle, now)


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows from taking an event back: people are there or away again, and a day off is a huddle again."""
    changes = await tx.all(select(Change).where(Change.event_id == event_id))
    rows = [(each.table, {**(each.before or {}), **(each.after or {})}) for each in changes]
    replies = NOTHING
    for person_id in {row["person_id"] for table, row in rows if table == Absence.__tablename__}:
        replies += await reconsider(tx, await tx.need(Person, person_id), now)
    for huddle_id, on in {
        (row["huddle_id"], row["local_date"]) for table, row in rows if table == HuddleRun.__tablename__
    }:
        huddle = await tx.get(Huddle, huddle_id)
        if huddle is not None:
            replies += await _held_after_all(tx, huddle, date.fromisoformat(on), now)
    return replies


async def _held_after_all(tx: Tx, huddle: Huddle, on: date, now: datetime) -> Replies:
    """A run whose time has come while it was called off opens now; one that was open closes in time."""
    run = await run_on(tx, huddle, on)
    if run is not None and run.state is HuddleRun.State.OPEN:
        return Replies(plan=tuple(running.window_steps(run, run.opens_at, max(run.closes_at, now))))
    zone = scene.zone_of_huddle(huddle)
    if on != today_in(zone, now) or (run is not None and run.state is not HuddleRun.State.PLANNED):
        return NOTHING
    opened = await tx.first(
        select(Occurrence)
        .where(
            Occurrence.kind == "huddle.open",
            Occurrence.subject_id == huddle.id,
            col(Occurrence.state).in_((Occurrence.State.DONE, Occurrence.State.SKIPPED)),
            col(Occurrence.slot) >= datetime.combine(on, datetime.min.time()),
        )
        .order_by(col(Occurrence.slot))
    )
    return NOTHING if opened is None else await running.open_again(tx, opened, now)
