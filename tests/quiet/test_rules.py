"""When a message waits, until when, and which digest takes what is beyond a day's number."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time

import pytest

from bot.people.rules import Days
from bot.quiet import rules
from bot.quiet.rules import Quiet, Reason
from storage.people import Absence, Person

USUAL = Quiet(time(18, 30), time(7, 30), 6)
MONDAY, TUESDAY, FRIDAY, SATURDAY = (date(2026, 11, day) for day in (23, 24, 27, 28))


def days(
    *,
    zone: str = "Europe/London",
    working_days: str = "mon,tue,wed,thu,fri",
    away: Sequence[tuple[date, date | None]] = (),
    calendars: Collection[str] = ("GB-ENG",),
) -> Days:
    person = Person(id=1, name="Zoe", zone=zone, working_days=working_days)
    return Days(person, [Absence(person_id=1, from_on=first, to_on=last) for first, last in away], calendars)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "is_quiet"),
    [(18, 29, False), (18, 30, True), (23, 59, True), (0, 0, True), (7, 29, True), (7, 30, False), (12, 0, False)],
)
def test_quiet_hours_last_from_the_evening_until_just_before_the_morning(
    hour: int, minute: int, is_quiet: bool
) -> None:
    assert USUAL.holds(time(hour, minute)) is is_quiet


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    nap = Quiet(time(12), time(14), 6)
    assert [nap.holds(time(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    assert not any(Quiet(time(7, 30), time(7, 30), 6).holds(time(hour)) for hour in range(24))


@pytest.mark.req("S3-32")
@pytest.mark.parametrize(
    ("now", "until", "why"),
    [
        (at(MONDAY, 12), None, None),
        (at(MONDAY, 6), at(MONDAY, 7, 30), Reason.QUIET),
        (at(MONDAY, 19), at(TUESDAY, 7, 30), Reason.QUIET),
        (at(FRIDAY, 19), at(date(2026, 11, 30), 7, 30), Reason.QUIET),
        (at(SATURDAY, 12), at(date(2026, 11, 30), 7, 30), Reason.DAY_OFF),
        (at(SATURDAY, 6), at(date(2026, 11, 30), 7, 30), Reason.DAY_OFF),
        (at(date(2026, 12, 24), 19), at(date(2026, 12, 29), 7, 30), Reason.QUIET),
        (at(date(2026, 12, 25), 12), at(date(2026, 12, 29), 7, 30), Reason.HOLIDAY),
    ],
)
def test_what_is_not_urgent_waits_for_the_next_working_morning(
    now: datetime, until: datetime | None, why: Reason | None
) -> None:
    wait = rules.wait(days(), USUAL, now)
    assert (wait and wait.until, wait and wait.why) == (until, why)


def test_who_is_away_gets_it_on_the_morning_they_are_back() -> None:
    wait = rules.wait(days(away=[(MONDAY, date(2026, 12, 1))], working_days="mon,tue,thu,fri"), USUAL, at(MONDAY, 10))
    assert wait == rules.Wait(at(date(2026, 12, 3), 7, 30), Reason.AWAY)


def test_who_is_away_without_an_end_is_looked_for_again_each_day() -> None:
    wait = rules.wait(days(away=[(MONDAY, None)]), USUAL, at(MONDAY, 10))
    assert wait == rules.Wait(at(TUESDAY, 7, 30), Reason.AWAY)


def test_the_hours_are_those_of_their_own_clock() -> None:
    in_new_york = days(zone="America/New_York", calendars=())
    assert rules.wait(in_new_york, USUAL, at(MONDAY, 12)) == rules.Wait(at(MONDAY, 12, 30), Reason.QUIET)
    assert rules.wait(in_new_york, USUAL, at(MONDAY, 23)) is None


def test_a_skipped_end_of_the_quiet_hours_comes_an_hour_later() -> None:
    early = Quiet(time(20), time(1, 30), 6)  # London skips 01:30 on Sun 29 Mar 2026
    wait = rules.wait(days(working_days="sun"), early, datetime(2026, 3, 28, 23, tzinfo=UTC))
    assert wait == rules.Wait(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), Reason.DAY_OFF)


@pytest.mark.parametrize(
    ("now", "planned", "expected"),
    [
        (at(MONDAY, 11), None, (MONDAY, at(MONDAY, 16, 30))),
        (at(MONDAY, 11), at(MONDAY, 16, 30), (MONDAY, at(MONDAY, 16, 30))),
        (at(MONDAY, 16, 30), at(MONDAY, 16, 30), (TUESDAY, at(TUESDAY, 7, 30))),
        (at(MONDAY, 17), None, (TUESDAY, at(TUESDAY, 7, 30))),
        (at(FRIDAY, 17), None, (date(2026, 11, 30), at(date(2026, 11, 30), 7, 30))),
        # Its digest came in the morning, with what was too late the day before: a day has one.
        (at(TUESDAY, 11), at(TUESDAY, 7, 30), (date(2026, 11, 25), at(date(2026, 11, 25), 7, 30))),
    ],
)
def test_what_is_too_much_stands_in_the_digest_of_the_day_or_first_thing_in_the_next(
    now: datetime, planned: datetime | None, expected: tuple[date, datetime]
) -> None:
    assert rules.digest_slot(days(), USUAL, now, planned) == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18:00 to 08:00", (time(18), time(8))),
        ("from 6pm until 8 am", (time(18), time(8))),
        ("18-8", (time(18), time(8))),
        ("22.30 – 6.15", (time(22, 30), time(6, 15))),
        ("12 am to 12 pm", (time(0), time(12))),
        ("25:00 to 8:00", None),
        ("18:00", None),
        ("13 pm to 8 am", None),
        ("late to early", None),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: tuple[time, time] | None) -> None:
    assert rules.read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "number"), [("4", 4), (" 0 ", 0), ("50", 50), ("51", None), ("-1", None), ("a", None)]
)
def test_a_number_of_messages_has_bounds(text: str, number: int | None) -> None:
    assert rules.read_number(text) == number
