"""K-11: what a decision means for a department, to its rooms or its head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold, Text
from bot.chat.words import day
from bot.minutes.body import Task
from storage.decisions import Decision


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision and what it means for one department."""

    decision: Decision
    council: str
    department: str
    means: str
    met_on: date
    ask: str
    tasks: Sequence[Task] = ()
    is_veiled: bool = False
    """The decision is internal and the reader no member: they read what it means for them, and not the decision."""


def outcome(found: Outcome) -> Card:
    """K-11: what was decided, what it means for a department, from when, why, and whom to ask."""
    if found.is_veiled:
        return _veiled(found)
    row = found.decision
    lines = [Line((each,)) for each in found.means.split("; ")]
    lines += [Line((each.title,), (_who_and_when(each),)) for each in found.tasks]
    pairs = [_from(row)]
    if row.reason:
        pairs.append(("Because", (row.reason,)))
    if found.ask:
        pairs.append(("Ask", (found.ask,)))
    is_provisional = row.state is Decision.State.PROVISIONAL
    state = "provisional until it is ratified" if is_provisional else row.state.value.replace("_", " ")
    elements: tuple[Element, ...] = (
        Title("The council decided"),
        Paragraph((Bold(row.text),)),
        _for_them(found, lines),
        Facts(tuple(pairs)),
        Buttons((Button(f"Show all of {row.code}", "decision.show", {"decision": str(row.id)}),)),
        Note(f"{row.code} · {found.council}, {day(found.met_on)} · {state}"),
    )
    words = f"{found.council} decided: {row.text}. For {found.department}: {found.means}."
    return Card(words, elements)


def _veiled(found: Outcome) -> Card:
    pairs = [_from(found.decision), *([("Ask", (found.ask,))] if found.ask else [])]
    elements: tuple[Element, ...] = (
        Title("The council decided"),
        Paragraph(("The decision itself is internal to the council.",)),
        _for_them(found, [Line((each,)) for each in found.means.split("; ")]),
        Facts(tuple(pairs)),
        Note(f"{found.decision.code} · {found.council}, {day(found.met_on)}"),
    )
    return Card(f"{found.council} decided something that is internal. For {found.department}: {found.means}.", elements)


def _from(row: Decision) -> tuple[str, Text]:
    return "From", (day(row.from_on) if row.from_on else "now",)


def _for_them(found: Outcome, lines: Sequence[Line]) -> Group:
    return Group(f"What this means for {found.department}"[:150], tuple(lines))


def _who_and_when(each: Task) -> str:
    return f"{each.code} · {each.owner or 'nobody yet'} · {day(each.due_on) if each.due_on else 'no date yet'}"
