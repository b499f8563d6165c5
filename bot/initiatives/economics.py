"""What repeat visits cost, and what an initiative saves of that. Pure. Source: domain.md 4.8.

Money is in minor units of one currency and is never converted. Results are fractions: rounding is for those who show.
"""

from dataclasses import dataclass
from fractions import Fraction

BASIS = 10_000  # hundredths of a percent in a whole


@dataclass(frozen=True, slots=True)
class Faults:
    """What comes in each month and what a call and a visit cost; `can_repeat` lets a second visit be repeated too."""

    number: int
    call: int
    visit: int
    can_repeat: bool = False


def monthly_cost(faults: Faults, rate: Fraction, extra: int = 0) -> Fraction:
    """Of all calls, first visits and repeated ones; `rate` of the visits are repeated, `extra` is each call's more.

    Raises: ValueError for a rate below 0, above 1, or of 1 where repeats can repeat.
    """
    if not 0 <= rate <= 1 or (faults.can_repeat and rate == 1):
        raise ValueError(f"a share of visits that are repeated is from 0 to 1, and less where they repeat, got {rate}")
    visits = 1 / (1 - rate) if faults.can_repeat else 1 + rate
    return faults.number * (faults.call + extra + visits * faults.visit)


def break_even(extra: int, visit: int) -> Fraction | None:
    """By how much the share of repeated visits must fall for longer calls to pay; None where a visit costs nothing."""
    return Fraction(extra, visit) if visit else None


def calls_for_a_visit(faults: Faults) -> Fraction | None:
    """How many calls one avoided visit pays for; None where a call costs nothing."""
    return Fraction(faults.visit, faults.call) if faults.call else None


def roi(saving: Fraction, one_off: int, months: int) -> Fraction | None:
    """What comes back over some months for each unit spent, less that unit; None where nothing is spent."""
    return (months * saving - one_off) / one_off if one_off else None


def payback_months(saving: Fraction, one_off: int) -> Fraction | None:
    """After how many months it has come back; None where nothing is saved."""
    return one_off / saving if saving > 0 else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an initiative changes: the share of repeated visits before and after, and what it takes."""

    faults: Faults
    rate_now: Fraction
    rate_then: Fraction
    extra: int
    one_off: int
    months: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What comes of a plan."""

    cost_now: Fraction
    cost_then: Fraction
    break_even: Fraction | None
    calls_for_a_visit: Fraction | None
    roi: Fraction | None
    payback_months: Fraction | None

    @property
    def saving(self) -> Fraction:
        """Each month; below 0 where it costs more."""
        return self.cost_now - self.cost_then


def gain(plan: Plan) -> Gain:
    """Raises: ValueError as `monthly_cost`."""
    before, after = monthly_cost(plan.faults, plan.rate_now), monthly_cost(plan.faults, plan.rate_then, plan.extra)
    return Gain(
        before,
        after,
        break_even(plan.extra, plan.faults.visit),
        calls_for_a_visit(plan.faults),
        roi(before - after, plan.one_off, plan.months),
        payback_months(before - after, plan.one_off),
    )
