"""What reaches a handler: somebody said, asked, pressed, submitted, or a step of the clock fell due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.chat.commands import Command
from bot.chat.forms import Values
from bot.chat.senders import Sender
from storage.people import Person
from storage.places import Place

ROW_NUMBER_DIGITS = 18  # fit 64 bits


@dataclass(frozen=True, slots=True)
class By:
    """Who acted, where, and in which event; permissions are checked from `person`, never from what a button carries."""

    person: Person
    place: Place
    event_id: int
    mentioned: Sequence[Sender] = ()
    """Whom their text mentions and the bot may not know yet."""

    @property
    def is_direct(self) -> bool:
        """Whether only this person and the bot see the place."""
        return self.place.kind is Place.Kind.DIRECT


@dataclass(frozen=True, slots=True)
class Said:
    """Plain text that is no command, in direct messages with the bot.

    `near` is the command it begins like without being one, as `away tomorow`: then it is asked before it is kept.
    """

    by: By
    text: str
    near: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed a line of theirs, or took it back (`text` is None); `line` is the event that it came in."""

    by: By
    line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A command."""

    by: By
    command: Command


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button."""

    by: By
    verb: str
    ids: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The row number that the button carries under `name`; 0 where it carries none, which no row has."""
        return row_number(self.ids.get(name, ""))


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent."""

    by: By
    verb: str
    values: Values
    ids: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The row number that the form carries under `name`; 0 where it carries none, which no row has."""
        return row_number(self.ids.get(name, ""))


@dataclass(frozen=True, slots=True)
class Due:
    """A step of the clock.

    `slot` is the naive local time it stands for, None for a step that a handler planned. `late` is how long after
    `due_at` it is handled; `missed` says that it is past the grace of its kind, so nothing but the record is wanted.
    """

    kind: str
    subject_id: int
    due_at: datetime
    late: timedelta = timedelta(0)
    slot: datetime | None = None
    missed: bool = False


Event: TypeAlias = Said | Changed | Asked | Pressed | Submitted | Due


def row_number(text: str) -> int:
    """The number of a row in what a person or platform sent; 0 where it is none, which no row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ROW_NUMBER_DIGITS else 0
