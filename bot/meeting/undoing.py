"""**Undo** of going on: a meeting is where it was, and the clock there runs as if it had never been left."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.replies import Replies
from bot.council import planning
from bot.council import standing as council
from bot.meeting import clock, reply_views, rules, standing
from storage import audit, meetings
from storage.audit import AuditEvent
from storage.links import Thing
from storage.meetings import CouncilMeeting
from storage.tx import Tx


async def must_stand(tx: Tx, event_id: int) -> None:
    """Raises: Declined (E-05, E-20) where a meeting has gone on since the event that is to be taken back."""
    step = await _step_of(tx, event_id)
    if step is None or step.by != tx.acting.by:
        return
    found = await council.around(tx, step.thing_id)
    newest = await meetings.newest_step(tx, step.thing_id)
    if found is None or newest is None:
        return
    await meetings.hold(tx, found.meeting)
    if newest.id != step.id and newest.verb == meetings.GO_ON:
        raise Declined(reply_views.gone_on_since(step.before, found.meeting.section), code="E-20")
    standing.must_stand(found, (CouncilMeeting.State.IN_SESSION,), "taken back")


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What the clock says next where the meeting is again, and what shows the meeting."""
    step = await _step_of(tx, event_id)
    found = None if step is None else await council.around(tx, step.thing_id)
    if found is None:
        return Replies()
    refresh = planning.shown(found.meeting, rules.ROOM, rules.CHAIR)
    return Replies(plan=await clock.steps(tx, found, now), refresh=refresh)


async def _step_of(tx: Tx, event_id: int) -> AuditEvent | None:
    """The step that an event made."""
    deeds = await audit.of_event(tx, event_id)
    mine = (each for each in deeds if each.thing is Thing.MEETING and each.field == meetings.WENT_ON)
    return next((each for each in mine if each.verb == meetings.GO_ON), None)
