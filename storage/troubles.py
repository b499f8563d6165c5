"""What the bot could not do and people are told about, once: messages, steps and rhythms in trouble."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Field, UniqueConstraint, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.cadences import REPORT, Cadence, Occurrence
from storage.columns import Row, RowId, constraints, word
from storage.inserting import insert_once
from storage.messages import Message
from storage.tx import Tx

REPORT_VIEW = "operation.trouble"
IN_TROUBLE = (Message.State.DEAD, Message.State.PARKED)
HOUR_S = 3600
AT_ONCE = 5_000  # numbers in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535

T = TypeVar("T")
Untold: TypeAlias = Select[int, int]
"""Row numbers, and the revision that each of them is at."""


class Trouble(Row, table=True):
    """One thing that was told; `hour` is the report it is in, in whole hours since 1970 (UTC).

    Once it is settled, the same thing may be told again.
    """

    class Kind(StrEnum):
        """What `row_id` is the number of."""

        MESSAGE = "message"
        STEP = "step"
        RHYTHM = "rhythm"

    __table_args__ = constraints(UniqueConstraint("kind", "row_id", "hour"))
    kind: Kind = word(Kind)
    row_id: int = Field(sa_type=RowId)
    hour: int = Field(index=True)
    revision: int = 0
    """What a message had shown, or which rule a rhythm had, when it was told: with another one it is a new trouble."""
    settled: bool = False


def hour_of(at: datetime) -> int:
    """The whole hours since 1970 (UTC), which name a report."""
    return int(at.timestamp()) // HOUR_S


def in_parts(numbers: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same numbers, not more at once than one statement takes."""
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))


async def note_troubles(tx: Tx, hour: int) -> int:
    """Notes what is in trouble and was not told yet; how many things that are.

    The report itself is left out: it would tell of itself for ever.
    """
    await _settle_what_came_right(tx)
    return sum([await _note(tx, hour, kind, untold) for kind, untold in _untold(tx)])


async def number_untold(tx: Tx) -> int:
    """How many things `note_troubles` would note; none of them is noted."""
    await _settle_what_came_right(tx)
    counts = [
        await tx.columns(select_columns(func.count()).select_from(each.subquery())) for _kind, each in _untold(tx)
    ]
    return sum(count for ((count,),) in counts)


def _untold(tx: Tx) -> Sequence[tuple[Trouble.Kind, Untold]]:
    """What is in trouble and was not told since it came into it: columns `id` and `revision`."""
    others = (col(Message.organisation_id) == tx.organisation_id, col(Message.view) != REPORT_VIEW)
    messages: Untold = select_columns(col(Message.id), col(Message.shown_rev).label("revision")).where(*others)
    steps = select_columns(col(Occurrence.id), literal(0).label("revision")).where(
        col(Occurrence.organisation_id) == tx.organisation_id,
        col(Occurrence.state) == Occurrence.State.FAILED,
        col(Occurrence.kind) != REPORT,
    )
    rhythms = select_columns(col(Cadence.id), col(Cadence.revision)).where(
        col(Cadence.organisation_id) == tx.organisation_id, col(Cadence.parked) != ""
    )
    return [
        # One state at a time: SQLite uses its partial index only for an equation.
        *(_not_told(Trouble.Kind.MESSAGE, messages.where(col(Message.state) == state)) for state in IN_TROUBLE),
        _not_told(Trouble.Kind.STEP, steps),
        _not_told(Trouble.Kind.RHYTHM, rhythms),
    ]


def _not_told(kind: Trouble.Kind, found: Untold) -> tuple[Trouble.Kind, Untold]:
    told, columns = aliased(Trouble), found.subquery()
    same = select(told.id).where(told.kind == kind, col(told.row_id) == columns.c.id, col(told.settled).is_(False))
    return kind, select_columns(columns.c.id, columns.c.revision).where(~same.exists())


async def _note(tx: Tx, hour: int, kind: Trouble.Kind, untold: Untold) -> int:
    columns = untold.subquery()
    # What this hour's report has told already, and what was settled since, is open there once more.
    revision = select_columns(columns.c.revision).where(columns.c.id == Trouble.row_id).scalar_subquery()
    of_hour = (col(Trouble.kind) == kind, col(Trouble.hour) == hour)
    again = update(Trouble).where(*of_hour, col(Trouble.row_id).in_(select_columns(columns.c.id)))
    count = await tx.changed(again.values(settled=False, revision=revision))
    source = select_columns(
        literal(tx.organisation_id, RowId),
        cast(literal(kind.value), String(32)),
        columns.c.id,
        literal(hour),
        columns.c.revision,
        literal(value=False),
    ).where(columns.c.id.is_not(None))  # without any WHERE, SQLite reads the ON of ON CONFLICT as a join's
    names = ["organisation_id", "kind", "row_id", "hour", "revision", "settled"]
    return count + await tx.changed(insert_once(tx, Trouble).from_select(names, source))


async def _settle_what_came_right(tx: Tx) -> None:
    """What was told is settled once it is in trouble no more, or was shown or changed since, even if that is over."""
    messages = select(Message.id).where(
        col(Message.id) == Trouble.row_id,
        col(Message.state).in_(IN_TROUBLE),
        col(Message.shown_rev) == Trouble.revision,
    )
    rhythms = select(Cadence.id).where(
        col(Cadence.id) == Trouble.row_id, col(Cadence.parked) != "", col(Cadence.revision) == Trouble.revision
    )
    for kind, still in ((Trouble.Kind.MESSAGE, messages), (Trouble.Kind.RHYTHM, rhythms)):
        told = (col(Trouble.kind) == kind, col(Trouble.settled).is_(False))
        await tx.run(update(Trouble).where(*told, ~still.exists()).values(settled=True))


async def settle_messages(tx: Tx, message_ids: Sequence[int]) -> None:
    """These messages may be told about again, should they come into trouble again."""
    for some in in_parts(message_ids):
        theirs = (col(Trouble.kind) == Trouble.Kind.MESSAGE, col(Trouble.row_id).in_(some))
        await tx.run(update(Trouble).where(*theirs).values(settled=True))


async def reports_of(tx: Tx, message_ids: Sequence[int]) -> Sequence[int]:
    """The hours of the reports that tell of these messages, oldest first."""
    hours: set[int] = set()
    for some in in_parts(message_ids):
        theirs = (Trouble.kind == Trouble.Kind.MESSAGE, col(Trouble.row_id).in_(some))
        hours.update(await tx.all(select(Trouble.hour).where(*theirs).distinct()))
    return sorted(hours)


async def messages_in_trouble(tx: Tx, hour: int, *, limit: int | None = None) -> Sequence[Message]:
    """The messages of a report that nobody has settled yet, oldest first."""
    return await tx.all(select(Message).where(*_open(hour)).order_by(col(Message.id)).limit(limit))


async def take_in_trouble(tx: Tx, hour: int) -> Sequence[int]:
    """Their numbers, in a transaction that is about to settle them: who comes second waits, and finds none."""
    query = select(Message.id).where(*_open(hour)).order_by(col(Message.id))
    return await tx.all(query.with_for_update())


async def number_in_trouble(tx: Tx, hour: int, state: Message.State) -> int:
    """How many of them are dead, or parked."""
    return await tx.first(select(func.count(col(Message.id))).where(*_open(hour), Message.state == state)) or 0


async def steps_in_trouble(tx: Tx, hour: int) -> Sequence[Occurrence]:
    """The steps of a report that were given up, oldest first."""
    still = (col(Occurrence.id).in_(_told(hour, Trouble.Kind.STEP)), Occurrence.state == Occurrence.State.FAILED)
    return await tx.all(select(Occurrence).where(*still).order_by(col(Occurrence.id)))


async def rhythms_in_trouble(tx: Tx, hour: int) -> Sequence[Cadence]:
    """The rhythms of a report that still can't be followed, oldest first."""
    still = (col(Cadence.id).in_(_told(hour, Trouble.Kind.RHYTHM)), col(Cadence.parked) != "")
    return await tx.all(select(Cadence).where(*still).order_by(col(Cadence.id)))


async def number_told(tx: Tx, hour: int) -> int:
    """How many things a report tells of, settled or not."""
    return await tx.first(select(func.count(col(Trouble.id))).where(Trouble.hour == hour)) or 0


def _open(hour: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    unsettled = _told(hour, Trouble.Kind.MESSAGE).where(col(Trouble.settled).is_(False))
    return col(Message.id).in_(unsettled), col(Message.state).in_(IN_TROUBLE)


def _told(hour: int, kind: Trouble.Kind) -> SelectOfScalar[int]:
    return select(Trouble.row_id).where(Trouble.hour == hour, Trouble.kind == kind)
