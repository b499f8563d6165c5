"""**Undo** in a meeting: of going on, with the clock; of what became of an item, and of a decision, while it can be."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.replies import Replies
from bot.council import planning
from bot.council import standing as council
from bot.decisions import views as decision_views
from bot.decisions.standing import RECORD_IS_OPEN
from bot.meeting import clock, reply_views, rules, standing
from storage import audit, meetings, undo
from storage.agenda import OPEN, AgendaItem
from storage.audit import AuditEvent
from storage.decisions import Decision, decisions_of
from storage.events import EventSeen
from storage.links import Thing
from storage.meetings import CouncilMeeting
from storage.tx import Tx

_IN_MINUTES = ("decide", "ratify")
_ISSUED = tuple(each for each in meetings.OVER if each not in RECORD_IS_OPEN)


async def must_stand(tx: Tx, event_id: int) -> None:
    """Raises: Declined (E-05, E-20) where a meeting has gone on since the event that is to be taken back."""
    done = await tx.get(EventSeen, event_id)
    if done is None or done.undone_at is not None or not await undo.made_by(tx, event_id, tx.acting.by or 0):
        return
    await _step_must_stand(tx, event_id)
    for each in await audit.of_event(tx, event_id):
        if each.thing is Thing.DECISION:
            await _record_must_be_open(tx, await tx.get(Decision, each.thing_id), each.verb)
    for number, before in (await undo.states_before(tx, event_id, AgendaItem)).items():
        item = await tx.get(AgendaItem, number)
        if item is not None and before["state"] in OPEN:
            await _may_open_again(tx, event_id, item, before["meeting_id"])


async def _step_must_stand(tx: Tx, event_id: int) -> None:
    """Raises: Declined (E-05, E-20) where the meeting has been taken on since."""
    step = await _step_of(tx, event_id)
    if step is None:
        return
    found = await council.around(tx, step.thing_id)
    newest = await meetings.newest_step(tx, step.thing_id)
    if found is None or newest is None:
        return
    await meetings.hold(tx, found.meeting)
    if newest.id != step.id and newest.verb == meetings.GO_ON:
        raise Declined(reply_views.gone_on_since(step.before, found.meeting.section), code="E-20")
    standing.must_stand(found, (CouncilMeeting.State.IN_SESSION,), "taken back")


async def _record_must_be_open(tx: Tx, row: Decision | None, verb: str) -> None:
    """What the minutes say of a decision stays. Raises: Declined (E-05)."""
    number = None if row is None else row.ratified_in if verb == "ratify" else row.meeting_id
    found = None if number is None or verb not in _IN_MINUTES else await council.around(tx, number)
    if row is not None and found is not None and found.meeting.state in _ISSUED:
        raise Declined(decision_views.in_the_minutes(row, found.meets_on), code="E-05")


async def _may_open_again(tx: Tx, event_id: int, item: AgendaItem, meeting_id: int) -> None:
    """An item is opened again only while its meeting runs, and where no other decision stands at it.

    Raises: Declined (E-05, E-20).
    """
    found = await council.around(tx, meeting_id)
    made = [each.thing_id for each in await audit.of_event(tx, event_id) if each.thing is Thing.DECISION]
    if found is not None and found.meeting.state in meetings.OVER:
        row = await tx.get(Decision, made[0]) if made else None
        raise Declined(reply_views.stays_settled(standing.name_of(found), item, row), code="E-05")
    others = [each for each in await decisions_of(tx, meeting_id) if each.item_id == item.id and each.id not in made]
    if made and others:
        raise Declined(reply_views.decided_again(item, others[-1].code), code="E-20")


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
