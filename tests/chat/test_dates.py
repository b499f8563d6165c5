"""Dates and periods, typed on Tue 24 Nov 2026 unless a test says otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.dates import Ambiguous, Period, looks_dated, looks_like_date, read_date, read_period

TODAY = date(2026, 11, 24)
HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 28)}

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
numbers = st.integers(min_value=0, max_value=999)
weekdays = st.sampled_from(["mon", "Tue", "WEDNESDAY", "thurs", "fri", "Saturday", "sun"])
pieces = st.sampled_from(
    [
        *["to", "until", "back", "on", "from", "-", "–", ",", ".", "next", "week", "indefinitely", "further", "notice"],
        *["mon", "fri", "today", "eom", "+5d", "+5wd", "3", "days", "18", "21", "31", "1", "th", "Dec", "Jan", "feb"],
        *["03/04", "25/12", "29.02.", "2026-12-18", "2027"],
    ]
)


def works(on: date) -> bool:
    return on.weekday() < 5 and on not in HOLIDAYS


def on(text: str, today: date = TODAY) -> date | Ambiguous | None:
    return read_date(text, today, works)


def period(text: str, today: date = TODAY) -> Period | Ambiguous | None:
    return read_period(text, today, works)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 25)),
        ("yesterday", date(2026, 11, 23)),
        ("fri", date(2026, 11, 27)),
        ("friday", date(2026, 11, 27)),
        ("next fri", date(2026, 12, 4)),
        ("next tuesday", date(2026, 12, 1)),
        ("next sun", date(2026, 12, 6)),
        ("+5d", date(2026, 11, 29)),
        ("+0d", date(2026, 11, 24)),
        ("+5wd", date(2026, 12, 1)),
        ("+2w", date(2026, 12, 8)),
        ("eom", date(2026, 11, 30)),
        ("2026-12-18", date(2026, 12, 18)),
        ("2026/12/18", date(2026, 12, 18)),
        ("18 Dec", date(2026, 12, 18)),
        ("18 December", date(2026, 12, 18)),
        ("18 Dec.", date(2026, 12, 18)),
        ("Dec 18", date(2026, 12, 18)),
        ("December 18, 2027", date(2027, 12, 18)),
        ("18 Dec 2027", date(2027, 12, 18)),
        ("18th Dec", date(2026, 12, 18)),
        ("3rd of December", date(2026, 12, 3)),
        ("18. Dec", date(2026, 12, 18)),
        ("18dec", date(2026, 12, 18)),
    ],
)
def test_every_form_of_a_date_is_read(text: str, day: date) -> None:
    assert on(text) == day


@pytest.mark.parametrize("text", ["Fri 18 Dec 2026", "Fri 18 Dec", "friday, 18 december", "Fri 2026-12-18"])
def test_a_date_is_read_as_the_bot_writes_it(text: str) -> None:
    assert on(text) == date(2026, 12, 18)


def test_a_weekday_that_its_date_does_not_have_is_no_date() -> None:
    assert on("Thu 18 Dec 2026") is None


@pytest.mark.parametrize("text", ["  18   DEC ", "18\u00a0dec", "18 dEC,"])
def test_case_and_spaces_do_not_matter(text: str) -> None:
    assert on(text) == date(2026, 12, 18)


def test_a_weekday_is_never_today() -> None:
    assert on("tue") == date(2026, 12, 1)


@given(weekdays, days.filter(lambda day: day.year < 2100))
def test_a_weekday_lies_one_to_seven_days_ahead(name: str, today: date) -> None:
    day = on(name, today)
    assert isinstance(day, date)
    assert 1 <= (day - today).days <= 7
    assert f"{day:%a}".casefold() == name[:3].casefold()


@given(weekdays, days.filter(lambda day: day.year < 2100))
def test_next_and_a_weekday_lie_in_the_next_iso_week(name: str, today: date) -> None:
    day = on(f"next {name}", today)
    assert isinstance(day, date)
    assert day.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert on("+2wd", date(2026, 12, 24)) == date(2026, 12, 30)


@given(numbers, days.filter(lambda day: day.year < 2090))
def test_calendar_days_are_counted_from_today(number: int, today: date) -> None:
    assert on(f"+{number}d", today) == today + timedelta(days=number)


def test_the_end_of_the_month_can_be_today() -> None:
    assert on("eom", date(2028, 2, 29)) == date(2028, 2, 29)


def test_a_date_without_a_year_is_the_next_one_to_come() -> None:
    assert on("23 Nov") == date(2027, 11, 23)


def test_a_date_without_a_year_can_be_today() -> None:
    assert on("24 Nov") == TODAY


@given(days, days.filter(lambda day: day.year < 2090))
def test_a_date_without_a_year_is_never_past(named: date, today: date) -> None:
    day = on(f"{named.day} {named:%b}", today)
    assert isinstance(day, date)
    assert (day.month, day.day) == (named.month, named.day)
    assert day >= today


@given(days, days)
def test_a_date_with_a_year_does_not_depend_on_today(named: date, today: date) -> None:
    assert on(named.isoformat(), today) == named
    assert on(f"{named.day} {named:%B %Y}", today) == named


@pytest.mark.parametrize("text", ["29 Feb", "29/02", "29.02."])
def test_a_leap_day_is_the_next_one_there_is(text: str) -> None:
    assert on(text) == date(2028, 2, 29)


def test_a_weekday_in_front_counts_for_the_next_such_date_only() -> None:
    assert on("Tue 29 Feb") == date(2028, 2, 29)
    assert on("Wed 29 Feb") is None


@pytest.mark.parametrize("text", ["03/04", "3/4", "03.04.", "3.4.", "03-04"])
def test_a_date_that_reads_two_ways_is_not_guessed(text: str) -> None:
    assert on(text) == Ambiguous(text, day_first=date(2027, 4, 3), month_first=date(2027, 3, 4))


@pytest.mark.parametrize("text", ["3/4/2027", "03.04.2027", "3-4-2027"])
def test_a_year_does_not_say_which_figure_is_the_day(text: str) -> None:
    assert on(text) == Ambiguous(text, day_first=date(2027, 4, 3), month_first=date(2027, 3, 4))


def test_each_reading_is_the_next_one_to_come() -> None:
    assert on("03/12") == Ambiguous("03/12", day_first=date(2026, 12, 3), month_first=date(2027, 3, 12))


@pytest.mark.parametrize("text", ["25/12", "12/25", "25.12.", "12-25"])
def test_a_date_that_reads_one_way_only_is_taken(text: str) -> None:
    assert on(text) == date(2026, 12, 25)


def test_two_equal_figures_are_one_date() -> None:
    assert on("04/04") == date(2027, 4, 4)


def test_a_weekday_decides_between_two_readings() -> None:
    assert on("Sat 03/04") == date(2027, 4, 3)
    assert on("thu 03/04") == date(2027, 3, 4)


def test_the_text_that_reads_two_ways_is_the_figures_alone() -> None:
    # 3 December and 12 March 2026 are both Thursdays.
    assert on("Thu 03/12/2026") == Ambiguous("03/12/2026", day_first=date(2026, 12, 3), month_first=date(2026, 3, 12))


@pytest.mark.parametrize(
    "text",
    [
        *["31 Feb", "2026-02-30", "30/02", "13/13", "0 Dec", "32 Dec", "29 Feb 2027", "2026-13-01"],
        *["1999-12-31", "2101-01-01", "18 Dec 1999", "+1000d", "-5d", "3/4/27"],
        *["", "banana", "next", "next week", "3.2", "3-4", "18", "Dec", "18 Dec 2026 x", "wd", "+wd"],
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert on(text) is None


@pytest.mark.parametrize("text", ["tomorrow", "mon", "+1d", "+1w", "+1wd", "next fri", "1 Jan"])
def test_there_is_no_day_after_the_year_2100(text: str) -> None:
    assert on(text, date(2100, 12, 31)) is None


def test_without_working_days_there_is_no_working_day() -> None:
    assert read_date("+1wd", date(2100, 1, 1), lambda _: False) is None


@pytest.mark.parametrize(
    "text", ["31 Feb", "Thu 18 Dec 2026", "2026-02-30", "18 Dec", "mon", "+5wd", "next fri", "30/02"]
)
def test_a_date_is_known_by_its_shape(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize("text", ["", "may", "31", "3.2", "until fri", "3 days", "banana"])
def test_other_words_have_not_the_shape_of_a_date(text: str) -> None:
    assert not looks_like_date(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", date(2026, 11, 24), date(2026, 11, 24)),
        ("today", date(2026, 11, 24), date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 25), date(2026, 11, 25)),
        ("fri", date(2026, 11, 27), date(2026, 11, 27)),
        ("on Fri", date(2026, 11, 27), date(2026, 11, 27)),
        ("21 Dec", date(2026, 12, 21), date(2026, 12, 21)),
        ("until mon", date(2026, 11, 24), date(2026, 11, 30)),
        ("to mon", date(2026, 11, 24), date(2026, 11, 30)),
        ("till mon", date(2026, 11, 24), date(2026, 11, 30)),
        ("through mon", date(2026, 11, 24), date(2026, 11, 30)),
        ("until Fri 27 Nov", date(2026, 11, 24), date(2026, 11, 27)),
        ("until today", date(2026, 11, 24), date(2026, 11, 24)),
        ("until 1 Sep", date(2026, 11, 24), date(2027, 9, 1)),
        ("back mon", date(2026, 11, 24), date(2026, 11, 29)),
        ("back on 3 Dec", date(2026, 11, 24), date(2026, 12, 2)),
        ("back tomorrow", date(2026, 11, 24), date(2026, 11, 24)),
        ("21 Dec to 1 Jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("21 Dec - 1 Jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("21 Dec-1 Jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("21 Dec–1 Jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("from 21 Dec to 1 Jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("21 dec until 1 jan", date(2026, 12, 21), date(2027, 1, 1)),
        ("2026-12-21 2027-01-01", date(2026, 12, 21), date(2027, 1, 1)),
        ("2026-12-21 - 2027-01-01", date(2026, 12, 21), date(2027, 1, 1)),
        ("21 Dec, back 4 Jan", date(2026, 12, 21), date(2027, 1, 3)),
        ("Mon 21 Dec – Fri 1 Jan 2027", date(2026, 12, 21), date(2027, 1, 1)),
        ("21–23 Dec", date(2026, 12, 21), date(2026, 12, 23)),
        ("21st to 23rd Dec 2027", date(2027, 12, 21), date(2027, 12, 23)),
        ("Dec 21-23", date(2026, 12, 21), date(2026, 12, 23)),
        ("mon to wed", date(2026, 11, 30), date(2026, 12, 2)),
        ("fri-mon", date(2026, 11, 27), date(2026, 11, 30)),
        ("tomorrow to +3d", date(2026, 11, 25), date(2026, 11, 27)),
        ("mon to next fri", date(2026, 11, 30), date(2026, 12, 4)),
        ("10 Jan to eom", date(2027, 1, 10), date(2027, 1, 31)),
        ("this week", date(2026, 11, 24), date(2026, 11, 29)),
        ("next week", date(2026, 11, 30), date(2026, 12, 6)),
        ("3", date(2026, 11, 24), date(2026, 11, 26)),
        ("3d", date(2026, 11, 24), date(2026, 11, 26)),
        ("3 days", date(2026, 11, 24), date(2026, 11, 26)),
        ("for 1 day", date(2026, 11, 24), date(2026, 11, 24)),
        ("5 days", date(2026, 11, 24), date(2026, 11, 30)),
        ("5 working days", date(2026, 11, 24), date(2026, 11, 30)),
        ("2 weeks", date(2026, 11, 24), date(2026, 12, 7)),
        ("indefinitely", date(2026, 11, 24), None),
        ("until further notice", date(2026, 11, 24), None),
        ("from mon until further notice", date(2026, 11, 30), None),
    ],
)
def test_every_form_of_a_period_is_read(text: str, first: date, last: date | None) -> None:
    assert period(text) == Period(first, last)


def test_some_days_begin_today_even_on_a_sunday() -> None:
    assert period("2 days", date(2026, 11, 29)) == Period(date(2026, 11, 29), date(2026, 12, 1))


def test_this_week_is_sunday_alone_on_a_sunday() -> None:
    assert period("this week", date(2026, 11, 29)) == Period(date(2026, 11, 29), date(2026, 11, 29))


def test_a_period_that_has_begun_is_not_put_off_by_a_year() -> None:
    assert period("1 Dec to 20 Dec", date(2026, 12, 5)) == Period(date(2026, 12, 1), date(2026, 12, 20))
    assert period("21 Dec to 8 Jan", date(2027, 1, 2)) == Period(date(2026, 12, 21), date(2027, 1, 8))
    assert period("Mon 23 Nov to Fri 27 Nov") == Period(date(2026, 11, 23), date(2026, 11, 27))


def test_a_period_that_is_over_is_the_next_one_to_come() -> None:
    assert period("1 Dec to 3 Dec", date(2026, 12, 5)) == Period(date(2027, 12, 1), date(2027, 12, 3))


def test_a_long_absence_within_a_year_is_believed() -> None:
    assert period("1 Mar to 1 Dec") == Period(date(2027, 3, 1), date(2027, 12, 1))


def test_a_start_without_a_year_belongs_to_its_dated_end() -> None:
    assert period("21 Dec to 1 Jan 2028") == Period(date(2027, 12, 21), date(2028, 1, 1))


def test_an_end_without_a_year_follows_its_dated_start() -> None:
    assert period("21 Dec 2027 to 1 Jan") == Period(date(2027, 12, 21), date(2028, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        *["10 Dec to 5 Dec", "2027-01-01 to 2026-12-21", "2027-01-03 to 1 Jan", "fri to today"],
        *["until yesterday", "back today", "back yesterday", "0 days", "0"],
        *["31 Feb", "mon to 31 Feb", "31 Feb to mon", "Thu 18 Dec", "3-4", "1000 days"],
        *[
            "from my desk I fixed billing",
            "from mon",
            "until",
            "to",
            "- mon",
            "mon to",
            "banana to fri",
            "until next week",
        ],
        *["holiday", "mon and tue", "31 Feb indefinitely", "mon to wed to fri", "until mon " * 20],
    ],
)
def test_what_is_no_period_is_not_read(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize("text", ["03/04", "on 03/04", "until 03/04", "mon to 03/04", "03/04 to 1 May", "back 03/04"])
def test_a_period_with_a_date_that_reads_two_ways_is_not_guessed(text: str) -> None:
    assert period(text) == Ambiguous("03/04", day_first=date(2027, 4, 3), month_first=date(2027, 3, 4))


def test_a_start_that_reads_two_ways_is_told_by_its_days_to_come() -> None:
    assert period("03/04 to 1 May", date(2027, 3, 10)) == Ambiguous("03/04", date(2027, 4, 3), date(2028, 3, 4))


def test_a_fraction_in_a_sentence_is_no_date() -> None:
    assert period("1/2 to help Dana") is None


@pytest.mark.parametrize(
    "text", ["31 Feb", "until 2026-02-30", "mon to 31 Feb", "10 Dec to 5 Dec", "0 days", "on 31 Feb"]
)
def test_a_period_that_cannot_be_is_known_by_its_dates(text: str) -> None:
    assert looks_dated(text)


@pytest.mark.parametrize(
    "text", ["", "from my desk", "until lunch", "to help Dana on mon", "my 31 Feb joke", "mon " * 30]
)
def test_a_sentence_is_not_taken_for_dates(text: str) -> None:
    assert not looks_dated(text)


@given(st.text() | st.lists(pieces, max_size=8).map(" ".join), st.dates())
def test_no_text_breaks_the_reader(text: str, today: date) -> None:
    read_date(text, today, works)
    read_period(text, today, works)
    looks_dated(text)
    looks_like_date(text)


@given(st.lists(pieces, max_size=6).map(" ".join), days)
def test_a_period_never_ends_before_it_starts(text: str, today: date) -> None:
    found = period(text, today)
    if isinstance(found, Period) and found.last is not None:
        assert found.first <= found.last


@given(st.lists(pieces, max_size=4).map(" ".join), days)
def test_what_reads_as_a_date_has_the_shape_of_one(text: str, today: date) -> None:
    if on(text, today) is not None:
        assert looks_like_date(text)


@given(days, days)
def test_two_dates_in_order_are_the_period_between_them(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert period(f"{first} to {last}") == Period(first, last)
