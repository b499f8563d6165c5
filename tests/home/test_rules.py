"""How a person stands to a huddle of their day, and which blocker comes first."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.home import rules
from bot.home.rules import Standing
from storage.huddles import Huddle
from tests.support.huddle_rows import (
    NINE_THIRTY,
    TUESDAY,
    State,
    Status,
    a_blocker,
    a_huddle,
    a_run,
    an_expectation,
    at,
)

ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata")
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
CEM = 5


def stands(status: Status | None, *, state: State = State.OPEN, answered: bool = False, now: int = 20) -> Standing:
    """At so many minutes past nine, in a run from 09:15 to 09:30."""
    expectation = None if status is None else an_expectation(status)
    return rules.standing(a_run(state=state), expectation, answered=answered, until=NINE_THIRTY, now=at(9, now))


def test_who_is_expected_has_it_open_until_their_window_ends() -> None:
    assert stands(Status.EXPECTED, now=29) is Standing.OPEN
    assert stands(Status.EXPECTED, now=30) is Standing.LATE


@pytest.mark.parametrize("status", [Status.SILENT, Status.NOT_REACHED])
def test_whom_the_window_has_passed_can_still_be_late(status: Status) -> None:
    assert stands(status, state=State.CLOSED, now=40) is Standing.LATE


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.ANSWERED_LATE])
def test_who_has_answered_is_done(status: Status) -> None:
    assert stands(status, answered=True, now=40) is Standing.ANSWERED


def test_whose_own_hour_is_still_to_come_is_not_asked_yet() -> None:
    assert stands(Status.EXPECTED, now=10) is Standing.COMING


@pytest.mark.parametrize("status", [Status.ABSENT, Status.HOLIDAY, Status.EXCUSED])
def test_who_is_off_is_asked_nothing(status: Status) -> None:
    assert stands(status) is Standing.NOT_ASKED


def test_who_answered_on_a_day_off_has_answered_but_who_went_away_after_it_is_away() -> None:
    assert stands(Status.HOLIDAY, answered=True) is Standing.ANSWERED
    assert stands(Status.ABSENT, answered=True) is Standing.NOT_ASKED


@pytest.mark.parametrize("status", [None, Status.EXPECTED, Status.ABSENT])
def test_a_run_that_was_not_held_is_so_for_everybody(status: Status | None) -> None:
    assert stands(status, state=State.SKIPPED) is Standing.OFF
    assert stands(status, state=State.MISSED) is Standing.MISSED


def test_a_lead_outside_the_huddle_sees_it_run_and_end() -> None:
    assert stands(None) is Standing.RUNNING
    assert stands(None, state=State.CLOSED) is Standing.HELD


@pytest.mark.parametrize(
    ("zone", "huddle_zone", "mode", "newest"),
    [
        ("Europe/London", "Europe/London", Huddle.Mode.TOGETHER, TUESDAY),
        ("America/New_York", "Europe/London", Huddle.Mode.TOGETHER, TUESDAY),
        ("America/New_York", "Australia/Sydney", Huddle.Mode.TOGETHER, WEDNESDAY),
        ("America/New_York", "Australia/Sydney", Huddle.Mode.LOCAL, TUESDAY),
        ("Pacific/Kiritimati", "America/New_York", Huddle.Mode.TOGETHER, MONDAY),
    ],
)
def test_the_run_of_somebodys_day_is_the_one_they_are_asked_for_on_it(
    zone: str, huddle_zone: str, mode: Huddle.Mode, newest: date
) -> None:
    huddle = a_huddle(zone=huddle_zone, mode=mode)
    assert rules.newest_asked(huddle, TUESDAY, ZoneInfo(zone)) == newest
    assert rules.asked_on(huddle, newest, ZoneInfo(zone)) == TUESDAY


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.times(),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from(Huddle.Mode),
)
def test_every_run_is_asked_by_the_end_of_exactly_one_day(
    zone: str, huddle_zone: str, at_time: time, today: date, mode: Huddle.Mode
) -> None:
    huddle, here = a_huddle(zone=huddle_zone, at_time=at_time.replace(microsecond=0), mode=mode), ZoneInfo(zone)
    newest = rules.newest_asked(huddle, today, here)
    assert rules.asked_on(huddle, newest, here) <= today
    assert rules.asked_on(huddle, newest + timedelta(days=1), here) > today


def test_a_customer_without_service_comes_first_then_what_waits_for_me_then_the_oldest() -> None:
    stopped = a_blocker(code="B-4", customer_stopped=True, taken_by=9)
    old, new = a_blocker(code="B-3", raised_on=MONDAY), a_blocker(code="B-1")
    taken = a_blocker(code="B-2", raised_on=MONDAY, taken_by=9)
    ordered = sorted([new, taken, old, stopped], key=lambda each: rules.urgency(each, CEM))
    assert [each.code for each in ordered] == ["B-4", "B-3", "B-1", "B-2"]


def test_a_blocker_is_mine_when_i_raised_it_or_took_it_on() -> None:
    assert rules.is_mine(a_blocker(), CEM)
    assert rules.is_mine(a_blocker(taken_by=9), 9)
    assert not rules.is_mine(a_blocker(), 9)
