"""What a trace is made of: things, how they hang together, and where each one stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from storage.links import End


class Tie(StrEnum):
    """How one thing hangs on another."""

    LED_TO = "led to"
    PART_OF = "is part of"
    SERVES = "serves"
    BLOCKS = "holds up"
    REPEATS = "comes again as"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one thing says of itself. `wholes` are what it is part of, or held up by, as its own row says.

    `on` is the date that matters, with the words before it: `due`, `raised`.
    """

    end: End
    title: str
    code: str = ""
    state: str = ""
    person_id: int | None = None
    on: date | None = None
    on_is: str = ""
    wholes: tuple[tuple[Tie, End], ...] = ()
    kind: str = ""
    """What it is, in a word."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.code or self.title


class Section(StrEnum):
    """Where in a trail a thing stands."""

    ORIGIN = "origin"
    WHOLE = "whole"
    OBSTACLE = "obstacle"
    SEQUEL = "sequel"
    HELD_UP = "held up"


@dataclass(frozen=True, slots=True)
class Step:
    """A thing of a trail, and how it hangs on one that is nearer to the root."""

    end: End
    near: End
    tie: Tie
    section: Section


@dataclass(slots=True)
class Trail:
    """Everything around one thing, in the order in which it was found: the nearest first."""

    root: Piece
    steps: list[Step] = field(default_factory=list)
    known: dict[End, Piece] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """The kinds that its chain should have and has not."""
    more: dict[Section, int] = field(default_factory=dict)
    """How many there are beyond those in `steps`."""

    def of(self, section: Section) -> list[Step]:
        """One part of it."""
        return [step for step in self.steps if step.section is section]
