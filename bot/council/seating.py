"""Who sits at the table: seats are added, filled, left; and what becomes of one when somebody leaves."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.council import planning, reading, relieving, seat_views, setup, standing, summing_up, telling
from bot.council.rules import SEATS_MAX, Held, is_voting
from bot.council.standing import Around
from bot.work.handlers import one_person
from storage.councils import Council, Seat, councils, seats_of
from storage.meetings import Attendance, CouncilMeeting, Presence, coming, presences, said_of_seat
from storage.people import Department, Person, Role, departments, roles_of
from storage.tx import Change, Tx

KEYS = ("council", "dept", "kind", "deputy", "reason", "for")
END = "end"


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council add @Raj dept:Field can-decide deputy:@Dana`; without a person the seat is vacant."""
    council = await _meant(event, tx)
    by, command = event.by, event.command
    person = await _one(tx, by, command.people)
    seats = await standing.held_seats(tx, council)
    own = next((each for each in seats if person is not None and each.person is person), None)
    if own is None or "dept" in command.keys:
        department = await _department(tx, command.keys.get("dept", ""), person)
    else:
        department = own.department  # the seat goes on speaking for it
    said = command.keys.get("kind", "")
    kind = reading.kind_meant(said) if said else None
    if said and kind is None:
        raise Declined(seat_views.unknown_kind(said))
    if person is None and department is None and kind is not Seat.Kind.CUSTOMER:
        raise Declined(seat_views.whom_to_seat())
    mine = _seat_for(seats, person, department, kind)
    seat = mine.seat if mine is not None else _new_seat(tx, council, len(seats), now)
    had = seat.person_id
    is_kind = kind or (seat.kind if mine is not None else reading.kind_of(person, department))
    decides = await _decides(tx, person, command.words, command.quoted)
    if mine is not None and (is_kind, decides) != (seat.kind, seat.can_decide):
        await _sits_anew(tx, council, seat, now)
    seat.kind, seat.can_decide = is_kind, decides
    seat.department_id = None if seat.kind is Seat.Kind.CUSTOMER else (department.id if department else None)
    seat.is_senior = seat.can_decide
    if person is not None and had != person.id:
        seat.person_id, seat.deputy_id, seat.deputy_can_decide, seat.note = person.id, None, False, ""
    if command.keys.get("deputy"):
        await _set_deputy(tx, by, seat, command.keys["deputy"], can_decide=False)
    await tx.flush()
    replies = await _seats_anew(tx, council)
    card = seat_views.added(await _held(tx, seat), council, votes=is_voting(seat, council))
    return replies + Replies(answer=Answer(card), undoable=True)


async def remove(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council remove @Bea reason`: the seat is vacant; with `end` it is no more. Who ran the council does not now."""
    council = await _meant(event, tx)
    by, command = event.by, event.command
    is_end = command.words.casefold().split()[:1] == [END]
    reason = command.keys.get("reason", "") or next(iter(command.quoted), "") or ("" if is_end else command.words)
    person = await _one(tx, by, command.people)
    department = None if person else await _department(tx, command.keys.get("dept", ""), None)
    if person is None and department is None:
        raise Declined(seat_views.whom_to_remove())
    held = [each for each in await standing.held_seats(tx, council) if _is_meant(each, person, department)]
    ran_it = person is not None and person.id in {council.chair_id, council.secretary_id}
    offices = await standing.offices(tx, council)
    if not held and not ran_it:
        raise Declined(seat_views.no_seat(person.name if person else department.name if department else ""))
    for each in held:
        await vacate(tx, council, each.seat, reason=reason, now=now, ends=is_end)
    replies = await _seats_anew(tx, council)
    if person is not None and ran_it:
        replies += await _without(tx, council, person)
    await tx.flush()
    replies += Replies(show=await relieving.told(tx, council, offices))
    names = [each.name for each in held]
    card = seat_views.removed(person.name if person else "", council, names, ends=is_end, ran_it=ran_it)
    return replies + Replies(answer=Answer(card), undoable=not ran_it)


async def deputy(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council deputy @Ida for:@Ivo can-decide`: who sits in for a seat as a rule; `off` for nobody."""
    by, command = event.by, event.command
    council = await standing.council_meant(tx, by, command.keys.get("council", ""))
    whose = by.person
    if command.keys.get("for"):
        whose = await one_person(tx, by, command.keys["for"])
    if whose.id != by.person.id:
        await standing.must_run(tx, by.person, council)
    held = next((each for each in await standing.held_seats(tx, council) if each.seat.person_id == whose.id), None)
    if held is None:
        raise Declined(seat_views.no_seat(whose.name))
    if command.words.casefold() == "off" and not command.people:
        held.seat.deputy_id, held.seat.deputy_can_decide = None, False
        await tx.flush()
        return Replies(answer=Answer(seat_views.no_deputy(held.name)), undoable=True)
    if len(command.people) != 1:
        raise Declined(seat_views.whom_as_deputy())
    decides = bool(reading.CAN_DECIDE & {command.words.casefold(), *(each.casefold() for each in command.quoted)})
    stand_in = await _set_deputy(tx, by, held.seat, command.people[0], can_decide=decides)
    await tx.flush()
    card = seat_views.deputy_set(stand_in.name, held, can_decide=decides)
    return Replies(answer=Answer(card), undoable=True)


async def members(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """`/council members`: every seat, vacant ones too, and the departments without one."""
    if isinstance(event, Pressed):
        council = await setup.of_ids(tx, event)
    else:
        council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    return Replies(answer=Answer(await members_card(tx, council)))


async def seat_heads(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Seat the heads**: each department on the journey without a seat gets one, and its head sits there."""
    council = await setup.of_ids(tx, event)
    await standing.must_run(tx, event.by.person, council)
    seats = await standing.held_seats(tx, council)
    sitting = {each.person.id for each in seats if each.person is not None}
    number = len(seats)
    for department in await summing_up.without_seat(tx, seats):
        head = None if department.head_id is None else await tx.get(Person, department.head_id)
        if head is None or not head.active or head.id in sitting:
            continue
        seat = _new_seat(tx, council, number, now)
        seat.kind, seat.department_id, seat.person_id = reading.kind_of(head, department), department.id, head.id
        sitting.add(head.id)
        number += 1
    await tx.flush()
    return await _seats_anew(tx, council) + Replies(answer=Answer(await members_card(tx, council)), undoable=True)


async def members_card(tx: Tx, council: Council) -> Card:
    """The table as it stands."""
    seats = await standing.held_seats(tx, council)
    unseated = [each.name for each in await summing_up.without_seat(tx, seats)]
    numbers = {each.seat.deputy_id for each in seats if each.seat.deputy_id is not None}
    deputies = {number: (await tx.need(Person, number)).name for number in sorted(numbers)}
    return seat_views.members(council, seats, unseated, deputies)


# --- which seat, for whom


async def _meant(event: Asked, tx: Tx) -> Council:
    """Raises: Declined (E-03)."""
    council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    await standing.must_run(tx, event.by.person, council)
    return council


async def _one(tx: Tx, by: By, names: Sequence[str]) -> Person | None:
    if len(names) > 1:
        raise Declined(seat_views.one_at_a_time())
    return await one_person(tx, by, names[0]) if names else None


async def _department(tx: Tx, named: str, person: Person | None) -> Department | None:
    """The department named, else the one somebody heads or belongs to. Raises: Declined (E-04)."""
    every = await departments(tx)
    if named:
        wanted = " ".join(named.casefold().split())
        found = next((each for each in every if each.name.casefold() == wanted), None)
        if found is None:
            raise Declined(seat_views.unknown_department(named, [each.name for each in every]), code="E-04")
        return found
    if person is None:
        return None
    headed = next((each for each in every if each.head_id == person.id), None)
    return headed or next((each for each in every if each.id == person.department_id), None)


def _seat_for(
    seats: Sequence[Held], person: Person | None, department: Department | None, kind: Seat.Kind | None
) -> Held | None:
    """The seat that is filled or changed; None for a new one. Raises: Declined where somebody else has it."""
    if person is not None and (mine := next((each for each in seats if each.person is person), None)):
        _must_stay(mine, department, kind)
        return mine
    if kind is Seat.Kind.CUSTOMER:
        theirs = summing_up.customers(seats)
    elif department is not None:
        theirs = next((each for each in seats if each.department is department), None)
    else:
        return None
    if theirs is not None and theirs.person is not None:
        words = seat_views.seat_taken if person is not None else seat_views.seat_is_held
        raise Declined(words(theirs.name, theirs.person.name), code="E-05")
    return theirs


def _must_stay(mine: Held, department: Department | None, kind: Seat.Kind | None) -> None:
    """Raises: Declined where a seat would be taken from its department, or from the customer, along with a person."""
    was_customers = mine.seat.kind is Seat.Kind.CUSTOMER
    is_other_part = kind is not None and was_customers is not (kind is Seat.Kind.CUSTOMER)
    had = mine.department
    is_elsewhere = department is not None and (was_customers or (had is not None and had.id != department.id))
    if mine.person is not None and (is_other_part or is_elsewhere):
        raise Declined(seat_views.has_another(mine.person.name, mine.name), code="E-05")


def _new_seat(tx: Tx, council: Council, number: int, now: datetime) -> Seat:
    if number >= SEATS_MAX:
        raise Declined(seat_views.too_many(SEATS_MAX))
    seat = Seat(council_id=council.id, from_on=_today(council, now))
    tx.add(seat)
    return seat


def _today(council: Council, now: datetime) -> date:
    return today_in(ZoneInfo(council.zone), now)


async def _decides(tx: Tx, person: Person | None, words: str, quoted: Sequence[str]) -> bool:
    """Whether who sits there may decide: said so, or they head a department or are an executive."""
    said = {words.casefold(), *(each.casefold() for each in quoted)}
    if reading.CAN_DECIDE & said or person is None:
        return True
    if any(each.head_id == person.id for each in await departments(tx)):
        return True
    return not {Role.Kind.EXECUTIVE, Role.Kind.SPONSOR}.isdisjoint(await roles_of(tx, person))


async def _set_deputy(tx: Tx, by: By, seat: Seat, name: str, *, can_decide: bool) -> Person:
    person = await one_person(tx, by, name)
    if person.id == seat.person_id:
        raise Declined(seat_views.not_oneself())
    seat.deputy_id, seat.deputy_can_decide = person.id, can_decide
    return person


def _is_meant(held: Held, person: Person | None, department: Department | None) -> bool:
    if person is not None:
        return held.seat.person_id == person.id
    return department is not None and held.department is department


async def _held(tx: Tx, seat: Seat) -> Held:
    person = None if seat.person_id is None else await tx.get(Person, seat.person_id)
    department = None if seat.department_id is None else await tx.get(Department, seat.department_id)
    return Held(seat, person, department)


# --- a seat becomes vacant


async def vacate(tx: Tx, council: Council, seat: Seat, *, reason: str, now: datetime, ends: bool = False) -> None:
    """Nobody holds the seat from now on; at a meeting that is on they are gone, and what they did before stays.

    A seat on which somebody sat at that meeting is kept as it was: an empty one takes its place.
    """
    every = await coming(tx, council.id)
    if not ends and await _is_sat_on(tx, council, seat, every):
        new = {"council_id": council.id, "kind": seat.kind, "department_id": seat.department_id, "note": reason}
        tx.add(Seat.model_validate(new | {"can_decide": seat.can_decide, "from_on": _today(council, now)}))
        ends = True
    if ends:
        seat.to_on = date.fromordinal(_today(council, now).toordinal() - 1)
    for meeting in every:
        said = await said_of_seat(tx, meeting.id, seat.id)
        if said is None:
            continue
        if standing.is_running(Around(meeting, council)):
            for each in await presences(tx, meeting.id):
                if each.attendance_id == said.id and each.to_at is None:
                    await standing.gets_up(tx, council, each, now)
        elif ends:
            await tx.session.delete(said)
        else:
            said.person_id, said.rsvp, said.rsvp_at = None, Attendance.Rsvp.NONE, None
            said.reason, said.deputy_id, said.deputy_can_decide = "", None, False
    seat.person_id, seat.deputy_id, seat.deputy_can_decide, seat.note = None, None, False, reason
    await tx.flush()


async def _is_sat_on(tx: Tx, council: Council, seat: Seat, every: Sequence[CouncilMeeting]) -> bool:
    """Whether somebody sat on a seat at the meeting that is on."""
    for meeting in every:
        said = await said_of_seat(tx, meeting.id, seat.id) if standing.is_running(Around(meeting, council)) else None
        if said is not None and any(each.attendance_id == said.id for each in await presences(tx, meeting.id)):
            return True
    return False


async def _sits_anew(tx: Tx, council: Council, seat: Seat, now: datetime) -> None:
    """What a seat may do changes: at a meeting that is on, who sits there has done what they did on the seat it was."""
    for meeting in await coming(tx, council.id):
        said = await said_of_seat(tx, meeting.id, seat.id)
        if said is None or not standing.is_running(Around(meeting, council)):
            continue
        for each in await presences(tx, meeting.id):
            if each.attendance_id == said.id and each.to_at is None:
                await standing.gets_up(tx, council, each, now)
                tx.add(Presence(**each.model_dump(include={"meeting_id", "attendance_id", "person_id"}), from_at=now))


async def left(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody has left the organisation: their seats are vacant, and they sit in for nobody. Source: domain.md 3.5."""
    if person.active:
        return
    for council in await councils(tx):
        today = _today(council, now)
        for seat in await seats_of(tx, person.id, today):
            if seat.council_id == council.id:
                await vacate(tx, council, seat, reason="", now=now)
        for seat in await standing.all_seats(tx, council, now):
            if seat.deputy_id == person.id:
                seat.deputy_id, seat.deputy_can_decide = None, False


async def vacate_leavers(tx: Tx, council: Council, now: datetime) -> None:
    """The seats of those who are not there any more, whoever noticed it."""
    for held in await standing.held_seats(tx, council):
        if held.person is not None and not held.person.active:
            await vacate(tx, council, held.seat, reason="", now=now)


async def after_undo(tx: Tx, event_id: int) -> Replies:
    """What shows the seats is made anew where an Undo has given one back or taken one away."""
    seats = (Change.event_id == event_id, Change.table == Seat.__tablename__)
    if await tx.first(select(Change).where(*seats)) is None:
        return Replies()
    replies = Replies()
    for council in await councils(tx):
        replies += await _seats_anew(tx, council)
    return replies


async def _seats_anew(tx: Tx, council: Council) -> Replies:
    """Meetings to come expect the seats of today; what shows them is made anew, the running cards too."""
    replies = Replies()
    for meeting in await coming(tx, council.id):
        found = Around(meeting, council)
        if standing.has_called(found):
            await planning.expect_seats(tx, found)
            replies += Replies(refresh=planning.shown(meeting))
        if standing.is_running(found):
            replies += Replies(refresh=telling.running_anew(found))
    return replies


async def _without(tx: Tx, council: Council, person: Person) -> Replies:
    """The council has no secretary, or no chair, from now on; who still runs it hears of that at once."""
    if council.secretary_id == person.id:
        council.secretary_id = None
    if council.chair_id == person.id:
        council.chair_id = None
    for meeting in await coming(tx, council.id):
        left = (None if each == person.id else each for each in (meeting.chair_id, meeting.secretary_id))
        await relieving.now_run_by(tx, Around(meeting, council), *left)
    replies = Replies()
    for meeting in (await coming(tx, council.id))[:1]:
        found = Around(meeting, council)
        people = await standing.run_by(tx, found)
        shows = telling.to_people(
            found, telling.VACANCY, people, mark=f"0:{tx.acting.event_id or 0}", urgent=standing.is_running(found)
        )
        replies += Replies(show=shows)
    return replies
