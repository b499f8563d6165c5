"""What handlers and cards both ask of minutes: which edition, how much of it, and who may do what with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda.heading import has_outsiders
from bot.agenda.views import Head
from bot.chat.errors import Declined
from bot.chat.events import By
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.minutes import gathering, reply_views, rules
from bot.minutes.body import Body, body_in, seen
from bot.minutes.rules import State
from bot.minutes.views import Shown
from bot.work import views as work_views
from bot.work.rules import Part
from storage import audit, meetings
from storage.councils import Council
from storage.links import Thing
from storage.meetings import CouncilMeeting
from storage.minutes import Minutes, editions, newest_minutes
from storage.people import Person, Role, roles_of
from storage.tx import Tx

NOT_OUT = (CouncilMeeting.State.ADJOURNED, CouncilMeeting.State.MINUTES_DRAFT)


async def held_on(tx: Tx, by: By, named: str, on: date | None) -> Around:
    """The meeting of a day that was held, or the newest one of the council that is meant. Raises: Declined."""
    return await held_by(tx, await council.council_meant(tx, by, named), on)


async def held_by(tx: Tx, of: Council, on: date | None) -> Around:
    """The same of a council that is known. Raises: Declined."""
    if on is not None:
        found = await council.meeting_on(tx, of, on)
    else:
        meeting = await meetings.newest_held(tx, of.id) or await meetings.next_meeting(tx, of.id)
        if meeting is None:
            raise Declined(reply_views.none_yet(of.name), code="E-04")
        found = Around(meeting, of)
    if not council.has_begun(found):
        raise Declined(reply_views.none_yet(of.name), code="E-04")
    return found


async def around(tx: Tx, number: int) -> Around:
    """The meeting that a button or form is about. Raises: Declined (E-04)."""
    found = await council.around(tx, number)
    if found is None:
        raise Declined(work_views.unknown("that meeting", "meeting"), code="E-04")
    return found


async def begun(tx: Tx, found: Around) -> Minutes:
    """The newest edition of a meeting's minutes; the draft is begun where there is none.

    Whoever calls holds the meeting. Raises: Declined (E-05) while it is still being held.
    """
    known = await newest_minutes(tx, found.meeting.id)
    if known is not None:
        return known
    if found.meeting.state not in NOT_OUT:
        raise Declined(reply_views.not_over(found.council.name), code="E-05")
    minutes = Minutes(meeting_id=found.meeting.id, number=1)
    tx.add(minutes)
    if found.meeting.state is CouncilMeeting.State.ADJOURNED:
        before, found.meeting.state = found.meeting.state, CouncilMeeting.State.MINUTES_DRAFT
        audit.note(tx, (Thing.MEETING, found.meeting.id), "draft minutes", before=before, after=found.meeting.state)
    await tx.flush()
    audit.note(tx, (Thing.MINUTES, minutes.id), "draft", after=minutes.state.value)
    return minutes


async def body_now(tx: Tx, found: Around, minutes: Minutes) -> Body:
    """What an edition says: as it was issued, or as the record has it while it is a draft."""
    return body_in(minutes.body) if minutes.body else await gathering.body_of(tx, found, minutes)


async def shown_to(tx: Tx, found: Around, minutes: Minutes, *, person: Person | None, now: datetime) -> Shown:
    """An edition for a person, or for a room, in which people of other companies may be."""
    if person is None:
        parts: frozenset[Part] = frozenset()
        reading = Reading.OUTSIDER if await has_outsiders(tx, found) else Reading.FULL
    else:
        parts = await council.parts_of(tx, person, found)
        reading = await council.reading_of(tx, person, found)
    return as_read(found, minutes, await body_now(tx, found, minutes), reading, now=now, parts=parts)


def as_read(
    found: Around, minutes: Minutes, body: Body, reading: Reading, *, now: datetime, parts: frozenset[Part]
) -> Shown:
    """An edition with as much of it as a reading allows."""
    in_time = rules.can_be_corrected(found.meeting, minutes, now)
    return Shown(
        found.meeting.id,
        minutes,
        seen(body, reading),
        reading,
        rules.closes_at(found.meeting) if in_time else None,
        may_run=rules.may_run(parts),
        may_correct=not parts.isdisjoint({Part.SEAT, Part.CHAIR, Part.SECRETARY}),
        is_late=rules.is_late(found.meeting, minutes),
    )


async def readable(tx: Tx, found: Around, person: Person, *, edition: str = "") -> Minutes:
    """The edition that somebody asks for: the newest, or an older one by its number. Raises: Declined.

    A draft is read by who prepares it alone.
    """
    every = await editions(tx, found.meeting.id)
    parts = await council.parts_of(tx, person, found)
    runs = rules.may_run(parts) or Part.ADMIN in parts
    there = [each for each in every if runs or each.state is not State.DRAFT]
    if not there:
        at, zone = rules.issues_at(found.meeting), ZoneInfo(found.council.zone)
        raise Declined(reply_views.not_out(found.council.name, found.meets_on, at, zone))
    if not edition:
        return there[-1]
    one = next((each for each in there if str(each.number) == edition), None)
    if one is None:
        raise Declined(reply_views.no_edition(edition, [each.number for each in there]), code="E-04")
    return one


async def earlier_than(tx: Tx, minutes: Minutes) -> Sequence[Minutes]:
    """The editions before one, oldest first."""
    return [each for each in await editions(tx, minutes.meeting_id) if each.number < minutes.number]


async def chairs(tx: Tx, person: Person, found: Around) -> None:
    """Raises: Declined (E-03) for who may not issue: where nobody chairs, the secretary does."""
    allowed = (Part.CHAIR,) if found.chair_id is not None else (Part.CHAIR, Part.SECRETARY)
    await council.must_be(tx, person, found, allowed)


def as_draft(head: Head) -> Head:
    """What stands around an agenda that is not out."""
    return replace(head, draft=True)


async def is_admin(tx: Tx, person: Person) -> bool:
    """Whether somebody runs the bot."""
    return Role.Kind.ADMIN in await roles_of(tx, person)
