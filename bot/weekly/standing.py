"""What several views and handlers need to know of a week: its team, its figures, its people, who leads now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.blockers import rules as blocker_rules
from bot.chat.errors import Declined
from bot.chat.events import By
from bot.chat.localtime import midnight_after, today_in
from bot.huddles import rules as huddle_rules
from bot.huddles import scene
from bot.people.rules import first_name, is_office_day
from bot.people.there import days_of
from bot.teams.leading import answers_for, teams_led_now, who_leads_now
from bot.weekly import reply_views, rules
from bot.weekly.pack_views import Pack
from bot.weekly.rules import Bump, Plan
from bot.weekly.views import Draft
from storage import weekly as rows
from storage.actions import AGREED, Action
from storage.blockers import Blocker, open_blockers
from storage.huddles import Huddle, HuddleAnswer, HuddleRun
from storage.initiatives import Milestone
from storage.people import Person, Role, admins, roles_of, zone_of
from storage.teams import Membership, Team, members, team_at, team_named, teams_answered_for, teams_of
from storage.tx import Tx
from storage.weekly import Weekly, WeeklyGoal, WeeklyRun

RUNS_LOOKED_AT = 4  # the newest of a team
PROPOSED_DONE = 5  # lines
DAY, WEEK = timedelta(days=1), timedelta(days=7)
Result = WeeklyGoal.Result


@dataclass(frozen=True, slots=True)
class Around:
    """A run with its team and the holidays that decide it."""

    run: WeeklyRun
    team: Team
    calendar: str

    @property
    def zone(self) -> ZoneInfo:
        """Where the meeting is."""
        return ZoneInfo(self.run.zone)

    @property
    def meets_on(self) -> date:
        """The local date of the meeting."""
        return rules.day_of(self.run)

    @property
    def times(self) -> rules.Times:
        """When its steps fall due."""
        return rules.times(self.run.meets_at, self.zone, self.run.monday, self.calendar)

    def seen_on(self, now: datetime) -> date:
        """The day from which late and due are counted: the meeting's, once the pack stands there."""
        return self.meets_on if self.run.posted_at is not None else today_in(self.zone, now)

    def is_office_day(self, on: date) -> bool:
        """Whether the team's calendar has a working day."""
        return is_office_day(on, self.calendar)


async def around(tx: Tx, run_id: int) -> Around | None:
    """Everything around a run; None where there is no such run."""
    run = await tx.get(WeeklyRun, run_id)
    if run is None:
        return None
    team = await tx.need(Team, run.team_id)
    return Around(run, team, await scene.calendar_of(tx, team))


async def current(tx: Tx, team: Team, now: datetime) -> Around | None:
    """The week that is spoken of: the one whose meeting comes next or is today, else the newest."""
    runs = await rows.newest_runs(tx, [team.id], most=RUNS_LOOKED_AT)
    ahead = [each for each in runs if rules.day_of(each) >= today_in(ZoneInfo(each.zone), now)]
    chosen = min(ahead, key=lambda each: each.meets_at, default=runs[0] if runs else None)
    return None if chosen is None else await around(tx, chosen.id)


async def planned(tx: Tx, team: Team, now: datetime) -> Around | None:
    """The week whose plan is to be confirmed: the newest whose pack stands there, else the one spoken of."""
    for run in await rows.newest_runs(tx, [team.id], most=RUNS_LOOKED_AT):
        if run.posted_at is not None and rules.can_plan(run, today_in(ZoneInfo(run.zone), now)):
            return await around(tx, run.id)
    return await current(tx, team, now)


def zone_of_run(run: WeeklyRun) -> ZoneInfo:
    """The zone in which its meeting is meant."""
    return ZoneInfo(run.zone)


# --- who


async def team_meant(tx: Tx, by: By, named: str, now: datetime) -> Team:
    """The team named, this channel's, or the one that somebody belongs to or leads. Raises: Declined."""
    if named:
        team = await team_named(tx, named)
        if team is None:
            raise Declined(reply_views.unknown_team(named), code="E-04")
        return team
    here = await team_at(tx, by.place.id)
    if here is not None:
        return here
    mine = await _teams_around(tx, by.person, now)
    held = [each for each in mine if await rows.weekly_of(tx, each.id) is not None]
    found = held or mine
    if not found:
        raise Declined(reply_views.no_team())
    if len(found) > 1:
        raise Declined(reply_views.which_team([each.name for each in found]))
    return found[0]


async def _teams_around(tx: Tx, person: Person, now: datetime) -> list[Team]:
    """The teams that somebody belongs to or leads, and those for whose lead they stand in today."""
    on = today_in(zone_of(person), now)
    every = (*await teams_of(tx, person, on), *await teams_led_now(tx, person, on))
    return list({each.id: each for each in every}.values())


async def may_see(tx: Tx, person: Person, team: Team, now: datetime) -> bool:
    """Whether a week is somebody's own: a member's, the lead's, an administrator's."""
    on = today_in(ZoneInfo(team.zone), now)
    return person.id in {each.id for each in await members(tx, team, on)} or await answers_for(tx, person, team, now)


async def must_lead(tx: Tx, person: Person, team: Team, now: datetime) -> None:
    """Raises: Declined (E-03)."""
    if not await answers_for(tx, person, team, now):
        raise Declined(reply_views.only_lead(team.name, await scene.first_name_of(tx, team.lead_id)), code="E-03")


async def leads_on(tx: Tx, team: Team, on: date) -> Person | None:
    """Who is asked for the lead's word on a day; where a team has nobody, an administrator."""
    leader = await who_leads_now(tx, team, on)
    return leader or next(iter(await admins(tx)), None)


async def asked_on(tx: Tx, around_run: Around, on: date) -> list[Person]:
    """Who is asked about their week: has open work or a goal, and is there on a day."""
    team, run = around_run.team, around_run.run
    found = {each.id: each for each in await rows.owners(tx, team, on)}
    everybody = {each.id: each for each in await members(tx, team, on)}
    before = await rows.run_of_week(tx, team.id, run.monday - WEEK)
    for goal in await rows.goals_in(tx, before) if before is not None else ():
        if goal.person_id in everybody and goal.result is Result.OPEN:
            found[goal.person_id] = everybody[goal.person_id]
    return await there_on(tx, around_run, list(found.values()), on)


async def there_on(tx: Tx, around_run: Around, people: Sequence[Person], on: date) -> list[Person]:
    """Those of some people who are there on a day, by name."""
    days = await days_of(tx, people, on, on, calendar=around_run.calendar)
    there = (each for each in people if days[each.id].off(on) is None)
    return sorted(there, key=lambda each: (each.name, each.id))


# --- the pack


async def gathered(tx: Tx, found: Around, now: datetime) -> Pack:
    """A week as it stands now; the number of queries does not depend on the rows but for who has a blocker."""
    run, team = found.run, found.team
    seen_on = found.seen_on(now)
    since = run.monday - WEEK
    actions = await rows.team_actions(tx, team.id, seen_on, since=since)
    lacks = await rows.unsponsored(tx, team, seen_on), await rows.ownerless(tx, team, seen_on)
    people = await _named(tx, [each.owner_id for each in actions])
    return Pack(
        team,
        run,
        seen_on,
        rules.figures(actions, run.monday, seen_on),
        owners=people,
        milestones=await rows.milestones_met(tx, team.id, run.monday, run.sunday),
        bumps=await bumps(tx, found, seen_on),
        plans=await plans(tx, run),
        unsponsored=lacks[0],
        ownerless=lacks[1],
        confirmed_by=await scene.first_name_of(tx, run.confirmed_by),
        removed=await _removed(tx, found),
    )


async def _named(tx: Tx, numbers: Iterable[int | None]) -> dict[int, str]:
    wanted = {each for each in numbers if each is not None}
    found = await tx.all(select(Person).where(col(Person.id).in_(wanted))) if wanted else ()
    return {each.id: first_name(each) for each in found}


async def plans(tx: Tx, run: WeeklyRun) -> list[Plan]:
    """The goals of each person, by name; without those that were dropped."""
    goals = rules.kept_goals(await rows.goals_in(tx, run))
    names = await _named(tx, [each.person_id for each in goals])
    found = [
        Plan(person_id, name, [each for each in goals if each.person_id == person_id])
        for person_id, name in names.items()
    ]
    return sorted(found, key=lambda each: (each.name, each.person_id))


async def bumps(tx: Tx, found: Around, on: date) -> list[Bump]:
    """What slows a team, oldest first: road bumps, then blockers."""
    loose = await rows.bumps_of(tx, found.team.id)
    names = await _named(tx, [each.person_id for each in loose])
    told = [
        Bump(each.text, _age(found, each.raised_on, on), names.get(each.person_id, ""), bump=each) for each in loose
    ]
    return told + [await _blocked(tx, found, each, on) for each in await open_blockers(tx, found.team.id)]


async def _blocked(tx: Tx, found: Around, blocker: Blocker, on: date) -> Bump:
    helper = await scene.first_name_of(tx, blocker.taken_by)
    waits_for = await scene.department_name(tx, blocker.department_id)
    whom = f"with {helper or waits_for}" if helper or waits_for else ""
    return Bump(blocker.text, _age(found, blocker.raised_on, on), whom, blocker=blocker)


def _age(found: Around, since: date, on: date) -> int:
    return blocker_rules.age(since, on, found.is_office_day)


async def _removed(tx: Tx, found: Around) -> list[str]:
    """What got out of the way in the week: road bumps, and blockers with their codes.

    A road bump that is gone in the week that said it first was corrected or withdrawn.
    """
    run = found.run
    since = midnight_after(run.monday - timedelta(days=1), found.zone)
    until = midnight_after(max(run.sunday, found.meets_on), found.zone)
    solved = await rows.blockers_solved(tx, found.team.id, since, until)
    loose = await rows.bumps_removed(tx, found.team.id, run.monday, max(run.sunday, found.meets_on))
    first = {run.id: run for run in await rows.runs_numbered(tx, {each.run_id for each in loose})}
    gone = [each.text for each in loose if each.removed_on and not rules.is_kept(first[each.run_id], each.removed_on)]
    return gone + [f"{each.code} {each.text}" for each in solved]


# --- what a person is asked


async def draft(tx: Tx, found: Around, person: Person, now: datetime) -> Draft:
    """What the bot knows of somebody's week, before they say anything. Source: domain.md P-08."""
    return Draft(
        done=await _done(tx, found, person),
        bumps=await own_bumps(tx, found.team, person),
        plan=await proposed(tx, found, person),
        goals=await goals_now(tx, found, person, now),
    )


async def said(tx: Tx, found: Around, person: Person, update: rows.WeeklyUpdate, *, now: datetime) -> Draft:
    """What they have said."""
    goals = rules.kept_goals(await rows.goals_in(tx, found.run, person_id=person.id))
    return Draft(
        done=rules.lines_of(update.done),
        bumps=await own_bumps(tx, found.team, person),
        plan=[each.text for each in goals],
        goals=await goals_now(tx, found, person, now),
    )


async def _done(tx: Tx, found: Around, person: Person) -> list[str]:
    run = found.run
    finished = [f"{each.code} {each.title}" for each in await rows.finished_by(tx, person.id, run.monday, run.sunday)]
    reached = await tx.all(
        select(Milestone)
        .where(
            Milestone.owner_id == person.id,
            col(Milestone.state).in_((Milestone.State.ACHIEVED, Milestone.State.CLAIMED)),
            col(Milestone.claimed_on) >= run.monday,
            col(Milestone.claimed_on) <= run.sunday,
        )
        .order_by(col(Milestone.claimed_on), col(Milestone.id))
    )
    lines = finished + [f"{each.code} {each.title}" for each in reached]
    return [*lines, *await _told_in_huddles(tx, found, person, lines)][: max(PROPOSED_DONE, len(lines))]


async def _told_in_huddles(tx: Tx, found: Around, person: Person, known: Sequence[str]) -> list[str]:
    """What they told the team's huddles this week that they finished, the newest edition of each day."""
    run = found.run
    given = await tx.columns(
        select(HuddleAnswer, Huddle)
        .join(HuddleRun, col(HuddleRun.id) == HuddleAnswer.run_id)
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .where(
            Huddle.team_id == found.team.id,
            HuddleAnswer.person_id == person.id,
            HuddleRun.local_date >= run.monday,
            HuddleRun.local_date <= run.sunday,
        )
        .order_by(col(HuddleRun.local_date), col(HuddleAnswer.edition))
    )
    newest = {answer.run_id: (answer, huddle) for answer, huddle in given}
    told: list[str] = []
    for answer, huddle in newest.values():
        words = rules.lines_of(huddle_rules.answer_to(huddle, answer.answers, "plan"))
        told += [
            each[: rules.LINE_MAX] for each in words if not any(rules.is_same(each, line) for line in (*known, *told))
        ]
    return told


async def own_bumps(tx: Tx, team: Team, person: Person) -> list[str]:
    """What is in somebody's way: road bumps that stand, and blockers that they raised, with their codes."""
    loose = await rows.bumps_of(tx, team.id, person_id=person.id)
    blockers = [each for each in await open_blockers(tx, team.id) if each.raised_by == person.id]
    return [each.text for each in loose] + [f"{each.code} {each.text}" for each in blockers]


async def proposed(tx: Tx, found: Around, person: Person) -> list[str]:
    """Up to three things for the next week: what was planned and goes on, then what is due by its end."""
    before = await _goals_before(tx, found, person)
    actions = {each.id: each for each in await _open_actions(tx, person)}
    going_on = [
        goal.text
        for goal in before
        if goal.result in {Result.OPEN, Result.MISSED} and (goal.action_id is None or goal.action_id in actions)
    ]
    _, sunday = rules.plan_week(found.run)
    due = [each for each in actions.values() if each.due_on is not None and each.due_on <= sunday]
    lines = [f"{each.code} {each.title}" for each in due]
    reaches = await tx.all(
        select(Milestone)
        .where(
            Milestone.owner_id == person.id,
            Milestone.state == Milestone.State.PLANNED,
            col(Milestone.forecast_on) <= sunday,
        )
        .order_by(col(Milestone.forecast_on), col(Milestone.id))
    )
    lines += [f"{each.code} {each.title}" for each in reaches]
    codes = {rules.code_in(line, "A") for line in going_on} - {""}
    new = [each for each in lines if rules.code_in(each, "A") not in codes]
    return [*going_on, *new][: rules.GOALS_MAX]


async def _open_actions(tx: Tx, person: Person) -> Sequence[Action]:
    return await tx.all(
        select(Action)
        .where(Action.owner_id == person.id, col(Action.state).in_(AGREED))
        .order_by(col(Action.due_on), col(Action.priority), col(Action.id))
    )


async def _goals_before(tx: Tx, found: Around, person: Person) -> list[WeeklyGoal]:
    """The goals that this week was to reach."""
    before = found.run.monday - WEEK
    run = await rows.run_of_week(tx, found.team.id, before)
    if run is None or run.state is rules.State.SKIPPED:
        return []
    return rules.kept_goals(await rows.goals_in(tx, run, person_id=person.id))


async def goals_now(tx: Tx, found: Around, person: Person, _now: datetime) -> list[tuple[WeeklyGoal, Result]]:
    """The goals of this week with what became of them, as said or as their actions tell."""
    goals = await _goals_before(tx, found, person)
    linked = {each.action_id for each in goals if each.action_id is not None}
    actions = {
        each.id: each for each in (await tx.all(select(Action).where(col(Action.id).in_(linked))) if linked else ())
    }
    return [(each, rules.result_of(each, actions.get(each.action_id or 0))) for each in goals]


async def is_held(tx: Tx, team: Team) -> bool:
    """Whether a team has a rhythm that is neither paused nor ended."""
    weekly = await rows.weekly_of(tx, team.id)
    return weekly is not None and weekly.state is Weekly.State.HELD


async def teams_led(tx: Tx, person: Person, now: datetime) -> list[Team]:
    """The teams whose weekly somebody may set up, by name."""
    if Role.Kind.ADMIN in await roles_of(tx, person):
        return list(await tx.all(select(Team).order_by(col(Team.name))))
    return [each for each in await teams_answered_for(tx, person.id) if await answers_for(tx, person, each, now)]


async def is_member(tx: Tx, team: Team, person_id: int, on: date) -> bool:
    """Whether somebody belongs to a team on a day."""
    found = select(Membership.id).where(
        Membership.team_id == team.id,
        Membership.person_id == person_id,
        col(Membership.from_on) <= on,
        (col(Membership.to_on).is_(None)) | (col(Membership.to_on) >= on),
    )
    return await tx.first(found) is not None
