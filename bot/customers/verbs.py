"""Everything that can be typed and pressed about customers' words, practices and research."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed
from bot.chat.routing import Command, Handler, Projection
from bot.customers import alerting, handlers, practising, projections, researching, views

COMMANDS: tuple[Command, ...] = (
    Command(
        Usage("voc add", rest=Rest.WORDS, keys=handlers.KEYS, plain=False),
        "Keep what a customer said, in their words",
        handlers.add,
        example='/voc add "I took a second morning off for this." stage:Visit score:2',
        also='/voc add "No water since six" dept:Field high',
    ),
    Command(Usage("voc list", aliases=("voc",)), "What customers said, newest first", handlers.show_list),
    Command(
        Usage("voc research", aliases=("voc insight",), rest=Rest.WORDS, keys=researching.KEYS, plain=False),
        "Note what research says; all notes by level",
        researching.research,
        example='/voc research "Two of three call twice for one fault" level:operational about:experience',
        also='/voc insight "Rivals text the visit time" level:strategic about:market link:https://example.org/study',
    ),
    Command(
        Usage("story practice", rest=Rest.WORDS, plain=False),
        "Offer what works to other departments; all offers",
        practising.practice,
        example='/story practice "We read the fault back before we book a visit"',
        also="/story practice",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {views.ADOPT: practising.adopt, views.NOT_FOR_US: practising.decline}

VIEWS: Mapping[str, Projection] = {practising.OFFER: projections.offer, alerting.ALERT: projections.alert}
