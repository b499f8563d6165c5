"""The words for what the sections tell by themselves: actions, reports, initiatives, the ranking, and what is left."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.actions.rules import is_closed, is_overdue
from bot.agenda.rules import Entry, Kind, Line, Purpose, Section
from bot.chat.spans import Hue
from bot.chat.words import count, listing, short_day
from bot.initiatives.views import money
from bot.work.slip import end_on, slip_days
from storage.agenda import DepartmentReport
from storage.agenda_sources import Flying, Promised, Waits
from storage.customers import VocItem
from storage.initiatives import Initiative, Milestone, StrategyFrame
from storage.measures import Measure, MeasureConflict

APOLOGIES, MINUTES = "Apologies and quorum", "Minutes of the last meeting"
EXCEPTIONS = frozenset({"red", "amber"})
"""The colours of a measure that a report is asked about; Source: domain.md S2-34."""


# --- 1: what was promised


def action(row: Promised, today: date) -> Line:
    """`Fault questions on one page  A-104`, overdue since a day, who has it."""
    each = row.action
    owner = row.owner or "no owner"
    return Line(each.title, f"{_standing(row, today)} · {owner}", each.code, internal=row.internal)


def _standing(row: Promised, today: date) -> str:
    each = row.action
    if is_closed(each):
        return f"done {short_day(each.finished_on)}" if each.finished_on else "done"
    if each.due_on is None:
        return "open, no date"
    return f"{'overdue since' if is_overdue(each, today) else 'due'} {short_day(each.due_on)}"


def minutes_of(met_on: date | None) -> str:
    """What 1.2 is about."""
    return MINUTES if met_on is None else f"Minutes of {short_day(met_on)}"


# --- 2: what customers say


def heard(voc: VocItem) -> str:
    """Where a customer's words are found, and when they were heard."""
    return f"{voc.code} · {short_day(voc.received_on)}"


# --- 3: what departments write


def report(row: DepartmentReport, name: str, wanted_from: str) -> tuple[Line, ...]:
    """What is not as it should be, and whose help is wanted; one line where there is neither."""
    found = [
        Line(_measure(each), str(each.get("colour", ""))) for each in row.measures if each.get("colour") in EXCEPTIONS
    ]
    if row.help_wanted:
        asks = f"{name} asks {wanted_from}" if wanted_from else f"{name} asks for help"
        found.append(Line(f"{asks}: {row.help_wanted}"))
    if not found:
        return (Line(row.changed or "Nothing out of the ordinary."),)
    return tuple(found)


def _measure(each: Mapping[str, object]) -> str:
    parts = [str(each.get(part, "")) for part in ("name", "value", "change")]
    return " ".join(part for part in parts if part)


def offers(row: DepartmentReport, department: str) -> tuple[Line, ...]:
    """What others could reuse."""
    return (Line(row.offer, offered_by(department)),) if row.offer else ()


def offered_by(department: str) -> str:
    """What stands behind all that a department offers in its report."""
    return f"{department}, others could reuse it"


# --- 5: what is being done


def flying(each: Flying, hue: Hue | None, following: Milestone | None, blocked: Sequence[str]) -> Line:
    """An initiative in flight: its colour, its owner, the next milestone with its slip, what it waits for."""
    facts = [each.priority, each.owner or "no owner"]
    if following is not None:
        facts.append(_milestone(following))
    if blocked:
        facts.append(f"waits for {listing(blocked)}")
    return Line(each.title, " · ".join(facts), each.code, hue)


def _milestone(each: Milestone) -> str:
    slip = slip_days(each) or 0
    late = f", {count(slip, 'day')} late" if slip > 0 else ""
    return f"next {each.title} {short_day(end_on(each))}{late}"


def depends(waits: Waits) -> Line:
    """A dependency that is new, or another one than last time."""
    return Line(f"{waits.after} waits for {waits.before}", "changed since the last meeting")


# --- 6: what the measures lack


def conflict(row: MeasureConflict, one: Measure, other: Measure) -> Line:
    """`Call time against First-time fix`, why, and since when."""
    return Line(f"{one.name} against {other.name}", f"{row.why} · since {short_day(row.raised_on)}")


def unmeasured(department: str) -> str:
    """A department along the customer's journey to which no measure belongs."""
    return f"{department} has no measure"


# --- 7: what comes next


def ranked(place: int, each: Initiative) -> Line:
    """One of the ranking, the first being the most wanted."""
    return Line(each.title, f"ranked {place}", each.code)


def left(frame: StrategyFrame | None, spent: int, days: int, in_flight: int) -> tuple[str, ...]:
    """What the frame leaves: money, working days a month, places in flight. Nothing where no frame is valid."""
    if frame is None:
        return ()
    free = []
    if frame.budget:
        free.append(money(frame.budget - spent, frame.currency))
    if frame.person_days_per_month:
        free.append(f"{count(frame.person_days_per_month - days, 'day')} a month")
    places = f"{in_flight} of {frame.max_in_flight} in flight"
    return (f"{listing(free)} left, {places}" if free else places,)


def waits_for_ranking(number: int) -> str:
    """Ideas and scored ones that no ranking has seen."""
    return f"{count(number, 'initiative')} not ranked yet"


# --- 8: what was found out


def missing_level(level: str) -> str:
    """A level of which nothing was noted. Source: domain.md S1-07."""
    return f"No {level} insight this period"


def orphans(number: int) -> str:
    """Customers' words that nobody did anything with."""
    return f"{count(number, 'customer line')} led to nothing yet"


def not_held(reason: str) -> str:
    """Of a meeting that was called off, or that nobody started."""
    why = f" {reason.rstrip('.')}." if reason else ""
    return f"This meeting was not held.{why}"


# --- what an item says of itself


def purpose(entry: Entry) -> str:
    """`for decision`; nothing for standing items, which have no purpose of their own."""
    is_named = entry.kind is Kind.ITEM and bool(entry.title)
    return f"for {entry.purpose.value}" if is_named else ""


def wants_decision(section: Section) -> bool:
    """Whether something in it is for decision, as far as its reader may know."""
    return any(each.title and each.purpose is Purpose.DECISION and each.kind is Kind.ITEM for each in section.items)
