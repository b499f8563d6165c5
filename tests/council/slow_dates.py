"""A council's days found the slow way: a walk through every day of a calendar on the wall.

Written from domain.md D2, 3.5 and 4.13 alone; it shares no line with the bot. The rules:

- A council meets on the n-th such weekday of a month, `last` counted from its end.
- T-7, T-3 and T-1 are so many days before. One that is no working day (Monday to Friday, no public holiday) is moved to
  the working day before it. Where that is on the day of the step before it, or earlier, it is moved to the next working
  day after its own date instead. No step is on the day of the meeting or after it.
- Where these can't all be kept, because there are too few working days, the steps move back as little as they must.
- The draft of the minutes is due on the first working day after the meeting, their issue on the second, corrections on
  the fifth.
"""

from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)


@cache
def _public(calendar: str) -> holidays.HolidayBase:
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def works(day: date, calendar: str) -> bool:
    return day.isoweekday() <= 5 and day not in _public(calendar)


def nth_day(year: int, month: int, *, weekday: int, nth: int) -> date:
    """`weekday` as date.isoweekday() counts; `nth` 1 to 4, or -1 for the last."""
    found = []
    day = date(year, month, 1)
    while day.month == month:
        if day.isoweekday() == weekday:
            found.append(day)
        day += DAY
    return found[nth - 1 if nth > 0 else nth]


def t_days(meets_on: date, calendar: str) -> tuple[date, date, date]:
    """T-7, T-3, T-1."""
    steps: list[date] = []
    for number in (7, 3, 1):
        nominal = meets_on
        for _ in range(number):
            nominal -= DAY
        steps.append(_moved(nominal, steps[-1] if steps else None, calendar))
    # Too few working days before the meeting: the last ones there are, each as late as it can be.
    latest = meets_on
    for place in (2, 1, 0):
        if steps[place] >= latest:
            steps[place] = _before(latest, calendar)
        latest = steps[place]
    return steps[0], steps[1], steps[2]


def _moved(nominal: date, step_before: date | None, calendar: str) -> date:
    day = nominal
    while not works(day, calendar):
        day -= DAY
    if step_before is None or day > step_before:
        return day
    day = max(nominal, step_before) + DAY
    while not works(day, calendar):
        day += DAY
    return day


def _before(day: date, calendar: str) -> date:
    day -= DAY
    while not works(day, calendar):
        day -= DAY
    return day


def working_day_after(day: date, calendar: str, number: int) -> date:
    while number:
        day += DAY
        if works(day, calendar):
            number -= 1
    return day
