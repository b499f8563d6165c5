"""A benchmark's figures: measured in interleaved pairs, printed as a table, kept as JSON with their machine."""

import json
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure beside what it is compared with, each the median of `runs`, in `unit`."""

    key: str
    what: str
    value: float
    rival: float
    unit: str
    ratio: float
    goal: float
    """The ratio that is still good: at most so much, or at least where `more_is_better`."""
    runs: int
    seen: list[float]
    """The ratio of each pair."""
    more_is_better: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the goal is met."""
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal

    @property
    def wanted(self) -> str:
        """The goal in words."""
        return f"at {'least' if self.more_is_better else 'most'} {self.goal:g}"


Work = Callable[[], Awaitable[object]]


async def compared(work: Work, rival: Work, *, runs: int, times: int) -> tuple[list[float], list[float]]:
    """The median time of both in each run, in milliseconds.

    They take turns each time, so that a busy moment of the machine hits both.
    """
    values: list[float] = []
    rivals: list[float] = []
    for _ in range(runs):
        both = [(await _took_ms(work), await _took_ms(rival)) for _ in range(times)]
        values.append(statistics.median(mine for mine, _ in both))
        rivals.append(statistics.median(other for _, other in both))
    return values, rivals


async def _took_ms(work: Work) -> float:
    started = time.perf_counter()
    await work()
    return 1000 * (time.perf_counter() - started)


def figure(  # the parts of one figure
    key: str,
    what: str,
    *,
    values: Sequence[float],
    rivals: Sequence[float],
    unit: str,
    most: float | None = None,
    least: float | None = None,
) -> Figure:
    """The medians, and the median of the ratios of pairs; the goal is either `most` or `least`."""
    ratios = [value / rival for value, rival in zip(values, rivals, strict=True)]
    return Figure(
        key=key,
        what=what,
        value=round(statistics.median(values), 3),
        rival=round(statistics.median(rivals), 3),
        unit=unit,
        ratio=round(statistics.median(ratios), 2),
        goal=least if most is None and least is not None else most or 0.0,
        runs=len(ratios),
        seen=[round(ratio, 2) for ratio in ratios],
        more_is_better=most is None,
    )


def machine() -> dict[str, str | int | None]:
    """What the figures were measured on."""
    return {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def told(figures: Sequence[Figure]) -> None:
    """Prints the table and keeps the figures beside those of other benchmarks; ends with 1 when one is too slow."""
    for each in figures:
        good = "good" if each.is_good else "TOO SLOW"
        print(
            f"{each.key:<26} {each.value:>9.3f} {each.unit:<4} against {each.rival:>9.3f}"
            f"  ratio {each.ratio:>5.2f} ({each.wanted}, pairs {each.seen})  {good}  {each.what}"
        )
    before = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else {}
    kept = before | {each.key: asdict(each) for each in figures}
    RESULTS.write_text(json.dumps({"machine": machine(), "figures": kept}, indent=2) + "\n")
    if not all(each.is_good for each in figures):
        raise SystemExit(1)
