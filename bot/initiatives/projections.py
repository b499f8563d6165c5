"""Messages about initiatives, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.initiatives import charter_views, finding, people_views
from storage.audit import AuditEvent
from storage.initiatives import Charter, Initiative, Stakeholder, charter_of
from storage.people import Person
from storage.portfolio import people_numbered, questions_of
from storage.tx import Tx


async def kick_off(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """What an initiative means for somebody."""
    row = await tx.get(Stakeholder, ids["stakeholder"])
    if row is None:
        return None
    initiative = await tx.need(Initiative, row.initiative_id)
    people = await people_numbered(tx, [initiative.owner_id, initiative.sponsor_id])
    return people_views.kick_off(
        row,
        initiative,
        await charter_of(tx, initiative.id),
        owner=people.get(initiative.owner_id or 0),
        sponsor=people.get(initiative.sponsor_id or 0),
    )


async def question(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """Somebody's question, to the owner."""
    initiative, entry, name = await _entry(tx, ids)
    replies = {asked.id: reply for asked, reply in await questions_of(tx, initiative.id)}
    parts = await finding.parts_of(tx, initiative, reader.person, now) if reader.person else frozenset()
    may_answer = not parts.isdisjoint(finding.MAY_ANSWER)
    return people_views.question(initiative, entry, name, reply=replies.get(entry.id), may_answer=may_answer)


async def reply(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """The owner's answer."""
    initiative, entry, name = await _entry(tx, ids)
    return people_views.answered(initiative, entry, name)


async def news(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What somebody did to an initiative."""
    initiative, entry, name = await _entry(tx, ids)
    deeds = [each for each in await finding.deeds(tx, entry) if each.verb == entry.verb]
    numbers = {said for each in deeds if each.field in finding.PEOPLE for said in (each.before, each.after) if said}
    people = await people_numbered(tx, [int(each) for each in numbers])
    return people_views.news(initiative, entry, name, deeds=deeds, people=people, reader=reader.person)


async def review(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A charter, to the sponsor."""
    return await _charter(tx, ids["charter"], reader, now)


async def charter(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A charter after somebody asked, answered or approved."""
    entry = await tx.need(AuditEvent, ids["entry"])
    heading = charter_views.heading(entry.verb, await _name(tx, entry))
    return await _charter(tx, ids["charter"], reader, now, heading=heading)


async def _charter(tx: Tx, number: int, reader: Reader, now: datetime, *, heading: str = "") -> Card | None:
    row = await tx.get(Charter, number)
    if row is None or reader.person is None:
        return None
    initiative = await tx.need(Initiative, row.initiative_id)
    shown = await finding.charter_shown(tx, initiative, row)
    newest = await charter_of(tx, initiative.id)
    is_newest = newest is not None and newest.id == row.id
    parts = await finding.parts_of(tx, initiative, reader.person, now) if is_newest else frozenset()
    return charter_views.card(shown, parts=parts, heading=heading)


async def _entry(tx: Tx, ids: Mapping[str, int]) -> tuple[Initiative, AuditEvent, str]:
    initiative = await tx.need(Initiative, ids["initiative"])
    entry = await tx.need(AuditEvent, ids["entry"])
    return initiative, entry, await _name(tx, entry)


async def _name(tx: Tx, entry: AuditEvent) -> str:
    person = await tx.get(Person, entry.by) if entry.by else None
    return person.name if person else "Somebody"
