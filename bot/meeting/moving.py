"""From one stop of a meeting to another: stretches of time, the states of sections and items, the clock."""

from datetime import datetime

from bot.agenda import settling as agenda
from bot.agenda.rules import number_of, section_of
from bot.chat.errors import Declined
from bot.chat.replies import Plan
from bot.council import standing as council
from bot.council.standing import Around
from bot.meeting import clock, reply_views, rules
from bot.meeting.rules import Stop
from storage import audit, meetings
from storage.agenda import AgendaItem, AgendaSection, item_numbered, items_of, sections_of
from storage.links import Thing
from storage.meetings import AgendaTime
from storage.tx import Tx

_TALKED_ABOUT = (AgendaItem.State.PUBLISHED, AgendaItem.State.IN_DISCUSSION)


async def current(tx: Tx, found: Around) -> AgendaSection:
    """The section under discussion."""
    rows = await sections_of(tx, found.meeting.id)
    return next(each for each in rows if each.section == (found.meeting.section or 1))


async def stop_of(tx: Tx, found: Around) -> Stop:
    """Where a meeting is."""
    meeting = found.meeting
    item = None if meeting.item_id is None else await tx.get(AgendaItem, meeting.item_id)
    if item is None:
        return Stop(meeting.section or 0)
    return Stop(item.section, item.seq, item.id)


async def stop_meant(tx: Tx, found: Around, text: str) -> Stop:
    """`5.2` or `5`. Raises: Declined (E-04) for an item that is not there, or of which something has become."""
    named = number_of(text)
    if named is None:
        section = section_of(text)
        if section is None:
            raise Declined(reply_views.which_item())
        return Stop(section)
    section, seq, _ = named
    item = await item_numbered(tx, found.meeting.id, section, seq)
    if item is None or item.state not in _TALKED_ABOUT:
        raise Declined(reply_views.unknown_item(text), code="E-04")
    return Stop(section, seq, item.id)


async def go(tx: Tx, found: Around, stop: Stop, now: datetime) -> tuple[Plan, ...]:
    """The meeting is at another stop from now on; the plans are those of the clock."""
    meeting = found.meeting
    left, before = meeting.section, await stop_of(tx, found)
    await _end_stretch(tx, found, now)
    if left is not None and left != stop.section:
        await _leave(tx, found, left, now)
    meeting.section, meeting.item_id = stop.section, stop.item_id
    (await current(tx, found)).state = AgendaSection.State.CURRENT
    if stop.item_id is not None:
        await _take_up(tx, await tx.need(AgendaItem, stop.item_id), now)
    _begin_stretch(tx, found, now)
    end = (Thing.MEETING, meeting.id)
    audit.note(tx, end, meetings.GO_ON, field=meetings.WENT_ON, before=_words(before), after=_words(stop))
    await tx.flush()
    return await clock.steps(tx, found, now)


def _words(stop: Stop) -> str:
    return f"{stop.section}.{stop.seq}" if stop.seq else str(stop.section or "")


async def _leave(tx: Tx, found: Around, section: int, now: datetime) -> None:
    """A section is over: what goes with it by consent is noted, unless somebody has pulled it."""
    rows = {each.section: each for each in await sections_of(tx, found.meeting.id)}
    rows[section].state = AgendaSection.State.CLOSED
    if section == rules.NOTED_WITH:
        await note_by_consent(tx, found, now)
    if section == rules.REPORTS:
        for each in await items_of(tx, found.meeting.id, _TALKED_ABOUT, section=section):
            if each.kind is AgendaItem.Kind.REPORT:
                await agenda.note(tx, each, "", now)


async def note_by_consent(tx: Tx, found: Around, now: datetime) -> None:
    """What nobody pulled is noted in bulk, apologies with it; what needs an owner first stays open."""
    for each in await items_of(tx, found.meeting.id, _TALKED_ABOUT):
        goes_with = each.consent or each.kind is AgendaItem.Kind.APOLOGIES
        if goes_with and not await agenda.lacks_owner(tx, each):
            await agenda.note(tx, each, "", now)


async def _take_up(tx: Tx, item: AgendaItem, now: datetime) -> None:
    if item.state is AgendaItem.State.PUBLISHED:
        item.consent = False  # who calls it up wants it debated
        await agenda.take_up(tx, item, now)


def _begin_stretch(tx: Tx, found: Around, now: datetime) -> None:
    meeting = found.meeting
    if meeting.recorded_at is not None:  # what is recorded afterwards takes no time of the meeting's
        return
    tx.add(AgendaTime(meeting_id=meeting.id, section=meeting.section or 1, item_id=meeting.item_id, from_at=now))


async def _end_stretch(tx: Tx, found: Around, now: datetime) -> None:
    for each in await meetings.times(tx, found.meeting.id):
        if each.to_at is None:
            each.to_at = max(now, each.from_at)
    await tx.flush()


# --- a recess, and the end


async def stand_still(tx: Tx, found: Around, now: datetime) -> tuple[Plan, ...]:
    """A recess: no stretch runs, so the clock does not either."""
    await _end_stretch(tx, found, now)
    return ()


async def go_on(tx: Tx, found: Around, now: datetime) -> tuple[Plan, ...]:
    """After a recess, where it stood."""
    _begin_stretch(tx, found, now)
    await tx.flush()
    return await clock.steps(tx, found, now)


async def stop_for_good(tx: Tx, found: Around, now: datetime) -> None:
    """The meeting is over: its last stretch ends, and everybody has left the table."""
    await _end_stretch(tx, found, now)
    for row in await sections_of(tx, found.meeting.id):
        if row.state is AgendaSection.State.CURRENT:
            row.state = AgendaSection.State.CLOSED
    presences = await meetings.presences(tx, found.meeting.id)
    for each in presences:
        if each.to_at is None:
            await council.gets_up(tx, found.council, each, max(now, each.from_at))
    for seat in await meetings.attendances(tx, found.meeting.id):
        seat.status = rules.status_at_end(seat, presences)
    found.meeting.section = found.meeting.item_id = None
    await tx.flush()
