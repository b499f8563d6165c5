"""What initiatives are worth: every vector of domain.md 4.3."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.words import rounded
from bot.initiatives.scoring import Quadrant, Rating, ice, rice, worth, wsjf

FIGURE = st.integers(1, 5)


def written(value: Fraction, places: int = 2) -> str:
    return rounded(Decimal(value.numerator) / Decimal(value.denominator), places)


@pytest.mark.req("S3-08")
@pytest.mark.parametrize(
    ("rating", "takes", "ratio", "net", "quadrant"),
    [
        (Rating(5, 2, 2), "2.0", "2.50", "3.0", Quadrant.QUICK_WIN),
        (Rating(4, 3, 4), "3.5", "1.14", "0.5", Quadrant.BIG_BET),
        (Rating(4, 2, 1), "1.5", "2.67", "2.5", Quadrant.QUICK_WIN),
        (Rating(3, 5, 5), "5.0", "0.60", "-2.0", Quadrant.BIG_BET),
        (Rating(1, 1, 1), "1.0", "1.00", "0.0", Quadrant.FILL_IN),
        (Rating(2, 3, 3), "3.0", "0.67", "-1.0", Quadrant.THINK_AGAIN),
        (Rating(1, 5, 5), "5.0", "0.20", "-4.0", Quadrant.THINK_AGAIN),
        (Rating(5, 1, 1), "1.0", "5.00", "4.0", Quadrant.QUICK_WIN),
    ],
)
def test_every_vector_of_cost_and_benefit(rating: Rating, takes: str, ratio: str, net: str, quadrant: Quadrant) -> None:
    found = worth([rating])
    assert found is not None
    assert (written(found.takes, 1), written(found.ratio), written(found.net, 1)) == (takes, ratio, net)
    assert found.quadrant is quadrant


@pytest.mark.req("S3-08")
def test_several_raters_count_with_the_mean_of_each_figure() -> None:
    found = worth([Rating(5, 2, 2), Rating(4, 3, 4), Rating(3, 1, 3)])
    assert found is not None
    assert [int(each) for each in (found.benefit, found.cost, found.effort)] == [4, 2, 3]
    assert written(found.ratio) == "1.60"


def test_what_nobody_rated_has_no_worth() -> None:
    assert worth([]) is None


@given(st.lists(st.builds(Rating, FIGURE, FIGURE, FIGURE), min_size=1))
def test_a_ratio_is_between_a_fifth_and_five(ratings: list[Rating]) -> None:
    found = worth(ratings)
    assert found is not None
    assert Fraction(1, 5) <= found.ratio <= 5
    assert found.net == found.benefit - found.takes


def test_the_other_methods() -> None:
    assert ice(Fraction(9), Fraction(7), Fraction(4)) == Fraction(252)
    assert written(rice(Fraction(50_000), Fraction(2), Fraction("0.8"), Fraction(3))) == "26666.67"
    assert written(wsjf(Fraction(8), Fraction(5), Fraction(3), Fraction(5)), 1) == "3.2"


def test_what_takes_nothing_has_no_rice_and_no_wsjf() -> None:
    with pytest.raises(ValueError, match="effort"):
        rice(Fraction(1), Fraction(1), Fraction(1), Fraction(0))
    with pytest.raises(ValueError, match="size"):
        wsjf(Fraction(1), Fraction(1), Fraction(1), Fraction(0))
