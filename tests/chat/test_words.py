"""How days, times, numbers and lists are written."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.words import (
    clock,
    clock_in,
    count,
    day,
    listing,
    long_day,
    long_weekday,
    moment,
    percent,
    place_of,
    rounded,
    short_day,
    small,
    weekday,
)

LONDON = ZoneInfo("Europe/London")
THURSDAY = date(2026, 12, 3)

numbers = st.decimals(
    min_value=-1_000_000_000, max_value=1_000_000_000, allow_nan=False, allow_infinity=False, places=6
)
names = st.lists(st.sampled_from(["Ada", "Ben", "Cem", "Dana"]), min_size=2, unique=True)


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        ("-12.5", 0, "-13"),
        ("-0.5", 0, "-1"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("79.95", 1, "80.0"),
        ("66.666", 1, "66.7"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: str, places: int, written: str) -> None:
    assert rounded(Decimal(value), places) == written


@pytest.mark.parametrize(
    ("value", "places", "written"), [("-0.4", 0, "0"), ("-0", 0, "0"), ("-0.004", 2, "0.00"), ("-0.04", 1, "0.0")]
)
def test_minus_nought_is_nought(value: str, places: int, written: str) -> None:
    assert rounded(Decimal(value), places) == written


@given(numbers, st.integers(min_value=0, max_value=4))
def test_rounding_agrees_with_fractions(value: Decimal, places: int) -> None:
    steps = floor(abs(Fraction(value)) * 10**places + Fraction(1, 2))
    assert Fraction(rounded(value, places)) == (steps if value >= 0 else -steps) * Fraction(1, 10**places)


@given(numbers, st.integers(min_value=0, max_value=4))
def test_a_rounded_number_has_its_places_and_never_minus_nought(value: Decimal, places: int) -> None:
    written = rounded(value, places)
    assert len(written.partition(".")[2]) == places
    assert not (written.startswith("-") and Decimal(written) == 0)


def test_four_of_five_are_80_percent() -> None:
    assert percent(4, 5) == "80%"


@pytest.mark.req("INV-18")
def test_a_share_of_nothing_is_not_available() -> None:
    assert percent(0, 0) == "n/a"


def test_nobody_of_five_is_0_percent() -> None:
    assert percent(0, 5) == "0%"


@pytest.mark.req("INV-18")
@given(
    st.integers(min_value=1, max_value=10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
)
def test_a_share_is_written_from_0_to_100(share: tuple[int, int]) -> None:
    part, whole = share
    assert int(percent(part, whole).removesuffix("%")) == floor(Fraction(100 * part, whole) + Fraction(1, 2))


@pytest.mark.parametrize(("number", "written"), [(0, "0 answers"), (1, "1 answer"), (2, "2 answers")])
def test_one_thing_is_in_the_singular(number: int, written: str) -> None:
    assert count(number, "answer") == written


def test_an_irregular_plural_is_given() -> None:
    assert (count(1, "person", "people"), count(6, "person", "people")) == ("1 person", "6 people")


@pytest.mark.parametrize(
    ("number", "written"), [(0, "no"), (1, "one"), (5, "five"), (10, "ten"), (11, "11"), (-1, "-1"), (200, "200")]
)
def test_people_are_counted_in_words_up_to_ten(number: int, written: str) -> None:
    assert small(number) == written


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ([], ""),
        (["Amy"], "Amy"),
        (["Amy", "Ben"], "Amy and Ben"),
        (["Amy", "Ben", "Cem"], "Amy, Ben and Cem"),
    ],
)
def test_a_list_ends_with_and(words: list[str], written: str) -> None:
    assert listing(words) == written


def test_a_choice_ends_with_or() -> None:
    assert listing(["today", "tomorrow", "Friday"], "or") == "today, tomorrow or Friday"


@given(names)
def test_a_list_names_everybody_once_in_order(words: list[str]) -> None:
    assert listing(words).replace(" and ", ", ").split(", ") == words


def test_a_day_is_written_with_its_year() -> None:
    assert day(THURSDAY) == "Thu 3 Dec 2026"


def test_a_day_in_a_clear_year_goes_without_it() -> None:
    assert short_day(THURSDAY) == "Thu 3 Dec"


def test_a_day_is_spoken_in_full() -> None:
    assert (long_day(date(2027, 4, 3)), long_weekday(THURSDAY), weekday(THURSDAY)) == ("3 April", "Thursday", "Thu")


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_days_are_written_in_english_whatever_the_machine_speaks(on: date) -> None:
    assert datetime.strptime(day(on), "%a %d %b %Y").date() == on  # noqa: DTZ007 - a day has no zone


def test_a_time_is_written_with_two_figures_each() -> None:
    assert clock(time(9, 5)) == "09:05"


def test_an_instant_is_written_as_its_reader_s_clock_shows_it() -> None:
    nine_thirty = datetime(2026, 10, 23, 8, 30, tzinfo=UTC)
    assert clock_in(nine_thirty, LONDON) == "09:30"
    assert moment(nine_thirty, LONDON) == "Fri 23 Oct 2026, 09:30"


def test_an_instant_can_be_on_another_day_elsewhere() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert moment(late, ZoneInfo("Asia/Tokyo")) == "Wed 25 Nov 2026, 08:30"


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("Europe/London", "London"),
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_place(zone: str, place: str) -> None:
    assert place_of(ZoneInfo(zone)) == place
