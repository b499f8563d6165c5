"""What came of something internal and goes to somebody outside: who hears of it."""

from bot.actions.rules import Leaving
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import Decision
from storage.lineage import internal_origin
from storage.links import End, Thing
from storage.people import Person
from storage.tx import Tx


async def leaving(tx: Tx, source: End | None, whom: Person, *, by: Person) -> Leaving | None:
    """What leaves with an action, or with what it is to come of; None where nothing does, or they do it themselves."""
    if source is None or not whom.is_external or whom.id == by.id:
        return None
    origin = await internal_origin(tx, source)
    if origin is None:
        return None
    thing, number = origin
    is_decision = thing is Thing.DECISION
    row = await tx.need(Decision, number) if is_decision else await tx.need(AgendaItem, number)
    council = await tx.need(Council, row.council_id)
    readers = await inside(tx, council.chair_id, council.secretary_id, council.sponsor_id)
    hears = next(iter(readers), None)
    return Leaving(thing, hears, is_chair=hears is not None and hears.id == council.chair_id)


async def inside(tx: Tx, *numbers: int | None) -> list[Person]:
    """Those of some people who are of the organisation and still there, in that order."""
    found = [await tx.get(Person, number) for number in numbers if number is not None]
    return [each for each in found if each is not None and each.active and not each.is_external]
