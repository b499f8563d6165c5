"""No dependency closes a circle, and what has none can be put in order; each against an oracle of another kind."""

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.work.graph import closing_path, in_order

NODES = st.integers(1, 9)
EDGES = st.sets(st.tuples(NODES, NODES), max_size=30)

Edge = tuple[int, int]


def has_circle(edges: set[Edge]) -> bool:
    """As the standard library sees it."""
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for start, end in edges:
        sorter.add(end, start)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


def reachable(edges: set[Edge], start: int, end: int) -> bool:
    """By the transitive closure, squared until nothing is added."""
    known = {(node, node) for node in range(10)} | edges
    while True:
        wider = known | {(a, d) for a, b in known for c, d in known if b == c}
        if wider == known:
            return (start, end) in known
        known = wider


@given(st.lists(st.tuples(NODES, NODES), max_size=40))
@pytest.mark.req("S3-14")
def test_no_circle_enters_in_any_order_of_edges(wanted: list[Edge]) -> None:
    edges: set[Edge] = set()
    for start, end in wanted:
        path = closing_path(edges, start, end)
        assert (path is not None) == has_circle({*edges, (start, end)})
        if path is None:
            edges.add((start, end))
    assert not has_circle(edges)


@given(EDGES, NODES, NODES)
def test_a_refused_path_leads_from_the_end_to_the_start_along_edges(edges: set[Edge], start: int, end: int) -> None:
    path = closing_path(edges, start, end)
    assert (path is not None) == reachable(edges, end, start)
    if path is not None:
        assert (path[0], path[-1]) == (end, start)
        assert {*pairwise(path)} <= edges
        assert len(path) == len({*path})


@given(st.sets(NODES), EDGES)
def test_an_order_has_each_thing_once_and_after_all_that_lead_to_it(nodes: set[int], edges: set[Edge]) -> None:
    among = {(start, end) for start, end in edges if {start, end} <= nodes}
    if has_circle(among):
        with pytest.raises(ValueError, match="circle"):
            in_order(nodes, edges)
        return
    found = in_order(nodes, edges)
    assert sorted(found) == sorted(nodes)
    assert all(found.index(start) < found.index(end) for start, end in among)


def test_the_way_round_is_the_shortest_one() -> None:
    edges = {(2, 7), (7, 4), (2, 5), (5, 6), (6, 4)}
    assert closing_path(edges, 4, 2) == [2, 7, 4]


def test_nothing_waits_for_itself() -> None:
    assert closing_path(set(), 4, 4) == [4]


def test_of_things_that_may_come_next_the_oldest_comes_first() -> None:
    assert in_order([5, 3, 9, 1], [(9, 1)]) == [3, 5, 9, 1]
