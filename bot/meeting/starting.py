"""A meeting is started: in its time, or after it where the council met without the bot, to be recorded afterwards.

Source: domain.md 2.3, 3.2 (`/council start`), 4.12.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from bot.agenda import publishing
from bot.agenda.documents import agenda_in
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.localtime import instant, today_in
from bot.chat.replies import NOTHING, Answer, Replies
from bot.council import dates, planning, telling
from bot.council import rules as council_rules
from bot.council import standing as council
from bot.council.standing import Around
from bot.huddles.setup_rules import read_time
from bot.meeting import arriving, clock, moving, reply_views, rules, running, standing
from storage import audit, meetings
from storage.agenda import AgendaItem, newest_edition
from storage.links import Thing
from storage.meetings import RECORDED, Attendance, CouncilMeeting
from storage.people import Person
from storage.tx import Tx

AT, NOW = "at", "now"
State = CouncilMeeting.State
WITHIN = timedelta(days=400)  # a meeting that nobody started is found by its day


@dataclass(frozen=True, slots=True)
class Beginning:
    """A meeting that somebody starts, or says afterwards to have begun then, and the state to which that leads."""

    found: Around
    opener: Person
    target: State
    at: datetime
    now: datetime


async def start(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/council start`, `/council start at:10:05`, `/council start 3 Dec at:10:05`.

    A meeting that is hours away is asked about once more; of one whose time is over it is asked whether it was held.
    """
    found = await _meant(event, tx, now)
    meeting, name = found.meeting, standing.name_of(found)
    is_off = await meetings.was_unopened(tx, meeting)
    target = standing.legal(found, "record" if is_off else "start")
    await _is_only_one(tx, found, now)
    began_at = _began_at(event, found, now)
    if isinstance(event, Asked) and meeting.starts_at - now > rules.FAR_AHEAD:
        if began_at is not None:
            raise Declined(reply_views.still_to_come(name), code="E-06")
        missed = await meetings.unopened(tx, found.council.id, until=now)
        return Replies(answer=Answer(reply_views.really(name, meeting, missed, found.zone)))
    is_over = is_off or now >= meeting.ends_at
    if is_over and began_at is None and not (isinstance(event, Pressed) and event.ids.get(NOW)):
        return Replies(answer=Answer(reply_views.met_already(name, meeting, found.zone, may_begin=not is_off)))
    beginning = Beginning(found, event.by.person, target, began_at or now, now)
    return await (_started if began_at is None or not is_over else _recorded)(tx, beginning)


async def _meant(event: Asked | Pressed, tx: Tx, now: datetime) -> Around:
    """The meeting of a button, of the day that was typed, or the next one; held. Raises: Declined (E-03, E-04)."""
    on = next(iter(event.command.dates), None) if isinstance(event, Asked) else None
    if not isinstance(event, Asked) or on is None:
        return await standing.run_by(event, tx)
    of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    off = [Around(each, of) for each in await meetings.called_off(tx, of.id, after=now - WITHIN)]
    found = next((each for each in off if each.meets_on == on and each.meeting.starts_at <= now), None)
    found = found or await council.meeting_on(tx, of, on)
    await meetings.hold(tx, found.meeting)
    await standing.must_run(tx, event.by.person, found)
    return found


def _began_at(event: Asked | Pressed, found: Around, now: datetime) -> datetime | None:
    """When it began, as typed or pressed; None where nothing was said. Raises: Declined (E-06)."""
    if isinstance(event, Pressed):
        return found.meeting.starts_at if event.ids.get(AT) else None
    return told_at(event, found, now)


def told_at(event: Asked, found: Around, now: datetime) -> datetime | None:
    """What `at:10:05` means: the first such time of a meeting, after midnight too where it can last so long.

    None where nothing was said. Raises: Declined (E-06).
    """
    said = event.command.keys.get(AT, "")
    if not said:
        return None
    at: time | None = read_time(said)
    if at is None:
        raise Declined(reply_views.no_time(said), code="E-06")
    since = rules.possible_from(found.meeting)
    on = today_in(found.zone, since)
    told = instant(on, at, found.zone)
    if told < since:
        told = instant(on + timedelta(days=1), at, found.zone)
        if told > rules.possible_until(found.meeting):
            raise Declined(reply_views.before_it_began(found.meeting, found.zone), code="E-06")
    if told > now:
        raise Declined(reply_views.not_yet(told, found.zone), code="E-06")
    return told


async def _is_only_one(tx: Tx, found: Around, now: datetime) -> None:
    """Raises: Declined (E-05) while the council holds another meeting."""
    other = await meetings.on_now(tx, found.council.id)
    if other is None or other.id == found.meeting.id:
        return
    around = Around(other, found.council)
    if other.starts_at > found.meeting.starts_at and now >= found.meeting.ends_at:
        raise Declined(reply_views.met_since(standing.name_of(found), around.meets_on), code="E-05")
    raise Declined(reply_views.another_is_on(standing.name_of(around)), code="E-05")


# --- in its time


async def _started(tx: Tx, beginning: Beginning) -> Replies:
    found = beginning.found
    told = await _published(tx, beginning)
    plans = await _opened(tx, beginning)
    scene = await standing.scene(tx, found, beginning.now, person=beginning.opener)
    every = await running.shows(tx, found)
    answer = Answer(reply_views.started(scene))
    return told + Replies(answer=answer, show=every, refresh=running.all_shown(found)) + plans


async def _published(tx: Tx, beginning: Beginning) -> Replies:
    """A meeting has an agenda: one that nobody published is published when the meeting is started."""
    if beginning.found.meeting.state is State.PUBLISHED:
        return NOTHING
    _, told = await publishing.published(tx, beginning.found, beginning.now, by=beginning.opener.id)
    return Replies(show=told.show, refresh=told.refresh, plan=told.plan)


async def _opened(tx: Tx, beginning: Beginning) -> Replies:
    """It is on; the quorum is that of the seats which are filled now. Source: domain.md 4.12."""
    found, meeting, at = beginning.found, beginning.found.meeting, beginning.at
    filled = council_rules.voting(await council.all_seats(tx, found.council), found.council)
    meeting.quorum_filled = len(filled)
    meeting.quorum_needed = council_rules.quorum_needed(len(filled), found.council)
    await clock.give_minutes(tx, found, beginning.now)
    before = meeting.state
    meeting.state, meeting.opened_at = beginning.target, at
    # The record names who ran it, whoever runs the council later.
    meeting.chair_id, meeting.secretary_id = found.chair_id, found.secretary_id
    audit.note(tx, (Thing.MEETING, meeting.id), "start", before=before.value, after=meeting.state.value)
    await _expected(tx, found, beginning.opener, at)
    return Replies(plan=await moving.go(tx, found, rules.Stop(1), at))


async def _expected(tx: Tx, found: Around, opener: Person, at: datetime) -> None:
    """Apologies stand as they were sent; who opens the meeting and has a seat is there."""
    for each in (await planning.expect_seats(tx, found)).values():
        if each.rsvp is Attendance.Rsvp.NO and each.status is Attendance.Status.EXPECTED:
            each.status = Attendance.Status.APOLOGIES
    own = [each for each in await arriving.claims_of(tx, found, opener) if not each.is_deputy]
    for claim in own:
        await arriving.arrive(tx, found, claim, opener, now=at)
    await tx.flush()


# --- afterwards


async def _recorded(tx: Tx, beginning: Beginning) -> Replies:
    """They met without the bot: who was there and what was decided is written down now, and no clock runs.

    The rooms hear nothing of it before the minutes. Raises: Declined (E-05) where the council has met since.
    """
    found, meeting, now = beginning.found, beginning.found.meeting, beginning.now
    await _is_last(tx, found)
    if meeting.state is State.CANCELLED:
        await _brought_back(tx, found)
    else:
        await _published(tx, beginning)
    meeting.steps = meeting.steps | {RECORDED: now.isoformat()}
    meeting.reason = ""
    closes_at = now + timedelta(minutes=meeting.length_min) + dates.LEFT_OPEN_AFTER
    plans = planning.set_steps(meeting, {dates.LEFT_OPEN: closes_at}, now)
    opened = await _opened(tx, beginning)
    own = telling.to_people(found, rules.CHAIR, await standing.runners(tx, found), urgent=True)
    answer = Answer(reply_views.recording(await standing.scene(tx, found, now, person=beginning.opener)))
    refresh = (*running.all_shown(found), *planning.shown(meeting, telling.MOVED))
    return opened + Replies(answer=answer, show=own, plan=plans, refresh=refresh)


async def _is_last(tx: Tx, found: Around) -> None:
    """Raises: Declined (E-05) where a later meeting was held."""
    last = await meetings.newest_held(tx, found.council.id)
    if last is not None and last.starts_at > found.meeting.starts_at:
        since = Around(last, found.council).meets_on
        raise Declined(reply_views.met_since(standing.name_of(found), since), code="E-05")


async def _brought_back(tx: Tx, found: Around) -> None:
    """What stood on its agenda and went on to the next one, and was not published there, stands on it again."""
    edition = await newest_edition(tx, found.meeting.id)
    if edition is None:
        return
    stood = {each.id: each for each in agenda_in(edition.content).items if each.id}
    waits = (AgendaItem.State.SUBMITTED, AgendaItem.State.ACCEPTED)
    rows = select(AgendaItem).where(col(AgendaItem.id).in_(stood), AgendaItem.meeting_id != found.meeting.id)
    for item in await tx.all(rows.where(col(AgendaItem.state).in_(waits))):
        before = item.state
        item.meeting_id, item.section, item.seq = found.meeting.id, stood[item.id].section, stood[item.id].seq
        item.state = AgendaItem.State.PUBLISHED
        end = (Thing.AGENDA_ITEM, item.id)
        audit.note(tx, end, "publish", before=before.value, after=item.state.value)
    await tx.flush()
