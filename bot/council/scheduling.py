"""`/council schedule, skip, move, special`, and a meeting on a day off; everybody with a seat hears at once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.localtime import instant
from bot.chat.replies import Answer, Replies, Show
from bot.council import calling, dates, planning, rehoming, rules, schedule_views, setup, standing, summing_up, telling
from bot.council.rules import State
from bot.council.schedule_views import AT, REASON_MAX, TO, WAS, WHY, Change
from bot.council.standing import Around
from bot.guide.views import old_button
from bot.huddles.setup_rules import read_time
from bot.people.rules import first_name, holiday, is_office_day
from bot.work import views as work_views
from bot.work.handlers import day_meant, legal, not_overtaken, permitted
from bot.work.rules import day_in
from storage import audit
from storage.councils import Council
from storage.links import Thing
from storage.meetings import CouncilMeeting, called_off, coming, hold, meeting_at, regular_around
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx

IN_A_ROW = 2  # Source: domain.md S0-03, P-46
FAR = timedelta(days=92)  # a meeting that is moved further than this is asked about


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council schedule`: the meetings to come with their days, and those that were called off."""
    council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    ahead = [summing_up.dated(each, {}) for each in await coming(tx, council.id)]
    off = await called_off(tx, council.id, after=now)
    return Replies(answer=Answer(schedule_views.schedule(council, ahead, off)))


# --- called off


async def skip(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council skip 7 Jan Half of us are away`; without a date or a reason the form, which says which meeting."""
    found = await _meant(event, tx)
    reason = _reason(event)
    if not reason or not event.command.dates:
        await _may(tx, event.by, found, "cancel")
        return Replies(answer=Answer(schedule_views.skip_form(found.council, found.meeting, {WHY: reason})))
    return await _skipped(tx, event.by, found, reason, now=now)


async def take_skip(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found = await _of_ids(tx, event)
    await _as_seen(tx, event, found)
    reason = event.values.get(WHY, "").strip()
    if not reason:
        form = schedule_views.skip_form(found.council, found.meeting, event.values)
        return Replies(answer=Answer(form.refused(event.values, {WHY: schedule_views.NEEDS_REASON}), refuses=True))
    return await _skipped(tx, event.by, found, reason, now=now)


async def _skipped(tx: Tx, by: By, found: Around, reason: str, *, now: datetime) -> Replies:
    await _may(tx, by, found, "cancel")
    people = await telling.everybody(tx, found)
    meeting = found.meeting
    before, meeting.state, meeting.reason = meeting.state, State.CANCELLED, reason[:REASON_MAX]
    audit.note(tx, (Thing.MEETING, meeting.id), "cancel", before=before.value, after=meeting.state.value, reason=reason)
    await tx.flush()
    replies = await planning.plan_ahead(tx, found.council, now)
    await rehoming.to_next(tx, found)
    replies += await _told(tx, found, people)
    replies += Replies(show=await missed_twice(tx, found))
    card = schedule_views.changed(Change(meeting, found.council), (), len(people))
    return replies + Replies(answer=Answer(card))


async def missed_twice(tx: Tx, found: Around) -> tuple[Show, ...]:
    """P-46 to the sponsor: when this is the second one in a row that is not held, and not a third time."""
    council = found.council
    sponsor = None if council.sponsor_id is None else await tx.get(Person, council.sponsor_id)
    every = await regular_around(tx, found.meeting)
    here = next((n for n, each in enumerate(every) if each.id == found.meeting.id), None)
    if sponsor is None or here is None or found.meeting.kind is not CouncilMeeting.Kind.REGULAR:
        return ()
    before = rules.missed_run(reversed(every[:here]))
    after = rules.missed_run(every[here + 1 :])
    if max(len(before), len(after)) >= IN_A_ROW or len(before) + len(after) + 1 < IN_A_ROW:
        return ()
    key = f"council:{council.id}:missed:{found.meeting.id}"
    ids = {"council": council.id, "meeting": found.meeting.id}
    return (Show(key, sponsor, telling.MISSED, ids, Lane.Traffic.PROMPT),)


# --- moved


async def move(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council move 3 Dec to:10 Dec at:10:00 reason:"the hall is taken"`; what is missing is asked in a form."""
    found = await _meant(event, tx)
    keys, reason = event.command.keys, _reason(event)
    local = found.meeting.starts_at.astimezone(found.zone)
    to = await day_meant(tx, event.by, keys[TO], now, line=event.command.text) if keys.get(TO) else None
    at = read_time(keys[AT]) if keys.get(AT) else local.time()
    if at is None:
        raise Declined(schedule_views.NEEDS_TIME)
    if (to is None and not keys.get(AT)) or not reason:
        await _may(tx, event.by, found, "move")
        values = {TO: (to or local.date()).isoformat(), AT: f"{at:%H:%M}", WHY: reason}
        return Replies(answer=Answer(schedule_views.move_form(found.council, found.meeting, values)))
    starts_at = _at(found, to or local.date(), at)
    if to is not None and starts_at - found.meeting.starts_at > FAR:
        await _may(tx, event.by, found, "move")
        values = {TO: to.isoformat(), AT: f"{at:%H:%M}", WHY: reason}
        form = schedule_views.move_form(found.council, found.meeting, values)
        return Replies(answer=Answer(form.refused(values, {TO: schedule_views.far_away(to)})))
    return await _moved(tx, event.by, found, starts_at, reason=reason, now=now)


async def open_move(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Another date**, **Move the date**."""
    found = await _of_ids(tx, event)
    await _may(tx, event.by, found, "move")
    return Replies(answer=Answer(schedule_views.move_form(found.council, found.meeting, {})))


async def take_move(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found = await _of_ids(tx, event)
    await _as_seen(tx, event, found)
    on, at, errors = _day_and_time(event)
    if errors or on is None or at is None:
        form = schedule_views.move_form(found.council, found.meeting, event.values)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    return await _moved(tx, event.by, found, _at(found, on, at), reason=event.values[WHY].strip(), now=now)


def _day_and_time(event: Submitted) -> tuple[date | None, time | None, dict[str, str]]:
    on, at = day_in(event.values.get(TO, "")), read_time(event.values.get(AT, ""))
    checks = {
        TO: (on is not None, schedule_views.NEEDS_DAY),
        AT: (at is not None, schedule_views.NEEDS_TIME),
        WHY: (bool(event.values.get(WHY, "").strip()), schedule_views.NEEDS_REASON),
    }
    return on, at, {name: why for name, (fine, why) in checks.items() if not fine}


def _at(found: Around, on: date, at: time) -> datetime:
    return instant(on, at, found.zone)


async def _moved(tx: Tx, by: By, found: Around, starts_at: datetime, *, reason: str, now: datetime) -> Replies:
    await _may(tx, by, found, "move")
    meeting, council = found.meeting, found.council
    if starts_at == meeting.starts_at:
        raise Declined(schedule_views.same_time(council.name, starts_at, found.zone))
    await _refuse_time(tx, council, starts_at, found, now=now)
    was_at = meeting.starts_at
    before = meeting.state
    plans = await planning.moved(tx, found, starts_at, now)
    meeting.reason = reason[:REASON_MAX]
    end = (Thing.MEETING, meeting.id)
    audit.note(tx, end, "move", before=before.value, after=meeting.state.value, reason=reason)
    audit.note(
        tx, end, "move", before=was_at.isoformat(), after=starts_at.isoformat(), field="starts_at", reason=reason
    )
    await tx.flush()
    people = await telling.everybody(tx, found)
    replies = Replies(plan=plans) + await _told(tx, found, people)
    change = Change(meeting, council, was_at, standing.steps_of(meeting))
    return replies + Replies(answer=Answer(schedule_views.changed(change, _notes(found, now), len(people))))


async def _refuse_time(tx: Tx, council: Council, starts_at: datetime, found: Around, *, now: datetime) -> None:
    """Raises: Declined for a time that is over, or at which another meeting is planned."""
    if starts_at <= now:
        raise Declined(schedule_views.in_the_past(starts_at, found.zone), code="E-06")
    others = [each for each in await coming(tx, council.id) if each.id != found.meeting.id]
    if any(each.starts_at == starts_at for each in others):
        raise Declined(schedule_views.taken(council.name, starts_at, found.zone))


def _notes(found: Around, now: datetime) -> list[str]:
    """What is worth knowing about the new date."""
    on, calendar = found.meets_on, found.council.calendar
    notes = [] if is_office_day(on, calendar) else [schedule_views.day_off(on, holiday(calendar, on))]
    steps = standing.steps_of(found.meeting)
    if dates.CALL in steps and steps[dates.CALL] <= now:
        notes.append(schedule_views.hurried(steps, found.zone))
    return notes


# --- one more


async def special(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council special 17 Dec at:14:00 reason:"the flood"`: a meeting outside the rhythm."""
    council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    await standing.must_run(tx, event.by.person, council)
    keys, reason = event.command.keys, _reason(event)
    at = read_time(keys[AT]) if keys.get(AT) else council.at_time
    if at is None:
        raise Declined(schedule_views.NEEDS_TIME)
    if not event.command.dates or not reason:
        on = event.command.dates[0].isoformat() if event.command.dates else ""
        values = {TO: on, AT: f"{at:%H:%M}", WHY: reason}
        return Replies(answer=Answer(schedule_views.special_form(council, values)))
    return await _added(tx, council, datetime.combine(event.command.dates[0], at), reason=reason, now=now)


async def take_special(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    council = await setup.of_ids(tx, event)
    await standing.must_run(tx, event.by.person, council)
    on, at, errors = _day_and_time(event)
    if errors or on is None or at is None:
        form = schedule_views.special_form(council, event.values)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    return await _added(tx, council, datetime.combine(on, at), reason=event.values[WHY].strip(), now=now)


async def _added(tx: Tx, council: Council, slot: datetime, *, reason: str, now: datetime) -> Replies:
    kind = CouncilMeeting.Kind.SPECIAL
    if await meeting_at(tx, council.id, slot) is not None:
        found = Around(CouncilMeeting(id=0, council_id=council.id, slot=slot, starts_at=now), council)
        raise Declined(schedule_views.taken(council.name, instant(slot.date(), slot.time(), found.zone), found.zone))
    meeting, plans = await planning.plan_meeting(tx, council, slot, now, kind=kind)
    found = Around(meeting, council)
    await _refuse_time(tx, council, meeting.starts_at, found, now=now)
    meeting.reason = reason[:REASON_MAX]
    audit.note(tx, (Thing.MEETING, meeting.id), "plan", after=meeting.state.value, reason=reason)
    await tx.flush()
    people = await telling.everybody(tx, found)
    replies = Replies(plan=plans) + await _told(tx, found, people)
    change = Change(meeting, council, None, standing.steps_of(meeting))
    return replies + Replies(answer=Answer(schedule_views.changed(change, _notes(found, now), len(people))))


# --- on a day off


async def instead(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Move to Thu 7 Jan**: what was proposed."""
    found = await _of_ids(tx, event)
    if is_office_day(found.meets_on, found.council.calendar):
        return Replies(answer=Answer(schedule_views.holiday_settled(found.council, found.meeting)))
    local = found.meeting.starts_at.astimezone(found.zone)
    on = calling.proposed_instead(found)
    why = holiday(found.council.calendar, found.meets_on)
    reason = schedule_views.day_off(found.meets_on, why)
    return await _moved(tx, event.by, found, _at(found, on, local.time()), reason=reason, now=now)


async def keep(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Meet all the same**."""
    found = await _of_ids(tx, event)
    await standing.must_be(tx, event.by.person, found, standing.RUN_IT)
    return Replies(answer=Answer(schedule_views.kept(found.council, found.meeting), settles=True))


# --- which one, may they, who hears


async def _meant(event: Asked, tx: Tx) -> Around:
    council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    return await standing.meeting_on(tx, council, event.command.dates[0] if event.command.dates else None)


async def _of_ids(tx: Tx, event: Pressed | Submitted) -> Around:
    found = await standing.around(tx, event.number("meeting"))
    if found is None:
        raise Declined(old_button())
    return found


def _reason(event: Asked) -> str:
    command = event.command
    return (command.keys.get(WHY, "") or next(iter(command.quoted), "") or command.words).strip()


async def _may(tx: Tx, by: By, found: Around, verb: str) -> None:
    """Nobody else changes the meeting until this ends. Raises: Declined (E-03, E-05, E-20)."""
    await hold(tx, found.meeting)
    parts = await standing.parts_of(tx, by.person, found)
    name = f"The meeting of {found.council.name}"
    permitted(legal(rules.MOVES, verb, found.meeting.state, code=name, parts=parts), parts, code=name)

    async def now_is() -> str:
        return schedule_views.stands(found.meeting, found.zone)

    await not_overtaken(tx, (Thing.MEETING, found.meeting.id), found.meeting, code=name, now=now_is)


async def _as_seen(tx: Tx, event: Submitted, found: Around) -> None:
    """Raises: Declined (E-20) where somebody has moved the meeting, or called it off, since the form was opened."""
    await hold(tx, found.meeting)
    was = event.number(WAS)
    is_same = was == int(found.meeting.starts_at.timestamp()) and found.meeting.state is not State.CANCELLED
    changes = [each for each in await audit.newest(tx, (Thing.MEETING, found.meeting.id), 9) if each.by is not None]
    if is_same or not changes or changes[0].by == event.by.person.id:
        return
    person = await tx.need(Person, changes[0].by or 0)
    name = f"the meeting of {found.council.name}"
    words = work_views.overtaken(first_name(person), name, schedule_views.stands(found.meeting, found.zone))
    raise Declined(words, code="E-20")


async def _told(tx: Tx, found: Around, people: Sequence[Person]) -> Replies:
    """The seats and the rooms hear of it at once, at any hour; what shows the meeting is made anew."""
    (entry,) = await audit.newest(tx, (Thing.MEETING, found.meeting.id), 1)
    ids = planning.ids(found.meeting)
    mark = str(entry.id)
    shows = telling.to_people(found, telling.MOVED, people, mark=mark, ids=ids, urgent=True)
    shows += await telling.to_rooms(tx, found, telling.MOVED, mark=mark, ids=ids, urgent=True)
    refresh = (*planning.shown(found.meeting), *planning.shown(found.meeting, telling.HOLIDAY, telling.QUORUM))
    return Replies(show=shows, refresh=refresh)
