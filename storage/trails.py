"""What leads to a thing and what follows from it, a level at a time: each question is for many things at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import and_, col, or_, select

from storage.links import End, Link, Thing
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the link table."""

    kind: Link.Kind
    start: End
    end: End


@dataclass(frozen=True, slots=True)
class Found:
    """Edges, oldest first, and how many there are beyond them."""

    edges: Sequence[Edge]
    more: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which things the edges are asked for, and which kinds of edges."""

    ends: Collection[End]
    kinds: Collection[Link.Kind]


async def edges(tx: Tx, *, leaving: Asked, arriving: Asked, most: int) -> Found:
    """The first `most` edges that begin at something of `leaving` or end at something of `arriving`."""
    clauses = [
        *_each_thing(leaving, col(Link.from_kind), col(Link.from_id)),
        *_each_thing(arriving, col(Link.to_kind), col(Link.to_id)),
    ]
    if not clauses:
        return Found((), 0)
    touches = or_(*clauses)
    rows = await tx.all(select(Link).where(touches).order_by(col(Link.id)).limit(most))
    found = [Edge(row.kind, (row.from_kind, row.from_id), (row.to_kind, row.to_id)) for row in rows]
    return Found(found, await _beyond(tx, col(Link.id), touches, found=len(found), most=most))


def _each_thing(asked: Asked, thing: Mapped[Thing], number: Mapped[int]) -> list[ColumnElement[bool]]:
    fitting = col(Link.kind).in_(sorted(asked.kinds))
    things = sorted({kind for kind, _ in asked.ends})
    return [and_(thing == kind, number.in_([each for k, each in asked.ends if k is kind]), fitting) for kind in things]


async def parts(
    tx: Tx, number: Mapped[int], whole: Mapped[int] | Mapped[int | None], *, of: Collection[int], most: int
) -> tuple[Sequence[tuple[int, int]], int]:
    """The first `most` rows that are part of one of some others: (theirs, its) numbers; and how many there are more."""
    belongs = whole.in_(of)
    rows = await tx.columns(select(whole, number).where(belongs).order_by(number).limit(most))
    found = [(owner, part) for owner, part in rows if owner is not None]
    return found, await _beyond(tx, number, belongs, found=len(found), most=most)


async def _beyond(tx: Tx, number: Mapped[int], which: ColumnElement[bool], *, found: int, most: int) -> int:
    if found < most:
        return 0
    ((every,),) = await tx.columns(select(func.count(number)).where(which))
    return every - found
