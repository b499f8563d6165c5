"""The draft as it stands when items are closed (P-22), with the minutes that the whole agenda takes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.agenda.assembly import assembled
from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.council import call_views, facing, standing
from bot.council.call_views import Draft
from bot.council.rules import Reading
from bot.council.standing import Around
from storage.agenda import AgendaItem
from storage.tx import Tx


async def draft(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-22, for who runs the meeting."""
    found = await _found(tx, ids, reader)
    return None if found is None else call_views.draft(await _drafted(tx, found, reader, now), reader.zone)


async def reminder(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-22's reminder, for the chair."""
    found = await _found(tx, ids, reader)
    return None if found is None else call_views.draft_reminder(await _drafted(tx, found, reader, now), reader.zone)


async def _found(tx: Tx, ids: Mapping[str, int], reader: Reader) -> Around | None:
    found = await standing.around(tx, ids["meeting"])
    return None if found is None or (found.meeting.edition and not reader.stands) else found


async def _drafted(tx: Tx, found: Around, reader: Reader, now: datetime) -> Draft:
    agenda = await assembled(tx, found, now, reading=Reading.FULL)
    proposed = sum(each.kind is AgendaItem.Kind.ITEM for each in agenda.items)
    return replace(await facing.draft(tx, found, reader.person), items=proposed, minutes=agenda.minutes)
