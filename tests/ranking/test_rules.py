"""Every vector of domain.md 4.4."""

from decimal import Decimal
from fractions import Fraction

import pytest

from bot.chat.words import rounded
from bot.initiatives.scoring import Rating, Worth, worth
from bot.ranking import rules
from bot.ranking.rules import Agreement, Tiers

FIVE = (1, 2, 3, 4, 5)
BALLOTS: dict[str, Tiers] = {
    "Call centre": [[3], [1], [2], [5], [4]],
    "Field": [[1], [2], [3], [4], [5]],
    "Billing": [[1, 3], [2, 4], [5]],
    "IT": [[4], [2], [1], [3], [5]],
    "Supplier": [[1], [3]],
    "Customer": [[1], [3], [2], [5], [4]],
}
EXPECTED = {
    "Call centre": (3, 2, 4, 0, 1),
    "Field": (4, 3, 2, 1, 0),
    "Billing": (3.5, 1.5, 3.5, 1.5, 0),
    "IT": (2, 3, 1, 4, 0),
    "Supplier": (4, 1, 3, 1, 1),
    "Customer": (4, 2, 3, 0, 1),
}
RATINGS = {1: (5, 2, 2), 2: (4, 3, 4), 3: (4, 2, 1), 4: (3, 5, 5), 5: (1, 1, 1)}


def worths() -> dict[int, Worth]:
    found = {item: worth([Rating(*figures)]) for item, figures in RATINGS.items()}
    return {item: each for item, each in found.items() if each is not None}


@pytest.mark.req("S3-09")
@pytest.mark.parametrize("who", BALLOTS)
def test_points_of_a_ballot(who: str) -> None:
    points = rules.borda([BALLOTS[who]], FIVE)
    assert [float(each) for each in points.values()] == [*EXPECTED[who]]
    assert sum(points.values()) == 10


def _percent(share: Fraction) -> str:
    return rounded(Decimal(100 * share.numerator) / Decimal(share.denominator), 1)


@pytest.mark.req("S3-09", "S3-10", "S2-24")
def test_the_example_with_six_ballots() -> None:
    found = rules.result([*BALLOTS.values()], worths(), hard=[[2, 4], [4]])
    assert found is not None
    by_item = {line.item: line for line in found.lines}
    assert [float(by_item[item].points) for item in FIVE] == [20.5, 12.5, 16.5, 7.5, 3.0]
    assert [_percent(by_item[item].share) for item in FIVE] == ["85.4", "52.1", "68.8", "31.3", "12.5"]
    assert [by_item[item].by_stakeholders for item in FIVE] == [1, 3, 2, 4, 5]
    assert [by_item[item].by_worth for item in FIVE] == [2, 3, 1, 5, 4]
    assert [by_item[item].gap for item in FIVE] == [1, 0, 1, 1, 1]
    assert [float(by_item[item].score) for item in FIVE] == [0.875, 0.5, 0.875, 0.125, 0.125]
    assert [line.item for line in found.lines] == [1, 3, 2, 4, 5]
    assert [by_item[item].hard for item in FIVE] == [0, 1, 0, 2, 0]
    assert found.w == Fraction(2328, 4104)
    assert rules.agreement(found.w) is Agreement.MODERATE
    assert found.another_first == []
    assert rules.schulze([*BALLOTS.values()], FIVE) == [1]


def test_ties_share_their_points_and_ranks() -> None:
    points = rules.borda([[[1, 2, 3]], [[1], [2, 3]]], (1, 2, 3))
    assert [float(each) for each in points.values()] == [3, 1.5, 1.5]
    ranks = rules.mean_ranks({1: Fraction(9), 2: Fraction(5), 3: Fraction(5), 4: Fraction(1)})
    assert [float(each) for each in ranks.values()] == [1, 2.5, 2.5, 4]


@pytest.mark.parametrize(
    ("ballots", "expected"),
    [
        ([[[1], [2], [3]], [[1], [2], [3]]], 1),
        ([[[1], [2], [3]], [[3], [2], [1]]], 0),
        ([[[1, 2, 3]], [[1, 2, 3]]], None),
        ([], None),
    ],
)
def test_agreement(ballots: list[Tiers], expected: int | None) -> None:
    assert rules.kendall(ballots, (1, 2, 3)) == expected


def test_the_words_for_agreement_at_their_bounds() -> None:
    found = [rules.agreement(Fraction(each, 100)) for each in (0, 29, 30, 70, 71, 100)]
    assert found == ["weak", "weak", "moderate", "moderate", "strong", "strong"]


VOTERS = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip


def test_schulzes_forty_five_voters() -> None:
    ballots = [[["ABCDE".index(letter)] for letter in order] for order, number in VOTERS.items() for _ in range(number)]
    points = {"ABCDE"[item]: value for item, value in rules.borda(ballots, range(5)).items()}
    assert points == {"E": 102, "A": 98, "B": 92, "C": 89, "D": 69}
    assert rules.schulze(ballots, range(5)) == [4]


def test_where_the_other_method_puts_another_first_it_is_told() -> None:
    one: Tiers = [[1], [2], [3]]
    other: Tiers = [[2], [3], [1]]
    ballots = [one, one, one, other, other]
    found = rules.result(ballots, {item: each for item, each in worths().items() if item <= 3})
    assert found is not None
    assert rules.borda(ballots, (1, 2, 3)) == {1: 6, 2: 7, 3: 2}
    assert found.another_first == [1]


@pytest.mark.req("S3-09")
def test_a_blank_ballot_is_an_abstention_and_one_ballot_is_no_result() -> None:
    assert rules.result([[[1], [2]], []], worths()) is None
    assert rules.counted([[], [[]], [[1]]]) == [[[1]]]


def test_a_ballot_from_numbers_has_ties_and_blanks() -> None:
    assert rules.tiers_of({1: 1, 2: None, 3: 1, 4: 7, 5: None}) == [[1, 3], [4]]
    assert rules.whole([[1, 3], [4]], FIVE) == [[1, 3], [4], [2, 5]]
    assert rules.whole([], FIVE) == [[*FIVE]]


def test_one_alone_has_everything() -> None:
    assert rules.priority(1, Fraction(1), Fraction(1)) == 1
