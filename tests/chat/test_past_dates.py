"""Days meant of the past, typed on Tue 24 Nov 2026 unless a test says otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Command, Usage
from bot.chat.dates import Ambiguous, read_past_date
from bot.chat.grammar import read as read_line

TODAY = date(2026, 11, 24)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

todays = st.dates(min_value=date(2002, 1, 1), max_value=date(2099, 1, 1))


def works(on: date) -> bool:
    return on.weekday() < 5


def read(text: str, today: date = TODAY) -> date | Ambiguous | None:
    return read_past_date(text, today, works)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("mon", date(2026, 11, 23)),
        ("Monday", date(2026, 11, 23)),
        ("tue", TODAY),
        ("wed", date(2026, 11, 18)),
        ("yesterday", date(2026, 11, 23)),
        ("today", TODAY),
        ("23 Nov", date(2026, 11, 23)),
        ("Mon 23 Nov", date(2026, 11, 23)),
        ("24 Nov", TODAY),
        ("25 Nov", date(2025, 11, 25)),
        ("3 Dec", date(2025, 12, 3)),
        ("23/11", date(2026, 11, 23)),
        ("2026-11-02", date(2026, 11, 2)),
        ("3 Dec 2024", date(2024, 12, 3)),
    ],
)
def test_a_day_that_has_been_is_the_newest_one(text: str, on: date) -> None:
    assert read(text) == on


@pytest.mark.parametrize(
    ("text", "on"),
    [("tomorrow", date(2026, 11, 25)), ("2026-11-26", date(2026, 11, 26)), ("next fri", date(2026, 12, 4))],
)
def test_a_day_that_is_to_come_is_not_taken_for_one_of_last_week(text: str, on: date) -> None:
    assert read(text) == on


def test_two_readings_are_both_of_the_past() -> None:
    assert read("03/04") == Ambiguous("03/04", date(2026, 4, 3), date(2026, 3, 4))


@pytest.mark.parametrize("text", ["31 Feb", "soon", ""])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read(text) is None


@given(todays, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_among_the_last_seven_days(today: date, name: str) -> None:
    found = read(name, today)
    assert isinstance(found, date)
    assert timedelta(0) <= today - found < timedelta(days=7)
    assert WEEKDAYS[found.weekday()] == name


@given(todays, st.integers(min_value=0, max_value=365))
def test_a_day_of_the_last_year_reads_back_without_its_year(today: date, ago: int) -> None:
    on = today - timedelta(days=ago)
    is_last_year = (on.month, on.day) == (today.month, today.day) and ago > 0
    assert read(f"{on.day} {on:%b}", today) == (today if is_last_year else on)


def test_a_command_about_what_has_happened_reads_its_dates_so() -> None:
    usages = [Usage("huddle summary", dates=True, past=True), Usage("huddle skip", dates=True)]

    def dates(line: str) -> tuple[date, ...]:
        found = read_line(line, usages, today=TODAY, is_working_day=works)
        assert isinstance(found, Command)
        return found.dates

    assert dates("/huddle summary mon") == (date(2026, 11, 23),)
    assert dates("/huddle skip mon") == (date(2026, 11, 30),)
