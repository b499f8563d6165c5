"""`/council actions`, `/council attendance`: what a council's meetings led to, and who came to them."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.actions.rules import is_closed, is_overdue
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.standing import Around
from bot.council.views import CUSTOMER_SEAT
from bot.minutes import log_views, papers, reply_views
from bot.minutes.log_views import Attended, Counts, Logged
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.councils import Council, Seat, departments_of
from storage.decisions import Decision
from storage.lineage import is_internal
from storage.links import End, Thing
from storage.meetings import Attendance, CouncilMeeting, held
from storage.minutes import actions_of_council, all_attendances, people_numbered, seats_numbered
from storage.people import Person
from storage.tx import Tx

ACTIONS_MOST = 40
MEETINGS_MOST = 12
CHOICES = ("open", "overdue", "done")


async def actions(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council actions [open|overdue|done]`: newest first. Raises: Declined (E-03) for who is no member."""
    of = await _of_member(event, tx)
    today, wanted = today_in(ZoneInfo(of.zone), now), event.command.words.casefold()
    every, internal = await _seen(tx, of, event.by.person)
    rows = [(end, action) for end, action in every if _fits(action, wanted, today)]
    people = await people_numbered(tx, {action.owner_id for _, action in rows if action.owner_id is not None})
    logged = [
        Logged(
            action,
            people[action.owner_id].name if action.owner_id in people else "",
            await _whence(tx, end, of),
            is_overdue=is_overdue(action, today),
        )
        for end, action in rows[:ACTIONS_MOST]
    ]
    done = sum(is_closed(action) for _, action in every)
    late = sum(is_overdue(action, today) for _, action in every)
    counts = Counts(len(every), done, late, internal)
    return Replies(answer=Answer(log_views.actions(of.name, logged, len(rows), counts)))


async def _of_member(event: Asked, tx: Tx) -> Council:
    of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    if not await papers.is_member(tx, event.by.person, of):
        raise Declined(reply_views.only_members(of.name), code="E-03")
    return of


def _fits(action: Action, wanted: str, today: date) -> bool:
    match wanted:
        case "open":
            return not is_closed(action)
        case "overdue":
            return is_overdue(action, today)
        case "done":
            return action.state is Action.State.DONE
        case _:
            return True


async def _seen(tx: Tx, of: Council, person: Person) -> tuple[Sequence[tuple[End, Action]], int]:
    """The actions of a council, each once; of what is internal people of other companies see how many they are."""
    rows = [each for each in await actions_of_council(tx, of.id) if each[1].state is not Action.State.CANCELLED]
    hidden: set[int] = set()
    if person.is_external:
        hidden = {action.id for end, action in rows if await is_internal(tx, end)}
    seen = {action.id: (end, action) for end, action in rows if action.id not in hidden}
    return list(seen.values()), len(hidden)


async def _whence(tx: Tx, end: End, of: Council) -> str:
    """`D-21, Thu 3 Dec 2026`: what led to an action."""
    thing, number = end
    if thing is Thing.DECISION:
        decision = await tx.need(Decision, number)
        return log_views.whence(decision.code, await _met_on(tx, decision.meeting_id, of))
    if thing is Thing.AGENDA_ITEM:
        item = await tx.need(AgendaItem, number)
        name = f"{item.section}.{item.seq}" if item.seq else ""
        return log_views.whence(name, await _met_on(tx, item.meeting_id, of))
    return log_views.whence("", await _met_on(tx, number, of))


async def _met_on(tx: Tx, meeting_id: int | None, of: Council) -> date | None:
    meeting = None if meeting_id is None else await tx.get(CouncilMeeting, meeting_id)
    return None if meeting is None else Around(meeting, of).meets_on


async def attendance(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council attendance`: how often each seat was taken. Raises: Declined (E-03) for who is no member."""
    of = await _of_member(event, tx)
    meetings = await held(tx, of.id, most=MEETINGS_MOST)
    rows = await all_attendances(tx, [each.id for each in meetings])
    seats = {each.id: each for each in await seats_numbered(tx, {each.seat_id for each in rows})}
    departments = {each.id: each.name for each in await departments_of(tx, list(seats.values()))}
    people = await people_numbered(tx, {each.person_id for each in rows if each.person_id is not None})
    order = {number: place for place, number in enumerate(departments)}
    attended = []
    for seat in sorted(seats.values(), key=lambda each: (order.get(each.department_id or 0, len(order)), each.id)):
        mine = [each for each in rows if each.seat_id == seat.id and each.person_id is not None]
        if mine:
            attended.append(_attended(seat, mine, departments, people))
    days = [Around(each, of).meets_on for each in meetings]
    return Replies(answer=Answer(log_views.attendance(of.name, days, attended)))


def _attended(
    seat: Seat, mine: Sequence[Attendance], departments: dict[int, str], people: dict[int, Person]
) -> Attended:
    holder = people.get(mine[-1].person_id or 0)
    name = departments.get(seat.department_id or 0, "")
    if not name:
        name = CUSTOMER_SEAT if seat.kind is Seat.Kind.CUSTOMER else ""
    in_person = sum(each.status is Attendance.Status.PRESENT for each in mine)
    by_deputy = sum(each.status is Attendance.Status.DEPUTY for each in mine)
    sorry = sum(each.status is Attendance.Status.APOLOGIES for each in mine)
    return Attended(name, holder.name if holder else "", in_person, by_deputy, sorry, len(mine))
