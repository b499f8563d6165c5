"""Which thing led to which: one table of edges, between things of every kind."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import ColumnElement, Index
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.columns import Noun, RowId, constraints, word
from storage.tx import Tx


class Thing(StrEnum):
    """What can stand at an end of a link; the word is the name of its table."""

    HUDDLE = "huddle_run"
    BLOCKER = "blocker"
    VOC = "voc_item"
    ACTION = "action"
    INITIATIVE = "initiative"
    MILESTONE = "milestone"
    BATCH = "batch"
    OBJECTIVE = "objective"
    MEASURE = "measure"
    WEEKLY = "weekly_run"
    RANKING = "ranking_round"
    MEETING = "council_meeting"
    AGENDA_ITEM = "agenda_item"
    DECISION = "decision"
    VOTE = "council_vote"
    MINUTES = "minutes"


class Link(Noun, table=True):
    """An edge: what stands at `from` led to, serves or blocks what stands at `to`."""

    class Kind(StrEnum):
        """What the one is to the other."""

        LED_TO = "led_to"
        SERVES = "serves"
        BLOCKS = "blocks"
        REPEATS = "repeats"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "kind", "from_kind", "from_id", "to_kind", "to_id"),
        Index("link_from", "organisation_id", "from_kind", "from_id"),
        Index("link_to", "organisation_id", "to_kind", "to_id"),
    )
    kind: Kind = word(Kind, default=Kind.LED_TO)
    from_kind: Thing = word(Thing)
    from_id: int = Field(sa_type=RowId)
    to_kind: Thing = word(Thing)
    to_id: int = Field(sa_type=RowId)


End: TypeAlias = tuple[Thing, int]
"""One end of a link: what it is and its row."""


async def link(tx: Tx, start: End, end: End, kind: Link.Kind = Link.Kind.LED_TO) -> bool:
    """Draws an edge, once; says whether it is new."""
    known = await tx.first(select(Link).where(_is(start, end), Link.kind == kind))
    if known is not None:
        return False
    tx.add(Link(kind=kind, from_kind=start[0], from_id=start[1], to_kind=end[0], to_id=end[1]))
    await tx.flush()
    return True


async def neighbours(tx: Tx, end: End) -> Sequence[End]:
    """What stands at the other ends of a thing's edges, the oldest edge first."""
    leaving = and_(col(Link.from_kind) == end[0], col(Link.from_id) == end[1])
    arriving = and_(col(Link.to_kind) == end[0], col(Link.to_id) == end[1])
    found = await tx.all(select(Link).where(or_(leaving, arriving)).order_by(col(Link.id)))
    ends = [((each.from_kind, each.from_id), (each.to_kind, each.to_id)) for each in found]
    return [far if near == end else near for near, far in ends]


def _is(start: End, end: End) -> ColumnElement[bool]:
    return and_(
        col(Link.from_kind) == start[0],
        col(Link.from_id) == start[1],
        col(Link.to_kind) == end[0],
        col(Link.to_id) == end[1],
    )
