"""Everything that can be typed, pressed and sent about decisions and votes, and what falls due."""

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.decisions import acting, log, projections, recording, settling, voting

_COUNCIL = ("council",)
_D = ("D",)

COMMANDS = (
    Command(
        Usage("council decide", rest=Rest.WORDS, keys=recording.KEYS, plain=False),
        "Record a decision of the meeting; what is missing is asked",
        recording.decide,
        example='/council decide "Callers are asked eight questions" reason:"20% repeat visits" means:"Field: fewer"',
        also='/council decide "Refund second visits" reason:"Fair" means:none moved:@Raj for:6 against:1',
        keys=("item:5.2", 'customer:"Saves me a morning"', "from:2027-01-11", "review:2027-03-01", "replaces:D-12"),
    ),
    Command(
        Usage("council vote", rest=Rest.WORDS, keys=voting.KEYS, plain=False),
        "Put a question to the voting seats: open or secret, now or until a day",
        voting.ask,
        example='/council vote "Shall we refund second visits?" secret',
        also='/council vote "Shall we meet in Leeds?" until:fri',
    ),
    Command(
        Usage("council decisions", rest=Rest.WORDS, keys=_COUNCIL, codes=_D, plain=False),
        "What was decided, by words or by code",
        log.show,
        example="/council decisions second visit",
        also="/council decisions D-21",
    ),
    Command(
        Usage("council ratify", codes=_D, keys=_COUNCIL, plain=False),
        "A provisional decision holds, now that there is a quorum",
        settling.typed,
        example="/council ratify D-21",
        also='/council ratify D-22 council:"CX Council"',
    ),
    Command(
        Usage("council lapse", rest=Rest.WORDS, codes=_D, keys=_COUNCIL, plain=False),
        "A provisional decision is let go",
        settling.typed,
        example="/council lapse D-21 Finance has found another way",
        also="/council lapse D-22 Nobody wants it any more",
    ),
    Command(
        Usage("council reopen", rest=Rest.WORDS, codes=_D, keys=_COUNCIL, plain=False),
        "A decision comes back on the next agenda; how often is counted",
        settling.typed,
        example="/council reopen D-21 The first month looks different",
        also="/council reopen D-22 New prices",
    ),
    Command(
        Usage("council reverse", rest=Rest.WORDS, codes=_D, keys=_COUNCIL, plain=False),
        "A decision holds no more; how often is counted",
        settling.typed,
        example="/council reverse D-21 The law has changed",
        also="/council reverse D-22 It cost more than it saved",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "decision.form": recording.open_form,
    "decision.show": log.show_one,
    "decision.action": acting.open_form,
    "decision.ratify": settling.ratify,
    "decision.lapse": settling.ask_why,
    "decision.reopen": settling.ask_why,
    "vote.cast": voting.cast,
    "vote.close": voting.close,
    "vote.cancel": voting.cancel,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "decision.save": recording.take_form,
    "decision.lapse_why": settling.take_why,
    "decision.reopen_why": settling.take_why,
}

STEPS: Mapping[str, Step] = {
    voting.CLOSE: Step(voting.close_on_time, "end of a vote"),
    voting.REMIND: Step(voting.remind, "reminder of a vote", grace=timedelta(hours=12)),
}

VIEWS: Mapping[str, Projection] = {
    voting.BALLOT: projections.ballot,
    voting.ROOM: projections.room,
    voting.CHAIR: projections.chair,
}
