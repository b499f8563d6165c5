"""Days meant of the past, typed on Tue 24 Nov 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.dates import most_recent, read_date

TODAY = date(2026, 11, 24)


def read(text: str) -> date:
    found = read_date(text, TODAY, lambda on: on.weekday() < 5)
    assert isinstance(found, date)
    return most_recent(found, TODAY)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("mon", date(2026, 11, 23)),
        ("tue", TODAY),
        ("wed", date(2026, 11, 18)),
        ("yesterday", date(2026, 11, 23)),
        ("today", TODAY),
        ("23 Nov", date(2026, 11, 23)),
        ("24 Nov", TODAY),
        ("3 Dec", date(2025, 12, 3)),
        ("2026-11-02", date(2026, 11, 2)),
    ],
)
def test_a_day_without_a_year_is_the_newest_one(text: str, on: date) -> None:
    assert read(text) == on


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)))
def test_a_day_that_is_not_to_come_stays(found: date) -> None:
    today = max(found, TODAY)
    assert most_recent(found, today) == found


@given(st.integers(min_value=1, max_value=365))
def test_a_day_to_come_within_a_year_is_moved_to_the_past(days: int) -> None:
    found = most_recent(TODAY + timedelta(days=days), TODAY)
    assert found <= TODAY
