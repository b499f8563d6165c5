"""Blocker messages as projections."""

from collections.abc import Mapping
from datetime import datetime

from bot.blockers import views
from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.people.rules import first_name
from storage.blockers import Blocker
from storage.people import Person
from storage.tx import Tx


async def told(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """To the one who raised it: somebody helps. After an undo nobody does, and there is nothing to show."""
    blocker = await tx.get(Blocker, ids["blocker"])
    helper = None if blocker is None or blocker.taken_by is None else await tx.get(Person, blocker.taken_by)
    return None if blocker is None or helper is None else views.told(blocker, first_name(helper))
