"""What faults did: for each kind of fault how often it was tried, what was lost, and what was said twice and why."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

PROPERTY = "faults"
HEAD = ("Fault", "Runs", "Lost", "Said twice", "Why that is allowed")


@dataclass(frozen=True, slots=True)
class Tally:
    """What one test, or all tests of a kind, saw; told when what had to hold did hold."""

    kind: str
    runs: int
    lost: int
    twice: int
    """How many messages stand more than once."""
    why: str = ""
    """Why something may be said twice; empty where it may not."""

    def as_json(self) -> str:
        """As a test's report carries it."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Tally":
        """The reverse."""
        return Tally(**json.loads(text))


def added_up(told: Iterable[Tally]) -> list[Tally]:
    """One for each kind, in the order of the alphabet."""
    found: dict[str, Tally] = {}
    for each in told:
        so_far = found.get(each.kind, Tally(each.kind, 0, 0, 0))
        found[each.kind] = Tally(
            each.kind,
            so_far.runs + each.runs,
            so_far.lost + each.lost,
            so_far.twice + each.twice,
            so_far.why or each.why,
        )
    return [found[kind] for kind in sorted(found)]


def as_lines(rows: Sequence[Tally]) -> list[str]:
    """The table for a terminal."""
    cells = [HEAD, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def as_markdown(rows: Sequence[Tally]) -> str:
    """The table for a document."""
    lines = [HEAD, ("---", "---:", "---:", "---:", "---"), *map(_cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: Tally) -> tuple[str, str, str, str, str]:
    return row.kind, str(row.runs), str(row.lost), str(row.twice), row.why
