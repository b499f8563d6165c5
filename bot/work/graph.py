"""Dependencies as a graph: an edge that would close a cycle never enters, so that all that is left has an order."""

from collections import deque
from collections.abc import Collection
from heapq import heapify, heappop, heappush


def closing_path(edges: Collection[tuple[int, int]], start: int, end: int) -> list[int] | None:
    """The shortest path from `end` to `start`, which start -> end would close to a cycle; None where there is none.

    Something that would wait for itself is a path of one.
    """
    following = _following(edges)
    came_from: dict[int, int | None] = {end: None}
    waiting = deque([end])
    while waiting:
        at = waiting.popleft()
        if at == start:
            return _walked(came_from, at)
        for after in following.get(at, ()):
            if after not in came_from:
                came_from[after] = at
                waiting.append(after)
    return None


def in_order(nodes: Collection[int], edges: Collection[tuple[int, int]]) -> list[int]:
    """`nodes` with each after all that lead to it; of those that may come next, the smallest first.

    An edge to or from something that is not among them counts for nothing. Raises: ValueError on a cycle.
    """
    among = {*nodes}
    kept = {(start, end) for start, end in edges if start in among and end in among}
    following = _following(sorted(kept))
    missing = dict.fromkeys(among, 0)
    for _, end in kept:
        missing[end] += 1
    ready = [node for node, count in missing.items() if not count]
    heapify(ready)
    found: list[int] = []
    while ready:
        at = heappop(ready)
        found.append(at)
        for after in following.get(at, ()):
            missing[after] -= 1
            if not missing[after]:
                heappush(ready, after)
    if len(found) < len(among):
        left = sorted(among.difference(found))
        raise ValueError(f"these depend on each other in a circle, or on one that does: {left}")
    return found


def _following(edges: Collection[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start, end in edges:
        found.setdefault(start, []).append(end)
    return found


def _walked(came_from: dict[int, int | None], last: int) -> list[int]:
    back: list[int] = []
    at: int | None = last
    while at is not None:
        back.append(at)
        at = came_from[at]
    return back[::-1]
