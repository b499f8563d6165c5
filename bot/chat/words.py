"""How the bot writes days, times, numbers and lists. Source: domain.md 3.7."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


TYPED_MAX = 60  # signs of what somebody typed, as much as is worth repeating in a refusal


def cut(text: str) -> str:
    """What somebody typed, as it is repeated where it can't be taken."""
    return text if len(text) <= TYPED_MAX else f"{text[: TYPED_MAX - 1].rstrip()}…"


_BEFORE_VERBS: ContextVar[str] = ContextVar("_BEFORE_VERBS", default="/")


def typed(line: str) -> str:
    """A command as it is typed where this is read: `/huddle setup`, on Slack `/cx huddle setup`."""
    return f"{_BEFORE_VERBS.get()}{line}"


@contextmanager
def typed_after(prefix: str) -> Iterator[None]:
    """What is worded in the block is for a platform where `prefix` stands before a verb."""
    token = _BEFORE_VERBS.set(prefix)
    try:
        yield
    finally:
        _BEFORE_VERBS.reset(token)


def day(on: date) -> str:
    """`Thu 3 Dec 2026`."""
    return f"{short_day(on)} {on.year}"


def short_day(on: date) -> str:
    """`Thu 3 Dec`, where the year is clear from the place."""
    return f"{weekday(on)} {on.day} {_MONTHS[on.month - 1]}"


def long_day(on: date) -> str:
    """`3 April`, as one says it."""
    return f"{on.day} {_LONG_MONTHS[on.month - 1]}"


def weekday(on: date) -> str:
    """`Thu`."""
    return _DAYS[on.weekday()]


def long_weekday(on: date) -> str:
    """`Thursday`."""
    return _LONG_DAYS[on.weekday()]


def clock(at: datetime | time) -> str:
    """`09:30` of a local time, or of an instant already moved to its reader's zone."""
    return f"{at:%H:%M}"


def clock_in(at: datetime, zone: ZoneInfo) -> str:
    """`09:30`: the instant `at` as a wall clock in `zone` shows it."""
    return clock(at.astimezone(zone))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Thu 3 Dec 2026, 10:00` as a wall clock in `zone` shows it."""
    local = at.astimezone(zone)
    return f"{day(local.date())}, {clock(local)}"


def place_of(zone: ZoneInfo) -> str:
    """`London` for `Europe/London`: the word a person knows a zone by."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def count(number: int, one: str, many: str = "") -> str:
    """`1 answer`, `4 answers`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def small(number: int) -> str:
    """`five` up to ten, figures above: for a sentence about people."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else str(number)


def listing(words: Sequence[str], last: str = "and") -> str:
    """`Amy, Ben and Cem`."""
    if len(words) < 2:  # noqa: PLR2004 - two words make the shortest list
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def percent(part: int, whole: int) -> str:
    """`80%`, rounded half away from zero; `n/a` when there is no whole."""
    if whole == 0:
        return "n/a"
    return f"{rounded(Decimal(100 * part) / Decimal(whole))}%"


def rounded(value: Decimal, places: int = 0) -> str:
    """`value` with `places` decimals, half away from zero, never `-0`."""
    text = str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
    return text.removeprefix("-") if not text.strip("-0.") else text


def figure(value: Decimal) -> str:
    """`78`, `78.5`, `78.25`: as many decimals as it has, at most two."""
    text = rounded(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text
