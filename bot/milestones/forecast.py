"""How a late milestone pushes those that wait for it, and theirs. Pure. Source: domain.md 4.7."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.milestones.rules import State
from bot.work.graph import in_order
from bot.work.slip import end_on, later
from storage.initiatives import Dependency, Milestone


@dataclass(frozen=True, slots=True)
class Point:
    """A milestone: `on` is its own forecast, `days` how long it takes once it may begin.

    One that is `fixed` is reached, and nothing moves it. `proposed_on` is where it was pushed to before.
    """

    on: date
    days: int = 0
    fixed: bool = False
    baseline_on: date | None = None
    proposed_on: date | None = None

    @property
    def expected_on(self) -> date:
        """As it stands now."""
        return self.proposed_on or self.on


@dataclass(frozen=True, slots=True)
class Wait:
    """`after` can't begin before `before` is finished, and `lag_days` more."""

    before: int
    after: int
    lag_days: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """Where a milestone is pushed to, and by which one."""

    on: date
    because_of: int


def start_min(predecessors: Iterable[tuple[date, int]]) -> date | None:
    """The first day on which something may begin that waits for ends, each with its lag; None where it waits for none.

    Source: domain.md 4.7: the latest predecessor's forecast, its lag, and one day.
    """
    return max((later(on, lag + 1) for on, lag in predecessors), default=None)


def pushed(points: Mapping[int, Point], waits: Sequence[Wait], anew: Collection[int]) -> dict[int, Push]:
    """Those of `anew` that can't keep their own forecast; the others of `points` stay where they are expected.

    Raises: ValueError where the waits go round in a circle.
    """
    known = [each for each in waits if each.before in points and each.after in points]
    into: dict[int, list[Wait]] = {}
    for each in known:
        into.setdefault(each.after, []).append(each)
    ends = {number: point.expected_on for number, point in points.items()}
    found: dict[int, Push] = {}
    for number in in_order([*points], [(each.before, each.after) for each in known]):
        point = points[number]
        if number not in anew or point.fixed:
            continue
        ends[number] = point.on
        latest = max(into.get(number, ()), key=lambda each: (_start(ends, each), -each.before), default=None)
        start = start_min((ends[each.before], each.lag_days) for each in into.get(number, ()))
        if latest is None or start is None or later(start, point.days) <= point.on:
            continue
        ends[number] = later(start, point.days)
        found[number] = Push(ends[number], latest.before)
    return found


def _start(ends: Mapping[int, date], wait: Wait) -> date:
    return later(ends[wait.before], wait.lag_days + 1)


def past_baseline(points: Mapping[int, Point], waits: Sequence[Wait]) -> set[int]:
    """Those that move a successor, or through it one of its own, past its baseline."""
    known = [each for each in waits if each.before in points and each.after in points]
    out: dict[int, list[Wait]] = {}
    for each in known:
        out.setdefault(each.before, []).append(each)
    ends = {number: point.expected_on for number, point in points.items()}
    found: set[int] = set()
    for number in reversed(in_order([*points], [(each.before, each.after) for each in known])):
        if any(
            _moves_past(points[each.after], _start(ends, each), each.after in found) for each in out.get(number, ())
        ):
            found.add(number)
    return found


def _moves_past(point: Point, start: date, passes_on: bool) -> bool:  # noqa: FBT001 - the third of three facts
    if point.fixed:
        return False
    end = later(start, point.days)
    return (point.baseline_on is not None and end > point.baseline_on) or (passes_on and end >= point.expected_on)


def point_of(milestone: Milestone) -> Point | None:
    """A milestone as a point; None for what is waived or cancelled, which nothing waits for any more."""
    match milestone.state:
        case State.PLANNED:
            return Point(
                milestone.forecast_on,
                milestone.duration_days,
                baseline_on=milestone.baseline_on,
                proposed_on=milestone.proposed_on,
            )
        case State.CLAIMED | State.ACHIEVED:
            return Point(end_on(milestone), milestone.duration_days, fixed=True, baseline_on=milestone.baseline_on)
        case State.WAIVED | State.CANCELLED:
            return None


def points_of(milestones: Iterable[Milestone]) -> dict[int, Point]:
    """Milestones as points by their numbers."""
    return {each.id: point for each in milestones if (point := point_of(each)) is not None}


def waits_of(edges: Iterable[Dependency]) -> list[Wait]:
    """Rows as waits."""
    return [Wait(each.from_id, each.to_id, each.lag_days) for each in edges]
