"""A huddle's figures and its runs as lines of a file: gathered from rows, for cards and pages."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat.localtime import today_in
from bot.huddles import figures, rules, scene
from bot.huddles.count_views import Counted
from bot.huddles.scene import Scene
from bot.teams.leading import answers_for
from storage.blockers import open_blockers
from storage.huddles import Huddle, HuddleRun, runs_between
from storage.organisations import organisation_of
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx

REMEMBERED = timedelta(days=2 * 366)
"""As far back as the longest streak is looked for."""


async def counted(tx: Tx, huddle: Huddle, team: Team, now: datetime, *, weeks: int) -> Counted:
    """The last weeks of a huddle, the one that has begun included."""
    until = today_in(scene.zone_of_huddle(huddle), now)
    spans = figures.weeks_of(until, weeks)
    runs = await runs_between(tx, huddle, until - REMEMBERED, until)
    recent = [each for each in runs if each.local_date >= spans[0][0]]
    today = HuddleRun(huddle_id=huddle.id, local_date=until, opens_at=now, closes_at=now)
    around = Scene(today, huddle, team, await scene.calendar_of(tx, team))
    found = await scene.blockers_in(tx, around, await open_blockers(tx, team.id), now)
    return Counted(
        since=spans[0][0],
        until=until,
        all=figures.tally(recent),
        weeks=[(first, figures.tally([r for r in recent if first <= r.local_date <= last])) for first, last in spans],
        streak=await _streak(tx, huddle, runs),
        blockers=found,
        ages=figures.by_age([each.age_days for each in found]),
    )


async def _streak(tx: Tx, huddle: Huddle, runs: Sequence[HuddleRun]) -> tuple[int, int] | None:
    if not (huddle.shows_streak and (await organisation_of(tx)).gamification):
        return None
    return rules.streak(list(reversed(runs))), figures.longest_streak(runs)


async def lines(tx: Tx, huddle: Huddle) -> list[Sequence[object]]:
    """Every run of a huddle that is over, oldest first, in the order of `count_views.COLUMNS`; nobody is named."""
    runs = await runs_between(tx, huddle, date.min, date.max)
    over = [each for each in runs if each.state not in {HuddleRun.State.PLANNED, HuddleRun.State.OPEN}]
    return [_line(each) for each in over]


def _line(run: HuddleRun) -> Sequence[object]:
    head = (run.local_date, run.state.value, run.reason)
    if not rules.was_held(run):
        return (*head, "", "", "", "", "", "", "", "", "", run.target_percent)
    on_target = "yes" if rules.is_on_target(run) else "no"
    percents = (
        figures.share(run.on_time, run.expected).removesuffix("%"),
        figures.share(run.on_time + run.late, run.expected).removesuffix("%"),
    )
    silent = run.expected - run.on_time - run.late
    counts = (run.expected, run.on_time, run.late, silent)
    return (*head, run.opens_at, run.closes_at, *counts, *percents, on_target, run.target_percent)


async def may_export(tx: Tx, person: Person, huddle: Huddle, now: datetime) -> bool:
    """Whether somebody leads the huddle's team or administers the bot."""
    return person.active and await answers_for(tx, person, await tx.need(Team, huddle.team_id), now)
