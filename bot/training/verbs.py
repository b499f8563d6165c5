"""What can be typed and pressed about learning."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed
from bot.chat.routing import Command, Handler, Projection, Who
from bot.training import handlers, standing

COMMANDS = (
    Command(Usage("train"), "What there is to learn, and what you have finished", handlers.show_list),
    Command(
        Usage("train start", rest=Rest.WORDS, bare=""),
        "Begin a module",
        handlers.start,
        example='/train start "Using Folkmoot"',
        also="/train start",
    ),
    Command(
        Usage("train done", rest=Rest.WORDS, bare=""),
        "You have finished a module",
        handlers.finish,
        example='/train done "Using Folkmoot"',
        also='/train done "Calls in the field"',
    ),
    Command(
        Usage("train add", rest=Rest.WORDS, keys=("minutes", "kind", "place", "initiative"), plain=False),
        "Add something to learn",
        handlers.add,
        who=Who.LEAD,
        example='/train add "Calls in the field" minutes:20 kind:specialist',
        also='/train add "New booking screen" minutes:15 initiative:I-4 place:"Room 4"',
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {"training.start": handlers.start, "training.done": handlers.finish}

VIEWS: Mapping[str, Projection] = {handlers.MODULE: standing.module}
