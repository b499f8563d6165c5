"""What minutes say, as it is frozen when they are issued: facts and people's words, and nothing of how they read. Pure.

Source: domain.md K-13, 2.4 (24), S2-10, S2-12, S2-29, S2-30.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter

from bot.council.rules import Reading
from storage.agenda import AgendaItem
from storage.decisions import Decision
from storage.meetings import Attendance, CouncilMeeting


@dataclass(frozen=True, slots=True)
class Attender:
    """A seat at the meeting: whose it is, what became of it, and who sat in. Vacant ones have no name."""

    seat: str
    name: str
    status: Attendance.Status
    deputy: str = ""
    is_voting: bool = True
    came_at: datetime | None = None
    """Only where they came after it began."""
    left_at: datetime | None = None
    """Only where they left before it ended."""


@dataclass(frozen=True, slots=True)
class Votes:
    """How many voted for and against, and abstained; never who."""

    votes_for: int
    votes_against: int
    votes_abstain: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision as it was recorded, with the voting seats that were taken at that moment."""

    id: int
    code: str
    text: str
    state: Decision.State
    reason: str = ""
    implications: str = ""
    means: tuple[tuple[str, str], ...] = ()
    """What it means for each department by name; first, under no name, what was said before any of them."""
    customer_view: str = ""
    moved_by: str = ""
    votes: Votes | None = None
    present: int = 0
    needed: int = 0
    from_on: date | None = None
    review_on: date | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """An action that the meeting led to, as it stood when the minutes were made."""

    id: int
    code: str
    title: str
    owner: str = ""
    due_on: date | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """An item of the agenda and what became of it. Whoever may not read an internal one gets its number alone."""

    section: int
    seq: int
    title: str
    outcome: AgendaItem.State
    kind: AgendaItem.Kind = AgendaItem.Kind.ITEM
    purpose: AgendaItem.Purpose = AgendaItem.Purpose.DISCUSSION
    note: str = ""
    reason: str = ""
    one_view: str = ""
    other_view: str = ""
    spent_min: int = 0
    deferrals: int = 0
    consent: bool = False
    decisions: tuple[Resolution, ...] = ()
    tasks: tuple[Task, ...] = ()
    internal: bool = False

    @property
    def number(self) -> str:
        """`3.2`."""
        return f"{self.section}.{self.seq}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A section: what was noted, its items, and what was decided in it beside them."""

    number: int
    note: str = ""
    spent_min: int = 0
    points: tuple[Point, ...] = ()
    decisions: tuple[Resolution, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Previous:
    """The minutes of the meeting before, and whether this one approved them."""

    met_on: date
    is_approved: bool
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the meeting in which too few voting seats were taken."""

    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction that was accepted: what it is about (`3`, `3.2`, or empty for all) and how it reads now."""

    place: str
    text: str
    made_on: date
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who held a post of the meeting before somebody else did, or nobody, and until when."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Body:
    """The minutes of one meeting. Instants are aware UTC; `zone` is where it met."""

    council: str
    kind: CouncilMeeting.Kind
    zone: str
    starts_at: datetime
    opened_at: datetime | None
    adjourned_at: datetime | None
    where: str = ""
    link: str = ""
    is_closed_by_schedule: bool = False
    """Nobody ended it: `adjourned_at` is when the clock closed its record, and says nothing of how long it took."""
    recorded_at: datetime | None = None
    """Since when the record was made, of a meeting that was held without the bot; None where it was at it."""
    chair: str = ""
    is_chair_stand_in: bool = False
    secretary: str = ""
    is_secretary_stand_in: bool = False
    chaired_before: tuple[Tenure, ...] = ()
    """Those who chaired a part of it, before who does in the end; oldest first."""
    recorded_before: tuple[Tenure, ...] = ()
    attenders: tuple[Attender, ...] = ()
    present: int = 0
    """The most voting seats that were taken at one moment."""
    filled: int = 0
    needed: int = 0
    inquorate: tuple[Stretch, ...] = ()
    previous: Previous | None = None
    passages: tuple[Passage, ...] = ()
    next_at: datetime | None = None
    next_where: str = ""
    amendments: tuple[Amendment, ...] = ()

    @property
    def decisions(self) -> tuple[Resolution, ...]:
        """Every decision, in the order of the agenda."""
        return tuple(each for part in self.passages for each in _decisions(part))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every action, in the order of the agenda, each once."""
        found = {each.id: each for part in self.passages for each in _tasks(part)}
        return tuple(found.values())

    @property
    def points(self) -> tuple[Point, ...]:
        """Every item, in order."""
        return tuple(each for part in self.passages for each in part.points)

    @property
    def not_reached(self) -> tuple[Point, ...]:
        """Items that nothing was done about at this meeting: they go on to the next one, or were set aside."""
        left = {AgendaItem.State.DEFERRED, AgendaItem.State.PARKED, AgendaItem.State.DROPPED}
        return tuple(each for each in self.points if each.outcome in left)


def _decisions(part: Passage) -> Iterator[Resolution]:
    yield from part.decisions
    for point in part.points:
        yield from point.decisions


def _tasks(part: Passage) -> Iterator[Task]:
    yield from part.tasks
    for point in part.points:
        yield from point.tasks


# --- who reads it


def seen(body: Body, reading: Reading) -> Body:
    """As much of the minutes as somebody may read.

    Outsiders with a seat keep the number of an internal item and nothing else: of what was noted or corrected
    elsewhere, no line that names one. Everybody else reads what was decided, and nothing that is internal: no notes,
    and of who was there how many.
    """
    if reading is Reading.FULL:
        return body
    inside = _names_internal(body)
    if reading is Reading.OUTSIDER:
        open_ones = (each for each in body.amendments if not each.internal and not inside.search(each.text))
        passages = tuple(_for_outsiders(each, inside) for each in body.passages)
        return replace(body, passages=passages, amendments=tuple(open_ones))
    passages = tuple(_for_all(each) for each in body.passages)
    return replace(body, passages=passages, amendments=(), attenders=(), link="", inquorate=())


def _for_outsiders(part: Passage, inside: re.Pattern[str]) -> Passage:
    points = (
        _number_alone(each) if each.internal else replace(_open(each), note=_lines_outside(each.note, inside))
        for each in part.points
    )
    return _open_part(replace(part, note=_lines_outside(part.note, inside), points=tuple(points)))


def _lines_outside(note: str, inside: re.Pattern[str]) -> str:
    return "\n".join(line for line in note.split("\n") if not inside.search(line))


def _for_all(part: Passage) -> Passage:
    points = (replace(_open(each), note="", one_view="", other_view="", reason="") for each in part.points)
    return _open_part(replace(part, note="", points=tuple(each for each in points if not each.internal)))


def _number_alone(point: Point) -> Point:
    return Point(point.section, point.seq, "", AgendaItem.State.NOTED, internal=True)


def _open(point: Point) -> Point:
    decisions = tuple(each for each in point.decisions if not each.internal)
    return replace(point, decisions=decisions, tasks=tuple(each for each in point.tasks if not each.internal))


def _open_part(part: Passage) -> Passage:
    decisions = tuple(each for each in part.decisions if not each.internal)
    return replace(part, decisions=decisions, tasks=tuple(each for each in part.tasks if not each.internal))


# --- kept


@cache
def _adapter() -> TypeAdapter[Body]:
    return TypeAdapter(Body)


def document(body: Body) -> dict[str, object]:
    """The minutes as they are kept: a JSON document."""
    return dict(_adapter().dump_python(body, mode="json"))


def body_in(content: Mapping[str, object]) -> Body:
    """The minutes that a document is. Raises: ValueError for any other."""
    return _adapter().validate_python(content)


def amended(body: Body, amendment: Amendment) -> Body:
    """The same minutes with one correction more."""
    return replace(body, amendments=(*body.amendments, amendment))


def is_internal(body: Body, place: str) -> bool:
    """Whether what stands at a place, `3` or `3.2`, is internal."""
    return any(each.internal for each in body.points if each.number == place)


# --- what a text is about

_NOTHING = re.compile(r"(?!)")
_ITEM = re.compile(r"(?<![\w.,£$€])[1-9]\.[1-9]\d{0,2}(?!\d|[.,]\d|\s?%)")
_AT_THE_START = re.compile(r"\s*(?:item |section )?(?P<place>[1-9](?:\.[1-9]\d{0,2})?)\s*(?:[:–]|-\s)", re.IGNORECASE)


def place_named(body: Body, text: str) -> str:
    """The place that a text says it is about: `7.2: …`, else the first item that it names; empty for none."""
    numbers = {each.number for each in body.points}
    sections = {str(each.number) for each in body.passages}
    start = _AT_THE_START.match(text)
    if start is not None and start["place"] in numbers | sections:
        return start["place"]
    return next((each for each in _ITEM.findall(text) if each in numbers), "")


def names_internal(body: Body, text: str) -> bool:
    """Whether a text names something internal: an item by number or title, a decision or an action by its code."""
    return _names_internal(body).search(text) is not None


def _names_internal(body: Body) -> re.Pattern[str]:
    hidden = [each for each in body.points if each.internal]
    numbers = [rf"(?<![\w.,£$€]){re.escape(each.number)}(?!\d|[.,]\d|\s?%)" for each in hidden]
    # A title of one word says too little: "Metering" is also the name of a department.
    titles = [re.escape(each.title) for each in hidden if len(each.title.split()) > 1]
    coded: list[Resolution | Task] = [*body.decisions, *body.tasks]
    inside = {each.code for point in hidden for each in point.decisions}
    inside |= {each.code for point in hidden for each in point.tasks}
    inside |= {each.code for each in coded if each.internal}
    codes = [rf"(?<![\w-]){re.escape(each)}(?!\w)" for each in sorted(inside) if each]
    every = [*numbers, *titles, *codes]
    return re.compile("|".join(every), re.IGNORECASE) if every else _NOTHING
