"""Rates, reach and streaks of a time: pure formulas. Source: domain.md 4.5 and 4.6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.chat.words import rounded
from bot.huddles import rules
from storage.huddles import HuddleRun

NOT_KNOWN = "n/a"
AGES = ((0, 0), (1, 2), (3, 4), (5, None))
"""Ages of blockers in working days, from and to: they go up after 1, 3 and 5."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of some runs together. A period's rate is made of sums, never the mean of rates."""

    on_time: int = 0
    late: int = 0
    expected: int = 0
    held: int = 0
    not_held: int = 0
    """Skipped, missed, or without anybody expected."""

    @property
    def rate(self) -> str:
        """Those on time of those expected."""
        return share(self.on_time, self.expected)

    @property
    def reach(self) -> str:
        """Those who answered at all of those expected."""
        return share(self.on_time + self.late, self.expected)


def tally(runs: Sequence[HuddleRun]) -> Tally:
    """Some runs together; one that has not closed yet counts for nothing."""
    over = [each for each in runs if each.state not in {HuddleRun.State.PLANNED, HuddleRun.State.OPEN}]
    held = [each for each in over if rules.was_held(each)]
    return Tally(
        sum(each.on_time for each in held),
        sum(each.late for each in held),
        sum(each.expected for each in held),
        len(held),
        len(over) - len(held),
    )


def share(part: int, whole: int) -> str:
    """`85.7%`, rounded half away from zero; `n/a` where there is no whole, never 0 and never 100."""
    return NOT_KNOWN if whole == 0 else f"{rounded(Decimal(100 * part) / Decimal(whole), 1)}%"


def longest_streak(runs: Sequence[HuddleRun]) -> int:
    """The longest row of held runs on target, in whichever direction the runs are given."""
    return max(rules.streaks(runs))


def weeks_of(until: date, number: int) -> list[tuple[date, date]]:
    """The last `number` weeks as their Mondays and Sundays, oldest first; the newest one ends with `until`."""
    monday = until - timedelta(days=until.weekday())
    firsts = [monday - timedelta(weeks=n) for n in reversed(range(number))]
    return [(first, min(first + timedelta(days=6), until)) for first in firsts]


def by_age(ages: Sequence[int]) -> list[int]:
    """How many of some ages fall into each of AGES."""
    return [sum(low <= age and (high is None or age <= high) for age in ages) for low, high in AGES]
