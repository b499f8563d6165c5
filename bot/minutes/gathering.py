"""The minutes of a meeting from its record: rows become what is frozen when they are issued."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.council.rules import Quorum, is_voting, quorum_of, sitting, voting
from bot.council.standing import Around
from bot.council.views import CUSTOMER_SEAT
from bot.decisions.rules import by_name, said_to_all
from bot.minutes import rules
from bot.minutes.body import Attender, Body, Passage, Point, Previous, Resolution, Stretch, Task, Tenure, Votes
from storage import agenda, meetings
from storage import councils as council_rows
from storage.actions import Action
from storage.agenda import ON_PAPER, AgendaItem, AgendaSection
from storage.audit import AuditEvent
from storage.councils import Seat
from storage.decisions import Decision, decisions_of
from storage.links import End, Thing
from storage.meetings import AgendaTime, Attendance, Presence
from storage.minutes import Minutes, actions_led_to, deeds_at, newest_minutes, people_numbered, seats_numbered
from storage.people import Department, Person, departments
from storage.tx import Tx

ENDED, HANDED_OVER, REPLACED = "end", "hand over", "replace"  # as they are written down when they are done
LATE = timedelta(minutes=1)  # who comes or leaves within it was there from the beginning, or to the end


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of a meeting, and the names that they need."""

    found: Around
    sections: Sequence[AgendaSection]
    items: Sequence[AgendaItem]
    decisions: Sequence[Decision]
    led_to: Sequence[tuple[End, Action]]
    times: Sequence[AgendaTime]
    seats: Mapping[int, Seat]
    attendances: Sequence[Attendance]
    presences: Sequence[Presence]
    people: Mapping[int, Person]
    departments: Mapping[int, Department]
    is_closed_by_schedule: bool
    """Whether nobody ended it."""
    tenures: Mapping[str, tuple[Tenure, ...]]
    """Under `chair` and `secretary`: who it was for a part of the meeting."""
    stand_ins: Collection[str]
    """`chair`, `secretary`: which of them somebody took over for this meeting alone."""

    def name(self, person_id: int | None) -> str:
        """Somebody's name; empty for nobody."""
        person = None if person_id is None else self.people.get(person_id)
        return "" if person is None else person.name


async def record_of(tx: Tx, found: Around) -> Record:
    """Everything that a meeting left behind."""
    meeting = found.meeting
    items = await agenda.items_of(tx, meeting.id, ON_PAPER)
    decisions = await decisions_of(tx, meeting.id)
    ends: list[End] = [(Thing.MEETING, meeting.id), *((Thing.AGENDA_ITEM, each.id) for each in items)]
    led_to = await actions_led_to(tx, [*ends, *((Thing.DECISION, each.id) for each in decisions)])
    attendances = await meetings.attendances(tx, meeting.id)
    presences = await meetings.presences(tx, meeting.id)
    held = await council_rows.seats(tx, found.council.id, found.meets_on)
    gone = {each.seat_id for each in attendances} - {each.id for each in held}
    seats = [*held, *await seats_numbered(tx, gone)]
    numbers = {found.chair_id, found.secretary_id, *(each.person_id for each in presences)}
    numbers |= {number for each in attendances for number in (each.person_id, each.deputy_id)}
    numbers |= {each.person_id for each in seats} | {action.owner_id for _, action in led_to}
    numbers |= {each.moved_by for each in decisions}
    ended = await deeds_at(tx, meeting.id, ENDED)
    handed_over = await deeds_at(tx, meeting.id, HANDED_OVER)
    return Record(
        found,
        await agenda.sections_of(tx, meeting.id),
        items,
        decisions,
        led_to,
        await meetings.times(tx, meeting.id),
        {each.id: each for each in seats},
        attendances,
        presences,
        await people_numbered(tx, {each for each in numbers if each is not None}),
        {each.id: each for each in await departments(tx)},
        [each.by for each in ended[-1:]] == [None],
        _tenures(found, [*handed_over, *await deeds_at(tx, meeting.id, REPLACED)]),
        _stand_ins(handed_over),
    )


def _tenures(found: Around, deeds: Iterable[AuditEvent]) -> Mapping[str, tuple[Tenure, ...]]:
    """What was written down while it was on: each deed ends the time of who it was before."""
    begun_at, posts = found.meeting.opened_at, ("chair", "secretary")
    during = sorted((each for each in deeds if begun_at is not None and each.at > begun_at), key=lambda each: each.id)
    ended_at = found.meeting.adjourned_at
    mine = [each for each in during if each.before and (ended_at is None or each.at <= ended_at)]
    return {post: tuple(Tenure(each.before, each.at) for each in mine if each.field == post) for post in posts}


def _stand_ins(deeds: Iterable[AuditEvent]) -> Collection[str]:
    """Who was somebody else at the end than before the first time that it was handed over.

    The council's own chair of today says nothing of it: it may have got another one since.
    """
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for each in deeds:
        first.setdefault(each.field, each.before)
        last[each.field] = each.after
    return {part for part in last if first[part] != last[part]}


async def body_of(tx: Tx, found: Around, minutes: Minutes | None) -> Body:
    """The minutes as the record has them now, with what the secretary wrote beside it."""
    record = await record_of(tx, found)
    meeting, council = found.meeting, found.council
    following = await meetings.next_meeting(tx, council.id, after=meeting.starts_at)
    quorum, inquorate = _quorum(record)
    tenures = record.tenures
    ran_it = who_ran(found, is_noted=any(tenures.values()))
    return Body(
        council=council.name,
        kind=meeting.kind,
        zone=council.zone,
        starts_at=meeting.starts_at,
        opened_at=meeting.opened_at,
        adjourned_at=meeting.adjourned_at,
        where=meeting.where,
        link=meeting.link,
        is_closed_by_schedule=record.is_closed_by_schedule,
        recorded_at=meeting.recorded_at,
        chair=record.name(ran_it[0]),
        is_chair_stand_in="chair" in record.stand_ins,
        secretary=record.name(ran_it[1]),
        is_secretary_stand_in="secretary" in record.stand_ins,
        chaired_before=tenures["chair"],
        recorded_before=tenures["secretary"],
        attenders=tuple(_attenders(record)),
        present=quorum.present,
        filled=quorum.filled,
        needed=quorum.needed,
        inquorate=inquorate,
        previous=await _previous(tx, found),
        passages=tuple(_passages(record, {} if minutes is None else minutes.notes)),
        next_at=None if following is None else following.starts_at,
        next_where="" if following is None else following.where or following.link,
    )


def who_ran(found: Around, *, is_noted: bool) -> tuple[int | None, int | None]:
    """Who chaired a meeting and who kept its record in the end, as was written down.

    Who got such a post in the council later was not at it: where nobody had it then, nobody is named. `is_noted`:
    somebody lost such a post while it was on.
    """
    meeting = found.meeting
    then = (meeting.chair_id, meeting.secretary_id)
    is_known = meeting.opened_at is not None and (is_noted or then != (None, None))
    return then if is_known else (found.chair_id, found.secretary_id)


async def _previous(tx: Tx, found: Around) -> Previous | None:
    """The minutes of the meeting before: whether they were approved here, and whether in a later edition."""
    before = await meetings.last_held(tx, found.meeting)
    minutes = None if before is None else await newest_minutes(tx, before.id)
    if before is None or minutes is None:
        return None
    is_approved = minutes.state is rules.State.APPROVED and minutes.approved_in == found.meeting.id
    return Previous(Around(before, found.council).meets_on, is_approved, is_corrected=minutes.number > 1)


# --- who was there


def _attenders(record: Record) -> Iterable[Attender]:
    order = {number: place for place, number in enumerate(record.seats)}
    for each in sorted(record.attendances, key=lambda one: order.get(one.seat_id, 0)):
        seat = record.seats.get(each.seat_id)
        if seat is None:
            continue
        came_at, left_at = _late_and_early(record, each)
        sat_in = each.deputy_id if each.status is Attendance.Status.DEPUTY else None
        yield Attender(
            _seat_name(record, seat, each),
            record.name(each.person_id),
            each.status,
            record.name(sat_in),
            is_voting(seat, record.found.council),
            came_at,
            left_at,
        )


def _seat_name(record: Record, seat: Seat, attendance: Attendance) -> str:
    department = None if seat.department_id is None else record.departments.get(seat.department_id)
    if department is not None:
        return department.name
    return CUSTOMER_SEAT if seat.kind is Seat.Kind.CUSTOMER else record.name(attendance.person_id)


def _late_and_early(record: Record, attendance: Attendance) -> tuple[datetime | None, datetime | None]:
    meeting = record.found.meeting
    mine = [each for each in record.presences if each.attendance_id == attendance.id]
    if not mine or meeting.opened_at is None:
        return None, None
    came_at = min(each.from_at for each in mine)
    last = [each.to_at for each in mine]
    left_at = None if None in last else max(each for each in last if each is not None)
    is_early = left_at is not None and meeting.adjourned_at is not None and left_at < meeting.adjourned_at - LATE
    return (came_at if came_at > meeting.opened_at + LATE else None), (left_at if is_early else None)


def quorum_at(record: Record, at: datetime) -> Quorum:
    """The quorum as it stood at a moment of the meeting."""
    there = [
        each.model_copy(update={"to_at": None})
        for each in record.presences
        if each.from_at <= at and (each.to_at is None or each.to_at > at)
    ]
    attendances = {each.id: each for each in record.attendances}
    sits = sitting(record.found.council, record.seats, attendances, there)
    meeting = record.found.meeting
    quorum = quorum_of(record.found.council, _seats_of_the_day(record), sits, meeting.quorum_needed)
    return replace(quorum, filled=max(meeting.quorum_filled or quorum.filled, quorum.present))


def _seats_of_the_day(record: Record) -> list[Seat]:
    """The seats as they were held then: who held a seat stands in its attendance."""
    then = {each.seat_id: each.person_id for each in record.attendances}
    return [
        Seat(id=each.id, council_id=each.council_id, kind=each.kind, person_id=then.get(each.id, each.person_id),
             can_decide=each.can_decide, is_senior=each.is_senior, from_on=each.from_on)
        for each in record.seats.values()
    ]  # fmt: skip


def _quorum(record: Record) -> tuple[Quorum, tuple[Stretch, ...]]:
    """The best quorum of the meeting, and the stretches in which there was none."""
    meeting = record.found.meeting
    opened_at, ended_at = meeting.opened_at, meeting.adjourned_at
    if opened_at is None:
        filled = len(voting(_seats_of_the_day(record), record.found.council))
        return Quorum(0, filled, meeting.quorum_needed or quorum_at(record, meeting.starts_at).needed), ()
    turns = {opened_at, *(each.from_at for each in record.presences)}
    turns |= {each.to_at for each in record.presences if each.to_at is not None}
    moments = sorted(at for at in turns if at >= opened_at and (ended_at is None or at < ended_at))
    # One that was ended in the minute in which it began has had no moment of its own.
    stood = [(at, quorum_at(record, at)) for at in moments or [opened_at]]
    best = max((quorum for _, quorum in stood), key=lambda each: each.present)
    return best, tuple(_without(stood, ended_at))


def _without(stood: Sequence[tuple[datetime, Quorum]], ended_at: datetime | None) -> Iterable[Stretch]:
    begun: datetime | None = None
    for at, quorum in stood:
        if not quorum.is_met and begun is None:
            begun = at
        elif quorum.is_met and begun is not None:
            if at - begun >= LATE:
                yield Stretch(begun, at)
            begun = None
    if begun is not None and ended_at is not None and ended_at - begun >= LATE:
        yield Stretch(begun, ended_at)


# --- what was done


def minutes_spent(times: Iterable[AgendaTime], ended_at: datetime | None) -> dict[tuple[int, int | None], float]:
    """Minutes that went to each section (`(3, None)` for all of it) and to each item in one (`(3, 17)`)."""
    spent: dict[tuple[int, int | None], float] = {}
    for each in times:
        until = each.to_at or ended_at or each.from_at
        minutes = max((until - each.from_at).total_seconds(), 0) / 60
        for key in {(each.section, None), (each.section, each.item_id)}:
            spent[key] = spent.get(key, 0) + minutes
    return spent


def _passages(record: Record, notes: Mapping[str, str]) -> Iterable[Passage]:
    ended_at = record.found.meeting.adjourned_at
    # What was being discussed when the clock closed it was so for nobody knows how long.
    known = [each for each in record.times if not record.is_closed_by_schedule or _ended_before(each, ended_at)]
    spent = minutes_spent(known, ended_at)
    tasks = _tasks_of(record)
    noted = {each.section: each.note for each in record.sections}
    for number in agenda.SECTIONS:
        items = [each for each in record.items if each.section == number]
        beside = [each for each in record.decisions if _section_of(record, each) == number]
        yield Passage(
            number,
            "\n".join(each for each in (noted.get(number, ""), notes.get(str(number), "")) if each),
            round(spent.get((number, None), 0)),
            tuple(_point(record, each, notes, spent=spent, tasks=tasks) for each in items),
            tuple(_resolution(record, each) for each in beside),
            tuple(task for each in beside for task in tasks.get((Thing.DECISION, each.id), ()))
            + (tasks.get((Thing.MEETING, record.found.meeting.id), ()) if number == agenda.SECTIONS[-1] else ()),
        )


def _ended_before(each: AgendaTime, ended_at: datetime | None) -> bool:
    return each.to_at is not None and ended_at is not None and each.to_at < ended_at


def _section_of(record: Record, decision: Decision) -> int | None:
    """Where a decision stands that belongs to no item of the agenda; None for one that does."""
    if any(each.id == decision.item_id for each in record.items):
        return None
    return decision.section or agenda.SECTIONS[-1]


def _point(
    record: Record,
    item: AgendaItem,
    notes: Mapping[str, str],
    *,
    spent: Mapping[tuple[int, int | None], float],
    tasks: Mapping[End, tuple[Task, ...]],
) -> Point:
    decisions = [each for each in record.decisions if each.item_id == item.id]
    ends: list[End] = [(Thing.AGENDA_ITEM, item.id), *((Thing.DECISION, each.id) for each in decisions)]
    mine = {task.id: task for end in ends for task in tasks.get(end, ())}
    number = f"{item.section}.{item.seq}"
    return Point(
        item.section,
        item.seq,
        item.title,
        item.state,
        item.kind,
        item.purpose,
        note="\n".join(each for each in (item.outcome, notes.get(number, "")) if each),
        reason=item.reason,
        one_view=item.one_view,
        other_view=item.other_view,
        spent_min=round(spent.get((item.section, item.id), 0)),
        deferrals=item.deferrals,
        consent=item.consent,
        decisions=tuple(_resolution(record, each, internal=item.internal) for each in decisions),
        tasks=tuple(mine[number] for number in sorted(mine)),
        internal=item.internal,
    )


def _tasks_of(record: Record) -> dict[End, tuple[Task, ...]]:
    """The actions under what led to them; of what is internal, internal ones."""
    hidden: set[End] = {(Thing.AGENDA_ITEM, each.id) for each in record.items if each.internal}
    items = {each.id for each in record.items if each.internal}
    hidden |= {(Thing.DECISION, each.id) for each in record.decisions if each.internal or each.item_id in items}
    never_open = {action.id for end, action in record.led_to if end in hidden}
    found: dict[End, tuple[Task, ...]] = {}
    for end, action in record.led_to:
        if action.state is Action.State.CANCELLED:
            continue
        task = Task(
            action.id, action.code, action.title, record.name(action.owner_id), action.due_on, action.id in never_open
        )
        found[end] = (*found.get(end, ()), task)
    return found


def _resolution(record: Record, decision: Decision, *, internal: bool = False) -> Resolution:
    known = record.departments
    to_all = said_to_all(decision.implications, by_name(known.values()))
    first = [("", to_all)] if to_all else []
    means = [(each["department"], str(each["text"])) for each in decision.means]
    counted = decision.votes_for is not None
    votes = Votes(decision.votes_for or 0, decision.votes_against or 0, decision.votes_abstain or 0)
    return Resolution(
        decision.id,
        decision.code,
        decision.text,
        decision.state,
        decision.reason,
        decision.implications,
        (*first, *((known[number].name, text) for number, text in means if number in known)),
        decision.customer_view,
        record.name(decision.moved_by),
        votes if counted else None,
        decision.voting_present,
        decision.quorum_needed,
        decision.from_on,
        decision.review_on,
        decision.internal or internal,
    )


async def owners_of(tx: Tx, numbers: Sequence[int]) -> list[int]:
    """Who owns some actions now, in their order; nobody for those that are cancelled."""
    found = {each.id: each for each in await tx.all(select(Action).where(col(Action.id).in_(numbers)))}
    owned = [found[number] for number in numbers if number in found]
    return [each.owner_id for each in owned if each.owner_id is not None and each.state is not Action.State.CANCELLED]
