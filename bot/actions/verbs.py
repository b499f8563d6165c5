"""Everything that can be typed, pressed and sent about actions, and what falls due."""

from collections.abc import Mapping

from bot.actions import agreeing, doing, giving, handlers, helping, making, projections, reminding, telling
from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step

_ONE = ("A",)


def _on_one(verb: str, *aliases: str) -> Usage:
    """A verb about one action, with words behind its code; without a slash the code must stand right behind it."""
    return Usage(verb, aliases=aliases, rest=Rest.WORDS, codes=_ONE, coded=True)


COMMANDS = (
    Command(
        Usage("action add", rest=Rest.WORDS, keys=making.KEYS, people=True, plain=False),
        "One thing to do, with one owner and a date",
        making.add,
        example='/action add "Check eight calls" @Zoe due:fri',
        also='/action add "Order seals" @Ben due:18 Dec prio:P2 dod:"Both boxes are in the van"',
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
        also="/action list @Zoe due:7d",
    ),
    Command(
        _on_one("action show"),
        "One action and what was done to it",
        handlers.show,
        example="/action show A-104",
        also="/action show A-12",
    ),
    Command(
        _on_one("action accept", "accept"),
        "Take it on, or accept that it is done",
        agreeing.accept,
        example="/action accept A-104",
        also="/action accept A-12",
    ),
    Command(
        _on_one("action reject", "reject"),
        "It is not yours, or not done yet",
        agreeing.reject,
        example="/action reject A-104 8 calls to go",
        also="/action reject A-12",
    ),
    Command(
        _on_one("action take", "take"),
        "Take on what has no owner",
        agreeing.take,
        example="/action take A-104",
        also="/action take A-12",
    ),
    Command(
        _on_one("action start"),
        "Work on it begins, or goes on",
        doing.start,
        example="/action start A-104",
        also="/action start A-12",
    ),
    Command(
        Usage("action block", aliases=("blocked",), rest=Rest.WORDS, codes=("A", "B"), coded=True),
        "Something is in the way",
        doing.block,
        example="blocked A-104 waiting for parts",
        also="/action block A-104 B-7",
    ),
    Command(
        _on_one("action done", "done"),
        "It is done",
        doing.done,
        example="done A-104",
        also="/action done A-104 live on 40 desks",
    ),
    Command(
        Usage("action due", rest=Rest.WORDS, codes=_ONE, dates=True, keys=("reason",), coded=True),
        "Another date, and why",
        agreeing.due,
        example='/action due A-104 fri reason:"waiting for parts"',
        also="/action due A-12 18 Dec the supplier is late",
    ),
    Command(
        Usage("action assign", rest=Rest.WORDS, codes=_ONE, people=True, coded=True),
        "Somebody else has it from now on",
        agreeing.assign,
        example="/action assign A-104 @Zoe",
        also="/action assign A-12 @Ben he knows the room",
    ),
    Command(
        _on_one("action cancel"),
        "Call it off, and why",
        agreeing.cancel,
        example="/action cancel A-104 no longer needed",
        also="/action cancel A-12 duplicate of A-104",
    ),
    Command(
        _on_one("action reopen"),
        "It is not done after all, and why",
        doing.reopen,
        example="/action reopen A-104 two desks are missing",
        also="/action reopen A-12 it came back",
    ),
    Command(
        _on_one("action help"),
        "You help its owner",
        helping.help_with,
        example="/action help A-104",
        also="/action help A-12",
    ),
    Command(
        Usage("action ask", rest=Rest.WORDS, keys=("dept",), plain=False),
        "Ask another department for help",
        helping.ask,
        example='/action ask "Who keeps the fault codes?" dept:Billing',
        also='/action ask "Can somebody read this bill?" dept:Finance',
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
    "action.giving": giving.ask_giving,
    "action.not_yet": doing.ask_not_yet,
    "action.know": helping.ask_who,
    "action.from_message": making.from_message,
    "action.from_blocker": making.from_blocker,
    "action.from_voc": making.from_voc,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "action.save": making.save,
    "action.ask": helping.take_ask,
    "action.date": agreeing.take_date,
    "action.block": doing.take_hold,
    "action.claim": doing.take_evidence,
    "action.give": giving.give_back,
    "action.refuse": doing.take_not_yet,
    "action.name": helping.name,
    "action.assign": agreeing.take_assign,
}

STEPS: Mapping[str, Step] = {
    telling.REMIND: Step(reminding.remind, "reminder", grace=reminding.GRACE),
    telling.MOVED: Step(reminding.follow, "what somebody has to do"),
    telling.HELP_AGAIN: Step(helping.ask_again, "question to a department"),
    telling.HELP_LEAD: Step(helping.tell_lead, "question that found nobody"),
    telling.ESCALATE: Step(reminding.escalate, "overdue actions", grace=reminding.GRACE),
}

VIEWS: Mapping[str, Projection] = {
    telling.CARD: projections.card,
    telling.NEWS: projections.news,
    telling.REMINDER: projections.reminder,
    telling.FREED: projections.freed,
    telling.HELP_AGAIN: projections.help_again,
    telling.HELP_LEAD: projections.help_lead,
    telling.OVERDUE: projections.overdue,
}
