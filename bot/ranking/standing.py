"""A ranking round gathered from rows: its initiatives, what they are worth, and what its ballots come to."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.errors import Declined
from bot.initiatives.scoring import Rating, Worth, worth
from bot.ranking import rules, views
from bot.ranking.rules import Result, State
from bot.ranking.views import Shown
from bot.work.rules import Move, Part, state_words
from bot.work.views import not_now
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


async def runs_as(tx: Tx, person: Person) -> frozenset[Part]:
    """As what somebody opens, closes, publishes and cancels: who leads a team, the chair and administrators do."""
    if person.is_external:
        return frozenset()
    roles = await roles_of(tx, person)
    parts = {part for role, part in ((Role.Kind.ADMIN, Part.ADMIN), (Role.Kind.CHAIR, Part.CHAIR)) if role in roles}
    return frozenset(parts | ({Part.LEAD} if await leads_any(tx, person) else set()))


async def may_run(tx: Tx, person: Person) -> bool:
    """Whether somebody opens, closes, publishes and cancels."""
    return bool(await runs_as(tx, person))


async def need_legal(tx: Tx, row: RankingRound, verb: str, person: Person) -> Move[State]:
    """The move of that name as the round is now. Two who do it at once come one after the other.

    Raises: Declined (E-05) with what this person can do instead.
    """
    await ranking.locked(tx, row)
    ballots = len(rules.counted([each.tiers for each in await ranking.ballots_of(tx, row.id)]))
    found = next((move for move in rules.moves_now(row.state, ballots) if move.verb == verb), None)
    if found is not None:
        return found
    parts = await runs_as(tx, person) | ({Part.VOTER} if person.id in row.invited else set())
    allowed = rules.verbs_now(row.state, ballots, parts)
    if verb == "publish" and row.state is State.CLOSED:
        raise Declined(views.no_result(row.code, ballots, allowed), code="E-05", ways=views.goes_on_ways(row))
    done = next(move.done for move in rules.MOVES if move.verb == verb)
    raise Declined(not_now(row.code, state_words(row.state), done, allowed), code="E-05")
