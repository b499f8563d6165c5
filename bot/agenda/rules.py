"""An agenda: nine sections in order, what stands in them, how long it takes, and what an item may become. Pure.

Source: domain.md 2.3 (Agenda item), 2.4 (5, 6, 24), S2-18 to S2-27, S2-34, S2-35, D4, D5.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from bot.chat.spans import Hue
from bot.work.rules import Move, Part
from storage.agenda import ON_PAPER, OPEN, SECTIONS, AgendaItem
from storage.blockers import Blocker

State: TypeAlias = AgendaItem.State
Kind: TypeAlias = AgendaItem.Kind
Purpose: TypeAlias = AgendaItem.Purpose

TITLE_MAX = 120  # characters; it stands on one line of a card with its number
VIEW_MAX = 200  # characters of one side of a disputed item
URL_MAX = 500  # characters
ITEM_MINUTES = range(1, 181)
SECTION_MINUTES = range(181)
USUAL_MIN = 5  # minutes of an item for which nobody asked more
DEFERRALS_MOST = 2  # the third time it is decided, dropped or handed over; Source: domain.md 2.3
REASON_MAX = 300  # characters
WORK, RESULTS, REPORTS, PRACTICES, INITIATIVES, MEASURES, RANKING, RESEARCH, OTHER = SECTIONS
"""The sections by what stands in them."""

USUAL: Mapping[int, int] = {
    WORK: 10, RESULTS: 15, REPORTS: 20, PRACTICES: 0, INITIATIVES: 15, MEASURES: 10, RANKING: 10, RESEARCH: 0, OTHER: 5,
}  # fmt: skip
"""Minutes that a section has where there is something in it and nobody said otherwise; together less than 90."""
ALWAYS = frozenset({WORK, OTHER})
"""Sections that have their time in any case: apologies and minutes, and what somebody brings along."""
STANDING = (Kind.APOLOGIES, Kind.MINUTES, Kind.REPORT)
"""Items that nobody proposes."""
STRENGTH = (Purpose.DECISION, Purpose.DISCUSSION, Purpose.INFORMATION)
"""What a meeting has to do with an item, the most first: of two that are merged, the stronger one holds."""
ALONE = "alone"
"""In the change log: an item that was part of another one stands by itself again."""

_RUN_IT = (Part.CHAIR, Part.SECRETARY)
_OWN_IT = (Part.OWNER, *_RUN_IT)
_PROPOSED = (State.SUBMITTED, State.ACCEPTED)
_TO_COME = (*_PROPOSED, State.PUBLISHED)
_AT_THE_TABLE = (State.PUBLISHED, State.IN_DISCUSSION)
_CLOCK_TOO = (*_RUN_IT, Part.CLOCK)

MOVES: tuple[Move[State], ...] = (
    Move("accept", "accepted", (State.SUBMITTED,), State.ACCEPTED, _RUN_IT),
    Move("decline", "declined", _PROPOSED, State.DECLINED, _RUN_IT, reason=True),
    Move("merge", "merged", _PROPOSED, State.MERGED, _RUN_IT),
    Move("move", "moved", _TO_COME, None, _RUN_IT),
    Move("time", "timed", (*_TO_COME, State.IN_DISCUSSION), None, _RUN_IT),
    Move("consent", "put on consent", _TO_COME, None, _RUN_IT),
    Move("pull", "opened for debate", (State.PUBLISHED,), None, (Part.SEAT, *_RUN_IT), when="while it is on consent"),
    Move("publish", "published", _PROPOSED, State.PUBLISHED, (Part.CHAIR, Part.CLOCK)),
    Move("admit", "admitted", (State.LATE_PENDING,), State.ACCEPTED, (Part.CHAIR,), when="before the agenda is out"),
    Move("admit", "admitted", (State.LATE_PENDING,), State.PUBLISHED, (Part.CHAIR,), when="once the agenda is out"),
    Move("refuse", "left for the next meeting", (State.LATE_PENDING,), State.SUBMITTED, (Part.CHAIR, Part.CLOCK)),
    Move("take up", "taken up", (State.PUBLISHED,), State.IN_DISCUSSION, _RUN_IT),
    Move("decide", "decided", _AT_THE_TABLE, State.DECIDED, _RUN_IT),
    Move("note", "noted", _AT_THE_TABLE, State.NOTED, _CLOCK_TOO),
    Move("defer", "deferred", (*_TO_COME, State.IN_DISCUSSION), State.DEFERRED, _CLOCK_TOO, reason=True),
    Move("park", "parked", (State.ACCEPTED, *_AT_THE_TABLE), State.PARKED, _RUN_IT, reason=True),
    Move("drop", "dropped", (State.ACCEPTED, *_AT_THE_TABLE), State.DROPPED, _RUN_IT, reason=True),
    Move("action", "made an action", _AT_THE_TABLE, State.ACTIONED, _RUN_IT),
    Move("withdraw", "withdrawn", (*_TO_COME, State.LATE_PENDING), State.WITHDRAWN, _OWN_IT),
    Move("bring back", "brought back", (State.PARKED,), None, _RUN_IT),
)

_NUMBER = re.compile(r"(?:item )?(?P<section>[1-9])\.(?P<seq>[1-9]\d{0,2})[.,;:]?(?: +(?P<rest>.*))?", re.DOTALL)
_SECTION = re.compile(r"(?:item )?(?P<section>[1-9])")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+|https?://localhost[^\s]*")


def number_of(text: str) -> tuple[int, int, str] | None:
    """`5.3 because…` as section, place and the words behind; None for what does not begin with such a number."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else (int(found["section"]), int(found["seq"]), (found["rest"] or "").strip())


def section_of(text: str) -> int | None:
    """`7`; None for what is no section."""
    found = _SECTION.fullmatch(text.strip())
    return None if found is None else int(found["section"])


def of_blocker(blocker: Blocker) -> int:
    """Where a blocker belongs: between departments it is a matter of their reports, else of what is being done."""
    return REPORTS if blocker.cross_department else INITIATIVES


def is_web(text: str) -> bool:
    """Whether it is an address that a browser opens."""
    return len(text) <= URL_MAX and _WEB.fullmatch(text) is not None


def must_choose(item: AgendaItem) -> bool:
    """Whether it was deferred so often that it must be decided, dropped or handed over now."""
    return item.deferrals >= DEFERRALS_MOST


def needs_owner(item: AgendaItem) -> bool:
    """Whether it hurts in one department and starts in another, so that the fix needs an owner before it is closed."""
    return item.hurts_id is not None and item.starts_id is not None and item.hurts_id != item.starts_id


# --- what an agenda is


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that a section has to tell, in words, most useful first. `internal` ones stay in the organisation."""

    text: str
    detail: str = ""
    code: str = ""
    hue: Hue | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's own words; `voc` is their number."""

    text: str
    source: str
    voc: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it stands on an agenda; `id` is 0 for a standing one that has no row yet."""

    id: int
    section: int
    seq: int
    title: str
    kind: Kind = Kind.ITEM
    state: State = State.SUBMITTED
    purpose: Purpose = Purpose.INFORMATION
    minutes: int = 0
    owner: str = ""
    department: str = ""
    consent: bool = False
    internal: bool = False
    is_late: bool = False
    deferrals: int = 0
    paper_url: str = ""
    initiative: str = ""
    hurts: str = ""
    starts: str = ""
    one_view: str = ""
    other_view: str = ""
    stance: str = ""
    level: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def number(self) -> str:
        """`5.3`."""
        return f"{self.section}.{self.seq}"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the nine. `counts` are figures under their names; `missing` are departments that sent no report."""

    number: int
    minutes: int = 0
    items: tuple[Entry, ...] = ()
    lines: tuple[Line, ...] = ()
    quotes: tuple[Quote, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is true of the whole section, such as what is left to spend."""
    awaited: tuple[str, ...] = ()
    """Departments whose report is still to come in time."""
    awaited_until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody has put anything in it, and no figures have."""
        return not (self.items or self.lines or self.quotes or self.missing or self.awaited)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The nine sections, each once and in order, and how long the meeting is."""

    sections: tuple[Section, ...]
    length_min: int

    def __post_init__(self) -> None:
        if [each.number for each in self.sections] != [*SECTIONS]:
            raise ValueError("an agenda has the sections 1 to 9, each once and in order")

    @property
    def minutes(self) -> int:
        """Minutes that are planned for all of it."""
        return sum(each.minutes for each in self.sections)

    @property
    def free_min(self) -> int:
        """Minutes that are left; negative when it is too long."""
        return self.length_min - self.minutes

    @property
    def over_min(self) -> int:
        """By how many minutes it is longer than the meeting; 0 where it fits."""
        return max(0, -self.free_min)

    @property
    def items(self) -> tuple[Entry, ...]:
        """Every item, in order."""
        return tuple(each for section in self.sections for each in section.items)

    def section(self, number: int) -> Section:
        """One of the nine."""
        return self.sections[number - 1]


def minutes_of(section: Section, given: int | None, extended_min: int = 0) -> int:
    """How long a section takes: what somebody gave it, else its usual time; that of its items where that is more."""
    usual = USUAL[section.number] if section.number in ALWAYS or not section.is_empty else 0
    return max(usual if given is None else given, asked_of(section)) + extended_min


def asked_of(section: Section) -> int:
    """Minutes that its items take together; what is on consent takes none."""
    return sum(each.minutes for each in section.items if each.kind is Kind.ITEM and not each.consent)


def outside(agenda: Agenda) -> Agenda:
    """What people get who may not read what is internal: of such an item its number and nothing else.

    Source: domain.md 2.4 (24), S2-10, S2-29.
    """
    return replace(agenda, sections=tuple(_outside(each) for each in agenda.sections))


def _outside(section: Section) -> Section:
    items = tuple(
        Entry(each.id, each.section, each.seq, "", internal=True)
        if each.internal
        else replace(each, lines=_open_lines(each.lines))
        for each in section.items
    )
    return replace(section, items=items, lines=_open_lines(section.lines))


def _open_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(each for each in lines if not each.internal)


# --- which items stand on it, and under which numbers


def is_on(item: AgendaItem, *, has_begun: bool) -> bool:
    """Whether an item stands on the agenda: while it is open; once the meeting has begun, whatever became of it."""
    if has_begun:
        return item.state in ON_PAPER or item.state is State.ACCEPTED
    return item.state in OPEN and item.state is not State.LATE_PENDING


def is_waiting(item: AgendaItem) -> bool:
    """Whether the chair is asked about it."""
    return item.state is State.LATE_PENDING


_STANDING_FIRST = {kind: place for place, kind in enumerate(STANDING)}


def order(item: AgendaItem) -> tuple[bool, int, int, int]:
    """Sorts the items of a section: by number; those that have none yet behind, standing ones first."""
    return item.seq == 0, item.seq, _STANDING_FIRST.get(item.kind, len(STANDING)), item.id or 0


def next_seq(items: Iterable[AgendaItem], section: int) -> int:
    """The number that an item gets which comes into a section: one that none of its items ever had."""
    return max((each.seq for each in items if each.section == section), default=_reserved(section)) + 1


def _reserved(section: int) -> int:
    return 2 if section == WORK else 0  # 1.1 apologies and quorum, 1.2 minutes


def renumbered(items: Sequence[AgendaItem], places: Mapping[int, int]) -> dict[int, int]:
    """The number of every open item when an agenda comes out for the first time: 1, 2, 3 in each section.

    Standing items come first, reports in the order in which `places` puts their departments.
    """
    found: dict[int, int] = {}
    for section in SECTIONS:
        mine = [each for each in items if each.section == section and each.state in OPEN and not is_waiting(each)]
        mine.sort(key=lambda each: _at_first(each, places))
        found |= {each.id: place for place, each in enumerate(mine, start=1)}
    return found


def _at_first(item: AgendaItem, places: Mapping[int, int]) -> tuple[int, int, int, int]:
    kind = _STANDING_FIRST.get(item.kind, len(STANDING))
    place = places.get(item.department_id or 0, len(places)) if item.kind is Kind.REPORT else 0
    return kind, place, item.seq or 1000, item.id


def share_proactive(items: Iterable[AgendaItem]) -> tuple[int, int]:
    """How many items go to meet something, of how many that say so or the contrary. Source: domain.md S2-35."""
    said = [each for each in items if each.stance is not None]
    return sum(each.stance is AgendaItem.Stance.PROACTIVE for each in said), len(said)
