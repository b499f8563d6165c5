"""What the secretary or the chair marks for others: present, left, apologies, deputies, and who has spoken."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted, row_number
from bot.chat.replies import Answer, Replies
from bot.council import planning
from bot.council import standing as council
from bot.council.reading import CAN_DECIDE
from bot.council.standing import Around, Held
from bot.meeting import arriving, form_views, reply_views, rules, standing, starting
from bot.meeting.form_views import Place
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from storage import audit, meetings
from storage.links import Thing
from storage.meetings import Attendance
from storage.people import Person
from storage.tx import Tx


async def present(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council present @Ann @Raj`, `/council present @Ida for:@Ivo can-decide`; alone it is the form."""
    found = await _kept_by(event, tx)
    if not event.command.people:
        return await table(event, tx, now)
    named = [await work.one_person(tx, event.by, each) for each in event.command.people]
    told = starting.told_at(event, found, now)
    at, corrects = told or _moment(found, now), told is not None
    holder = event.command.keys.get("for", "")
    if holder:
        if len(named) != 1:
            raise Declined(reply_views.one_at_a_time())
        person = await work.one_person(tx, event.by, holder)
        await _sits_in(tx, found, named[0], person, can_decide=event.command.words in CAN_DECIDE, now=at)
    else:
        for each in named:
            await _came(tx, found, each, at, corrects=corrects)
    if corrects:
        await standing.must_fit(tx, found)
    return await _said(tx, found, now, came=[first_name(each) for each in named])


def _moment(found: Around, now: datetime) -> datetime:
    """When somebody came of whom nothing else is said: now, or from the beginning of what is recorded afterwards."""
    meeting = found.meeting
    return now if meeting.recorded_at is None else meeting.opened_at or meeting.starts_at


async def _kept_by(event: Asked | Pressed | Submitted, tx: Tx) -> Around:
    found = await standing.run_by(event, tx)
    standing.must_stand(found, arriving.ATTENDED, "attended")
    return found


async def _came(tx: Tx, found: Around, person: Person, now: datetime, *, corrects: bool) -> None:
    """Raises: Declined where they have no seat."""
    claims = await arriving.claims_of(tx, found, person)
    if not claims:
        raise Declined(reply_views.whose_seat(first_name(person)))
    for each in claims:
        if not await arriving.arrive(tx, found, each, person, now=now) and corrects:
            await arriving.came_then(tx, found, each, now)


async def _sits_in(tx: Tx, found: Around, deputy: Person, holder: Person, *, can_decide: bool, now: datetime) -> None:
    """Raises: Declined where who they sit in for has no seat, or is there."""
    own = [each for each in await arriving.claims_of(tx, found, holder) if not each.is_deputy]
    if not own:
        raise Declined(reply_views.whose_seat(first_name(holder)))
    await _deputy(tx, found, own[0].seat.id, deputy, can_decide=can_decide, now=now)


async def _deputy(tx: Tx, found: Around, seat_id: int, deputy: Person, *, can_decide: bool, now: datetime) -> None:
    said = await planning.expect_seats(tx, found)
    sits = rules.at_table(await meetings.presences(tx, found.meeting.id)).get(said[seat_id].id)
    if sits is not None and sits.person_id == said[seat_id].person_id:
        raise Declined(reply_views.seat_is_taken(first_name(await tx.need(Person, sits.person_id))), code="E-05")
    claim = await arriving.sent(tx, found, seat_id, deputy, can_decide=can_decide)
    await arriving.arrive(tx, found, claim, deputy, now=now)


async def left(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council left @Ann`."""
    found = await _kept_by(event, tx)
    if not event.command.people:
        raise Declined(reply_views.who_came("left"))
    named = [await work.one_person(tx, event.by, each) for each in event.command.people]
    at = starting.told_at(event, found, now)
    if at is None and found.meeting.recorded_at is not None:
        raise Declined(reply_views.when_did_they_leave(first_name(named[0])))
    if at is not None and at < (found.meeting.opened_at or at):
        raise Declined(reply_views.before_it_began(found.meeting, found.zone), code="E-06")
    for each in named:
        has_left = await arriving.leave(tx, found, each, at or now)
        if not has_left and not (at is not None and await arriving.left_then(tx, found, each, at)):
            raise Declined(reply_views.not_there(first_name(each)), code="E-05")
    if at is not None:
        await standing.must_fit(tx, found)
    return await _said(tx, found, now, left_now=[first_name(each) for each in named])


async def apologies(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council apologies @Fin`: told beforehand that they can't come."""
    found = await _kept_by(event, tx)
    if not event.command.people:
        raise Declined(reply_views.who_came("apologies"))
    named = [await work.one_person(tx, event.by, each) for each in event.command.people]
    for each in named:
        own = [claim for claim in await arriving.claims_of(tx, found, each) if not claim.is_deputy]
        if not own:
            raise Declined(reply_views.whose_seat(first_name(each)))
        await _gone(tx, found, each, now)
        for claim in own:
            _apologise(claim.attendance)
    await tx.flush()
    return await _said(tx, found, now, sorry=[first_name(each) for each in named])


def _apologise(attendance: Attendance) -> None:
    attendance.rsvp = Attendance.Rsvp.NO
    if attendance.status is Attendance.Status.EXPECTED:
        attendance.status = Attendance.Status.APOLOGIES


async def _said(
    tx: Tx,
    found: Around,
    now: datetime,
    *,
    came: Sequence[str] = (),
    left_now: Sequence[str] = (),
    sorry: Sequence[str] = (),
) -> Replies:
    scene = await standing.scene(tx, found, now)
    card = reply_views.marked(scene, came, left_now, sorry)
    return Replies(answer=Answer(card), refresh=arriving.shown_anew(found))


# --- the form


async def table(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Who is here**: everybody with a seat, and the deputies who were announced."""
    found = await _kept_by(event, tx)
    places, empty = await _places(tx, found)
    return Replies(answer=Answer(form_views.table(arriving.meeting_ids(found), places, empty)))


async def _places(tx: Tx, found: Around) -> tuple[list[Place], list[Place]]:
    """Who can be ticked, and the seats that are empty now."""
    said = await planning.expect_seats(tx, found)
    sits = rules.at_table(await meetings.presences(tx, found.meeting.id))
    places: list[Place] = []
    empty: list[Place] = []
    for each in await council.held_seats(tx, found.council):
        if each.person is None:
            continue
        row = said[each.seat.id]
        there = sits.get(row.id)
        who = f"{first_name(each.person)}, {each.name}" if each.department is not None else first_name(each.person)
        is_here = there is not None and there.person_id == each.person.id
        places.append(Place(f"{each.seat.id}h", who, is_here))
        if row.rsvp is Attendance.Rsvp.DEPUTY and row.deputy_id is not None:
            sent = first_name(await tx.need(Person, row.deputy_id))
            places.append(Place(f"{each.seat.id}d", f"{sent} for {who}", there is not None and not is_here))
        if there is None:
            empty.append(Place(str(each.seat.id), who, is_sorry=row.rsvp is Attendance.Rsvp.NO))
    return places, empty


async def take_table(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent: what was changed in it is changed, and what happened meanwhile stays."""
    found = await _kept_by(event, tx)
    was, ticked = _ticked(event.ids.get("was", "")), _ticked(event.values.get(form_views.HERE, ""))
    seats = {each.seat.id: each for each in await council.held_seats(tx, found.council) if each.person is not None}
    gone = [await _go(tx, found, seats, each, now=now) for each in sorted(was - ticked)]
    came = [await _come(tx, found, seats, each, now=now) for each in sorted(ticked - was)]
    sorry = await _sorry(tx, found, seats, event)
    if event.values.get(form_views.DEPUTY, "").strip():
        came.append(await _unannounced(event, tx, found, seats, now=now))
    told = [each for each in came if each], [each for each in gone if each]
    return await _said(tx, found, now, came=told[0], left_now=told[1], sorry=sorry)


def _ticked(value: str) -> set[str]:
    return {each for each in value.split(",") if row_number(each[:-1]) and each[-1:] in {"h", "d"}}


async def _go(tx: Tx, found: Around, seats: Mapping[int, Held], value: str, *, now: datetime) -> str:
    person = await _meant(tx, found, seats, value)
    return first_name(person) if person is not None and await _gone(tx, found, person, now) else ""


async def _gone(tx: Tx, found: Around, person: Person, now: datetime) -> bool:
    """Somebody is not at the table; of what is recorded afterwards, they were not at all. False where they sat not."""
    if found.meeting.recorded_at is not None:
        return await arriving.was_not_there(tx, found, person)
    return await arriving.leave(tx, found, person, now)


async def _come(tx: Tx, found: Around, seats: Mapping[int, Held], value: str, *, now: datetime) -> str:
    person = await _meant(tx, found, seats, value)
    if person is None:
        return ""
    row = (await planning.expect_seats(tx, found))[row_number(value[:-1])]
    claim = rules.Claim(seats[row.seat_id].seat, row, is_deputy=value.endswith("d"))
    return first_name(person) if await arriving.arrive(tx, found, claim, person, now=_moment(found, now)) else ""


async def _meant(tx: Tx, found: Around, seats: Mapping[int, Held], value: str) -> Person | None:
    """Who stands behind a tick: who holds the seat, or the deputy who was announced for it."""
    seat = seats.get(row_number(value[:-1]))
    if seat is None:
        return None
    if value.endswith("h"):
        return seat.person
    row = (await planning.expect_seats(tx, found))[seat.seat.id]
    return None if row.deputy_id is None else await tx.get(Person, row.deputy_id)


async def _sorry(tx: Tx, found: Around, seats: Mapping[int, Held], event: Submitted) -> list[str]:
    """Who was ticked as having sent apologies, and was not before."""
    before = set(event.ids.get("sorry", "").split(","))
    fresh = [each for each in event.values.get(form_views.SORRY, "").split(",") if each and each not in before]
    said = await planning.expect_seats(tx, found)
    told: list[str] = []
    for each in fresh:
        seat = seats.get(row_number(each))
        if seat is not None and seat.person is not None:
            _apologise(said[seat.seat.id])
            told.append(first_name(seat.person))
    await tx.flush()
    return told


async def _unannounced(event: Submitted, tx: Tx, found: Around, seats: Mapping[int, Held], *, now: datetime) -> str:
    """A deputy whom nobody announced. Raises: Declined where it is not said for whom."""
    value = event.values.get(form_views.DEPUTY, "").strip()
    person = await people.chosen(tx, event.by.place, value)
    seat = seats.get(row_number(event.values.get(form_views.SITS_FOR, "")))
    if person is None or seat is None:
        raise Declined(reply_views.whose_seat(first_name(person) if person is not None else "They"))
    can_decide = event.values.get(form_views.DECIDES, "") == "yes"
    await _deputy(tx, found, seat.seat.id, person, can_decide=can_decide, now=_moment(found, now))
    return first_name(person)


# --- who has spoken


async def ask_heard(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Who has spoken**: the chair's own list. Source: domain.md S2-34."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, meetings.RUNNING, "ticked off")
    scene = await standing.scene(tx, found, now)
    places = [
        Place(str(each.attendance.id), f"{each.words}, {each.seat}" if each.seat != each.name else each.words,
              each.attendance.was_heard)
        for each in scene.there
    ]  # fmt: skip
    if not places:
        raise Declined(reply_views.heard_nobody())
    return Replies(answer=Answer(form_views.heard(arriving.meeting_ids(found), places)))


async def take_heard(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, meetings.RUNNING, "ticked off")
    ticked = {row_number(each) for each in event.values.get(form_views.HEARD, "").split(",")}
    scene = await standing.scene(tx, found, now)
    for each in scene.there:
        each.attendance.was_heard = each.attendance.id in ticked
    audit.note(tx, (Thing.MEETING, found.meeting.id), "tick off", field="heard", after=len(ticked - {0}))
    await tx.flush()
    silent = [each.words for each in scene.there if not each.attendance.was_heard]
    refresh = planning.shown(found.meeting, rules.CHAIR)
    return Replies(answer=Answer(reply_views.heard(silent)), refresh=refresh)
