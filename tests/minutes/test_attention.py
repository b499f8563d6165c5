"""The attention index: the vectors of the specification, its parts, and what its record counts."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.minutes.attention_rules import (
    Facts,
    attention,
    customer_minutes,
    meeting_minutes,
    one_decimal,
    percent,
    seniors,
)
from storage.agenda import AgendaItem, AgendaSection
from storage.councils import Council, Seat
from storage.meetings import AgendaTime, Attendance, Presence
from tests.meeting.hall import Hall

TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)
COUNCIL = Council(id=1, name="CX Council", rule="", starts_on=date(2026, 11, 1), at_time=time(10), zone="UTC")
VECTORS = [
    ((27, 90), (6, 8), (2, 4), (1, 5), ("90.0", "75.0", "50.0", "20.0"), "65.0"),
    ((45, 90), (8, 8), (4, 4), (5, 5), ("100.0", "100.0", "100.0", "100.0"), "100.0"),
    ((10, 80), (3, 8), (0, 4), (0, 5), ("37.5", "37.5", "0.0", "0.0"), "22.5"),
    ((27, 90), (6, 8), (2, 0), (1, 5), ("90.0", "75.0", None, "20.0"), "70.0"),
]


def facts(time_: tuple[int, int], seats: tuple[int, int], reviews: tuple[int, int], bonus: tuple[int, int]) -> Facts:
    return Facts(Fraction(time_[0]), Fraction(time_[1]), *seats, *reviews, *bonus)


@pytest.mark.req("S4-01")
@pytest.mark.parametrize(("spent", "seats", "reviews", "bonus", "parts", "index"), VECTORS)
def test_the_index_and_its_parts_are_those_of_the_vectors(
    spent: tuple[int, int],
    seats: tuple[int, int],
    reviews: tuple[int, int],
    bonus: tuple[int, int],
    parts: tuple[str | None, ...],
    index: str,
) -> None:
    found = attention(facts(spent, seats, reviews, bonus))
    shown = tuple(None if value is None else str(percent(value)) for value in found.parts.values())
    assert shown == parts
    assert found.index is not None
    assert one_decimal(found.index) == Decimal(index)
    assert found.is_rescaled == (None in parts)


def test_without_any_data_there_is_no_index() -> None:
    found = attention(Facts())
    assert found.index is None
    assert set(found.parts.values()) == {None}
    assert not found.is_rescaled


@given(
    st.integers(0, 300),
    st.integers(1, 300),
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_the_index_lies_between_its_smallest_and_its_largest_part(
    spent: int, total: int, there: int, reviews: int, finance: int, bonus: int
) -> None:
    found = attention(Facts(Fraction(spent), Fraction(total), there, 12, reviews, finance, bonus, 9))
    known = [value for value in found.parts.values() if value is not None]
    assert found.index is not None
    assert 100 * min(known) <= found.index <= 100 * max(known)
    assert all(0 <= value <= 1 for value in known)


def stretch(section: int, from_min: int, to_min: int | None, item: int | None = None) -> AgendaTime:
    ends = None if to_min is None else TEN + timedelta(minutes=to_min)
    return AgendaTime(
        meeting_id=1, section=section, item_id=item, from_at=TEN + timedelta(minutes=from_min), to_at=ends
    )


def test_each_minute_on_customers_counts_once_whether_its_section_or_its_item_is_theirs() -> None:
    times = [stretch(2, 0, 15), stretch(7, 15, 27, 4), stretch(2, 27, 30, 4), stretch(5, 30, 60)]
    sections = [AgendaSection(meeting_id=1, section=2, is_customers=True), AgendaSection(meeting_id=1, section=5)]
    items = [AgendaItem(id=4, council_id=1, meeting_id=1, section=7, title="Texts", is_customers=True)]
    assert customer_minutes(times, sections, items) == 30


def test_a_meeting_that_ends_early_is_measured_by_its_plan_and_a_longer_one_by_its_length() -> None:
    assert meeting_minutes([stretch(1, 0, 88)], 90) == 90
    assert meeting_minutes([stretch(1, 0, 120)], 90) == 120
    assert meeting_minutes([], 90) is None


@pytest.mark.req("S4-02")
def test_a_deputy_does_not_count_as_a_senior_in_person() -> None:
    seats = [Seat(id=n, council_id=1, person_id=n, from_on=date(2026, 11, 1)) for n in range(1, 9)]
    said = [Attendance(id=n, meeting_id=1, seat_id=n, person_id=n) for n in range(1, 9)]
    came = [Presence(meeting_id=1, attendance_id=n, person_id=n, from_at=TEN) for n in range(1, 7)]
    by_deputy = Presence(meeting_id=1, attendance_id=7, person_id=99, from_at=TEN)
    assert seniors(COUNCIL, seats, said, [*came, by_deputy]) == (6, 8)


@pytest.mark.req("S4-01", "S4-02")
async def test_the_card_always_shows_the_parts_and_says_what_is_missing(hall: Hall) -> None:
    words = await hall.says("cora", "/council attention")
    assert "Attention 37.5 of 100" in words
    assert "75.0 Seniors in person 6 of 8 seats" in words
    assert "not reported Customer reviews" in words
    assert "Without customer reviews and customer in the bonus, 40% of the weight" in words
    words = await hall.says("cora", "/council attention customer:2 finance:4 bonus:1 leaders:5")
    assert "Attention 38.0 of 100" in words
    assert "50.0 Customer reviews 2 of 4" in words
    assert "% of the weight" not in words


async def test_only_executives_the_chair_and_the_secretary_see_it(hall: Hall) -> None:
    assert "Only executives, the chair and the secretary" in await hall.says("raj", "/council attention")
    assert "Attention" not in await hall.says("raj", "/council")


@pytest.mark.req("S4-01")
async def test_the_councils_status_tells_the_last_meetings_attention_with_its_parts(hall: Hall) -> None:
    line = (
        "Attention: 37.5 of 100 on Thu 3 Dec 2026: time on customers 0.0, seniors in person 75.0, "
        "customer reviews not reported, customer in the bonus not reported"
    )
    for who in ("cora", "sev"):
        assert line in await hall.says(who, "/council")


async def test_figures_that_can_t_be_are_refused(hall: Hall) -> None:
    assert "'many' is no number" in await hall.says("cora", "/council attention customer:many")
    assert "there are only 5" in await hall.says("cora", "/council attention bonus:6 leaders:5")
    assert "not reported" in await hall.says("cora", "/council attention")
