"""The forms of an agenda: a new item, which section to open, a reason."""

from collections.abc import Mapping, Sequence

from bot.agenda import rules
from bot.agenda.nine_views import in_short
from bot.agenda.rules import Agenda, Purpose
from bot.agenda.titles import SHORT_TITLES
from bot.agenda.views import Head
from bot.chat.forms import OPTIONS_MAX, Form, OneOf, Option, PersonInput, SomeOf, TextInput
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.people import Department

INTERNAL, PROACTIVE, REACTIVE, CUSTOMERS = "internal", "proactive", "reactive", "customers"
OPTION_MOST = 75
_PURPOSES = {
    Purpose.DECISION: "A decision", Purpose.DISCUSSION: "A discussion", Purpose.INFORMATION: "Information",
}  # fmt: skip


def add(
    values: Mapping[str, str],
    departments: Sequence[Department],
    *,
    ids: Mapping[str, str],
    late: bool,
    outsider: bool = False,
    councils: Sequence[Council] = (),
) -> Form:
    """A new item; what was said already stands in it. It asks which of several `councils` is meant."""
    sections = tuple(Option(str(number), f"{number} {title}") for number, title in SHORT_TITLES.items())
    purposes = tuple(Option(each.value, label) for each, label in _PURPOSES.items())
    return Form(
        "Late item" if late else "New agenda item",
        "agenda.save",
        (
            *_whose(values, councils),
            TextInput("title", "What should we talk about?", values.get("title", ""), longest=rules.TITLE_MAX),
            OneOf("item", "Where does it belong?", sections, values.get("item", str(rules.RANKING))),
            OneOf("for", "What do you want from the council?", purposes, values.get("for", _USUALLY)),
            TextInput("mins", "Minutes", values.get("mins", str(rules.USUAL_MIN)), longest=3),
            PersonInput("owner", "Whose item is it?", values.get("owner", "")),
            TextInput("paper", "Link to a paper", values.get("paper", ""), optional=True, longest=rules.URL_MAX),
            *_where(values, departments),
            *_marks(values, outsider=outsider),
        ),
        ids=ids,
        note="Items are closed: the chair decides whether it comes in now or next time." if late else "",
        submit="Ask the chair" if late else "Add",
    )


def _whose(values: Mapping[str, str], councils: Sequence[Council]) -> tuple[OneOf, ...]:
    if len(councils) < 2:  # noqa: PLR2004 - of one there is nothing to choose
        return ()
    options = tuple(Option(str(each.id), each.name[:OPTION_MOST]) for each in councils[:OPTIONS_MAX])
    return (OneOf("council", "Which council?", options, values.get("council", "")),)


_USUALLY = Purpose.DISCUSSION.value


def _where(values: Mapping[str, str], departments: Sequence[Department]) -> tuple[OneOf, ...]:
    """Where it hurts and where it starts, where somebody may say so."""
    if not departments:
        return ()
    places = tuple(Option(str(each.id), each.name[:OPTION_MOST]) for each in departments[:OPTIONS_MAX])
    return tuple(
        OneOf(name, label, places, values.get(name, ""), optional=True, placeholder="No department")
        for name, label in (("hurts", "It hurts in"), ("starts", "It starts in"))
    )


def _marks(values: Mapping[str, str], *, outsider: bool) -> tuple[OneOf, SomeOf]:
    ways = (Option(PROACTIVE, "Proactive"), Option(REACTIVE, "Reactive"))
    question = "Does it go to meet something, or answer it?"
    internal = () if outsider else (Option(INTERNAL, "Internal: not for suppliers and customers"),)
    marks = (*internal, Option(CUSTOMERS, "Its time is about the customer"))
    return (
        OneOf("stance", question, ways, values.get("stance", ""), optional=True),
        SomeOf("marks", "Marks", marks, values.get("marks", ""), optional=True),
    )


def look(head: Head, agenda: Agenda, section: int = 0) -> Form:
    """Which of the nine is opened."""
    options = tuple(Option(str(each.number), _cut(f"{each.number} {_line(head, each)}")) for each in agenda.sections)
    chosen = str(section % len(options) + 1)
    which = OneOf("section", "Which item?", options, chosen)
    return Form("Open an item", "agenda.look", (which,), ids={"meeting": str(head.meeting)}, submit="Open")


def _line(head: Head, section: rules.Section) -> str:
    return f"{SHORT_TITLES[section.number]}: {in_short(section, head.soon)}"


def _cut(text: str) -> str:
    return text if len(text) <= OPTION_MOST else f"{text[: OPTION_MOST - 1].rstrip()}…"


_WHY = {"decline": "Decline it", "defer": "Defer it", "park": "Park it", "drop": "Drop it"}


def why(item: AgendaItem, verb: str, value: str = "") -> Form:
    """A reason, which its owner reads."""
    reason = TextInput("reason", "Why?", value, multiline=True, longest=rules.REASON_MAX, hint="Its owner reads it.")
    ids = {"item": str(item.id), "verb": verb}
    note = f"{item.section}.{item.seq} {item.title}"
    return Form(_WHY[verb], "agenda.why", (reason,), ids=ids, note=note, submit=_WHY[verb])


def please_say_why() -> str:
    """Nobody wrote a reason."""
    return "Please write why, so that everybody knows later."
