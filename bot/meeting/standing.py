"""What the handlers and the cards of a running meeting both ask: which one is meant, who may, and how it stands."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.agenda import rules as agenda_rules
from bot.agenda.assembly import assembled
from bot.agenda.documents import agenda_in
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import UNDO_FOR
from bot.council import rules as council_rules
from bot.council import standing as council
from bot.council.rules import Reading, Sitting
from bot.council.standing import Around, Held
from bot.council.status_views import Fact
from bot.guide import views as words
from bot.meeting import reply_views, rules, views
from bot.meeting.rules import Clock
from bot.meeting.views import Scene, Seated
from bot.people.rules import first_name
from bot.work.rules import Part, moves_from
from storage import meetings
from storage.agenda import AgendaItem, items_of, newest_edition, sections_of
from storage.decisions import decisions_of
from storage.meetings import Attendance, CouncilMeeting
from storage.people import Person
from storage.tx import Tx
from storage.undo import stands

RUN_IT = (Part.CHAIR, Part.SECRETARY)
State = CouncilMeeting.State
TO_COME = meetings.TO_COME


# --- which meeting, and may they


async def meant(event: Asked | Pressed | Submitted, tx: Tx) -> Around:
    """The meeting of a button or form; for a line the one being held, or the next. Raises: Declined."""
    if isinstance(event, Asked):
        of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
        return await council.next_of(tx, of)
    found = await council.around(tx, event.number("meeting"))
    if found is None:
        raise Declined(words.old_button(), code="E-04")
    return found


async def held(event: Asked | Pressed | Submitted, tx: Tx) -> Around:
    """The same; until this event is done nobody else changes that meeting."""
    found = await meant(event, tx)
    await meetings.hold(tx, found.meeting)
    return found


async def run_by(event: Asked | Pressed | Submitted, tx: Tx) -> Around:
    """The same, for who chairs it or keeps its record. Raises: Declined (E-03)."""
    found = await held(event, tx)
    await must_run(tx, event.by.person, found)
    return found


async def must_run(tx: Tx, person: Person, found: Around) -> None:
    """Raises: Declined (E-03)."""
    await council.must_be(tx, person, found, RUN_IT)


async def may_run(tx: Tx, person: Person, found: Around) -> bool:
    """The chair, the secretary, and the customer where the council made them co-chair. Source: domain.md D8."""
    return not (await council.parts_of(tx, person, found)).isdisjoint(RUN_IT)


async def runners(tx: Tx, found: Around) -> list[Person]:
    """Those who have a card to run the meeting with, each once."""
    known = {each.id: each for each in await council.run_by(tx, found)}
    for number in await council.co_chairs(tx, found.council):
        person = await tx.get(Person, number)
        if person is not None and person.active:
            known[number] = person
    return list(known.values())


def name_of(found: Around) -> str:
    """`CX Council of Thu 3 Dec 2026`."""
    return views.meeting_name(found.council.name, found.meeting.starts_at, found.zone)


async def on_status(tx: Tx, found: Around, person: Person) -> Fact:
    """Where a meeting that is on stands, for `/council`."""
    item = None if found.meeting.item_id is None else await tx.get(AgendaItem, found.meeting.item_id)
    return views.on_status(found.meeting, item, for_outsider=person.is_external)


def must_be_live(found: Around) -> None:
    """Raises: Declined (E-05) for a meeting that is recorded afterwards: it has no clock."""
    if found.meeting.recorded_at is not None:
        raise Declined(views.has_no_clock(name_of(found)), code="E-05")


def must_stand(found: Around, states: Collection[CouncilMeeting.State], done: str) -> None:
    """Raises: Declined (E-05) where a meeting is in none of some states, so that it can't be `done`."""
    if found.meeting.state not in states:
        raise Declined(views.not_now(name_of(found), found.meeting, done), code="E-05")


def legal(found: Around, verb: str) -> CouncilMeeting.State:
    """The state to which a move leads. Raises: Declined (E-05) where it is none from here; see bot/council/rules.py."""
    moves = moves_from(council_rules.MOVES, verb, found.meeting.state)
    if moves:
        return moves[0].target or found.meeting.state
    done = next(each.done for each in council_rules.MOVES if each.verb == verb)
    raise Declined(views.not_now(name_of(found), found.meeting, done), code="E-05")


async def must_fit(tx: Tx, found: Around) -> None:
    """Raises: Declined (E-06) where a time that was told can't be.

    Nobody leaves before they come, comes to a seat before who sat there has left, or is there after the end.
    """
    until: dict[int, meetings.Presence] = {}
    ended_at = found.meeting.told_end
    for each in await meetings.presences(tx, found.meeting.id):
        name, zone = first_name(await tx.need(Person, each.person_id)), found.zone
        last = each.to_at or each.from_at
        if last < each.from_at:
            raise Declined(reply_views.left_before(name, each.from_at, last, zone), code="E-06")
        if ended_at is not None and last > ended_at:
            raise Declined(reply_views.after_the_end(name, last, ended_at, zone), code="E-06")
        before = until.get(each.attendance_id)
        if before is not None and before.to_at is not None and before.to_at > each.from_at:
            sat = first_name(await tx.need(Person, before.person_id))
            raise Declined(reply_views.seat_was_taken(sat, before.to_at, each.from_at, zone), code="E-06")
        until[each.attendance_id] = each


# --- how it stands


async def scene(tx: Tx, found: Around, now: datetime, *, person: Person | None = None, whole: bool = False) -> Scene:
    """A meeting for a reader, a room where there is none; while it runs, `whole` also tells what its sections hold."""
    meeting, seats = found.meeting, await council.held_seats(tx, found.council)
    attendances = await meetings.attendances(tx, meeting.id)
    presences = await meetings.presences(tx, meeting.id)
    rows, numbered = [each.seat for each in seats], {each.id: each for each in attendances}
    there = council_rules.sitting(found.council, {each.id: each for each in rows}, numbered, presences)
    quorum = council_rules.quorum_of(found.council, rows, there, meeting.quorum_needed)
    history = await council.sat_on(tx, found) if presences else rows
    since = rules.since(rules.quorum_history(found.council, history, attendances, presences, needed=quorum.needed))
    names = await _names(tx, found, seats, there)
    following = await meetings.next_meeting(tx, found.council.id, after=meeting.starts_at)
    items = await items_of(tx, meeting.id)
    is_on = meeting.state in meetings.RUNNING
    paper = await assembled(tx, found, now, reading=Reading.FULL) if whole and is_on else None
    is_outside = person is None or person.is_external
    return Scene(
        meeting,
        found.council,
        found.zone,
        now,
        quorum,
        sections=await sections_of(tx, meeting.id),
        items=items,
        times=await meetings.times(tx, meeting.id),
        stops=await stops_of(tx, found, now) if is_on else (),
        there=_seated(there, seats, names),
        apologies=_apologies(seats, attendances, names),
        quorum_since=since,
        chair=names.get(found.chair_id or 0, ""),
        secretary=names.get(found.secretary_id or 0, ""),
        decisions=await decisions_of(tx, meeting.id),
        agenda=agenda_rules.outside(paper) if paper is not None and is_outside else paper,
        next_at=None if following is None else following.starts_at,
        can_be_started=bool(await runners(tx, found)),
        for_outsiders=is_outside,
        back=await _back(tx, meeting, person, now) if person is not None else None,
    )


async def _back(tx: Tx, meeting: CouncilMeeting, person: Person, now: datetime) -> tuple[str, int] | None:
    """Where a meeting was before somebody has just taken it on; how it began is no step to take back."""
    step = await meetings.newest_step(tx, meeting.id)
    if step is None or step.verb != meetings.GO_ON or not step.before or step.event_id is None:
        return None
    is_theirs = step.by == person.id and now - step.at <= UNDO_FOR
    return (step.before, step.event_id) if is_theirs and await stands(tx, step.event_id) else None


async def _names(tx: Tx, found: Around, seats: Sequence[Held], there: Sequence[Sitting]) -> Mapping[int, str]:
    known = {each.person.id: each.person for each in seats if each.person is not None}
    wanted = {each.person_id for each in there} | {found.chair_id, found.secretary_id}
    for number in wanted - known.keys() - {None}:
        person = await tx.get(Person, number or 0)
        if person is not None:
            known[person.id] = person
    return _called(known.values())


def _called(people: Iterable[Person]) -> dict[int, str]:
    """What each is called at this table: by the first name, by the whole one where two share it."""
    every = {each.id: each for each in people}
    short = Counter(first_name(each) for each in every.values())
    return {number: each.name if short[first_name(each)] > 1 else first_name(each) for number, each in every.items()}


def _seated(there: Sequence[Sitting], seats: Sequence[Held], names: Mapping[int, str]) -> list[Seated]:
    by_seat = {each.seat.id: each for each in seats}
    return [
        Seated(
            names.get(each.person_id, ""),
            by_seat[each.seat.id].name,
            each.attendance,
            each.counts,
            names.get(each.attendance.person_id or 0, by_seat[each.seat.id].name) if each.is_deputy else "",
        )
        for each in there
    ]


def _apologies(seats: Sequence[Held], attendances: Sequence[Attendance], names: Mapping[int, str]) -> list[str]:
    sent = {each.seat_id for each in attendances if each.status is Attendance.Status.APOLOGIES}
    return [names[each.person.id] for each in seats if each.seat.id in sent and each.person is not None]


async def stops_of(tx: Tx, found: Around, now: datetime) -> list[rules.Stop]:
    """Where the meeting stops: every section in which the agenda holds something, and every item to be talked about.

    The agenda that counts is the one that came out last, which everybody has.
    """
    edition = await newest_edition(tx, found.meeting.id)
    paper = await assembled(tx, found, now, reading=Reading.FULL) if edition is None else agenda_in(edition.content)
    return rules.route(await items_of(tx, found.meeting.id), rules.filled(paper))


async def clock_now(tx: Tx, found: Around) -> Clock | None:
    """The clock of the section under discussion; None while none runs."""
    if found.meeting.state is not CouncilMeeting.State.IN_SESSION:
        return None
    rows = {each.section: each for each in await sections_of(tx, found.meeting.id)}
    row = rows.get(found.meeting.section or 0)
    return None if row is None else rules.clock_of(row, await meetings.times(tx, found.meeting.id))
