"""The map as a picture: readable where it is shown, always the same, and never a picture that can't be drawn."""

import io
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from PIL import Image

from adapters.pictures import maps
from adapters.pictures.drawing import DOTS_PER_IN, SMALL_WIDTH, drawn, drawn_small
from adapters.pictures.inks import DARK, LIGHT, Inks
from adapters.teams.render import message
from adapters.teams.render_fit import CARD_MAX
from adapters.teams.render_text import size_of
from bot.chat.cards import Card, Picture
from bot.chat.pictures import ARROWS_MOST, BOXES_MOST, ROWS_MOST, Box, Cell, Map, MapRow
from bot.roadmap import views
from tests.support import any_card
from tests.support.examples import examples
from tests.support.mapped import crowded_board, northwater_board

SMALL = views.drawing(northwater_board())
CROWDED = views.drawing(crowded_board())
HEADS = ("Short", "Mid", "Long")


def size_of_png(png: bytes) -> tuple[int, int]:
    """Width and height in dots. Source: PNG specification, section 11.2.2."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def a_map(*names: str, arrows: tuple[tuple[str, str], ...] = ()) -> Map:
    """Rows of one box each."""
    rows = [MapRow(name, (Cell((Box(f"I-{n}"),)), Cell(), Cell())) for n, name in enumerate(names)]
    return Map(HEADS, tuple(rows), arrows)


@examples(5)
@given(any_card.whole_map)
def test_every_map_can_be_drawn(drawing: Map) -> None:
    width, height = size_of_png(drawn(drawing, "png"))
    assert width == round(maps.WIDTH_IN * DOTS_PER_IN)
    assert abs(height - maps.size_in(drawing)[1] * DOTS_PER_IN) <= 1


@pytest.mark.parametrize("form", ["png", "svg"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_same_map_is_the_same_picture(form, dark) -> None:
    first = drawn(SMALL, form, dark=dark)
    drawn.cache_clear()
    assert drawn(SMALL, form, dark=dark) == first


def test_another_colour_is_another_picture() -> None:
    row = SMALL.rows[0]
    box = replace(row.cells[0].boxes[0], hue=None, word="")
    other = replace(SMALL, rows=(replace(row, cells=(Cell((box,)), *row.cells[1:])), *SMALL.rows[1:]))
    assert drawn(other, "png") != drawn(SMALL, "png")


def test_the_svg_fetches_nothing_and_runs_nothing() -> None:
    for drawing in (SMALL, CROWDED):
        root = ET.fromstring(drawn(drawing, "svg"))  # noqa: S314 - we drew it
        for node in root.iter():
            assert node.tag.rpartition("}")[2] not in {"script", "image", "foreignObject", "a"}
            links = [value for name, value in node.attrib.items() if name.endswith("href")]
            assert all(each.startswith("#") for each in links)


def test_a_usual_map_travels_inside_of_a_message_and_a_crowded_one_leaves_its_words() -> None:
    small = drawn_small(SMALL)
    assert size_of_png(small)[0] == SMALL_WIDTH
    assert len(small) < 9_000
    for board in (northwater_board(), crowded_board()):
        card = views.card(board, can_open=True)
        drawing = next(each.drawing for each in card.elements if isinstance(each, Picture))
        shown = message(card, people={}, pictures={drawing: drawn_small(drawing)})
        assert size_of(shown.content) <= CARD_MAX
        assert ("data:image/png" in str(shown.content)) == (drawing == SMALL)


def test_the_small_picture_keeps_its_colours() -> None:
    """Where a palette is made up from the picture, amber turns red."""
    with Image.open(io.BytesIO(drawn_small(SMALL))) as picture:
        found = {colour for _, colour in picture.convert("RGB").getcolors(10_000) or []}
    for hue in ("#a3301f", "#8a5200", "#1d5b47"):
        assert tuple(bytes.fromhex(hue[1:])) in found


@pytest.mark.parametrize("inks", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_that_is_read_stands_out_from_its_ground(inks: Inks) -> None:
    for text in (inks.ink, inks.quiet, *inks.hues.values()):
        for ground in (inks.paper, inks.box):
            assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(inks.edge, inks.paper) >= 3


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [each / 255 for each in bytes.fromhex(colour[1:])]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("name", "shown"), [
    ("Call centre", "Call centre"), ("Whole company", "Whole company"), ("$x^2$ and \\frac", "$x^2$ and \\frac"),
    ("", "Row 1"), ("   ", "Row 1"), ("客户服务", "Row 1"), ("שירות", "Row 1"), ("Café", "Café"), ("a\nb", "a b"),
    ("Metering, billing and everything else that is there", "Metering,\nbilling and…"), ("x" * 40, "x" * 15 + "\n…"),
])  # fmt: skip
def test_a_name_is_drawn_as_it_is_read_or_not_at_all(name, shown) -> None:
    found = maps.shown_name(name, 0)
    assert found == shown or found.startswith("x" * 15)
    assert drawn(a_map(name), "png")


def test_boxes_of_a_row_never_touch_and_stay_in_their_row() -> None:
    y = maps.HEAD
    for row in CROWDED.rows:
        end = y + maps.height(row)
        for number, cell in enumerate(row.cells):
            spots = list(maps.places(cell, number, y, columns=3, row_end=end).values())
            assert all(below.y >= above.y + maps.BOX for above, below in pairwise(spots))
            assert all(y < spot.y and spot.y + maps.BOX < end for spot in spots)
            assert all(spot.x + spot.width + maps.GUTTER <= maps.WIDTH_IN for spot in spots)
        y = end


@pytest.mark.parametrize("wrong", [
    lambda: Map((), ()),
    lambda: Map(HEADS, ()),
    lambda: Map(HEADS, (MapRow("Field", (Cell(),)),)),
    lambda: a_map(*(["Field"] * (ROWS_MOST + 1))),
    lambda: a_map("Field", arrows=(("I-0", "I-9"),)),
    lambda: a_map("Field", "Digital", arrows=(("I-0", "I-1"),) * (ARROWS_MOST + 1)),
    lambda: Map(HEADS, (MapRow("Field", (Cell((Box("I-1"),)), Cell((Box("I-1"),)), Cell())),)),
    lambda: Map(HEADS, (MapRow("Field", (Cell(tuple(Box(f"I-{n}") for n in range(BOXES_MOST + 1))), Cell(), Cell())),)),
])  # fmt: skip
def test_what_is_no_map_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"of a map|stands once|leads from one box"):
        wrong()


def test_the_words_stand_where_the_picture_can_t() -> None:
    picture = next(
        each for each in views.card(northwater_board(), can_open=False).elements if isinstance(each, Picture)
    )
    assert picture.alt in str(message(Card("A map.", (picture,)), people={}).content)
