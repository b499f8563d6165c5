"""Everything that can be typed, pressed and sent about blockers, and what falls due."""

from collections.abc import Mapping
from datetime import datetime

from bot.blockers import climbing, helping, projections, raising, settling, showing, telling
from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.replies import Replies
from bot.chat.routing import Command, Handler, Projection, Step
from storage import audit
from storage.links import Thing
from storage.tx import Tx

_ONE = ("B",)

COMMANDS = (
    Command(
        Usage("huddle blocker", aliases=("blocker",), rest=Rest.WORDS, keys=raising.KEYS, codes=_ONE, coded=True),
        "Something is in your way, or one blocker and what was done to it",
        showing.blocker,
        example='/huddle blocker "Van 12 is out of meter seals" dept:Field',
        also='/huddle blocker "No water in Quay Street" customer:yes',
    ),
    Command(
        Usage("huddle blockers", aliases=("blockers",), rest=Rest.WORDS, keys=showing.KEYS, codes=_ONE, plain=False),
        "What is in the way, how long, and who has it",
        showing.show_list,
        example="/huddle blockers tier:2",
        also="/huddle blockers dept:Field",
    ),
    Command(
        Usage("huddle resolve", aliases=("resolved",), rest=Rest.WORDS, codes=_ONE, coded=True),
        "A blocker is out of the way",
        settling.resolve,
        example="/huddle resolve B-7 found the notes",
        also="resolved B-7",
    ),
    Command(
        Usage("huddle reopen", rest=Rest.WORDS, codes=_ONE, coded=True),
        "A blocker is in the way again, and why",
        settling.reopen,
        example="/huddle reopen B-7 the seals were the wrong size",
        also="/huddle reopen B-9 it is back",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "blocker.show": showing.show,
    "blocker.help": helping.help_with,
    "blocker.take": helping.take,
    "blocker.know": helping.ask_who,
    "blocker.decline": helping.decline,
    "blocker.pass": settling.hand_up,
    "blocker.solve": settling.solve,
    "blocker.mistake": settling.mistake,
    "blocker.again": settling.ask_why,
    "blocker.same": raising.same,
    "blocker.new": raising.keep_new,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "blocker.save": raising.save,
    "blocker.name": helping.name,
    "blocker.reopen": settling.take_why,
}

STEPS: Mapping[str, Step] = {
    telling.WATCH: Step(climbing.watch, "blockers that are in the way for long"),
    telling.STOPPED: Step(climbing.stopped, "a customer without service"),
}

VIEWS: Mapping[str, Projection] = {
    telling.HELP: projections.told,
    telling.CARD: projections.card,
    telling.UP: projections.up,
    telling.NEWS: projections.news,
}


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows when something that was done to blockers is taken back."""
    deeds = [each for each in await audit.of_event(tx, event_id) if each.thing is Thing.BLOCKER]
    return await settling.after_undo(tx, deeds, now)
