"""What everything about councils asks: which council is meant, what somebody is to it, and how it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.chat.errors import Declined
from bot.chat.events import By, Due
from bot.chat.localtime import today_in
from bot.council import rules, views
from bot.council.dates import PUBLISH
from bot.council.rules import Office, Quorum, Reading, Sitting
from bot.people.rules import first_name
from bot.work.rules import Part, moves_from
from storage import councils as rows
from storage import meetings
from storage.councils import Council, Seat
from storage.meetings import Attendance, CouncilMeeting, Presence
from storage.people import Person, Role, roles_of
from storage.tx import Tx

Held: TypeAlias = rules.Held
RUN_IT = (Part.CHAIR, Part.SECRETARY, Part.ADMIN)


@dataclass(frozen=True, slots=True)
class Around:
    """A meeting with its council."""

    meeting: CouncilMeeting
    council: Council

    @property
    def zone(self) -> ZoneInfo:
        """Where it meets."""
        return ZoneInfo(self.council.zone)

    @property
    def meets_on(self) -> date:
        """The local date of the meeting."""
        return today_in(self.zone, self.meeting.starts_at)

    @property
    def chair_id(self) -> int | None:
        """Who chairs this meeting."""
        return self.meeting.chair_id or self.council.chair_id

    @property
    def secretary_id(self) -> int | None:
        """Who keeps its record."""
        return self.meeting.secretary_id or self.council.secretary_id


async def around(tx: Tx, meeting_id: int) -> Around | None:
    """A meeting with its council; None where there is none of that number."""
    meeting = await tx.get(CouncilMeeting, meeting_id)
    return None if meeting is None else Around(meeting, await tx.need(Council, meeting.council_id))


async def due(event: Due, tx: Tx, verb: str = "") -> Around | None:
    """The meeting that a step is about; None where it was planned before a move, or where `verb` is not legal now."""
    found = await around(tx, event.subject_id)
    if found is None or found.meeting.steps.get(event.kind) != event.due_at.isoformat():
        return None
    return found if not verb or moves_from(rules.MOVES, verb, found.meeting.state) else None


# --- which council, which meeting


async def council_meant(tx: Tx, by: By, named: str = "") -> Council:
    """The council named, the one that lives here, the one somebody belongs to, or the only one. Raises: Declined."""
    if named:
        council = await rows.council_named(tx, named)
        if council is None or council.state is Council.State.ENDED:
            raise Declined(views.unknown_council(named, [each.name for each in await rows.councils(tx)]), code="E-04")
        return council
    found = await councils_meant(tx, by)
    if len(found) > 1:
        raise Declined(views.which_council([each.name for each in found]))
    return found[0]


async def councils_meant(tx: Tx, by: By) -> Sequence[Council]:
    """Those that could be meant where none is named, at least one. Raises: Declined where there is none."""
    here = await rows.councils_in(tx, by.place.id)
    if len(here) == 1:
        return here
    every = here or await rows.councils(tx)
    found = [each for each in every if await belongs(tx, by.person, each)] or every
    if not found:
        raise Declined(views.no_council())
    return found


async def belongs(tx: Tx, person: Person, council: Council) -> bool:
    """Whether somebody runs a council or has a seat in it."""
    if person.id in {council.chair_id, council.secretary_id, council.sponsor_id}:
        return True
    return any(person.id in {each.person_id, each.deputy_id} for each in await all_seats(tx, council))


async def all_seats(tx: Tx, council: Council, now: datetime | None = None) -> Sequence[Seat]:
    """A council's seats of today, vacant ones too."""
    return await rows.seats(tx, council.id, today_in(ZoneInfo(council.zone), now or tx.acting.now))


async def next_of(tx: Tx, council: Council) -> Around:
    """The meeting being held, or the next one. Raises: Declined where none is planned."""
    meeting = await meetings.next_meeting(tx, council.id)
    if meeting is None:
        raise Declined(views.no_meeting(council.name))
    return Around(meeting, council)


async def next_seen(tx: Tx, council: Council, person: Person | None) -> CouncilMeeting | None:
    """The meeting being held or the next one, as somebody sees it, or nobody who runs one.

    One that is recorded afterwards is over for everybody but its chair and its secretary.
    """
    meeting = await meetings.next_meeting(tx, council.id)
    if meeting is None or meeting.recorded_at is None:
        return meeting
    parts = frozenset() if person is None else await parts_of(tx, person, Around(meeting, council))
    is_theirs = not parts.isdisjoint((Part.CHAIR, Part.SECRETARY))
    return meeting if is_theirs else await meetings.next_meeting(tx, council.id, after=meeting.starts_at)


async def next_for(tx: Tx, council: Council, person: Person | None) -> Around:
    """The same. Raises: Declined where none is planned."""
    meeting = await next_seen(tx, council, person)
    if meeting is None:
        raise Declined(views.no_meeting(council.name))
    return Around(meeting, council)


async def meeting_on(tx: Tx, council: Council, on: date | None) -> Around:
    """The meeting of a day, held or to come; without one as `next_of`. Raises: Declined.

    A day typed without its year is read as one that is over or one that is to come, and meetings are either: where
    there is none on it, the one on that day of the year before or after is meant.
    """
    if on is None:
        return await next_of(tx, council)
    known = (*await meetings.coming(tx, council.id), *await meetings.held(tx, council.id))
    every = {each.meets_on: each for each in (Around(meeting, council) for meeting in reversed(known))}
    for day in (on, on + relativedelta(years=1), on - relativedelta(years=1)):
        if day in every:
            return every[day]
    raise Declined(views.no_meeting_on(council.name, on), code="E-04")


# --- what somebody is to it


async def parts_of(tx: Tx, person: Person, found: Around) -> frozenset[Part]:
    """What somebody is to a meeting. A sponsor is no chair; an administrator is told apart from both.

    Whoever chairs together with the chair is one, and reads no more by it: see `reading_of` and `must_read_all`. Of a
    meeting that is over, who chairs the council and keeps its record today can do what is left to do, beside
    those who did so then.
    """
    is_seated = person.id in {each.person_id for each in await all_seats(tx, found.council)}
    is_sent = person.id in {each.deputy_id for each in await meetings.attendances(tx, found.meeting.id)}
    chairs, secretaries = {found.chair_id, *await co_chairs(tx, found.council)}, {found.secretary_id}
    if is_over(found):
        chairs, secretaries = chairs | {found.council.chair_id}, secretaries | {found.council.secretary_id}
    parts = {
        Part.CHAIR: person.id in chairs,
        Part.SECRETARY: person.id in secretaries,
        Part.SPONSOR: person.id == found.council.sponsor_id,
        Part.ADMIN: Role.Kind.ADMIN in await roles_of(tx, person),
        Part.SEAT: is_seated or is_sent,
    }
    return frozenset(part for part, is_theirs in parts.items() if is_theirs)


async def co_chairs(tx: Tx, council: Council) -> list[int]:
    """The customers who chair together with the chair, where the council made them so. Source: domain.md D8."""
    if council.customer is not Council.Customer.CO_CHAIR:
        return []
    seats = await all_seats(tx, council)
    return [each.person_id for each in seats if each.kind is Seat.Kind.CUSTOMER and each.person_id is not None]


async def offices(tx: Tx, council: Council) -> Mapping[int, Office]:
    """What everybody is to a council now, under their numbers."""
    held: dict[int, Office] = {}
    numbers = [(council.chair_id, Office.CHAIR), (council.secretary_id, Office.SECRETARY)]
    numbers += [(each.person_id, Office.SEAT) for each in await all_seats(tx, council)]
    numbers += [(each, Office.CO_CHAIR) for each in await co_chairs(tx, council)]
    for number, office in numbers:
        if number is not None:
            held[number] = held.get(number, Office(0)) | office
    return held


async def must_be(tx: Tx, person: Person, found: Around, allowed: Collection[Part]) -> frozenset[Part]:
    """What somebody is to a meeting. Raises: Declined (E-03) where that is none of `allowed`."""
    parts = await parts_of(tx, person, found)
    if parts.isdisjoint(allowed):
        chair = None if found.chair_id is None else await tx.get(Person, found.chair_id)
        raise Declined(views.only(allowed, found.council.name, chair.name if chair else ""), code="E-03")
    return parts


async def must_read_all(tx: Tx, person: Person, found: Around) -> None:
    """Raises: Declined (E-03) for who chairs from outside, where doing it would show what is internal.

    Says who can do it instead.
    """
    if await reading_of(tx, person, found) is not Reading.FULL:
        raise Declined(views.holds_internal([first_name(each) for each in await insiders(tx, found)]), code="E-03")


async def must_run(tx: Tx, person: Person, council: Council) -> None:
    """Raises: Declined (E-03) for who is no administrator, nor chair or secretary of a council or its next meeting.

    As long as nobody chairs it, its sponsor and who founded it run it too. How it is set up, and who has a seat, is no
    business of who chairs together with the chair.
    """
    meeting = await meetings.next_meeting(tx, council.id)
    runs = {council.chair_id, council.secretary_id}
    if council.chair_id is None:
        runs |= {council.sponsor_id, council.created_by}
    if meeting is not None:
        runs |= {meeting.chair_id, meeting.secretary_id}
    if person.id not in runs and Role.Kind.ADMIN not in await roles_of(tx, person):
        chair = None if council.chair_id is None else await tx.get(Person, council.chair_id)
        raise Declined(views.only(RUN_IT, council.name, chair.name if chair else ""), code="E-03")


async def may_run(tx: Tx, person: Person, council: Council) -> bool:
    """Whether somebody can be made chair or secretary; of those from outside, only who is, or chairs with the chair."""
    return not person.is_external or person.id in {
        council.chair_id, council.secretary_id, *await co_chairs(tx, council)
    }  # fmt: skip


def is_running(found: Around) -> bool:
    """Whether the meeting is on, or interrupted."""
    return found.meeting.state in meetings.RUNNING


def has_called(found: Around) -> bool:
    """Whether seats were asked, or the meeting is on: from then on each seat has its row."""
    return found.meeting.state is not rules.State.PLANNED and not is_over(found)


def is_over(found: Around) -> bool:
    """Whether it was held, or is called off."""
    return found.meeting.state in {*meetings.OVER, rules.State.CANCELLED}


def has_begun(found: Around) -> bool:
    """Whether it is on, or over."""
    return found.meeting.state in rules.HAS_BEGUN


def steps_of(meeting: CouncilMeeting) -> dict[str, datetime]:
    """When the steps around a meeting fall due, by kind."""
    return {kind: datetime.fromisoformat(at) for kind, at in meeting.steps.items()}


def takes_reports_at_once(found: Around, now: datetime) -> bool:
    """Whether a report that comes now is a version of the agenda by itself: the one that was planned is out."""
    planned = steps_of(found.meeting).get(PUBLISH)
    return found.meeting.state is rules.State.PUBLISHED and (planned is None or planned <= now)


async def reading_of(tx: Tx, person: Person | None, found: Around) -> Reading:
    """How much of a meeting's papers somebody may read; None is a room, which is asked for with `reading_in`."""
    if person is None:
        return Reading.PUBLIC
    parts = await parts_of(tx, person, found)
    if not parts:
        return Reading.PUBLIC
    return Reading.OUTSIDER if person.is_external else Reading.FULL


async def run_by(tx: Tx, found: Around) -> Sequence[Person]:
    """Who runs a meeting: the secretary and the chair, each once.

    Of one that is over, whoever has the post today stands in for somebody who has left the organisation.
    """
    of, people = found.council, []
    for number, today in ((found.secretary_id, of.secretary_id), (found.chair_id, of.chair_id)):
        person = None if number is None else await tx.get(Person, number)
        if (person is None or not person.active) and is_over(found) and today is not None:
            person = await tx.get(Person, today)
        people += [person] if person is not None and person.active else []
    return list({each.id: each for each in people}.values())


async def insiders(tx: Tx, found: Around) -> Sequence[Person]:
    """Those of the organisation who run a meeting, and so read everything that it has."""
    return [each for each in await run_by(tx, found) if not each.is_external]


# --- seats


async def held_seats(tx: Tx, council: Council) -> Sequence[Held]:
    """Every seat of today with its holder, in the order of the customer's journey."""
    seats = await all_seats(tx, council)
    people = {each.id: each for each in await rows.people_on(tx, seats)}
    departments = {each.id: each for each in await rows.departments_of(tx, seats)}
    return [Held(each, people.get(each.person_id or 0), departments.get(each.department_id or 0)) for each in seats]


async def said_by_seat(tx: Tx, found: Around) -> dict[int, Attendance]:
    """What seats have said of a meeting, under their numbers."""
    return {each.seat_id: each for each in await meetings.attendances(tx, found.meeting.id)}


async def gets_up(tx: Tx, council: Council, presence: Presence, at: datetime) -> None:
    """Somebody leaves a seat; whether they could vote there stays as it is now, whatever becomes of the seat."""
    attendance = await tx.need(Attendance, presence.attendance_id)
    seat = await tx.need(Seat, attendance.seat_id)
    presence.to_at, presence.decides = at, rules.can_vote(council, seat, attendance, presence.person_id)


async def sat_on(tx: Tx, found: Around) -> list[Seat]:
    """The seats of today, and those that there were at a meeting and are no more."""
    seats = list(await all_seats(tx, found.council))
    known = {each.id for each in seats}
    said = await meetings.attendances(tx, found.meeting.id)
    return seats + [await tx.need(Seat, each.seat_id) for each in said if each.seat_id not in known]


async def there_now(tx: Tx, found: Around) -> list[Sitting]:
    """Who is at the table now, in order of arrival."""
    seats = {each.id: each for each in await all_seats(tx, found.council)}
    attendances = {each.id: each for each in await meetings.attendances(tx, found.meeting.id)}
    return rules.sitting(found.council, seats, attendances, await meetings.presences(tx, found.meeting.id))


async def quorum_now(tx: Tx, found: Around) -> Quorum:
    """The quorum at this moment of a meeting."""
    there = await there_now(tx, found)
    seats = await all_seats(tx, found.council)
    return rules.quorum_of(found.council, seats, there, found.meeting.quorum_needed)


async def quorum_ahead(tx: Tx, found: Around) -> Quorum:
    """The quorum to be expected from what was said so far."""
    seats = await all_seats(tx, found.council)
    return rules.forecast(found.council, seats, await said_by_seat(tx, found))
