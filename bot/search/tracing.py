"""Where a thing came from and what became of it: level by level, with as many questions as there are levels and kinds.

Upwards, what led to it is followed to its beginnings, and what it is part of to the objective; downwards, everything
that it led to and that is part of it. A thing stands in a trail once, so a circle of links ends.
"""

from collections.abc import Iterator, Mapping

from bot.search.kinds import KINDS, names, pieces
from bot.search.shapes import Piece, Section, Step, Tie, Trail
from storage.links import End, Link
from storage.trails import Asked, Edge, edges, parts
from storage.tx import Tx

DEPTH_MAX = 10  # levels each way; a chain from huddle to milestone has five
WIDTH_MAX = 40  # things that are read in one level
EDGES_MAX = 10 * WIDTH_MAX
_Kind = Link.Kind
_TIES = {
    _Kind.LED_TO: Tie.LED_TO,
    _Kind.SERVES: Tie.SERVES,
    _Kind.BLOCKS: Tie.BLOCKS,
    _Kind.REPEATS: Tie.REPEATS,
}
_FORWARD = (_Kind.LED_TO, _Kind.BLOCKS, _Kind.REPEATS)


async def trail(tx: Tx, root: Piece) -> Trail:
    """The trail of a thing."""
    found = Trail(root, known={root.end: root})
    seen = {root.end}
    for going_up in (True, False):
        level: dict[End, Section | None] = {root.end: None}
        for _ in range(DEPTH_MAX):
            level = await _next_level(tx, found, level, seen, going_up=going_up)
            if not level:
                break
    found.people = await names(tx, found.known.values())
    there = {step.end[0] for step in found.of(Section.WHOLE)}
    found.missing = [KINDS[thing].name for thing in KINDS[root.end[0]].expects if thing not in there]
    return found


async def _next_level(
    tx: Tx, found: Trail, level: Mapping[End, Section | None], seen: set[End], *, going_up: bool
) -> dict[End, Section | None]:
    around = await (_above if going_up else _below)(tx, found, level)
    new: dict[End, Section | None] = {}
    kept: list[Step] = []
    for step in around:
        if step.end in seen:
            continue
        seen.add(step.end)
        if len(new) == WIDTH_MAX:
            found.more[step.section] = found.more.get(step.section, 0) + 1
            continue
        new[step.end] = step.section
        kept.append(step)
    loaded = await pieces(tx, new.keys())
    found.known |= loaded
    found.steps += [step for step in kept if step.end in loaded]
    return {end: section for end, section in new.items() if end in loaded}


async def _above(tx: Tx, found: Trail, level: Mapping[End, Section | None]) -> list[Step]:
    """What leads to some things, and what they are part of."""
    # What a thing serves stands at the other end of its link.
    serving = [end for end, section in level.items() if section in {None, Section.WHOLE}]
    known = await edges(
        tx, leaving=Asked(serving, (_Kind.SERVES,)), arriving=Asked(level.keys(), _FORWARD), most=EDGES_MAX
    )
    wholes: list[Step] = []
    for end, section in level.items():
        for tie, whole in found.known[end].wholes:
            place = _up_section(tie, section)
            wholes += [Step(whole, end, tie, place)] if place is not None else []
    # What it is part of also led to it where it was added there; it stands once, and being part of it says more.
    known_as = {step.end for step in wholes}
    linked = (step for edge in known.edges for step in _up(edge, level))
    steps = [*(step for step in linked if step.end not in known_as), *wholes]
    if known.more:
        found.more[Section.ORIGIN] = found.more.get(Section.ORIGIN, 0) + known.more
    return steps


def _up(edge: Edge, level: Mapping[End, Section | None]) -> Iterator[Step]:
    tie = _TIES[edge.kind]
    far, near = (edge.end, edge.start) if tie is Tie.SERVES else (edge.start, edge.end)
    if near in level:
        section = _up_section(tie, level[near])
        if section is not None:
            yield Step(far, near, tie, section)


def _up_section(tie: Tie, section: Section | None) -> Section | None:
    """Where a thing belongs that hangs by `tie` above one of `section`; None where that leads away from the root."""
    match tie:
        case Tie.LED_TO | Tie.REPEATS:
            return section or Section.ORIGIN
        case Tie.PART_OF | Tie.SERVES:
            return Section.WHOLE if section in {None, Section.WHOLE} else None
        case Tie.BLOCKS:
            return Section.OBSTACLE if section is None else None


async def _below(tx: Tx, found: Trail, level: Mapping[End, Section | None]) -> list[Step]:
    """What some things led to, and what is part of them."""
    going_on = [end for end, section in level.items() if section is not Section.HELD_UP]
    known = await edges(
        tx, leaving=Asked(going_on, _FORWARD), arriving=Asked(going_on, (_Kind.SERVES,)), most=EDGES_MAX
    )
    steps = [step for edge in known.edges for step in _down(edge, level)]
    more = known.more
    for thing, kind in KINDS.items():
        for part in kind.parts:
            wholes = [number for each, number in going_on if each is part.whole]
            is_first = None in level.values()
            if not wholes or (part.tie is Tie.BLOCKS and not is_first):
                continue
            rows, beyond = await parts(tx, part.number, part.column, of=wholes, most=WIDTH_MAX)
            section = Section.HELD_UP if part.tie is Tie.BLOCKS else Section.SEQUEL
            steps += [Step((thing, number), (part.whole, whole), part.tie, section) for whole, number in rows]
            more += beyond
    if more:
        found.more[Section.SEQUEL] = found.more.get(Section.SEQUEL, 0) + more
    return steps


def _down(edge: Edge, level: Mapping[End, Section | None]) -> Iterator[Step]:
    tie = _TIES[edge.kind]
    far, near = (edge.start, edge.end) if tie is Tie.SERVES else (edge.end, edge.start)
    if near not in level:
        return
    if tie is Tie.BLOCKS:
        if level[near] is None:
            yield Step(far, near, tie, Section.HELD_UP)
        return
    yield Step(far, near, tie, Section.SEQUEL)
