"""What the clock makes of a meeting that nobody ended, and of one that nobody started. Source: domain.md 2.3, S2-15."""

from collections.abc import Sequence
from datetime import datetime

from bot.agenda import settling as agenda
from bot.chat.events import Due
from bot.chat.replies import Replies
from bot.council import calling, planning, rehoming, scheduling, telling
from bot.council import standing as council
from bot.council.standing import Around
from bot.meeting import close_views, closing, moving, rules, running, standing
from storage import audit, meetings
from storage.links import Thing
from storage.meetings import RUNNING, TO_COME
from storage.people import Person
from storage.tx import Tx


async def begins(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-26: with the card of the meeting in its rooms, who runs it has the card to start it."""
    told = await calling.start(event, tx, now)
    found = await council.around(tx, event.subject_id)
    if told.skipped or found is None:
        return told
    own = telling.to_people(found, rules.CHAIR, await standing.runners(tx, found), urgent=True)
    return told + Replies(show=own)


async def left_open(event: Due, tx: Tx, now: datetime) -> Replies:
    """Hours after its planned end: what is open goes to the next meeting, and this one is over."""
    found = await council.due(event, tx)
    if found is None:
        return Replies(skipped=True)
    await meetings.hold(tx, found.meeting)
    if found.meeting.state in TO_COME:
        # Where the bot was away, they may have met without it: only who runs it hears.
        people = await (council.run_by if event.late else telling.everybody)(tx, found)
        return await _not_held(tx, found, people, now)
    if found.meeting.state not in RUNNING:
        return Replies(skipped=True)
    return await _ended_by_schedule(tx, found, now)


async def _ended_by_schedule(tx: Tx, found: Around, now: datetime) -> Replies:
    """Nobody is there to choose, so even what was put off twice is put off once more."""
    target = standing.legal(found, "end")
    await moving.note_by_consent(tx, found, now)
    every = await agenda.open_at_close(tx, found)
    for each in every:
        await agenda.defer(tx, found, each, rules.LOST_SIGHT_OF, now, by_schedule=True)
    told = await closing.adjourned(tx, found, target, now)
    return told + Replies(show=await running.shows(tx, found), outcome=close_views.by_schedule(len(every)))


async def _not_held(tx: Tx, found: Around, people: Sequence[Person], now: datetime) -> Replies:
    """Nobody started it; what was proposed for it goes to the next one, as when somebody calls a meeting off."""
    meeting = found.meeting
    before, meeting.state = meeting.state, standing.legal(found, "cancel")
    meeting.reason = close_views.NOT_OPENED
    end = (Thing.MEETING, meeting.id)
    audit.note(tx, end, "cancel", before=before.value, after=meeting.state.value, reason=meeting.reason)
    await tx.flush()
    ahead = await planning.plan_ahead(tx, found.council, now)
    await rehoming.to_next(tx, found)
    missed = await scheduling.missed_twice(tx, found)
    told = telling.to_people(found, telling.MOVED, people, mark="unopened")
    return ahead + Replies(show=told + missed, refresh=running.all_shown(found), outcome=close_views.NOT_OPENED)
