"""What an initiative is worth against what it takes. Source: domain.md 4.3."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

LOWEST, HIGHEST = 1, 5
THRESHOLD = 3


class Rating(NamedTuple):
    """One rater's figures, each from 1 to 5, 5 being large."""

    benefit: int
    cost: int
    effort: int


class Quadrant(StrEnum):
    """Where benefit and cost with effort put it."""

    QUICK_WIN = "quick win"
    BIG_BET = "big bet"
    FILL_IN = "fill-in"
    THINK_AGAIN = "think again"


@dataclass(frozen=True, slots=True)
class Worth:
    """The mean of all ratings; `takes` is the mean of cost and effort."""

    benefit: Fraction
    cost: Fraction
    effort: Fraction

    @property
    def takes(self) -> Fraction:
        return (self.cost + self.effort) / 2

    @property
    def ratio(self) -> Fraction:
        """From 0.2 to 5."""
        return self.benefit / self.takes

    @property
    def net(self) -> Fraction:
        return self.benefit - self.takes

    @property
    def quadrant(self) -> Quadrant:
        if self.benefit >= THRESHOLD:
            return Quadrant.QUICK_WIN if self.takes < THRESHOLD else Quadrant.BIG_BET
        return Quadrant.FILL_IN if self.takes < THRESHOLD else Quadrant.THINK_AGAIN


def worth(ratings: Sequence[Rating]) -> Worth | None:
    """What several raters make of it together; None while nobody has rated it."""
    if not ratings:
        return None
    benefit, cost, effort = (Fraction(sum(each), len(ratings)) for each in zip(*ratings, strict=True))
    return Worth(benefit, cost, effort)


def ice(impact: Fraction, confidence: Fraction, ease: Fraction) -> Fraction:
    """Impact times confidence times ease."""
    return impact * confidence * ease


def rice(reach: Fraction, impact: Fraction, confidence: Fraction, effort: Fraction) -> Fraction:
    """Reach times impact times confidence, for each unit of effort. Raises: ValueError for no effort."""
    if effort <= 0:
        raise ValueError(f"an effort is more than 0, got {effort}")
    return reach * impact * confidence / effort


def wsjf(value: Fraction, urgency: Fraction, opportunity: Fraction, size: Fraction) -> Fraction:
    """Weighted shortest job first: what waiting costs, for each unit of size. Raises: ValueError for no size."""
    if size <= 0:
        raise ValueError(f"a size is more than 0, got {size}")
    return (value + urgency + opportunity) / size
