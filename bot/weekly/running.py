"""The steps of a week: it begins, people are asked, reminded, the pack, the plan to confirm, the summary."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.events import Due
from bot.chat.localtime import instant, today_in
from bot.chat.replies import NOTHING, Plan, Refresh, Replies, Show
from bot.huddles import scene
from bot.people.rules import WEEKDAYS
from bot.weekly import keeping, rules, standing, views
from bot.weekly.rules import State
from bot.weekly.standing import Around
from bot.work.rules import moves_from
from storage.actions import Action
from storage.cadences import Cadence, cadence_of, start_anew
from storage.messages import Lane
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx
from storage.weekly import Weekly, WeeklyRun, WeeklyUpdate, goals_in, owners, run_of_week, update_of, updates

BEGIN = "weekly.begin"
OFFER = "weekly.offer"
VIEWS = (rules.ASK, rules.NUDGE, rules.PACK, rules.CONFIRM, rules.SUMMARY)
"""What shows a run: each step but the first has a message of its own name."""
TURNED_OFF = (views.PAUSED, views.ENDED)
"""Why a week was called off that is held after all once its rhythm is."""


def key(run: WeeklyRun, view: str) -> str:
    """The key of a run's message; a person's own ends with their number."""
    return f"weekly:{run.id}:{view.removeprefix('weekly.')}"


def ids(run: WeeklyRun) -> dict[str, int]:
    """What a run's messages are about."""
    return {"run": run.id}


def shown(run: WeeklyRun, *which: str) -> tuple[Refresh, ...]:
    """Its messages, to be made anew; without `which` all of them."""
    return tuple(Refresh(view, ids(run)) for view in which or VIEWS)


# --- a week begins


async def begin(event: Due, tx: Tx, now: datetime) -> Replies:
    """On Monday, just after midnight: the week has a run, and its steps are planned."""
    weekly = await tx.get(Weekly, event.subject_id)
    if weekly is None or weekly.state is not Weekly.State.HELD or event.slot is None:
        return Replies(skipped=True)
    await _settle_goals(tx, weekly.team_id, event.slot.date())
    return await plan_week(tx, weekly, event.slot.date(), now)


async def _settle_goals(tx: Tx, team_id: int, monday: date) -> None:
    """The week that ended was the one of these goals: what an action tells of them holds, unless somebody said else."""
    run = await run_of_week(tx, team_id, monday - 2 * standing.WEEK)
    for goal in rules.kept_goals(await goals_in(tx, run)) if run is not None else ():
        action = None if goal.action_id is None else await tx.get(Action, goal.action_id)
        result = rules.result_of(goal, action)
        is_left = result is rules.Result.OPEN and action is not None
        goal.result = rules.Result.MISSED if is_left else result
    await tx.flush()


async def plan_week(tx: Tx, weekly: Weekly, monday: date, now: datetime) -> Replies:
    """Makes the run that looks back on a week, or moves it where the rhythm has changed; with the steps to come.

    What was over before anybody was there to hold it is left out.
    """
    team = await tx.need(Team, weekly.team_id)
    calendar = await scene.calendar_of(tx, team)
    run = await run_of_week(tx, team.id, monday)
    meets_at = rules.meeting(weekly, monday, calendar)
    if run is not None and run.state is State.SKIPPED and run.reason in TURNED_OFF and run.meets_at > now:
        run.state, run.reason = State.PREPARING if await updates(tx, run) else State.PLANNED, ""
    if run is not None and (run.state not in {State.PLANNED, State.PREPARING} or run.meets_at <= now):
        return NOTHING
    if meets_at is None:
        return await _week_of_holidays(tx, weekly, monday, run)
    if meets_at + rules.GRACE < now or (run is None and meets_at <= now):
        return Replies(skipped=True, outcome=views.NOT_HELD)
    if run is None:
        run = _new_run(weekly, monday, meets_at)
        tx.add(run)
    run.meets_at, run.zone = meets_at, weekly.zone
    await tx.flush()
    return Replies(
        plan=steps(Around(run, team, calendar), now), refresh=shown(run, rules.ASK, rules.NUDGE), outcome=views.BEGUN
    )


def _new_run(weekly: Weekly, monday: date, meets_at: datetime) -> WeeklyRun:
    week = monday.isocalendar()
    return WeeklyRun(
        team_id=weekly.team_id, iso_year=week.year, iso_week=week.week, meets_at=meets_at, zone=weekly.zone
    )


async def _week_of_holidays(tx: Tx, weekly: Weekly, monday: date, run: WeeklyRun | None) -> Replies:
    if run is None:
        later = 7 if rules.meets_week_after(weekly.weekday) else 0
        regular = monday + timedelta(days=WEEKDAYS.index(weekly.weekday) + later)
        run = _new_run(weekly, monday, instant(regular, weekly.at_time, ZoneInfo(weekly.zone)))
        tx.add(run)
    run.state, run.reason = State.SKIPPED, views.HOLIDAY_WEEK
    await tx.flush()
    return Replies(skipped=True, outcome=views.HOLIDAYS, refresh=shown(run))


def steps(found: Around, now: datetime) -> tuple[Plan, ...]:
    """The steps of a run; people are asked at once where their time is over and the meeting still some hours away."""
    run = found.run
    every = dict(found.times.steps())
    if rules.ASK in every and every[rules.ASK] <= now:
        every[rules.ASK] = now
        if now + 2 * rules.NUDGE_BEFORE >= run.meets_at:
            every.pop(rules.ASK)
    return tuple(
        Plan(f"{key(run, kind)}:{at.isoformat()}", kind, run.id, at) for kind, at in every.items() if at >= now
    )


async def replan(tx: Tx, weekly: Weekly, now: datetime) -> Replies:
    """Puts a team's rhythm where it is said to be now, and with it the weeks whose meeting is still to come."""
    cadence = await cadence_of(tx, BEGIN, weekly.id)
    zone = ZoneInfo(weekly.zone)
    today = today_in(zone, now)
    if cadence is None:
        cadence = Cadence(kind=BEGIN, subject_id=weekly.id, rule="", starts_at=now.replace(tzinfo=None), zone="")
        tx.add(cadence)
    cadence.rule, cadence.zone = rules.rule_of(), zone.key
    cadence.starts_at = datetime.combine(today, rules.BEGINS_AT)
    is_held = weekly.state is Weekly.State.HELD
    start_anew(cadence, now if is_held else None)
    replies = NOTHING
    if is_held:
        monday = today - timedelta(days=today.weekday())
        for each in (monday - standing.WEEK, monday):
            planned = await plan_week(tx, weekly, each, now)
            replies += Replies(plan=planned.plan, refresh=planned.refresh)
    return replies


# --- its steps


async def _due(event: Due, tx: Tx, verb: str) -> Around | None:
    """The run that a step is about, where it has come to that; a step of a rhythm that has changed since is not."""
    found = await standing.around(tx, event.subject_id)
    expected = None if found is None else found.times.steps().get(event.kind)
    if found is None or expected is None or event.due_at < expected:
        return None
    if not await standing.is_held(tx, found.team):
        return None
    return found if not verb or moves_from(rules.MOVES, verb, found.run.state) else None


async def ask(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-08 to who has open work and is there."""
    found = await _due(event, tx, "ask")
    if found is None or event.missed or now >= found.run.meets_at:
        return Replies(skipped=True)
    run = found.run
    run.state = State.PREPARING
    people = await standing.asked_on(tx, found, today_in(found.zone, now))
    for each in people:
        if await update_of(tx, run, each.id) is None:
            tx.add(WeeklyUpdate(run_id=run.id, person_id=each.id))
    await tx.flush()
    return Replies(show=_to_each(run, rules.ASK, people), outcome=views.asked(len(people)))


def _to_each(run: WeeklyRun, view: str, people: Iterable[Person]) -> tuple[Show, ...]:
    return tuple(
        Show(f"{key(run, view)}:{each.id}", each, view, ids(run), Lane.Traffic.PROMPT, not_after=run.meets_at)
        for each in people
    )


async def nudge(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-09 to those who were asked and said nothing, and are there today."""
    found = await _due(event, tx, "post")
    if found is None or event.missed or now >= found.run.meets_at:
        return Replies(skipped=True)
    on = today_in(found.zone, now)
    silent = [each.person_id for each in await updates(tx, found.run) if each.submitted_at is None]
    there = await standing.there_on(tx, found, [await tx.need(Person, each) for each in silent], on)
    return Replies(show=_to_each(found.run, rules.NUDGE, there), outcome=views.nudged(len(there)))


async def pack(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-10: what is known stands in the team's channel; who said nothing has their tasks shown as they stand."""
    found = await _due(event, tx, "post")
    if found is None:
        return Replies(skipped=True)
    run = found.run
    settled = shown(run, rules.ASK, rules.NUDGE)
    if event.missed:
        run.state, run.reason = State.SKIPPED, views.BOT_WAS_AWAY
        return Replies(skipped=True, refresh=settled, outcome=views.NOT_HELD)
    run.state, run.posted_at = State.PACK_POSTED, now
    await _as_they_stand(tx, found, now)
    await tx.flush()
    return Replies(show=await _to_room(tx, found, rules.PACK), refresh=settled, outcome=views.PACK_OUT)


async def _as_they_stand(tx: Tx, found: Around, now: datetime) -> None:
    """Goals for those who have open work and said nothing, and what became of their last ones as their actions tell."""
    run = found.run
    said = {each.person_id for each in await updates(tx, run) if each.submitted_at is not None}
    for person in await owners(tx, found.team, found.meets_on):
        if person.id in said:
            continue
        for goal, result in await standing.goals_now(tx, found, person, now):
            goal.result = result
        if not await goals_in(tx, run, person_id=person.id):
            await keeping.set_goals(tx, run, person.id, await standing.proposed(tx, found, person))


async def _to_room(tx: Tx, found: Around, view: str) -> tuple[Show, ...]:
    """In the team's channel; a team without one has it in front of who leads it."""
    team, run = found.team, found.run
    place = None if team.place_id is None else await tx.get(Place, team.place_id)
    to = place or await standing.leads_on(tx, team, found.meets_on)
    return () if to is None else (Show(key(run, view), to, view, ids(run)),)


async def confirm(event: Due, tx: Tx, _now: datetime) -> Replies:
    """P-12 to who leads the team today."""
    found = await _due(event, tx, "confirm")
    if found is None or found.run.confirmed_at is not None or event.missed:
        return Replies(skipped=True)
    lead = await standing.leads_on(tx, found.team, found.meets_on)
    if lead is None:
        return Replies(skipped=True)
    show = Show(f"{key(found.run, rules.CONFIRM)}:{lead.id}", lead, rules.CONFIRM, ids(found.run), Lane.Traffic.PROMPT)
    return Replies(show=(show,), outcome=views.PLAN_SHOWN)


async def summarise(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-11: in the team's channel, unless there is nothing to be glad of."""
    found = await _due(event, tx, "sum up")
    if found is None or event.missed:
        return Replies(skipped=True)
    found.run.state = State.SUMMARISED
    await tx.flush()
    if not (await standing.gathered(tx, found, now)).wins:
        return Replies(skipped=True, outcome=views.NOTHING_TO_TELL)
    return Replies(show=await _to_room(tx, found, rules.SUMMARY), outcome=views.SUMMED_UP)
