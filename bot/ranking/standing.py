"""A ranking round gathered from rows: its initiatives, what they are worth, and what its ballots come to."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.initiatives.scoring import Rating, Worth, worth
from bot.ranking import rules
from bot.ranking.rules import Result
from bot.ranking.views import Shown
from storage import ranking
from storage.people import Person, Role, roles_of
from storage.ranking import RankingRound
from storage.teams import leads_any
from storage.tx import Tx


async def shown(tx: Tx, row: RankingRound, zone: ZoneInfo) -> Shown:
    """Two queries, however many there are."""
    items = await ranking.ranked(tx, row.initiatives)
    numbers = [each.id for each in items]
    is_over = row.state in {RankingRound.State.CLOSED, RankingRound.State.PUBLISHED}
    return Shown(row, items, _worths(row.ratings, numbers) if is_over else await worths(tx, numbers), zone)


async def worths(tx: Tx, numbers: list[int]) -> dict[int, Worth]:
    """What raters make of each; without those that nobody rated."""
    found = await ranking.scores_in(tx, numbers)
    return _worths([[each.initiative_id, each.benefit, each.cost, each.effort] for each in found], numbers)


def _worths(ratings: Sequence[Sequence[int]], numbers: Sequence[int]) -> dict[int, Worth]:
    rated: dict[int, list[Rating]] = defaultdict(list)
    for number, *figures in ratings:
        rated[number].append(Rating(*figures))
    found = {number: worth(rated[number]) for number in numbers}
    return {number: each for number, each in found.items() if each is not None}


async def result(tx: Tx, seen: Shown) -> tuple[Result | None, int]:
    """What came out, and how many ballots had a view."""
    ballots = await ranking.ballots_of(tx, seen.round.id)
    tiers = [each.tiers for each in ballots]
    found = rules.result(tiers, seen.worths, [each.hard for each in ballots])
    return found, len(rules.counted(tiers))


async def may_run(tx: Tx, person: Person) -> bool:
    """Who opens, closes, publishes and cancels: who leads a team, the chair and administrators."""
    if person.is_external:
        return False
    return bool({Role.Kind.ADMIN, Role.Kind.CHAIR} & await roles_of(tx, person)) or await leads_any(tx, person)
