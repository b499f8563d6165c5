"""Messages before a meeting as projections: from ids to the newest card, for its reader."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.cards import Card, Enclosed, Enclosure
from bot.chat.routing import Reader
from bot.chat.words import moment
from bot.council import call_views, dates, eve_views, rules, schedule_views, standing
from bot.council.facing import answers, seated
from bot.council.rules import Office
from bot.council.schedule_views import Change
from bot.council.standing import Around
from bot.people.rules import first_name, holiday, is_office_day
from storage import audit
from storage.councils import Council
from storage.links import Thing
from storage.meetings import Attendance, CouncilMeeting, regular_around, was_unopened
from storage.people import Person
from storage.tx import Tx


def _with_meeting(card: Card, found: Around) -> Card:
    """The meeting goes along, for its reader's calendar."""
    return replace(card, encloses=(Enclosed(Enclosure.MEETING, found.meeting.id),))


async def _found(tx: Tx, ids: Mapping[str, int]) -> Around | None:
    return await standing.around(tx, ids["meeting"])


async def call(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """P-20."""
    found = await _found(tx, ids)
    if found is None or reader.person is None:
        return None
    if not reader.stands and standing.is_over(found):
        return None
    return _with_meeting(call_views.call(await seated(tx, found, reader.person), reader.zone), found)


async def reminder(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-21; once nothing is open any more it says so and has no button left."""
    found = await _found(tx, ids)
    if found is None or reader.person is None:
        return None
    mine = await seated(tx, found, reader.person)
    if found.meeting.state is rules.State.CANCELLED:
        return call_views.off(mine, reader.zone) if reader.stands else None
    if not call_views.owes(mine) or call_views.is_over(mine):
        return call_views.reminder_settled(mine, reader.zone) if reader.stands else None
    return call_views.reminder(mine, reader.zone, now)


async def eve(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-24."""
    found = await _found(tx, ids)
    if found is None:
        return None
    return eve_views.eve(await seated(tx, found, reader.person), reader.zone, now)


async def quorum(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """P-24 for the chair, while no quorum is to be expected."""
    found = await _found(tx, ids)
    if found is None:
        return None
    mine = await seated(tx, found, reader.person)
    if mine.quorum.is_met and not reader.stands:
        return None
    told = await answers(tx, found)
    silent, away = [each.name for each in told.silent], [each.name for each in told.away]
    return eve_views.inquorate(mine, silent, away, reader.zone)


async def deputy_wanted(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """To who does not come, or has not said."""
    found = await _found(tx, ids)
    if found is None or reader.person is None:
        return None
    return eve_views.deputy_wanted(await seated(tx, found, reader.person), reader.zone)


async def soon(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-26."""
    found = await _found(tx, ids)
    if found is None:
        return None
    return eve_views.soon(await seated(tx, found, reader.person), reader.zone, now)


async def holidays(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The question about a day off; once the meeting stands elsewhere or was kept, how it stands."""
    found = await _found(tx, ids)
    if found is None:
        return None
    calendar = found.council.calendar
    if is_office_day(found.meets_on, calendar) or standing.is_over(found):
        return schedule_views.holiday_settled(found.council, found.meeting) if reader.stands else None
    what = holiday(calendar, found.meets_on)
    proposed = dates.instead_of(found.meets_on, calendar)
    return schedule_views.holiday(found.council, found.meeting, what, proposed)


async def moved(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A meeting was called off, moved or added: how it stands now."""
    found = await _found(tx, ids)
    if found is None:
        return None
    was = await audit.of_field(tx, Thing.MEETING, [found.meeting.id], "starts_at")
    was_at = datetime.fromisoformat(was[0].before) if was and was[0].before else None
    is_past = found.meeting.starts_at <= now
    is_unopened = await was_unopened(tx, found.meeting)
    change = Change(found.meeting, found.council, was_at, standing.steps_of(found.meeting), is_past, is_unopened)
    card = schedule_views.moved(change, reader.zone)
    return card if reader.person is None else _with_meeting(card, found)


async def missed(tx: Tx, ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card | None:
    """P-46 to the sponsor."""
    council, meeting = await tx.get(Council, ids["council"]), await tx.get(CouncilMeeting, ids["meeting"])
    if council is None or meeting is None:
        return None
    every = await regular_around(tx, meeting)
    here = next(n for n, each in enumerate(every) if each.id == meeting.id)
    before = rules.missed_run(reversed(every[: here + 1]))
    run = [*reversed(before), *rules.missed_run(every[here + 1 :])]
    return schedule_views.missed_twice(council, run) if len(run) > 1 else None


async def deputised(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """To a deputy, also to one who is not asked any more."""
    row = await tx.get(Attendance, ids["attendance"])
    found = None if row is None else await standing.around(tx, row.meeting_id)
    if row is None or found is None or reader.person is None:
        return None
    is_asked = row.rsvp is Attendance.Rsvp.DEPUTY and row.deputy_id == reader.person.id
    was_told = reader.stands or "replaced" in ids
    if not is_asked and not was_told and row.deputy_id is not None:
        return None
    holder = None if row.person_id is None else await tx.get(Person, row.person_id)
    whose = first_name(holder) if holder is not None else found.council.name
    mine = await seated(tx, found, reader.person)
    card = eve_views.deputised(mine, whose, reader.zone, is_asked=is_asked, can_decide=row.deputy_can_decide)
    return _with_meeting(card, found) if is_asked else card


async def deputy_out(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """To who had named a deputy who can't."""
    row = await tx.get(Attendance, ids["attendance"])
    found = None if row is None else await standing.around(tx, row.meeting_id)
    deputy = await tx.get(Person, ids["deputy"])
    if row is None or found is None or deputy is None:
        return None
    return eve_views.deputy_out(await seated(tx, found, reader.person), first_name(deputy), reader.zone)


async def relieved(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """To who has lost an office; not to who has it again before they heard of that."""
    council, person = await tx.get(Council, ids["council"]), reader.person
    if council is None or person is None:
        return None
    lost = Office(ids["lost"])
    if not reader.stands and lost in (await standing.offices(tx, council)).get(person.id, Office(0)):
        return None
    found = await standing.around(tx, ids.get("meeting", 0))
    by = await tx.get(Person, ids["by"])
    at = moment(datetime.fromtimestamp(ids["at"], UTC), reader.zone)
    on = None if found is None else found.meets_on
    return eve_views.relieved(council.name, lost, since=at, by=first_name(by) if by else "", meets_on=on)


async def vacancy(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """Who keeps the record from now on, told to who runs the meeting."""
    found = await _found(tx, ids)
    if found is None:
        return None
    chair = None if found.chair_id is None else await tx.get(Person, found.chair_id)
    secretary = None if found.secretary_id is None else await tx.get(Person, found.secretary_id)
    names = [first_name(each) if each is not None and each.active else "" for each in (chair, secretary)]
    return eve_views.vacancy(await seated(tx, found, reader.person), names[0], names[1], reader.zone)
