"""Agendas: nine sections a meeting, the items in them, what departments report, and every version published."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Document, Noun, RowId, Utc, constraints, count, number_of, personal, word
from storage.columns import at as instant
from storage.tx import Change, Tx

SECTIONS = range(1, 10)


class AgendaSection(Noun, table=True):
    """One of the nine sections of a meeting's agenda; every meeting has each once. Source: domain.md 2.4."""

    class State(StrEnum):
        """How far the meeting has come with it."""

        WAITING = "waiting"
        CURRENT = "current"
        CLOSED = "closed"

    __table_args__ = constraints(UniqueConstraint("meeting_id", "section"))
    meeting_id: int = number_of("council_meeting")
    section: int
    minutes: int | None = None
    """Minutes that somebody gave it; None: as many as its items and its content ask for."""
    extended_min: int = count()
    """Minutes added during the meeting."""
    is_customers: bool = False
    """Whether its time counts as the customer's. Source: domain.md 4.10."""
    state: State = word(State, default=State.WAITING)
    note: str = personal(default="")


class AgendaItem(Noun, table=True):
    """Something to talk about at one meeting. A carried item is a new row that points to the old one."""

    class State(StrEnum):
        """Source: domain.md 2.3; what the issue of the council adds at close: parked, dropped, made an action."""

        SUBMITTED = "submitted"
        LATE_PENDING = "late_pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        MERGED = "merged"
        WITHDRAWN = "withdrawn"
        PUBLISHED = "published"
        IN_DISCUSSION = "in_discussion"
        DECIDED = "decided"
        NOTED = "noted"
        DEFERRED = "deferred"
        PARKED = "parked"
        DROPPED = "dropped"
        ACTIONED = "actioned"

    class Kind(StrEnum):
        """Whether somebody proposed it, or it stands there by itself."""

        ITEM = "item"
        APOLOGIES = "apologies"
        MINUTES = "minutes"
        REPORT = "report"

    class Purpose(StrEnum):
        """What the meeting must do with it."""

        DECISION = "decision"
        DISCUSSION = "discussion"
        INFORMATION = "information"

    class Stance(StrEnum):
        """Whether it goes to meet something, or answers it. Source: domain.md S2-35."""

        PROACTIVE = "proactive"
        REACTIVE = "reactive"

    class Level(StrEnum):
        """How far it looks. Source: domain.md S1-04."""

        STRATEGIC = "strategic"
        OPERATIONAL = "operational"

    __table_args__ = constraints(Index("agenda_item_place", "meeting_id", "section", "seq"))
    council_id: int = number_of("council", index=True)
    meeting_id: int = number_of("council_meeting")
    section: int
    seq: int = 0
    """Its place in the section, from 1; 0 while it has none. Until the agenda comes out for the first time it may
    change; a number that was published is never given again."""
    kind: Kind = word(Kind, default=Kind.ITEM)
    title: str = personal()
    purpose: Purpose = word(Purpose, default=Purpose.DISCUSSION)
    minutes: int = 5
    owner_id: int | None = number_of("person", default=None, nullable=True)
    department_id: int | None = number_of("department", default=None, nullable=True)
    """Whose report it is, for a report."""
    stance: Stance | None = word(Stance, default=None, nullable=True)
    level: Level | None = word(Level, default=None, nullable=True)
    is_customers: bool = False
    """Whether its time counts as the customer's, outside the sections whose time does anyhow."""
    consent: bool = False
    internal: bool = False
    """Whether people from outside the organisation get its number and nothing else."""
    paper_url: str = ""
    initiative_id: int | None = number_of("initiative", default=None, nullable=True)
    hurts_id: int | None = number_of("department", default=None, nullable=True)
    """The department in which it hurts, where it starts in another one (`starts_id`). Source: domain.md S2-04."""
    starts_id: int | None = number_of("department", default=None, nullable=True)
    one_view: str = personal(default="")
    other_view: str = personal(default="")
    """A disputed item: both views, one line each. Source: domain.md S2-30."""
    state: State = word(State, default=State.SUBMITTED)
    is_late: bool = False
    deferrals: int = count()
    reason: str = personal(default="")
    """Why it was declined, deferred, parked or dropped."""
    outcome: str = personal(default="")
    """What was noted about it, in the secretary's words."""
    carried_from_id: int | None = Field(default=None, sa_type=RowId)
    merged_into_id: int | None = Field(default=None, sa_type=RowId)


class AgendaEdition(Noun, table=True):
    """A published version of an agenda, as it was; nobody changes it again."""

    __table_args__ = constraints(UniqueConstraint("meeting_id", "number"))
    meeting_id: int = number_of("council_meeting")
    number: int
    published_at: datetime = instant()
    published_by: int | None = number_of("person", default=None, nullable=True)
    """None: nobody acted, so it was published by schedule."""
    over_min: int = count()
    """By how many minutes it is longer than the meeting."""
    changes: list[str] = Field(default_factory=list, sa_type=Document, sa_column_kwargs={"info": {"personal": True}})
    content: dict[str, Any] = Field(
        default_factory=dict, sa_type=Document, sa_column_kwargs={"info": {"personal": True}}
    )


class DepartmentReport(Noun, table=True):
    """What a department writes for one meeting. Source: domain.md S2-17, S2-20, K-09."""

    class State(StrEnum):
        """How far it has come."""

        ASKED = "asked"
        DRAFT = "draft"
        RECEIVED = "received"
        LATE = "late"
        MISSING = "missing"

    __table_args__ = constraints(UniqueConstraint("meeting_id", "department_id"))
    meeting_id: int = number_of("council_meeting")
    department_id: int = number_of("department")
    author_id: int | None = number_of("person", default=None, nullable=True)
    state: State = word(State, default=State.ASKED)
    measures: list[dict[str, Any]] = Field(default_factory=list, sa_type=Document)
    """The department's figures as they stood when it was sent: name, value, change, colour, as words."""
    changed: str = personal(default="")
    coming: str = personal(default="")
    help_wanted: str = personal(default="")
    help_from_id: int | None = number_of("department", default=None, nullable=True)
    offer: str = personal(default="")
    """What others could reuse."""
    received_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


OPEN = (
    AgendaItem.State.SUBMITTED,
    AgendaItem.State.LATE_PENDING,
    AgendaItem.State.ACCEPTED,
    AgendaItem.State.PUBLISHED,
    AgendaItem.State.IN_DISCUSSION,
)
"""Nothing has become of it yet."""
ON_PAPER = (
    AgendaItem.State.PUBLISHED,
    AgendaItem.State.IN_DISCUSSION,
    AgendaItem.State.DECIDED,
    AgendaItem.State.NOTED,
    AgendaItem.State.DEFERRED,
    AgendaItem.State.PARKED,
    AgendaItem.State.DROPPED,
    AgendaItem.State.ACTIONED,
)
"""It was published, whatever became of it."""
_IN_ORDER = (col(AgendaItem.section), col(AgendaItem.seq), col(AgendaItem.id))


async def sections_of(tx: Tx, meeting_id: int) -> Sequence[AgendaSection]:
    """The nine sections of a meeting, in order."""
    order = col(AgendaSection.section)
    return await tx.all(select(AgendaSection).where(AgendaSection.meeting_id == meeting_id).order_by(order))


async def items_of(
    tx: Tx, meeting_id: int, states: Collection[AgendaItem.State] = (), *, section: int | None = None
) -> Sequence[AgendaItem]:
    """The items of a meeting by number; only those in some states, or of one section, where these are given."""
    wanted: list[ColumnElement[bool]] = [col(AgendaItem.meeting_id) == meeting_id]
    if states:
        wanted.append(col(AgendaItem.state).in_(states))
    if section is not None:
        wanted.append(col(AgendaItem.section) == section)
    return await tx.all(select(AgendaItem).where(*wanted).order_by(*_IN_ORDER))


async def item_numbered(tx: Tx, meeting_id: int, section: int, seq: int) -> AgendaItem | None:
    """The item that stands as `section.seq` on a meeting's agenda."""
    return await tx.first(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting_id, AgendaItem.section == section, AgendaItem.seq == seq
        )
    )


async def parked(tx: Tx, council_id: int) -> Sequence[AgendaItem]:
    """The items that a council set aside without a date, the oldest first."""
    of = (AgendaItem.council_id == council_id, AgendaItem.state == AgendaItem.State.PARKED)
    return await tx.all(select(AgendaItem).where(*of).order_by(col(AgendaItem.id)))


async def editions(tx: Tx, meeting_id: int) -> Sequence[AgendaEdition]:
    """Every published version of a meeting's agenda, oldest first."""
    order = col(AgendaEdition.number)
    return await tx.all(select(AgendaEdition).where(AgendaEdition.meeting_id == meeting_id).order_by(order))


async def newest_edition(tx: Tx, meeting_id: int) -> AgendaEdition | None:
    """The newest published version."""
    order = col(AgendaEdition.number).desc()
    return await tx.first(select(AgendaEdition).where(AgendaEdition.meeting_id == meeting_id).order_by(order))


async def reports_changed_in(tx: Tx, event_id: int) -> Sequence[DepartmentReport]:
    """What departments wrote, or wrote anew, with an event."""
    rows = select(Change.row_id).where(Change.event_id == event_id, Change.table == DepartmentReport.__tablename__)
    return await tx.all(select(DepartmentReport).where(col(DepartmentReport.id).in_(rows)))


async def reports_of(tx: Tx, meeting_id: int) -> Sequence[DepartmentReport]:
    """The reports that a meeting asked for."""
    order = col(DepartmentReport.id)
    return await tx.all(select(DepartmentReport).where(DepartmentReport.meeting_id == meeting_id).order_by(order))


async def report_of(tx: Tx, meeting_id: int, department_id: int) -> DepartmentReport | None:
    """What one department wrote for a meeting."""
    return await tx.first(
        select(DepartmentReport).where(
            DepartmentReport.meeting_id == meeting_id, DepartmentReport.department_id == department_id
        )
    )
