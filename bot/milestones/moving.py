"""Another forecast: `/milestones move`, and a proposed date that is taken over or not."""

from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.milestones import doing, form_views, message_views, pushing, reply_views, standing, telling
from bot.milestones.doing import Step
from bot.people.rules import works_on
from bot.work.rules import day_in
from storage.initiatives import Milestone, MilestoneAsk
from storage.organisations import organisation_of
from storage.people import Person
from storage.tx import Tx


async def move(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones move M-31 8 Jan reason:"supplier late"`; what is missing is asked in a form."""
    milestone = await doing.coded(tx, event)
    reason = doing.reason_in(event)
    if not event.command.dates or not reason:
        await doing.step(tx, event.by, milestone, "move", now=now)
        on = event.command.dates[0].isoformat() if event.command.dates else ""
        return Replies(answer=Answer(form_views.move(milestone, {form_views.DUE: on, form_views.WHY: reason})))
    return await to(tx, event.by, milestone, event.command.dates[0], reason=reason, now=now)


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**New date**: the form."""
    milestone = await doing.meant(tx, event)
    await doing.step(tx, event.by, milestone, "move", now=now)
    return Replies(answer=Answer(form_views.move(milestone, {})))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of a new date."""
    milestone = await doing.meant(tx, event)
    on, errors = read_form(event)
    if on is None or errors:
        return Replies(answer=Answer(form_views.move(milestone, {}).refused(event.values, errors)))
    return await to(tx, event.by, milestone, on, reason=doing.reason_in(event), now=now)


def read_form(event: Submitted) -> tuple[date | None, dict[str, str]]:
    """The day that was chosen, and what is missing."""
    errors: dict[str, str] = {}
    on = day_in(event.values.get(form_views.DUE, ""))
    if on is None:
        errors[form_views.DUE] = form_views.NEEDS_DATE
    if not event.values.get(form_views.WHY, "").strip():
        errors[form_views.WHY] = form_views.PLEASE_WRITE
    return on, errors


async def to(tx: Tx, by: By, milestone: Milestone, on: date, *, reason: str, now: datetime) -> Replies:
    """Moves the forecast; the answer says the slip and what it pushes. Raises: Declined."""
    going = await doing.step(tx, by, milestone, "move", now=now)
    if on < going.today:
        raise Declined(reply_views.in_the_past(on), code="E-06")
    if on == milestone.forecast_on and milestone.proposed_on is None:
        raise Declined(reply_views.same_date(milestone))
    was = milestone.forecast_on
    going.note("forecast_on", was, on, reason=reason)
    notes = await day_off(tx, milestone.owner_id, on)
    pushed, replies = await _expected(going, on, reason)
    because = await tx.get(Milestone, milestone.proposed_because_of) if milestone.proposed_because_of else None
    notes += [reply_views.still_waits(milestone, because)] if because else []
    replies += await telling.answered(tx, milestone, MilestoneAsk.Answer.LATE, by=by.person, now=now)
    card = reply_views.moved(milestone, was, notes=notes, pushed=pushed.milestones, owners=pushed.owners)
    return replies + Replies(answer=Answer(card))


async def _expected(going: Step, on: date, reason: str) -> tuple[pushing.Pushed, Replies]:
    """The new forecast, news of it, and what follows for those that wait for it."""
    tx, milestone = going.tx, going.milestone
    stale, known_on = _proposal(milestone), milestone.proposed_on
    milestone.forecast_on, milestone.reason = on, reason
    milestone.proposed_on = milestone.proposed_because_of = None
    replies = await telling.followed(tx, milestone, going.by.person)
    pushed = await pushing.push(tx, milestone, known_on=known_on)
    return pushed, replies + pushed.replies + stale


def _proposal(milestone: Milestone) -> Replies:
    """The message about the date that was proposed, made anew."""
    if milestone.proposed_on is None:
        return Replies()
    return Replies(refresh=(telling.refresh_push(milestone, milestone.proposed_on),))


async def day_off(tx: Tx, owner_id: int | None, on: date) -> list[str]:
    """A note where the owner does not work on a day; the date is kept."""
    owner = None if owner_id is None else await tx.get(Person, owner_id)
    if owner is None or works_on(owner, on, (await organisation_of(tx)).calendar):
        return []
    return [reply_views.not_working(on)]


# --- a proposed date


async def take(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Take it over**: what was proposed is the forecast."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "take", now=now)
    if milestone.proposed_on is None:
        raise Declined(reply_views.nothing_proposed(milestone), code="E-05")
    because = await tx.get(Milestone, milestone.proposed_because_of or 0)
    if not doing.is_read(event, milestone):
        return await _newer(going, milestone.proposed_on, because)
    going.note("forecast_on", milestone.forecast_on, milestone.proposed_on)
    reason = reply_views.waits_for(because) if because else ""
    pushed, replies = await _expected(going, milestone.proposed_on, reason)
    card = reply_views.taken(milestone, pushed=pushed.milestones, owners=pushed.owners)
    return replies + Replies(answer=Answer(card))


async def _newer(going: Step, on: date, because: Milestone | None) -> Replies:
    """E-20: another date is proposed since that card was shown, and this is the card of now."""
    seen = await standing.one(going.tx, going.milestone, going.today)
    return Replies(answer=Answer(message_views.newer(message_views.push(seen, on, because), going.milestone)))


async def ask_why(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Keep mine**: the form that asks why."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "keep", now=now)
    if milestone.proposed_on is None:
        raise Declined(reply_views.nothing_proposed(milestone), code="E-05")
    if not doing.is_read(event, milestone):
        because = await tx.get(Milestone, milestone.proposed_because_of or 0)
        return await _newer(going, milestone.proposed_on, because)
    return Replies(answer=Answer(form_views.reason(milestone, "keep", {})))


async def keep(event: Asked | Submitted, tx: Tx, now: datetime) -> Replies:
    """The owner sees a way to keep the date."""
    milestone = await doing.meant(tx, event)
    going = await doing.step(tx, event.by, milestone, "keep", now=now)
    if milestone.proposed_on is None:
        raise Declined(reply_views.nothing_proposed(milestone), code="E-05")
    reason = doing.reason_in(event)
    if not reason:
        return missing_reason(event, milestone, "keep")
    stale = _proposal(milestone)
    going.note("proposed_on", milestone.proposed_on, milestone.forecast_on, reason=reason)
    milestone.proposed_on = milestone.proposed_because_of = None
    replies = await telling.followed(tx, milestone, event.by.person)
    pushed = await pushing.push(tx, milestone, but=milestone.id)
    card = reply_views.kept(milestone, reason, pushed=pushed.milestones, owners=pushed.owners)
    return replies + pushed.replies + stale + Replies(answer=Answer(card))


def missing_reason(event: Asked | Submitted, milestone: Milestone, verb: str) -> Replies:
    """The form that asks why, refused where it was sent without a word."""
    form = form_views.reason(milestone, verb, {})
    if isinstance(event, Submitted):
        form = form.refused(event.values, {form_views.WHY: form_views.PLEASE_WRITE})
    return Replies(answer=Answer(form))


# --- the baseline


async def rebaseline(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/milestones rebaseline M-31 [8 Jan] reason:"…"`: without a date the forecast becomes the baseline."""
    milestone = await doing.coded(tx, event)
    going = await doing.step(tx, event.by, milestone, "rebaseline", now=now)
    was = milestone.baseline_on
    if was is None:
        raise Declined(reply_views.no_baseline(milestone))
    on = event.command.dates[0] if event.command.dates else milestone.forecast_on
    reason = doing.reason_in(event)
    if not reason:
        raise Declined(reply_views.needs_reason(milestone, on))
    if on == was:
        raise Declined(reply_views.same_baseline(milestone))
    going.note("baseline_on", was, on, reason=reason)
    milestone.baseline_on = on
    milestone.rebaselined += 1
    replies = await telling.followed(tx, milestone, event.by.person)
    return replies + Replies(answer=Answer(reply_views.baseline_moved(milestone, was)))
