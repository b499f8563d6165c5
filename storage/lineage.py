"""Whether a thing is internal, or came of something that is."""

from collections.abc import Collection, Sequence

from sqlmodel import and_, col, or_, select

from storage.agenda import AgendaItem
from storage.decisions import Decision
from storage.links import End, Link, Thing
from storage.tx import Tx

GENERATIONS = 10
"""How far back it is looked; a chain is longer only where somebody made it so."""
_THROUGH = (Thing.ACTION, Thing.BLOCKER, Thing.AGENDA_ITEM, Thing.DECISION)
_KINDS = (Link.Kind.LED_TO, Link.Kind.REPEATS)


async def is_internal(tx: Tx, end: End) -> bool:
    """Whether it is an item or a decision that is internal itself, or a decision about such an item."""
    thing, number = end
    decision = await tx.get(Decision, number) if thing is Thing.DECISION else None
    if decision is not None and decision.internal:
        return True
    item_id = decision.item_id if decision is not None else number if thing is Thing.AGENDA_ITEM else None
    item = await tx.get(AgendaItem, item_id) if item_id is not None else None
    return item is not None and item.internal


async def sources(tx: Tx, ends: Collection[End]) -> Sequence[End]:
    """What some things came of, each once, the oldest edge first."""
    these = [and_(col(Link.to_kind) == thing, col(Link.to_id) == number) for thing, number in ends]
    came = (col(Link.kind).in_(_KINDS), col(Link.from_kind).in_(_THROUGH))
    found = await tx.all(select(Link).where(*came, or_(*these)).order_by(col(Link.id))) if these else ()
    return list(dict.fromkeys((each.from_kind, each.from_id) for each in found))


async def internal_origin(tx: Tx, end: End) -> End | None:
    """The nearest internal item or decision that a thing is, or came of; None where there is none."""
    known: set[End] = set()
    near: Sequence[End] = (end,)
    for _ in range(GENERATIONS):
        for each in near:
            if await is_internal(tx, each):
                return each
        known |= {*near}
        near = [each for each in await sources(tx, near) if each not in known]
    return None
