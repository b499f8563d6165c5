"""What a handler returns: one immediate answer, messages wanted or stale, and steps of the clock still to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.messages import Lane, Recipients
from storage.people import Person
from storage.places import Place

UNDO_FOR = timedelta(minutes=5)

Ids: TypeAlias = Mapping[str, int]
"""What a view is about: names and row ids, for example `{"run": 412}`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply given in the same breath: a form, a refused form or a card.

    `private` keeps a card from the others in the room: ephemeral where the platform has it, else a direct message.
    """

    content: Card | Form
    private: bool = True
    settles: bool = False
    """Whether a card takes the place of the immediate reply whose button was pressed; a refusal leaves it as it was."""
    stays: bool = False
    """Whether it is left as it is when one of its buttons is pressed, because it says more than the press settles."""
    refuses: bool = False
    """Whether it says why a form was not taken: nothing was changed, and what was typed stays on the screen."""
    kept: bool = True
    """Whether a redelivery of its event is given it again. What nobody else may ever read is not kept."""


@dataclass(frozen=True, slots=True)
class Show:
    """Wants a message: `view` of `ids` in a place or a person's direct messages, once per `key`.

    `thread` is the key of the message in whose thread it stands. It is not sent after `not_after`.
    """

    key: str
    to: Place | Person
    view: str
    ids: Ids
    traffic: Lane.Traffic = Lane.Traffic.SUMMARY
    thread: str = ""
    due_at: datetime | None = None
    """When it is to be seen; None: at once."""
    not_after: datetime | None = None
    urgent: bool = False
    """Whether it also comes at night, on a day off and beyond the day's number of messages."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Marks what shows `view` of `ids` as stale, for everybody or for `reader` alone.

    With `at_most_every`, a message is remade no sooner than that after it was last shown.
    """

    view: str
    ids: Ids
    reader: Person | None = None
    at_most_every: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Wants one direct message for each person that `recipients` selects, in one statement.

    `recipients` selects `person_id`, `due_at` and `not_after` (aware UTC); a person's message has the key
    `{key}:{person_id}`.
    """

    key: str
    recipients: Recipients
    view: str
    ids: Ids
    traffic: Lane.Traffic = Lane.Traffic.PROMPT
    urgent: bool = False
    """As in `Show`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A step of the clock, once per `key`: a `Due(kind, subject_id)` at `at`."""

    key: str
    kind: str
    subject_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Replies:
    """Everything that should follow from one event; two of them add up, the later answer winning.

    `outcome` says in a few words what a step did, for the time bar and the log; `skipped`, that it left something out
    on purpose. `undoable` puts **Undo** on the answer.
    """

    answer: Answer | None = None
    show: tuple[Show | Broadcast, ...] = ()
    refresh: tuple[Refresh, ...] = ()
    plan: tuple[Plan, ...] = ()
    outcome: str = ""
    skipped: bool = False
    undoable: bool = False

    def __add__(self, other: "Replies") -> "Replies":
        return Replies(
            answer=other.answer or self.answer,
            show=self.show + other.show,
            refresh=self.refresh + other.refresh,
            plan=self.plan + other.plan,
            outcome=other.outcome or self.outcome,
            skipped=self.skipped or other.skipped,
            undoable=self.undoable or other.undoable,
        )


NOTHING = Replies()
