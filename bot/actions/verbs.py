"""Everything that can be typed, pressed and sent about actions, and what falls due."""

from collections.abc import Mapping

from bot.actions import agreeing, doing, handlers, making, projections, reminding, telling
from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step

_ONE = ("A",)


def _on_one(verb: str, *aliases: str) -> Usage:
    """A verb about one action, with words behind its code; without a slash the code must stand right behind it."""
    return Usage(verb, aliases=aliases, rest=Rest.WORDS, codes=_ONE, coded=bool(aliases), plain=bool(aliases))


COMMANDS = (
    Command(
        Usage("action add", rest=Rest.WORDS, keys=making.KEYS, people=True, plain=False),
        "One thing to do, with one owner and a date",
        making.add,
        example='/action add "Check eight calls" @Zoe due:fri',
    ),
    Command(
        Usage(
            "action list",
            aliases=("action",),
            rest=Rest.WORDS,
            keys=handlers.KEYS,
            codes=_ONE,
            people=True,
            plain=False,
        ),
        "What is to be done: yours, somebody's, all that is overdue",
        handlers.show_list,
        example="/action list overdue all",
    ),
    Command(_on_one("action show"), "One action and what was done to it", handlers.show, example="/action show A-104"),
    Command(_on_one("action accept"), "Take it on, or accept that it is done", agreeing.accept),
    Command(_on_one("action reject"), "It is not yours, or not done yet", agreeing.reject),
    Command(_on_one("action take"), "Take on what has no owner", agreeing.take),
    Command(_on_one("action start"), "Work on it begins, or goes on", doing.start),
    Command(
        Usage("action block", aliases=("blocked",), rest=Rest.WORDS, codes=("A", "B"), coded=True),
        "Something is in the way",
        doing.block,
        example="blocked A-104 waiting for parts",
    ),
    Command(_on_one("action done", "done"), "It is done", doing.done, example="done A-104"),
    Command(
        Usage("action due", rest=Rest.WORDS, codes=_ONE, dates=True, keys=("reason",), plain=False),
        "Another date, and why",
        agreeing.due,
        example='/action due A-104 fri reason:"waiting for parts"',
    ),
    Command(
        Usage("action assign", rest=Rest.WORDS, codes=_ONE, people=True, plain=False),
        "Somebody else has it from now on",
        agreeing.assign,
        example="/action assign A-104 @Zoe",
    ),
    Command(
        _on_one("action cancel"),
        "Call it off, and why",
        agreeing.cancel,
        example="/action cancel A-104 no longer needed",
    ),
    Command(_on_one("action reopen"), "It is not done after all, and why", doing.reopen),
    Command(_on_one("action help"), "You help its owner", making.help_with),
    Command(
        Usage("action ask", rest=Rest.WORDS, keys=("dept",), plain=False),
        "Ask another department for help",
        making.ask,
        example='/action ask "Who keeps the fault codes?" dept:Billing',
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "action.accept": agreeing.accept,
    "action.reject": agreeing.reject,
    "action.take": agreeing.take,
    "action.start": doing.start,
    "action.done": doing.done,
    "action.evidence": doing.ask_evidence,
    "action.hold": doing.ask_hold,
    "action.redate": agreeing.ask_date,
    "action.giving": agreeing.ask_giving,
    "action.not_yet": doing.ask_not_yet,
    "action.know": making.ask_who,
    "action.from_message": making.from_message,
    "action.from_blocker": making.from_blocker,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "action.save": making.save,
    "action.ask": making.take_ask,
    "action.date": agreeing.take_date,
    "action.block": doing.take_hold,
    "action.claim": doing.take_evidence,
    "action.give": agreeing.give_back,
    "action.refuse": doing.take_not_yet,
    "action.name": making.name,
}

STEPS: Mapping[str, Step] = {
    telling.REMIND: Step(reminding.remind, "reminder", grace=reminding.GRACE),
    telling.MOVED: Step(reminding.follow, "what somebody has to do"),
    telling.ESCALATE: Step(reminding.escalate, "overdue actions", grace=reminding.GRACE),
}

VIEWS: Mapping[str, Projection] = {
    telling.CARD: projections.card,
    telling.NEWS: projections.news,
    telling.REMINDER: projections.reminder,
    telling.OVERDUE: projections.overdue,
}
