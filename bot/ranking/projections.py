"""Messages about rankings, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.people.rules import first_name
from bot.ranking import standing, views
from storage import ranking
from storage.people import Person
from storage.ranking import RankingRound
from storage.tx import Tx


async def ballot(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """Somebody's own ballot."""
    return await _ballot(tx, ids, reader, again=False)


async def reminder(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The same, shortly before the close; nothing where they were faster."""
    return await _ballot(tx, ids, reader, again=True)


async def _ballot(tx: Tx, ids: Mapping[str, int], reader: Reader, *, again: bool) -> Card | None:
    row = await tx.get(RankingRound, ids["round"])
    if row is None:
        return None
    mine = await ranking.ballot_of(tx, row.id, ids["person"])
    if again and not reader.stands and (mine is not None or row.state is not RankingRound.State.OPEN):
        return None
    asker = await tx.need(Person, row.opened_by)
    seen = await standing.shown(tx, row, reader.zone)
    return views.ballot(seen, mine, asker=first_name(asker), again=again)


async def result(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What came out; after an Undo of the close there is nothing to see."""
    row = await tx.get(RankingRound, ids["round"])
    if row is None or reader.person is None or row.state in {RankingRound.State.OPEN, RankingRound.State.CANCELLED}:
        return None
    seen = await standing.shown(tx, row, reader.zone)
    found, ballots = await standing.result(tx, seen)
    return views.result(seen, found, ballots, may_publish=await standing.may_run(tx, reader.person))
