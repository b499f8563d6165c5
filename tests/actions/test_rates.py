"""How much was done in time, and how many first promises were kept. Source: domain.md 4.6."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.actions import rules
from bot.actions.rules import Rate, State
from storage.actions import Action

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def an_action(due: date, *, done: date | None = None, first: date | None = None, state: State | None = None) -> Action:
    state = state or (State.DONE if done else State.OPEN)
    return Action(
        code="A-1", title="x", requester_id=1, due_on=due, first_due_on=first or due, finished_on=done, state=state
    )


@pytest.mark.req("S3-23")
def test_nine_due_six_in_time_one_late_two_open_and_two_of_them_moved_from_the_week_before() -> None:
    week = [an_action(FRIDAY, done=FRIDAY) for _ in range(4)]
    week += [an_action(FRIDAY, done=MONDAY, first=MONDAY - timedelta(days=4)) for _ in range(2)]
    week += [an_action(MONDAY, done=MONDAY + timedelta(days=1))]
    week += [an_action(FRIDAY), an_action(FRIDAY)]
    assert rules.on_time(week, MONDAY, FRIDAY) == Rate(6, 9)
    assert rules.promises_kept(week, MONDAY, FRIDAY) == Rate(4, 7)
    assert round(float(Rate(6, 9).share or 0) * 100, 1) == 66.7
    assert round(float(Rate(4, 7).share or 0) * 100, 1) == 57.1


def test_what_is_claimed_in_time_counts_when_it_is_accepted() -> None:
    claimed = an_action(FRIDAY, done=FRIDAY, state=State.DONE_CLAIMED)
    assert rules.on_time([claimed], MONDAY, FRIDAY) == Rate(0, 1)
    claimed.state = State.DONE
    assert rules.on_time([claimed], MONDAY, FRIDAY) == Rate(1, 1)


def test_what_was_called_off_counts_nowhere_and_nothing_due_is_no_rate() -> None:
    rate = rules.on_time([an_action(FRIDAY, state=State.CANCELLED)], MONDAY, FRIDAY)
    assert rate == Rate(0, 0)
    assert rate.share is None


@pytest.mark.req("S2-36")
def test_the_share_done_for_other_departments() -> None:
    closed = [(1, 2)] * 5 + [(1, 1)] * 20
    assert rules.across_departments(closed).share == Fraction(1, 5)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("week", "week"), ("weeks", "week"), ("2 weeks", "2 week"), ("Month", "month"), ("0 days", None), ("often", None)],
)
def test_an_interval_is_read(typed: str, kept: str | None) -> None:
    assert rules.every_of(typed) == kept


@pytest.mark.parametrize(
    ("every", "after", "following"),
    [
        ("week@2026-11-27", date(2026, 11, 27), date(2026, 12, 4)),
        ("week@2026-11-27", date(2026, 12, 20), date(2026, 12, 25)),
        ("month@2026-12-31", date(2027, 1, 31), date(2027, 2, 28)),
        ("month@2026-12-31", date(2027, 2, 28), date(2027, 3, 31)),
        ("2 month@2026-12-31", date(2026, 12, 31), date(2027, 2, 28)),
        ("year@2024-02-29", date(2025, 2, 28), date(2026, 2, 28)),
        ("year@2024-02-29", date(2027, 3, 1), date(2028, 2, 29)),
        ("3 day@2026-11-27", date(2026, 11, 27), date(2026, 11, 30)),
    ],
)
def test_what_comes_again_comes_after_a_day_and_counts_from_its_first(every: str, after: date, following: date) -> None:
    assert rules.next_due(every, after) == following
