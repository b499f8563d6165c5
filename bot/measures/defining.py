"""How a measure is defined from what somebody typed: kind, unit, scale, target. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.measures import rules
from bot.measures.taking import SCALES
from storage.measures import Measure

Kind = Measure.Kind
Unit = Measure.Unit
Better = Measure.Better
E = TypeVar("E", bound=StrEnum)
TEXT_MAX = 200  # characters of a question or an outcome: one fact on a card
SOFT = frozenset({Kind.NPS, Kind.CSAT, Kind.CES})
"""Kinds that ask for an opinion, so they are never hard. Source: domain.md S4-11."""
UNITS: Mapping[Kind, tuple[Unit, ...]] = {
    Kind.NPS: (Unit.NUMBER,),
    Kind.CSAT: (Unit.PERCENT,),
    Kind.CES: (Unit.NUMBER,),
    Kind.RATE: (Unit.PERCENT,),
    Kind.DURATION: rules.DURATIONS,
    Kind.COUNT: (Unit.NUMBER,),
    Kind.MONEY: tuple(rules.CURRENCIES),
    Kind.INDEX: (Unit.NUMBER,),
}
"""In what a kind is counted, the usual one first."""
_SCALE = re.compile(r"(?P<low>\d{1,3}) ?(?:-|–|to|\.\.) ?(?P<high>\d{1,3})", re.ASCII)
_YES, _NO = frozenset({"yes", "y", "on", "true", "hard"}), frozenset({"no", "n", "off", "false", "soft"})


def one_of(kinds: type[E], text: str) -> E | None:
    """The value of that word, in any case; None for an unknown one."""
    return next((each for each in kinds if each.value == text.strip().casefold()), None)


def kind_for(unit: Unit) -> Kind:
    """What a number in that unit is of, where nobody says more."""
    if unit in rules.DURATIONS:
        return Kind.DURATION
    if unit in rules.CURRENCIES:
        return Kind.MONEY
    return Kind.RATE if unit is Unit.PERCENT else Kind.COUNT


def better_for(kind: Kind) -> Better:
    """In which direction a kind usually should go."""
    return Better.DOWN if kind is Kind.DURATION else Better.UP


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest answer, and from where one is a good one."""

    low: int | None = None
    high: int | None = None
    top: int | None = None


def scale_of(kind: Kind, typed: str, top: str) -> Scale | None:
    """The scale of a question; None where what was typed is none, or none for its kind."""
    usual = SCALES.get(kind)
    if usual is None:
        return None if typed or top else Scale()
    found = _SCALE.fullmatch(typed.strip()) if typed else None
    if typed and found is None:
        return None
    low, high = (int(found["low"]), int(found["high"])) if found else usual
    if kind is not Kind.CSAT:
        return Scale(low, high) if (low, high) == usual and not top else None
    if not top:
        return Scale(low, high) if (low, high) == usual else None
    lowest = int(top) if top.isascii() and top.isdigit() and len(top) < len("1000") else -1
    return Scale(low, high, lowest) if low < lowest <= high else None


def is_hard(kind: Kind, typed: str) -> bool | None:
    """Whether it counts behaviour or money; None where what was typed says neither, or can't be for its kind."""
    word = typed.strip().casefold()
    if not word:
        return kind not in SOFT and kind is not Kind.INDEX
    if word in _NO:
        return False
    return True if word in _YES and kind not in SOFT else None


def is_amber_right(better: Better, target: Decimal | None, amber: Decimal | None) -> bool:
    """Whether an amber limit lies on the side of a target on which it is missed."""
    if amber is None:
        return True
    if target is None:
        return False
    return amber < target if better is Better.UP else amber > target
