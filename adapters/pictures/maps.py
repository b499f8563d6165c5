"""A map: rows and columns with boxes, each with its code, its mark and its word, and arrows from what comes first.

Everything is placed in inches from the upper left corner.
"""

import importlib
import textwrap
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias

from adapters.pictures.inks import Inks
from bot.chat.pictures import Box, Cell, Map, MapRow
from bot.chat.spans import Hue

WIDTH_IN = 7.2
EDGE = 0.12  # around everything
NAMES = 1.35  # the column of names
HEAD = 0.52
PAD = 0.11  # above and below the boxes of a row
BOX, GAP = 0.28, 0.07  # height of a box, and what is between two of them
GUTTER = 0.42  # between two columns, where arrows run
LANES, LANE = 5, 0.045  # arrows that pass a column run beside each other
CORNER = 0.07
TEXT, SMALL = 9, 8  # points; on a screen of 720 dots 12 and 11
NAME_LETTERS, NAME_LINES = 15, 2
RIGHT_TO_LEFT = {"R", "AL"}

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a box stands."""

    x: float
    y: float
    width: float
    row_end: float

    @property
    def middle(self) -> float:
        return self.y + BOX / 2


def size_in(drawing: Map) -> tuple[float, float]:
    """Width and height: the more boxes stand in a row, the higher it is."""
    return WIDTH_IN, HEAD + sum(height(row) for row in drawing.rows) + EDGE


def draw(figure: Any, drawing: Map, inks: Inks) -> None:
    """Draws into an empty figure of that size."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH_IN)
    axes.set_ylim(size_in(drawing)[1], 0)
    axes.set_axis_off()
    _draw_heads(axes, drawing, inks)
    spots: dict[str, tuple[Spot, int]] = {}
    y = HEAD
    for number, row in enumerate(drawing.rows):
        _draw_name(axes, y, inks, name=shown_name(row.name, number))
        for column, cell in enumerate(row.cells):
            found = places(cell, column, y, columns=len(drawing.columns), row_end=y + height(row))
            spots |= {code: (spot, column) for code, spot in found.items()}
            if cell.more:
                left, _ = _column(column, len(drawing.columns))
                below = y + PAD + len(cell.boxes) * (BOX + GAP) + BOX / 2 - 0.04
                _say(axes, left, below, f"+{cell.more} more", color=inks.quiet, size=SMALL)
        y += height(row)
    _line(axes, y, inks)
    for number, (first, then) in enumerate(drawing.arrows):
        _draw_arrow(axes, _way(spots[first], spots[then], number % LANES), inks)
    for box in drawing.boxes():
        _draw_box(axes, box, spots[box.code][0], inks)


def height(row: MapRow) -> float:
    """How much room a row needs for its fullest cell."""
    lines = max(1, *(len(cell.boxes) + (1 if cell.more else 0) for cell in row.cells))
    return 2 * PAD + lines * BOX + (lines - 1) * GAP


def _column(column: int, columns: int) -> tuple[float, float]:
    """Where a column begins, and how wide it is."""
    width = (WIDTH_IN - NAMES - EDGE - GUTTER * columns) / columns  # the last one has room for arrows on its right, too
    return NAMES + column * (width + GUTTER), width


def places(cell: Cell, column: int, y: float, *, columns: int, row_end: float) -> dict[str, Spot]:
    """The boxes of a cell stand one below the other."""
    left, width = _column(column, columns)
    return {box.code: Spot(left, y + PAD + n * (BOX + GAP), width, row_end) for n, box in enumerate(cell.boxes)}


def _draw_heads(axes: Any, drawing: Map, inks: Inks) -> None:
    for number, head in enumerate(drawing.columns):
        name, _, more = head.partition(": ")
        x, _ = _column(number, len(drawing.columns))
        _say(axes, x, HEAD - 0.32, name, color=inks.ink, size=TEXT, weight="bold")
        _say(axes, x, HEAD - 0.14, more, color=inks.quiet, size=SMALL)


def _draw_name(axes: Any, y: float, inks: Inks, *, name: str) -> None:
    _line(axes, y, inks)
    _say(axes, EDGE, y + PAD + BOX / 2, name, color=inks.ink, size=TEXT, weight="bold", linespacing=1.15)


def _line(axes: Any, y: float, inks: Inks) -> None:
    axes.plot([EDGE, WIDTH_IN - EDGE], [y, y], color=inks.rule, linewidth=0.8, zorder=1)


def _draw_box(axes: Any, box: Box, spot: Spot, inks: Inks) -> None:
    patches: Any = importlib.import_module("matplotlib.patches")
    colour = inks.edge if box.hue is None else inks.hues[box.hue]
    axes.add_patch(
        patches.FancyBboxPatch(
            (spot.x, spot.y),
            spot.width,
            BOX,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=inks.box,
            edgecolor=colour if box.hue is Hue.RED else inks.edge,
            linewidth=1.4 if box.hue is Hue.RED else 0.9,
            zorder=3,
        )
    )
    _say(axes, spot.x + 0.08, spot.middle, box.code, color=inks.ink, size=TEXT, weight="bold")
    if box.hue is not None:
        # The shape and the word say it as well as the colour does.
        _draw_mark(axes, box.hue, (spot.x + spot.width - 0.15, spot.middle), colour)
        _say(axes, spot.x + spot.width - 0.27, spot.middle, box.word, color=colour, size=SMALL, ha="right")


def _draw_mark(axes: Any, hue: Hue, at: Point, colour: str) -> None:
    x, y = at
    match hue:
        case Hue.RED:
            axes.scatter([x], [y], marker="D", s=26, color=colour, linewidth=0, zorder=5)
        case Hue.AMBER:
            axes.scatter([x], [y], marker="^", s=42, color=colour, linewidth=0, zorder=5)
        case Hue.GREEN:
            axes.scatter([x], [y], marker="o", s=40, color=colour, linewidth=0, zorder=5)
        case Hue.BLUE:
            tick = ([x - 0.05, x - 0.015, x + 0.055], [y, y + 0.04, y - 0.05])
            axes.plot(*tick, color=colour, linewidth=1.8, solid_capstyle="round", solid_joinstyle="round", zorder=5)


def _way(source: tuple[Spot, int], target: tuple[Spot, int], lane: int) -> list[tuple[Point, bool]]:
    """The points of an arrow, each with whether it only bends it.

    It leaves on the right. To the next column it swings across the gutter; past a column it runs below its row, where
    no box stands; and back, or to the same column, it comes in from the right.
    """
    (one, first), (other, then) = source, target
    start, shift = (one.x + one.width, one.middle), lane * LANE
    if then <= first:
        end = (other.x + other.width + 0.02, other.middle)
        out = max(start[0], end[0]) + 0.16 + shift
        return [(start, False), ((out, start[1]), True), ((out, end[1]), True), (end, False)]
    end = (other.x - 0.02, other.middle)
    if then == first + 1:
        bend = (end[0] - start[0]) * 0.6
        return [(start, False), ((start[0] + bend, start[1]), True), ((end[0] - bend, end[1]), True), (end, False)]
    below = one.row_end + (shift - LANE * LANES / 2) * 0.5
    out, back = start[0] + 0.1 + shift, end[0] - 0.14 - shift
    corners = [start, (out, start[1]), (out, below), (back, below), (back, end[1]), end]
    return _rounded(corners)


def _rounded(corners: list[Point]) -> list[tuple[Point, bool]]:
    """A way along straight lines, each corner of which is cut by a bend through two points."""
    found: list[tuple[Point, bool]] = [(corners[0], False)]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _towards(corner, before), _towards(corner, after)
        found += [(into, False), (corner, True), (corner, True), (out, False)]
    return [*found, (corners[-1], False)]


def _towards(corner: Point, point: Point) -> Point:
    dx, dy = point[0] - corner[0], point[1] - corner[1]
    length = (dx * dx + dy * dy) ** 0.5
    share = min(CORNER, length / 2) / length if length else 0
    return corner[0] + dx * share, corner[1] + dy * share


def _draw_arrow(axes: Any, way: list[tuple[Point, bool]], inks: Inks) -> None:
    patches: Any = importlib.import_module("matplotlib.patches")
    paths: Any = importlib.import_module("matplotlib.path")
    codes = [paths.Path.MOVETO]
    for (_, bends_before), (_, bends) in pairwise(way):
        codes.append(paths.Path.CURVE4 if bends or bends_before else paths.Path.LINETO)
    axes.add_patch(
        patches.FancyArrowPatch(
            path=paths.Path([point for point, _ in way], codes),
            arrowstyle="-|>",
            mutation_scale=8,
            color=inks.quiet,
            linewidth=1.1,
            zorder=2,
        )
    )


def _say(axes: Any, x: float, y: float, text: str, **look: object) -> None:
    known = "".join(each if each == "\n" or ord(each) in _letters_known() else "□" for each in text)
    # Without parse_math a name with dollar signs would be read as a formula.
    axes.text(x, y, known, va="center", parse_math=False, zorder=6, **look)


def shown_name(name: str, number: int) -> str:
    """A name on up to two lines; `Row 2` where the letters can't be drawn as they are read."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    if not plain or not _can_be_drawn(plain):
        return f"Row {number + 1}"
    return "\n".join(textwrap.wrap(plain, NAME_LETTERS, max_lines=NAME_LINES, placeholder="…"))


def _can_be_drawn(text: str) -> bool:
    is_mirrored = any(unicodedata.bidirectional(each) in RIGHT_TO_LEFT for each in text)
    return not is_mirrored and all(ord(each) in _letters_known() for each in text)


@cache
def _letters_known() -> frozenset[int]:
    """The letters that the bold face of the font has."""
    fonts: Any = importlib.import_module("matplotlib.font_manager")
    face = fonts.get_font(fonts.findfont(fonts.FontProperties(weight="bold")))
    return frozenset(face.get_charmap())
