"""The words of the week in a person's day: their goals, their weekly check, a plan to confirm."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Group, Line, Row
from bot.chat.words import clock_in, short_day
from bot.home.views import NOTHING, Part, rows
from storage.weekly import Goal, WeeklyGoal, WeeklyRun

SHOWN = 2  # of each, with their button beside them
RESULTS = {WeeklyGoal.Result.MET: "met", WeeklyGoal.Result.MISSED: "goes on"}


def goals(found: Sequence[Goal]) -> Part:
    """Goals of the week; those that nobody has confirmed say so."""
    lines = tuple(Line((each.goal.text,), _state(each)) for each in found)
    is_ahead = any(each.goal.result is WeeklyGoal.Result.OPEN for each in found)
    return Part((Group("Your goals this week", lines),), is_ahead=is_ahead) if lines else NOTHING


def _state(each: Goal) -> tuple[str, ...]:
    if each.goal.result in RESULTS:
        return (RESULTS[each.goal.result],)
    return ("proposed",) if each.is_proposed else ()


def waiting(checks: Sequence[tuple[WeeklyRun, str]], plans: Sequence[tuple[WeeklyRun, str]], zone: ZoneInfo) -> Part:
    """What somebody has not said about their week yet, and the plans that wait for their word."""
    found = [Row(f"Weekly check, {team}", _until(run.meets_at, zone), _answer(run)) for run, team in checks]
    found += [Row(f"Next week's plan, {team}", "Proposed until you confirm it", _plan(run)) for run, team in plans]
    return Part(rows(found, SHOWN, "More weeks"), len(found)) if found else NOTHING


def _until(at: datetime, zone: ZoneInfo) -> str:
    return f"The meeting is on {short_day(at.astimezone(zone).date())} at {clock_in(at, zone)}"


def _answer(run: WeeklyRun) -> Button:
    return Button("Answer the check", "weekly.form", {"run": str(run.id)}, opens_form=True, spoken="Answer the check")


def _plan(run: WeeklyRun) -> Button:
    return Button("Look at the plan", "weekly.plan", {"run": str(run.id)}, spoken="Look at next week's plan")
