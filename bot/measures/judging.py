"""What a measure's readings say: value, change, how sure one can be of it, and how it stands to its target. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from bot.chat import words
from bot.measures import formulas, rules
from bot.measures.formulas import Interval, Shift, Wave
from storage.measures import Measure, Reading

Kind = Measure.Kind
TOP_BOX = 4
"""From where an answer on a scale of 1 to 5 is a good one, unless the measure says otherwise. Source: domain.md 4.2."""


class Colour(StrEnum):
    """How a value stands to its target."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Headline:
    """How a measure stands. `value` is None without a reading, and where too few answers stand behind it."""

    measure: Measure
    newest: Reading | None = None
    before: Reading | None = None
    value: Fraction | None = None
    previous: Fraction | None = None
    interval: Interval | None = None
    shift: Shift | None = None
    colour: Colour | None = None

    @property
    def n(self) -> int | None:
        """How many answers or cases the newest value rests on; None where nobody said."""
        return None if self.newest is None else self.newest.n

    @property
    def is_low_base(self) -> bool:
        """Whether too few answers stand behind it to rely on."""
        return self.n is not None and self.n < formulas.LOW_BASE_BELOW

    @property
    def is_hidden(self) -> bool:
        """Whether so few stand behind it that it is not shown."""
        return self.newest is not None and is_hidden(self.newest)

    @property
    def margin(self) -> float | None:
        """Half of the interval, in the measure's unit; None where there is none for its kind."""
        return None if self.interval is None else self.interval.half

    @property
    def change(self) -> Decimal | None:
        """The difference of the two values as they are shown; None where there is but one."""
        if self.value is None or self.previous is None or self.newest is None or self.before is None:
            return None
        now = rounded(self.measure, self.newest, self.value)
        return now - rounded(self.measure, self.before, self.previous)

    @property
    def is_real_change(self) -> bool | None:
        """Whether the change is more than noise; None where that can't be told."""
        return None if self.shift is None else self.shift.is_real


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A measure got another target; None is none."""

    measure: Measure
    before: Decimal | None
    after: Decimal | None
    on: date
    reason: str = ""


def judge(measure: Measure, readings: Sequence[Reading]) -> Headline:
    """How a measure stands by its newest readings in force, newest first."""
    if not readings:
        return Headline(measure)
    newest, before = readings[0], readings[1] if len(readings) > 1 else None
    if is_hidden(newest):
        return Headline(measure, newest, before)
    value = exact(measure, newest)
    hides = before is None or is_hidden(before)
    return Headline(
        measure,
        newest,
        before,
        value,
        None if before is None or hides else exact(measure, before),
        interval_of(measure, newest),
        None if before is None or hides else shift_of(measure, before, newest),
        colour_of(measure, value),
    )


def is_hidden(reading: Reading) -> bool:
    """Whether so few answers stand behind a reading that its value is not shown."""
    return reading.n is not None and reading.n < formulas.HIDDEN_BELOW


def exact(measure: Measure, reading: Reading) -> Fraction:
    """The value of a reading, from its parts where it has some, so that nothing is rounded twice."""
    return worked_out(measure, reading.parts) if reading.parts else Fraction(reading.value)


def worked_out(measure: Measure, parts: Mapping[str, int]) -> Fraction:
    """The value that parts come to. Raises: ValueError where they are no answers at all, or not of this kind."""
    if wave := _wave(measure, parts):
        found = formulas.nps(wave)
    elif "met" in parts:
        found = formulas.share(parts["met"], parts["all"])
    else:
        answers = _answers(parts)
        found = formulas.mean(answers) if measure.kind is Kind.CES else formulas.share_from(answers, top_of(measure))
    if found is None:
        raise ValueError(f"nothing stands behind {measure.code}")
    return found


def top_of(measure: Measure) -> int:
    """From where an answer counts as a good one."""
    return measure.top_from or TOP_BOX


def _answers(parts: Mapping[str, int]) -> dict[int, int]:
    return {int(answer): times for answer, times in parts.items()}


def _wave(measure: Measure, parts: Mapping[str, int] | None) -> Wave | None:
    if not parts or measure.kind is not Kind.NPS:
        return None
    return Wave(parts["promoters"], parts["passives"], parts["detractors"])


def _share(measure: Measure, reading: Reading) -> tuple[float, int] | None:
    """How many of how many, where a reading is a share and it is known of how many."""
    if measure.kind not in {Kind.CSAT, Kind.RATE} or not reading.n:
        return None
    return float(exact(measure, reading) * reading.n / 100), reading.n


def interval_of(measure: Measure, reading: Reading) -> Interval | None:
    """Where the true value lies with 95 %; None for a kind, or a reading, that says too little for that."""
    if wave := _wave(measure, reading.parts):
        return formulas.nps_interval(wave)
    found = _share(measure, reading)
    return None if found is None else formulas.wilson(*found)


def shift_of(measure: Measure, before: Reading, after: Reading) -> Shift | None:
    """The change between two readings; None where one of them says too little to tell it from noise."""
    one, two = _wave(measure, before.parts), _wave(measure, after.parts)
    if one and two:
        return formulas.nps_shift(one, two)
    early, late = _share(measure, before), _share(measure, after)
    return formulas.share_shift(early, late) if early and late else None


def colour_of(measure: Measure, value: Fraction) -> Colour | None:
    """Green on the target or beyond, amber up to the measure's limit, else red; None without a target."""
    if measure.target is None:
        return None
    sign = 1 if measure.better is Measure.Better.UP else -1
    if sign * value >= sign * Fraction(measure.target):
        return Colour.GREEN
    is_near = measure.amber_at is not None and sign * value >= sign * Fraction(measure.amber_at)
    return Colour.AMBER if is_near else Colour.RED


# --- as it is written


def places(measure: Measure, reading: Reading) -> int | None:
    """With how many decimals a value is shown; None: as many as it has, at most two. Source: domain.md 4.1, 4.2."""
    match measure.kind:
        case Kind.NPS:
            return 0
        case Kind.CES:
            return 2
        case Kind.CSAT | Kind.RATE if reading.n is not None:
            return 1
        case _:
            return None


def rounded(measure: Measure, reading: Reading, value: Fraction) -> Decimal:
    """A value as it is shown, half away from zero."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    digits = places(measure, reading)
    return Decimal(words.figure(number) if digits is None else words.rounded(number, digits))


def written(measure: Measure, reading: Reading) -> str:
    """`+17`, `92.0%`, `5.43`, `180 s`, `£15,000`, whatever stands behind it."""
    number = rounded(measure, reading, exact(measure, reading))
    if measure.kind is Kind.NPS:
        return f"{number:+}" if number else "0"
    digits = places(measure, reading)
    return rules.signed(str(number) if digits is not None else words.figure(number), measure.unit)


def moved(headline: Headline) -> str:
    """`up 15 points`, `as before`; empty where there is nothing to compare with."""
    change, measure = headline.change, headline.measure
    if change is None:
        return ""
    if not change:
        return "as before"
    return rules.moved(change, Measure.Unit.PERCENT if measure.kind is Kind.NPS else measure.unit)
