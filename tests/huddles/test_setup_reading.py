"""Days, times and minutes as they are typed in `/huddle setup`."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles import setup_rules, setup_views
from bot.people.rules import WEEKDAYS

MONDAY_TO_FRIDAY = "mon,tue,wed,thu,fri"

some_days = st.sets(st.sampled_from(WEEKDAYS), min_size=1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", MONDAY_TO_FRIDAY),
        ("Mon - Fri", MONDAY_TO_FRIDAY),
        ("mon–fri", MONDAY_TO_FRIDAY),
        ("Monday to Friday", MONDAY_TO_FRIDAY),
        (MONDAY_TO_FRIDAY, MONDAY_TO_FRIDAY),
        ("fri, mon", "mon,fri"),
        ("tue thu", "tue,thu"),
        ("Tuesdays and Thursdays", "tue,thu"),
        ("tues & thurs; Weds", "tue,wed,thu"),
        ("mon,mon,mon", "mon"),
        ("mon-wed,sat", "mon,tue,wed,sat"),
        ("sat-mon", "mon,sat,sun"),
        ("sun", "sun"),
        ("mon-sun", "mon,tue,wed,thu,fri,sat,sun"),
    ],
)
def test_days_are_read(text: str, days: str) -> None:
    assert setup_rules.read_days(text) == days


@pytest.mark.parametrize(
    "text", ["", " ", "every day", "mon-", "-fri", "mon-wed-fri", "1-5", "mo,tu", "monkey", "sunny", "mon-tomorrow"]
)
def test_what_names_no_days_is_not_guessed(text: str) -> None:
    assert setup_rules.read_days(text) == ""


@given(some_days)
def test_days_read_back_as_they_are_stored(days: set[str]) -> None:
    stored = ",".join(day for day in WEEKDAYS if day in days)
    assert setup_rules.read_days(",".join(days)) == stored
    assert setup_rules.read_days(stored) == stored


@given(some_days)
def test_days_read_back_as_they_are_shown(days: set[str]) -> None:
    stored = ",".join(day for day in WEEKDAYS if day in days)
    shown = setup_views.days_words(stored)
    assert shown == "every day" or setup_rules.read_days(shown) == stored


@given(st.text(max_size=30))
def test_any_text_reads_as_days_in_order_or_as_none(text: str) -> None:
    found = setup_rules.read_days(text)
    assert found == "" or [day for day in WEEKDAYS if day in found.split(",")] == found.split(",")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("09:15", time(9, 15)),
        ("9:15", time(9, 15)),
        ("9.15", time(9, 15)),
        (" 00:00 ", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_times_are_read(text: str, at: time) -> None:
    assert setup_rules.read_time(text) == at


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "915", "9:5", "quarter past nine", "09:15:00", "-9:15"])
def test_what_is_no_time_of_day_is_not_guessed(text: str) -> None:
    assert setup_rules.read_time(text) is None


@given(st.times())
def test_a_time_reads_back_as_it_is_shown(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)
    assert setup_rules.read_time(f"{minute:%H:%M}") == minute


@pytest.mark.parametrize(("text", "minutes"), [("15", 15), (" 2 ", 2), ("240", 240), ("007", 7)])
def test_minutes_are_read(text: str, minutes: int) -> None:
    assert setup_rules.read_minutes(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "0", "1", "241", "-15", "15.5", "fifteen", "15 min", "1_5", "²", "99999999999999"]
)
def test_minutes_outside_2_to_240_are_refused(text: str) -> None:
    assert setup_rules.read_minutes(text) is None


@given(st.text(max_size=10))
def test_any_text_reads_as_a_time_and_as_minutes_or_as_none(text: str) -> None:
    assert setup_rules.read_time(text) is None or text.strip()[:1].isdigit()
    minutes = setup_rules.read_minutes(text)
    assert minutes is None or 2 <= minutes <= 240
