"""It is reached: the owner says so, a second person accepts it or not yet; or it is not needed any more."""

from datetime import datetime

from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.milestones import doing, form_views, message_views, pushing, reply_views, rules, standing, telling
from bot.milestones.doing import Step
from bot.milestones.moving import missing_reason
from bot.people.rules import first_name
from bot.work import handlers as work
from storage import audit
from storage.initiatives import Milestone, MilestoneAsk
from storage.tx import Tx


async def done(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones done M-31 evidence:"live on 40 desks"`; without evidence a form asks for it."""
    milestone = await doing.coded(tx, event)
    evidence = (event.command.keys.get("evidence", "") or event.command.title).strip()
    if not evidence:
        await doing.step(tx, event.by, milestone, "done", now=now)
        return Replies(answer=Answer(form_views.done(milestone, {})))
    return await claim(tx, event.by, milestone, evidence, now=now)


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Done**: the form."""
    milestone = await doing.meant(tx, event)
    await doing.step(tx, event.by, milestone, "done", now=now)
    return Replies(answer=Answer(form_views.done(milestone, {})))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """What shows that it is reached."""
    milestone = await doing.meant(tx, event)
    evidence = event.values.get(form_views.EVIDENCE, "").strip()
    if not evidence:
        form = form_views.done(milestone, {}).refused(event.values, {form_views.EVIDENCE: form_views.PLEASE_WRITE})
        return Replies(answer=Answer(form))
    return await claim(tx, event.by, milestone, evidence, now=now)


async def claim(tx: Tx, by: By, milestone: Milestone, evidence: str, *, now: datetime) -> Replies:
    """The owner's word, and a second person is asked. Raises: Declined."""
    going = await doing.step(tx, by, milestone, "done", now=now)
    if milestone.owner_id != by.person.id:  # nobody is there who could: it is theirs from now on
        milestone.owner_id = by.person.id
        audit.note(tx, going.end, "assign", field="owner_id", after=first_name(by.person))
    milestone.evidence = work.at_most(rules.EVIDENCE_MAX, evidence, "That evidence")
    stale = _no_proposal(milestone)
    milestone.claimed_on = going.today
    going.to_target(reason=evidence)
    replies = await telling.followed(tx, milestone, by.person)
    replies += await telling.answered(tx, milestone, MilestoneAsk.Answer.DONE, by=by.person, now=now)
    people, asked = await telling.claimed(tx, milestone)
    pushed = await pushing.push(tx, milestone)
    card = reply_views.claimed(milestone, first_name(people[0]) if people else "")
    return replies + asked + stale + pushed.replies + Replies(answer=Answer(card))


def _no_proposal(milestone: Milestone) -> Replies:
    """What is reached needs no other date."""
    on, milestone.proposed_on, milestone.proposed_because_of = milestone.proposed_on, None, None
    return Replies() if on is None else Replies(refresh=(telling.refresh_push(milestone, on),))


async def accept(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Accept**: it is achieved, on the day on which somebody else than its owner says so."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "accept", now=now)
    if not doing.is_read(event, milestone):
        return await _newer(going)
    milestone.actual_on, milestone.accepted_by = going.today, event.by.person.id
    going.to_target()
    owner = await standing.told_of(tx, milestone)
    card = reply_views.accepted(milestone, first_name(owner) if owner and owner.id != event.by.person.id else "")
    return await _settled(going) + Replies(answer=Answer(card))


async def ask_why_not(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Not yet**: the form that asks what is missing."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "reject", now=now)
    if not doing.is_read(event, milestone):
        return await _newer(going)
    return Replies(answer=Answer(form_views.reason(milestone, "reject", {})))


async def _newer(going: Step) -> Replies:
    """E-20: it was claimed anew since that card was shown, and this is the card of now."""
    seen = await standing.one(going.tx, going.milestone, going.today)
    return Replies(answer=Answer(message_views.newer(message_views.claim(seen), going.milestone)))


async def reject(event: Asked | Submitted, tx: Tx, now: datetime) -> Replies:
    """**Not yet**: it is planned again."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "reject", now=now)
    reason = doing.reason_in(event)
    if not reason:
        return missing_reason(event, milestone, "reject")
    milestone.claimed_on = None
    going.to_target(reason=reason)
    owner = await standing.told_of(tx, milestone)
    card = reply_views.rejected(milestone, first_name(owner) if owner else "")
    return await _settled(going) + Replies(answer=Answer(card))


async def waive(event: Asked | Submitted, tx: Tx, now: datetime) -> Replies:
    """`/milestones waive M-31 "the supplier does it"`: the sponsor says that it is not needed."""
    milestone = await doing.meant(tx, event)
    return await _ended(event, tx, milestone, "waive", now=now)


async def cancel(event: Asked | Submitted, tx: Tx, now: datetime) -> Replies:
    """`/milestones cancel M-31 "the initiative is off"`."""
    milestone = await doing.meant(tx, event)
    return await _ended(event, tx, milestone, "cancel", now=now)


async def _ended(event: Asked | Submitted, tx: Tx, milestone: Milestone, verb: str, *, now: datetime) -> Replies:
    going = await doing.step(tx, event.by, milestone, verb, now=now)
    reason = doing.reason_in(event)
    if not reason:
        return missing_reason(event, milestone, verb)
    stale = _no_proposal(milestone)
    milestone.reason = reason
    going.to_target(reason=reason)
    card = reply_views.waived(milestone) if verb == "waive" else reply_views.cancelled(milestone)
    return await _settled(going) + stale + Replies(answer=Answer(card))


async def _settled(going: Step) -> Replies:
    """News, and another look at what waits for it."""
    replies = await telling.followed(going.tx, going.milestone, going.by.person)
    pushed = await pushing.push(going.tx, going.milestone)
    return replies + pushed.replies
