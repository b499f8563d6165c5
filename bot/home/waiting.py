"""The sections of what waits for a person: their absence, today's huddles, blockers, first steps."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select

from bot.blockers import rules as blocker_rules
from bot.chat.localtime import today_in
from bot.home import rules, views
from bot.home.day import Day
from bot.home.rules import Standing
from bot.home.views import NOTHING, HuddleToday, Part
from bot.huddles import finding, scene
from bot.huddles import rules as huddle_rules
from bot.huddles.room_views import OpenBlocker
from bot.people.rules import first_name, holiday, is_office_day
from storage.blockers import Blocker, went_up_to
from storage.huddles import Huddle, HuddleRun, answer_of, expectation_of
from storage.people import Person, Role, admins, departments, roles_of
from storage.teams import Team

ONE_DAY = timedelta(days=1)


async def absence(mine: Day) -> Part:
    """Until when they are away."""
    found = mine.absence_on(mine.today)
    return NOTHING if found is None else views.away(found.to_on, mine.today)


async def huddles_today(mine: Day) -> Part:
    """Today's huddles of their teams, as they stand to them; who is away is told so once, and not for each."""
    found = [each for huddle in mine.huddles for each in await _of_today(mine, huddle)]
    is_away = mine.absence_on(mine.today) is not None
    return views.huddles([each for each in found if not (is_away and each.standing is Standing.NOT_ASKED)], mine.zone)


async def _of_today(mine: Day, huddle: Huddle) -> list[HuddleToday]:
    """The newest run that can be answered now, and the one that falls into today where that is another."""
    on = rules.newest_asked(huddle, mine.today, mine.zone)
    runs = await mine.tx.all(
        select(HuddleRun)
        .where(HuddleRun.huddle_id == huddle.id, col(HuddleRun.local_date).between(on - ONE_DAY, on + ONE_DAY))
        .order_by(col(HuddleRun.local_date).desc())
    )
    begun = next((run for run in runs if mine.can_answer(run)), None)
    found = [] if begun is None else [await _begun(mine, huddle, begun)]
    run = next((each for each in runs if each.local_date == on), None)
    if (begun is not None and begun is run) or rules.asked_on(huddle, on, mine.zone) != mine.today:
        return found
    if run is not None and run.state is not HuddleRun.State.PLANNED:
        return [*found, await _begun(mine, huddle, run)]
    return [*found, *await _to_come(mine, huddle, on, run)]


async def _begun(mine: Day, huddle: Huddle, run: HuddleRun) -> HuddleToday:
    """A run that has had its turn."""
    around = scene.Scene(run, huddle, mine.team_of(huddle), mine.calendars[huddle.team_id])
    expectation = await expectation_of(mine.tx, run, mine.person.id)
    answer = await answer_of(mine.tx, run, mine.person.id)
    until = run.closes_at if expectation is None else await scene.window_end(mine.tx, around, expectation)
    standing = rules.standing(run, expectation, answered=answer is not None, until=until, now=mine.now)
    at = until
    if standing is Standing.ANSWERED and answer is not None:
        at = answer.submitted_at
    elif standing is Standing.COMING and expectation is not None:
        at = expectation.opens_at
    focus = (
        "" if answer is None else huddle_rules.answer_to(huddle_rules.asked_in(huddle, run), answer.answers, "focus")
    )
    return HuddleToday(huddle, standing, run, at, run.reason, " ".join(focus.split()))


async def _to_come(mine: Day, huddle: Huddle, on: date, planned: HuddleRun | None) -> list[HuddleToday]:
    """A huddle whose time is still to come today, or that a holiday keeps from taking place; none for neither."""
    closed = holiday(mine.calendars[huddle.team_id], on)
    if closed and on in huddle_rules.next_dates(huddle, on - ONE_DAY, 1):
        return [HuddleToday(huddle, Standing.OFF, reason=closed)]
    if await finding.next_date(mine.tx, huddle, on, including=True, now=mine.now) != on:
        return []
    standing = Standing.COMING
    if mine.takes_part(huddle, on):
        if planned is not None and await answer_of(mine.tx, planned, mine.person.id) is not None:
            standing = Standing.KEPT
        elif mine.absence_on(on) is not None or not mine.works_on(huddle, on):
            standing = Standing.NOT_ASKED
    return [HuddleToday(huddle, standing, planned, huddle_rules.asked_at(huddle, on, mine.zone))]


async def blockers(mine: Day) -> Part:
    """Open blockers that they raised, took on or were asked about, and those that wait for a department of theirs."""
    parts = await departments(mine.tx)
    own = {each.id for each in parts if mine.person.id == each.head_id or mine.person.department_id == each.id}
    concerns = or_(
        went_up_to(mine.person.id),
        col(Blocker.raised_by) == mine.person.id,
        col(Blocker.taken_by) == mine.person.id,
        col(Blocker.department_id).in_(own),
    )
    found = await mine.tx.all(select(Blocker).where(col(Blocker.state) != Blocker.State.RESOLVED, concerns))
    ordered = sorted(found, key=lambda each: rules.urgency(each, mine.person.id))
    told = await _told(mine, ordered, {each.id: each.name for each in parts}) if ordered else []
    return views.in_the_way(told, mine.person.id, mine.today)


async def _told(mine: Day, found: Sequence[Blocker], parts: Mapping[int | None, str]) -> list[OpenBlocker]:
    """Blockers with what stands beside them; the age counts working days where their team is."""
    ids = {each for blocker in found for each in (blocker.raised_by, blocker.taken_by) if each is not None}
    people = await mine.tx.all(select(Person).where(col(Person.id).in_(ids)))
    names: Mapping[int | None, str] = {each.id: first_name(each) for each in people}
    teams = await mine.tx.all(select(Team).where(col(Team.id).in_({each.team_id for each in found})))
    days = {
        team.id: (today_in(ZoneInfo(team.zone), mine.now), await scene.calendar_of(mine.tx, team)) for team in teams
    }
    return [
        OpenBlocker(
            blocker=each,
            raiser=names.get(each.raised_by, ""),
            age_days=_age(each, *days[each.team_id]),
            waits_for=parts.get(each.department_id, ""),
            helper=names.get(each.taken_by, ""),
        )
        for each in found
    ]


def _age(blocker: Blocker, today: date, calendar: str) -> int:
    return blocker_rules.age(blocker.raised_on, today, lambda on: is_office_day(on, calendar))


async def first_steps(mine: Day) -> Part:
    """What to do first, for somebody without a team or without a huddle."""
    if mine.huddles:
        return NOTHING
    is_admin = Role.Kind.ADMIN in await roles_of(mine.tx, mine.person)
    if not mine.teams:
        others = await mine.tx.first(select(Team.id)) is not None
        if is_admin:
            return views.may_set_up_a_team(is_first=not others)
        return views.no_team([first_name(each) for each in await admins(mine.tx)])
    led = [team for team in mine.teams if team.lead_id == mine.person.id]
    team = (led or mine.teams)[0]
    lead = await scene.first_name_of(mine.tx, team.lead_id)
    return views.no_huddle(team.name, lead, may_set_up=bool(led) or is_admin)
