"""On which days a huddle takes place: every n weeks, from and until a day, and while it rests."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles import rules
from schedules.cadence import slots
from storage.huddles import Huddle
from tests.support.huddle_rows import a_huddle

MONDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 26)
A_YEAR = timedelta(days=366)

days = st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1)
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def a_rhythm(weekdays: str = "mon,thu", *, every: int = 1, anchor: date | None = None) -> Huddle:
    huddle = a_huddle(weekdays=weekdays)
    huddle.every_weeks, huddle.anchor_on = every, anchor
    return huddle


def test_every_other_week_leaves_one_out() -> None:
    huddle = a_rhythm(every=2, anchor=MONDAY)
    assert rules.next_dates(huddle, date(2026, 11, 22), 4) == [
        MONDAY,
        THURSDAY,
        date(2026, 12, 7),
        date(2026, 12, 10),
    ]


@given(days, st.integers(2, 6), dates, st.integers(0, 400))
def test_the_clock_and_the_preview_agree_whenever_the_rhythm_is_written_anew(
    weekdays: set[str], every: int, anchor: date, later: int
) -> None:
    ordered = ",".join(each for each in ("mon", "tue", "wed", "thu", "fri", "sat", "sun") if each in weekdays)
    huddle = a_rhythm(ordered, every=every, anchor=anchor)
    today = anchor + timedelta(days=later)
    starts_at = datetime.combine(rules.starts_on(huddle, today), huddle.at_time)
    since = datetime.combine(today, time()) - timedelta(seconds=1)
    found = [each.date() for each in slots(rules.rule_of(huddle), starts_at, since, since + A_YEAR)][:5]
    assert found == rules.next_dates(huddle, today - timedelta(days=1), 5)[: len(found)]
    assert len(found) == 5


@given(days, st.integers(2, 6), dates, st.integers(0, 400), st.integers(0, 400))
def test_its_weeks_stay_the_same_whenever_one_looks(
    weekdays: set[str], every: int, anchor: date, first: int, second: int
) -> None:
    huddle = a_rhythm(",".join(sorted(weekdays)), every=every, anchor=anchor)
    low, high = sorted((first, second))
    early = rules.next_dates(huddle, anchor + timedelta(days=low), 60)
    late = rules.next_dates(huddle, anchor + timedelta(days=high), 5)
    assert set(late) & {each for each in early if each > anchor + timedelta(days=high)} or high - low > 60
    assert all(rules.is_in_its_weeks(huddle, each) for each in (*early, *late))


def test_it_takes_place_from_its_first_to_its_last_day() -> None:
    huddle = a_rhythm()
    huddle.from_on, huddle.until_on = date(2026, 12, 3), date(2026, 12, 10)
    assert rules.next_dates(huddle, MONDAY, 9) == [date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 10)]
    rule, starts_at = rules.rule_of(huddle), datetime.combine(rules.starts_on(huddle, MONDAY), huddle.at_time)
    found = slots(rule, starts_at, starts_at - timedelta(days=30), starts_at + A_YEAR)
    assert [each.date() for each in found] == rules.next_dates(huddle, MONDAY, 9)


def test_a_last_day_in_the_past_leaves_nothing() -> None:
    huddle = a_rhythm()
    huddle.until_on = date(2026, 11, 20)
    assert rules.next_dates(huddle, MONDAY, 3) == []


def test_a_pause_with_a_last_day_ends_by_itself() -> None:
    huddle = a_rhythm()
    huddle.paused, huddle.resumes_on = True, date(2026, 12, 1)
    assert rules.next_dates(huddle, MONDAY, 1) == [date(2026, 12, 3)]
    assert [rules.is_paused(huddle, on) for on in (date(2026, 11, 30), date(2026, 12, 1))] == [True, False]


@pytest.mark.parametrize(("active", "paused"), [(False, False), (True, True), (False, True)])
def test_a_huddle_that_rests_or_has_ended_has_no_next_day(*, active: bool, paused: bool) -> None:
    huddle = a_rhythm()
    huddle.active, huddle.paused = active, paused
    assert rules.next_dates(huddle, MONDAY, 3) == []
