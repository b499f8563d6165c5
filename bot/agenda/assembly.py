"""An agenda is put together from rows: the nine sections with what they tell, and the items that stand in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.agenda import line_views, rules, sources
from bot.agenda.documents import quoted_in
from bot.agenda.rules import Agenda, Entry, Kind, Section
from bot.agenda.sources import Reports, View
from bot.chat.localtime import today_in
from bot.council.rules import HAS_BEGUN, Reading
from bot.council.standing import Around, all_seats
from storage.agenda import SECTIONS, AgendaItem, AgendaSection, DepartmentReport, items_of, newest_edition, sections_of
from storage.agenda_sources import Named, names_of
from storage.councils import departments_of
from storage.meetings import CouncilMeeting, last_held
from storage.people import Department
from storage.tx import Tx

FIRST_LOOKS_BACK = timedelta(days=31)  # of a council that has not met yet


async def assembled(tx: Tx, found: Around, now: datetime, *, reading: Reading) -> Agenda:
    """The agenda as it is at this moment, as far as somebody may read it; the number of questions is always the same.

    Nothing is written: a standing item without a row has none yet, and number 0.
    """
    view = await _view(tx, found, now)
    reports = await reports_for(tx, found, now)
    told = {each.number: each for each in await _told(view, reports)}
    rows = await items_of(tx, found.meeting.id)
    has_begun = found.meeting.state in HAS_BEGUN
    entries = _entries(rows, await names_of(tx, rows), reports, view.last, has_begun=has_begun)
    given = {each.section: each for each in await sections_of(tx, found.meeting.id)}
    waiting = sum(rules.is_waiting(each) for each in rows)
    sections = (_section(told[number], entries[number], given.get(number), waiting) for number in SECTIONS)
    agenda = Agenda(tuple(sections), found.meeting.length_min)
    return agenda if reading is Reading.FULL else rules.outside(agenda)


async def reports_for(tx: Tx, found: Around, now: datetime) -> Reports:
    """What the departments with a seat wrote for a meeting, in the order of the customer's journey."""
    seats = await all_seats(tx, found.council, now)
    return await sources.reports(tx, found, await departments_of(tx, seats), now)


async def _view(tx: Tx, found: Around, now: datetime) -> View:
    last = await last_held(tx, found.meeting)
    edition = await newest_edition(tx, last.id) if last is not None else None
    since = last.starts_at if last is not None else now - FIRST_LOOKS_BACK
    return View(
        tx,
        found,
        last,
        today_in(found.zone, now),
        since if last is not None else datetime.combine(since.date(), time(), UTC),
        quoted_in(edition.content) if edition is not None else frozenset(),
    )


async def _told(view: View, reports: Reports) -> Sequence[Section]:
    return (
        await sources.work(view),
        await sources.results(view),
        sources.reported(reports),
        await sources.practices(view, reports),
        await sources.initiatives(view),
        await sources.review(view),
        await sources.planning(view),
        await sources.research(view),
        Section(rules.OTHER),
    )


def _section(told: Section, items: Sequence[Entry], given: AgendaSection | None, waiting: int) -> Section:
    whole = replace(told, items=tuple(items))
    if whole.number == rules.OTHER:
        whole = replace(whole, counts={"late": sum(each.is_late for each in items), "waiting": waiting})
    fixed, extended = (given.minutes, given.extended_min) if given is not None else (None, 0)
    return replace(whole, minutes=rules.minutes_of(whole, fixed, extended))


# --- items


def _entries(
    rows: Sequence[AgendaItem], named: Named, reports: Reports, last: CouncilMeeting | None, *, has_begun: bool
) -> Mapping[int, Sequence[Entry]]:
    """What stands in each section, by number; standing items are there before they have a row."""
    on = sorted((each for each in rows if rules.is_on(each, has_begun=has_begun)), key=rules.order)
    found: dict[int, list[Entry]] = {number: [] for number in SECTIONS}
    for each in on:
        found[each.section].append(_entry(each, named, reports))
    _with_standing(found, rows, reports, last)
    return found


def _with_standing(
    found: dict[int, list[Entry]], rows: Sequence[AgendaItem], reports: Reports, last: CouncilMeeting | None
) -> None:
    """Puts in the standing items that have no row yet, where they will stand."""
    kinds = {each.kind for each in rows}
    if Kind.APOLOGIES not in kinds:
        apologies = Entry(0, rules.WORK, 1, line_views.APOLOGIES, Kind.APOLOGIES)
        minutes = Entry(0, rules.WORK, 2, line_views.minutes_of(_met_on(last)), Kind.MINUTES, consent=True)
        found[rules.WORK][:0] = [apologies, *([minutes] if last is not None else [])]
    known = {each.department_id for each in rows if each.kind is Kind.REPORT}
    coming = [(row, each) for row, each in reports.received if each.id not in known]
    mine = found[rules.REPORTS]
    first = [each for each in mine if each.kind is Kind.REPORT]
    others = [each for each in mine if each.kind is not Kind.REPORT]
    new = [_report(row, each, reports) for row, each in coming]
    if known:  # the agenda is out: numbers stay, what is new stands behind
        seq = max((each.seq for each in rows if each.section == rules.REPORTS), default=0)
        new = [replace(each, seq=place) for place, each in enumerate(new, start=seq + 1)]
        found[rules.REPORTS] = [*first, *others, *new]
    else:
        every = enumerate((*new, *others), start=1)
        found[rules.REPORTS] = [replace(each, seq=place) if new else each for place, each in every]


def _met_on(last: CouncilMeeting | None) -> date | None:
    return last.slot.date() if last is not None else None


def _report(row: DepartmentReport, department: Department, reports: Reports) -> Entry:
    return Entry(
        0, rules.REPORTS, 0, department.name, Kind.REPORT, department=department.name, lines=_lines(row, reports)
    )


def _lines(row: DepartmentReport, reports: Reports) -> tuple[rules.Line, ...]:
    department, asked = reports.departments.get(row.department_id), reports.departments.get(row.help_from_id or 0)
    return line_views.report(row, department.name if department else "", asked.name if asked else "")


def _entry(item: AgendaItem, named: Named, reports: Reports) -> Entry:
    of = {each.department_id: each for each, _ in reports.received}
    report = of.get(item.department_id or 0) if item.kind is Kind.REPORT else None
    return Entry(
        item.id,
        item.section,
        item.seq,
        item.title,
        item.kind,
        item.state,
        item.purpose,
        item.minutes if item.kind is Kind.ITEM else 0,
        owner=named.people.get(item.owner_id or 0, ""),
        department=named.departments.get(item.department_id or 0, ""),
        consent=item.consent,
        internal=item.internal,
        is_late=item.is_late,
        deferrals=item.deferrals,
        paper_url=item.paper_url,
        initiative=named.initiatives.get(item.initiative_id or 0, ""),
        hurts=named.departments.get(item.hurts_id or 0, ""),
        starts=named.departments.get(item.starts_id or 0, ""),
        one_view=item.one_view,
        other_view=item.other_view,
        stance=item.stance.value if item.stance else "",
        level=item.level.value if item.level else "",
        lines=_lines(report, reports) if report is not None else (),
    )
