"""Next week's plan: shown, edited, three goals chosen, confirmed by who leads."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.forms import Form
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import scene
from bot.people.rules import first_name
from bot.teams.leading import answers_for
from bot.weekly import form_views, keeping, pack_views, reply_views, rules, running, standing, updating
from bot.weekly.rules import Plan, Result, State
from bot.weekly.standing import Around
from bot.work import handlers as work
from storage import audit
from storage.links import Thing
from storage.people import Person
from storage.teams import members
from storage.tx import Tx
from storage.weekly import WeeklyGoal, WeeklyRun, goals_in, hold, milestones_met, owners


async def plan(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly plan`: the form for who leads, with a name for one person; everybody else reads the plan."""
    found = await _spoken_of(tx, event, now)
    if not await answers_for(tx, event.by.person, found.team, now) and not event.command.people:
        return await _shown(tx, found, event.by, now)
    await _may_plan(tx, found, event.by, now)
    only = [await _member(tx, event.by, found, name) for name in event.command.people]
    return Replies(answer=Answer(await _form(tx, found, only)))


async def show(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Next week's plan**: for one's own eyes; who leads has its buttons."""
    return await _shown(tx, await updating.pressed(tx, event), event.by, now)


async def _shown(tx: Tx, found: Around, by: By, now: datetime) -> Replies:
    if not await standing.may_see(tx, by.person, found.team, now):
        raise Declined(reply_views.not_asked(), code="E-03")
    leads = await answers_for(tx, by.person, found.team, now)
    can_plan = rules.can_plan(found.run, today_in(found.zone, now))
    card = pack_views.plan(await standing.gathered(tx, found, now), may_confirm=leads and can_plan)
    return Replies(answer=Answer(card))


async def _spoken_of(tx: Tx, event: Asked, now: datetime) -> Around:
    team = await standing.team_meant(tx, event.by, event.command.keys.get("team", ""), now)
    found = await standing.planned(tx, team, now)
    if found is None:
        raise Declined(await updating.no_week(tx, team, now))
    return found


async def _may_plan(tx: Tx, found: Around, by: By, now: datetime) -> None:
    """Raises: Declined."""
    await standing.must_lead(tx, by.person, found.team, now)
    if found.run.state is State.SKIPPED:
        raise Declined(reply_views.no_meeting(found.run, found.team.name), code="E-05")
    if not rules.can_plan(found.run, today_in(found.zone, now)):
        raise Declined(reply_views.too_late(found.run), code="E-05")


async def _member(tx: Tx, by: By, found: Around, name: str) -> Person:
    person = await work.one_person(tx, by, name)
    if not await standing.is_member(tx, found.team, person.id, found.meets_on):
        raise Declined(reply_views.not_a_member(first_name(person), found.team.name), code="E-03")
    return person


async def edit(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Edit**: the form, person by person."""
    found = await updating.pressed(tx, event)
    await _may_plan(tx, found, event.by, now)
    return Replies(answer=Answer(await _form(tx, found, [])))


async def _form(tx: Tx, found: Around, only: list[Person]) -> Form:
    """Those with goals or open work, else everybody; with `only`, these."""
    run = found.run
    people = only or list(await owners(tx, found.team, found.meets_on))
    planned = {each.person_id: each for each in await standing.plans(tx, run)}
    plans = [planned.pop(each.id, Plan(each.id, first_name(each), ())) for each in people]
    plans += [] if only else list(planned.values())
    if not plans:
        everybody = await members(tx, found.team, found.meets_on)
        plans = [Plan(each.id, first_name(each), ()) for each in everybody]
    if not plans:
        raise Declined(reply_views.no_team())
    met = await milestones_met(tx, found.team.id, run.monday, run.sunday)
    since = await audit.newest_id(tx)
    return form_views.plan(run, found.team.name, plans, {}, since=since, praise=bool(met) and not only)


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form: each person's lines are their goals; which three is asked where somebody has more."""
    found = await updating.held(tx, event)
    await _may_plan(tx, found, event.by, now)
    lines = {name: rules.lines_of(value) for name, value in event.values.items() if _person_in(name)}
    errors = updating.errors_in(lines)
    overtaken = await audit.changed_by_others(tx, (Thing.WEEKLY, found.run.id), event.number("since"))
    if overtaken is not None and lines and not errors:
        name = await scene.first_name_of(tx, overtaken)
        errors = {next(iter(lines)): form_views.changed_meanwhile(name)}
    people = [await _planned_for(tx, found, _person_in(name)) for name in lines]
    if errors:
        form = await _as_sent(tx, found, people, event)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    plans = [
        Plan(person.id, first_name(person), await keeping.set_goals(tx, found.run, person.id, each))
        for person, each in zip(people, lines.values(), strict=True)
    ]
    if form_views.PRAISE in event.values:
        found.run.praise = event.values[form_views.PRAISE].strip()[: rules.PRAISE_MAX]
    return await _planned(tx, found, plans, event.by, now=now)


def _person_in(name: str) -> int:
    return row_number(name.removeprefix(form_views.GOAL)) if name.startswith(form_views.GOAL) else 0


async def _planned_for(tx: Tx, found: Around, person_id: int) -> Person:
    """Raises: Declined for somebody of another team."""
    person = await tx.get(Person, person_id)
    is_theirs = await standing.is_member(tx, found.team, person_id, found.meets_on)
    is_theirs = is_theirs or bool(await goals_in(tx, found.run, person_id=person_id))
    if person is None or not is_theirs:
        raise Declined(reply_views.not_asked(), code="E-03")
    return person


async def _as_sent(tx: Tx, found: Around, people: list[Person], event: Submitted) -> Form:
    """The same people as were asked about, seen now."""
    plans = [Plan(each.id, first_name(each), ()) for each in people]
    since, praise = await audit.newest_id(tx), form_views.PRAISE in event.values
    return form_views.plan(found.run, found.team.name, plans, {}, since=since, praise=praise)


async def _planned(tx: Tx, found: Around, plans: list[Plan], by: By, *, now: datetime) -> Replies:
    run = found.run
    audit.note(tx, (Thing.WEEKLY, run.id), "plan", field="plan", after=first_name(by.person))
    await tx.flush()
    refresh = running.shown(run)
    over = [each for each in plans if len(each.goals) > rules.GOALS_MAX]
    if over:
        form = form_views.which_three(run, over, {}, since=await audit.newest_id(tx))
        return Replies(answer=Answer(form), refresh=refresh)
    card = pack_views.plan(await standing.gathered(tx, found, now), may_confirm=True)
    return Replies(answer=Answer(card), refresh=refresh, undoable=True)


async def keep(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """Which three: the chosen ones count, the others that were offered are dropped."""
    found = await updating.held(tx, event)
    run = found.run
    wanted = form_views.ids_in(event.ids)
    goals = await tx.all(
        select(WeeklyGoal)
        .where(col(WeeklyGoal.id).in_(wanted), WeeklyGoal.run_id == run.id)
        .order_by(col(WeeklyGoal.seq))
    )
    people = {each.person_id: await tx.need(Person, each.person_id) for each in goals}
    if not people:
        raise Declined(words.old_button())
    await _may_choose(tx, found, list(people), event.by, now=now)
    plans = [
        Plan(number, first_name(person), [each for each in goals if each.person_id == number])
        for number, person in people.items()
    ]
    errors = {}
    for each in plans:
        chosen = _chosen(event, each)
        if not 1 <= len(chosen) <= rules.GOALS_MAX:
            errors[f"{form_views.KEEP}{each.person_id}"] = form_views.AT_MOST_THREE
    since = event.number("since")
    if await _are_others(tx, run, goals, since):
        errors = {f"{form_views.KEEP}{each.person_id}": form_views.CHANGED_SINCE for each in plans}
    if errors:
        form = form_views.which_three(run, plans, {}, since=since).refused(event.values, errors)
        return Replies(answer=Answer(form, refuses=True))
    for each in plans:
        _drop_others(each, _chosen(event, each))
    audit.note(tx, (Thing.WEEKLY, run.id), "plan", field="plan", after=first_name(event.by.person))
    await tx.flush()
    kept = [Plan(each.person_id, each.name, rules.kept_goals(each.goals)) for each in plans]
    return Replies(answer=Answer(reply_views.dropped(kept)), refresh=running.shown(run), undoable=True)


async def _are_others(tx: Tx, run: WeeklyRun, goals: Sequence[WeeklyGoal], since: int) -> bool:
    """Whether somebody has written other goals since a form that offers these was opened: all of these are dropped."""
    if not await audit.changed_after(tx, (Thing.WEEKLY, run.id), since):
        return False
    offered = {each.id for each in goals}
    people = {each.person_id for each in goals}
    now_kept = rules.kept_goals(await goals_in(tx, run))
    return any(each.person_id in people and each.id not in offered for each in now_kept) or not rules.kept_goals(goals)


def _chosen(event: Submitted, plan: Plan) -> set[int]:
    named = {row_number(each) for each in event.values.get(f"{form_views.KEEP}{plan.person_id}", "").split(",")}
    return named & {each.id for each in plan.goals}


def _drop_others(plan: Plan, chosen: set[int]) -> None:
    for goal in plan.goals:
        goal.result = Result.OPEN if goal.id in chosen else Result.DROPPED


async def _may_choose(tx: Tx, found: Around, people: list[int], by: By, *, now: datetime) -> None:
    """One's own goals while nobody has confirmed them; who leads chooses for all. Raises: Declined."""
    if people == [by.person.id] and found.run.confirmed_at is None:
        if not rules.can_plan(found.run, today_in(found.zone, now)):
            raise Declined(reply_views.too_late(found.run), code="E-05")
        return
    await _may_plan(tx, found, by, now)


async def confirm(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Confirm**, `/weekly confirm`: the goals hold. Who comes second hears who was first."""
    found = await (updating.pressed(tx, event) if isinstance(event, Pressed) else _spoken_of(tx, event, now))
    await hold(tx, found.run)
    await _may_plan(tx, found, event.by, now)
    run = found.run
    if run.confirmed_at is not None:
        name = await scene.first_name_of(tx, run.confirmed_by)
        raise Declined(reply_views.already_confirmed(name, run.confirmed_at, found.zone), code="E-05")
    if run.posted_at is None:
        raise Declined(reply_views.not_yet(run), code="E-05")
    (move, *_) = work.legal(rules.MOVES, "confirm", run.state, code=f"Week {run.iso_week}")
    before = run.state
    run.state = move.target or run.state
    run.confirmed_at, run.confirmed_by = now, event.by.person.id
    audit.note(tx, (Thing.WEEKLY, run.id), "confirm", before=before.value, after=run.state.value)
    await tx.flush()
    card = reply_views.confirmed(await standing.gathered(tx, found, now))
    return Replies(answer=Answer(card), refresh=running.shown(run), undoable=True)
