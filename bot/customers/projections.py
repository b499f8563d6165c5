"""Messages about practices, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.customers import standing, views
from storage.customers import BestPractice, adoptions_of
from storage.people import Department
from storage.tx import Tx


async def offer(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """A practice in front of the head of another department; not sent where that has answered meanwhile."""
    row = await tx.get(BestPractice, ids["practice"])
    mine = await tx.get(Department, ids["department"])
    if row is None or mine is None:
        return None
    given = (await adoptions_of(tx, [row.id]))[row.id]
    answer = next((each for each in given if each.department_id == mine.id), None)
    if answer is not None and not reader.stands:
        return None
    (found,) = await standing.offers(tx, [row])
    return views.offered(found, mine.name, answer.verdict if answer else None)
