"""A member's own week: **Looks right**, **Correct it**, `/weekly update`."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.guide import views as words
from bot.huddles import scene
from bot.people.rules import first_name
from bot.weekly import form_views, keeping, reply_views, rules, running, standing
from bot.weekly.keeping import Said
from bot.weekly.rules import Plan, Result, State
from bot.weekly.standing import Around
from bot.weekly.views import Draft
from storage import audit
from storage.links import Thing
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx
from storage.weekly import WeeklyGoal, hold, update_of, weekly_of


async def update(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly update`: the form of the week that is spoken of."""
    team = await standing.team_meant(tx, event.by, event.command.keys.get("team", ""), now)
    found = await standing.current(tx, team, now)
    if found is None:
        raise Declined(await no_week(tx, team, now))
    return Replies(
        answer=Answer(await _form(tx, await _mine(tx, found, event.by.person, now), event.by.person, {}, now=now))
    )


async def no_week(tx: Tx, team: Team, now: datetime) -> str:
    """Why there is no week to speak of."""
    weekly = await weekly_of(tx, team.id)
    if weekly is None:
        return reply_views.none_yet(team.name, await scene.first_name_of(tx, team.lead_id))
    if weekly.state is not weekly.State.HELD:
        return reply_views.turned_off(team.name, weekly.state)
    zone = ZoneInfo(weekly.zone)
    calendar = await scene.calendar_of(tx, team)
    monday = rules.monday_for(weekly.weekday, today_in(zone, now)) + standing.WEEK
    return reply_views.no_run(team.name, rules.meeting(weekly, monday, calendar), zone)


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Correct it**, **Add a line**: the form."""
    found = await _mine(tx, await pressed(tx, event), event.by.person, now)
    return Replies(answer=Answer(await _form(tx, found, event.by.person, {}, now=now)))


async def pressed(tx: Tx, event: Pressed | Submitted) -> Around:
    """The week that a button or form is about. Raises: Declined."""
    found = await standing.around(tx, event.number("run"))
    if found is None:
        raise Declined(words.old_button())
    return found


async def held(tx: Tx, event: Pressed | Submitted) -> Around:
    """The same for who is about to change it; nobody else does meanwhile."""
    found = await pressed(tx, event)
    await hold(tx, found.run)
    return found


async def _mine(tx: Tx, found: Around, person: Person, now: datetime) -> Around:
    """Raises: Declined for another team's week, one that was called off, and one that is over."""
    if not await standing.may_see(tx, person, found.team, now):
        raise Declined(reply_views.not_asked(), code="E-03")
    if found.run.state is State.SKIPPED:
        raise Declined(reply_views.no_meeting(found.run, found.team.name), code="E-05")
    if not rules.is_kept(found.run, today_in(found.zone, now)):
        raise Declined(reply_views.too_late(found.run), code="E-05")
    return found


async def _form(tx: Tx, found: Around, person: Person, values: Mapping[str, str], *, now: datetime) -> Form:
    known = await _known(tx, found, person, now)
    is_confirmed = found.run.confirmed_at is not None
    return form_views.update(found.run, found.team.name, known, values, is_confirmed=is_confirmed)


async def _known(tx: Tx, found: Around, person: Person, now: datetime) -> Draft:
    """What they said, else what is known."""
    mine = await update_of(tx, found.run, person.id)
    if mine is not None and mine.submitted_at is not None:
        return await standing.said(tx, found, person, mine, now=now)
    return await standing.draft(tx, found, person, now)


async def right(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Looks right**: what was shown is kept; pressed again, nothing changes."""
    person = event.by.person
    found = await _mine(tx, await held(tx, event), person, now)
    mine = await update_of(tx, found.run, person.id)
    if mine is not None and mine.submitted_at is not None:
        return Replies(answer=Answer(reply_views.kept(found.run, found.team.name, (), is_late=mine.is_late)))
    draft = await standing.draft(tx, found, person, now)
    said = Said(draft.done, draft.bumps, draft.plan, {goal.id: result for goal, result in draft.goals})
    return await _kept(tx, found, person, said, now=now)


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form: lines become what they are; a fourth goal is stored, and which three count is asked."""
    person = event.by.person
    found = await _mine(tx, await held(tx, event), person, now)
    values = event.values
    lines = {name: rules.lines_of(values.get(name, "")) for name in (form_views.BUMPS, form_views.PLAN)}
    errors = errors_in(lines)
    if errors:
        form = await _form(tx, found, person, values, now=now)
        return Replies(answer=Answer(form.refused(values, errors), refuses=True))
    said = Said(
        rules.lines_of(values.get(form_views.DONE, "")),
        lines[form_views.BUMPS],
        lines[form_views.PLAN],
        _results(values),
    )
    return await _kept(tx, found, person, said, now=now)


def errors_in(lines: Mapping[str, list[str]]) -> dict[str, str]:
    """Why lines can't be kept, by input."""
    errors = {}
    for name, each in lines.items():
        if longest := rules.too_long(each):
            errors[name] = form_views.too_long(longest)
        elif len(each) > rules.LINES_MAX:
            errors[name] = form_views.too_many(len(each))
    return errors


def _results(values: Mapping[str, str]) -> dict[int, Result]:
    known = {each.value: each for each in Result}
    named = {name.removeprefix(form_views.GOAL): value for name, value in values.items() if name != form_views.GOAL}
    return {int(name): known[value] for name, value in named.items() if name.isdigit() and value in known}


async def _kept(tx: Tx, found: Around, person: Person, said: Said, *, now: datetime) -> Replies:
    run = found.run
    goals = await keeping.keep(tx, found, person, said, now=now)
    audit.note(tx, (Thing.WEEKLY, run.id), "update", field="update", after=first_name(person))
    await tx.flush()
    refresh = (
        Refresh(rules.ASK, running.ids(run), person),
        Refresh(rules.NUDGE, running.ids(run), person),
        *running.shown(run, rules.PACK, rules.CONFIRM, rules.SUMMARY),
    )
    if len(goals) > rules.GOALS_MAX:
        since = await audit.newest_id(tx)
        form = form_views.which_three(run, [Plan(person.id, first_name(person), goals)], {}, since=since)
        return Replies(answer=Answer(form), refresh=refresh)
    is_late = run.posted_at is not None
    notes = [*await _of_a_confirmed_plan(tx, found, said, goals)]
    return Replies(
        answer=Answer(reply_views.kept(run, found.team.name, notes, is_late=is_late)), refresh=refresh, undoable=True
    )


async def _of_a_confirmed_plan(tx: Tx, found: Around, said: Said, goals: list[WeeklyGoal]) -> list[str]:
    """Said where a plan was confirmed and other goals were written."""
    if found.run.confirmed_at is None:
        return []
    same = len(goals) == len(said.plan) and all(
        rules.is_same(goal.text, line) for goal, line in zip(goals, said.plan, strict=True)
    )
    return [] if same else [reply_views.plan_is_confirmed(await scene.first_name_of(tx, found.run.confirmed_by))]
