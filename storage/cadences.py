"""What is due: recurring cadences, the occurrences they become, and the clock's own memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, bindparam, text
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import Noun, Row, RowId, Utc, constraints, number_of, wall, word
from storage.inserting import add_once
from storage.tx import Tx

REPORT = "operation.report"
ROOM = "team.room"


class Cadence(Noun, table=True):
    """A rhythm on a wall clock: `rule` is an RRULE without zone, `starts_at` its naive local anchor.

    `next_at` is the instant of the next slot, None when it is paused or has ended. `revision` changes with the rule, so
    that a clock that read the old one can't advance it.
    """

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "kind", "subject_id"),
        Index(
            "cadence_due",
            "next_at",
            postgresql_where=text("next_at is not null"),
            sqlite_where=text("next_at is not null"),
        ),
    )
    kind: str
    subject_id: int = Field(sa_type=RowId)
    rule: str
    starts_at: datetime = wall()
    zone: str
    next_slot: datetime | None = wall(default=None, nullable=True)
    next_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    revision: int = 1
    parked: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it can't be followed: it has no next slot until it is changed."""


class Occurrence(Row, table=True):
    """One step that falls due once: of a cadence at a local slot, or planned by a handler.

    `retry_at` is real time, also under a simulated clock: a step that failed waits until then.
    """

    class State(StrEnum):
        """What became of it."""

        PLANNED = "planned"
        DONE = "done"
        SKIPPED = "skipped"
        MISSED = "missed"
        FAILED = "failed"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "key"),
        Index(
            "occurrence_due",
            "due_at",
            postgresql_where=text("state = 'planned'"),
            sqlite_where=text("state = 'planned'"),
        ),
    )
    key: str
    kind: str
    subject_id: int = Field(sa_type=RowId)
    cadence_id: int | None = number_of("cadence", default=None, nullable=True)
    slot: datetime | None = wall(default=None, nullable=True)
    """The naive local time it stands for; None for a step that a handler planned."""
    due_at: datetime = Field(sa_type=Utc)
    state: State = word(State, default=State.PLANNED)
    late_s: int = 0
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    done_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    outcome: str = ""


class ClockState(SQLModel, table=True):
    """The one row in which the clock remembers where it stood."""

    __tablename__ = "clock_state"
    id: int = Field(default=1, primary_key=True)
    ticked_at: datetime = Field(sa_type=Utc)
    simulated: bool = False
    speed: int = 1


def start_anew(cadence: Cadence, since: datetime | None) -> None:
    """A rhythm that is new or changed counts from `since`, None while it is paused; the clock finds its first slot."""
    cadence.next_slot, cadence.next_at = None, since
    cadence.revision = (cadence.revision or 0) + 1
    # Also where they were None when they were read: a clock may have found the old rule's slot since then.
    for name in ("next_slot", "next_at"):
        flag_modified(cadence, name)


async def cadence_of(tx: Tx, kind: str, subject_id: int) -> Cadence | None:
    """The rhythm of one thing."""
    return await tx.first(select(Cadence).where(Cadence.kind == kind, Cadence.subject_id == subject_id))


async def next_due(tx: Tx, after: datetime) -> datetime | None:
    """The instant of the earliest thing to come after `after`, cadence or planned step."""
    cadence = await tx.first(_COMING, {"since": after})
    step = await tx.first(_PLANNED, {"since": after})
    return min((at for at in (cadence, step) if at is not None), default=None)


_SINCE = bindparam("since", type_=Utc)
_COMING = select(col(Cadence.next_at)).where(col(Cadence.next_at) > _SINCE).order_by(col(Cadence.next_at)).limit(1)
_PLANNED = (
    select(Occurrence.due_at)
    .where(Occurrence.state == Occurrence.State.PLANNED, col(Occurrence.due_at) > _SINCE)
    .order_by(col(Occurrence.due_at))
    .limit(1)
)


async def steps_between(tx: Tx, since: datetime, until: datetime) -> Sequence[Occurrence]:
    """Occurrences due in that time, in order, whatever became of them."""
    return await tx.all(
        select(Occurrence)
        .where(col(Occurrence.due_at) >= since, col(Occurrence.due_at) < until)
        .order_by(col(Occurrence.due_at), col(Occurrence.id))
    )


async def plan_report(tx: Tx, organisation_id: int, now: datetime) -> None:
    """Plans that an organisation's administrators are told what can't be done, together with the rest of a minute.

    Half a minute at least lies between, more than the clocks of two machines differ.
    """
    due_at = (now + timedelta(seconds=90)).replace(second=0, microsecond=0)
    key = f"report:{organisation_id}:{due_at.isoformat()}"
    step = Occurrence(organisation_id=organisation_id, key=key, kind=REPORT, subject_id=organisation_id, due_at=due_at)
    await add_once(tx, step)


async def plan_room(tx: Tx, place_id: int, now: datetime) -> None:
    """Plans that a team hears, at once, that its room was shut or is open again."""
    key = f"room:{place_id}:{now.isoformat()}"
    await add_once(tx, Occurrence(key=key, kind=ROOM, subject_id=place_id, due_at=now))


async def clock_state(tx: Tx) -> ClockState | None:
    """Where the clock stood at its last tick; None before the first."""
    return (await tx.session.scalars(select(ClockState))).first()
