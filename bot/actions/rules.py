"""What an action may become, which comes first, when its owner is reminded, and what rates say. Pure.

Source: domain.md 2.3, 2.4, 3.4 (P-07), 3.5 and 4.6.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from bot.work.rules import Move, Part
from storage.actions import AGREED, CLOSED, WAITING, Action
from storage.links import Thing
from storage.people import Person

State = Action.State

TITLE_MAX = 150  # characters; it is a card's title
DONE_WHEN_MAX = 500  # characters
REOPEN_DAYS = 30
HELP_WAITS = 2  # working days until a request that nobody took on is told again, and then to a lead
HELP_DAYS = 5  # working days for a request for help that names no date
PROPOSED_DAYS = 5  # working days that are proposed for what a blocker is made into

CHECKED = "where it says when it counts as done"
UNCHECKED = "where nobody checks"
FREE = "while it has no owner"

_LIVE = (State.OPEN, State.IN_PROGRESS, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody of another company would read words that came of something internal. Source: domain.md 2.4 (24)."""

    origin: Thing
    """An item or a decision."""
    hears: Person | None
    """Who reads what is internal and has to know: the chair, else the secretary, else the sponsor."""
    is_chair: bool


MOVES: tuple[Move[State], ...] = (
    Move("accept", "accepted", (State.PROPOSED,), State.OPEN, (Part.OWNER,)),
    Move("accept", "accepted", (State.DONE_CLAIMED,), State.DONE, (Part.CHECKER,)),
    Move("reject", "rejected", (State.PROPOSED,), None, (Part.OWNER,)),
    Move("reject", "rejected", (State.DONE_CLAIMED,), State.IN_PROGRESS, (Part.CHECKER,), reason=True),
    Move("take", "taken", (State.PROPOSED,), State.OPEN, (Part.ANYBODY,), when=FREE),
    Move("assign", "assigned", (State.PROPOSED, *_LIVE), State.OPEN, (Part.LEAD,)),
    Move("assign", "assigned", (State.PROPOSED, *_LIVE), State.PROPOSED, (Part.OWNER, Part.REQUESTER)),
    Move("assign", "assigned", (State.PROPOSED,), None, (Part.ANYBODY,), when=FREE),
    Move("start", "started", (State.OPEN, State.BLOCKED), State.IN_PROGRESS, (Part.OWNER, Part.LEAD)),
    Move("block", "blocked", (State.OPEN, State.IN_PROGRESS), State.BLOCKED, (Part.OWNER, Part.LEAD), reason=True),
    Move("done", "done", (State.OPEN, State.IN_PROGRESS), State.DONE, (Part.OWNER,), when=UNCHECKED),
    Move("done", "done", (State.OPEN, State.IN_PROGRESS), State.DONE_CLAIMED, (Part.OWNER,), when=CHECKED),
    Move("due", "moved", (State.PROPOSED, *_LIVE), None, (Part.OWNER, Part.LEAD, Part.REQUESTER), reason=True),
    Move("cancel", "cancelled", (State.PROPOSED, *_LIVE), State.CANCELLED, (Part.LEAD, Part.REQUESTER), reason=True),
    Move("reopen", "reopened", (State.DONE,), State.IN_PROGRESS, (Part.LEAD, Part.REQUESTER), reason=True,
         when=f"within {REOPEN_DAYS} days"),
)  # fmt: skip


def is_closed(action: Action) -> bool:
    """Whether nothing is to be done about it any more."""
    return action.state in CLOSED


def needs_owner(action: Action) -> bool:
    """Whether its owner has something to do about it."""
    return action.state in WAITING


def is_overdue(action: Action, today: date) -> bool:
    """Whether it was agreed, is not done, and its day is over. Computed, and no state of its own."""
    return action.state in AGREED and action.due_on is not None and action.due_on < today


def order(action: Action, today: date) -> tuple[bool, str, date, int]:
    """Sorts a list: overdue, priority, due date, code."""
    return not is_overdue(action, today), action.priority.value, action.due_on or date.max, action.id


_AND_ANOTHER = re.compile(r"(?:and|or|&|\+|/|,|as well as|plus) *A-\d+\b", re.ASCII | re.IGNORECASE)


def names_several(codes: Sequence[str], words: str) -> bool:
    """Whether a line is about several actions: `A-1 A-2`, `A-1 and A-2`; not where others stand in its sentence."""
    return len(codes) > 1 or bool(_AND_ANOTHER.match(words))


# --- what comes again

_EVERY = re.compile(r"(?:(?P<number>[1-9]\d?) ?)?(?P<unit>day|week|month|year)s?", re.ASCII)


def every_of(text: str) -> str | None:
    """`week`, `2 weeks`, `month` as it is kept: `week`, `2 week`; None for what is no interval."""
    found = _EVERY.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        return None
    number = int(found["number"] or 1)
    return found["unit"] if number == 1 else f"{number} {found['unit']}"


def anchored(every: str, on: date) -> str:
    """An interval with the day that it counts from, as `month@2027-01-31`; empty for none."""
    return f"{every}@{on.isoformat()}" if every else ""


def next_due(every: str, after: date) -> date:
    """The first day of an anchored interval after a day; the 31st is the last of shorter months, and the 31st again."""
    interval, _, anchor = every.partition("@")
    number, _, unit = interval.rpartition(" ")
    start, step, times = date.fromisoformat(anchor), int(number or 1), 1
    while (found := start + relativedelta(**{f"{unit}s": step * times})) <= after:  # type: ignore[arg-type]
        times += 1
    return found


# --- reminders

Works = Callable[[date], bool]
"""Whether somebody works on a day."""

AFTERNOON, MORNING = time(15), time(9)
AFTER_DUE = (1, 3, 5)  # working days
TO_LEAD = 3
LAST = 5


@dataclass(frozen=True, slots=True)
class Reminder:
    """When an owner hears of an action; `after` counts the working days since it was due, 0 on the day itself."""

    on: date
    at: time
    after: int


def reminders(due_on: date, works: Works) -> Iterator[Reminder]:
    """When the owner of an action due on a day is reminded, in order; on a day off it is the next working day."""
    first = due_on if works(due_on) else nth_working_day(due_on, 1, works)
    yield Reminder(first, AFTERNOON, 0)
    for after in AFTER_DUE:
        yield Reminder(nth_working_day(first, after, works), MORNING, after)


def reminder_on(due_on: date, on: date, at: time, works: Works) -> Reminder | None:
    """The reminder of an action that falls on a day and time; None for none."""
    return next((each for each in reminders(due_on, works) if (each.on, each.at) == (on, at)), None)


def nth_working_day(after: date, number: int, works: Works) -> date:
    """The so many-th working day after a day."""
    on = after
    for _ in range(366):
        on += timedelta(days=1)
        number -= works(on)
        if not number:
            return on
    return on  # somebody who never works hears of it all the same


# --- rates


@dataclass(frozen=True, slots=True)
class Rate:
    """`kept` of `due`; without anything due there is no share."""

    kept: int
    due: int

    @property
    def share(self) -> Fraction | None:
        """From 0 to 1; None is n/a."""
        return Fraction(self.kept, self.due) if self.due else None


def on_time(actions: Iterable[Action], first: date, last: date) -> Rate:
    """Of the actions due in a period, those done on or before their day. Source: domain.md 4.6."""
    due = [each for each in actions if _counts(each) and each.due_on and first <= each.due_on <= last]
    return Rate(sum(_finished_by(each, each.due_on) for each in due), len(due))


def promises_kept(actions: Iterable[Action], first: date, last: date) -> Rate:
    """The same by the dates first promised."""
    due = [each for each in actions if _counts(each) and each.first_due_on and first <= each.first_due_on <= last]
    return Rate(sum(_finished_by(each, each.first_due_on) for each in due), len(due))


def across_departments(closed: Iterable[tuple[int | None, int | None]]) -> Rate:
    """Of closed actions, as the departments of owner and requester, those done for another department."""
    pairs = list(closed)
    return Rate(sum(owner != requester for owner, requester in pairs), len(pairs))


def _counts(action: Action) -> bool:
    return action.state is not State.CANCELLED


def _finished_by(action: Action, on: date | None) -> bool:
    """A claim that nobody has accepted yet is not done."""
    done = action.state is State.DONE and action.finished_on is not None
    return done and on is not None and action.finished_on is not None and action.finished_on <= on
