"""The tables in which every verb, button, form, step and view finds its function."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, Enclosed
from bot.chat.commands import Usage
from bot.chat.events import Asked, Changed, Due, Pressed, Said, Submitted
from bot.chat.papers import Diary, Paper
from bot.chat.replies import Replies
from bot.chat.senders import Status
from storage.people import Person
from storage.tx import Tx

E = TypeVar("E")

IN_A_ROOM = "@Folkmoot "
"""What stands before a command in a room, where the bot is called by its name."""

Handler: TypeAlias = Callable[[E, Tx, datetime], Awaitable[Replies]]
"""Changes rows and returns what should be seen. It never speaks and never waits for a network."""


class Who(StrEnum):
    """Who may use a command at all; a handler checks the team or thing itself."""

    EVERYBODY = "everybody"
    LEAD = "a team's lead or an administrator"
    ADMIN = "an administrator"


@dataclass(frozen=True, slots=True)
class Command:
    """A verb: how it is typed, what it does in a few words, who may use it."""

    usage: Usage
    about: str
    handler: Handler[Asked]
    who: Who = Who.EVERYBODY
    example: str = ""
    also: str = ""
    """Another example, beside `example`; a verb that takes nothing has neither."""
    keys: tuple[str, ...] = ()
    """What may be added to it, an example of each key."""

    @property
    def examples(self) -> tuple[str, str]:
        """Two lines that somebody may type, one of them in a room where a bare verb is all there is."""
        bare = self.usage.verb
        return self.example or f"/{bare}", self.also or f"{IN_A_ROOM}{bare}"


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of step of the clock.

    `grace` is how late it may still be done; later than that its handler is called with `missed`. None: however late.
    `label` is what the time bar calls it before it happens.
    """

    handler: Handler[Due]
    label: str
    grace: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a message is rendered: a person in direct messages, or a room (then `person` is None).

    `stands` is False while the message was never shown: what would only say that it is settled need not come at all.
    """

    zone: ZoneInfo
    person: Person | None = None
    stands: bool = True


Projection: TypeAlias = Callable[[Tx, Mapping[str, int], Reader, datetime], Awaitable[Card | None]]
"""A view's newest state as a card; None when it should not be seen (any more)."""


class Wanted(NamedTuple):
    """A message that is about to be drawn: what it is about, and its reader (None for a room)."""

    ids: Mapping[str, int]
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A projection of which many are drawn at a time: `ahead` reads at once what each of them will ask for."""

    one: Projection
    ahead: Callable[[Tx, Sequence[Wanted]], Awaitable[None]]

    def __call__(self, tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Awaitable[Card | None]:
        return self.one(tx, ids, reader, now)


Enclosing: TypeAlias = Callable[[Tx, Person, Enclosed, datetime], Awaitable[Paper | Diary | None]]
"""What goes along with a message, as its reader may have it now; None where they may not, or it is no more."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What a person's quiet means for the views of direct messages; answers and what is urgent always come at once.

    `exempt` ones come at any hour and are not counted; `uncounted` ones wait with the others, but come beyond the
    day's number too; `reminders` are those that somebody may do without.
    """

    exempt: frozenset[str] = frozenset()
    uncounted: frozenset[str] = frozenset()
    reminders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Routes:
    """Everything the bot can do."""

    said: Handler[Said]
    changed: Handler[Changed] | None = None
    """What follows when a line is changed or taken back."""
    commands: tuple[Command, ...] = ()
    presses: Mapping[str, Handler[Pressed]] = field(default_factory=dict)
    forms: Mapping[str, Handler[Submitted]] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    views: Mapping[str, Projection] = field(default_factory=dict)
    manners: Manners | None = None
    """What waits for a person's quiet; None: nothing does."""
    enclosed: Enclosing | None = None
    """What goes along with messages, where files can."""
    home: Callable[[Tx, Person, datetime], Awaitable[Card]] | None = None
    """A person's day, where a platform has a page for it."""
    noticed: Callable[[Tx, Person, Status, datetime], Awaitable[None]] | None = None
    """What follows from what a platform says of somebody's status."""
    moved: Callable[[Tx, Person, datetime], Awaitable[None]] | None = None
    """What follows when somebody's zone changes or they leave."""
