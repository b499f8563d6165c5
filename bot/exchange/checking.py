"""Whether a record of a list can become a row, and which; everything that is wrong is said. Pure."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar

from bot.actions.rules import DONE_WHEN_MAX, TITLE_MAX
from bot.chat.dates import is_in_range
from bot.exchange.rules import Bad, Record, day_in
from bot.milestones import rules as milestone_rules
from storage.actions import Action, Priority
from storage.initiatives import Initiative, Milestone

E = TypeVar("E", bound=StrEnum)

KEY_MAX = 200  # characters
EVIDENCE_MAX = 1500  # characters, as in a form
ACTION_COLUMNS = (
    "key",
    "title",
    "owner",
    "due_on",
    "state",
    "priority",
    "requester",
    "initiative",
    "batch",
    "done_when",
    "evidence",
    "finished_on",
)
ACTION_REQUIRED = ("key", "title")
MILESTONE_COLUMNS = (
    "key",
    "initiative",
    "title",
    "owner",
    "forecast_on",
    "baseline_on",
    "state",
    "actual_on",
    "evidence",
)
MILESTONE_REQUIRED = ("key", "initiative", "title", "forecast_on")
ACTION_STATES = (
    Action.State.PROPOSED,
    Action.State.OPEN,
    Action.State.IN_PROGRESS,
    Action.State.DONE,
    Action.State.CANCELLED,
)
"""The other two need a blocker, or somebody who is asked to accept."""
MILESTONE_STATES = (
    Milestone.State.PLANNED,
    Milestone.State.ACHIEVED,
    Milestone.State.WAIVED,
    Milestone.State.CANCELLED,
)
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that embed, override or isolate a direction: with them a text shows something else than it says."""
_FINAL = (Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED)
_AGREED = (Initiative.State.APPROVED, Initiative.State.IN_FLIGHT, Initiative.State.PAUSED, Initiative.State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells of a list can name. People stand under their name and e-mail address, folded."""

    people: Mapping[str, Sequence[int]]
    initiatives: Mapping[str, tuple[int, Initiative.State]]
    batches: Mapping[str, int]
    keys: frozenset[str]
    """Which were imported before."""
    today: date
    """Where the organisation is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be: its columns, the key it has in its list, and the line it stands on."""

    line: int
    key: str
    columns: Mapping[str, object]


@dataclass(slots=True)
class Checked:
    """What became of a list."""

    drafts: list[Draft] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    known: int = 0
    """How many records were imported before."""


def actions(records: Sequence[Record], known: Known, *, by: int | None) -> Checked:
    """The actions of a list; `by` is who asked for those that name no requester."""
    return _each(records, known, lambda cells: _action(cells, by))


def milestones(records: Sequence[Record], known: Known) -> Checked:
    """The milestones of a list."""
    return _each(records, known, _milestone)


@dataclass(slots=True)
class _Cells:
    """The cells of a record, and what is wrong with them."""

    record: Record
    known: Known
    wrong: list[str] = field(default_factory=list)

    def text(self, name: str, longest: int, *, needed: bool = False) -> str:
        text = self.record.cells.get(name, "")
        if needed and not text:
            self.wrong.append(f"{name} is empty")
        if len(text) > longest:
            self.wrong.append(f"{name} has {len(text)} characters, and at most {longest} fit")
        amiss = next((each for each in text if _is_hidden(each)), "")
        if amiss:
            self.wrong.append(f"{name} has a character that can't be seen (U+{ord(amiss):04X})")
        return text

    def title(self, longest: int) -> str:
        return " ".join(self.text("title", longest, needed=True).split())

    def day(self, name: str) -> date | None:
        text = self.record.cells.get(name, "")
        found = day_in(text)
        if text and found is None:
            self.wrong.append(f"{name} is no date such as 2026-12-04: {_cut(text)}")
        if found is not None and not is_in_range(found):
            self.wrong.append(f"{name} is not between 2000 and 2100: {_cut(text)}")
        return found

    def over(self, name: str, on: date | None) -> None:
        if on is not None and on > self.known.today and is_in_range(on):
            self.wrong.append(f"{name} is still to come: {on}")

    def word(self, name: str, allowed: Sequence[E], otherwise: E) -> E:
        text = self.record.cells.get(name, "")
        if not text:
            return otherwise
        found = next((each for each in allowed if each.value.casefold() == text.casefold().replace(" ", "_")), None)
        if found is None:
            self.wrong.append(f"{name} can't be {_cut(text)}; it can be {', '.join(each.value for each in allowed)}")
        return found or otherwise

    def person(self, name: str) -> int | None:
        text = self.record.cells.get(name, "")
        found = self.known.people.get(text.casefold(), ()) if text else ()
        if text and not found:
            self.wrong.append(f"{name} is nobody here: {_cut(text)}; write their e-mail address or whole name")
        if len(found) > 1:
            self.wrong.append(f"{name}: {len(found)} people are called {_cut(text)}; write the e-mail address")
        return found[0] if len(found) == 1 else None

    def initiative(self) -> tuple[int, Initiative.State] | None:
        text = self.record.cells.get("initiative", "")
        found = self.known.initiatives.get(text.upper())
        if text and found is None:
            self.wrong.append(f"there is no initiative {_cut(text)}")
        if found is not None and found[1] in _FINAL:
            self.wrong.append(f"the initiative {_cut(text)} is {found[1].value}, so nothing more belongs to it")
        return found

    def batch(self) -> int | None:
        text = self.record.cells.get("batch", "")
        if text and text.upper() not in self.known.batches:
            self.wrong.append(f"there is no batch {_cut(text)}")
        return self.known.batches.get(text.upper())


def _is_hidden(sign: str) -> bool:
    """Whether a sign obeys terminals rather than being read, or turns the text around it."""
    return sign in _TURNS or (unicodedata.category(sign) == "Cc" and sign not in "\t\n\r")


def _cut(text: str) -> str:
    """As much of a cell as is worth repeating."""
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"  # noqa: PLR2004


def _each(records: Sequence[Record], known: Known, columns_of: Callable[[_Cells], Mapping[str, object]]) -> Checked:
    done = Checked()
    first_with: dict[str, int] = {}
    for record in records:
        cells = _Cells(record, known)
        key = cells.text("key", KEY_MAX, needed=True)
        is_known = key in known.keys
        columns = {} if is_known else columns_of(cells)
        before = first_with.setdefault(key, record.line)
        if key and before != record.line:
            cells.wrong.append(f"the key {_cut(key)} stands on line {before} already")
        if cells.wrong:
            done.bad.append(Bad(record.line, "; ".join(cells.wrong)))
        elif is_known:
            done.known += 1
        else:
            done.drafts.append(Draft(record.line, key, columns))
    return done


def _action(cells: _Cells, by: int | None) -> dict[str, object]:
    state = cells.word("state", ACTION_STATES, Action.State.OPEN)
    owner, due_on, finished_on = cells.person("owner"), cells.day("due_on"), cells.day("finished_on")
    requester = cells.person("requester") or by or owner
    written = cells.record.cells
    if state is not Action.State.PROPOSED:
        cells.wrong += [f"{state.value} needs an owner"] if not written.get("owner") else []
        cells.wrong += [f"{state.value} needs a due_on"] if not written.get("due_on") else []
    if state is Action.State.DONE and not written.get("finished_on"):
        cells.wrong.append("done needs a finished_on")
    if state is Action.State.DONE:
        cells.over("finished_on", finished_on)
    elif finished_on is not None:
        cells.wrong.append(f"finished_on is for what is done, and this is {state.value}")
    if requester is None and not written.get("requester") and not written.get("owner"):
        cells.wrong.append("it needs an owner or a requester, or say --by who imports it")
    initiative = cells.initiative()
    return {
        "title": cells.title(TITLE_MAX),
        "owner_id": owner,
        "requester_id": requester,
        "initiative_id": initiative[0] if initiative else None,
        "batch_id": cells.batch(),
        "priority": cells.word("priority", tuple(Priority), Priority.P3),
        "state": state,
        "due_on": due_on,
        "first_due_on": None if state is Action.State.PROPOSED else due_on,
        "done_when": cells.text("done_when", DONE_WHEN_MAX),
        "evidence": cells.text("evidence", EVIDENCE_MAX),
        "finished_on": finished_on,
        "closed_at": datetime.combine(finished_on, time(), tzinfo=UTC) if finished_on else None,
    }


def _milestone(cells: _Cells) -> dict[str, object]:
    state = cells.word("state", MILESTONE_STATES, Milestone.State.PLANNED)
    forecast_on, baseline_on, actual_on = (
        cells.day("forecast_on"),
        cells.day("baseline_on"),
        cells.day("actual_on"),
    )
    written = cells.record.cells
    for name in ("initiative", "forecast_on"):
        cells.wrong += [f"{name} is empty"] if not written.get(name) else []
    if state is Milestone.State.ACHIEVED and not written.get("actual_on"):
        cells.wrong.append("achieved needs an actual_on")
    if state is Milestone.State.ACHIEVED:
        cells.over("actual_on", actual_on)
    elif actual_on is not None:
        cells.wrong.append(f"actual_on is for what is achieved, and this is {state.value}")
    initiative = cells.initiative()
    is_agreed = initiative is not None and initiative[1] in _AGREED
    return {
        "title": cells.title(milestone_rules.TITLE_MAX),
        "initiative_id": initiative[0] if initiative else None,
        "owner_id": cells.person("owner"),
        "forecast_on": forecast_on,
        "baseline_on": baseline_on or (forecast_on if is_agreed else None),
        "state": state,
        "actual_on": actual_on,
        "evidence": cells.text("evidence", milestone_rules.EVIDENCE_MAX),
    }
