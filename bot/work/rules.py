"""Moves from state to state: one table for each kind of work, from which handlers, refusals and the docs all read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class Part(StrEnum):
    """What somebody is to a piece of work."""

    OWNER = "its owner"
    LEAD = "the lead"
    REQUESTER = "who asked for it"
    CHECKER = "somebody else than its owner: the lead or who asked for it"
    SPONSOR = "its sponsor"
    ADMIN = "an administrator"
    RAISER = "who raised it"
    HELPER = "who helps with it"
    TEAM = "its team"
    ASKED = "whoever it has gone up to"
    CHAIR = "the chair"
    SECRETARY = "the secretary"
    SEAT = "a member of the council"
    ANYBODY = "anybody"
    VOTER = "who was asked for a ballot"
    CLOCK = "nobody: it follows from something else"


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row of a table: `verb` leads from each of `sources` to `target`, or leaves the state as it is (None).

    `done` is the verb as in "can't be {done}". With `reason` it needs a word why. `when` is a condition beyond the
    state, in words, empty where there is none.
    """

    verb: str
    done: str
    sources: tuple[S, ...]
    target: S | None
    who: tuple[Part, ...]
    reason: bool = False
    when: str = ""


def moves_from(table: Sequence[Move[S]], verb: str, state: S) -> Sequence[Move[S]]:
    """The moves of that name from a state: none where it is illegal, several where a condition or a part decides."""
    return [move for move in table if move.verb == verb and state in move.sources]


def verbs_from(table: Sequence[Move[S]], state: S, parts: Collection[Part] | None = None) -> Sequence[str]:
    """What can be done from a state, in the table's order; by those with one of `parts` alone, where they are given."""
    fitting = (move for move in table if state in move.sources)
    mine = (move for move in fitting if parts is None or not {*move.who}.isdisjoint(parts))
    return tuple(dict.fromkeys(move.verb for move in mine))


def states_in(table: Sequence[Move[S]]) -> Sequence[S]:
    """Every state of a table, in the order of its type."""
    found = {state for move in table for state in (*move.sources, *([move.target] if move.target else []))}
    return [state for state in type(next(iter(found))) if state in found]


_IN_WORDS = {"done_claimed": "said to be done"}


def state_words(state: StrEnum) -> str:
    """`in progress`."""
    return _IN_WORDS.get(state.value, state.value.replace("_", " "))


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""What can be typed as a day, as in bot/chat/dates.py; a form takes no other."""


def day_in(value: str) -> date | None:
    """The day in an input of a form; None for an empty one, and for one that nobody can mean."""
    try:
        on = date.fromisoformat(value.strip())
    except ValueError:
        return None
    return on if FIRST_DAY <= on <= LAST_DAY else None
