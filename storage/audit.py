"""What was done to the work: who, when, what, before, after, why. Entries are added and never changed."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import Index, Integer, bindparam, event, func
from sqlalchemy.orm import Mapper
from sqlmodel import Field, col, select

from storage.columns import Row, RowId, Utc, constraints, personal, word
from storage.errors import BotError
from storage.links import End, Thing
from storage.tx import Tx


class AuditEvent(Row, table=True):
    """One deed. `before` and `after` are the state, or for `field` its value; `by` is None for a step of the clock."""

    __table_args__ = constraints(Index("audit_of", "organisation_id", "thing", "thing_id", "id"))
    event_id: int | None = Field(default=None, sa_type=RowId, index=True)
    at: datetime = Field(sa_type=Utc)
    noted_at: datetime = Field(sa_type=Utc)
    """Real time, also under a simulated clock: tells whether somebody acted before they could see it."""
    by: int | None = Field(default=None, sa_type=RowId)
    thing: Thing = word(Thing)
    thing_id: int = Field(sa_type=RowId)
    verb: str
    field: str = "state"
    before: str = personal(default="")
    after: str = personal(default="")
    reason: str = personal(default="")


class Unchangeable(BotError):
    """Somebody was about to change what was written down."""

    def __init__(self) -> None:
        super().__init__("an entry of the audit trail is never changed or deleted; add another one that corrects it")


@event.listens_for(AuditEvent, "before_update")
@event.listens_for(AuditEvent, "before_delete")
def _refuse(_mapper: "Mapper[AuditEvent]", _connection: object, _target: AuditEvent) -> None:
    raise Unchangeable


def note(
    tx: Tx, end: End, verb: str, *, before: object = "", after: object = "", field: str = "state", reason: str = ""
) -> None:
    """Writes down what the one who acts has just done to a thing."""
    thing, thing_id = end
    facts = tx.acting
    entry = AuditEvent(
        event_id=facts.event_id,
        at=facts.now,
        noted_at=datetime.now(UTC),
        by=facts.by,
        thing=thing,
        thing_id=thing_id,
        verb=verb,
        field=field,
        before=str(before),
        after=str(after),
        reason=reason,
    )
    tx.add(entry)


async def newest(tx: Tx, end: End, most: int) -> Sequence[AuditEvent]:
    """The newest entries about a thing, newest first."""
    return await tx.all(_NEWEST, {"its_thing": end[0], "its_id": end[1], "most": most})


_NEWEST = (
    select(AuditEvent)
    .where(AuditEvent.thing == bindparam("its_thing"), AuditEvent.thing_id == bindparam("its_id", type_=RowId))
    .order_by(col(AuditEvent.id).desc())
    .limit(bindparam("most", type_=Integer))
)


async def newest_id(tx: Tx) -> int:
    """The number of the newest entry of all: what somebody sees who looks now."""
    return await tx.first(select(func.max(AuditEvent.id))) or 0


async def changed_by_others(tx: Tx, end: End, since: int) -> int | None:
    """Who else changed a thing after the entry of that number; None when nobody did."""
    mine = (AuditEvent.thing == end[0], AuditEvent.thing_id == end[1], col(AuditEvent.id) > since)
    others = (col(AuditEvent.by).is_not(None), AuditEvent.by != tx.acting.by)
    return await tx.first(select(col(AuditEvent.by)).where(*mine, *others).order_by(col(AuditEvent.id).desc()))


async def changed_after(tx: Tx, end: End, since: int) -> Sequence[int]:
    """Who changed a thing after the entry of that number, the same person too, newest first."""
    later = (AuditEvent.thing == end[0], AuditEvent.thing_id == end[1], col(AuditEvent.id) > since)
    found = await tx.all(select(col(AuditEvent.by)).where(*later).order_by(col(AuditEvent.id).desc()))
    return [each for each in found if each is not None]


async def of_event(tx: Tx, event_id: int) -> Sequence[AuditEvent]:
    """What one event of a platform was written down as, oldest first."""
    return await tx.all(select(AuditEvent).where(AuditEvent.event_id == event_id).order_by(col(AuditEvent.id)))


async def of_field(tx: Tx, thing: Thing, numbers: Collection[int], field: str) -> Sequence[AuditEvent]:
    """What was written down about one field of some things, newest first."""
    mine = (AuditEvent.thing == thing, col(AuditEvent.thing_id).in_(numbers), AuditEvent.field == field)
    return await tx.all(select(AuditEvent).where(*mine).order_by(col(AuditEvent.id).desc()))


async def overtaken_by(tx: Tx, end: End) -> int | None:
    """Who else changed a thing while what is handled now was on its way; None when nobody did."""
    facts = tx.acting
    if facts.arrived_at is None:
        return None
    others = (col(AuditEvent.by).is_not(None), AuditEvent.by != facts.by)
    mine = (AuditEvent.thing == end[0], AuditEvent.thing_id == end[1])
    since = col(AuditEvent.noted_at) > facts.arrived_at
    return await tx.first(select(col(AuditEvent.by)).where(*mine, *others, since).order_by(col(AuditEvent.id).desc()))
