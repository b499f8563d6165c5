"""How late a milestone is, and the colour that says so. Pure. Source: domain.md 4.7."""

from collections.abc import Iterable
from datetime import date

from bot.chat.spans import Hue
from storage.initiatives import Milestone

AMBER_MOST = 10  # days late; beyond them it is red

_WORST = (Hue.RED, Hue.AMBER, Hue.GREEN, Hue.BLUE)


def later(on: date, days: int) -> date:
    """A day some days after another, or the last of the calendar."""
    return date.fromordinal(min(on.toordinal() + days, date.max.toordinal()))


def end_on(milestone: Milestone) -> date:
    """The day it was reached, is said to be reached, or is expected on, where a late predecessor has its say."""
    match milestone.state:
        case Milestone.State.ACHIEVED:
            return milestone.actual_on or milestone.forecast_on
        case Milestone.State.CLAIMED:
            return milestone.claimed_on or milestone.forecast_on
        case Milestone.State.PLANNED | Milestone.State.WAIVED | Milestone.State.CANCELLED:
            return milestone.proposed_on or milestone.forecast_on


def slip_days(milestone: Milestone) -> int | None:
    """Calendar days after its baseline, negative when early; None while it has no baseline."""
    if milestone.baseline_on is None:
        return None
    return (end_on(milestone) - milestone.baseline_on).days


def earliest_end(before: Milestone, lag_days: int, after: Milestone) -> date:
    """The day on which a milestone can be there that begins `lag_days` and one after another."""
    return later(end_on(before), lag_days + 1 + after.duration_days)


def pushes(before: Milestone, lag_days: int, after: Milestone) -> bool:
    """Whether one milestone moves another one, which is still to come, past its baseline."""
    is_ahead = after.state is Milestone.State.PLANNED
    return is_ahead and after.baseline_on is not None and earliest_end(before, lag_days, after) > after.baseline_on


def hue_of(milestone: Milestone, today: date, *, pushes_another: bool) -> Hue:
    """Achieved is blue; planned for a day that is over is red; else by its slip, and by whether it moves others."""
    if milestone.state is Milestone.State.ACHIEVED:
        return Hue.BLUE
    slip = slip_days(milestone) or 0
    needs_date = milestone.state is Milestone.State.PLANNED and end_on(milestone) < today
    if needs_date or slip > AMBER_MOST:
        return Hue.RED
    if slip <= 0:
        return Hue.GREEN
    return Hue.RED if pushes_another else Hue.AMBER


def worst(hues: Iterable[Hue]) -> Hue | None:
    """The worst of some colours; None of none."""
    found = {*hues}
    return next((hue for hue in _WORST if hue in found), None)
