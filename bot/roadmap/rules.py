"""Where each initiative stands on the map, its colour, and which of many are drawn. Pure.

Source: domain.md 4.7, K-19.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest

from bot.chat.pictures import ARROWS_MOST, BOXES_MOST, ROWS_MOST
from bot.chat.spans import Hue
from bot.initiatives.rules import MID_MONTHS, SHORT_MONTHS, Horizon, horizon, months_after
from storage.initiatives import Domain, StrategyFrame
from storage.people import Department, Role
from storage.roadmap import Ahead, Worst

Side = Department.Side
ROOMY_ROWS = 4  # with more of them each cell shows a box less
_GRAVITY = {Hue.RED: 0, Hue.AMBER: 1, Hue.GREEN: 2, Hue.BLUE: 3, None: 4}


@dataclass(frozen=True, slots=True)
class Item:
    """An initiative on the map; `needs` are the codes of those that it waits for and that are still ahead."""

    code: str
    title: str
    horizon: Horizon
    ends_on: date | None
    hue: Hue | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A domain with its initiatives, the next end first; `name` is empty for those that are in none."""

    name: str
    items: tuple[Item, ...]

    def at(self, column: Horizon) -> tuple[Item, ...]:
        """Those of one column."""
        return tuple(each for each in self.items if each.horizon is column)


@dataclass(frozen=True, slots=True)
class Covered:
    """How many departments there are on a side, and in how many of them an initiative is ahead."""

    departments: int
    touched: int


def coverage(departments: Sequence[Department], touched: Collection[int]) -> Mapping[Side, Covered]:
    """Front and back office, as far as that was said of departments; empty where it was said of none."""
    sided = {side: [each.id for each in departments if each.side is side] for side in Side}
    if not any(sided.values()):
        return {}
    return {side: Covered(len(ids), sum(number in touched for number in ids)) for side, ids in sided.items()}


@dataclass(frozen=True, slots=True)
class Board:
    """The whole map; `short_end` and `mid_end` are the last days of its first two columns."""

    short_end: date
    mid_end: date
    rows: tuple[Row, ...]
    coverage: Mapping[Side, Covered] = field(default_factory=dict)
    """By the side that departments are on; empty while nobody has said so of any."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Every initiative on it, row by row."""
        return tuple(item for row in self.rows for item in row.items)


def may_see(roles: Collection[Role.Kind], *, is_external: bool, leads: bool, heads: bool) -> bool:
    """Whether somebody may see the map: who leads a team or a department or has a role, and no guest."""
    return not is_external and (leads or heads or bool(roles))


HUES: Mapping[Worst, Hue] = {Worst.GREEN: Hue.GREEN, Worst.AMBER: Hue.AMBER, Worst.RED: Hue.RED}


def board_of(
    ahead: Sequence[Ahead],
    domains: Sequence[Domain],
    edges: Sequence[tuple[int, int]],
    *,
    worst: Mapping[int, Worst],
    frame: StrategyFrame | None,
    today: date,
    departments: Sequence[Department] = (),
) -> Board:
    """The map of some initiatives, the oldest first; every domain has its row, those in none stand in the last one."""
    frame = frame or _usual(today)
    codes = {each.id: each.code for each in ahead}
    needs: dict[int, list[str]] = defaultdict(list)
    for first, then in edges:
        if first in codes and then in codes:
            needs[then].append(codes[first])
    items: dict[int | None, list[Item]] = defaultdict(list)
    known = {each.id for each in domains}
    for each in ahead:
        hue = HUES[worst[each.id]] if each.id in worst else None
        column = horizon(each.ends_on, frame, today)
        waits_for = tuple(sorted(needs[each.id], key=code_order)) if each.id in needs else ()
        item = Item(each.code, each.title, column, each.ends_on, hue, waits_for)
        items[each.domain_id if each.domain_id in known else None].append(item)
    rows = [Row(each.name, _in_order(items[each.id])) for each in domains]
    rows += [Row("", _in_order(items[None]))] if items[None] else []
    return Board(
        short_end=frame.short_end,
        mid_end=frame.mid_end,
        rows=tuple(rows),
        coverage=coverage(departments, {each.department_id for each in ahead if each.department_id is not None}),
    )


def _usual(today: date) -> StrategyFrame:
    """The ends of the columns where no frame is valid, found once and not for each of thousands."""
    return StrategyFrame(
        valid_from=today,
        valid_to=today,
        short_end=months_after(today, SHORT_MONTHS),
        mid_end=months_after(today, MID_MONTHS),
    )


def code_order(code: str) -> tuple[str, int]:
    """`I-9` before `I-10`."""
    prefix, _, number = code.rpartition("-")
    return prefix, int(number) if number.isdigit() else 0


def _in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """By their ends; of two on one day the older one first, as they come."""
    return tuple(sorted(items, key=lambda each: each.ends_on or date.max))


def picked(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most so many, in their order, by their ends: where there are more, rather those that are red."""
    if len(items) <= most:
        return items
    chosen = {each.code for each in nsmallest(most, items, key=lambda each: _GRAVITY[each.hue])}
    return [each for each in items if each.code in chosen]


def drawn_rows(board: Board) -> Sequence[Row]:
    """The rows that a picture has room for: those with anything in them first, in their order."""
    filled = [row for row in board.rows if row.items]
    empty = [row for row in board.rows if not row.items]
    chosen = {id(row) for row in [*filled, *empty][:ROWS_MOST]}
    return [row for row in board.rows if id(row) in chosen]


def drawn_boxes(rows: Sequence[Row]) -> int:
    """How many boxes of a cell are drawn."""
    return BOXES_MOST if len(rows) <= ROOMY_ROWS else BOXES_MOST - 1


def arrows_between(items: Sequence[Item]) -> Sequence[tuple[str, str]]:
    """An arrow for each need among some initiatives, up to what can be told apart."""
    codes = {each.code for each in items}
    return [(need, each.code) for each in items for need in each.needs if need in codes][:ARROWS_MOST]
