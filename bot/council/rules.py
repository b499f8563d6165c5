"""A council's meetings from planned to closed, its quorum, and how votes are counted. Pure.

Source: domain.md 2.3 (Meeting), 2.4 (7 to 9), 4.12.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from itertools import takewhile
from typing import TypeAlias

from bot.work.rules import Move, Part
from storage.councils import Council, Seat
from storage.meetings import Attendance, CouncilMeeting, Presence
from storage.people import Department, Person

State: TypeAlias = CouncilMeeting.State

CUSTOMER_SEAT = "Customer"
"""What the seat is called that speaks for no department."""
NAME_MAX = 60  # characters of a council's name
WHERE_MAX = 100  # characters
LENGTHS = range(15, 481)  # minutes
SEATS_MAX = 60

_BEFORE = (State.PLANNED, State.CALLING, State.DRAFTED, State.PUBLISHED)
_RUNNING = (State.IN_SESSION, State.IN_RECESS)
_NOT_ISSUED = (State.ADJOURNED, State.MINUTES_DRAFT)
_RUN_IT = (Part.CHAIR, Part.SECRETARY, Part.ADMIN)
_NEXT = "at the next meeting"

_AT_THE_TABLE = (Part.CHAIR, Part.SECRETARY)
_CHANGED = "something has changed"

MOVES: tuple[Move[State], ...] = (
    Move("call", "called", (State.PLANNED,), State.CALLING, (Part.CLOCK,)),
    Move("draft", "drafted", (State.PLANNED, State.CALLING), State.DRAFTED, (Part.CLOCK,)),
    Move("publish", "published", _BEFORE[:3], State.PUBLISHED, (Part.CHAIR, Part.CLOCK)),
    Move("publish", "published", (State.PUBLISHED,), None, (Part.CHAIR, Part.CLOCK), when=_CHANGED),
    Move("publish", "published", _RUNNING, None, (Part.CHAIR,), when=_CHANGED),
    Move("move", "moved", _BEFORE, State.PLANNED, _RUN_IT, reason=True),
    Move("cancel", "called off", _BEFORE, State.CANCELLED, (*_RUN_IT, Part.CLOCK), reason=True),
    Move("start", "started", _BEFORE, State.IN_SESSION, _AT_THE_TABLE),
    Move("record", "recorded", (State.CANCELLED,), State.IN_SESSION, _AT_THE_TABLE, when="where nobody called it off"),
    Move("recess", "interrupted", (State.IN_SESSION,), State.IN_RECESS, _AT_THE_TABLE),
    Move("resume", "resumed", (State.IN_RECESS,), State.IN_SESSION, _AT_THE_TABLE),
    Move("end", "ended", _RUNNING, State.ADJOURNED, (*_AT_THE_TABLE, Part.CLOCK)),
    Move("draft minutes", "minuted", (State.ADJOURNED,), State.MINUTES_DRAFT, (Part.CLOCK, Part.SECRETARY)),
    Move("issue minutes", "issued", _NOT_ISSUED, State.MINUTES_CIRCULATED, (Part.CHAIR, Part.CLOCK)),
    Move("correct minutes", "corrected", (State.MINUTES_CIRCULATED,), None, _AT_THE_TABLE, reason=True),
    Move("approve minutes", "approved", (State.MINUTES_CIRCULATED,), State.MINUTES_APPROVED, _AT_THE_TABLE, when=_NEXT),
    Move("close", "closed", (State.MINUTES_APPROVED,), State.CLOSED, (Part.CLOCK,)),
)

HAS_BEGUN = (
    State.IN_SESSION, State.IN_RECESS, State.ADJOURNED, State.MINUTES_DRAFT, State.MINUTES_CIRCULATED,
    State.MINUTES_APPROVED, State.CLOSED,
)  # fmt: skip


class Reading(StrEnum):
    """How much of a council's papers somebody may read. Source: domain.md 2.4 (24), S2-10, S2-29."""

    FULL = "full"
    """Members of the organisation who belong to the council, and who runs it."""
    OUTSIDER = "outsider"
    """Suppliers and customers with a seat: everything but what is internal, of which they get the number."""
    PUBLIC = "public"
    """Everybody else: what is not internal."""


class Office(IntFlag):
    """What somebody can be to a council, or to one of its meetings; each has its bit, for the ids of a message."""

    CHAIR = 1
    SECRETARY = 2
    CO_CHAIR = 4
    SEAT = 8
    MEETING = 16
    """The chair of one meeting, which was handed over to them."""


def missed_run(nearest_first: Iterable[CouncilMeeting]) -> list[CouncilMeeting]:
    """The meetings that were called off, one after the other, as far as the next that was not."""
    return list(takewhile(lambda each: each.state is State.CANCELLED, nearest_first))


# --- seats and quorum


@dataclass(frozen=True, slots=True)
class Held:
    """A seat with who holds it and for which department; a vacant one has no person."""

    seat: Seat
    person: Person | None
    department: Department | None

    @property
    def name(self) -> str:
        """What the seat is called: its department, else who holds it."""
        if self.department is not None:
            return self.department.name
        return CUSTOMER_SEAT if self.seat.kind is Seat.Kind.CUSTOMER else self.person.name if self.person else ""


def is_voting(seat: Seat, council: Council) -> bool:
    """Whether a seat has a vote: the customer's only where the council says so. Source: domain.md D8."""
    if seat.kind is Seat.Kind.CUSTOMER:
        return council.customer is not Council.Customer.ADVISORY
    return seat.kind in {Seat.Kind.VOTING, Seat.Kind.SUPPLIER_VOTING}


def voting(seats: Iterable[Seat], council: Council) -> list[Seat]:
    """The voting seats that somebody holds."""
    return [each for each in seats if each.person_id is not None and is_voting(each, council)]


def quorum_needed(filled: int, council: Council) -> int:
    """The least number of voting seats: more than half of the `filled` ones, or the council's own number.

    At least 1, and never more than there are. Source: domain.md 4.12.
    """
    if council.quorum is Council.Quorum.NUMBER and council.quorum_number is not None:
        return max(1, min(council.quorum_number, filled) if filled else council.quorum_number)
    return filled // 2 + 1


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many voting seats are taken, of how many, and how many are needed."""

    present: int
    filled: int
    needed: int

    @property
    def is_met(self) -> bool:
        """Whether the council can decide."""
        return self.present >= self.needed


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who is on a seat now."""

    seat: Seat
    attendance: Attendance
    person_id: int
    counts: bool
    """Whether they count for the quorum and may vote."""

    @property
    def is_deputy(self) -> bool:
        """Whether they sit in for who holds the seat."""
        return self.person_id != self.attendance.person_id


def can_vote(council: Council, seat: Seat, attendance: Attendance, person_id: int) -> bool:
    """Whether a seat has a vote, and who sits there may cast it."""
    can_decide = seat.can_decide if person_id == attendance.person_id else attendance.deputy_can_decide
    return is_voting(seat, council) and can_decide


def sitting(
    council: Council, seats: Mapping[int, Seat], attendances: Mapping[int, Attendance], presences: Iterable[Presence]
) -> list[Sitting]:
    """Who is there now, in order of arrival. `seats` and `attendances` stand under their numbers.

    A deputy counts only where they can decide; one person counts for one seat, the first that they took which counts.
    Source: domain.md 2.4 (8).
    """
    found: list[Sitting] = []
    counted: set[int] = set()
    for each in sorted(presences, key=lambda one: (one.from_at, one.id)):
        attendance = attendances.get(each.attendance_id)
        seat = None if attendance is None else seats.get(attendance.seat_id)
        if each.to_at is not None or attendance is None or seat is None:
            continue
        decides = can_vote(council, seat, attendance, each.person_id) if each.decides is None else each.decides
        counts = decides and each.person_id not in counted
        if counts:
            counted.add(each.person_id)
        found.append(Sitting(seat, attendance, each.person_id, counts))
    return found


def quorum_of(council: Council, seats: Iterable[Seat], there: Iterable[Sitting], needed: int | None = None) -> Quorum:
    """The quorum as it stands; `needed` is what was fixed when the meeting was opened, where it was."""
    filled = len(voting(seats, council))
    present = sum(each.counts for each in there)
    return Quorum(present, filled, quorum_needed(filled, council) if needed is None else needed)


def forecast(council: Council, seats: Sequence[Seat], attendances: Mapping[int, Attendance]) -> Quorum:
    """The quorum to be expected from what seats have said; `attendances` stand under their seats' numbers.

    Who has not answered is not expected; one person counts once.
    """
    coming: set[int] = set()
    for seat in voting(seats, council):
        said = attendances.get(seat.id)
        if said is None:
            continue
        if said.rsvp is Attendance.Rsvp.YES and seat.can_decide and said.person_id is not None:
            coming.add(said.person_id)
        elif said.rsvp is Attendance.Rsvp.DEPUTY and said.deputy_can_decide and said.deputy_id is not None:
            coming.add(said.deputy_id)
    filled = len(voting(seats, council))
    return Quorum(len(coming), filled, quorum_needed(filled, council))


# --- votes


@dataclass(frozen=True, slots=True)
class Count:
    """Votes for, against, and abstentions."""

    votes_for: int
    votes_against: int
    votes_abstain: int

    @property
    def is_carried(self) -> bool:
        """More for than against; a tie is not carried, and abstentions count for neither. Source: domain.md 4.12."""
        return self.votes_for > self.votes_against

    @property
    def total(self) -> int:
        """How many took part."""
        return self.votes_for + self.votes_against + self.votes_abstain

    def fits(self, voting_present: int) -> bool:
        """Whether there were as many voting seats as votes; Source: domain.md 2.4 (9)."""
        return self.total <= voting_present
