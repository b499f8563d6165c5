"""Everything that can be typed and pressed to find things."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed
from bot.chat.routing import Command, Handler
from bot.search import handlers
from bot.search.kinds import PREFIXES

COMMANDS = (
    Command(
        Usage("search", rest=Rest.WORDS, plain=False, apart=True),
        "Find work by its words or code",
        handlers.search,
        example="/search fault details",
        also="/search seals",
    ),
    Command(
        Usage("search trace", aliases=("trace",), codes=PREFIXES),
        "Where something came from, and what became of it",
        handlers.trace,
        example="trace A-104",
        also="/search trace I-4",
    ),
)
SHOWN_BY: Mapping[str, str] = {
    "A": "action show",
    "B": "huddle blocker",
    "BT": "initiative batch",
    "D": "council decisions",
    "I": "initiative show",
    "M": "milestones",
    "RR": "initiative rank",
    "V": "search trace",
}
"""The command that shows what has a code, by the code's letters: it is what a code alone on a line stands for."""

PRESSES: Mapping[str, Handler[Pressed]] = {"search.more": handlers.more, "search.trace": handlers.trace_pressed}
