"""Slip, colour, averages: every vector of domain.md 4.7."""

from datetime import date
from fractions import Fraction

import pytest

from bot.chat.spans import Hue
from bot.milestones import rules
from bot.work.slip import slip_days, worst
from storage.initiatives import Milestone

State = Milestone.State
TODAY = date(2026, 12, 7)
BASELINE = date(2026, 12, 18)


def a_milestone(
    forecast: date, *, baseline: date | None = BASELINE, state: State = State.PLANNED, **more: object
) -> Milestone:
    return Milestone(
        id=1,
        code="M-31",
        initiative_id=1,
        title="Script live",
        baseline_on=baseline,
        forecast_on=forecast,
        state=state,
        **more,  # type: ignore[arg-type]  # each test names what is special
    )


@pytest.mark.req("S3-14")
@pytest.mark.parametrize(
    ("baseline", "forecast", "days"),
    [
        (date(2026, 12, 18), date(2027, 1, 8), 21),
        (date(2027, 1, 29), date(2027, 1, 22), -7),
        (date(2027, 1, 15), date(2027, 1, 19), 4),
        (date(2026, 12, 18), date(2026, 12, 18), 0),
        (None, date(2026, 12, 18), None),
    ],
)
def test_slip_is_calendar_days_after_the_baseline(baseline: date | None, forecast: date, days: int | None) -> None:
    assert slip_days(a_milestone(forecast, baseline=baseline)) == days


def test_what_is_reached_slips_by_its_actual_date() -> None:
    achieved = a_milestone(date(2027, 1, 8), state=State.ACHIEVED, actual_on=date(2026, 12, 20))
    assert slip_days(achieved) == 2


@pytest.mark.parametrize(
    ("forecast", "pushes", "hue"),
    [
        (date(2026, 12, 11), False, Hue.GREEN),
        (date(2026, 12, 18), False, Hue.GREEN),
        (date(2026, 12, 18), True, Hue.GREEN),
        (date(2026, 12, 19), False, Hue.AMBER),
        (date(2026, 12, 28), False, Hue.AMBER),
        (date(2026, 12, 19), True, Hue.RED),
        (date(2026, 12, 28), True, Hue.RED),
        (date(2026, 12, 29), False, Hue.RED),
        (date(2027, 1, 8), False, Hue.RED),
        (date(2026, 12, 6), False, Hue.RED),
    ],
)
def test_the_colour_follows_the_slip_the_successors_and_the_calendar(forecast: date, pushes: bool, hue: Hue) -> None:
    assert rules.hue(a_milestone(forecast), TODAY, pushes=pushes) is hue


def test_what_is_achieved_is_blue_and_what_does_not_count_has_no_colour() -> None:
    on = date(2027, 1, 8)
    assert rules.hue(a_milestone(on, state=State.ACHIEVED, actual_on=on), TODAY, pushes=True) is Hue.BLUE
    assert rules.hue(a_milestone(on, state=State.WAIVED), TODAY, pushes=False) is None
    assert rules.hue(a_milestone(on, state=State.CANCELLED), TODAY, pushes=False) is None


def test_a_forecast_in_the_past_needs_a_date_and_today_is_not_past() -> None:
    assert rules.needs_date(a_milestone(date(2026, 12, 6)), TODAY)
    assert not rules.needs_date(a_milestone(TODAY), TODAY)
    claimed = a_milestone(date(2026, 12, 6), state=State.CLAIMED, claimed_on=date(2026, 12, 4))
    assert not rules.needs_date(claimed, TODAY)


@pytest.mark.parametrize(
    ("hues", "found"),
    [
        ([], None),
        ([Hue.BLUE, Hue.BLUE], Hue.BLUE),
        ([Hue.BLUE, Hue.GREEN], Hue.GREEN),
        ([Hue.GREEN, Hue.AMBER], Hue.AMBER),
        ([Hue.AMBER, Hue.RED, Hue.GREEN], Hue.RED),
    ],
)
def test_an_initiative_has_the_colour_of_its_worst_milestone(hues: list[Hue], found: Hue | None) -> None:
    assert worst(hues) is found


def test_average_and_median_slip_stand_beside_each_other() -> None:
    assert rules.slips([21, 4, 0, 0]) == rules.Slips(Fraction(25, 4), Fraction(2))
    assert rules.slips([21, 4, 0]) == rules.Slips(Fraction(25, 3), Fraction(4))
    assert rules.slips([]) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30d", 30),
        ("30", 30),
        ("+30 days", 30),
        ("1 day", 1),
        ("0", 0),
        ("3650d", 3650),
        ("3651d", None),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_a_number_of_days_is_read_as_it_is_typed(text: str, days: int | None) -> None:
    assert rules.days_of(text) == days
