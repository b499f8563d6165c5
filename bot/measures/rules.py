"""How a customer number is read and written."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from bot.chat import words
from bot.chat.words import long_weekday, short_day
from storage.measures import Measure, Reading

Unit = Measure.Unit
DURATIONS = (Unit.SECONDS, Unit.MINUTES, Unit.HOURS, Unit.DAYS)
CURRENCIES = {Unit.GBP: "£", Unit.EUR: "€", Unit.USD: "$"}
_SIGNS = {
    Unit.PERCENT: "%", Unit.NUMBER: "", Unit.SECONDS: " s", Unit.MINUTES: " min", Unit.HOURS: " h", Unit.DAYS: " d",
    Unit.GBP: "", Unit.EUR: "", Unit.USD: "",
}  # fmt: skip
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_CHANGES = _SIGNS | {Unit.PERCENT: " points"}


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
    bare = text.strip().removesuffix(unit.value).removesuffix(_SIGNS[unit].strip()).removesuffix("%").removesuffix("s")
    bare = _without_currency(bare.strip(), unit)
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


def _without_currency(text: str, unit: Measure.Unit) -> str:
    """`-£500` as `-500`."""
    return text.replace(CURRENCIES[unit], "", 1) if unit in CURRENCIES else text


def written(value: Decimal, unit: Measure.Unit) -> str:
    """`78%`, `£15,000`; as many decimals as it has, at most two."""
    return signed(words.figure(value), unit)


def signed(figure: str, unit: Measure.Unit) -> str:
    """A number that is written already, with the sign of its unit."""
    if unit not in CURRENCIES:
        return f"{figure}{_SIGNS[unit]}"
    minus, bare = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
    whole, point, rest = bare.partition(".")
    return f"{minus}{CURRENCIES[unit]}{int(whole):,}{point}{rest}"


def sign(unit: Measure.Unit) -> str:
    """What stands behind a number in that unit."""
    return _SIGNS[unit]


def change_words(now: Decimal, before: Decimal, unit: Measure.Unit) -> str:
    """`up 2 points`, `down 12 s`, `as before`: the difference of the numbers as they are written."""
    difference = Decimal(words.figure(now)) - Decimal(words.figure(before))
    if difference == 0:
        return "as before"
    return moved(difference, unit)


def moved(difference: Decimal, unit: Measure.Unit) -> str:
    """`up 2 points`, `down £1,200`: a difference that is not 0."""
    size = words.figure(abs(difference))
    amount = signed(size, unit) if unit in CURRENCIES else f"{size}{_changes(difference, unit)}"
    return f"{'up' if difference > 0 else 'down'} {amount}"


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
