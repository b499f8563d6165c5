"""The first mail to somebody as a projection."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Projection, Reader
from bot.people import mail_views as views
from bot.people.rules import first_name
from storage.organisations import organisation_of
from storage.people import Person
from storage.tx import Tx

HELLO = "people.mail_hello"


async def hello(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """Who writes, and how they answer; not to who was taken out meanwhile."""
    person = await tx.get(Person, ids["person"])
    if person is None or not person.active:
        return None
    by = await tx.get(Person, ids["by"])
    organisation = await organisation_of(tx)
    return views.hello(first_name(person), organisation.name, by.name if by else "")


VIEWS: Mapping[str, Projection] = {HELLO: hello}
