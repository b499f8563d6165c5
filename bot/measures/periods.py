"""The periods in which measures are counted: a day, a week, a month, a quarter."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from storage.measures import Measure

Frequency = Measure.Frequency
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")
_NAMED = re.compile(r"(?P<name>[a-z]{3,9})\.?(?: (?P<year>\d{4}))?")
_WEEK = re.compile(r"(?:(?P<year>\d{4})[- ]?)?w(?:eek ?)?(?P<week>\d{1,2})(?: (?P<behind>\d{4}))?")
_QUARTER = re.compile(r"(?:(?P<year>\d{4})[- ]?)?q(?P<quarter>[1-4])(?: (?P<behind>\d{4}))?")
_QUARTER_MONTHS = 3
STALE_AFTER = 2  # periods without a reading; Source: domain.md S2-23
SHOWN_FOR = 3  # periods for which a changed target is shown; Source: domain.md S2-32


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period, both ends in it."""

    first: date
    last: date


def span_of(frequency: Frequency, on: date) -> Span:
    """The period that a day lies in; weeks are ISO weeks."""
    match frequency:
        case Frequency.DAILY:
            return Span(on, on)
        case Frequency.WEEKLY:
            monday = on - timedelta(days=on.weekday())
            return Span(monday, monday + timedelta(days=6))
        case Frequency.MONTHLY:
            return _months(on.year, on.month, 1)
        case Frequency.QUARTERLY:
            return _months(on.year, on.month - (on.month - 1) % _QUARTER_MONTHS, _QUARTER_MONTHS)


def _months(year: int, month: int, length: int) -> Span:
    years, zero = divmod(month - 1 + length, 12)
    return Span(date(year, month, 1), date(year + years, zero + 1, 1) - timedelta(days=1))


def whole_before(frequency: Frequency, today: date, times: int, works: Callable[[date], bool]) -> Span:
    """The `times`-th newest period that is wholly over; of days only those on which the organisation works count."""
    span = span_of(frequency, today)
    for _ in range(times):
        span = span_of(frequency, span.first - timedelta(days=1))
        while frequency is Frequency.DAILY and not works(span.first):
            span = span_of(frequency, span.first - timedelta(days=1))
    return span


def newest_whole(frequency: Frequency, today: date) -> Span:
    """The period that is over, which a number without a period belongs to: yesterday, last week, last month."""
    return span_of(frequency, span_of(frequency, today).first - timedelta(days=1))


def is_stale(
    frequency: Frequency, newest_on: date | None, known_on: date, *, today: date, works: Callable[[date], bool]
) -> bool:
    """Whether two whole periods have passed without a reading; `known_on` is the day the measure was added."""
    since = whole_before(frequency, today, STALE_AFTER, works).first
    return known_on < since if newest_on is None else newest_on < since


def named(text: str, today: date) -> tuple[Frequency, Span] | None:
    """`2026-11`, `Nov 2026`, `2026-W48`, `Q4 2026` as a period; without a year the newest one. None: it is none."""
    plain = " ".join(text.casefold().split())
    return _week(plain, today) or _quarter(plain, today) or _month(plain, today)


def _month(plain: str, today: date) -> tuple[Frequency, Span] | None:
    if found := _MONTH.fullmatch(plain):
        year, month = int(found["year"]), int(found["month"])
    elif (found := _NAMED.fullmatch(plain)) and found["name"][:3] in _MONTHS:
        month = _MONTHS.index(found["name"][:3]) + 1
        year = int(found["year"]) if found["year"] else today.year - (month > today.month)
    else:
        return None
    if not (date.min.year < year < date.max.year and 1 <= month <= len(_MONTHS)):
        return None
    return Frequency.MONTHLY, _months(year, month, 1)


def _week(plain: str, today: date) -> tuple[Frequency, Span] | None:
    found = _WEEK.fullmatch(plain)
    if found is None:
        return None
    week, typed = int(found["week"]), found["year"] or found["behind"]
    year = int(typed) if typed else today.isocalendar().year - (week > today.isocalendar().week)
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return Frequency.WEEKLY, span_of(Frequency.WEEKLY, monday)


def _quarter(plain: str, today: date) -> tuple[Frequency, Span] | None:
    found = _QUARTER.fullmatch(plain)
    if found is None:
        return None
    first, typed = (int(found["quarter"]) - 1) * _QUARTER_MONTHS + 1, found["year"] or found["behind"]
    year = int(typed) if typed else today.year - (first > today.month)
    if not date.min.year < year < date.max.year:
        return None
    return Frequency.QUARTERLY, _months(year, first, _QUARTER_MONTHS)
