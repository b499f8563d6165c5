"""How a meeting faces one person: their seat, what they said, their department's report, and how many come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.council import dates, rules, standing
from bot.council.call_views import Draft, Seated
from bot.council.rules import Held
from bot.council.standing import Around
from bot.people.rules import first_name
from storage.agenda import OPEN, AgendaItem, DepartmentReport, items_of, reports_of
from storage.councils import departments_numbered
from storage.meetings import Attendance
from storage.people import Person
from storage.tx import Tx

Rsvp = Attendance.Rsvp
IN = frozenset({DepartmentReport.State.RECEIVED, DepartmentReport.State.LATE})


@dataclass(frozen=True, slots=True)
class Answers:
    """Who said what of a meeting; only seats that somebody holds."""

    coming: Sequence[Held]
    away: Sequence[Held]
    silent: Sequence[Held]


async def answers(tx: Tx, found: Around) -> Answers:
    """What the seats have said so far. A deputy counts as coming."""
    said = await standing.said_by_seat(tx, found)
    by_rsvp: dict[Rsvp, list[Held]] = {each: [] for each in Rsvp}
    for held in await standing.held_seats(tx, found.council):
        if held.person is not None:
            row = said.get(held.seat.id)
            by_rsvp[Rsvp.NONE if row is None else row.rsvp].append(held)
    return Answers([*by_rsvp[Rsvp.YES], *by_rsvp[Rsvp.DEPUTY]], by_rsvp[Rsvp.NO], by_rsvp[Rsvp.NONE])


async def seated(tx: Tx, found: Around, person: Person | None) -> Seated:
    """A meeting as one person with a seat sees it; without a person, or a seat, nobody's answer."""
    seats = await standing.held_seats(tx, found.council)
    said = await standing.said_by_seat(tx, found)
    mine = next((each for each in seats if person is not None and each.seat.person_id == person.id), None)
    row = None if mine is None else said.get(mine.seat.id)
    deputy = None if row is None or row.deputy_id is None else await tx.get(Person, row.deputy_id)
    department = None if mine is None else mine.department
    report = next(
        (
            each
            for each in await reports_of(tx, found.meeting.id)
            if department is not None and each.department_id == department.id
        ),
        None,
    )
    told = await answers(tx, found)
    return Seated(
        found.meeting,
        found.council,
        rules.forecast(found.council, [each.seat for each in seats], said),
        rsvp=Rsvp.NONE if row is None else row.rsvp,
        deputy="" if deputy is None else first_name(deputy),
        has_seat=mine is not None,
        department="" if department is None else department.name,
        report=report,
        report_until=standing.steps_of(found.meeting).get(dates.CLOSE_ITEMS),
        yes=len(told.coming),
        no=len(told.away),
        open=len(told.silent),
    )


async def draft(tx: Tx, found: Around, person: Person | None) -> Draft:
    """A meeting whose items have been closed, for who runs it."""
    items = [each for each in await items_of(tx, found.meeting.id, OPEN) if each.kind is AgendaItem.Kind.ITEM]
    reports = await reports_of(tx, found.meeting.id)
    gone = {each.department_id for each in reports if each.state not in IN}
    return Draft(
        found.meeting,
        found.council,
        items=len(items),
        minutes=sum(each.minutes for each in items),
        received=len(reports) - len(gone),
        asked=len(reports),
        missing=[each.name for each in await departments_numbered(tx, gone)],
        publishes_at=publishes_at(found),
        is_chair=person is not None and person.id == found.chair_id,
    )


def publishes_at(found: Around) -> datetime | None:
    """When the agenda comes out by itself."""
    return standing.steps_of(found.meeting).get(dates.PUBLISH)
