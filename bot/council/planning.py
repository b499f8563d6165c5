"""Meetings are planned ahead, with every step around them; a meeting that is moved takes its steps along."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.localtime import instant, today_in
from bot.chat.replies import NOTHING, Plan, Refresh, Replies
from bot.council import dates
from bot.council.rules import State
from bot.council.standing import Around, all_seats
from storage.agenda import SECTIONS, AgendaSection, DepartmentReport, reports_of, sections_of
from storage.councils import Council
from storage.meetings import Attendance, CouncilMeeting, attendances, coming, meeting_at, next_meeting, presences
from storage.tx import Tx

Report = DepartmentReport.State
CUSTOMERS_SECTIONS = frozenset({2, 6})  # whose time counts as the customer's; Source: domain.md 4.10
VIEWS = (
    "council.call",
    "council.reminder",
    "council.draft",
    "council.eve",
    "council.soon",
    "agenda.paper",
    "meeting.room",
)
"""What shows a meeting, wherever it stands."""


def ids(meeting: CouncilMeeting) -> dict[str, int]:
    """What a meeting's messages are about."""
    return {"meeting": meeting.id}


def shown(meeting: CouncilMeeting, *which: str) -> tuple[Refresh, ...]:
    """What shows a meeting, to be made anew; without `which` all of it."""
    return tuple(Refresh(view, ids(meeting)) for view in which or VIEWS)


async def plan_ahead(tx: Tx, council: Council, now: datetime) -> Replies:
    """Sees to it that the next meetings of a council's rhythm are planned, each once, with their steps.

    A day that was called off or moved is not planned again.
    """
    if council.state is not Council.State.HELD:
        return NOTHING
    zone = ZoneInfo(council.zone)
    today = today_in(zone, now)
    ahead = [each for each in await coming(tx, council.id) if each.kind is CouncilMeeting.Kind.REGULAR]
    replies = NOTHING
    for on in dates.meeting_days(council.rule, council.starts_on, _day_before(max(today, council.starts_on)), 12):
        if len(ahead) >= dates.AHEAD:
            break
        slot = datetime.combine(on, council.at_time)
        if instant(on, council.at_time, zone) <= now or await meeting_at(tx, council.id, slot) is not None:
            continue
        planned = await plan_meeting(tx, council, slot, now)
        ahead.append(planned[0])
        replies += Replies(plan=planned[1])
    return replies


def _day_before(on: date) -> date:
    return date.fromordinal(on.toordinal() - 1)


async def plan_meeting(
    tx: Tx, council: Council, slot: datetime, now: datetime, *, kind: CouncilMeeting.Kind = CouncilMeeting.Kind.REGULAR
) -> tuple[CouncilMeeting, tuple[Plan, ...]]:
    """A new meeting at a local time, with its nine sections, and the steps around it."""
    meeting = CouncilMeeting(
        council_id=council.id,
        kind=kind,
        slot=slot,
        starts_at=instant(slot.date(), slot.time(), ZoneInfo(council.zone)),
        length_min=council.length_min,
        where=council.where,
        link=council.link,
    )
    tx.add(meeting)
    await tx.flush()
    if not await sections_of(tx, meeting.id):
        tx.add(
            *(
                AgendaSection(meeting_id=meeting.id, section=each, is_customers=each in CUSTOMERS_SECTIONS)
                for each in SECTIONS
            )
        )
    plans = _with_steps(Around(meeting, council), now)
    await tx.flush()
    return meeting, plans


def _with_steps(found: Around, now: datetime) -> tuple[Plan, ...]:
    """Sets when the steps before a meeting fall due, and plans those that are still to come."""
    meeting, council = found.meeting, found.council
    every = dates.steps_before(meeting.starts_at, meeting.length_min, found.zone, council.calendar)
    steps = dict(dates.hurried(every, meeting.starts_at, now))
    if meeting.kind is CouncilMeeting.Kind.SPECIAL:  # whoever called it chose the day
        steps.pop(dates.HOLIDAY, None)
    return set_steps(meeting, steps, now)


def set_steps(meeting: CouncilMeeting, steps: Mapping[str, datetime], now: datetime) -> tuple[Plan, ...]:
    """Keeps when some steps fall due beside those that are known, and plans the ones that are not over."""
    meeting.steps = meeting.steps | {kind: at.isoformat() for kind, at in steps.items()}
    return tuple(
        Plan(f"council:{meeting.id}:{kind}:{at.isoformat()}", kind, meeting.id, at)
        for kind, at in steps.items()
        if at >= now
    )


async def moved(
    tx: Tx, found: Around, starts_at: datetime, now: datetime, *, by_rhythm: bool = False
) -> tuple[Plan, ...]:
    """A meeting has another start: its steps follow. Seats are asked anew where there is time to call it anew.

    Who moves it to a day off themselves is not asked about that day; a rhythm that does is.
    """
    meeting = found.meeting
    meeting.starts_at = starts_at
    every = dates.steps_before(starts_at, meeting.length_min, found.zone, found.council.calendar)
    steps = dict(dates.hurried(every, starts_at, now))
    if not by_rhythm:
        steps.pop(dates.HOLIDAY, None)
    is_called_anew = every[dates.CALL] >= now or meeting.state is State.PLANNED
    if not is_called_anew:
        steps.pop(dates.CALL)
    meeting.state = State.PLANNED if is_called_anew else State.CALLING
    meeting.items_closed = False
    meeting.steps = {}
    for each in await attendances(tx, meeting.id):
        each.rsvp, each.rsvp_at, each.reason, each.deputy_id = Attendance.Rsvp.NONE, None, "", None
    for report in await reports_of(tx, meeting.id):
        if report.state is Report.MISSING:  # reports close anew
            report.state = Report.ASKED if report.author_id is None else Report.DRAFT
    plans = set_steps(meeting, steps, now)
    await tx.flush()
    return plans


async def steps_of_minutes(tx: Tx, found: Around, now: datetime) -> tuple[Plan, ...]:
    """The steps that follow a meeting that is over."""
    following = await next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    next_at = None if following is None else following.starts_at
    held_at = found.meeting.starts_at if found.meeting.recorded_at is None else now
    steps = dates.steps_after(held_at, found.zone, found.council.calendar, next_at)
    plans = set_steps(found.meeting, steps, now)
    await tx.flush()
    return plans


async def expect_seats(tx: Tx, found: Around) -> dict[int, Attendance]:
    """Every seat of today has its row at a meeting that is not over; what they say of it, under the seats' numbers."""
    known = {each.seat_id: each for each in await attendances(tx, found.meeting.id)}
    sat_on = {each.attendance_id for each in await presences(tx, found.meeting.id)}
    for seat in await all_seats(tx, found.council):
        row = known.get(seat.id)
        if row is None:
            row = Attendance(meeting_id=found.meeting.id, seat_id=seat.id, person_id=seat.person_id)
            tx.add(row)
            known[seat.id] = row
        elif row.person_id != seat.person_id and row.rsvp is Attendance.Rsvp.NONE and row.id not in sat_on:
            row.person_id = seat.person_id
    await tx.flush()
    return known
