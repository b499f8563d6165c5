"""The nine lines of an agenda: what each section is about in a few words, as K-12 and the forms tell it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.agenda.line_views import wants_decision
from bot.agenda.rules import OTHER, RESEARCH, Entry, Kind, Section
from bot.chat.words import count

NAMES_MOST = 6  # before "+2 more"
QUOTE_MOST = 100  # characters of a customer's words in one of the nine lines
INTERNAL = "Internal"
NOTHING = "Nothing submitted"
NO_RESEARCH = "No new research"
NO_LATE = "no late items yet"

Clock: TypeAlias = Callable[[datetime], str]
"""An instant as its reader's clock shows it."""


def in_short(section: Section, at: Clock) -> str:
    """`10 min · 1 overdue, 1 open, 2 done · minutes for consent`."""
    facts = _facts(section, at)
    minutes = [f"{section.minutes} min"] if section.minutes else []
    if facts:
        return " · ".join([*minutes, *facts])
    nothing = NO_RESEARCH if section.number == RESEARCH else NOTHING
    return " · ".join([*minutes, nothing.casefold() if minutes else nothing])


def _facts(section: Section, at: Clock) -> list[str]:
    found = _WHAT[section.number](section)
    if section.awaited:
        found.append(f"{names(section.awaited)}{until(section, at)}")
    items = [each for each in section.items if each.kind is Kind.ITEM]
    if items:
        found.append(count(len(items), "item") if found and section.number != OTHER else _items(items))
    if wants_decision(section):
        found.append("for decision")
    return found


def _items(items: Sequence[Entry]) -> str:
    first = items[0]
    named = f"{first.number} {first.title}" if first.title else f"{first.number} {INTERNAL}"
    return named if len(items) == 1 else f"{named} +{len(items) - 1} more"


def _work(section: Section) -> list[str]:
    states = [f"{section.counts[each]} {each}" for each in ("overdue", "open", "done") if section.counts.get(each)]
    minutes = next((each for each in section.items if each.kind is Kind.MINUTES), None)
    found = [", ".join(states)] if states else ["no actions from last meeting"]
    if minutes is not None:
        found.append("minutes for consent" if minutes.consent else "minutes for debate")
    return found


def _results(section: Section) -> list[str]:
    if section.quotes:
        return [f"in the customer's words: “{_cut(section.quotes[0].text)}”"]
    measures = section.counts.get("measures", 0)
    return [count(measures, "headline measure")] if measures else []


def _reports(section: Section) -> list[str]:
    counts = section.counts
    if not counts.get("asked"):
        return []
    missing = [f"not received: {names(section.missing)}"] if section.missing else []
    return [f"{counts.get('received', 0)} of {counts['asked']} received", *missing]


def until(section: Section, at: Clock) -> str:
    """` until Mon 30 Nov, 12:00`; nothing where nobody knows."""
    return f" until {at(section.awaited_until)}" if section.awaited_until is not None else ""


def _practices(section: Section) -> list[str]:
    number = section.counts.get("practices", 0)
    return [count(number, "practice")] if number else []


def _initiatives(section: Section) -> list[str]:
    running, late = section.counts.get("running", 0), section.counts.get("late", 0)
    if not running:
        return []
    first = section.lines[0] if section.lines else None
    worst = f": {first.code} {first.text}" if late and first is not None and first.code else ""
    return [f"{running} running, {late} late{worst}" if late else f"{running} running, none late"]


_DEBTS = (
    ("conflicts", "conflict"), ("stale", "stale measure"), ("unanchored", "unanchored measure"),
    ("unmeasured", "department without a measure"), ("targets", "target changed"),
)  # fmt: skip
_PLURAL = {
    "department without a measure": "departments without a measure", "target changed": "targets changed",
}  # fmt: skip


def _review(section: Section) -> list[str]:
    if section.counts.get("conflicts", 0) == 1 and section.lines:
        others = [name for name, _ in _DEBTS[1:] if section.counts.get(name)]
        return [f"conflict: {section.lines[0].text}", *([f"+{len(others)} more"] if others else [])]
    found = [
        count(section.counts[name], word, _PLURAL.get(word, "")) for name, word in _DEBTS if section.counts.get(name)
    ]
    return [", ".join(found)] if found else []


def _planning(section: Section) -> list[str]:
    ranked, unranked = section.counts.get("ranked", 0), section.counts.get("unranked", 0)
    found = [f"{count(ranked, 'initiative')} ranked"] if ranked else []
    return [*found, f"{unranked} not ranked yet"] if unranked else found


def _research(section: Section) -> list[str]:
    notes = section.counts.get("notes", 0)
    return [count(notes, "note")] if notes else []


def _other(section: Section) -> list[str]:
    late = section.counts.get("late", 0)
    return [count(late, "late item") if late else NO_LATE]


_WHAT = {
    1: _work, 2: _results, 3: _reports, 4: _practices, 5: _initiatives, 6: _review, 7: _planning, 8: _research,
    9: _other,
}  # fmt: skip


def _cut(text: str) -> str:
    """As much of a customer's words as one line has; the rest stands where the section is opened."""
    return text if len(text) <= QUOTE_MOST else f"{text[: QUOTE_MOST - 1].rstrip()}…"


def names(every: Sequence[str]) -> str:
    """`Marketing, Finance`; of many the first ones, and how many more there are."""
    if len(every) <= NAMES_MOST:
        return ", ".join(every)
    return f"{', '.join(every[:NAMES_MOST])} +{len(every) - NAMES_MOST} more"
