"""The steps before a meeting: a day off is asked about, seats are called and reminded, items close, the eve, the start.

Source: domain.md 3.4 (P-20 to P-26), 3.5.
"""

from collections.abc import Sequence
from datetime import date, datetime

from bot.chat.events import Due
from bot.chat.localtime import today_in
from bot.chat.replies import Replies
from bot.council import call_views, dates, planning, reports, seating, standing, telling
from bot.council.rules import State
from bot.council.standing import Around
from bot.people.rules import is_office_day
from storage import audit
from storage.agenda import DepartmentReport, reports_of
from storage.links import Thing
from storage.meetings import RUNNING, TO_COME, Attendance
from storage.people import Person, admins
from storage.tx import Tx

NOT_NOW = Replies(skipped=True)
_OPEN = frozenset({State.PLANNED, State.CALLING, State.PUBLISHED})
"""In which items may still be open when they are closed."""
Report = DepartmentReport.State


async def holiday(event: Due, tx: Tx, now: datetime) -> Replies:
    """Two weeks before a meeting on a day off its chair is asked what to do."""
    found = await standing.due(event, tx)
    if found is None or found.meeting.state not in TO_COME or now >= found.meeting.starts_at:
        return NOT_NOW
    if is_office_day(found.meets_on, found.council.calendar):
        return NOT_NOW
    people = await _first(tx, found)
    shows = telling.to_people(found, telling.HOLIDAY, people, not_after=found.meeting.starts_at)
    return Replies(show=shows, outcome=call_views.HOLIDAY_ASKED)


def proposed_instead(found: Around) -> date:
    """The day that is proposed for a meeting that falls on a day off."""
    return dates.instead_of(found.meets_on, found.council.calendar)


async def _first(tx: Tx, found: Around) -> Sequence[Person]:
    """The chair; where there is none, whoever runs it."""
    people = await standing.run_by(tx, found)
    return [each for each in people if each.id == found.chair_id] or people


async def call(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-20: every seat is asked what to talk about and whether they come, each department for its report."""
    found = await standing.due(event, tx)
    if found is None or now >= found.meeting.starts_at or found.meeting.state not in {State.PLANNED, State.PUBLISHED}:
        return NOT_NOW
    if found.meeting.state is State.PLANNED:  # an agenda that came out before stays out
        _step(tx, found, "call", State.CALLING)
    await seating.vacate_leavers(tx, found.council, now)
    await planning.expect_seats(tx, found)
    await reports.ask(tx, found)
    people = await telling.holders(tx, found)
    shows = telling.to_people(found, telling.CALL, people, not_after=found.meeting.starts_at)
    if not await standing.run_by(tx, found):
        shows += telling.to_people(found, telling.VACANCY, await admins(tx), mark="call")
    ahead = await planning.plan_ahead(tx, found.council, now)
    outcome = call_views.called(len(people), late=event.late)
    return Replies(plan=ahead.plan, show=shows, outcome=outcome)


def _step(tx: Tx, found: Around, verb: str, state: State) -> None:
    before, found.meeting.state = found.meeting.state, state
    audit.note(tx, (Thing.MEETING, found.meeting.id), verb, before=before.value, after=state.value)


async def remind(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-21: only those who have not said whether they come, or whose report is missing or still a draft."""
    found = await standing.due(event, tx)
    closes_at = None if found is None else standing.steps_of(found.meeting).get(dates.CLOSE_ITEMS)
    if found is None or closes_at is None or event.missed or now >= closes_at:
        return NOT_NOW
    if found.meeting.state not in {State.CALLING, State.PUBLISHED} or found.meeting.items_closed:
        return NOT_NOW
    people = await owing(tx, found)
    shows = telling.to_people(found, telling.REMINDER, people, not_after=closes_at)
    return Replies(show=shows, outcome=call_views.reminded(len(people)))


async def owing(tx: Tx, found: Around) -> list[Person]:
    """Who holds a seat and has something open: their answer, or their department's report."""
    said = await standing.said_by_seat(tx, found)
    owed = {each.department_id for each in await reports_of(tx, found.meeting.id) if each.state in reports.OPEN}
    people: dict[int, Person] = {}
    for held in await standing.held_seats(tx, found.council):
        answer = said.get(held.seat.id)
        is_silent = answer is None or answer.rsvp is Attendance.Rsvp.NONE
        owes = held.department is not None and held.department.id in owed
        if held.person is not None and held.person.active and (is_silent or owes):
            people.setdefault(held.person.id, held.person)
    return list(people.values())


async def close_items(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-22: items are late from now on, reports that did not come are missing; the draft goes to who runs it."""
    found = await standing.due(event, tx)
    if found is None or now >= found.meeting.starts_at or found.meeting.state not in _OPEN:
        return NOT_NOW
    is_out = found.meeting.state is State.PUBLISHED  # early, by the chair
    if not is_out:
        _step(tx, found, "draft", State.DRAFTED)
    found.meeting.items_closed = True
    await planning.expect_seats(tx, found)
    for each in await reports_of(tx, found.meeting.id):
        if each.state in reports.OPEN:
            each.state = Report.MISSING
    await tx.flush()
    shows = () if is_out else telling.to_people(found, telling.DRAFT, await standing.run_by(tx, found))
    refresh = planning.shown(found.meeting, telling.CALL, telling.REMINDER, "agenda.paper")
    return Replies(show=shows, refresh=refresh, outcome=call_views.ITEMS_CLOSED)


async def remind_chair(event: Due, tx: Tx, now: datetime) -> Replies:
    """At 15:30, where nobody has published: the chair is told what happens by itself at 16:00."""
    found = await standing.due(event, tx)
    publishes_at = None if found is None else standing.steps_of(found.meeting).get(dates.PUBLISH)
    if found is None or publishes_at is None or event.missed or now >= publishes_at:
        return NOT_NOW
    if found.meeting.state is not State.DRAFTED:
        return NOT_NOW
    shows = telling.to_people(found, telling.DRAFT_REMINDER, await _first(tx, found), not_after=publishes_at)
    return Replies(show=shows, outcome=call_views.CHAIR_REMINDED)


async def eve(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-24: the day before; where no quorum is to be expected, the chair is asked what to do."""
    found = await standing.due(event, tx)
    if found is None or event.missed or now >= found.meeting.starts_at or not standing.has_called(found):
        return NOT_NOW
    if found.meeting.state in RUNNING:
        return NOT_NOW
    await seating.vacate_leavers(tx, found.council, now)
    await planning.expect_seats(tx, found)
    people = await telling.holders(tx, found)
    shows = telling.to_people(found, telling.EVE, people, not_after=found.meeting.starts_at)
    quorum = await standing.quorum_ahead(tx, found)
    if not quorum.is_met:
        shows += telling.to_people(found, telling.QUORUM, await _first(tx, found), not_after=found.meeting.starts_at)
    return Replies(show=shows, outcome=call_views.eve_sent(len(people)))


async def soon(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-26: 75 minutes before, with the link, to those who may come and to the rooms."""
    found = await standing.due(event, tx)
    if found is None or event.missed or now >= found.meeting.starts_at or found.meeting.state not in TO_COME:
        return NOT_NOW
    people = await telling.expected(tx, found)
    starts_at = found.meeting.starts_at
    shows = telling.to_people(found, telling.SOON, people, not_after=starts_at)
    mark = telling.at_its_time(found)
    shows += await telling.to_rooms(tx, found, telling.SOON, mark=mark, not_after=starts_at)
    return Replies(show=shows, outcome=call_views.soon_sent(len(people)))


async def start(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-26: at its time the rooms have the card of the meeting, with **I'm here**."""
    found = await standing.due(event, tx)
    if found is None or event.missed or now >= found.meeting.ends_at:
        return NOT_NOW
    if found.meeting.state not in {*TO_COME, *RUNNING}:
        return NOT_NOW
    await planning.expect_seats(tx, found)
    shows = await telling.to_rooms(tx, found, telling.ROOM)
    on = today_in(found.zone, now)
    return Replies(show=shows, refresh=telling.running_anew(found), outcome=call_views.start_card(on))
