"""Everything that can be typed, pressed and sent about rankings, and what falls due."""

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.ranking import balloting, ending, handlers, projections

after_undo = handlers.after_undo

COMMANDS = (
    Command(
        Usage(
            "initiative rank",
            rest=Rest.WORDS,
            keys=handlers.KEYS,
            codes=("I", "RR"),
            people=True,
            plain=False,
            apart=True,
        ),
        "Stakeholders put initiatives in an order: open, ballot, status, close, extend, show, publish, cancel",
        handlers.rank,
        example="/initiative rank open I-1 I-2 @Ann @Bea until:fri",
        also="/initiative rank status RR-1",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "ranking.form": balloting.open_form,
    "ranking.close": handlers.close,
    "ranking.show": handlers.show,
    "ranking.publish": handlers.publish,
    "ranking.extend": ending.ask_until,
    "ranking.cancel": ending.ask_why,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "ranking.vote": balloting.vote,
    "ranking.until": ending.extend,
    "ranking.why": ending.cancel,
}

STEPS: Mapping[str, Step] = {
    handlers.REMIND: Step(ending.remind, "reminder of a ranking", grace=timedelta(hours=12)),
    handlers.CLOSE: Step(ending.close_on_time, "end of a ranking"),
}

VIEWS: Mapping[str, Projection] = {
    handlers.BALLOT: projections.ballot,
    handlers.REMINDER: projections.reminder,
    handlers.RESULT: projections.result,
}
