"""The steps of a run: it opens, nudges once, closes window by window, and its day ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import literal
from sqlmodel import and_, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.chat.events import Due
from bot.chat.localtime import midnight_after
from bot.chat.replies import NOTHING, Broadcast, Plan, Refresh, Replies, Show
from bot.huddles import noticing, rules, scene, step_views
from bot.huddles.expecting import expect, zones_and_calendars
from bot.huddles.scene import Scene
from bot.people.rules import holiday
from storage.cadences import Cadence, Occurrence, cadence_of, start_anew
from storage.columns import Utc
from storage.huddles import Expectation, Huddle, HuddleRun, expectations, observers_of, run_on
from storage.messages import Message, messages_keyed
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx

Status = Expectation.Status
COUNTED = (Status.EXPECTED, Status.ANSWERED)
SHOWN_IN_ROOM = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)
AHEAD = 4  # days of a huddle of which one at least is still to come, wherever its people are
FEW = 25  # people whose prompts are refreshed one by one
SHOWN_FOR = timedelta(days=1)
SKIPPED = Replies(outcome=step_views.NO_HUDDLE, skipped=True)


async def open_run(event: Due, tx: Tx, now: datetime) -> Replies:
    """The huddle's time has come: everybody expected is asked, and the room sees the header."""
    huddle = await tx.get(Huddle, event.subject_id)
    if huddle is None or not huddle.active or event.slot is None or rules.is_paused(huddle, event.slot.date()):
        return NOTHING
    run = await _run_for(tx, huddle, event.slot.date(), now)
    if run.state is HuddleRun.State.SKIPPED:
        return SKIPPED
    if run.state is not HuddleRun.State.PLANNED:
        return NOTHING
    team = await tx.need(Team, huddle.team_id)
    around = Scene(run, huddle, team, await scene.calendar_of(tx, team))
    closed = holiday(around.calendar, run.local_date)
    if closed:
        return _skip(run, closed)
    if event.missed:
        run.state = HuddleRun.State.MISSED
        return await _told_missed(tx, run, team, now)
    return await begin(tx, around, now)


async def begin(tx: Tx, around: Scene, now: datetime) -> Replies:
    """A run opens now, unless fewer people are expected than make a huddle."""
    await expect(tx, around, now)
    return await opened(tx, around)


async def opened(tx: Tx, around: Scene) -> Replies:
    """The same, once it is known who is expected."""
    run = around.run
    asked = await expectations(tx, run)
    rules.recount(run, asked)
    if run.expected < rules.LEAST_EXPECTED:
        return _skip(run, step_views.TOO_FEW)
    run.state = HuddleRun.State.OPEN
    run.closes_at = max(each.closes_at for each in asked if each.status in COUNTED)
    return await _told_everybody(tx, around, asked)


async def in_new_room(tx: Tx, huddles: Sequence[Huddle], now: datetime) -> Replies:
    """A team has another room: what of its last day found no place in the old one stands there."""
    shows: list[Show] = []
    for huddle in huddles:
        last = select(HuddleRun).where(HuddleRun.huddle_id == huddle.id, col(HuddleRun.state).in_(SHOWN_IN_ROOM))
        run = await tx.first(last.order_by(col(HuddleRun.local_date).desc()))
        if run is None or now >= run.closes_at + SHOWN_FOR:
            continue
        team = await tx.need(Team, huddle.team_id)
        place = await tx.need(Place, team.place_id or 0)
        ids, top = {"run": run.id}, scene.channel_key(run)
        shows.append(Show(top, place, "huddle.channel", ids))
        shows.append(Show(scene.details_key(run), place, "huddle.details", ids, thread=top))
    return Replies(show=tuple(shows))


async def open_again(tx: Tx, occurrence: Occurrence, now: datetime) -> Replies:
    """Opens the run of a slot whose step has passed, because what kept it from opening was taken back."""
    due = Due(occurrence.kind, occurrence.subject_id, occurrence.due_at, now - occurrence.due_at, occurrence.slot)
    return await open_run(due, tx, now)


async def _run_for(tx: Tx, huddle: Huddle, on: date, now: datetime) -> HuddleRun:
    """The run of a day; one that early answers have made is taken over."""
    run = await run_on(tx, huddle, on)
    if run is None:
        run = HuddleRun(huddle_id=huddle.id, local_date=on, opens_at=now, closes_at=now)
        tx.add(run)
    if run.state is HuddleRun.State.PLANNED:
        prepare(run, huddle, now)
    await tx.flush()
    return run


def prepare(run: HuddleRun, huddle: Huddle, now: datetime) -> None:
    """A run that is about to open asks what its huddle asks now; what is changed later waits for the next one."""
    run.opens_at = now
    run.closes_at = now + timedelta(minutes=huddle.window_min)
    run.questions = list(huddle.questions)
    run.asks_in = huddle.asks_in
    run.target_percent = huddle.target_percent


def _skip(run: HuddleRun, reason: str) -> Replies:
    run.state = HuddleRun.State.SKIPPED
    run.reason = reason
    return SKIPPED


async def _told_missed(tx: Tx, run: HuddleRun, team: Team, now: datetime) -> Replies:
    """One line in the room, however many days were missed."""
    place = None if team.place_id is None else await tx.need(Place, team.place_id)
    today = now.astimezone(ZoneInfo(team.zone)).date()
    told = (
        ()
        if place is None
        else (Show(f"huddle:{run.huddle_id}:missed:{today}", place, "huddle.channel", {"run": run.id}),)
    )
    return Replies(show=told, outcome=step_views.MISSED)


async def _told_everybody(tx: Tx, around: Scene, asked: Sequence[Expectation]) -> Replies:
    huddle, run, team = around.huddle, around.run, around.team
    ids = {"run": run.id}
    waiting = [each for each in asked if each.status is Status.EXPECTED]
    recipients = select(col(Expectation.person_id), col(Expectation.opens_at), col(Expectation.closes_at)).where(
        Expectation.run_id == run.id, Expectation.status == Status.EXPECTED
    )
    asks_each = run.asks_in is Huddle.Asks.DIRECT
    prompts = (Broadcast(scene.prompt_key(run), recipients, "huddle.prompt", ids),) if asks_each else ()
    place = None if team.place_id is None else await tx.need(Place, team.place_id)
    header = () if place is None else (Show(scene.channel_key(run), place, "huddle.channel", ids),)
    zones = {ZoneInfo(zone) for zone in await tx.all(_zones(run))} | {ZoneInfo(huddle.zone)}
    return Replies(
        show=(*prompts, *header),
        plan=tuple(_steps(huddle, run, waiting, zones)),
        outcome=step_views.asked(len(waiting)),
    )


def _zones(run: HuddleRun) -> SelectOfScalar[str]:
    return (
        select(Person.zone)
        .join(Expectation, col(Expectation.person_id) == Person.id)
        .where(Expectation.run_id == run.id)
        .distinct()
    )


def _steps(huddle: Huddle, run: HuddleRun, waiting: Sequence[Expectation], zones: set[ZoneInfo]) -> list[Plan]:
    """What is still to come of a run: nudges and closes for each window, the summary's hour, the end of the day."""
    steps: dict[str, Plan] = {}
    windows = {(each.opens_at, each.closes_at) for each in waiting} or {(run.opens_at, run.closes_at)}
    for opens_at, closes_at in sorted(windows):
        steps |= {step.key: step for step in window_steps(run, opens_at, closes_at)}
    if rules.summary_at(huddle, run) < run.closes_at:
        _put(steps, "publish", run, rules.summary_at(huddle, run))
    _put(steps, "end", run, max(midnight_after(run.local_date, zone) for zone in zones))
    return list(steps.values())


def window_steps(run: HuddleRun, opens_at: datetime, closes_at: datetime) -> list[Plan]:
    """What is still to come of one window: its nudge, where it is long enough for one, and its close.

    A huddle that asks in the room writes to nobody alone.
    """
    nudge_at = None if run.asks_in is Huddle.Asks.ROOM else rules.nudge_at(opens_at, closes_at)
    nudges = [] if nudge_at is None else [_step("nudge", run, nudge_at)]
    return [*nudges, _step("close", run, closes_at)]


def _put(steps: dict[str, Plan], kind: str, run: HuddleRun, at: datetime) -> None:
    step = _step(kind, run, at)
    steps[step.key] = step


def _step(kind: str, run: HuddleRun, at: datetime) -> Plan:
    return Plan(f"huddle:{run.id}:{kind}:{at.isoformat()}", f"huddle.{kind}", run.id, at)


async def nudge(event: Due, tx: Tx, now: datetime) -> Replies:
    """The silent are reminded once, five minutes before their window closes; nobody in a huddle that has ended.

    Neither is anybody whose answer is optional.
    """
    around = await scene.scene_of(tx, event.subject_id)
    if around is None or not around.huddle.active or around.run.state is not HuddleRun.State.OPEN:
        return NOTHING
    run = around.run
    silent = and_(
        col(Expectation.run_id) == run.id,
        col(Expectation.status) == Status.EXPECTED,
        col(Expectation.is_optional).is_(False),
        col(Expectation.closes_at) > now,
        col(Expectation.closes_at) <= now + rules.NUDGE_BEFORE,
    )
    recipients = select(col(Expectation.person_id), literal(now, Utc()), col(Expectation.closes_at)).where(silent)
    number = len(await tx.all(select(Expectation.id).where(silent)))
    return Replies(
        show=(Broadcast(f"huddle:{run.id}:nudge", recipients, "huddle.nudge", {"run": run.id}),),
        outcome=step_views.nudged(number),
    )


async def close(event: Due, tx: Tx, now: datetime) -> Replies:
    """Windows that are over: who was asked and did not answer is silent, who was not reached is not counted.

    A prompt that came late has its own window, so its person gets another step. With the last window the run closes,
    and the room's message becomes the summary. A run whose huddle has ended closes too, but gets no thread.
    """
    around = await scene.scene_of(tx, event.subject_id)
    if around is None or around.run.state is not HuddleRun.State.OPEN:
        return NOTHING
    run = around.run
    asked = await expectations(tx, run)
    waiting = [each for each in asked if each.status is Status.EXPECTED]
    planned = {each.id: each.closes_at for each in waiting}
    prompts = await messages_keyed(tx, list({scene.asked_by(run, each.person_id) for each in waiting}))
    for each in waiting:
        _settle(each, prompts.get(scene.asked_by(run, each.person_id)), around.window, now)
    still = [each for each in waiting if each.status is Status.EXPECTED]
    settled = Refresh("huddle.prompt", {"run": run.id})
    if still:
        changed = [each for each in waiting if each not in still or each.closes_at != planned[each.id]]
        again = {each.closes_at for each in changed if each in still}
        plan = tuple(_step("close", run, at) for at in sorted(again))
        return Replies(refresh=await _of_those(tx, settled, changed), plan=plan)
    run.state = HuddleRun.State.CLOSED
    run.published_at = run.published_at or now
    run.closes_at = max((each.closes_at for each in asked), default=now)
    rules.recount(run, asked)
    asked_of_lead = await noticing.after_the_close(tx, around) if around.huddle.active else ()
    return await _summed_up(tx, around, settled) + Replies(show=asked_of_lead)


async def _of_those(tx: Tx, settled: Refresh, changed: Sequence[Expectation]) -> tuple[Refresh, ...]:
    """Where windows close one after the other, nobody's prompt is sent anew with each of the others'."""
    if len(changed) > FEW:
        return (settled,)
    people = await tx.all(select(Person).where(col(Person.id).in_([each.person_id for each in changed])))
    return tuple(replace(settled, reader=each) for each in people)


def _settle(expectation: Expectation, prompt: Message | None, window: timedelta, now: datetime) -> None:
    ends = rules.window_end(expectation, prompt, window)
    if ends > now:
        expectation.closes_at = ends
    elif rules.was_reached(prompt):
        expectation.status = Status.EXCUSED if expectation.is_optional else Status.SILENT
    else:
        expectation.status = Status.NOT_REACHED


async def _summed_up(tx: Tx, around: Scene, settled: Refresh) -> Replies:
    run = around.run
    place = None if around.team.place_id is None else await tx.need(Place, around.team.place_id)
    ids = {"run": run.id}
    details = (
        ()
        if place is None or not around.huddle.active
        else (Show(scene.details_key(run), place, "huddle.details", ids, thread=scene.channel_key(run)),)
    )
    nudges = Refresh("huddle.nudge", ids)
    channel = Refresh("huddle.channel", ids)
    show = (*details, *await _to_observers(tx, around))
    return Replies(show=show, refresh=(settled, nudges, channel), outcome=step_views.SUMMARY_OUT)


async def _to_observers(tx: Tx, around: Scene) -> tuple[Show, ...]:
    """Who only observes gets the summary alone; it is the room's, and follows it."""
    if not around.huddle.active:
        return ()
    observers = await observers_of(tx, around.huddle)
    return tuple(
        Show(f"huddle:{around.run.id}:observer:{each.id}", each, "huddle.channel", {"run": around.run.id})
        for each in observers
    )


async def publish(event: Due, tx: Tx, now: datetime) -> Replies:
    """A `local` huddle's hour for the summary, while windows further west are still to come."""
    around = await scene.scene_of(tx, event.subject_id)
    if around is None or around.run.state is not HuddleRun.State.OPEN:
        return NOTHING
    around.run.published_at = now
    rules.recount(around.run, await expectations(tx, around.run))
    said = await _summed_up(tx, around, Refresh("huddle.channel", {"run": around.run.id}))
    return Replies(show=said.show, refresh=said.refresh, outcome=step_views.PUBLISHED)


async def end_day(event: Due, tx: Tx, now: datetime) -> Replies:
    """Nothing can be answered any more, so no button is left."""
    run = await tx.get(HuddleRun, event.subject_id)
    if run is None or run.state is not HuddleRun.State.CLOSED:
        return NOTHING
    run.ended_at = now
    ids = {"run": run.id}
    around = await scene.scene_of(tx, run.id)
    told = () if around is None or not around.huddle.active else await noticing.after_the_day(tx, around, now)
    stale = (Refresh("huddle.prompt", ids), Refresh("huddle.channel", ids))
    return Replies(show=told, refresh=stale, outcome=step_views.DAY_OVER)


async def earliest_zone(tx: Tx, huddle: Huddle, on: date) -> ZoneInfo:
    """The zone by which the run of a day is planned."""
    zones = [ZoneInfo(zone) for zone, _ in await zones_and_calendars(tx, huddle, on)]
    return rules.earliest_zone(huddle, on, zones)


async def _next_earliest_zone(tx: Tx, huddle: Huddle, now: datetime) -> ZoneInfo:
    """The same for the first run that does not begin before `now`."""
    today = now.astimezone(ZoneInfo(huddle.zone)).date()
    zone = ZoneInfo(huddle.zone)
    for on in rules.next_dates(huddle, today - timedelta(days=2), AHEAD):
        zone = await earliest_zone(tx, huddle, on)
        if rules.asked_at(huddle, on, zone) >= now:
            break
    return zone


async def replan(tx: Tx, huddle: Huddle, now: datetime) -> None:
    """Puts a huddle's rhythm where its rule, its zone or its members' zones say it is now."""
    zone = await _next_earliest_zone(tx, huddle, now)
    today = min(now.astimezone(each).date() for each in (zone, ZoneInfo(huddle.zone)))  # where it is still to come
    cadence = await cadence_of(tx, "huddle.open", huddle.id)
    if cadence is None:
        cadence = Cadence(
            kind="huddle.open", subject_id=huddle.id, rule="", starts_at=now.replace(tzinfo=None), zone=""
        )
        tx.add(cadence)
    cadence.rule = rules.rule_of(huddle)
    cadence.zone = zone.key
    cadence.starts_at = datetime.combine(rules.starts_on(huddle, today), huddle.at_time)
    is_resting = huddle.paused and huddle.resumes_on is None
    start_anew(cadence, now if huddle.active and not is_resting else None)
