"""Customer numbers: how they are read, written and compared."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.measures import rules
from storage.measures import Measure, Reading

PERCENT, NUMBER, SECONDS = Measure.Unit.PERCENT, Measure.Unit.NUMBER, Measure.Unit.SECONDS
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
FRIDAY = date(2026, 11, 20)
FIRST_TIME_FIX = Measure(id=1, code="FTF", name="First-time fix", unit=PERCENT)

shares = st.decimals(min_value=0, max_value=100, places=2)
numbers = st.decimals(min_value=-999_999_999, max_value=999_999_999, places=4)


def a_reading(on: date, value: str) -> Reading:
    return Reading(measure_id=1, period_on=on, value=Decimal(value))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("78", PERCENT, "78"),
        ("78%", PERCENT, "78"),
        ("78 %", PERCENT, "78"),
        ("78.5%", PERCENT, "78.5"),
        ("78,5", PERCENT, "78.5"),
        ("0", PERCENT, "0"),
        ("100%", PERCENT, "100"),
        ("180s", SECONDS, "180"),
        ("180 s", SECONDS, "180"),
        ("-12", NUMBER, "-12"),
        ("1,200", NUMBER, "1200"),
        ("1,200,000.5", NUMBER, "1200000.5"),
        ("0,125", NUMBER, "0.125"),
        ("12,5", NUMBER, "12.5"),
    ],
)
def test_a_number_is_read_as_it_is_typed(text: str, unit: Measure.Unit, value: str) -> None:
    assert rules.value_of(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "%", "s", "many", "78 of 100", "NaN", "sNaN", "Infinity", "-inf", "1e9", "1e99", "1.2.3", "1,2,3", "--5"],
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert rules.value_of(text, NUMBER) is None


@pytest.mark.req("INV-18")
@pytest.mark.parametrize("text", ["-1", "100.01", "101%", "1,200"])
def test_a_share_is_from_0_to_100(text: str) -> None:
    assert rules.value_of(text, PERCENT) is None


@given(st.text(max_size=20), st.sampled_from(Measure.Unit))
def test_any_text_is_a_number_or_none(text: str, unit: Measure.Unit) -> None:
    value = rules.value_of(text, unit)
    assert value is None or (value.is_finite() and rules.written(value, unit))


@given(shares, st.sampled_from(Measure.Unit))
def test_a_number_reads_back_as_it_is_written(value: Decimal, unit: Measure.Unit) -> None:
    assert rules.value_of(rules.written(value, unit), unit) == value


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("78", PERCENT, "78%"),
        ("78.0000", PERCENT, "78%"),
        ("78.5000", PERCENT, "78.5%"),
        ("66.6667", PERCENT, "66.67%"),
        ("100", PERCENT, "100%"),
        ("180", SECONDS, "180 s"),
        ("0", NUMBER, "0"),
        ("-0.001", NUMBER, "0"),
        ("-12.5", NUMBER, "-12.5"),
        ("1000", NUMBER, "1000"),
    ],
)
def test_a_number_has_as_many_decimals_as_it_needs(value: str, unit: Measure.Unit, written: str) -> None:
    assert rules.written(Decimal(value), unit) == written


@pytest.mark.parametrize(
    ("now", "before", "unit", "words"),
    [
        ("78", "76", PERCENT, "up 2 points"),
        ("77", "76", PERCENT, "up 1 point"),
        ("75", "76", PERCENT, "down 1 point"),
        ("76.5", "76", PERCENT, "up 0.5 points"),
        ("76", "76.0000", PERCENT, "as before"),
        ("168", "180", SECONDS, "down 12 s"),
        ("12", "0", NUMBER, "up 12"),
        ("78.001", "78.002", PERCENT, "as before"),
        ("77.001", "76", PERCENT, "up 1 point"),
    ],
)
def test_a_change_is_said_in_words(now: str, before: str, unit: Measure.Unit, words: str) -> None:
    assert rules.change_words(Decimal(now), Decimal(before), unit) == words


@given(numbers, numbers, st.sampled_from(Measure.Unit))
def test_a_change_agrees_with_the_numbers_that_are_shown(now: Decimal, before: Decimal, unit: Measure.Unit) -> None:
    words = rules.change_words(now, before, unit)
    if rules.written(now, unit) == rules.written(before, unit):
        assert words == "as before"
    else:
        assert words.startswith("up " if now > before else "down ")
        assert words.split()[1] != "0"


# --- the number on top of a huddle


@pytest.mark.req("S4-08")
def test_a_huddle_opens_with_yesterday_s_number_and_its_change() -> None:
    found = rules.figure(FIRST_TIME_FIX, [a_reading(MONDAY, "78"), a_reading(FRIDAY, "76")], MONDAY, TUESDAY)
    assert found == rules.Figure("First-time fix yesterday", "78%", "up 2 points")
    assert found.sentence == "First-time fix yesterday 78%, up 2 points"


def test_a_first_number_has_no_change() -> None:
    found = rules.figure(FIRST_TIME_FIX, [a_reading(MONDAY, "78")], MONDAY, TUESDAY)
    assert found.sentence == "First-time fix yesterday 78%"


@pytest.mark.req("S4-08")
@pytest.mark.parametrize("known", [[], [a_reading(FRIDAY, "76")]])
def test_without_a_number_the_huddle_says_so(known: list[Reading]) -> None:
    found = rules.figure(FIRST_TIME_FIX, known, MONDAY, TUESDAY)
    assert (found.sentence, found.value) == ("No number for yesterday", "")


def test_on_monday_there_is_no_number_for_friday_in_good_english() -> None:
    assert rules.figure(FIRST_TIME_FIX, [], FRIDAY, MONDAY).sentence == "No number for Friday"


def test_on_monday_the_number_is_friday_s() -> None:
    found = rules.figure(FIRST_TIME_FIX, [a_reading(FRIDAY, "76")], FRIDAY, MONDAY)
    assert found.sentence == "First-time fix on Friday 76%"


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (2, "on Sunday"),
        (6, "on Wednesday"),
        (7, "on Tue 17 Nov"),
        (11, "on Fri 13 Nov"),
    ],
)
def test_a_day_is_named_as_people_say_it(days_ago: int, words: str) -> None:
    assert rules.day_word(TUESDAY - timedelta(days=days_ago), TUESDAY) == words
