"""How late a milestone is, and the colour that says so."""

from datetime import date

import pytest

from bot.chat.spans import Hue
from bot.work import slip
from storage.initiatives import Milestone

TODAY = date(2026, 12, 1)
State = Milestone.State


def a_milestone(
    forecast: date, baseline: date | None = None, *, days: int = 0, state: State = State.PLANNED
) -> Milestone:
    return Milestone(
        code="M-31", initiative_id=1, title="Script live", forecast_on=forecast, baseline_on=baseline,
        duration_days=days, state=state,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("baseline", "forecast", "days", "hue"),
    [
        (date(2026, 12, 18), date(2027, 1, 8), 21, Hue.RED),
        (date(2027, 1, 29), date(2027, 1, 22), -7, Hue.GREEN),
        (date(2027, 1, 29), date(2027, 1, 29), 0, Hue.GREEN),
        (date(2027, 1, 15), date(2027, 1, 16), 1, Hue.AMBER),
        (date(2027, 1, 15), date(2027, 1, 25), 10, Hue.AMBER),
        (date(2027, 1, 15), date(2027, 1, 26), 11, Hue.RED),
    ],
)
def test_slip_is_in_calendar_days_and_decides_the_colour(baseline: date, forecast: date, days: int, hue: Hue) -> None:
    milestone = a_milestone(forecast, baseline)
    assert slip.slip_days(milestone) == days
    assert slip.hue_of(milestone, TODAY, pushes_another=False) is hue


def test_one_that_moves_another_past_its_baseline_is_red() -> None:
    assert slip.hue_of(a_milestone(date(2027, 1, 16), date(2027, 1, 15)), TODAY, pushes_another=True) is Hue.RED


def test_one_whose_day_is_over_needs_a_date_and_is_red() -> None:
    assert slip.hue_of(a_milestone(date(2026, 11, 30), date(2026, 12, 18)), TODAY, pushes_another=False) is Hue.RED


def test_an_achieved_one_is_blue() -> None:
    late = a_milestone(date(2026, 11, 1), date(2026, 10, 1), state=State.ACHIEVED)
    assert slip.hue_of(late, TODAY, pushes_another=False) is Hue.BLUE


def test_a_late_script_pushes_the_training_of_40_desks() -> None:
    script = a_milestone(date(2027, 1, 8), date(2026, 12, 18))
    desks = a_milestone(date(2027, 1, 15), date(2027, 1, 15), days=10)
    assert slip.earliest_end(script, 0, desks) == date(2027, 1, 19)
    assert slip.pushes(script, 0, desks)


def test_the_worst_colour_stands_for_all() -> None:
    assert slip.worst([Hue.GREEN, Hue.RED, Hue.AMBER]) is Hue.RED
    assert slip.worst([Hue.BLUE, Hue.GREEN]) is Hue.GREEN
    assert slip.worst([]) is None
