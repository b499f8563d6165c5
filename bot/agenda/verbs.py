"""Everything that can be typed, pressed and sent about agendas, and what falls due."""

from collections.abc import Mapping

from bot.agenda import changing, drafting, handlers, items, projections, proposing, publishing, releasing, telling
from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.council import telling as council
from bot.council.dates import PUBLISH, REPUBLISH
from bot.people.proposal_views import PROPOSE

_KEYS = ("council",)


def _numbered(verb: str, about: str, handler: Handler[Asked], *examples: str, keys: tuple[str, ...] = ()) -> Command:
    """A verb that is about one item, named by its number."""
    first, second = (f"/agenda {verb} {each}" for each in examples)
    usage = Usage(f"agenda {verb}", rest=Rest.WORDS, keys=(*_KEYS, *keys), plain=False)
    return Command(usage, about, handler, example=first, also=second)


COMMANDS = (
    Command(
        Usage("agenda", keys=_KEYS, dates=True, past=True),
        "The council's agenda: nine items, who has what, and how long it takes",
        handlers.show,
        example="/agenda",
        also="/agenda 3 Dec 2026",
    ),
    Command(
        Usage("agenda add", rest=Rest.WORDS, keys=items.KEYS, plain=False),
        "Propose something to talk about",
        items.add,
        example='/agenda add "Christmas hours" item:7 for:decision mins:5',
        also='/agenda add "Second visits" item:5 hurts:"Call centre" starts:Field proactive',
    ),
    Command(
        Usage("agenda open", rest=Rest.WORDS, keys=_KEYS, plain=False),
        "What stands in one of the nine",
        handlers.show_section,
        example="/agenda open 5",
        also="/agenda open 3",
    ),
    Command(
        Usage("agenda draft", keys=_KEYS),
        "The agenda as it stands now, for who runs the meeting",
        handlers.draft,
        example="/agenda draft",
        also='/agenda draft council:"CX Council"',
    ),
    Command(
        Usage("agenda publish", keys=_KEYS),
        "Bring the agenda out; the chair does",
        releasing.publish,
        example="/agenda publish",
        also='/agenda publish council:"CX Council"',
    ),
    Command(
        Usage("agenda reopen", keys=_KEYS),
        "Take items again until the agenda is published anew",
        releasing.reopen,
        example="/agenda reopen",
        also='/agenda reopen council:"CX Council"',
    ),
    Command(
        Usage("agenda parked", keys=_KEYS),
        "What was set aside without a date",
        handlers.show_parked,
        example="/agenda parked",
        also='/agenda parked council:"CX Council"',
    ),
    _numbered("accept", "Take a proposed item in", changing.accept, "5.3", "7.1"),
    _numbered("decline", "Say no to a proposed item, and why", changing.with_reason,
              "5.3 the change board decides that", "7.2 it was decided in November"),
    _numbered("merge", "Make two items one", changing.merge, "5.3 into:5.1", "7.2 into:7.1", keys=("into",)),
    _numbered("move", "Put an item elsewhere", changing.move, "5.3 item:7", "9.1 item:6", keys=("item",)),
    _numbered("time", "Give an item or a section its minutes", changing.retime, "5.3 mins:10", "4 mins:5",
              keys=("mins",)),
    _numbered("consent", "Have an item noted without debate", changing.consent, "5.3", "8.1"),
    _numbered("pull", "Open an item on consent for debate", changing.pull, "1.2", "8.1"),
    _numbered("withdraw", "Take your item back", changing.withdraw, "5.3", "7.1 it is settled"),
    _numbered("defer", "Leave an item for the next meeting", changing.with_reason,
              "5.3 the figures come in January", "7.1 Raj is away"),
    _numbered("park", "Set an item aside without a date", changing.with_reason,
              "5.3 not before the budget", "7.1 until the supplier has answered"),
    _numbered("drop", "Give an item up", changing.with_reason, "5.3 the supplier has changed it", "7.1 it is solved"),
    _numbered("admit", "Give a late item leave; the chair does", changing.admit, "7.2", "7.2 section:9",
              keys=("section",)),
    _numbered("refuse", "Leave a late item for the next meeting; the chair does", changing.refuse, "7.2", "9.1"),
    _numbered("dispute", "Put both views of a disputed item on the agenda", changing.dispute,
              '5.3 one:"Calls must be short" other:"Calls must find the fault"', '7.1 one:"Now" other:"In spring"',
              keys=("one", "other")),
)  # fmt: skip

PRESSES: Mapping[str, Handler[Pressed]] = {
    "agenda.add": items.open_form,
    PROPOSE: proposing.open_form,
    "agenda.late": items.open_form,
    "agenda.open": handlers.open_form,
    "agenda.draft": handlers.draft,
    "agenda.publish": releasing.publish,
    "agenda.admit": changing.admit,
    "agenda.refuse": changing.refuse,
    "agenda.accept": changing.accept,
    "agenda.decline": changing.ask_why,
    "agenda.pull": changing.pull,
    "agenda.back": changing.bring_back,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "agenda.save": items.take_form,
    "agenda.look": handlers.look,
    "agenda.why": changing.take_why,
}

STEPS: Mapping[str, Step] = {
    PUBLISH: Step(releasing.publish_on_time, "agenda published"),
    REPUBLISH: Step(releasing.republish, "agenda published anew"),
}

VIEWS: Mapping[str, Projection] = {
    council.DRAFT: drafting.draft,
    council.DRAFT_REMINDER: drafting.reminder,
    publishing.PAPER: projections.paper,
    publishing.UPDATED: projections.updated,
    telling.LATE: projections.late,
    telling.PROPOSED: projections.proposed,
    telling.NEWS: projections.news,
}
