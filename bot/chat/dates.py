"""Dates and periods as people type them. Source: domain.md 3.1."""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

IsWorkingDay: TypeAlias = Callable[[date], bool]

_TYPED_MAX = 80  # characters; `from Wednesday 30th of September 2026 until Thursday 30th of September 2027` has 73
_FIRST = date(2000, 1, 1).toordinal()
_LAST = date(2100, 12, 31).toordinal()
_YEAR_DAYS = 365
_BEGUN_DAYS = 31  # `1 Dec to 20 Dec`, typed on the 5th, is the absence that has begun
_OVER_NEW_YEAR_DAYS = 183  # `10 Dec to 5 Dec` is a slip, `21 Dec to 1 Jan` is not


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A date that two readers read as two days, each the next such day to come unless a year was typed.

    `text` is what is to be written otherwise: `03/04`, also where it was `Sat 03/04`.
    """

    text: str
    day_first: date
    month_first: date


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both in it; `last` is None when nobody knows the end."""

    first: date
    last: date | None


def read_date(text: str, today: date, is_working_day: IsWorkingDay) -> date | Ambiguous | None:
    """The day that `text` names, seen from `today`; None for what is no day between 2000 and 2100.

    A weekday is the next one strictly after `today`, `next fri` the Friday of the next ISO week, `+5wd` the fifth
    working day after `today`. A date without a year is the next one to come, and `today` counts as to come.
    """
    typed = _plain(text)
    offset = _offset(typed, today)
    if offset is not None:
        return _after(today, offset)
    if step := _WORKING_STEP.fullmatch(typed):
        return _nth_working_day(today, int(step["number"]), is_working_day)
    weekday, dated = _weekday_and_rest(typed)
    days = (_coming(day, month, year, since=today) for day, month, year in _named_days(dated))
    return _one_of(dated, [on for on in days if on is not None and weekday in {None, on.weekday()}])


def read_period(text: str, today: date, is_working_day: IsWorkingDay) -> Period | Ambiguous | None:
    """The days of absence that `text` names, seen from `today`: nothing typed is today alone.

    `until mon` has Monday in it, `back mon` has not. `3 days` are three working days, the first one not before
    `today`. An end is read as of its start, so `21 Dec to 1 Jan` crosses New Year. None when it reads as no period,
    or as one that would end before it starts.
    """
    typed = _plain(text)
    return _Absence(today, is_working_day).period(typed) if len(typed) <= _TYPED_MAX else None


def read_past_date(text: str, today: date, is_working_day: IsWorkingDay) -> date | Ambiguous | None:
    """Like `read_date`, for what has happened: `mon` is the newest Monday, `23 Nov` the newest one, `today` among them.

    What is to come all the same (`tomorrow`, a year not over yet) stays; the caller refuses it.
    """
    typed = _plain(text)
    if typed in _WEEKDAYS:
        return read_date(typed, today - timedelta(days=7), is_working_day)
    since = _same_day_last_year(today) + timedelta(days=1) if _is_yearly(typed) else today
    return read_date(typed, since, is_working_day)


def _same_day_last_year(today: date) -> date:
    return _day_of(today.year - 1, today.month, today.day) or date(today.year - 1, today.month, today.day - 1)


def looks_like_date(text: str) -> bool:
    """Whether `text` is written as a date, though the calendar may not have it: `31 Feb`."""
    typed = _plain(text)
    _, dated = _weekday_and_rest(typed)
    return bool(_named_days(dated)) or _offset(typed, _ANY_DAY) is not None or bool(_WORKING_STEP.fullmatch(typed))


def looks_dated(text: str) -> bool:
    """Whether `text` is written as a date, two dates or some days, though it may be no period: `mon to 31 Feb`."""
    typed = _plain(text)
    if len(typed) > _TYPED_MAX:
        return False
    if _LENGTH.fullmatch(typed) or looks_like_date(typed.removeprefix("on ")):
        return True
    sides = ((left or "today", right) for left, right, _ in _sides(typed))
    return any(looks_like_date(left) and looks_like_date(right) for left, right in sides)


def _numbered(*names: str) -> Mapping[str, int]:
    return {each: number for number, line in enumerate(names) for each in line.split()}


_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAYS = _numbered(
    "mon monday",
    "tue tues tuesday",
    "wed weds wednesday",
    "thu thur thurs thursday",
    "fri friday",
    "sat saturday",
    "sun sunday",
)
_MONTHS = _numbered(
    "",
    "jan january",
    "feb february",
    "mar march",
    "apr april",
    "may",
    "jun june",
    "jul july",
    "aug august",
    "sep sept september",
    "oct october",
    "nov november",
    "dec december",
)
_ANY_DAY = date(2026, 1, 1)

_STEP = re.compile(r"\+(?P<number>\d{1,3}) ?(?P<unit>d|w)", re.ASCII)
_WORKING_STEP = re.compile(r"\+(?P<number>\d{1,3}) ?wd", re.ASCII)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_YEAR = r"(?: (?P<year>\d{4}))?"
_DAY_MONTH = re.compile(rf"{_DAY} ?(?:of )?{_MONTH}{_YEAR}", re.ASCII)
_MONTH_DAY = re.compile(rf"{_MONTH} {_DAY}{_YEAR}", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII)
# `3.2` is a number of an agenda and `3-4` a range, so a point needs a second one and a bare hyphen four figures.
_FIGURES = (
    re.compile(r"(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>\d{4}))?", re.ASCII),
    re.compile(r"(?P<one>\d{1,2})\.(?P<other>\d{1,2})\. ?(?P<year>\d{4})?", re.ASCII),
    re.compile(r"(?P<one>\d{1,2})-(?P<other>\d{1,2})-(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<one>\d\d)-(?P<other>\d\d)(?P<year>)", re.ASCII),
)
_LENGTH = re.compile(r"(?:for )?(?P<number>\d{1,3}) ?(?P<unit>d|days?|wd|working days?|w|weeks?)?", re.ASCII)
_LINK = re.compile(r"\b(?:to|until|till?|through|thru)\b|(?P<back>\bback(?: on)?\b)|(?P<dash>[-–—])")
_TWO_DAYS = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}) (\d{4}-\d{1,2}-\d{1,2})", re.ASCII)
_NO_END = re.compile(r"(?:(?:from )?(?P<first>.*) )?(?:indefinitely|until further notice)")


def is_in_range(on: date) -> bool:
    """Whether a day lies in the years that can be typed, 2000 to 2100."""
    return _FIRST <= on.toordinal() <= _LAST


def _plain(text: str) -> str:
    """`text` in small letters, one space between words, no commas, no point behind a word."""
    return " ".join(re.sub(r"(?<=[a-z])\.", "", text.casefold().replace(",", " ")).split())


def _after(today: date, days: int) -> date | None:
    on = today.toordinal() + days
    return date.fromordinal(on) if _FIRST <= on <= _LAST else None


def _nth_working_day(today: date, number: int, is_working_day: IsWorkingDay) -> date | None:
    on: date | None = _after(today, 0)
    while number > 0 and on is not None:
        on = _after(on, 1)
        number -= on is not None and is_working_day(on)
    return on


def _offset(typed: str, today: date) -> int | None:
    """How many days after `today` the day is that `typed` names by its distance; None for any other."""
    if typed in _NEAR:
        return _NEAR[typed]
    if typed == "eom":
        return calendar.monthrange(today.year, today.month)[1] - today.day
    if step := _STEP.fullmatch(typed):
        return int(step["number"]) * (7 if step["unit"] == "w" else 1)
    weekday = _WEEKDAYS.get(typed.removeprefix("next "))
    if weekday is None:
        return None
    ahead = weekday - today.weekday()
    return ahead + 7 if typed.startswith("next ") or ahead <= 0 else ahead


def _weekday_and_rest(typed: str) -> tuple[int | None, str]:
    """The weekday in front of a date, if there is one, and the date."""
    name, _, rest = typed.partition(" ")
    return (_WEEKDAYS[name], rest) if name in _WEEKDAYS else (None, typed)


def _named_days(dated: str) -> list[tuple[int, int, int | None]]:
    """Day, month and year, if there is one, as `dated` can be read, the day first."""
    for shape in (_DAY_MONTH, _MONTH_DAY, _YEAR_FIRST):
        if found := shape.fullmatch(dated):
            month = _MONTHS.get(found["month"]) or int(found["month"])
            return [(int(found["day"]), month, _year(found))]
    for shape in _FIGURES:
        if found := shape.fullmatch(dated):
            one, other = int(found["one"]), int(found["other"])
            return list(dict.fromkeys([(one, other, _year(found)), (other, one, _year(found))]))
    return []


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


def _one_of(dated: str, readings: list[date]) -> date | Ambiguous | None:
    match readings:
        case [on]:
            return on
        case [day_first, month_first]:
            return Ambiguous(dated, day_first, month_first)
        case _:
            return None


def _coming(day: int, month: int, year: int | None, *, since: date) -> date | None:
    if year is not None:
        return _day_of(year, month, day)
    # Nine years hold a 29 February even where a century has none.
    days = (_day_of(each, month, day) for each in range(since.year, since.year + 9))
    return next((on for on in days if on is not None and on >= since), None)


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    return _after(on, 0)


def _is_yearly(typed: str) -> bool:
    """Whether every year has a day of that name: `18 dec`."""
    _, dated = _weekday_and_rest(typed)
    return any(year is None for _, _, year in _named_days(dated))


def _is_read_as_of_its_start(typed: str) -> bool:
    """Whether the end of a period is counted from its start; `next fri` and `+5d` are counted from today."""
    return typed in _WEEKDAYS or typed == "eom" or _is_yearly(typed)


def _sides(typed: str) -> Iterator[tuple[str, str, bool]]:
    """Every way to cut `typed` into a first side, empty for today, and a last one, and whether that is the day back."""
    if two := _TWO_DAYS.fullmatch(typed):
        yield two[1], two[2], False
    for link in _LINK.finditer(typed):
        left, right = typed[: link.start()].strip().removeprefix("from "), typed[link.end() :].strip()
        if left or not link["dash"]:
            yield *_sharing_month(left, right), bool(link["back"])


def _sharing_month(left: str, right: str) -> tuple[str, str]:
    """`21` and `23 dec` as `21 dec` and `23 dec`; `dec 21` and `23` as `dec 21` and `dec 23`."""
    if re.fullmatch(_DAY, left, re.ASCII) and (found := _DAY_MONTH.fullmatch(right)):
        return f"{left} {found['month']} {found['year'] or ''}".strip(), right
    if re.fullmatch(_DAY, right, re.ASCII) and (found := _MONTH_DAY.fullmatch(left)):
        return left, f"{found['month']} {right} {found['year'] or ''}".strip()
    return left, right


@dataclass(frozen=True, slots=True)
class _Absence:
    """Reads the periods that are typed on `today`."""

    today: date
    is_working_day: IsWorkingDay

    def period(self, typed: str) -> Period | Ambiguous | None:
        one = self._day(typed.removeprefix("on ") or "today", self.today)
        if one is not None:
            return Period(one, one) if isinstance(one, date) else one
        if found := _NO_END.fullmatch(typed):
            first = self._day(found["first"] or "today", self.today)
            return Period(first, None) if isinstance(first, date) else first
        if found := _LENGTH.fullmatch(typed):
            return self._lasting(int(found["number"]), found["unit"] or "d")
        return self._week(typed) or self._cut(typed)

    def _day(self, typed: str, as_of: date) -> date | Ambiguous | None:
        return read_date(typed, as_of, self.is_working_day)

    def _lasting(self, number: int, unit: str) -> Period | None:
        if number == 0:
            return None
        if unit in {"w", "week", "weeks"}:
            return _period(self.today, _after(self.today, 7 * number - 1))
        eve = _after(self.today, -1)
        return _period(self.today, eve and _nth_working_day(eve, number, self.is_working_day))

    def _week(self, typed: str) -> Period | None:
        to_sunday = 6 - self.today.weekday()
        match typed:
            case "this week":
                return _period(self.today, _after(self.today, to_sunday))
            case "next week":
                return _period(_after(self.today, to_sunday + 1), _after(self.today, to_sunday + 7))
            case _:
                return None

    def _cut(self, typed: str) -> Period | Ambiguous | None:
        spans = (self._span(left, right, back=back) for left, right, back in _sides(typed))
        return next((span for span in spans if span is not None), None)

    def _span(self, left: str, right: str, *, back: bool) -> Period | Ambiguous | None:
        """The first of the periods it can be that is not over yet."""
        spans = [self._since(start, left, right, back=back) for start in self._starts(left, right)]
        not_over = (span for span in spans if isinstance(span, Ambiguous) or _reaches(span, self.today))
        return next(not_over, spans[-1] if spans else None)

    def _starts(self, left: str, right: str) -> tuple[date, ...]:
        """The days that the first side is read as of, the better one first."""
        if not _is_yearly(left) or isinstance(self._day(left, self.today), Ambiguous):
            return (self.today,)
        last = None if _is_read_as_of_its_start(right) else self._day(right, self.today)
        starts = (
            (_after(last, -_YEAR_DAYS),) if isinstance(last, date) else (_after(self.today, -_BEGUN_DAYS), self.today)
        )
        return tuple(start for start in starts if start is not None)

    def _since(self, start: date, left: str, right: str, *, back: bool) -> Period | Ambiguous | None:
        first = self._day(left or "today", start)
        last = self._day(right, self.today)
        if first is None or last is None:
            return None
        if isinstance(first, Ambiguous):
            return first
        if _is_read_as_of_its_start(right):
            last = self._day(right, first)
        if not isinstance(last, date):
            return last
        is_slip = left and _is_yearly(right) and _crosses_new_year_late(first, last)
        return None if is_slip else _period(first, _after(last, -1) if back else last)


def _crosses_new_year_late(first: date, last: date) -> bool:
    return last.year > first.year and (last - first).days > _OVER_NEW_YEAR_DAYS


def _period(first: date | None, last: date | None) -> Period | None:
    return Period(first, last) if first and last and first <= last else None


def _reaches(span: Period | None, day: date) -> bool:
    return span is not None and span.last is not None and span.last >= day
