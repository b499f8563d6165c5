"""What a picture shows, free of any platform: how it is drawn is not said here.

No picture holds what a person wrote about their work: a map has codes, colours and the names of domains, no titles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from bot.chat.spans import Hue

POINTS_MOST = 400
ROWS_MOST = 8
COLUMNS_MOST = 4
BOXES_MOST = 3  # in one cell; the others are a number
ARROWS_MOST = 24


@dataclass(frozen=True, slots=True)
class Trend:
    """Values over days, oldest first, drawn as a line; `sign` stands behind every value: `%`, ` s` or nothing."""

    points: tuple[tuple[date, Decimal], ...]
    sign: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.points) <= POINTS_MOST:  # noqa: PLR2004 - a line has two ends
            raise ValueError(f"a trend has 2 to {POINTS_MOST} points, got {len(self.points)}")
        days = [on for on, _ in self.points]
        if days != sorted(set(days)):
            raise ValueError("a trend has one value a day, the oldest first")


@dataclass(frozen=True, slots=True)
class Box:
    """A thing on a map: its code, and its state as a colour with the word for it; empty where it has none."""

    code: str
    hue: Hue | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a row and a column meet: some boxes, and how many more there are."""

    boxes: tuple[Box, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of a map with a cell for each column."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Boxes in rows and columns; an arrow leads from what must be finished first to what waits for it, by codes."""

    columns: tuple[str, ...]
    rows: tuple[MapRow, ...]
    arrows: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _between(1, COLUMNS_MOST, len(self.columns), "columns")
        _between(1, ROWS_MOST, len(self.rows), "rows")
        _between(0, ARROWS_MOST, len(self.arrows), "arrows")
        for row in self.rows:
            _between(len(self.columns), len(self.columns), len(row.cells), "cells in a row")
            for cell in row.cells:
                _between(0, BOXES_MOST, len(cell.boxes), "boxes in a cell")
        codes = [box.code for box in self.boxes()]
        if len(codes) != len(set(codes)):
            raise ValueError("each code stands once on a map")
        if not {code for arrow in self.arrows for code in arrow} <= set(codes):
            raise ValueError("an arrow leads from one box of its map to another")

    def boxes(self) -> Iterator[Box]:
        """Every box, row by row."""
        return (box for row in self.rows for cell in row.cells for box in cell.boxes)


Drawing: TypeAlias = Trend | Map


def _between(low: int, high: int, number: int, what: str) -> None:
    if not low <= number <= high:
        raise ValueError(f"{what} of a map: {low} to {high}, got {number}")
