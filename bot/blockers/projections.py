"""Blocker messages as projections."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.blockers import owners, reply_views, rules, standing, up_views
from bot.blockers.up_views import Up
from bot.blockers.views import Deed
from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.people.rules import first_name
from bot.work.rules import Part
from storage.agenda import AgendaItem
from storage.audit import AuditEvent
from storage.blockers import Blocker, BlockerAsk, asked_at, helpers_of
from storage.links import Thing, neighbours
from storage.people import Person
from storage.tx import Tx


async def told(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """To the one who raised it: somebody helps. After an undo they don't, and there is nothing to show."""
    blocker = await tx.get(Blocker, ids["blocker"])
    number = None if blocker is None else ids.get("helper", blocker.taken_by)
    helper = None if number is None else await tx.get(Person, number)
    if blocker is None or helper is None:
        return None
    helps = {blocker.taken_by, *(each.id for each in await helpers_of(tx, blocker))}
    return reply_views.told(blocker, first_name(helper)) if helper.id in helps else None


async def card(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A colleague thinks that its reader can help."""
    blocker, ask = await tx.get(Blocker, ids["blocker"]), await tx.get(BlockerAsk, ids["ask"])
    if blocker is None or ask is None or (not rules.is_open(blocker) and not reader.stands):
        return None
    asker = await tx.get(Person, ask.asked_by or 0)
    parts = await _parts(tx, blocker, reader, now)
    is_waiting = rules.is_open(blocker) and ask.declined_at is None and Part.HELPER not in parts
    around = await standing.around(tx, blocker, now)
    return up_views.named(around, parts, first_name(asker) if asker else "A colleague", ask.id if is_waiting else 0)


async def up(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """All that has gone up to its reader at one time; nothing is sent when all of it was solved before."""
    person = await tx.get(Person, ids["person"])
    if person is None:
        return None
    found = await asked_at(tx, person.id, datetime.fromtimestamp(ids["at"], UTC))
    if not found or not (reader.stands or any(rules.is_open(blocker) for _, blocker in found)):
        return None
    return up_views.bundle([await _up(tx, ask, blocker, person, now=now) for ask, blocker in found], first_name(person))


async def _up(tx: Tx, ask: BlockerAsk, blocker: Blocker, person: Person, *, now: datetime) -> Up:
    parts = await standing.parts_of(tx, blocker, person, now)
    proper = await owners.proper(tx, blocker, ask.tier)
    instead = () if person.id in {each.id for each in proper} else proper or None
    item = await _on_draft(tx, blocker) if ask.tier == rules.SPONSOR else ""
    return Up(await standing.around(tx, blocker, now), ask.tier, parts, instead, item)


async def _on_draft(tx: Tx, blocker: Blocker) -> str:
    """The number of the item that it became on a council's agenda, as long as that is not settled."""
    ends = await neighbours(tx, (Thing.BLOCKER, blocker.id))
    items = [await tx.get(AgendaItem, number) for thing, number in ends if thing is Thing.AGENDA_ITEM]
    still = (AgendaItem.State.SUBMITTED, AgendaItem.State.ACCEPTED)
    numbers = [f"{each.section}.{each.seq}" for each in items if each is not None and each.state in still]
    return numbers[-1] if numbers else ""


async def news(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """What was done to a blocker, and how it stands by now; in a room, in a line."""
    blocker, entry = await tx.get(Blocker, ids["blocker"]), await tx.get(AuditEvent, ids["entry"])
    if blocker is None or entry is None:
        return None
    who = await tx.get(Person, entry.by) if entry.by else None
    deed = Deed(entry, first_name(who) if who else "")
    around = await standing.around(tx, blocker, now)
    if reader.person is None:
        return up_views.room_news(around, deed)
    return up_views.news(around, deed, await _parts(tx, blocker, reader, now))


async def _parts(tx: Tx, blocker: Blocker, reader: Reader, now: datetime) -> frozenset[Part]:
    if reader.person is None:
        return frozenset({Part.ANYBODY})
    return await standing.parts_of(tx, blocker, reader.person, now)
