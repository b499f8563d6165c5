"""A meeting while it runs: where it goes next, how long it took, when its clock speaks, who is at the table. Pure.

Source: domain.md 2.3 (Meeting, Agenda item), 2.4 (8), 3.4 (in-meeting clock), 4.12.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.agenda.rules import Agenda
from bot.council.dates import LEFT_OPEN_AFTER, SOON_BEFORE
from bot.council.rules import Quorum, quorum_of, sitting
from storage.agenda import SECTIONS, AgendaItem, AgendaSection
from storage.councils import Council, Seat
from storage.meetings import AgendaTime, Attendance, CouncilMeeting, Presence

CLOCK = "meeting.clock"
ROOM, CHAIR = "meeting.room", "meeting.chair"
EXTENDS_MIN = 5  # minutes, where nobody says how many
EXTENSIONS = range(1, 61)  # minutes at once
HERE_BEFORE = SOON_BEFORE  # from then on somebody can say that they are at the table
FAR_AHEAD = timedelta(hours=3)  # who starts a meeting so long before its time is asked once more
ALWAYS_OPENED = frozenset({1, 9})  # apologies and minutes; any other business
NOTED_WITH = 1  # the section with which consent items are noted
REPORTS = 3
ASKED_AT_ONCE = 12  # open items in one form
LOST_SIGHT_OF = "not reached, closed by schedule"

State = AgendaItem.State
Kind = AgendaItem.Kind
Purpose = AgendaItem.Purpose


# --- where it goes


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """A section as a whole (`seq` 0), or an item in it."""

    section: int
    seq: int = 0
    item_id: int | None = None


def is_called_up(item: AgendaItem) -> bool:
    """Whether the meeting stops at an item: apologies, reports and what is for consent go with their section."""
    is_debated = item.kind in {Kind.ITEM, Kind.MINUTES} and not item.consent
    return is_debated and item.state in {State.PUBLISHED, State.IN_DISCUSSION}


def route(items: Sequence[AgendaItem], filled: Collection[int]) -> list[Stop]:
    """The stops of a meeting in order. `filled` are the sections that hold something beside their items.

    A section with nothing in it is left out; the first and the last are always opened.
    """
    stops: list[Stop] = []
    for section in SECTIONS:
        inside = sorted(each.seq for each in items if each.section == section and is_called_up(each))
        if section in ALWAYS_OPENED or section in filled:
            stops.append(Stop(section))
        numbered = {each.seq: each.id for each in items if each.section == section and is_called_up(each)}
        stops += [Stop(section, seq, numbered[seq]) for seq in dict.fromkeys(inside)]
    return stops


def filled(agenda: Agenda) -> set[int]:
    """The sections that hold something beside the items that are called up one by one."""
    silent = (Kind.REPORT, Kind.APOLOGIES, Kind.MINUTES)
    return {
        each.number
        for each in agenda.sections
        if each.lines or each.quotes or each.missing or any(one.consent or one.kind in silent for one in each.items)
    }


def following(stops: Iterable[Stop], at: Stop) -> Stop | None:
    """The first stop behind one; None at the end of the meeting."""
    return min((each for each in stops if (each.section, each.seq) > (at.section, at.seq)), default=None)


def next_section(stops: Iterable[Stop], section: int) -> Stop | None:
    """The first stop of the next section that has one."""
    return min((each for each in stops if each.section > section), default=None)


# --- how long it took


def spent(times: Iterable[AgendaTime], now: datetime, *, section: int, item_id: int | None = None) -> timedelta:
    """How long a section was discussed so far, or one item in it; the stretch that is not over counts until `now`."""
    mine = (each for each in times if each.section == section and item_id in {None, each.item_id})
    return sum(((each.to_at or now) - each.from_at for each in mine), timedelta())


def in_minutes(length: timedelta) -> int:
    """Rounded to whole minutes, halves up."""
    return int((length + timedelta(seconds=30)) / timedelta(minutes=1))


def in_recess(times: Sequence[AgendaTime]) -> timedelta:
    """How long a meeting stood still between its stretches."""
    gaps = (later.from_at - (earlier.to_at or later.from_at) for earlier, later in pairwise(times))
    return sum(gaps, timedelta())


def budget(section: AgendaSection) -> timedelta:
    """How long a section may take, with what was added during the meeting."""
    return timedelta(minutes=(section.minutes or 0) + section.extended_min)


@dataclass(frozen=True, slots=True)
class Clock:
    """When the time of a section is nearly up, and when it is."""

    section: int
    warns_at: datetime
    up_at: datetime

    def is_up(self, now: datetime) -> bool:
        """Whether there is nothing left of it."""
        return now >= self.up_at

    def minutes_left(self, now: datetime) -> int:
        """Begun minutes count whole; 0 when it is up."""
        return max(0, -((now - self.up_at) // timedelta(minutes=1)))


def as_id(at: datetime) -> str:
    """An instant as a button carries it: its second."""
    return str(int(at.timestamp()))


def clock_of(section: AgendaSection, times: Iterable[AgendaTime]) -> Clock | None:
    """The clock of the section under discussion; None in a recess, and where nobody gave it any time.

    It speaks at four fifths of the section's time, and when that is over. Source: domain.md 3.4.
    """
    mine = [each for each in times if each.section == section.section]
    running = next((each for each in mine if each.to_at is None), None)
    whole = budget(section)
    if running is None or not whole:
        return None
    before = sum((each.to_at - each.from_at for each in mine if each.to_at is not None), timedelta())
    return Clock(section.section, running.from_at + whole * 4 / 5 - before, running.from_at + whole - before)


def still_to_come(
    sections: Iterable[AgendaSection],
    times: Sequence[AgendaTime],
    stops: Iterable[Stop],
    *,
    current: int,
    now: datetime,
) -> timedelta:
    """How long the meeting still takes, if the rest takes its time: what is left of this section, and later ones."""
    ahead = {each.section for each in stops if each.section > current}
    rows = {each.section: each for each in sections}
    left = budget(rows[current]) - spent(times, now, section=current) if current in rows else timedelta()
    later = (budget(row) for number, row in rows.items() if number in ahead)
    return max(left, timedelta()) + sum(later, timedelta())


def late_by(ends_at: datetime, now: datetime, to_come: timedelta) -> int:
    """By how many minutes a meeting will end late, as it looks now; 0 where it is on time."""
    return max(0, in_minutes(now + to_come - ends_at))


# --- times that are told


def possible_from(meeting: CouncilMeeting) -> datetime:
    """The earliest time that can be told of a meeting.

    Of one that nobody started yet that is a beginning; of one that is on, since when somebody could be at the table.
    """
    if meeting.opened_at is None:
        return meeting.starts_at - FAR_AHEAD
    if meeting.recorded_at is not None:
        return meeting.opened_at
    return min(meeting.opened_at, meeting.starts_at) - HERE_BEFORE


def possible_until(meeting: CouncilMeeting) -> datetime:
    """Until when a meeting can have lasted: from then on it is taken as over."""
    return (meeting.opened_at or meeting.starts_at) + timedelta(minutes=meeting.length_min) + LEFT_OPEN_AFTER


# --- who is at the table


@dataclass(frozen=True, slots=True)
class Claim:
    """A seat on which somebody can sit: their own, or as the deputy who was announced for it."""

    seat: Seat
    attendance: Attendance
    is_deputy: bool


def claims(person_id: int, seats: Iterable[Seat], said: Mapping[int, Attendance]) -> list[Claim]:
    """The seats that somebody may take; `said` stands under the seats' numbers. A seat of one's own comes first."""
    own: list[Claim] = []
    sent: list[Claim] = []
    for seat in seats:
        attendance = said.get(seat.id)
        if attendance is None:
            continue
        if attendance.person_id == person_id:
            own.append(Claim(seat, attendance, is_deputy=False))
        elif attendance.rsvp is Attendance.Rsvp.DEPUTY and attendance.deputy_id == person_id:
            sent.append(Claim(seat, attendance, is_deputy=True))
    return own + sent


def at_table(presences: Iterable[Presence]) -> dict[int, Presence]:
    """Who sits on which seat now: their open presence under the number of the seat's attendance."""
    return {each.attendance_id: each for each in presences if each.to_at is None}


def status_at_end(attendance: Attendance, presences: Iterable[Presence]) -> Attendance.Status:
    """How a seat stands in the minutes; who came in person, if only for a while, was present."""
    came = {each.person_id for each in presences if each.attendance_id == attendance.id}
    if attendance.person_id in came:
        return Attendance.Status.PRESENT
    if came:
        return Attendance.Status.DEPUTY
    if attendance.rsvp is Attendance.Rsvp.NO or attendance.status is Attendance.Status.APOLOGIES:
        return Attendance.Status.APOLOGIES
    return Attendance.Status.ABSENT


def quorum_history(
    council: Council,
    seats: Sequence[Seat],
    attendances: Sequence[Attendance],
    presences: Sequence[Presence],
    *,
    needed: int,
) -> list[tuple[datetime, Quorum]]:
    """The quorum after every arrival and leaving, oldest first, each instant once. Source: domain.md 4.12."""
    numbered = {each.id: each for each in seats}
    rows = {each.id: each for each in attendances}
    instants = sorted({at for each in presences for at in (each.from_at, each.to_at) if at is not None})
    return [
        (at, quorum_of(council, seats, sitting(council, numbered, rows, _there_at(presences, at)), needed))
        for at in instants
    ]


def _there_at(presences: Iterable[Presence], at: datetime) -> list[Presence]:
    """Those who were there just after an instant, as open presences."""
    there = (each for each in presences if each.from_at <= at and (each.to_at is None or each.to_at > at))
    return [each.model_copy(update={"to_at": None}) for each in there]


def since(history: Sequence[tuple[datetime, Quorum]]) -> datetime | None:
    """Since when the quorum is met, or not met, without a break; None where nobody came yet."""
    if not history:
        return None
    is_met = history[-1][1].is_met
    found = history[-1][0]
    for at, quorum in reversed(history):
        if quorum.is_met is not is_met:
            break
        found = at
    return found


# --- what becomes of items


class Outcome(StrEnum):
    """What can become of an item without a decision; the word is the state to which it leads."""

    NOTED = "noted"
    DEFERRED = "deferred"
    ACTIONED = "actioned"
    PARKED = "parked"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Open:
    """An item of which nothing has become yet, and what of it matters for that.

    `must_choose`: it was put off so often that it can't be once more. `needs_owner`: it hurts in one department and
    starts in another, and nobody owns the cure. `can_hand_over`: there is somebody to whom an action can be given.
    `is_veiled`: it is internal, and its reader comes from outside. `has_next`: there is a meeting to put it off to.
    """

    item: AgendaItem
    must_choose: bool = False
    needs_owner: bool = False
    can_hand_over: bool = False
    is_veiled: bool = False
    has_next: bool = True

    @property
    def goes_by_consent(self) -> bool:
        """Whether it is noted without a word when the meeting ends."""
        return self.item.consent and not self.needs_owner

    @property
    def was_reached(self) -> bool:
        """Whether the meeting came to it."""
        return self.item.state is State.IN_DISCUSSION

    @property
    def choices(self) -> tuple[Outcome, ...]:
        """What may become of it, the likeliest first; nothing until its cure has an owner. Source: 2.3, S2-04."""
        found = [each for each in Outcome if self._is_open_to(each)]
        proposed = self.proposed
        return tuple(sorted(found, key=lambda each: each is not proposed))

    def _is_open_to(self, outcome: Outcome) -> bool:
        match outcome:
            case Outcome.DEFERRED:
                return not self.must_choose and self.has_next
            case Outcome.PARKED:
                return not self.must_choose
            case Outcome.ACTIONED:
                return self.can_hand_over
            case Outcome.NOTED:
                is_evasive = self.must_choose and self.item.purpose is Purpose.DECISION
                return not (self.needs_owner or is_evasive)
            case Outcome.DROPPED:
                return not self.needs_owner

    @property
    def proposed(self) -> Outcome | None:
        """What is put to the chair: information is noted, and so is what was discussed; the rest is put off.

        Without a next meeting it is parked. None where only somebody can choose.
        """
        is_heard = self.item.purpose is Purpose.INFORMATION or self.item.consent or self.item.kind is not Kind.ITEM
        is_heard = is_heard or (self.was_reached and self.item.purpose is Purpose.DISCUSSION)
        ways = ([Outcome.NOTED] if is_heard else []) + [Outcome.DEFERRED, Outcome.ACTIONED]
        ways += [] if self.has_next else [Outcome.PARKED]
        return next((each for each in ways if self._is_open_to(each)), None)
