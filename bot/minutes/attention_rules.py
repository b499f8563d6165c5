"""How much attention a council pays to its customers: an index of four parts, which are always shown with it. Pure.

Source: domain.md 4.10, S4-01, S4-02, S2-35.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from bot.council.rules import is_voting
from storage.agenda import AgendaItem, AgendaSection
from storage.councils import Council, Seat
from storage.meetings import AgendaTime, Attendance, AttentionInput, Presence

WHOLE_SHARE = Fraction(1, 3)  # of the meeting's minutes: so much on customers' numbers is all that is asked for


class Part(StrEnum):
    """What the index is made of."""

    TIME = "time"
    SENIORS = "seniors"
    REVIEWS = "reviews"
    BONUS = "bonus"


WEIGHTS: Mapping[Part, Fraction] = {
    Part.TIME: Fraction(30, 100),
    Part.SENIORS: Fraction(30, 100),
    Part.REVIEWS: Fraction(25, 100),
    Part.BONUS: Fraction(15, 100),
}
"""Source: domain.md 4.10."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the parts are counted from; None where nobody has said it, or there is nothing to divide by."""

    customer_min: Fraction | None = None
    meeting_min: Fraction | None = None
    seniors_there: int | None = None
    seniors: int | None = None
    customer_reviews: int | None = None
    finance_reviews: int | None = None
    bonus: int | None = None
    leaders: int | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """The parts, 0 to 1 each, None without data, and the index from those that there are, 0 to 100."""

    parts: Mapping[Part, Fraction | None]
    index: Fraction | None

    @property
    def is_rescaled(self) -> bool:
        """Whether a part lacks its data, so that the others weigh more."""
        return self.index is not None and None in self.parts.values()


def attention(facts: Facts) -> Attention:
    """The index and its parts."""
    parts = {
        Part.TIME: _time(facts),
        Part.SENIORS: _share(facts.seniors_there, facts.seniors),
        Part.REVIEWS: _capped(_share(facts.customer_reviews, facts.finance_reviews)),
        Part.BONUS: _capped(_share(facts.bonus, facts.leaders)),
    }
    known = {part: value for part, value in parts.items() if value is not None}
    weight = sum((WEIGHTS[part] for part in known), Fraction(0))
    index = None
    if weight:
        index = 100 * sum((WEIGHTS[part] * value for part, value in known.items()), Fraction(0)) / weight
    return Attention(parts, index)


def _time(facts: Facts) -> Fraction | None:
    if facts.customer_min is None or not facts.meeting_min:
        return None
    return _capped(facts.customer_min / (WHOLE_SHARE * facts.meeting_min))


def _share(some: int | None, of: int | None) -> Fraction | None:
    return None if some is None or not of else Fraction(some, of)


def _capped(value: Fraction | None) -> Fraction | None:
    return None if value is None else min(Fraction(1), value)


def percent(value: Fraction) -> Decimal:
    """A part as it is shown: 0 to 100, one decimal, half away from zero."""
    return one_decimal(100 * value)


def one_decimal(value: Fraction) -> Decimal:
    """`65.0`."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


# --- from a meeting's record


def customer_minutes(
    times: Iterable[AgendaTime], sections: Iterable[AgendaSection], items: Iterable[AgendaItem]
) -> Fraction:
    """Minutes that went to sections and items whose time counts as the customer's, each minute once."""
    own_sections = {each.section for each in sections if each.is_customers}
    own_items = {each.id for each in items if each.is_customers}
    theirs = (each for each in times if each.section in own_sections or each.item_id in own_items)
    return sum((minutes_of(each) for each in theirs), Fraction(0))


def minutes_of(time: AgendaTime) -> Fraction:
    """How long a stretch was; 0 while it goes on."""
    if time.to_at is None:
        return Fraction(0)
    return Fraction(round((time.to_at - time.from_at).total_seconds()), 60)


def meeting_minutes(times: Iterable[AgendaTime], length_min: int) -> Fraction | None:
    """The minutes of a meeting: as many as were planned, or more where it went on for longer; None of one not held.

    A meeting that ends early has paid its customers no less attention for that, so the plan is what counts.
    """
    held = sum((minutes_of(each) for each in times), Fraction(0))
    return max(held, Fraction(length_min)) if held else None


def seniors(
    council: Council, seats: Iterable[Seat], attendances: Iterable[Attendance], presences: Iterable[Presence]
) -> tuple[int, int]:
    """How many senior voting seats came in person, of how many that were held; deputies do not count."""
    held = {each.seat_id: each for each in attendances if each.person_id is not None}
    senior = [each for each in seats if each.is_senior and is_voting(each, council) and each.id in held]
    came = {(each.attendance_id, each.person_id) for each in presences}
    there = sum((held[each.id].id, held[each.id].person_id) in came for each in senior)
    return there, len(senior)


def with_input(facts: Facts, said: AttentionInput | None) -> Facts:
    """The same with what somebody said beside the meeting's own record."""
    if said is None:
        return facts
    return Facts(
        facts.customer_min,
        facts.meeting_min,
        facts.seniors_there,
        facts.seniors,
        said.customer_reviews,
        said.finance_reviews,
        said.bonus_members,
        said.top_members,
    )
