"""How customer numbers are worked out, exactly, and how sure one can be of them. Source: domain.md 4.1, 4.2.

Values are fractions, rounded only where they are shown; intervals are floats, exact to 0.01.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations; Source: domain.md 4
HIDDEN_BELOW = 5  # answers; fewer are not shown, which also protects customers; Source: domain.md 4.1
LOW_BASE_BELOW = 30  # answers; fewer are marked; Source: domain.md 4.1
PROMOTER_FROM, PASSIVE_FROM, SURE = 9, 7, 10
"""Of answers 0 to 10: from where they are promoters, passives, and the highest. Source: domain.md 4.1."""
EASY_FROM, HARD_UP_TO, AGREES_FROM = 5, 3, 6
"""Of answers 1 to 7 about effort; Source: domain.md 4.2."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Answers to "how likely are you to recommend" of one period."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """All valid answers."""
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies with 95 %: `centre` plus or minus `half`, cut to what is possible."""

    centre: float
    half: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shift:
    """How far two independent samples lie apart, and how far they could by chance."""

    delta: float
    margin: float

    @property
    def is_real(self) -> bool:
        """Whether it is a real change rather than noise."""
        return abs(self.delta) > self.margin


def nps(wave: Wave) -> Fraction | None:
    """-100 to 100; None without answers. The two shares are not rounded first."""
    return Fraction(100 * (wave.promoters - wave.detractors), wave.n) if wave.n else None


def wave_of(answers: Mapping[int, int]) -> Wave:
    """How often 0 to 10 was answered, as a wave."""

    def within(low: int, high: int) -> int:
        return sum(times for answer, times in answers.items() if low <= answer <= high)

    return Wave(within(PROMOTER_FROM, SURE), within(PASSIVE_FROM, PROMOTER_FROM - 1), within(0, PASSIVE_FROM - 1))


def _adjusted(wave: Wave) -> tuple[float, float, float]:
    """The difference of the shares, their variance and n', three answers added. Source: domain.md 4.1."""
    n = wave.n + 3
    promoters, detractors = (wave.promoters + 0.75) / n, (wave.detractors + 0.75) / n
    return promoters - detractors, promoters + detractors - (promoters - detractors) ** 2, n


def nps_interval(wave: Wave) -> Interval | None:
    """Adjusted Wald, which holds for small samples; None without answers."""
    if not wave.n:
        return None
    difference, variance, n = _adjusted(wave)
    centre, half = 100 * difference, 100 * Z * sqrt(variance / n)
    return Interval(centre, half, max(-100.0, centre - half), min(100.0, centre + half))


def nps_plain_margin(wave: Wave) -> float | None:
    """The trinomial margin, for reference; None without answers."""
    if not wave.n:
        return None
    promoters, detractors = wave.promoters / wave.n, wave.detractors / wave.n
    return 100 * Z * sqrt((promoters + detractors - (promoters - detractors) ** 2) / wave.n)


def nps_shift(before: Wave, after: Wave) -> Shift | None:
    """The change between two waves; None where one has no answers."""
    if not (before.n and after.n):
        return None
    (one, variance_1, n_1), (two, variance_2, n_2) = _adjusted(before), _adjusted(after)
    return Shift(100 * (two - one), 100 * Z * sqrt(variance_1 / n_1 + variance_2 / n_2))


def share(met: int, of: int) -> Fraction | None:
    """`met` of `of` in percent: CSAT, first-time fix, handovers complete; None where there is nothing to share."""
    return Fraction(100 * met, of) if of else None


def wilson(met: float, of: int) -> Interval | None:
    """The interval of a share, in percent; None where there is nothing to share. `met` need not be whole."""
    if not of:
        return None
    p, z2 = met / of, Z * Z
    scale = 1 + z2 / of
    centre = (p + z2 / (2 * of)) / scale
    half = Z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / scale
    return Interval(100 * centre, 100 * half, max(0.0, 100 * (centre - half)), min(100.0, 100 * (centre + half)))


def share_shift(before: tuple[float, int], after: tuple[float, int]) -> Shift | None:
    """The change between two shares, in points, each `(met, of)`; None where one has nothing to share.

    One success and one miss are added to each. Source: Agresti and Caffo, The American Statistician 54 (2000), 280.
    """
    if not (before[1] and after[1]):
        return None
    (one, variance_1), (two, variance_2) = (_one_more(*each) for each in (before, after))
    return Shift(100 * (two - one), 100 * Z * sqrt(variance_1 + variance_2))


def _one_more(met: float, of: int) -> tuple[float, float]:
    n = of + 2
    p = (met + 1) / n
    return p, p * (1 - p) / n


def mean(answers: Mapping[int, int]) -> Fraction | None:
    """The average answer: CES 2.0; None without answers."""
    n = sum(answers.values())
    return Fraction(sum(answer * times for answer, times in answers.items()), n) if n else None


def share_from(answers: Mapping[int, int], low: int) -> Fraction | None:
    """How many percent answered `low` or more: the top boxes; None without answers."""
    return share(sum(times for answer, times in answers.items() if answer >= low), sum(answers.values()))


def ces_index(answers: Mapping[int, int]) -> Fraction | None:
    """6 and 7 minus 1 to 3, in percent of all; another method than the mean, never mixed with it."""
    agrees, others = share_from(answers, AGREES_FROM), share_from(answers, HARD_UP_TO + 1)
    return None if agrees is None or others is None else agrees - (100 - others)
