"""The messages of the first days as projections: from ids to the newest card, for its reader."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.welcome import rules, standing, views
from storage.first_days import first_days_of
from storage.people import Person
from storage.training import introduction
from storage.tx import Tx

JOINER, LEAD = "welcome.joiner", "welcome.lead"


async def joiner(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """To somebody new; on the third day only while something is left to try."""
    person, days = await tx.get(Person, ids["person"]), await first_days_of(tx, ids["person"])
    if person is None or days is None:
        return None
    who, progress = await standing.joined(tx, person, days, now), await standing.progress(tx, person, now)
    match ids["day"]:
        case rules.FIRST:
            return views.welcome(who, progress, reader.zone)
        case rules.THIRD:
            return views.third_day(who, progress) if reader.stands or not progress.is_through else None
        case _:
            return views.tenth_day(who, progress, module=(await introduction(tx, now)).id)


async def lead(tx: Tx, ids: Mapping[str, int], _reader: Reader, now: datetime) -> Card | None:
    """To who leads the team of somebody new."""
    person, days = await tx.get(Person, ids["person"]), await first_days_of(tx, ids["person"])
    if person is None or days is None:
        return None
    return views.to_lead(await standing.joined(tx, person, days, now), await standing.progress(tx, person, now))
