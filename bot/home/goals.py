"""The sections of a person's week: what they have still to say about it, and this week's goals."""

from bot.chat.localtime import today_in
from bot.home import goal_views
from bot.home.day import Day
from bot.home.views import NOTHING, Part
from bot.weekly import rules, standing
from storage.weekly import WeeklyRun, goals_of, newest_runs, update_of


async def goals(mine: Day) -> Part:
    """What they want to reach this week, in all their teams."""
    week = mine.today.isocalendar()
    return goal_views.goals(await goals_of(mine.tx, mine.person.id, (week.year, week.week)))


async def weeks(mine: Day) -> Part:
    """Checks without an answer, and plans that wait for who leads the team."""
    if not mine.teams:
        return NOTHING
    names = {team.id: team for team in mine.teams}
    runs = await newest_runs(mine.tx, list(names), most=2 * len(names))
    checks = [(run, names[run.team_id].name) for run in runs if await _is_open(mine, run)]
    plans = [(run, names[run.team_id].name) for run in runs if await _is_to_confirm(mine, run)]
    return goal_views.waiting(checks, plans, mine.zone)


async def _is_open(mine: Day, run: WeeklyRun) -> bool:
    if run.state is not rules.State.PREPARING or mine.now >= run.meets_at:
        return False
    update = await update_of(mine.tx, run, mine.person.id)
    return update is not None and update.submitted_at is None


async def _is_to_confirm(mine: Day, run: WeeklyRun) -> bool:
    if run.posted_at is None or run.confirmed_at is not None:
        return False
    team = next(each for each in mine.teams if each.id == run.team_id)
    can_plan = rules.can_plan(run, today_in(standing.zone_of_run(run), mine.now))
    return can_plan and mine.person.id in {team.lead_id, team.deputy_id}
