"""How old a blocker is, and what counts as none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockers import rules
from bot.people.rules import holiday
from storage.blockers import Blocker
from tests.support.huddle_rows import a_blocker

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


def works(on: date) -> bool:
    """Monday to Friday in England and Wales."""
    return on.weekday() < 5 and not holiday("GB-ENG", on)


@pytest.mark.parametrize(
    ("start", "end", "age"),
    [
        (date(2026, 11, 27), date(2026, 11, 30), 1),  # Friday to Monday
        (date(2026, 11, 27), date(2026, 11, 28), 0),  # Friday to Saturday
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # 25 and 28 December are holidays
        (date(2026, 12, 2), date(2026, 12, 9), 5),  # a week
        (date(2026, 12, 2), date(2026, 12, 2), 0),  # the same day
    ],
)
def test_age_is_counted_in_working_days(start: date, end: date, age: int) -> None:
    assert rules.age(start, end, works) == age


@given(days, st.integers(min_value=0, max_value=60), st.integers(min_value=0, max_value=60))
def test_ages_add_up(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert rules.age(start, middle, works) + rules.age(middle, end, works) == rules.age(start, end, works)


@given(days, st.integers(min_value=0, max_value=60))
def test_nothing_is_older_than_its_days(start: date, number: int) -> None:
    assert 0 <= rules.age(start, start + timedelta(days=number), works) <= number


def test_a_day_before_the_start_has_no_age() -> None:
    assert rules.age(date(2026, 12, 9), date(2026, 12, 2), works) == 0


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "-",
            "--",
            "–",
            "—",
            "/",
            ".",
            "...",
            "0",
            "no",
            "No",
            "NO",
            "no.",
            "No!",
            "nope",
            "nah",
            "none",
            "None.",
        ],
        *["nothing", "Nothing.", "nil", "na", "n/a", "N/A", "n.a.", "nowt", "not really", "No, not really"],
        *["no blockers", "No blocker.", "no obstacles", "no problems", "no issues", "No, nothing", "nothing today"],
        *["No blockers today", "Nothing in my way", "nothing in the way", "nothing at all", "nothing, really"],
        *["Nothing to report", "None today", "not today", "all good", "All good, thanks", "All clear", "all fine"],
        *[
            "I'm good",
            "I’m good",
            "im good",
            "We're good",
            "we’re fine",
            "Nothing at the moment",
            "no thanks",
            "No, thank you",
        ],
        *["  no  ", "no\n", "Nothing\tin  my way"],
    ],
)
def test_every_way_of_saying_that_nothing_is_in_the_way(text: str) -> None:
    assert rules.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "3 of 8 jobs had no fault details",
        "No fault details for Mill Lane",
        "nothing works on van 12",
        "No meter seals",
        "none of the keys fit",
        "not sure who has the keys",
        "Nobody answers at Metering Ltd",
        "0 seals left",
        "?",
        "B-7",
        "All good people are on holiday",
        "no, but the van is late",
    ],
)
def test_what_is_in_the_way_is_not_taken_for_nothing(text: str) -> None:
    assert not rules.says_nothing(text)


@given(st.text(max_size=30))
def test_case_and_spaces_change_nothing(text: str) -> None:
    assert rules.says_nothing(f"  {text}\n") == rules.says_nothing(text)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (Blocker.State.RAISED, True),
        (Blocker.State.ACKNOWLEDGED, True),
        (Blocker.State.RESOLVED, False),
    ],
)
def test_a_blocker_is_open_until_it_is_solved(state: Blocker.State, *, is_open: bool) -> None:
    assert rules.is_open(a_blocker(state=state)) is is_open
