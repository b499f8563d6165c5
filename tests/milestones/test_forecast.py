"""How late milestones push those that wait for them: the vectors of domain.md 4.7, and random graphs."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.milestones.forecast import Point, Push, Wait, past_baseline, pushed, start_min
from bot.work.graph import closing_path, in_order

DAY = timedelta(days=1)
JAN_8, JAN_9, JAN_15, JAN_19 = (date(2027, 1, each) for each in (8, 9, 15, 19))


@pytest.mark.req("S3-14")
def test_the_example_of_the_specification() -> None:
    assert start_min([(JAN_8, 0)]) == JAN_9
    points = {31: Point(JAN_8, baseline_on=date(2026, 12, 18)), 32: Point(JAN_15, 10, baseline_on=JAN_15)}
    assert pushed(points, [Wait(31, 32)], {32}) == {32: Push(JAN_19, 31)}


@pytest.mark.parametrize(
    ("predecessors", "start"),
    [
        ([], None),
        ([(JAN_8, 0)], JAN_9),
        ([(JAN_8, 2)], date(2027, 1, 11)),
        ([(JAN_8, 0), (JAN_15, 0)], date(2027, 1, 16)),
        ([(JAN_8, 10), (JAN_15, 0)], JAN_19),
    ],
)
def test_the_latest_predecessor_with_its_lag_says_when_something_may_begin(
    predecessors: list[tuple[date, int]], start: date | None
) -> None:
    assert start_min(predecessors) == start


@pytest.mark.parametrize(
    ("own", "days", "lag", "expected"),
    [
        (JAN_15, 10, 0, JAN_19),
        (JAN_19, 10, 0, None),
        (JAN_15, 6, 0, None),
        (JAN_15, 7, 0, date(2027, 1, 16)),
        (JAN_15, 0, 5, None),
        (JAN_15, 0, 7, date(2027, 1, 16)),
        (JAN_15, 10, 2, date(2027, 1, 21)),
    ],
)
def test_a_successor_moves_only_when_it_must(own: date, days: int, lag: int, expected: date | None) -> None:
    found = pushed({1: Point(JAN_8), 2: Point(own, days)}, [Wait(1, 2, lag)], {2})
    assert found == ({} if expected is None else {2: Push(expected, 1)})


def test_what_is_reached_is_not_pushed_and_pushes_on_from_its_own_day() -> None:
    points = {1: Point(JAN_19), 2: Point(JAN_8, fixed=True), 3: Point(JAN_9)}
    assert pushed(points, [Wait(1, 2), Wait(2, 3)], {2, 3}) == {}


def test_a_push_goes_through_what_waits_for_what_waits() -> None:
    points = {1: Point(JAN_8), 2: Point(JAN_8), 3: Point(JAN_8, 1)}
    found = pushed(points, [Wait(1, 2), Wait(2, 3)], {2, 3})
    assert found == {2: Push(JAN_9, 1), 3: Push(date(2027, 1, 11), 2)}


def test_one_that_is_not_looked_at_anew_stays_where_it_was_proposed() -> None:
    points = {1: Point(JAN_8), 2: Point(JAN_8, proposed_on=JAN_15), 3: Point(JAN_8)}
    assert pushed(points, [Wait(2, 3)], {3}) == {3: Push(date(2027, 1, 16), 2)}


@pytest.mark.parametrize(("baseline", "moves"), [(JAN_15, True), (JAN_19, False), (None, False)])
def test_a_small_slip_is_worse_where_it_moves_a_successor_past_its_baseline(baseline: date | None, moves: bool) -> None:
    points = {1: Point(JAN_8), 2: Point(JAN_15, 10, baseline_on=baseline, proposed_on=JAN_19)}
    assert past_baseline(points, [Wait(1, 2)]) == ({1} if moves else set())


def test_moving_a_successor_of_a_successor_past_its_baseline_counts_too() -> None:
    points = {1: Point(JAN_8), 2: Point(JAN_9), 3: Point(JAN_9, baseline_on=JAN_9, proposed_on=date(2027, 1, 10))}
    assert past_baseline(points, [Wait(1, 2), Wait(2, 3)]) == {1, 2}


# --- any graph

NODES = 12


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[int, Point], list[Wait]]:
    """Milestones, and waits that were let in one by one."""
    numbers = list(range(draw(st.integers(1, NODES))))
    day = st.integers(0, 120).map(lambda n: date(2026, 12, 1) + n * DAY)
    points = {
        n: Point(draw(day), draw(st.integers(0, 20)), draw(st.booleans()) and draw(st.booleans())) for n in numbers
    }
    edges: dict[tuple[int, int], int] = {}
    for _ in range(draw(st.integers(0, 30))):
        before, after = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
        if closing_path([*edges], before, after) is None:
            edges[before, after] = draw(st.integers(0, 9))
    return points, [Wait(before, after, lag) for (before, after), lag in edges.items()]


def reaches(waits: list[Wait], start: int, end: int) -> bool:
    """An oracle that follows every way, one step at a time."""
    found, at = {start}, [start]
    while at:
        at = [each.after for each in waits if each.before in at and each.after not in found]
        found |= {*at}
    return end in found


@given(graphs())
def test_no_circle_ever_enters(graph: tuple[dict[int, Point], list[Wait]]) -> None:
    points, waits = graph
    assert not any(reaches(waits, each.after, each.before) for each in waits)
    order = in_order([*points], [(each.before, each.after) for each in waits])
    assert all(order.index(each.before) < order.index(each.after) for each in waits)


@given(graphs(), st.data())
def test_every_edge_that_is_refused_would_have_closed_a_circle(
    graph: tuple[dict[int, Point], list[Wait]], data: st.DataObject
) -> None:
    points, waits = graph
    before, after = data.draw(st.sampled_from([*points])), data.draw(st.sampled_from([*points]))
    path = closing_path([(each.before, each.after) for each in waits], before, after)
    assert (path is not None) == reaches(waits, after, before)
    if path is not None:
        assert (path[0], path[-1]) == (after, before)
        known = {(each.before, each.after) for each in waits}
        assert all((one, two) in known for one, two in pairwise(path))


@pytest.mark.req("S3-14")
@given(graphs())
def test_forecasts_are_those_of_an_oracle_that_asks_each_predecessor(
    graph: tuple[dict[int, Point], list[Wait]],
) -> None:
    points, waits = graph

    @cache
    def end(number: int) -> date:
        point = points[number]
        starts = [end(each.before) + each.lag_days * DAY + DAY for each in waits if each.after == number]
        if point.fixed or not starts:
            return point.on
        return max(point.on, max(starts) + point.days * DAY)

    found = pushed(points, waits, {*points})
    assert {n: found[n].on if n in found else points[n].on for n in points} == {n: end(n) for n in points}
    assert all(push.on > points[n].on and not points[n].fixed for n, push in found.items())


@given(graphs(), st.data())
def test_looking_at_what_follows_one_of_them_is_enough_when_only_that_one_moved(
    graph: tuple[dict[int, Point], list[Wait]], data: st.DataObject
) -> None:
    points, waits = graph
    first = pushed(points, waits, {*points})
    stand = {
        n: Point(each.on, each.days, each.fixed, proposed_on=first[n].on if n in first else None)
        for n, each in points.items()
    }
    moved = data.draw(st.sampled_from([*points]))
    later = Point(stand[moved].expected_on + data.draw(st.integers(-30, 60)) * DAY, points[moved].days, fixed=True)
    anew = {n for n in points if n != moved and reaches(waits, moved, n)}
    part = pushed(stand | {moved: later}, waits, anew)
    whole = pushed(points | {moved: later}, waits, {*points} - {moved})
    assert {n: part[n].on for n in part} == {n: whole[n].on for n in whole if n in anew}
