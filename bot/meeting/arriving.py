"""Who is at the table: **I'm here**, **I'm leaving**, and what the secretary marks; the quorum follows from it.

Source: domain.md 2.4 (8), 3.2 (`/council present`), 4.12.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted, row_number
from bot.chat.replies import Answer, Refresh, Replies
from bot.council import planning
from bot.council import standing as council
from bot.council.standing import Around, Held
from bot.meeting import form_views, reply_views, rules, standing
from bot.meeting.form_views import Place
from bot.meeting.rules import Claim
from bot.people.rules import first_name
from storage import audit, meetings
from storage.links import Thing
from storage.meetings import RUNNING, TO_COME, Attendance, Presence
from storage.people import Person
from storage.tx import Tx

ATTENDED = (*TO_COME, *RUNNING)


def shown_anew(found: Around) -> tuple[Refresh, ...]:
    """What shows who is at the table."""
    return planning.shown(found.meeting, rules.ROOM, rules.CHAIR)


# --- the rows


async def arrive(tx: Tx, found: Around, claim: Claim, person: Person, *, now: datetime) -> bool:
    """Somebody takes a seat; False where they sit there already. Raises: Declined where somebody else does.

    Who holds the seat takes it back from a deputy. The meeting is held.
    """
    attendance = claim.attendance
    sits = rules.at_table(await meetings.presences(tx, found.meeting.id)).get(attendance.id)
    if sits is not None and sits.person_id == person.id:
        return False
    if sits is not None and claim.is_deputy:
        other = first_name(await tx.need(Person, sits.person_id))
        if sits.person_id == attendance.person_id:
            raise Declined(reply_views.seat_is_taken(other), code="E-05")
        holder = await tx.get(Person, attendance.person_id or 0)
        raise Declined(reply_views.seat_has_deputy(first_name(holder) if holder else "them", other), code="E-05")
    if sits is not None:
        await council.gets_up(tx, found.council, sits, now)
    status = Attendance.Status.DEPUTY if claim.is_deputy else Attendance.Status.PRESENT
    if attendance.status is not Attendance.Status.PRESENT:
        attendance.status = status
    if not claim.is_deputy:
        attendance.person_id = person.id
    tx.add(Presence(meeting_id=found.meeting.id, attendance_id=attendance.id, person_id=person.id, from_at=now))
    audit.note(tx, (Thing.MEETING, found.meeting.id), "arrive", field="present", after=first_name(person))
    await tx.flush()
    return True


async def leave(tx: Tx, found: Around, person: Person, now: datetime) -> bool:
    """Somebody leaves every seat that they sit on; False where they sit on none. The meeting is held."""
    mine = [
        each
        for each in await meetings.presences(tx, found.meeting.id)
        if each.to_at is None and each.person_id == person.id
    ]
    for each in mine:
        await council.gets_up(tx, found.council, each, now)
    if mine:
        audit.note(tx, (Thing.MEETING, found.meeting.id), "leave", field="present", before=first_name(person))
        await tx.flush()
    return bool(mine)


async def came_then(tx: Tx, found: Around, claim: Claim, at: datetime) -> None:
    """Who sits on a seat came at another time than was noted."""
    sits = rules.at_table(await meetings.presences(tx, found.meeting.id))[claim.attendance.id]
    times = {"before": sits.from_at.isoformat(), "after": at.isoformat()}
    audit.note(tx, (Thing.MEETING, found.meeting.id), "arrive", field="time", **times)
    sits.from_at = at
    await tx.flush()


async def left_then(tx: Tx, found: Around, person: Person, at: datetime) -> bool:
    """Somebody who has left did so at another time than was noted; False where they were not there at all."""
    every = await meetings.presences(tx, found.meeting.id)
    left = [(each.to_at, each) for each in every if each.person_id == person.id and each.to_at is not None]
    last = max((noted for noted, _ in left), default=at)
    for noted, each in left:
        if noted == last:
            each.to_at = at
    if left:
        times = {"before": last.isoformat(), "after": at.isoformat()}
        audit.note(tx, (Thing.MEETING, found.meeting.id), "leave", field="time", **times)
        await tx.flush()
    return bool(left)


async def was_not_there(tx: Tx, found: Around, person: Person) -> bool:
    """Somebody was marked by mistake, where a meeting is recorded afterwards; False where they sit on no seat."""
    every = await meetings.presences(tx, found.meeting.id)
    mine = [each for each in every if each.to_at is None and each.person_id == person.id]
    for each in mine:
        seat = await tx.need(Attendance, each.attendance_id)
        is_there_else = any(one.attendance_id == seat.id and one is not each for one in every)
        seat.status = seat.status if is_there_else else Attendance.Status.EXPECTED
        await tx.session.delete(each)
    if mine:
        audit.note(tx, (Thing.MEETING, found.meeting.id), "strike", field="present", before=first_name(person))
        await tx.flush()
    return bool(mine)


async def claims_of(tx: Tx, found: Around, person: Person) -> list[Claim]:
    """The seats that somebody may take; every seat of today has its row."""
    said = await planning.expect_seats(tx, found)
    return rules.claims(person.id, await council.all_seats(tx, found.council), said)


# --- for oneself


async def here(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm here**: a seat's holder, or the deputy who was announced; another deputy is asked for whom."""
    found = await standing.held(event, tx)
    _must_be_open(found, now)
    claims = await claims_of(tx, found, event.by.person)
    if claims:
        return await _arrived(tx, found, claims, event.by.person, now=now)
    free = await _free_seats(tx, found, event.by.person)
    if free:
        return Replies(answer=Answer(form_views.sits_in(meeting_ids(found), free)))
    if await standing.may_run(tx, event.by.person, found):
        return Replies(answer=Answer(reply_views.runs_it(standing.name_of(found))))
    raise Declined(reply_views.no_seat(standing.name_of(found)), code="E-03")


def meeting_ids(found: Around) -> dict[str, str]:
    """What forms of a meeting carry."""
    return {"meeting": str(found.meeting.id)}


def _must_be_open(found: Around, now: datetime) -> None:
    """Raises: Declined (E-05)."""
    standing.must_stand(found, ATTENDED, "attended")
    _must_be_live(found)
    if found.meeting.state in TO_COME and now < found.meeting.starts_at - rules.HERE_BEFORE:
        words = reply_views.too_early(standing.name_of(found), found.meeting, found.zone)
        raise Declined(words, code="E-05")


async def _arrived(tx: Tx, found: Around, claims: Sequence[Claim], person: Person, *, now: datetime) -> Replies:
    """All seats that are theirs; the refusal of one does not keep them from another."""
    came: list[Claim] = []
    refused: Declined | None = None
    for each in claims:
        try:
            came += [each] if await arrive(tx, found, each, person, now=now) else []
        except Declined as problem:
            refused = problem
    name = first_name(person)
    scene = await standing.scene(tx, found, now)
    mine = [each for each in scene.there if each.attendance.id in {one.attendance.id for one in claims}]
    if not came:
        if refused is not None and not any(each.name in {name, person.name} for each in mine):
            raise refused
        return Replies(answer=Answer(reply_views.here_already(scene, name)))
    fresh = {each.attendance.id for each in came}
    sits_for = [each.sits_in_for for each in mine if each.attendance.id in fresh and each.sits_in_for]
    card = reply_views.here(scene, name, also_for=sits_for, counts=any(each.counts for each in mine))
    return Replies(answer=Answer(card), refresh=shown_anew(found))


async def _free_seats(tx: Tx, found: Around, person: Person) -> list[Place]:
    """The seats on which somebody may sit whom nobody has announced: as standing deputy, or of the same department."""
    said = await planning.expect_seats(tx, found)
    taken = rules.at_table(await meetings.presences(tx, found.meeting.id))
    return [
        Place(str(each.seat.id), _seat_label(each))
        for each in await council.held_seats(tx, found.council)
        if each.person is not None and said[each.seat.id].id not in taken and _may_sit_in(person, each)
    ]


def _may_sit_in(person: Person, seat: Held) -> bool:
    is_of_department = seat.department is not None and person.department_id == seat.department.id
    return person.active and (seat.seat.deputy_id == person.id or is_of_department)


def _seat_label(seat: Held) -> str:
    who = first_name(seat.person) if seat.person is not None else "vacant"
    return who if seat.department is None else f"{who}, {seat.department.name}"


async def take_seat(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form that asks for whom."""
    found = await standing.held(event, tx)
    _must_be_open(found, now)
    free = {each.value for each in await _free_seats(tx, found, event.by.person)}
    value = event.values.get(form_views.SEAT, "")
    if value not in free:
        raise Declined(reply_views.no_seat(standing.name_of(found)), code="E-05")
    claim = await sent(tx, found, row_number(value), event.by.person, can_decide=False)
    return await _arrived(tx, found, [claim], event.by.person, now=now)


async def sent(tx: Tx, found: Around, seat_id: int, person: Person, *, can_decide: bool) -> Claim:
    """Somebody is the deputy of a seat from now on; who is one as a rule has the authority that was said then."""
    said = await planning.expect_seats(tx, found)
    seat = next(each for each in await council.all_seats(tx, found.council) if each.id == seat_id)
    attendance = said[seat_id]
    attendance.rsvp, attendance.deputy_id = Attendance.Rsvp.DEPUTY, person.id
    attendance.deputy_can_decide = can_decide or (seat.deputy_id == person.id and seat.deputy_can_decide)
    await tx.flush()
    return Claim(seat, attendance, is_deputy=True)


def _must_be_live(found: Around) -> None:
    """Raises: Declined (E-05) where it is recorded afterwards."""
    if found.meeting.recorded_at is not None:
        raise Declined(reply_views.is_recorded(standing.name_of(found)), code="E-05")


async def away(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm leaving**."""
    found = await standing.held(event, tx)
    standing.must_stand(found, ATTENDED, "left")
    _must_be_live(found)
    name = first_name(event.by.person)
    if not await leave(tx, found, event.by.person, now):
        raise Declined(reply_views.not_there(name), code="E-05")
    scene = await standing.scene(tx, found, now)
    return Replies(answer=Answer(reply_views.gone(scene, name)), refresh=shown_anew(found))
