"""How ballots are counted and combined with what initiatives are worth. Pure. Source: domain.md 4.4."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import permutations
from typing import TypeAlias

from bot.initiatives.scoring import Worth
from bot.work.rules import Move, Part, verbs_from
from storage.ranking import RankingRound

State = RankingRound.State
ITEMS_MOST, ITEMS_LEAST = 10, 2  # as many as one card shows
BALLOTS_LEAST = 2
HALF = Fraction(1, 2)
WEAK, STRONG = Fraction(3, 10), Fraction(7, 10)

ENOUGH = f"with {BALLOTS_LEAST} ballots or more that have a view"
TOO_FEW = f"with fewer than {BALLOTS_LEAST} ballots that have a view"
RUNNERS = (Part.LEAD, Part.CHAIR, Part.ADMIN)

MOVES: tuple[Move[State], ...] = (
    Move("vote", "voted on", (State.OPEN,), None, (Part.VOTER,)),
    Move("close", "closed", (State.OPEN,), State.CLOSED, (*RUNNERS, Part.CLOCK)),
    Move("extend", "extended", (State.OPEN,), State.OPEN, RUNNERS),
    Move("extend", "extended", (State.CLOSED,), State.OPEN, RUNNERS, when=TOO_FEW),
    Move("publish", "published", (State.CLOSED,), State.PUBLISHED, RUNNERS, when=ENOUGH),
    Move("cancel", "cancelled", (State.OPEN,), State.CANCELLED, RUNNERS, reason=True),
    Move("cancel", "cancelled", (State.CLOSED,), State.CANCELLED, RUNNERS, reason=True, when=TOO_FEW),
)
"""Source: domain.md 2.3. A round that closed with too few ballots is no dead end: it goes on, or is called off."""


def moves_now(state: State, ballots: int) -> tuple[Move[State], ...]:
    """What can be done in a state with so many ballots that have a view."""
    met = {"", ENOUGH if ballots >= BALLOTS_LEAST else TOO_FEW}
    return tuple(move for move in MOVES if state in move.sources and move.when in met)


def verbs_now(state: State, ballots: int, parts: Collection[Part]) -> Sequence[str]:
    """What somebody with these parts can do then."""
    return verbs_from(moves_now(state, ballots), state, parts)


Tiers: TypeAlias = Sequence[Sequence[int]]
"""A ballot: the first tier is the most wanted, and what stands in one tier is tied; what is left out is a last tier."""


def tiers_of(ranks: Mapping[int, int | None]) -> Tiers:
    """A ballot from the number that somebody gave each item; the same number is a tie, none is no view."""
    given = sorted({rank for rank in ranks.values() if rank is not None})
    return [[item for item, rank in ranks.items() if rank == each] for each in given]


def whole(tiers: Tiers, items: Sequence[int]) -> Tiers:
    """With what was left out as one tied last tier."""
    named = {item for tier in tiers for item in tier}
    rest = [item for item in items if item not in named]
    known = [[item for item in tier if item in items] for tier in tiers]
    return [tier for tier in (*known, rest) if tier]


def counted(ballots: Sequence[Tiers]) -> Sequence[Tiers]:
    """Those that say something: a wholly blank ballot is an abstention."""
    return [each for each in ballots if any(each)]


def borda(ballots: Sequence[Tiers], items: Sequence[int]) -> Mapping[int, Fraction]:
    """For each ballot 1 for each item ranked below, and a half for each that is tied."""
    points = dict.fromkeys(items, Fraction(0))
    for tiers in (whole(each, items) for each in counted(ballots)):
        below = len(items)
        for tier in tiers:
            below -= len(tier)
            for item in tier:
                points[item] += below + HALF * (len(tier) - 1)
    return points


def mean_ranks(values: Mapping[int, Fraction]) -> Mapping[int, Fraction]:
    """The largest value is first; what is tied shares the mean of its ranks: 1, 2.5, 2.5, 4."""
    every = [*values.values()]
    return {
        item: sum(other > value for other in every) + Fraction(sum(other == value for other in every) + 1, 2)
        for item, value in values.items()
    }


def schulze(ballots: Sequence[Tiers], items: Sequence[int]) -> Sequence[int]:
    """Who is first by strongest paths of winning votes: one item, or several that are tied."""
    wanted = dict.fromkeys(permutations(items, 2), 0)
    for tiers in (whole(each, items) for each in counted(ballots)):
        place = {item: number for number, tier in enumerate(tiers) for item in tier}
        for one, other in wanted:
            wanted[one, other] += place[one] < place[other]
    paths = {pair: votes if votes > wanted[pair[1], pair[0]] else 0 for pair, votes in wanted.items()}
    for middle, one, other in permutations(items, 3):
        paths[one, other] = max(paths[one, other], min(paths[one, middle], paths[middle, other]))
    beaten = {other for one, other in permutations(items, 2) if paths[one, other] > paths[other, one]}
    return [item for item in items if item not in beaten]


class Agreement(StrEnum):
    """How far stakeholders agree."""

    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"


def kendall(ballots: Sequence[Tiers], items: Sequence[int]) -> Fraction | None:
    """Kendall's W with ties, from 0 to 1; None where every ballot ties everything, or nobody voted."""
    full = [whole(each, items) for each in counted(ballots)]
    m, k = len(full), len(items)
    sums = dict.fromkeys(items, Fraction(0))
    ties = 0
    for tiers in full:
        before = 0
        for tier in tiers:
            for item in tier:
                sums[item] += before + Fraction(len(tier) + 1, 2)
            before += len(tier)
            ties += len(tier) ** 3 - len(tier)
    below = m * m * (k**3 - k) - m * ties
    if not below:
        return None
    spread = sum(((each - Fraction(m * (k + 1), 2)) ** 2 for each in sums.values()), Fraction(0))
    return 12 * spread / below


def agreement(w: Fraction) -> Agreement:
    """Below 0.3 weak, above 0.7 strong."""
    if w < WEAK:
        return Agreement.WEAK
    return Agreement.STRONG if w > STRONG else Agreement.MODERATE


def priority(k: int, by_worth: Fraction, by_stakeholders: Fraction, weight: Fraction = HALF) -> Fraction:
    """From 0 to 1, of an item with these two ranks among k; one alone has 1."""
    if k == 1:
        return Fraction(1)
    return (weight * (k - by_worth) + (1 - weight) * (k - by_stakeholders)) / (k - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """What came out for one item."""

    item: int
    points: Fraction
    share: Fraction
    by_stakeholders: Fraction
    by_worth: Fraction
    score: Fraction
    firsts: int
    hard: int

    @property
    def gap(self) -> Fraction:
        """How far apart what it is worth and what stakeholders want are."""
        return abs(self.by_worth - self.by_stakeholders)


@dataclass(frozen=True, slots=True)
class Result:
    """The lines in their final order; `another_first` are the items that the other counting method puts first."""

    lines: Sequence[Line]
    w: Fraction | None
    another_first: Sequence[int]


def result(ballots: Sequence[Tiers], worths: Mapping[int, Worth], hard: Sequence[Sequence[int]] = ()) -> Result | None:
    """None with fewer than two ballots, or fewer than two items; `worths` has every item, the oldest first.

    Ties go to the higher benefit, then to what takes less, to more first tiers, to the older one.
    """
    said, items = counted(ballots), [*worths]
    if len(said) < BALLOTS_LEAST or len(items) < ITEMS_LEAST:
        return None
    points = borda(said, items)
    by_stakeholders = mean_ranks(points)
    by_worth = mean_ranks({item: worth.ratio for item, worth in worths.items()})
    k, m = len(items), len(said)
    lines = [
        Line(
            item,
            points[item],
            points[item] / (m * (k - 1)),
            by_stakeholders[item],
            by_worth[item],
            priority(k, by_worth[item], by_stakeholders[item]),
            sum(item in whole(each, items)[0] for each in said),
            sum(item in each for each in hard),
        )
        for item in items
    ]
    order = {item: number for number, item in enumerate(items)}
    lines.sort(
        key=lambda line: (
            -line.score,
            -worths[line.item].benefit,
            worths[line.item].takes,
            -line.firsts,
            order[line.item],
        )
    )
    top = [item for item in items if points[item] == max(points.values())]
    other = schulze(said, items)
    return Result(lines, kendall(said, items), [] if set(top) & set(other) else other)
