"""Everything about milestones: verb, button, form or view -> its function."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection
from bot.milestones import adding, asking, claiming, listing, moving, phases, projections, telling

COMMANDS: tuple[Command, ...] = (
    Command(
        Usage("milestones", choices=listing.CHOICES, keys=("team", "due"), codes=("I", "M"), people=True),
        "Milestones: yours, of an initiative or a team; what is late and what comes next",
        listing.show,
        example="/milestones I-1 overdue",
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
    ),
    Command(
        Usage("milestones move", rest=Rest.WORDS, keys=("reason",), codes=("M",), dates=True, plain=False),
        "Say when it is expected now, and why",
        moving.move,
        example='/milestones move M-31 8 Jan reason:"supplier late"',
    ),
    Command(
        Usage("milestones done", rest=Rest.WORDS, keys=("evidence",), codes=("M",), plain=False),
        "Say that yours is reached; a second person accepts it",
        claiming.done,
        example='/milestones done M-31 evidence:"live on 40 desks"',
    ),
    Command(
        Usage("milestones accept", codes=("M",), plain=False),
        "Accept that one is reached",
        claiming.accept,
        example="/milestones accept M-31",
    ),
    Command(
        Usage("milestones reject", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Say what is still missing",
        claiming.reject,
        example='/milestones reject M-31 "8 desks to go"',
    ),
    Command(
        Usage("milestones ask", codes=("I", "M"), people=True, plain=False),
        "Ask owners how it stands; the answers come to you",
        asking.ask,
        example="/milestones ask I-1",
    ),
    Command(
        Usage("milestones after", keys=("lag",), codes=("M",), plain=False),
        "Make one wait for another",
        adding.after,
        example="/milestones after M-32 M-31 lag:2",
    ),
    Command(
        Usage("milestones take", codes=("M",), plain=False),
        "Take a proposed date over",
        moving.take,
        example="/milestones take M-32",
    ),
    Command(
        Usage("milestones keep", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Keep your date, and say how",
        moving.keep,
        example='/milestones keep M-32 "two trainers more"',
    ),
    Command(
        Usage("milestones waive", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Say as its sponsor that one is not needed",
        claiming.waive,
        example='/milestones waive M-32 "the supplier trains them"',
    ),
    Command(
        Usage("milestones cancel", rest=Rest.WORDS, keys=("reason",), codes=("M",), plain=False),
        "Call one off",
        claiming.cancel,
        example='/milestones cancel M-32 "the initiative is smaller now"',
    ),
    Command(
        Usage("milestones rebaseline", rest=Rest.WORDS, keys=("reason",), codes=("M",), dates=True, plain=False),
        "Change the date first agreed; counted and always shown",
        moving.rebaseline,
        example='/milestones rebaseline M-31 8 Jan reason:"agreed with the sponsor"',
    ),
    Command(
        Usage("milestones phase", rest=Rest.WORDS, codes=("I",), plain=False),
        "Close a phase whose milestones are settled",
        phases.close,
        example='/milestones phase I-1 "Build" close',
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

FORMS: Mapping[str, Handler[Submitted]] = {
    "milestone.save": adding.take_form,
    "milestone.date": moving.take_form,
    "milestone.late": asking.take_late,
    "milestone.claim": asking.take_done,
    "milestone.reject_why": claiming.reject,
    "milestone.keep_why": moving.keep,
    "milestone.waive_why": claiming.waive,
    "milestone.cancel_why": claiming.cancel,
}

VIEWS: Mapping[str, Projection] = {
    telling.ASK: projections.ask,
    telling.ANSWER: projections.answer,
    telling.CLAIM: projections.claim,
    telling.PUSH: projections.push,
    telling.NEWS: projections.news,
    telling.LIST: projections.shared,
}
