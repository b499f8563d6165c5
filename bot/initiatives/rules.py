"""What an initiative, its charter and its batch may become, what they still need, and where they stand. Pure.

Source: domain.md 2.3, 2.4, S0-07, S3-11.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from bot.work.rules import Move, Part
from storage.initiatives import Batch, Charter, Initiative, StrategyFrame

State = Initiative.State
CharterState = Charter.State
BatchState = Batch.State

TITLE_MAX = 150  # characters; it is a card's title
NAME_MAX = 75  # characters of a domain, objective, stage or batch; a choice in a form holds no more
LAG_MAX = 3650  # days
SHORT_MONTHS, MID_MONTHS = 3, 12
READ_WITHIN = 3  # working days, then it is shown who has not read what an initiative means
IN_FLIGHT_MOST = 1000  # initiatives at once that a frame may allow
OVERLAP = Decimal("0.5")  # share of the shorter title's words
_MONEY_MOST = 10**12  # minor units

FINAL = (State.CLOSED, State.DROPPED, State.STOPPED)
_BEFORE = (State.IDEA, State.SCORED, State.RANKED, State.CHARTERED, State.APPROVED)
_RUNS = (State.IN_FLIGHT, State.PAUSED)
_OPEN = (*_BEFORE, *_RUNS, State.DELIVERED)
_LEADS = (Part.OWNER, Part.LEAD)

APPROVAL_RESETS = "where objectives, benefits, definition of done or budget change"
ELSE = "where something else of it changes"
UNRANKED = "without a ranking"
HANDS_ON = "naming another sponsor"

INITIATIVE_MOVES: tuple[Move[State], ...] = (
    Move("score", "scored", (State.IDEA,), State.SCORED, (Part.ANYBODY,)),
    Move("score", "scored", (State.SCORED, State.RANKED), None, (Part.ANYBODY,)),
    Move("rank", "ranked", (State.SCORED,), State.RANKED, (Part.CLOCK,), when="when a ranking is published"),
    Move("charter", "chartered", (State.RANKED,), State.CHARTERED, _LEADS),
    Move("charter", "chartered", (State.SCORED,), State.CHARTERED, _LEADS, reason=True, when=UNRANKED),
    Move("charter", "chartered", (State.APPROVED,), State.CHARTERED, _LEADS, when=APPROVAL_RESETS),
    Move("charter", "chartered", (State.CHARTERED, State.APPROVED, *_RUNS), None, _LEADS, when=ELSE),
    Move("approve", "approved", (State.CHARTERED,), State.APPROVED, (Part.SPONSOR,), when="with its charter"),
    Move("start", "started", (State.APPROVED, State.PAUSED), State.IN_FLIGHT, (Part.LEAD,),
         when="when nothing is missing"),
    Move("pause", "paused", (State.IN_FLIGHT,), State.PAUSED, (Part.LEAD,), reason=True),
    Move("deliver", "delivered", (State.IN_FLIGHT,), State.DELIVERED, (Part.LEAD,)),
    Move("close", "closed", (State.DELIVERED,), State.CLOSED, (Part.LEAD,)),
    Move("stop", "stopped", _RUNS, State.STOPPED, (Part.SPONSOR,), reason=True),
    Move("drop", "dropped", _BEFORE, State.DROPPED, (Part.LEAD,), reason=True),
    Move("set", "changed", _OPEN, None, _LEADS),
    Move("set", "changed", _OPEN, None, (Part.SPONSOR,), when=HANDS_ON),
)  # fmt: skip

CHARTER_MOVES: tuple[Move[CharterState], ...] = (
    Move("charter", "changed", (CharterState.DRAFT, CharterState.IN_REVIEW), None, _LEADS),
    Move("charter", "changed", (CharterState.APPROVED,), CharterState.DRAFT, _LEADS, when=APPROVAL_RESETS),
    Move("charter", "changed", (CharterState.APPROVED,), None, _LEADS, when=ELSE),
    Move("review", "sent for review", (CharterState.DRAFT,), CharterState.IN_REVIEW, _LEADS),
    Move("query", "queried", (CharterState.IN_REVIEW,), None, (Part.SPONSOR,)),
    Move("answer", "answered", (CharterState.IN_REVIEW,), None, (Part.OWNER,)),
    Move("approve", "approved", (CharterState.IN_REVIEW,), CharterState.APPROVED, (Part.SPONSOR,),
         when="while no query is open"),
)  # fmt: skip

BATCH_MOVES: tuple[Move[BatchState], ...] = (
    Move("add", "added to", (BatchState.PLANNED,), None, (Part.LEAD,)),
    Move("add", "added to", (BatchState.RUNNING,), None, (Part.LEAD,), reason=True),
    Move("remove", "taken from", (BatchState.PLANNED, BatchState.RUNNING), None, (Part.LEAD,)),
    Move("start", "started", (BatchState.PLANNED,), BatchState.RUNNING, (Part.LEAD,)),
    Move("close", "closed", (BatchState.PLANNED, BatchState.RUNNING), BatchState.CLOSED, (Part.LEAD,)),
)


def by_people(table: Sequence[Move[State]]) -> Sequence[Move[State]]:
    """The moves that somebody can make; the others follow from something else."""
    return [move for move in table if move.who != (Part.CLOCK,)]


# --- how far away its end is


class Horizon(StrEnum):
    """A column of the transformation map."""

    SHORT = "short"
    MID = "mid"
    LONG = "long"


def horizon(ends_on: date | None, frame: StrategyFrame | None, today: date) -> Horizon:
    """Where an end falls: an end on a boundary counts to the earlier column, and no end at all is long term.

    The boundaries are the frame's; without a frame, three and twelve months from today.
    """
    short_end = frame.short_end if frame else months_after(today, SHORT_MONTHS)
    mid_end = frame.mid_end if frame else months_after(today, MID_MONTHS)
    if ends_on is None or ends_on > mid_end:
        return Horizon.LONG
    return Horizon.SHORT if ends_on <= short_end else Horizon.MID


def months_after(on: date, months: int) -> date:
    """The same day some months later, the last of a shorter month."""
    return on + relativedelta(months=months)


# --- what looks alike

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "before", "by", "for", "from", "has", "have", "in", "into", "is", "it",
    "its", "new", "not", "of", "off", "on", "one", "or", "our", "out", "over", "so", "than", "that", "the", "their",
    "them", "then", "they", "this", "to", "up", "we", "when", "where", "which", "with", "without", "you", "your",
})  # fmt: skip


def title_words(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, in small letters; all of them where they are all common ones."""
    words = frozenset(_WORD.findall(title.casefold()))
    return words - _STOP_WORDS or words


class About(NamedTuple):
    """What is compared of two initiatives."""

    title: str
    stage: str
    department_id: int | None


def overlaps(one: About, other: About) -> bool:
    """Whether they look like the same: half the words of the shorter title, at the same stage.

    Where one of them names no stage, the department counts.
    """
    words, others = title_words(one.title), title_words(other.title)
    shorter = min(len(words), len(others))
    return _same_place(one, other) and shorter > 0 and Decimal(len(words & others)) / shorter >= OVERLAP


def _same_place(one: About, other: About) -> bool:
    if one.stage.strip() and other.stage.strip():
        return one.stage.strip().casefold() == other.stage.strip().casefold()
    return one.department_id is not None and one.department_id == other.department_id


# --- what is missing


class Ready(NamedTuple):
    """What it takes to start; `in_flight` counts the others that are, `most` is the frame's limit (None: no frame)."""

    charter: Charter | None
    phases: int
    milestones: int
    measures: int
    objectives: int
    has_owner: bool
    has_sponsor: bool
    in_flight: int
    most: int | None


class Missing(StrEnum):
    """What an initiative may still lack, in the order in which it is told."""

    OWNER = "owner"
    SPONSOR = "sponsor"
    OBJECTIVE = "objective"
    MEASURE = "measure"
    CHARTER = "charter"
    OBJECTIVES = "objectives"
    BENEFITS = "benefits"
    DONE_WHEN = "done_when"
    PHASE = "phase"
    BUDGET = "budget"
    RETURN = "return"
    APPROVAL = "approval"
    MILESTONE = "milestone"
    PLACE = "place"


def missing(ready: Ready) -> Sequence[Missing]:
    """What keeps it from starting. Source: domain.md 2.4, invariant 12."""
    lacks = {
        Missing.OWNER: not ready.has_owner,
        Missing.SPONSOR: not ready.has_sponsor,
        Missing.OBJECTIVE: not ready.objectives,
        Missing.MEASURE: not ready.measures,
        Missing.CHARTER: ready.charter is None,
        Missing.MILESTONE: not ready.milestones,
        Missing.PLACE: ready.most is not None and ready.in_flight >= ready.most,
    }
    found = {what for what, is_missing in lacks.items() if is_missing} | {*charter_lacks(ready.charter, ready.phases)}
    return [each for each in Missing if each in found]


def charter_lacks(charter: Charter | None, phases: int) -> Collection[Missing]:
    """What a charter still needs, its approval included."""
    if charter is None:
        return ()
    lacks = {
        Missing.OBJECTIVES: not charter.objectives.strip(),
        Missing.BENEFITS: not charter.benefits.strip(),
        Missing.DONE_WHEN: not charter.done_when.strip(),
        Missing.PHASE: not phases,
        Missing.BUDGET: charter.budget is None,
        Missing.RETURN: charter.expected_return is None,
        Missing.APPROVAL: charter.state is not CharterState.APPROVED,
    }
    return [what for what, is_missing in lacks.items() if is_missing]


# --- what a charter says


class Terms(NamedTuple):
    """What an approval is given for: where one of them changes, it is asked for again."""

    objectives: str
    benefits: str
    done_when: str
    budget: int | None
    days_per_month: int | None


def terms_of(charter: Charter) -> Terms:
    """What the approval of a charter stands on."""
    return Terms(charter.objectives, charter.benefits, charter.done_when, charter.budget, charter.days_per_month)


def over(frame: StrategyFrame, money: int, days: int) -> tuple[int, int]:
    """By how much approved money and days a month go over a frame; a limit of 0 is none."""
    return (
        max(money - frame.budget, 0) if frame.budget else 0,
        max(days - frame.person_days_per_month, 0) if frame.person_days_per_month else 0,
    )


_MONEY = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)(?P<times>k|m)?", re.ASCII)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}
CURRENCY = "GBP"  # until a frame says otherwise
SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money_of(text: str, currency: str) -> int | None:
    """`£15,000`, `15000`, `15k` in minor units; None for what is no amount, or bears another currency's sign."""
    bare = text.strip().casefold().removeprefix(SIGNS.get(currency, "")).replace(" ", "")
    found = _MONEY.fullmatch(bare)
    if found is None:
        return None
    try:
        minor = Decimal(found["number"].replace(",", "")) * _TIMES[found["times"] or ""] * 100
    except InvalidOperation:
        return None
    return int(minor) if minor <= _MONEY_MOST else None


_DAYS_MOST = 100_000


def days_of(text: str) -> int | None:
    """A whole number of days; None for what is none."""
    bare = text.strip()
    days = int(bare) if bare.isascii() and bare.isdigit() else _DAYS_MOST + 1
    return days if days <= _DAYS_MOST else None


class PhaseLine(NamedTuple):
    """A phase as it is typed."""

    name: str
    exit_criteria: str


def phases_of(text: str) -> Sequence[PhaseLine] | None:
    """Lines as `Pilot: 20 calls without a second visit`; None where one has no criterion, or a name comes twice."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found: list[PhaseLine] = []
    for line in lines:
        name, _, criterion = (part.strip() for part in line.partition(":"))
        if not name or not criterion or len(name) > NAME_MAX or name.casefold() in {f.name.casefold() for f in found}:
            return None
        found.append(PhaseLine(name, criterion))
    return found
