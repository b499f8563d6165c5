"""When a council meets and when its steps fall due: the vectors of domain.md 4.13, and every month of four years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.localtime import instant
from bot.council import dates, views
from tests.council import slow_dates

LONDON = ZoneInfo("Europe/London")
YEARS = range(2026, 2030)
CALENDARS = ("GB-ENG", "US", "DE-BY", "FR")
ZONES = {"GB-ENG": "Europe/London", "US": "America/New_York", "DE-BY": "Europe/Berlin", "FR": "Europe/Paris"}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
WEEKDAYS = {"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5}


@pytest.mark.req("S2-08")
@pytest.mark.parametrize(
    ("meets_on", "call_on", "close_on", "eve_on"),
    [
        (date(2026, 12, 3), date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 2)),
        (date(2027, 1, 7), date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 6)),
        (date(2027, 4, 1), date(2027, 3, 25), date(2027, 3, 30), date(2027, 3, 31)),
        (date(2027, 5, 6), date(2027, 4, 29), date(2027, 4, 30), date(2027, 5, 5)),
    ],
)
def test_the_days_before_a_council_are_those_of_the_vectors(
    meets_on: date, call_on: date, close_on: date, eve_on: date
) -> None:
    assert dates.t_days(meets_on, "GB-ENG") == dates.Days(call_on, close_on, eve_on)


@pytest.mark.req("S2-08")
def test_the_minutes_of_the_third_of_december_come_on_friday_and_monday() -> None:
    steps = dates.steps_after(datetime(2026, 12, 3, 10, tzinfo=UTC), LONDON, "GB-ENG", None)
    assert steps[dates.DRAFT] == datetime(2026, 12, 4, 12, tzinfo=UTC)
    assert steps[dates.ISSUE] == datetime(2026, 12, 7, 16, tzinfo=UTC)
    assert steps[dates.CORRECTIONS] == datetime(2026, 12, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_month_of_four_years_is_as_the_slow_way_finds_it(calendar: str) -> None:
    for ordinal, nth in ORDINALS.items():
        for weekday, number in WEEKDAYS.items():
            rule = dates.rule_meant(f"{ordinal} {weekday}")
            assert rule is not None
            expected = [
                slow_dates.nth_day(year, month, weekday=number, nth=nth) for year in YEARS for month in range(1, 13)
            ]
            first = date(YEARS[0], 1, 1)
            # Three years are as far as one look goes.
            found = dates.meeting_days(rule, first, first - timedelta(days=1), 24)
            found += dates.meeting_days(rule, first, found[-1], 24)
            assert found == expected
            for on in expected:
                days = dates.t_days(on, calendar)
                assert (days.call_on, days.close_on, days.eve_on) == slow_dates.t_days(on, calendar), on


@pytest.mark.parametrize("calendar", CALENDARS)
def test_the_minutes_of_every_month_are_due_as_the_slow_way_finds_it(calendar: str) -> None:
    zone = ZoneInfo(ZONES[calendar])
    for year in YEARS:
        for month in range(1, 13):
            on = slow_dates.nth_day(year, month, weekday=4, nth=1)
            steps = dates.steps_after(instant(on, time(10), zone), zone, calendar, None)
            wanted = {
                dates.DRAFT: (slow_dates.working_day_after(on, calendar, 1), time(12)),
                dates.ISSUE: (slow_dates.working_day_after(on, calendar, 2), time(16)),
                dates.CORRECTIONS: (slow_dates.working_day_after(on, calendar, 5), time(16)),
            }
            local = {kind: at.astimezone(zone) for kind, at in steps.items()}
            assert {kind: (at.date(), at.time()) for kind, at in local.items()} == wanted


days_of_four_years = st.dates(date(2026, 1, 1), date(2029, 12, 31))


@given(days_of_four_years, st.sampled_from(CALENDARS))
def test_steps_are_working_days_in_order_and_before_any_meeting(on: date, calendar: str) -> None:
    days = dates.t_days(on, calendar)
    assert days.call_on < days.close_on < days.eve_on < on
    assert all(slow_dates.works(each, calendar) for each in (days.call_on, days.close_on, days.eve_on))
    assert (days.call_on, days.close_on, days.eve_on) == slow_dates.t_days(on, calendar)


@given(days_of_four_years, st.sampled_from(CALENDARS), st.integers(0, 23))
def test_the_steps_around_a_meeting_fall_due_in_their_order(on: date, calendar: str, hour: int) -> None:
    zone = ZoneInfo(ZONES[calendar])
    starts_at = instant(on, time(hour), zone)
    steps = dates.steps_before(starts_at, 90, zone, calendar)
    first = [steps[kind] for kind in dates.BEFORE[1:8]]
    assert first == sorted(first)
    assert steps[dates.SOON] < steps[dates.START] == starts_at < steps[dates.LEFT_OPEN]
    assert (dates.HOLIDAY in steps) is not slow_dates.works(on, calendar)
    local = steps[dates.CALL].astimezone(zone)
    assert (local.hour, local.minute) == (10, 0)


@given(days_of_four_years, st.integers(0, 15 * 24))
def test_a_hurried_meeting_is_called_at_once_and_its_agenda_is_out_before_it_begins(on: date, hours: int) -> None:
    starts_at = instant(on, time(10), LONDON)
    now = starts_at - timedelta(hours=hours, minutes=10)
    steps = dates.hurried(dates.steps_before(starts_at, 90, LONDON, "GB-ENG"), starts_at, now)
    assert all(at >= now for at in steps.values())
    assert now <= steps[dates.CALL] <= steps[dates.CLOSE_ITEMS] <= steps[dates.PUBLISH] < starts_at


@given(days_of_four_years, st.sampled_from(CALENDARS))
def test_instead_of_a_day_off_the_next_such_weekday_that_works_is_proposed(on: date, calendar: str) -> None:
    proposed = dates.instead_of(on, calendar)
    assert proposed > on
    assert proposed.isoweekday() == on.isoweekday()
    if on.isoweekday() <= 5:
        assert slow_dates.works(proposed, calendar)
        between = [on + timedelta(days=7 * n) for n in range(1, (proposed - on).days // 7)]
        assert not any(slow_dates.works(each, calendar) for each in between)


# --- what people type


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("first thursday", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH"),
        ("First Thursday of each month", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH"),
        ("1st and 3rd tue", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU,3TU"),
        ("last friday every two months", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR"),
        ("every two weeks on wed", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("every monday", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"),
        ("monthly", dates.DEFAULT_RULE),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH"),
        ("bi-monthly", None),
        ("every second thursday", None),
        ("whenever", None),
        ("", None),
    ],
)
def test_a_rhythm_is_read_as_it_is_said(typed: str, rule: str | None) -> None:
    assert dates.rule_meant(typed) == rule


@given(
    st.sampled_from(["", " every two months", " every three months"]),
    st.lists(st.sampled_from(list(ORDINALS)), min_size=1, max_size=3, unique=True),
    st.sampled_from(list(WEEKDAYS)),
)
def test_what_the_bot_calls_a_rhythm_can_be_typed_again(every: str, ordinals: list[str], weekday: str) -> None:
    rule = dates.rule_meant(f"{' and '.join(ordinals)} {weekday}{every}")
    assert rule is not None
    assert dates.rule_meant(views.rhythm(rule)) == rule


@pytest.mark.parametrize("weeks", ["every", "every two weeks on", "every three weeks on", "every four weeks on"])
def test_so_can_a_rhythm_of_weeks(weeks: str) -> None:
    rule = dates.rule_meant(f"{weeks} wednesday")
    assert rule is not None
    assert dates.rule_meant(views.rhythm(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "after", "first"),
    [
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH", date(2026, 11, 22), date(2026, 12, 3)),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH", date(2026, 12, 2), date(2026, 12, 3)),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", date(2026, 11, 22), date(2026, 11, 25)),
    ],
)
def test_a_longer_rhythm_begins_with_its_next_day(rule: str, after: date, first: date) -> None:
    assert dates.first_day(rule, after) == first
    assert dates.meeting_days(rule, first, first - timedelta(days=1), 1) == [first]
