"""Rates and streaks: what counts, and what changes nothing."""

from collections.abc import Sequence
from datetime import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles import rules
from storage.huddles import Huddle, HuddleRun
from tests.support.huddle_rows import (
    NINE_THIRTY,
    NOON,
    State,
    Status,
    a_huddle,
    a_run,
    an_answer,
    an_expectation,
    at,
    held,
)

TARGET = 80
NOT_COUNTED = (Status.NOT_REACHED, Status.ABSENT, Status.HOLIDAY, Status.EXCUSED)

runs = st.builds(
    lambda state, expected, share: a_run(state=state, expected=expected, on_time=expected * share // 100),
    st.sampled_from(State),
    st.integers(min_value=0, max_value=12),
    st.integers(min_value=0, max_value=100),
)


def current_streak(oldest_first: Sequence[HuddleRun]) -> int:
    return rules.streak(list(reversed(oldest_first)))


NOBODY_EXPECTED = a_run(state=State.CLOSED, expected=0)
SKIPPED = a_run(state=State.SKIPPED, expected=5)
MISSED = a_run(state=State.MISSED, expected=5)


def test_a_run_below_target_ends_the_streak() -> None:
    history = [held(100), held(85), NOBODY_EXPECTED, held(80), held(75), held(90)]
    assert current_streak(history) == 1


def test_what_was_not_held_is_passed_over() -> None:
    assert current_streak([held(100), SKIPPED, held(80), NOBODY_EXPECTED]) == 2
    assert current_streak([held(100), MISSED, held(80)]) == 2


def test_79_9_percent_is_below_80_though_it_is_written_so() -> None:
    assert not rules.is_on_target(a_run(expected=1000, on_time=799))
    assert rules.is_on_target(a_run(expected=1000, on_time=800))


def test_late_answers_do_not_reach_the_target() -> None:
    assert rules.streak([a_run(state=State.CLOSED, expected=5, on_time=3, late=2)]) == 0


def test_a_run_that_is_still_open_does_not_count_yet() -> None:
    assert current_streak([held(100), a_run(expected=5)]) == 1


def test_without_runs_there_is_no_streak() -> None:
    assert current_streak([]) == 0


@given(st.lists(runs, max_size=12), st.sampled_from([NOBODY_EXPECTED, SKIPPED, MISSED]), st.integers(0, 12))
def test_a_run_that_was_not_held_changes_no_streak(history: list[HuddleRun], free: HuddleRun, place: int) -> None:
    assert current_streak([*history[:place], free, *history[place:]]) == current_streak(history)


@given(st.lists(runs, max_size=12))
def test_a_streak_is_the_held_runs_behind_the_last_one_below_target(history: list[HuddleRun]) -> None:
    held_runs = [run for run in history if run.state is State.CLOSED and run.expected]
    below = [
        place for place, run in enumerate(held_runs) if Fraction(run.on_time, run.expected) < Fraction(TARGET, 100)
    ]
    assert current_streak(history) == len(held_runs) - (below[-1] + 1 if below else 0)


@pytest.mark.req("INV-2")
@given(st.lists(st.sampled_from(Status), max_size=30))
def test_on_time_and_late_and_silent_are_everybody_expected(statuses: list[Status]) -> None:
    run = a_run()
    rules.recount(run, [an_expectation(status) for status in statuses])
    assert run.on_time == statuses.count(Status.ANSWERED)
    assert run.late == statuses.count(Status.ANSWERED_LATE)
    silent = statuses.count(Status.SILENT) + statuses.count(Status.EXPECTED)
    assert run.on_time + run.late + silent == run.expected


@pytest.mark.req("INV-2")
@given(st.lists(st.sampled_from(Status), max_size=30), st.lists(st.sampled_from(NOT_COUNTED), max_size=5))
def test_who_is_away_on_holiday_excused_or_not_reached_changes_no_rate(
    statuses: list[Status], free: list[Status]
) -> None:
    run, same = a_run(), a_run()
    rules.recount(run, [an_expectation(status) for status in statuses])
    rules.recount(same, [an_expectation(status) for status in (*statuses, *free)])
    assert (run.expected, run.on_time, run.late) == (same.expected, same.on_time, same.late)


def test_an_answer_changed_after_it_was_given_is_edited() -> None:
    assert rules.is_edited(an_answer(is_edited=True))
    assert not rules.is_edited(an_answer(submitted_at=NOON))


# --- when the summary stands


@pytest.mark.req("S3-28")
def test_the_summary_of_a_huddle_together_comes_with_its_close() -> None:
    assert rules.summary_at(a_huddle(), a_run()) == NINE_THIRTY


def test_a_local_summary_comes_with_the_last_window_or_at_four() -> None:
    huddle = a_huddle(mode=Huddle.Mode.LOCAL)
    assert rules.summary_at(huddle, a_run(closes_at=at(14, 30))) == at(14, 30)
    assert rules.summary_at(huddle, a_run(closes_at=at(22, 30))) == at(16)


def test_a_local_summary_never_comes_before_the_huddle() -> None:
    huddle = a_huddle(mode=Huddle.Mode.LOCAL, at_time=time(17))
    assert rules.summary_at(huddle, a_run(opens_at=at(17), closes_at=at(22))) == at(17)
