"""What departments report to a meeting: asked, drafted, received, late, missing; changed until it begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.council import dates, planning, report_views, rules, standing, telling
from bot.council.report_views import About
from bot.council.rules import Held
from bot.council.standing import Around
from bot.guide.views import old_button
from bot.measures import agenda as figures
from bot.measures import judging
from bot.measures import views as measure_views
from bot.measures.judging import Headline
from bot.work.rules import Part
from storage.actions import open_in_department
from storage.agenda import AgendaItem, DepartmentReport, items_of, report_of, reports_of
from storage.councils import departments_numbered, departments_of
from storage.meetings import hold
from storage.people import Department, Person, departments, zone_of
from storage.tx import Tx

State = DepartmentReport.State
OPEN = frozenset({State.ASKED, State.DRAFT})
IN = frozenset({State.RECEIVED, State.LATE})
ACTIONS_MOST = 20  # that are looked at; a form tells the first few


@dataclass(frozen=True, slots=True)
class Mine:
    """A report with the meeting it is for, and who writes it."""

    found: Around
    row: DepartmentReport
    writer: Person


async def ask(tx: Tx, found: Around) -> None:
    """A report of each department that somebody sits for."""
    seats = [each.seat for each in await standing.held_seats(tx, found.council) if each.person is not None]
    known = {each.department_id for each in await reports_of(tx, found.meeting.id)}
    for department in await departments_of(tx, seats):
        if department.id not in known:
            tx.add(DepartmentReport(meeting_id=found.meeting.id, department_id=department.id))
    await tx.flush()


async def missing(tx: Tx, found: Around) -> Sequence[Department]:
    """The departments whose report was asked for and did not come, in the order of the journey."""
    rows = await reports_of(tx, found.meeting.id)
    return await departments_numbered(tx, {each.department_id for each in rows if each.state not in IN})


async def received(tx: Tx, found: Around) -> Sequence[tuple[DepartmentReport, Department]]:
    """The reports that came, late ones too, in the order of the journey."""
    rows = {each.department_id: each for each in await reports_of(tx, found.meeting.id) if each.state in IN}
    return [(rows[each.id], each) for each in await departments_numbered(tx, rows.keys())]


# --- typed, pressed, sent


async def report(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda report [dept:]`: the form; with words, as in an answer to a mail, they are what changed."""
    by, command = event.by, event.command
    council = await standing.council_meant(tx, by, command.keys.get("council", ""))
    found = await standing.next_for(tx, council, None)
    department = await _department(tx, by.person, found, command.keys.get("dept", ""))
    await _must_write(tx, by.person, found, department)
    row = await _row(tx, found, department)
    _must_be_open(found)
    mine = Mine(found, row, by.person)
    if command.title:
        values = _values(row) | {report_views.CHANGED: command.title, report_views.SEND: report_views.NOW}
        return await _stored(tx, mine, values, now)
    return Replies(answer=Answer(await _form(tx, mine, {}, now)))


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Open report**, **Change it**."""
    return Replies(answer=Answer(await _form(tx, await _of_ids(tx, event), {}, now)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    mine = await _of_ids(tx, event)
    errors = _errors(event.values)
    if errors:
        form = await _form(tx, mine, event.values, now)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    return await _stored(tx, mine, event.values, now)


async def _of_ids(tx: Tx, event: Pressed | Submitted) -> Mine:
    row = await tx.get(DepartmentReport, event.number("report"))
    found = None if row is None else await standing.around(tx, row.meeting_id)
    if row is None or found is None:
        raise Declined(old_button())
    department = await tx.need(Department, row.department_id)
    await _must_write(tx, event.by.person, found, department)
    _must_be_open(found)
    return Mine(found, row, event.by.person)


def _errors(values: Mapping[str, str]) -> dict[str, str]:
    if values.get(report_views.SEND) == report_views.KEEP:
        return {}
    texts = (report_views.CHANGED, report_views.COMING, report_views.HELP, report_views.OFFER)
    if not any(values.get(each, "").strip() for each in texts):
        return {report_views.CHANGED: report_views.NEEDS_SOMETHING}
    if values.get(report_views.FROM, "").strip() and not values.get(report_views.HELP, "").strip():
        return {report_views.HELP: report_views.NEEDS_HELP}
    return {}


def _values(row: DepartmentReport) -> dict[str, str]:
    return {
        report_views.CHANGED: row.changed,
        report_views.COMING: row.coming,
        report_views.HELP: row.help_wanted,
        report_views.FROM: "" if row.help_from_id is None else str(row.help_from_id),
        report_views.OFFER: row.offer,
    }


async def _stored(tx: Tx, mine: Mine, values: Mapping[str, str], now: datetime) -> Replies:
    found, row = mine.found, mine.row
    await hold(tx, found.meeting)
    department = await tx.need(Department, row.department_id)
    _must_be_open(found)

    def said(name: str) -> str:
        return values.get(name, "").strip()[: report_views.TEXT_MAX]

    row.changed, row.coming = said(report_views.CHANGED), said(report_views.COMING)
    row.help_wanted, row.offer = said(report_views.HELP), said(report_views.OFFER)
    helper = await _helper(tx, said(report_views.FROM), department)
    row.help_from_id = None if helper is None else helper.id
    row.author_id = mine.writer.id
    known = await figures_of(tx, department, today_in(found.zone, now))
    row.measures = [_as_kept(each) for each in known]
    _advance(found, row, is_kept=values.get(report_views.SEND) == report_views.KEEP, now=now)
    await tx.flush()
    about = await _about(tx, mine, known, now)
    card = report_views.stored(about, helper.name if helper else "", zone_of(mine.writer))
    return Replies(answer=Answer(card, settles=True), refresh=_anew(found))


def _advance(found: Around, row: DepartmentReport, *, is_kept: bool, now: datetime) -> None:
    """A draft stays one until it is sent; what comes after the items closed is late, once."""
    if is_kept:
        row.state = State.DRAFT if row.state in OPEN else row.state
        return
    if row.state not in IN:
        row.state, row.received_at = (State.LATE if found.meeting.items_closed else State.RECEIVED), now


def _anew(found: Around) -> tuple[Refresh, ...]:
    views = (telling.CALL, telling.REMINDER, telling.DRAFT, telling.DRAFT_REMINDER)
    return planning.shown(found.meeting, *views)


async def _helper(tx: Tx, number: str, own: Department) -> Department | None:
    found = await tx.get(Department, int(number)) if number.isascii() and number.isdigit() else None
    return None if found is None or found.id == own.id else found


# --- which department, and may they


async def _department(tx: Tx, person: Person, found: Around, named: str) -> Department:
    """The department named, else the one somebody has a seat for, heads, or belongs to. Raises: Declined."""
    every = await departments(tx)
    if named:
        wanted = " ".join(named.casefold().split())
        known = next((each for each in every if each.name.casefold() == wanted), None)
        if known is None:
            raise Declined(report_views.unknown_department(named, [each.name for each in every]), code="E-04")
        return known
    seats = await standing.held_seats(tx, found.council)
    mine = next((each.department for each in seats if each.person is person and each.department is not None), None)
    headed = next((each for each in every if each.head_id == person.id), None)
    belongs = next((each for each in every if each.id == person.department_id), None)
    department = mine or headed or belongs
    if department is None:
        raise Declined(report_views.no_department())
    return department


async def _must_write(tx: Tx, person: Person, found: Around, department: Department) -> None:
    """Raises: Declined (E-03) for who is not of the department, nor keeps the record."""
    if person.id == department.head_id or (person.department_id == department.id):
        return
    seats = await standing.held_seats(tx, found.council)
    if any(_sits_for(each, person, department) for each in seats):
        return
    if Part.SECRETARY not in await standing.parts_of(tx, person, found):
        raise Declined(report_views.not_theirs(department.name), code="E-03")


def _sits_for(held: Held, person: Person, department: Department) -> bool:
    return held.department is department and person.id in {held.seat.person_id, held.seat.deputy_id}


def _must_be_open(found: Around) -> None:
    """Raises: Declined (E-05) once the meeting has begun, or was called off."""
    if standing.has_begun(found) or found.meeting.state is rules.State.CANCELLED:
        raise Declined(report_views.has_begun(found.council.name), code="E-05")


async def _row(tx: Tx, found: Around, department: Department) -> DepartmentReport:
    known = await report_of(tx, found.meeting.id, department.id)
    if known is not None:
        return known
    row = DepartmentReport(meeting_id=found.meeting.id, department_id=department.id)
    tx.add(row)
    await tx.flush()
    return row


# --- what is known beforehand


async def figures_of(tx: Tx, department: Department, today: date) -> Sequence[Headline]:
    """The newest figures of a department's measures."""
    return (await figures.department_figures(tx, today)).get(department.id, ())


def _as_kept(figure: Headline) -> dict[str, str]:
    """A figure as it stands when the report is sent: later readings do not change what was reported."""
    return {
        "name": figure.measure.name,
        "value": measure_views.value(figure),
        "change": judging.moved(figure),
        "colour": figure.colour.value if figure.colour else "",
    }


async def _about(tx: Tx, mine: Mine, known: Sequence[Headline], now: datetime) -> About:
    found, row = mine.found, mine.row
    steps = standing.steps_of(found.meeting)
    closes_at = steps.get(dates.CLOSE_ITEMS)
    return About(
        row,
        await tx.need(Department, row.department_id),
        found.meeting,
        found.council,
        figures=[measure_views.figure_line(each) for each in known],
        actions=await open_in_department(tx, row.department_id, most=ACTIONS_MOST),
        closes_at=closes_at if closes_at is not None and closes_at > now else None,
        is_out=await _is_out(tx, found, row, now),
    )


async def _is_out(tx: Tx, found: Around, row: DepartmentReport, now: datetime) -> bool:
    """Whether a version of the agenda tells it, or comes out with it; before the planned one it waits for that."""
    if row.state in IN and standing.takes_reports_at_once(found, now):
        return row.department_id in {each.department_id for each in await standing.all_seats(tx, found.council)}
    told = (each.department_id for each in await items_of(tx, found.meeting.id) if each.kind is AgendaItem.Kind.REPORT)
    return bool(found.meeting.edition) and row.department_id in told


async def _form(tx: Tx, mine: Mine, values: Mapping[str, str], now: datetime) -> Form:
    department = await tx.need(Department, mine.row.department_id)
    known = await figures_of(tx, department, today_in(mine.found.zone, now))
    others = [each for each in await departments(tx) if each.id != department.id]
    return report_views.form(await _about(tx, mine, known, now), others, values, reader=zone_of(mine.writer))
