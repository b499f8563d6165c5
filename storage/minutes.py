"""Minutes of councils: drafted from the record, edited, issued, corrected, approved; never changed once superseded."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.actions import Action
from storage.agenda import AgendaItem
from storage.audit import AuditEvent
from storage.columns import Document, Noun, RowId, Utc, constraints, number_of, personal, word
from storage.councils import Seat
from storage.decisions import Decision
from storage.links import End, Link, Thing
from storage.meetings import Attendance, CouncilMeeting
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx


class Minutes(Noun, table=True):
    """One edition of a meeting's minutes. Source: domain.md 2.2, 2.3, K-13."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        DRAFT = "draft"
        APPROVED_FOR_ISSUE = "approved_for_issue"
        CIRCULATED = "circulated"
        APPROVED = "approved"
        SUPERSEDED = "superseded"

    __table_args__ = constraints(UniqueConstraint("meeting_id", "number"))
    meeting_id: int = number_of("council_meeting")
    number: int = 1
    state: State = word(State, default=State.DRAFT)
    notes: dict[str, str] = Field(default_factory=dict, sa_type=Document, sa_column_kwargs={"info": {"personal": True}})
    """What the secretary wrote, by section (`"3"`) or item (`"3.2"`); it stands beside the record."""
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Document, sa_column_kwargs={"info": {"personal": True}})
    """The minutes as they were issued; empty while they are a draft, which is made from the record each time."""
    issued_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    issued_by: int | None = number_of("person", default=None, nullable=True)
    is_unchecked: bool = False
    """Issued by schedule, because nobody acted."""
    corrected_why: str = personal(default="")
    """What this edition corrects in the one before it."""
    approved_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    approved_in: int | None = Field(default=None, sa_type=RowId)
    """The meeting that approved them."""


class Correction(Noun, table=True):
    """Something that somebody says is wrong in issued minutes."""

    class State(StrEnum):
        """What became of it."""

        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    minutes_id: int = number_of("minutes", index=True)
    by_id: int = number_of("person")
    text: str = personal()
    state: State = word(State, default=State.PROPOSED)
    reason: str = personal(default="")


async def newest_minutes(tx: Tx, meeting_id: int) -> Minutes | None:
    """The newest edition of a meeting's minutes."""
    return await tx.first(select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(col(Minutes.number).desc()))


async def editions(tx: Tx, meeting_id: int) -> Sequence[Minutes]:
    """Every edition, oldest first."""
    return await tx.all(select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(col(Minutes.number)))


async def corrections(tx: Tx, minutes_id: int) -> Sequence[Correction]:
    """What was said to be wrong in an edition, in order."""
    of = Correction.minutes_id == minutes_id
    return await tx.all(select(Correction).where(of).order_by(col(Correction.id)))


async def actions_led_to(tx: Tx, ends: Collection[End]) -> Sequence[tuple[End, Action]]:
    """The actions that some things led to, each with what led to it, the oldest link first."""
    kinds = {thing for thing, _ in ends}
    if not kinds:
        return ()
    started = [
        and_(col(Link.from_kind) == kind, col(Link.from_id).in_([number for thing, number in ends if thing is kind]))
        for kind in sorted(kinds)
    ]
    found = await tx.columns(
        select(col(Link.from_kind), col(Link.from_id), Action)
        .join(Action, and_(col(Link.to_kind) == Thing.ACTION, col(Link.to_id) == Action.id))
        .where(or_(*started), Link.kind == Link.Kind.LED_TO)
        .order_by(col(Link.id))
    )
    return [((kind, number), action) for kind, number, action in found]


async def actions_of_council(tx: Tx, council_id: int) -> Sequence[tuple[End, Action]]:
    """The actions that a council's meetings, items and decisions led to, each with what led to it, newest first."""
    started = [
        and_(col(Link.from_kind) == kind, col(Link.from_id).in_(select(col(table.id)).where(of_council)))
        for kind, table, of_council in (
            (Thing.MEETING, CouncilMeeting, CouncilMeeting.council_id == council_id),
            (Thing.AGENDA_ITEM, AgendaItem, AgendaItem.council_id == council_id),
            (Thing.DECISION, Decision, Decision.council_id == council_id),
        )
    ]
    found = await tx.columns(
        select(col(Link.from_kind), col(Link.from_id), Action)
        .join(Action, and_(col(Link.to_kind) == Thing.ACTION, col(Link.to_id) == Action.id))
        .where(or_(*started), Link.kind == Link.Kind.LED_TO)
        .order_by(col(Action.id).desc(), col(Link.id))
    )
    return [((kind, number), action) for kind, number, action in found]


async def seats_numbered(tx: Tx, numbers: Collection[int]) -> Sequence[Seat]:
    """Seats, those that are no more too."""
    return await tx.all(select(Seat).where(col(Seat.id).in_(numbers))) if numbers else ()


async def people_numbered(tx: Tx, numbers: Collection[int]) -> dict[int, Person]:
    """People under their numbers."""
    found = await tx.all(select(Person).where(col(Person.id).in_(numbers))) if numbers else ()
    return {each.id: each for each in found}


async def undecided(tx: Tx, meeting_id: int) -> Sequence[Correction]:
    """The corrections to a meeting's minutes about which nobody has decided, in order."""
    of = (Minutes.meeting_id == meeting_id, Correction.state == Correction.State.PROPOSED)
    joined = select(Correction).join(Minutes, col(Minutes.id) == Correction.minutes_id)
    return await tx.all(joined.where(*of).order_by(col(Correction.id)))


async def all_attendances(tx: Tx, meeting_ids: Collection[int]) -> Sequence[Attendance]:
    """What became of every seat at some meetings."""
    of = col(Attendance.meeting_id).in_(meeting_ids)
    return await tx.all(select(Attendance).where(of).order_by(col(Attendance.id))) if meeting_ids else ()


async def places_of_department(tx: Tx, department_id: int) -> Sequence[Place]:
    """The rooms of a department's teams, the oldest first."""
    joined = select(Place).join(Team, col(Team.place_id) == Place.id)
    return await tx.all(joined.where(Team.department_id == department_id).order_by(col(Place.id)).distinct())


async def moves_of(tx: Tx, meeting_ids: Collection[int]) -> dict[int, int]:
    """How often each of some meetings was moved or called off."""
    mine = (AuditEvent.thing == Thing.MEETING, col(AuditEvent.thing_id).in_(meeting_ids))
    deeds = col(AuditEvent.verb).in_(("move", "cancel"))
    counted = select(col(AuditEvent.thing_id), func.count(col(AuditEvent.id))).where(*mine, deeds)
    return dict(await tx.columns(counted.group_by(col(AuditEvent.thing_id)))) if meeting_ids else {}


async def deeds_at(tx: Tx, meeting_id: int, verb: str) -> Sequence[AuditEvent]:
    """What was written down under one verb of a meeting, oldest first; nobody did what the clock did."""
    mine = (AuditEvent.thing == Thing.MEETING, AuditEvent.thing_id == meeting_id, AuditEvent.verb == verb)
    return await tx.all(select(AuditEvent).where(*mine).order_by(col(AuditEvent.id)))
