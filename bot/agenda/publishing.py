"""An agenda comes out: by somebody's word or by schedule, as a version that nobody changes again, wherever it is read.

Source: domain.md 2.3 (Meeting), 2.4 (5, 6), P-23, P-25, S2-10, S2-26, S2-27.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.agenda import assembly, line_views, message_views, rules, settling, sources
from bot.agenda.documents import Difference, agenda_in, differences, document, quoted_in
from bot.agenda.rules import Agenda, Kind, State
from bot.chat.replies import Replies, Show
from bot.council import rules as council_rules
from bot.council.planning import ids, shown
from bot.council.rules import Reading
from bot.council.standing import Around, all_seats
from storage import audit
from storage.agenda import AgendaEdition, AgendaItem, items_of, newest_edition
from storage.councils import CouncilRoom, rooms
from storage.customers import mark_read
from storage.links import Thing
from storage.meetings import OVER, RUNNING, CouncilMeeting, hold, last_held
from storage.messages import Lane
from storage.people import Account, Department, Person
from storage.places import Place
from storage.tx import Tx

PAPER, UPDATED = "agenda.paper", "agenda.updated"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A version that came out, and where it goes."""

    edition: AgendaEdition
    replies: Replies
    rooms: int
    people: int


async def prepared(tx: Tx, found: Around, now: datetime) -> Agenda:
    """Every standing item has its row, every item its number, and nothing of earlier meetings is left behind.

    The agenda as it would come out now; the meeting is held until the transaction ends.
    """
    await hold(tx, found.meeting)
    await left_behind(tx, found, now)
    await _standing_rows(tx, found)
    if not found.meeting.edition:
        await _first_numbers(tx, found)
    await tx.flush()
    return await assembly.assembled(tx, found, now, reading=Reading.FULL)


async def changes_since(tx: Tx, found: Around, agenda: Agenda) -> Sequence[Difference]:
    """What is different from the newest version; nothing where there is none."""
    newest = await newest_edition(tx, found.meeting.id)
    return differences(agenda_in(newest.content), agenda) if newest is not None else ()


async def published(tx: Tx, found: Around, now: datetime, *, by: int | None) -> tuple[AgendaEdition, Replies]:
    """The next version, and the messages that bring it to everybody; `by` is None by schedule.

    Whoever calls has asked before whether they may, and whether anything has changed.
    """
    done = await brought_out(tx, found, await prepared(tx, found, now), now, by=by)
    return done.edition, done.replies


async def brought_out(tx: Tx, found: Around, agenda: Agenda, now: datetime, *, by: int | None) -> Outcome:
    """The same with an agenda that is prepared."""
    meeting = found.meeting
    changes = message_views.change_log(await changes_since(tx, found, agenda))
    await _out(tx, found)
    out = await assembly.assembled(tx, found, now, reading=Reading.FULL)
    if sources.open_at(found, now) is None:  # a chair may publish early: what comes before the close is not late
        meeting.items_closed = True
    if meeting.state not in RUNNING:
        meeting.state = council_rules.State.PUBLISHED
    return await _told(tx, found, await _next(tx, found, out, changes, by=by))


async def reissued(tx: Tx, found: Around, agenda: Agenda, changes: Sequence[str], *, by: Person) -> Replies:
    """A version that differs from the newest one in a report alone: what is being prepared waits for the chair.

    The chair hears of it in person, unless it is their own report.
    """
    edition = await _next(tx, found, agenda, changes, by=by.id, only_reports=True)
    done = await _told(tx, found, edition)
    chair = await tx.get(Person, found.chair_id) if found.chair_id else None
    if chair is None or not chair.active or chair.id == by.id:
        return done.replies
    return done.replies + Replies(show=tuple(_news(found, edition, [chair])))


async def _next(
    tx: Tx, found: Around, agenda: Agenda, changes: Sequence[str], *, by: int | None, only_reports: bool = False
) -> AgendaEdition:
    meeting = found.meeting
    before = await newest_edition(tx, meeting.id)
    edition = AgendaEdition(
        meeting_id=meeting.id,
        number=(before.number if before is not None else 0) + 1,
        published_at=tx.acting.now,
        published_by=by,
        over_min=agenda.over_min,
        changes=list(changes),
        content=document(agenda, only_reports=only_reports),
    )
    tx.add(edition)
    was, meeting.edition = meeting.edition, edition.number
    audit.note(tx, (Thing.MEETING, meeting.id), "publish", field="edition", before=was or "", after=edition.number)
    await tx.flush()
    return edition


async def _told(tx: Tx, found: Around, edition: AgendaEdition) -> Outcome:
    places = await rooms(tx, found.council.id, CouncilRoom.Purpose.COUNCIL)
    people = await directly(tx, found, places)
    replies = Replies(
        show=(*_papers(found, places, people), *_news(found, edition, [*places, *people])),
        refresh=shown(found.meeting),
        outcome=message_views.published_outcome(edition.number),
    )
    return Outcome(edition, replies, len(places), len(people))


async def _out(tx: Tx, found: Around) -> None:
    """What was proposed and not declined stands on the agenda now."""
    for each in await items_of(tx, found.meeting.id, (State.SUBMITTED, State.ACCEPTED)):
        settling.moved(tx, each, "publish")
    await tx.flush()


# --- where it goes


def _papers(found: Around, places: Sequence[Place], people: Sequence[Person]) -> list[Show]:
    about = ids(found.meeting)
    key = f"council:{found.meeting.id}:{PAPER}"
    in_rooms = [Show(f"{key}:{each.id}", each, PAPER, about) for each in places]
    return [*in_rooms, *(Show(f"{key}:p{each.id}", each, PAPER, about, Lane.Traffic.PROMPT) for each in people)]


def _news(found: Around, edition: AgendaEdition, to: Sequence[Place | Person]) -> list[Show]:
    """P-25: what changed, beside the agenda that is made anew in its place."""
    if edition.number == 1 or not edition.changes:
        return []
    about = ids(found.meeting) | {"edition": edition.id}
    key = f"council:{found.meeting.id}:{UPDATED}:{edition.number}"
    return [Show(f"{key}:{'p' if isinstance(each, Person) else ''}{each.id}", each, UPDATED, about) for each in to]


async def directly(tx: Tx, found: Around, places: Sequence[Place]) -> Sequence[Person]:
    """Who has the agenda in direct messages: people of other companies, and who is on no platform with a room of it.

    Source: domain.md S2-10, P-23.
    """
    seats = await all_seats(tx, found.council)
    numbers = sorted({each.person_id for each in seats if each.person_id is not None})
    people = await tx.all(select(Person).where(col(Person.id).in_(numbers), col(Person.active).is_(True)))
    installs = {each.install_id for each in places}
    accounts = select(Account).where(col(Account.person_id).in_(numbers), col(Account.reachable).is_(True))
    known = await tx.all(accounts) if numbers else ()
    there = {each.person_id for each in known if each.install_id in installs}
    reachable = {each.person_id for each in known}
    return [
        each
        for each in sorted(people, key=lambda one: one.id)
        if each.id in reachable and (each.is_external or each.id not in there)
    ]


# --- before it comes out


async def left_behind(tx: Tx, found: Around, now: datetime) -> None:
    """What an earlier meeting left open comes along, and what the last one read to its members is read."""
    last = await last_held(tx, found.meeting)
    if last is None:
        return
    edition = await newest_edition(tx, last.id)
    if edition is not None:
        await mark_read(tx, quoted_in(edition.content), last.id)
    over = select(CouncilMeeting.id).where(
        CouncilMeeting.council_id == found.council.id,
        col(CouncilMeeting.state).in_((*OVER, CouncilMeeting.State.CANCELLED)),
    )
    still = (State.SUBMITTED, State.LATE_PENDING, State.ACCEPTED, State.PUBLISHED, State.IN_DISCUSSION)
    left = select(AgendaItem).where(
        AgendaItem.council_id == found.council.id,
        col(AgendaItem.meeting_id).in_(over),
        col(AgendaItem.state).in_(still),
        col(AgendaItem.kind) == Kind.ITEM,
    )
    for each in await tx.all(left.order_by(col(AgendaItem.id))):
        await settling.forward(tx, each, found.meeting, now)


async def _standing_rows(tx: Tx, found: Around) -> None:
    """1.1, 1.2 and a report for each that came are items like others, with numbers that stay."""
    rows = await items_of(tx, found.meeting.id)
    kinds = {each.kind for each in rows}
    last = await last_held(tx, found.meeting)
    new: list[AgendaItem] = []
    if Kind.APOLOGIES not in kinds:
        new.append(_row(found, rules.WORK, 1, Kind.APOLOGIES, line_views.APOLOGIES))
    if Kind.MINUTES not in kinds and last is not None:
        minutes = _row(found, rules.WORK, 2, Kind.MINUTES, line_views.minutes_of(last.slot.date()))
        minutes.consent = True
        new.append(minutes)
    reports = await assembly.reports_for(tx, found, tx.acting.now)
    await _added(tx, [*new, *_report_rows(found, rows, [each for _, each in reports.received])])


async def first_reports(tx: Tx, found: Around, departments: Collection[int]) -> None:
    """What some departments wrote has its place on the agenda that is out, behind the reports that have one."""
    rows = await items_of(tx, found.meeting.id)
    received = (await assembly.reports_for(tx, found, tx.acting.now)).received
    await _added(tx, _report_rows(found, rows, [each for _, each in received if each.id in departments]))
    for each in await items_of(tx, found.meeting.id, (State.SUBMITTED, State.ACCEPTED)):
        if each.kind is Kind.REPORT and each.department_id in departments:
            settling.moved(tx, each, "publish")
    await tx.flush()


def _report_rows(found: Around, rows: Sequence[AgendaItem], received: Sequence[Department]) -> list[AgendaItem]:
    """One for each of the departments that has none yet."""
    known = {each.department_id for each in rows if each.kind is Kind.REPORT}
    coming = [each for each in received if each.id not in known]
    new = []
    for place, department in enumerate(coming, start=rules.next_seq(rows, rules.REPORTS)):
        report = _row(found, rules.REPORTS, place, Kind.REPORT, department.name)
        report.department_id = department.id
        new.append(report)
    return new


async def _added(tx: Tx, new: Sequence[AgendaItem]) -> None:
    tx.add(*new)
    await tx.flush()
    for each in new:
        audit.note(tx, (Thing.AGENDA_ITEM, each.id), "add", after=each.state.value)


def _row(found: Around, section: int, seq: int, kind: Kind, title: str) -> AgendaItem:  # noqa: PLR0917 - its parts
    return AgendaItem(
        council_id=found.council.id,
        meeting_id=found.meeting.id,
        section=section,
        seq=seq,
        kind=kind,
        title=title,
        minutes=0,
        purpose=rules.Purpose.INFORMATION,
        state=State.ACCEPTED,
    )


async def _first_numbers(tx: Tx, found: Around) -> None:
    """Before anybody has read a number, they are put in order without gaps."""
    rows = await items_of(tx, found.meeting.id)
    reports = await assembly.reports_for(tx, found, tx.acting.now)
    places = {each.id: place for place, (_, each) in enumerate(reports.received)}
    numbers = rules.renumbered(rows, places)
    taken = {(each.section, seq) for each in rows if (seq := numbers.get(each.id))}
    for each in rows:
        if each.id in numbers:
            each.seq = numbers[each.id]
        elif not rules.is_waiting(each):
            each.seq = 0  # declined, merged or withdrawn before anybody read it
        elif (each.section, each.seq) in taken:
            each.seq = max(seq for section, seq in taken if section == each.section) + 1
            taken.add((each.section, each.seq))
