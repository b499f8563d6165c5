"""How an item is named to somebody: with its words, or by its number alone where it is internal."""

from bot.agenda import reply_views
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from storage.agenda import AgendaItem
from storage.people import Person
from storage.tx import Tx


async def may_read(tx: Tx, person: Person, found: Around, item: AgendaItem) -> bool:
    """Whether somebody may read more of an item than its number."""
    is_open = not item.internal or person.id == item.owner_id
    return is_open or await council.reading_of(tx, person, found) is Reading.FULL


async def named_to(tx: Tx, person: Person, found: Around, item: AgendaItem) -> str:
    """`5.1 'Second visits'`, or `5.1, which is internal`."""
    return reply_views.named(item) if await may_read(tx, person, found, item) else reply_views.number_alone(item)
