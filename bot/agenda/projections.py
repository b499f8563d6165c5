"""Messages about an agenda, made from rows when they are sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.agenda import heading, merge_views, message_views, naming, views
from bot.agenda.documents import agenda_in
from bot.agenda.heading import plain_entry
from bot.agenda.rules import ALONE, Agenda, State, outside
from bot.agenda.views import Head
from bot.chat.cards import Card, Enclosed, Enclosure
from bot.chat.localtime import today_in
from bot.chat.routing import Reader
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.people.rules import first_name
from storage.agenda import AgendaEdition, AgendaItem, newest_edition
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.links import Thing, neighbours
from storage.meetings import CouncilMeeting
from storage.people import Person, zone_of
from storage.tx import Tx


async def paper(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """K-12: the newest version, as far as its reader may read it; nothing before the first one."""
    found = await council.around(tx, ids["meeting"])
    edition = await newest_edition(tx, ids["meeting"])
    if found is None or edition is None:
        return None
    if found.meeting.state is CouncilMeeting.State.CANCELLED and not reader.stands:
        return None
    agenda = await _as_read(tx, found, reader.person, edition)
    return _with_files(views.paper(await _head_for(tx, reader, found, edition), agenda), reader, found)


async def _head_for(tx: Tx, reader: Reader, found: Around, edition: AgendaEdition) -> Head:
    """On the clock of a person; in a room on the council's, whose place is named where its people's clocks differ."""
    head = await heading.head(tx, found, edition)
    if reader.person is None:
        return replace(head, zones_differ=await heading.zones_differ(tx, found))
    return replace(head, reader=zone_of(reader.person))


def _with_files(card: Card, reader: Reader, found: Around) -> Card:
    """A person who has it by mail gets the newest version and the meeting as files."""
    if reader.person is None:
        return card
    what = (Enclosure.AGENDA, Enclosure.MEETING)
    return replace(card, encloses=tuple(Enclosed(each, found.meeting.id) for each in what))


async def _as_read(tx: Tx, found: Around, person: Person | None, edition: AgendaEdition) -> Agenda:
    """A room in which people of other companies may stand gets no more than they do."""
    agenda = agenda_in(edition.content)
    if person is None:
        return outside(agenda) if await heading.has_outsiders(tx, found) else agenda
    return agenda if await council.reading_of(tx, person, found) is Reading.FULL else outside(agenda)


async def updated(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """P-25: what a version changed; it names nothing that is internal."""
    found, edition = await council.around(tx, ids["meeting"]), await tx.get(AgendaEdition, ids["edition"])
    if found is None or edition is None:
        return None
    head = await _head_for(tx, reader, found, edition)
    return _with_files(message_views.updated(head, edition.changes), reader, found)


async def late(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The chair is asked about a late item; once that is settled it says how."""
    item = await tx.get(AgendaItem, ids["item"])
    found = None if item is None else await council.around(tx, item.meeting_id)
    if item is None or found is None:
        return None
    entry = plain_entry(item)
    if item.internal and (reader.person is None or reader.person.is_external):
        entry = replace(entry, title=views.INTERNAL)
    if item.state is State.LATE_PENDING:
        by = await tx.get(Person, item.created_by or 0)
        _, following = await heading.following_of(tx, found)
        head = await heading.head(tx, found, None)
        return message_views.late_asked(head, entry, first_name(by) if by else "Somebody", following)
    if not reader.stands:
        return None
    if item.is_late and item.state in {State.ACCEPTED, State.PUBLISHED}:
        return message_views.late_settled(entry, message_views.admitted_as(entry))
    if item.state is State.SUBMITTED:
        on = today_in(found.zone, found.meeting.starts_at)
        return message_views.late_settled(entry, message_views.waits_until(on))
    return message_views.proposal_settled(entry)


async def proposed(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The secretary sees an item that came by itself, until somebody says something about it."""
    item = await tx.get(AgendaItem, ids["item"])
    found = None if item is None else await council.around(tx, item.meeting_id)
    if item is None or found is None:
        return None
    if item.state is not State.SUBMITTED:
        return message_views.proposal_settled(plain_entry(item)) if reader.stands else None
    source = await _source(tx, item)
    return message_views.proposed(plain_entry(item), source, await heading.head(tx, found, None))


async def _source(tx: Tx, item: AgendaItem) -> str:
    ends = await neighbours(tx, (Thing.AGENDA_ITEM, item.id))
    number = next((number for thing, number in ends if thing is Thing.BLOCKER), 0)
    blocker = await tx.get(Blocker, number) if number else None
    return message_views.went_up(blocker.code) if blocker is not None else ""


async def news(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What somebody did to an item, for its owner; into which other one it was merged as far as they may know."""
    item, deed = await tx.get(AgendaItem, ids["item"]), await tx.get(AuditEvent, ids["entry"])
    if item is None or deed is None:
        return None
    if deed.verb == ALONE:
        return merge_views.told_alone(item)
    by = await tx.get(Person, deed.by) if deed.by else None
    name = first_name(by) if by else message_views.THE_BOT
    if deed.verb == "merge" and item.merged_into_id is not None and reader.person is not None:
        found = await council.around(tx, item.meeting_id)
        into = await tx.get(AgendaItem, item.merged_into_id)
        if found is None or into is None:
            return None
        return message_views.merged(plain_entry(item), await naming.named_to(tx, reader.person, found, into), name)
    return message_views.told_owner(plain_entry(item), message_views.deed(deed.verb), deed.reason, name)
