"""On which days somebody works: their own days, and the holidays of a calendar."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from storage.people import Absence, Person

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = WEEKDAYS.index("sat")  # as date.weekday() counts


def holiday(calendar: str, on: date) -> str:
    """The name of the holiday that falls on a day, empty when none does.

    `calendar` is a country, `GB`, or a part of one, `GB-ENG`; empty means no holidays.
    """
    return _calendar(calendar).get(on) or "" if calendar else ""


@lru_cache(maxsize=256)
def _calendar(calendar: str) -> holidays.HolidayBase:
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def works_on(person: Person, on: date, calendar: str) -> bool:
    """Whether a person works on a day; its holidays are those of their own calendar, or of `calendar` without one."""
    return WEEKDAYS[on.weekday()] in person.working_days.split(",") and not holiday(person.calendar or calendar, on)


def away(absences: Iterable[Absence], person_id: int, on: date) -> Absence | None:
    """The absence that covers a day of a person, None when they are there."""
    covers = (
        a for a in absences if a.person_id == person_id and a.from_on <= on and (a.to_on is None or on <= a.to_on)
    )
    return next(covers, None)


def is_office_day(on: date, calendar: str) -> bool:
    """Whether a day is Monday to Friday and no holiday."""
    return on.weekday() < SATURDAY and not holiday(calendar, on)


def working_day_before(on: date, calendar: str) -> date:
    """The newest Monday to Friday before a day that is no holiday."""
    day = on - timedelta(days=1)
    while not is_office_day(day, calendar):
        day -= timedelta(days=1)
    return day


def first_name(person: Person) -> str:
    """What colleagues call a person."""
    return person.name.split(" ")[0]
