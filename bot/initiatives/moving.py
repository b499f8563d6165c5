"""`/initiative start, pause, deliver, close, stop, drop`: from one state to the next."""

from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Replies
from bot.initiatives import asking, finding, reply_views, rules
from bot.initiatives.asking import Step
from bot.initiatives.rules import INITIATIVE_MOVES, State
from bot.work.rules import verbs_from
from storage import audit, portfolio
from storage.audit import AuditEvent
from storage.initiatives import Initiative, Milestone
from storage.links import Thing
from storage.tx import Tx

_NOT_YET = (State.IDEA, State.SCORED, State.RANKED, State.CHARTERED)


async def start(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Raises: Declined (E-08) with all that is missing, also before it is approved."""
    initiative = await asking.the_initiative(tx, event)
    if initiative.state in _NOT_YET:
        await _need_nothing(tx, event, initiative, now)
    going = await asking.step(tx, event.by, initiative, verb="start", now=now)
    await portfolio.one_at_a_time(tx)  # two that start at once must not both take the last place
    await _need_nothing(tx, event, initiative, now)
    going.to_target(reason=asking.reason_of(event))
    initiative.starts_on = initiative.starts_on or going.today
    return await going.told(reply_views.moved(initiative))


async def _need_nothing(tx: Tx, event: Asked, initiative: Initiative, now: datetime) -> None:
    missing = rules.missing(await finding.ready(tx, initiative, finding.today_of(event.by.person, now)))
    if missing:
        ways = [each for each in verbs_from(rules.by_people(INITIATIVE_MOVES), initiative.state) if each != "start"]
        raise Declined(reply_views.cannot_start(initiative, missing, ways), code="E-08")


async def pause(event: Asked, tx: Tx, now: datetime) -> Replies:
    """It rests, for a reason."""
    going = await _going(event, tx, "pause", now)
    return await going.told(reply_views.moved(going.initiative))


async def deliver(event: Asked, tx: Tx, now: datetime) -> Replies:
    """The work is done; whether it helped shows later."""
    going = await _going(event, tx, "deliver", now)
    going.initiative.delivered_at = now
    return await going.told(reply_views.moved(going.initiative))


async def close(event: Asked, tx: Tx, now: datetime) -> Replies:
    """With a number from before and one from after, or marked for good as not measured."""
    going = await _going(event, tx, "close", now)
    initiative = going.initiative
    initiative.impact_measured = await _was_measured(going)
    notes = () if initiative.impact_measured else (reply_views.IMPACT_UNKNOWN,)
    return await going.told(reply_views.moved(initiative, *notes))


async def stop(event: Asked, tx: Tx, now: datetime) -> Replies:
    """The sponsor ends it early."""
    return await _ended(await _going(event, tx, "stop", now), asking.reason_of(event))


async def drop(event: Asked, tx: Tx, now: datetime) -> Replies:
    """It does not come about."""
    return await _ended(await _going(event, tx, "drop", now), asking.reason_of(event))


async def _going(event: Asked, tx: Tx, verb: str, now: datetime) -> Step:
    initiative = await asking.the_initiative(tx, event)
    going = await asking.step(tx, event.by, initiative, verb=verb, now=now)
    reason = asking.reason_of(event)
    asking.need_reason(going.move, initiative, reason)
    going.to_target(reason=reason)
    return going


async def _ended(going: Step, reason: str) -> Replies:
    """What was still to come of it is called off."""
    planned = select(Milestone).where(
        Milestone.initiative_id == going.initiative.id,
        col(Milestone.state).in_([Milestone.State.PLANNED, Milestone.State.CLAIMED]),
    )
    for each in await going.tx.all(planned):
        end = (Thing.MILESTONE, each.id)
        after = Milestone.State.CANCELLED
        audit.note(going.tx, end, "cancel", before=each.state.value, after=after.value, reason=reason)
        each.state, each.reason = after, reason
    return await going.told(reply_views.moved(going.initiative))


async def _was_measured(going: Step) -> bool:
    initiative = going.initiative
    started = await _started_at(going.tx, initiative)
    if started is None or initiative.delivered_at is None:
        return False
    _, measures = await portfolio.served_by(going.tx, initiative.id)
    return await portfolio.was_measured(
        going.tx, [each.id for each in measures], before=started.date(), after=initiative.delivered_at.date()
    )


async def _started_at(tx: Tx, initiative: Initiative) -> datetime | None:
    """When it first began."""
    mine = (AuditEvent.thing == Thing.INITIATIVE, AuditEvent.thing_id == initiative.id, AuditEvent.verb == "start")
    return await tx.first(select(AuditEvent.at).where(*mine).order_by(col(AuditEvent.id)))
