"""How the figures of a period are read: one value, or the counts that it is worked out from. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from bot.measures import formulas, judging, rules
from storage.measures import Measure

Kind = Measure.Kind
WAVE = ("promoters", "passives", "detractors")
KEYS = ("value", "n", *WAVE, "met", "counts")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}", re.ASCII)
_STORED = Decimal("0.0001")
SCALES: Mapping[Kind, tuple[int, int]] = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.CES: (1, 7)}
"""Source: domain.md 4.1, 4.2."""
_RANGES: Mapping[Kind, tuple[int, int]] = {
    Kind.NPS: (-100, 100), Kind.CSAT: (0, 100), Kind.RATE: (0, 100), Kind.CES: (1, 7),
}  # fmt: skip
"""Source: domain.md 2.4, invariant 18."""


class Flaw(StrEnum):
    """What can be wrong with what somebody typed."""

    NO_VALUE = "no value"
    NOT_A_VALUE = "not a value"
    OUT_OF_RANGE = "out of range"
    NOT_WHOLE = "not whole"
    NO_ANSWERS = "no answers"
    ALL_THREE = "all three"
    NOT_THE_SUM = "not the sum"
    MORE_THAN_ALL = "more than all"
    NEEDS_ALL = "needs all"
    NOT_SO_MANY = "not so many"
    NOT_THIS_KIND = "not this kind"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong, and with which words."""

    flaw: Flaw
    text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A value, of how many, and what it was worked out from."""

    value: Decimal
    n: int | None = None
    parts: Mapping[str, int] | None = None


def scale_of(measure: Measure) -> tuple[int, int]:
    """The lowest and the highest answer."""
    low, high = SCALES.get(measure.kind, (1, 5))
    return (
        low if measure.scale_min is None else measure.scale_min,
        high if measure.scale_max is None else measure.scale_max,
    )


def range_of(kind: Kind) -> tuple[int, int] | None:
    """Between which numbers a value of that kind lies; None: anywhere."""
    return _RANGES.get(kind)


def take(measure: Measure, keys: Mapping[str, str], typed: str) -> Taken | Bad:
    """What was typed, as a value; `typed` is a bare figure behind the measure."""
    n = _whole(keys["n"]) if "n" in keys else None
    if "n" in keys and n is None:
        return Bad(Flaw.NOT_WHOLE, keys["n"])
    counted = [each for each in (*WAVE, "met", "counts") if each in keys]
    if counted and (typed or "value" in keys):
        return Bad(Flaw.TWICE, counted[0])
    parts = _parts(measure, keys, n) if counted else None
    if isinstance(parts, Bad):
        return parts
    if parts is None:
        return _valued(measure, keys.get("value") or typed, n)
    together = parts["all"] if "met" in parts else sum(parts.values())
    if not together:
        return Bad(Flaw.NO_ANSWERS)
    if n is not None and n != together:
        return Bad(Flaw.NOT_THE_SUM, str(together))
    return Taken(_stored(judging.worked_out(measure, parts)), together, parts)


def _valued(measure: Measure, text: str, n: int | None) -> Taken | Bad:
    if not text:
        return Bad(Flaw.NO_VALUE)
    if n == 0:
        return Bad(Flaw.NO_ANSWERS)
    value = rules.value_of(text, measure.unit)
    if value is None:
        return Bad(Flaw.NOT_A_VALUE, text)
    limits = range_of(measure.kind)
    if limits and not limits[0] <= value <= limits[1]:
        return Bad(Flaw.OUT_OF_RANGE, text)
    return Taken(value, n)


def _parts(measure: Measure, keys: Mapping[str, str], n: int | None) -> Mapping[str, int] | Bad:
    if "counts" in keys:
        return _counts(measure, keys["counts"])
    if "met" in keys:
        return _met(measure, keys["met"], n)
    if measure.kind is not Kind.NPS:
        return Bad(Flaw.NOT_THIS_KIND, next(each for each in WAVE if each in keys))
    missing = [each for each in WAVE if each not in keys]
    if missing:
        return Bad(Flaw.ALL_THREE, missing[0])
    parts: dict[str, int] = {}
    for each in WAVE:
        number = _whole(keys[each])
        if number is None:
            return Bad(Flaw.NOT_WHOLE, keys[each])
        parts[each] = number
    return parts


def _met(measure: Measure, text: str, n: int | None) -> Mapping[str, int] | Bad:
    if measure.kind not in {Kind.CSAT, Kind.RATE}:
        return Bad(Flaw.NOT_THIS_KIND, "met")
    met = _whole(text)
    if met is None:
        return Bad(Flaw.NOT_WHOLE, text)
    if n is None:
        return Bad(Flaw.NEEDS_ALL)
    return Bad(Flaw.MORE_THAN_ALL, text) if met > n else {"met": met, "all": n}


def _counts(measure: Measure, text: str) -> Mapping[str, int] | Bad:
    """How often each answer was given, the lowest first: `80, 210, 140, 110, 160, 180, 120`."""
    if measure.kind not in SCALES:
        return Bad(Flaw.NOT_THIS_KIND, "counts")
    low, high = scale_of(measure)
    typed = [each for each in re.split(r"[,; ]+", text.strip()) if each]
    numbers = [_whole(each) for each in typed]
    if bad := next((each for each, number in zip(typed, numbers, strict=True) if number is None), ""):
        return Bad(Flaw.NOT_WHOLE, bad)
    if len(numbers) != high - low + 1:
        return Bad(Flaw.NOT_SO_MANY, str(len(numbers)))
    answers = {low + place: number or 0 for place, number in enumerate(numbers)}
    if measure.kind is Kind.NPS:
        wave = formulas.wave_of(answers)
        return {"promoters": wave.promoters, "passives": wave.passives, "detractors": wave.detractors}
    return {str(answer): times for answer, times in answers.items()}


def _whole(text: str) -> int | None:
    bare = text.strip()
    return int(bare.replace(",", "")) if _WHOLE.fullmatch(bare) else None


def _stored(value: Fraction) -> Decimal:
    """As many decimals as a row keeps; what is shown is worked out from the parts."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_STORED, rounding=ROUND_HALF_UP)
