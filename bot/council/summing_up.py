"""What a council's cards say of it, gathered from rows: its set-up, its seats, its departments without a seat."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.council import dates, standing, views
from bot.council.rules import Held, quorum_needed, voting
from bot.council.seat_views import Coverage
from bot.council.setup_views import Dated, SetUp
from storage.councils import Council, CouncilRoom, Seat, rooms
from storage.meetings import RUNNING, CouncilMeeting, coming, next_meeting
from storage.people import Department, Person, departments
from storage.tx import Tx


async def set_up(tx: Tx, council: Council, now: datetime, *, moved: Mapping[int, datetime] | None = None) -> SetUp:
    """A council's card: who runs it, its next meetings and what is still missing."""
    seats = await standing.held_seats(tx, council)
    unseated = await without_seat(tx, seats)
    meetings = [each for each in await coming(tx, council.id, most=dates.AHEAD + 2) if each.ends_at > now]
    return SetUp(
        council,
        chair=await _name(tx, council.chair_id),
        secretary=await _name(tx, council.secretary_id),
        sponsor=await _name(tx, council.sponsor_id),
        coming=[dated(each, moved or {}) for each in meetings],
        rooms=[each.name for each in await rooms(tx, council.id, CouncilRoom.Purpose.COUNCIL)],
        vacant=vacant(seats),
        unseated=[each.name for each in unseated],
        can_seat=len([each for each in unseated if each.head_id is not None]),
        seats=len(seats),
        voting=len(voting([each.seat for each in seats], council)),
        fixed=await _fixed(tx, council),
    )


def dated(meeting: CouncilMeeting, moved: Mapping[int, datetime]) -> Dated:
    """A meeting with its steps, and where it was where it has just moved."""
    return Dated(meeting, standing.steps_of(meeting), moved.get(meeting.id))


async def without_seat(tx: Tx, seats: Sequence[Held]) -> Sequence[Department]:
    """The departments on the customer's journey that have no seat, not even a vacant one."""
    seated = {each.department.id for each in seats if each.department is not None}
    return [each for each in await departments(tx) if each.seq and each.id not in seated]


async def coverage(tx: Tx, council: Council) -> Sequence[Coverage]:
    """Every department in the order of the journey, with its seat. Source: domain.md S2-09."""
    seats = await standing.held_seats(tx, council)
    by_department = {each.department.id: each for each in reversed(seats) if each.department is not None}
    return [Coverage(each, by_department.get(each.id)) for each in await departments(tx) if each.seq]


def vacant(seats: Sequence[Held]) -> list[str]:
    """What the vacant seats are called."""
    return [each.name or views.KINDS[each.seat.kind] for each in seats if each.person is None]


def customers(seats: Sequence[Held]) -> Held | None:
    """The customer's seat, where there is one: one that somebody holds before a vacant one."""
    found = [each for each in seats if each.seat.kind is Seat.Kind.CUSTOMER]
    return next((each for each in found if each.person is not None), next(iter(found), None))


async def _fixed(tx: Tx, council: Council) -> int | None:
    """The quorum of a meeting that is on, where another one holds from the next meeting on."""
    meeting = await next_meeting(tx, council.id)
    if meeting is None or meeting.state not in RUNNING:
        return None
    seats = await standing.all_seats(tx, council)
    needed = quorum_needed(len(voting(seats, council)), council)
    return meeting.quorum_needed if meeting.quorum_needed != needed else None


async def _name(tx: Tx, number: int | None) -> str:
    person = None if number is None else await tx.get(Person, number)
    return person.name if person is not None and person.active else ""
