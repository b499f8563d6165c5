"""Pictures: the same drawing is always the same picture, of one size, and every line can be drawn."""

import struct
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from adapters.pictures.drawing import DOTS_PER_IN, SMALL_WIDTH, drawn, drawn_small
from adapters.pictures.trends import ROOM, SIZE_IN, value_steps
from bot.chat.pictures import POINTS_MOST, Trend
from tests.support import any_card
from tests.support.examples import examples
from tests.support.rates import RATES

WIDTH_IN, HEIGHT_IN = SIZE_IN


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in dots. Source: PNG specification, section 11.2.2."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@examples(10)
@given(any_card.trend)
def test_every_trend_can_be_drawn_in_one_size(trend: Trend) -> None:
    assert size_of(drawn(trend, "png")) == (round(WIDTH_IN * DOTS_PER_IN), round(HEIGHT_IN * DOTS_PER_IN))


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_drawing_is_the_same_picture(form) -> None:
    first = drawn(RATES, form)
    drawn.cache_clear()
    assert drawn(RATES, form) == first


def test_another_number_is_another_picture() -> None:
    other = Trend((*RATES.points[:-1], (RATES.points[-1][0], Decimal(77))), "%")
    assert drawn(other, "png") != drawn(RATES, "png")


@pytest.mark.parametrize("values", [("5", "5"), ("0", "0"), ("-999999.99", "999999.99"), ("0.01", "0.02")])
def test_flat_and_steep_lines_are_drawn(values) -> None:
    trend = Trend(((date(2026, 11, 23), Decimal(values[0])), (date(2026, 11, 24), Decimal(values[1]))))
    assert size_of(drawn(trend, "png"))


@pytest.mark.parametrize("days", [
    (date(2026, 11, 24),),
    (date(2026, 11, 24), date(2026, 11, 23)),
    (date(2026, 11, 24), date(2026, 11, 24)),
    tuple(date.fromordinal(739_000 + day) for day in range(POINTS_MOST + 1)),
])  # fmt: skip
def test_what_is_no_line_from_one_day_to_later_ones_is_refused(days) -> None:
    with pytest.raises(ValueError, match="a trend has"):
        Trend(tuple((on, Decimal(1)) for on in days))


def marks_of(*values: str) -> list[str]:
    """What stands beside the axis of a trend of those values."""
    low, high = (float(which(map(Decimal, values))) for which in (min, max))
    room = (high - low) * ROOM
    steps = value_steps(low - room, high + room)
    return [written for at, written in steps if low - room <= at <= high + room]


@pytest.mark.parametrize("values", [("1250000", "1250003"), ("0.001", "0.004"), ("71", "78"), ("-3", "4")])
def test_the_marks_of_an_axis_can_be_told_apart(values) -> None:
    marks = marks_of(*values)
    assert len(marks) == len(set(marks)) > 1
    assert not any("e" in each for each in marks)


@examples(10)
@given(any_card.trend)
def test_a_small_picture_goes_into_a_message(trend: Trend) -> None:
    small = drawn_small(trend)
    assert size_of(small) == (SMALL_WIDTH, round(HEIGHT_IN / WIDTH_IN * SMALL_WIDTH))
    assert len(small) < 12_000
