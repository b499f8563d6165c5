"""Messages about votes, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.decisions import standing, vote_views
from storage.decisions import CouncilVote
from storage.tx import Tx


async def ballot(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The question to one seat, and what became of it."""
    vote = await tx.get(CouncilVote, ids["vote"])
    if vote is None or reader.person is None:
        return None
    return await standing.ballot_of(tx, vote, reader.person, now)


async def room(tx: Tx, ids: Mapping[str, int], _reader: Reader, now: datetime) -> Card | None:
    """In the council's rooms: how many have voted, then the result."""
    vote = await tx.get(CouncilVote, ids["vote"])
    return None if vote is None else vote_views.room(await standing.vote_shown(tx, vote), now)


async def chair(tx: Tx, ids: Mapping[str, int], _reader: Reader, now: datetime) -> Card | None:
    """The result to the chair, with what to do about it."""
    vote = await tx.get(CouncilVote, ids["vote"])
    return None if vote is None else vote_views.for_chair(await standing.vote_shown(tx, vote), now)
