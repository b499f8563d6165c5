"""The files of a council: which paper somebody may have, made anew at every request.

Source: domain.md 2.4 (24), S2-10, S2-29.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, select

from bot.agenda import assembly, heading
from bot.agenda.documents import agenda_in
from bot.agenda.rules import Agenda, outside
from bot.agenda.views import Head, not_out_for_others
from bot.chat.cards import Enclosed, Enclosure
from bot.chat.errors import Declined
from bot.chat.papers import Diary, Paper
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.minutes import agenda_paper_views, calendar_views, paper_views, reply_views, standing
from bot.minutes.body import seen
from bot.work.rules import Part
from storage import meetings
from storage.agenda import DepartmentReport, newest_edition, reports_of
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.minutes import moves_of
from storage.people import Department, Person
from storage.tx import Tx

CALLED_OFF_SINCE = timedelta(days=31)  # so long a calendar hears that a meeting is called off


class What(StrEnum):
    """What can be had as a file."""

    MINUTES = "minutes"
    AGENDA = "agenda"
    PACK = "pack"
    CALENDAR = "calendar"


async def paper(tx: Tx, person: Person, what: What, number: int, *, now: datetime) -> Paper:
    """A paper of a meeting as somebody may read it. Raises: Declined where they may not, or there is none."""
    found = await standing.around(tx, number)
    if what is What.MINUTES:
        return await _minutes(tx, person, found)
    head, agenda = await _agenda(tx, person, found, now)
    ends_at = found.meeting.ends_at
    if what is What.AGENDA:
        return agenda_paper_views.agenda(head, agenda, ends_at)
    await council.must_be(tx, person, found, MEMBERS)
    return agenda_paper_views.pack(head, agenda, ends_at, await _reports(tx, found))


MEMBERS = (Part.SEAT, Part.CHAIR, Part.SECRETARY, Part.SPONSOR, Part.ADMIN)
PREPARES = (Part.CHAIR, Part.SECRETARY, Part.ADMIN)


async def _minutes(tx: Tx, person: Person, found: Around) -> Paper:
    row = await standing.readable(tx, found, person)
    reading = await council.reading_of(tx, person, found)
    body = seen(await standing.body_now(tx, found, row), reading)
    earlier = () if reading is Reading.PUBLIC else await standing.earlier_than(tx, row)
    return paper_views.paper(body, row, reading, earlier)


async def _agenda(tx: Tx, person: Person, found: Around, now: datetime) -> tuple[Head, Agenda]:
    """The newest version; before the first one the draft, for who prepares it alone. Raises: Declined."""
    edition = await newest_edition(tx, found.meeting.id)
    reading = await council.reading_of(tx, person, found)
    if edition is not None:
        agenda = agenda_in(edition.content)
        head = await heading.head(tx, found, edition)
        return head, agenda if reading is Reading.FULL else outside(agenda)
    head = await heading.head(tx, found, None)
    if (await council.parts_of(tx, person, found)).isdisjoint(PREPARES):
        raise Declined(not_out_for_others(head))
    return standing.as_draft(head), await assembly.assembled(tx, found, now, reading=reading)


async def _reports(tx: Tx, found: Around) -> Sequence[tuple[DepartmentReport, Department]]:
    """What departments wrote, in the order of the customer's journey."""
    rows = {each.department_id: each for each in await reports_of(tx, found.meeting.id)}
    query = select(Department).where(col(Department.id).in_(rows)).order_by(col(Department.seq), col(Department.id))
    return [(rows[each.id], each) for each in await tx.all(query)]


async def diary(tx: Tx, person: Person, number: int, *, now: datetime) -> Diary:
    """A council's meetings to come, and those that were called off lately. Raises: Declined for who is no member."""
    found = await tx.get(Council, number)
    if found is None or not await is_member(tx, person, found):
        raise Declined(reply_views.no_calendar(), code="E-03")
    off = await meetings.called_off(tx, found.id, after=now - CALLED_OFF_SINCE)
    rows: list[CouncilMeeting] = sorted([*await meetings.coming(tx, found.id), *off], key=lambda each: each.starts_at)
    return calendar_views.diary(found, rows, await moves_of(tx, [each.id for each in rows]), now)


async def enclosed(tx: Tx, person: Person, what: Enclosed, now: datetime) -> Paper | Diary | None:
    """What goes along with a message to somebody: a meeting for their calendar, or a paper as they may read it."""
    found = await council.around(tx, what.number)
    if found is None:
        return None
    if what.what is Enclosure.MEETING:
        moves = await moves_of(tx, [found.meeting.id])
        return calendar_views.diary(found.council, [found.meeting], moves, now)
    try:
        return await paper(tx, person, What(what.what.value), what.number, now=now)
    except Declined:
        return None


async def is_member(tx: Tx, person: Person, of: Council) -> bool:
    """Whether somebody runs a council or has a seat in it, or administers the bot."""
    return await council.belongs(tx, person, of) or await standing.is_admin(tx, person)
