"""Messages about customers' words and practices, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.customers import rules, standing, views
from bot.customers.views import Alert
from bot.people.proposing import offered
from bot.people.rules import first_name
from storage.customers import BestPractice, VocItem, adoptions_of
from storage.organisations import organisation_of
from storage.people import Department, Person
from storage.tx import Tx


async def alert(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """K-17; not sent where the words were taken back meanwhile."""
    item = await tx.get(VocItem, ids["voc"])
    if item is None or (item.state is VocItem.State.WITHDRAWN and not reader.stands):
        return None
    by = await tx.get(Person, item.heard_by)
    department = await tx.get(Department, ids["department"])
    found = Alert(
        item,
        first_name(by) if by is not None else "",
        department.name if department is not None else "",
        rules.call_back_on(item.received_on, (await organisation_of(tx)).calendar),
    )
    return views.alert(found, more=await offered(tx, reader.person, item.code))


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
