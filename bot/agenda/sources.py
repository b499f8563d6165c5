"""What the sections tell by themselves, each from rows: always the same number of questions, however many rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions.rules import is_closed, is_overdue
from bot.agenda import line_views as lines
from bot.agenda.rules import Line, Quote, Section
from bot.chat.spans import Hue
from bot.council.dates import CLOSE_ITEMS
from bot.council.standing import Around, steps_of
from bot.customers import agenda as customers
from bot.customers.views import adoptions
from bot.measures import agenda as measures
from bot.measures import views as measure_views
from bot.ranking import standing as ranking
from bot.work.slip import AMBER_MOST
from storage import agenda_sources as rows
from storage import portfolio
from storage.agenda import DepartmentReport, reports_of
from storage.agenda_sources import Flying
from storage.initiatives import Initiative, Milestone
from storage.meetings import CouncilMeeting
from storage.people import Department
from storage.ranking import RankingRound, rounds
from storage.roadmap import Worst, worst_milestones
from storage.tx import Tx

LINES_MOST = 12  # of each kind in a section; how many there are is counted
QUOTES = 3  # of customers, with which section 2 opens; Source: domain.md S1-01
ROUNDS_LOOKED_AT = 10
_HUES: Mapping[Worst, Hue] = {Worst.GREEN: Hue.GREEN, Worst.AMBER: Hue.AMBER, Worst.RED: Hue.RED}
_BY_HUE = (Hue.RED, Hue.AMBER, Hue.GREEN, None)
_WAITING = (Initiative.State.IDEA, Initiative.State.SCORED)


@dataclass(frozen=True, slots=True)
class View:
    """From where a section looks: its meeting, the one before it, today, and since when things are news."""

    tx: Tx
    found: Around
    last: CouncilMeeting | None
    today: date
    since: datetime
    read: frozenset[int] = frozenset()
    """Customers' words with which the last meeting opened."""


async def work(view: View) -> Section:
    """1: what the last meeting led to: overdue, open, done. Source: domain.md S2-18."""
    if view.last is None:
        return Section(1)
    found = await rows.actions_of(view.tx, view.found.council.id, view.last.id, view.today)
    late = [each for each in found if is_overdue(each.action, view.today)]
    done = [each for each in found if is_closed(each.action)]
    others = [each for each in found if not is_overdue(each.action, view.today) and not is_closed(each.action)]
    late.sort(key=lambda each: (each.action.due_on or date.max, each.action.id))
    counts = {"overdue": len(late), "open": len(others), "done": len(done)}
    shown = (*late, *others, *done)[: 3 * LINES_MOST]
    return Section(1, lines=tuple(lines.action(each, view.today) for each in shown), counts=counts)


async def results(view: View) -> Section:
    """2: customers' words, then the headline measures. Source: domain.md S2-19."""
    words = await customers.newest_words(view.tx, QUOTES + len(view.read))
    fresh = [each for each in words if each.id not in view.read][:QUOTES]
    found = await measures.headlines(view.tx, view.today)
    return Section(
        2,
        quotes=tuple(Quote(each.words, lines.heard(each), each.id) for each in fresh),
        lines=tuple(Line(measure_views.headline_line(each)) for each in found[:LINES_MOST]),
        counts={"measures": len(found), "words": len(fresh)},
    )


@dataclass(frozen=True, slots=True)
class Reports:
    """What departments wrote for a meeting, in the order of the customer's journey, and whose is missing."""

    received: Sequence[tuple[DepartmentReport, Department]]
    missing: Sequence[Department]
    departments: Mapping[int, Department]
    awaited: Sequence[Department] = ()
    """Whose is still to come."""
    until: datetime | None = None
    """When reports close; None once they have."""


async def reports(tx: Tx, found: Around, departments: Sequence[Department], now: datetime) -> Reports:
    """Each department with a seat is asked; one that sent nothing is missing once reports are closed."""
    by_department = {each.department_id: each for each in await reports_of(tx, found.meeting.id)}
    came = (DepartmentReport.State.RECEIVED, DepartmentReport.State.LATE)
    asked = (DepartmentReport.State.ASKED, DepartmentReport.State.DRAFT)
    open_until = open_at(found, now)
    received = [
        (row, each) for each in departments if (row := by_department.get(each.id)) is not None and row.state in came
    ]
    there = {each.id for _, each in received}
    silent = [each for each in departments if each.id in by_department and each.id not in there]
    awaited = [each for each in silent if open_until is not None and by_department[each.id].state in asked]
    return Reports(
        received,
        [each for each in silent if each not in awaited],
        {each.id: each for each in departments},
        awaited,
        open_until,
    )


def open_at(found: Around, now: datetime) -> datetime | None:
    """Until when items and reports come in time; None once that is over."""
    closes_at = steps_of(found.meeting).get(CLOSE_ITEMS)
    is_open = closes_at is not None and now < closes_at and not found.meeting.items_closed
    return closes_at if is_open else None


def reported(found: Reports) -> Section:
    """3: how many came, whose is missing or still to come; what came stands under items. Source: S2-20."""
    asked = len(found.received) + len(found.missing) + len(found.awaited)
    return Section(
        3,
        counts={"received": len(found.received), "asked": asked},
        missing=tuple(each.name for each in found.missing),
        awaited=tuple(each.name for each in found.awaited),
        awaited_until=found.until if found.awaited else None,
    )


async def practices(view: View, found: Reports) -> Section:
    """4: what one department does and others could do too. Source: domain.md S2-21."""
    told = await customers.practices_since(view.tx, view.since)
    offered = [each for row, department in found.received for each in lines.offers(row, department.name)]
    kept = [Line(each.practice.text, f"{each.department} · {adoptions(each)}") for each in told]
    every = (*kept, *offered)
    return Section(4, lines=tuple(every[:LINES_MOST]), counts={"practices": len(every)})


async def initiatives(view: View) -> Section:
    """5: what is in flight, the reddest first, then by priority; dependencies that changed. Source: domain.md S2-22."""
    flying = await rows.in_flight(view.tx)
    worst = await worst_milestones(view.tx, view.today, amber_most=AMBER_MOST) if flying else {}
    hues = {each.id: _HUES[worst[each.id]] if each.id in worst else None for each in flying}
    ordered = sorted(flying, key=lambda each: _BY_HUE.index(hues[each.id]))
    shown = ordered[:LINES_MOST]
    following = await _following(view.tx, shown)
    blocked = await rows.stopped_by(view.tx, [each.id for each in shown])
    told = [lines.flying(each, hues[each.id], following.get(each.id), blocked.get(each.id, ())) for each in shown]
    changed = [lines.depends(each) for each in await rows.depends_since(view.tx, view.since, LINES_MOST)]
    late = sum(hue in {Hue.RED, Hue.AMBER} for hue in hues.values())
    counts = {"running": len(flying), "late": late, "dependencies": len(changed)}
    return Section(5, lines=(*told, *changed), counts=counts)


async def _following(tx: Tx, shown: Sequence[Flying]) -> Mapping[int, Milestone]:
    """The next milestone of each of some initiatives."""
    still = (Milestone.State.PLANNED, Milestone.State.CLAIMED)
    found: dict[int, Milestone] = {}
    for each in await portfolio.milestones_of(tx, [one.id for one in shown]):
        if each.state in still:
            found.setdefault(each.initiative_id, each)
    return found


async def review(view: View) -> Section:
    """6: what the measures themselves lack. Source: domain.md S2-23, D4."""
    debts = await measures.debts(view.tx, view.today)
    told = (
        *(lines.conflict(each.row, each.one, each.other) for each in debts.conflicts[:LINES_MOST]),
        *(Line(measure_views.stale_line(*each)) for each in debts.stale[:LINES_MOST]),
        *(Line(measure_views.unanchored_line(each)) for each in debts.unanchored[:LINES_MOST]),
        *(Line(lines.unmeasured(each.name)) for each in debts.unmeasured[:LINES_MOST]),
        *(Line(measure_views.target_line(each)) for each in debts.targets[:LINES_MOST]),
    )
    counts = {
        "conflicts": len(debts.conflicts),
        "stale": len(debts.stale),
        "unanchored": len(debts.unanchored),
        "unmeasured": len(debts.unmeasured),
        "targets": len(debts.targets),
    }
    return Section(6, lines=told, counts=counts)


async def planning(view: View) -> Section:
    """7: the newest ranking, what it has not seen, and what the frame leaves. Source: domain.md S2-24."""
    tx = view.tx
    found = await _ranked(view)
    waiting = await rows.waiting(tx, _WAITING)
    unranked = sum(waiting.values())
    frame = await portfolio.frame_on(tx, view.today)
    spent, days = await portfolio.approved(tx, frame.currency, but=0) if frame is not None else (0, 0)
    flying = await portfolio.in_flight(tx, but=0) if frame is not None else 0
    told = tuple(lines.ranked(place, each) for place, each in enumerate(found, start=1))
    notes = lines.left(frame, spent, days, flying) if told or unranked else ()
    more = (lines.waits_for_ranking(unranked),) if unranked else ()
    counts = {"ranked": len(told), "unranked": unranked}
    return Section(7, lines=told[:LINES_MOST], counts=counts, notes=(*more, *notes))


async def _ranked(view: View) -> Sequence[Initiative]:
    """The newest published ranking, without what has moved on since."""
    published = RankingRound.State.PUBLISHED
    newest = next((each for each in await rounds(view.tx, ROUNDS_LOOKED_AT) if each.state is published), None)
    if newest is None:
        return ()
    shown = await ranking.shown(view.tx, newest, view.found.zone)
    result, _ = await ranking.result(view.tx, shown)
    ordered = [shown.named(each.item) for each in result.lines] if result is not None else []
    return [each for each in ordered if each.state is Initiative.State.RANKED]


async def research(view: View) -> Section:
    """8: what was found out, by level; a level without anything is named. Source: domain.md S2-25, S1-07."""
    found = await customers.research_since(view.tx, view.since)
    told = tuple(Line(each.text, f"{each.level.value} · {each.about.value}") for each in found.notes[:LINES_MOST])
    missing = tuple(lines.missing_level(each.value) for each in found.missing) if told else ()
    orphans = (lines.orphans(found.orphans),) if found.orphans else ()
    counts = {"notes": len(found.notes), "orphans": found.orphans}
    return Section(8, lines=told, counts=counts, notes=(*missing, *orphans))
