"""Everything about milestones: verb, button, form or view -> its function."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Replies
from bot.chat.routing import Command, Handler, Projection
from bot.milestones import (
    adding,
    asking,
    assigning,
    claiming,
    doing,
    form_views,
    listing,
    moving,
    phases,
    projections,
    pushing,
    telling,
)
from storage.tx import Tx

COMMANDS: tuple[Command, ...] = (
    Command(
        Usage("milestones", choices=listing.CHOICES, keys=("team", "due"), codes=("I", "M"), people=True),
        "Milestones: yours, of an initiative or a team; what is late and what comes next",
        listing.show,
        example="/milestones I-1 overdue",
        also="/milestones due:30d",
    ),
    Command(
        Usage(
            "milestones add",
            rest=Rest.WORDS,
            keys=("due", "owner", "phase", "after", "days"),
            codes=("I", "M"),
            people=True,
            dates=True,
            plain=False,
        ),
        "Add a milestone to an initiative",
        adding.add,
        example='/milestones add I-1 "Script live" due:18 Dec owner:@Ann after:M-30 days:10',
        also='/milestones add I-1 "40 desks trained" due:15 Jan',
    ),
    Command(
        Usage("milestones move", rest=Rest.WORDS, keys=("reason",), codes=("M",), dates=True, plain=False),
        "Say when it is expected now, and why",
        moving.move,
        example='/milestones move M-31 8 Jan reason:"supplier late"',
        also="/milestones move M-32 19 Jan the trainer is ill",
    ),
    Command(
        Usage("milestones done", rest=Rest.WORDS, keys=("evidence",), codes=("M",), plain=False),
        "Say that yours is reached; a second person accepts it",
        claiming.done,
        example='/milestones done M-31 evidence:"live on 40 desks"',
        also="/milestones done M-32",
    ),
    Command(
        Usage("milestones accept", codes=("M",), plain=False),
        "Accept that one is reached",
        claiming.accept,
        example="/milestones accept M-31",
        also="/milestones accept M-32",
    ),
    Command(
        Usage("milestones reject", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Say what is still missing",
        claiming.reject,
        example='/milestones reject M-31 "8 desks to go"',
        also="/milestones reject M-32 two rooms are missing",
    ),
    Command(
        Usage("milestones ask", codes=("I", "M"), people=True, plain=False),
        "Ask owners how it stands; the answers come to you",
        asking.ask,
        example="/milestones ask I-1",
        also="/milestones ask @Ann",
    ),
    Command(
        Usage("milestones after", choices=(adding.OFF,), keys=("lag",), codes=("M",), plain=False),
        "Make one wait for another; with off, not any more",
        adding.after,
        example="/milestones after M-32 M-31 lag:2",
        also="/milestones after M-33 M-32",
    ),
    Command(
        Usage("milestones assign", rest=Rest.WORDS, keys=("reason",), codes=("M",), people=True, plain=False),
        "Give one to another owner",
        assigning.assign,
        example="/milestones assign M-32 @Ann",
        also="/milestones assign M-31 @Ben",
    ),
    Command(
        Usage("milestones take", codes=("M",), plain=False),
        "Take a proposed date over",
        moving.take,
        example="/milestones take M-32",
        also="/milestones take M-31",
    ),
    Command(
        Usage("milestones keep", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Keep your date, and say how",
        moving.keep,
        example='/milestones keep M-32 "two trainers more"',
        also="/milestones keep M-33 we train at night",
    ),
    Command(
        Usage("milestones waive", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Say as its sponsor that one is not needed",
        claiming.waive,
        example='/milestones waive M-32 "the supplier trains them"',
        also="/milestones waive M-33 nobody needs it any more",
    ),
    Command(
        Usage("milestones cancel", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Call one off",
        claiming.cancel,
        example='/milestones cancel M-32 "the initiative is smaller now"',
        also="/milestones cancel M-33 it came in twice",
    ),
    Command(
        Usage("milestones rebaseline", rest=Rest.WORDS, keys=("reason",), codes=("M",), dates=True, plain=False),
        "Change the date first agreed; counted and always shown",
        moving.rebaseline,
        example='/milestones rebaseline M-31 8 Jan reason:"agreed with the sponsor"',
        also="/milestones rebaseline M-32 19 Jan agreed at the council",
    ),
    Command(
        Usage("milestones phase", rest=Rest.WORDS, codes=("I",), plain=False, apart=True),
        "Close a phase whose milestones are settled",
        phases.close,
        example='/milestones phase I-1 "Build" close',
        also='/milestones phase I-1 "Train"',
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "milestones.list": listing.page,
    "milestones.share": listing.share,
    "milestones.ask": asking.ask_listed,
    "milestone.on_track": asking.on_track,
    "milestone.late_form": asking.open_late,
    "milestone.done_form": asking.open_done,
    "milestone.claim_form": claiming.open_form,
    "milestone.move_form": moving.open_form,
    "milestone.accept": claiming.accept,
    "milestone.reject_form": claiming.ask_why_not,
    "milestone.take": moving.take,
    "milestone.keep_form": moving.ask_why,
}


def _with_reason(verb: str, handler: Handler[Submitted]) -> Handler[Submitted]:
    return doing.once_more(handler, lambda row, _: form_views.reason(row, verb, {}))


def watched(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Verbs of initiatives; those that end one call its milestones off, and what waits for these is looked at anew."""
    return tuple(replace(each, handler=_and_anew(each.handler)) if each.usage.verb in _ENDING else each
                 for each in commands)  # fmt: skip


_ENDING = ("initiative stop", "initiative drop")


def _and_anew(handler: Handler[Asked]) -> Handler[Asked]:
    async def handle(event: Asked, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        return await pushing.anew(tx, event.by.event_id) + replies

    return handle


async def after_undo(tx: Tx, event_id: int, _now: datetime) -> Replies:
    """What was moved, ended or linked is as before: their dates, and those of what waits for them, are looked at."""
    return await pushing.anew(tx, event_id)


FORMS: Mapping[str, Handler[Submitted]] = {
    "milestone.save": adding.take_form,
    "milestone.date": doing.once_more(moving.take_form, lambda row, _: form_views.move(row, {})),
    "milestone.late": doing.once_more(
        asking.take_late, lambda row, event: form_views.late(row, event.number("ask"), {})
    ),
    "milestone.claim": doing.once_more(
        asking.take_done, lambda row, event: form_views.done(row, {}, ask_id=event.number("ask"))
    ),
    "milestone.reject_why": _with_reason("reject", claiming.reject),
    "milestone.keep_why": _with_reason("keep", moving.keep),
    "milestone.waive_why": _with_reason("waive", claiming.waive),
    "milestone.cancel_why": _with_reason("cancel", claiming.cancel),
}

VIEWS: Mapping[str, Projection] = {
    telling.ASK: projections.ask,
    telling.ANSWER: projections.answer,
    telling.CLAIM: projections.claim,
    telling.PUSH: projections.push,
    telling.NEWS: projections.news,
    telling.LIST: projections.shared,
}
