"""The words of a council's logs: its actions, and who came. Source: issue of the council, S2-30."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat.cards import Card, Element, Group, Line, Note, Title, says
from bot.chat.spans import Bold, Text
from bot.chat.words import count, day, typed
from bot.work.rules import state_words
from storage.actions import Action


@dataclass(frozen=True, slots=True)
class Logged:
    """An action with what led to it."""

    action: Action
    owner: str
    whence: str
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Attended:
    """How often a seat was taken, of as many meetings as it was held for."""

    seat: str
    holder: str
    in_person: int
    by_deputy: int
    apologies: int
    meetings: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many actions a reader may see, how many of them are done or past their date, and how many they may not."""

    every: int
    done: int
    late: int
    internal: int = 0


def whence(code: str, met_on: date | None) -> str:
    """`D-21, Thu 3 Dec 2026`."""
    return ", ".join(each for each in (code, day(met_on) if met_on else "between two meetings") if each)


def actions(council: str, logged: Sequence[Logged], number: int, counts: Counts) -> Card:
    """What a council's meetings led to."""
    if not counts.every:
        return says(_only_internal(council, counts.internal))
    said = f"{counts.done} of {count(counts.every, 'action')} done"
    said += f", {counts.late} past the date" if counts.late else ""
    said += f", {counts.internal} more internal" if counts.internal else ""
    left = number - len(logged)
    elements: list[Element] = [
        Title("Actions of the council"),
        Note(f"{council} · {said}"),
        Group("", tuple(_action(each) for each in logged)),
    ]
    if left > 0:
        elements.append(Note(f"+{left} older ones. `{typed('council actions open')}` shows what is still to be done."))
    return Card(f"{council}: {said}.", tuple(elements))


def _only_internal(council: str, internal: int) -> str:
    if not internal:
        return f"No meeting of {council} has led to an action yet."
    led_to = f"What the meetings of {council} have led to is internal: {count(internal, 'action')}."
    return f"{led_to} Only members of the organisation read it."


def _action(each: Logged) -> Line:
    row = each.action
    facts = [
        "past the date" if each.is_overdue else state_words(row.state),
        each.owner or "nobody yet",
        day(row.due_on) if row.due_on else "no date yet",
        f"from {each.whence}",
    ]
    return Line((Bold(row.title), f"  {row.code}"), (" · ".join(facts),))


def attendance(council: str, days: Sequence[date], attended: Sequence[Attended]) -> Card:
    """How often each seat was taken, in the order of the customer's journey."""
    if not days:
        return says(f"{council} has not met yet.")
    said = f"{count(len(days), 'meeting')}, {day(days[-1])} to {day(days[0])}" if len(days) > 1 else day(days[0])
    elements: tuple[Element, ...] = (
        Title("Attendance"),
        Note(f"{council} · {said}"),
        Group("", tuple(_seat(each) for each in attended)),
    )
    return Card(f"Attendance of {council}: {said}.", elements)


def _seat(each: Attended) -> Line:
    facts = [f"{each.in_person} of {each.meetings} in person"]
    if each.by_deputy:
        facts.append(f"{each.by_deputy} by a deputy")
    if each.apologies:
        facts.append(f"{each.apologies} with apologies")
    text: Text = (Bold(each.seat), f"  {each.holder}") if each.seat else (Bold(each.holder),)
    return Line(text, (" · ".join(facts),))
