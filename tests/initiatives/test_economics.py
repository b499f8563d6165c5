"""The vectors of domain.md 4.8."""

from fractions import Fraction

import pytest

from bot.initiatives.economics import (
    Faults,
    Plan,
    break_even,
    calls_for_a_visit,
    gain,
    monthly_cost,
    payback_months,
    roi,
)

POUNDS = Faults(1_000, 300, 15_000)
AGAIN = Faults(1_000, 300, 15_000, can_repeat=True)
TWENTY, EIGHT = Fraction(20, 100), Fraction(8, 100)


@pytest.mark.req("S2-06")
@pytest.mark.parametrize(
    ("faults", "rate", "extra", "expected"),
    [(POUNDS, TWENTY, 0, 183_000_00), (POUNDS, EIGHT, 300, 168_000_00), (AGAIN, TWENTY, 0, 190_500_00)],
)
def test_what_a_month_costs(faults: Faults, rate: Fraction, extra: int, expected: int) -> None:
    assert monthly_cost(faults, rate, extra) == expected


def test_where_repeats_can_repeat_the_saving_is_larger() -> None:
    found = gain(Plan(AGAIN, TWENTY, EIGHT, 300, 30_000_00, 6))
    assert round(found.cost_then) == 169_043_48
    assert round(found.saving) == 21_456_52


@pytest.mark.req("S2-06")
def test_what_it_saves_and_when_it_has_come_back() -> None:
    found = gain(Plan(POUNDS, TWENTY, EIGHT, 300, 30_000_00, 6))
    assert found.saving == 15_000_00
    assert found.break_even == Fraction(2, 100)
    assert found.roi == 2
    assert found.payback_months == 2


@pytest.mark.parametrize(("call", "visit", "expected"), [(300, 15_000, 50), (500, 22_500, 45)])
def test_how_many_calls_one_visit_pays_for(call: int, visit: int, expected: int) -> None:
    assert calls_for_a_visit(Faults(1, call, visit)) == expected


def test_what_can_not_be_divided_is_none() -> None:
    assert roi(Fraction(100), 0, 6) is None
    assert payback_months(Fraction(0), 100) is None
    assert payback_months(Fraction(-5), 100) is None
    assert break_even(3, 0) is None
    assert calls_for_a_visit(Faults(1, 0, 5)) is None


def test_a_share_is_from_nothing_to_all() -> None:
    for rate in (Fraction(-1, 100), Fraction(101, 100)):
        with pytest.raises(ValueError, match="from 0 to 1"):
            monthly_cost(POUNDS, rate)
    with pytest.raises(ValueError, match="less where they repeat"):
        monthly_cost(AGAIN, Fraction(1))
    assert monthly_cost(POUNDS, Fraction(1)) == 1_000 * (300 + 2 * 15_000)
