"""Rates, reach, streaks and ages with the figures of the specification. Source: domain.md 4.5 and 4.6."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockers.rules import age
from bot.huddles import figures, rules
from bot.people.rules import is_office_day
from storage.huddles import HuddleRun
from tests.support.huddle_rows import State, a_run, held

NOBODY = a_run(state=State.CLOSED, expected=0)
SKIPPED, MISSED = a_run(state=State.SKIPPED), a_run(state=State.MISSED)


def of(on_time: int, expected: int, late: int = 0) -> HuddleRun:
    """A run that was held."""
    return a_run(state=State.CLOSED, expected=expected, on_time=on_time, late=late)


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(
    ("runs", "rate", "reach"),
    [
        pytest.param([of(4, 5)], "80.0%", "80.0%", id="four of five"),
        pytest.param([of(4, 5, late=1)], "80.0%", "100.0%", id="with one late"),
        pytest.param([of(4, 5), of(5, 5), NOBODY, of(3, 4)], "85.7%", "85.7%", id="a period is made of sums"),
        pytest.param([of(1, 1), of(0, 9)], "10.0%", "10.0%", id="and never the mean of rates"),
        pytest.param([NOBODY], "n/a", "n/a", id="nobody expected"),
        pytest.param([], "n/a", "n/a", id="no run"),
        pytest.param([SKIPPED, MISSED], "n/a", "n/a", id="nothing held"),
        pytest.param([of(0, 5)], "0.0%", "0.0%", id="nobody answered"),
        pytest.param([of(1, 16)], "6.3%", "6.3%", id="half is rounded up"),
    ],
)
def test_rate_and_reach(runs: list[HuddleRun], rate: str, reach: str) -> None:
    found = figures.tally(runs)
    assert (found.rate, found.reach) == (rate, reach)


def test_a_period_of_four_is_twelve_of_fourteen_and_says_what_was_not_held() -> None:
    found = figures.tally([of(4, 5), of(5, 5), NOBODY, of(3, 4)])
    assert (found.on_time, found.expected, found.held, found.not_held) == (12, 14, 3, 1)


def test_what_is_still_open_counts_for_nothing() -> None:
    assert figures.tally([a_run(expected=5, on_time=2), a_run(state=State.PLANNED)]) == figures.Tally()


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(
    ("history", "current", "longest"),
    [
        pytest.param([held(100), held(85), NOBODY, held(80), held(75), held(90)], 1, 3, id="one below"),
        pytest.param([held(100), SKIPPED, held(80), NOBODY], 2, 2, id="what was not held is passed over"),
        pytest.param([held(100), MISSED, held(80)], 2, 2, id="as is what the bot missed"),
        pytest.param([of(799, 1000)], 0, 0, id="79.9 is below"),
        pytest.param([of(4, 5)], 1, 1, id="80 is on target"),
        pytest.param([held(100), held(100), held(10)], 0, 2, id="it has just ended"),
        pytest.param([], 0, 0, id="no run"),
    ],
)
def test_streaks(history: list[HuddleRun], current: int, longest: int) -> None:
    assert rules.streak(list(reversed(history))) == current
    assert figures.longest_streak(history) == longest


@pytest.mark.parametrize(
    ("history", "ended"),
    [
        ([held(100), held(100), held(10)], True),
        ([held(100), held(10)], False),
        ([held(100), held(100)], False),
        ([held(10), held(10)], False),
        ([held(100), held(100), held(10), SKIPPED], True),
    ],
)
def test_a_streak_of_two_or_more_has_ended_with_the_first_run_below(history: list[HuddleRun], *, ended: bool) -> None:
    assert rules.has_ended(list(reversed(history))) is ended


@given(st.lists(st.sampled_from([held(100), held(10), SKIPPED, NOBODY]), max_size=30))
def test_the_longest_streak_is_the_same_from_either_end_and_never_below_the_current(history: list[HuddleRun]) -> None:
    backwards = list(reversed(history))
    assert figures.longest_streak(history) == figures.longest_streak(backwards)
    assert rules.streak(backwards) <= figures.longest_streak(history)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 27), date(2026, 11, 30), 1),
        (date(2026, 11, 27), date(2026, 11, 28), 0),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 12, 2), date(2026, 12, 9), 5),
        (date(2026, 12, 2), date(2026, 12, 2), 0),
    ],
)
def test_ages_are_counted_in_working_days(start: date, end: date, days: int) -> None:
    assert age(start, end, lambda on: is_office_day(on, "GB-ENG")) == days


def test_ages_are_told_by_when_a_blocker_goes_up() -> None:
    assert figures.by_age([0, 0, 1, 2, 3, 4, 5, 12]) == [2, 2, 2, 2]


@given(st.lists(st.integers(min_value=0, max_value=400)))
def test_every_age_falls_into_one_of_them(ages: list[int]) -> None:
    assert sum(figures.by_age(ages)) == len(ages)


def test_weeks_end_with_the_one_that_has_begun() -> None:
    assert figures.weeks_of(date(2026, 11, 24), 2) == [
        (date(2026, 11, 16), date(2026, 11, 22)),
        (date(2026, 11, 23), date(2026, 11, 24)),
    ]


@pytest.mark.parametrize(
    ("statuses", "row"),
    [
        ([], 0),
        (["silent"], 1),
        (["silent", "silent", "answered", "silent"], 2),
        (["answered", "silent"], 0),
        (["answered_late", "silent"], 0),
    ],
)
def test_silent_runs_are_counted_up_to_the_newest_answer(statuses: list[str], row: int) -> None:
    assert rules.silent_in_a_row(statuses) == row
