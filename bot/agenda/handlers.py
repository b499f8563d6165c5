"""`/agenda` and what opens from it: the nine lines, a section, the draft, what is parked, earlier agendas."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.agenda import assembly, form_views, heading, message_views, publishing, reply_views, standing, views
from bot.agenda.documents import agenda_in
from bot.agenda.rules import Agenda, outside
from bot.agenda.views import Head
from bot.chat.cards import Card, says
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.rules import MOVES, Reading
from bot.council.standing import Around
from bot.people.rules import first_name
from bot.work.rules import Part, moves_from
from storage.agenda import AgendaEdition, newest_edition, parked
from storage.agenda_sources import brought_back, names_of
from storage.councils import Council
from storage.meetings import RUNNING, called_off
from storage.people import Person, zone_of
from storage.tx import Tx

RUN_IT = frozenset({Part.CHAIR, Part.SECRETARY})
OFF_SINCE = timedelta(days=400)  # within which the agenda of a meeting that was called off is found by its day


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda`, `/agenda 3 Dec`: the agenda as far as somebody may read it, or when it comes."""
    command, person = event.command, event.by.person
    meant = await council.council_meant(tx, event.by, command.keys.get("council", ""))
    on = next(iter(command.dates), None)
    found = await council.next_for(tx, meant, person) if on is None else await _meeting_on(tx, meant, on, now)
    await standing.must_belong_here(tx, person, found)
    edition = await newest_edition(tx, found.meeting.id)
    runs_it = not RUN_IT.isdisjoint(await council.parts_of(tx, person, found))
    if edition is None and runs_it:
        return Replies(answer=Answer(await draft_card(tx, found, person, now)))
    if edition is None:
        return Replies(answer=Answer(await _not_out(tx, found, person, now)))
    head = replace(await heading.head(tx, found, edition), may_edit=runs_it, reader=zone_of(person))
    return Replies(answer=Answer(views.paper(head, await published_for(tx, found, person, edition))))


async def _meeting_on(tx: Tx, meant: Council, on: date, now: datetime) -> Around:
    """The meeting of a day; where none was held or is to come, one that was called off after its agenda was out.

    Raises: Declined.
    """
    problem: Declined | None = None
    try:
        found = await council.meeting_on(tx, meant, on)
    except Declined as none_on_it:
        problem = none_on_it
    if problem is None and found.meets_on == on:
        return found
    off = [Around(each, meant) for each in await called_off(tx, meant.id, after=now - OFF_SINCE) if each.edition]
    years = () if problem is None else (1, -1)
    for day in (on, *(on + relativedelta(years=each) for each in years)):
        if mine := [each for each in off if each.meets_on == day]:
            return mine[-1]
    if problem is not None:
        raise problem
    return found


async def published_for(tx: Tx, found: Around, person: Person, edition: AgendaEdition) -> Agenda:
    """A version as far as somebody may read it."""
    agenda = agenda_in(edition.content)
    return agenda if await council.reading_of(tx, person, found) is Reading.FULL else outside(agenda)


async def _not_out(tx: Tx, found: Around, person: Person, now: datetime) -> Card:
    head = replace(await heading.head(tx, found, None), reader=zone_of(person))
    reading = await council.reading_of(tx, person, found)
    if reading is Reading.PUBLIC:
        return says(views.not_out_for_others(head))
    agenda = await assembly.assembled(tx, found, now, reading=reading)
    items = sum(each.kind is each.kind.ITEM for each in agenda.items)
    counts = agenda.section(3).counts
    return message_views.not_out(head, items, (counts.get("received", 0), counts.get("asked", 0)))


# --- the draft


async def draft(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/agenda draft`, **Edit**: the agenda as it stands at this moment, for the chair and the secretary."""
    if isinstance(event, Pressed):
        found = await standing.meeting_pressed(tx, event)
    else:
        found = await standing.meeting_meant(tx, event.by, event.command.keys.get("council", ""))
    await council.must_be(tx, event.by.person, found, RUN_IT)
    await publishing.left_behind(tx, found, now)
    await tx.flush()
    return Replies(answer=Answer(await draft_card(tx, found, event.by.person, now)))


async def draft_card(tx: Tx, found: Around, person: Person, now: datetime) -> Card:
    """The draft as somebody who runs the meeting sees it; who chairs from outside gets of internal items the number."""
    edition = await newest_edition(tx, found.meeting.id)
    reading = await council.reading_of(tx, person, found)
    agenda = await assembly.assembled(tx, found, now, reading=reading)
    read_by = () if reading is Reading.FULL else tuple(map(first_name, await council.insiders(tx, found)))
    head = replace(await heading.head(tx, found, edition), reader=zone_of(person), read_by=read_by)
    parts = await council.parts_of(tx, person, found)
    is_legal = bool(moves_from(MOVES, "publish", found.meeting.state))
    may = is_legal and Part.CHAIR in parts
    return views.paper(heading.as_draft(head, may_publish=may), agenda)


# --- a section


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Open an item**: which of the nine?"""
    found = await standing.meeting_pressed(tx, event)
    head, agenda = await _readable(tx, found, event.by.person, now)
    return Replies(answer=Answer(form_views.look(head, agenda, event.number("section"))))


async def look(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """A section was chosen."""
    found = await standing.meeting_pressed(tx, event)
    head, agenda = await _readable(tx, found, event.by.person, now)
    number = event.values.get("section", "")
    chosen = agenda.section(int(number)) if number in {"1", "2", "3", "4", "5", "6", "7", "8", "9"} else None
    if chosen is None:
        raise Declined(reply_views.not_a_section(number))
    return Replies(answer=Answer(views.opened(head, chosen)))


async def show_section(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda open 5`."""
    found = await standing.meeting_meant(tx, event.by, event.command.keys.get("council", ""))
    head, agenda = await _readable(tx, found, event.by.person, now)
    number = event.command.words.strip().partition(".")[0]
    if number not in {str(each.number) for each in agenda.sections}:
        raise Declined(reply_views.not_a_section(event.command.words))
    return Replies(answer=Answer(views.opened(head, agenda.section(int(number)))))


async def _readable(tx: Tx, found: Around, person: Person, now: datetime) -> tuple[Head, Agenda]:
    """What somebody may open: who runs the meeting the draft, everybody during it the newest state, else what is out.

    Raises: Declined before the first version.
    """
    edition = await newest_edition(tx, found.meeting.id)
    head = replace(await heading.head(tx, found, edition), reader=zone_of(person))
    parts = await council.parts_of(tx, person, found)
    reading = await council.reading_of(tx, person, found)
    is_live = found.meeting.state in RUNNING and bool(parts)
    if is_live or (edition is None and not RUN_IT.isdisjoint(parts)):
        return head, await assembly.assembled(tx, found, now, reading=reading)
    if edition is None:
        raise Declined(views.not_out_for_others(head))
    agenda = agenda_in(edition.content)
    return head, agenda if reading is Reading.FULL else outside(agenda)


# --- what is set aside


async def show_parked(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda parked`: what was set aside without a date, for members."""
    meant = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    found = await council.next_of(tx, meant)
    await standing.must_belong_here(tx, event.by.person, found)
    rows = await parked(tx, meant.id)
    back = await brought_back(tx, [each.id for each in rows])
    may_read = await council.reading_of(tx, event.by.person, found) is Reading.FULL
    mine = [each for each in rows if each.id not in back and (may_read or not each.internal)]
    runs_it = not RUN_IT.isdisjoint(await council.parts_of(tx, event.by.person, found))
    card = reply_views.parked_list(meant.name, mine, await names_of(tx, mine), may_bring_back=runs_it)
    return Replies(answer=Answer(card))
