"""Decisions and votes: their states, what a decision means for whom, and how long a vote is open. Pure.

Source: domain.md 2.3 (Decision), 2.4 (7, 9), S2-11, S2-12.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from bot.blockers.rules import says_nothing
from bot.council.rules import Count, Quorum
from bot.work.rules import Move, Part
from storage.decisions import CouncilVote, Decision
from storage.people import Department

State: TypeAlias = Decision.State
VoteState: TypeAlias = CouncilVote.State

TEXT_MAX = 300  # characters of a decision
REASON_MAX = 500
MEANS_MAX = 1500
QUESTION_MAX = 200
NAME_WORDS = 3  # of a department

_AT_THE_TABLE = (Part.CHAIR, Part.SECRETARY)
MOVES: tuple[Move[State], ...] = (
    Move("ratify", "ratified", (State.PROVISIONAL,), State.IN_FORCE, _AT_THE_TABLE, when="while there is a quorum"),
    Move("lapse", "let go", (State.PROVISIONAL,), State.LAPSED, _AT_THE_TABLE, reason=True),
    Move("supersede", "superseded", (State.IN_FORCE,), State.SUPERSEDED, _AT_THE_TABLE, when="by another decision"),
    Move("reopen", "reopened", (State.IN_FORCE,), None, _AT_THE_TABLE, reason=True),
    Move("reverse", "reversed", (State.IN_FORCE,), State.REVERSED, _AT_THE_TABLE, reason=True),
)
VOTE_MOVES: tuple[Move[VoteState], ...] = (
    Move("vote", "voted on", (VoteState.OPEN,), None, (Part.SEAT,)),
    Move("close", "closed", (VoteState.OPEN,), VoteState.CLOSED, (Part.CHAIR, Part.CLOCK)),
    Move("cancel", "called off", (VoteState.OPEN,), VoteState.CANCELLED, (Part.CHAIR,)),
)


@dataclass(frozen=True, slots=True)
class Means:
    """What a decision means for one department."""

    department_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is to be recorded."""

    text: str
    reason: str
    implications: str
    means: Sequence[Means] = ()
    customer_view: str = ""
    moved_by: int | None = None
    count: Count | None = None
    from_on: date | None = None
    review_on: date | None = None
    internal: bool = False
    item_id: int | None = None
    section: int | None = None
    replaces: Decision | None = field(default=None)


def state_of(quorum: Quorum) -> State:
    """What a decision is that is recorded at this moment: in force only where the council is quorate."""
    return State.IN_FORCE if quorum.is_met else State.PROVISIONAL


def by_name(known: Iterable[Department]) -> dict[str, int]:
    """The numbers of departments by folded name."""
    return {" ".join(each.name.casefold().split()): each.id for each in known}


def means_of(text: str, departments: Mapping[str, int]) -> list[Means]:
    """What is said for each department in `Field: fewer revisits; Billing: none`, in the order in which it is said.

    `departments` are their numbers by folded name; `Digital and IT: new screens` is said for both. What stands for none
    of them is part of the text before it; what only says `none` is left out.
    """
    found: list[Means] = []
    last = 1
    for part in re.split(r"[;\n]", text):
        name, colon, rest = part.partition(":")
        numbers = [departments.get(each) for each in _names_in(name, departments)] if colon else []
        named = [each for each in numbers if each is not None]
        if named and len(named) == len(numbers):
            last = len(named)
            found += [Means(each, rest.strip()) for each in named]
        elif found and part.strip():
            added = [Means(each.department_id, f"{each.text}; {part.strip()}".strip("; ")) for each in found[-last:]]
            found[-last:] = added
    return [each for each in _together(found) if not says_nothing(each.text)]


def said_to_all(text: str, departments: Mapping[str, int]) -> str:
    """The words before the first department, which are about nobody by name; empty where no department is named.

    `departments` are as in `means_of`.
    """
    before: list[str] = []
    for part in re.split(r"[;\n]", text):
        name, colon, _ = part.partition(":")
        names = _names_in(name, departments) if colon else []
        if names and all(each in departments for each in names):
            return "; ".join(before)
        before += [part.strip()] if part.strip() else []
    return ""


_AND = re.compile(r",| and ")


def _names_in(label: str, departments: Mapping[str, int]) -> list[str]:
    """The folded names in `Digital and IT` or `Field, Billing`; a department may have such a name itself."""
    folded = " ".join(label.casefold().split())
    return [folded] if folded in departments else [each.strip() for each in _AND.split(folded) if each.strip()]


_LABEL = re.compile(r"[A-Za-z][A-Za-z&' .-]{0,38}")
_NO_LABELS = frozenset({"all", "everybody", "everyone", "note", "others", "the others"})


def unknown_label(text: str, departments: Mapping[str, int]) -> str:
    """What stands before a colon like the name of a department and is none; empty where there is nothing like it."""
    for part in re.split(r"[;\n]", text):
        name, colon, _ = part.partition(":")
        names = _names_in(name, departments) if colon else []
        strange = [each for each in names if each not in departments and each not in _NO_LABELS]
        if not strange:
            continue
        if len(strange) < len(names):  # beside a department that there is
            return name.strip()
        if _LABEL.fullmatch(name.strip()) is not None and len(name.split()) <= NAME_WORDS:
            return name.strip()
    return ""


def _together(found: Iterable[Means]) -> list[Means]:
    """Each department once."""
    by_department: dict[int, list[str]] = {}
    for each in found:
        by_department.setdefault(each.department_id, []).append(each.text)
    return [Means(number, "; ".join(texts)) for number, texts in by_department.items()]


_COUNT = re.compile(r"(?P<a>\d{1,3})\s*[-–:/, ]\s*(?P<b>\d{1,3})(?:\s*[-–:/, ]\s*(?P<c>\d{1,3}))?")


def count_meant(text: str) -> Count | None:
    """The votes in `6-1-0` or `6-1`: for, against, abstentions; None for what is no count."""
    found = _COUNT.fullmatch(text.strip())
    return Count(int(found["a"]), int(found["b"]), int(found["c"] or 0)) if found else None
