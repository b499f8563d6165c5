"""How a customer number is read and written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from bot.chat import words
from bot.chat.pictures import Trend
from bot.chat.words import long_weekday, short_day
from storage.measures import Measure, Reading

_SIGNS = {Measure.Unit.PERCENT: "%", Measure.Unit.NUMBER: "", Measure.Unit.SECONDS: " s"}
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_CHANGES = {Measure.Unit.PERCENT: " points", Measure.Unit.NUMBER: "", Measure.Unit.SECONDS: " s"}


NAME_MAX = 75  # characters; a choice in a form holds no more
CODE_MAX = 12  # characters: it stands in commands and beside names


def is_code(text: str) -> bool:
    """Whether a measure can be called so in a command: one short word."""
    return 0 < len(text) <= CODE_MAX and not any(each.isspace() for each in text)


def unit_of(text: str) -> Measure.Unit | None:
    """The unit of that name, in any case; percent where none is named, None for an unknown one."""
    wanted = text.strip().casefold() or Measure.Unit.PERCENT.value
    return next((unit for unit in Measure.Unit if unit.value == wanted), None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a card shows it: `First-time fix yesterday`, `78%`, `up 2 points`; the value is empty without one."""

    label: str
    value: str = ""
    change: str = ""

    @property
    def sentence(self) -> str:
        """`First-time fix yesterday 78%, up 2 points`."""
        if not self.value:
            return self.label
        return f"{self.label} {self.value}" + (f", {self.change}" if self.change else "")


def value_of(text: str, unit: Measure.Unit) -> Decimal | None:
    """`78%`, `78.5`, `1,200` or `180s` as a number; None for none, or when a share is not between 0 and 100."""
    bare = text.strip().removesuffix("%").removesuffix("s").strip()
    bare = bare.replace(",", "" if _THOUSANDS.fullmatch(bare) else ".")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= Decimal("1e9"):
        return None
    if unit is Measure.Unit.PERCENT and not 0 <= value <= 100:  # noqa: PLR2004 - a share
        return None
    return value


def written(value: Decimal, unit: Measure.Unit) -> str:
    """`78%`; as many decimals as it has, at most two."""
    return f"{words.figure(value)}{_SIGNS[unit]}"


def trend_of(readings: Sequence[Reading], unit: Measure.Unit) -> Trend | None:
    """The line that `readings`, newest first, make; None where there is but one point or none."""
    # Of two numbers for one day the later one stands: nobody sees both.
    by_day = {each.period_on: each.value for each in reversed(readings)}
    return Trend(tuple(sorted(by_day.items())), _SIGNS[unit]) if len(by_day) > 1 else None


def change_words(now: Decimal, before: Decimal, unit: Measure.Unit) -> str:
    """`up 2 points`, `down 12 s`, `as before`: the difference of the numbers as they are written."""
    difference = Decimal(words.figure(now)) - Decimal(words.figure(before))
    if difference == 0:
        return "as before"
    return f"{'up' if difference > 0 else 'down'} {words.figure(abs(difference))}{_changes(difference, unit)}"


def _changes(difference: Decimal, unit: Measure.Unit) -> str:
    return " point" if unit is Measure.Unit.PERCENT and abs(difference) == 1 else _CHANGES[unit]


def figure(measure: Measure, readings: list[Reading], period: date, today: date) -> Figure:
    """The number of `period` with its change; `readings` are the newest in force up to that day, newest first."""
    if not readings or readings[0].period_on != period:
        return Figure(f"No number for {day_word(period, today).removeprefix('on ')}")
    newest = readings[0]
    before = readings[1] if len(readings) > 1 else None
    change = "" if before is None else change_words(newest.value, before.value, measure.unit)
    return Figure(f"{measure.name} {day_word(period, today)}", written(newest.value, measure.unit), change)


def day_word(on: date, today: date) -> str:
    """`yesterday`, `today`, `on Friday`, or `on Fri 13 Nov` where it is more than a week ago."""
    if on == today:
        return "today"
    if on == today - timedelta(days=1):
        return "yesterday"
    return f"on {long_weekday(on)}" if today - on < timedelta(days=7) else f"on {short_day(on)}"
