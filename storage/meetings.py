"""Meetings of councils: when, who is expected, who was there from when to when, and how long each item took."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint, col, select

from storage.audit import AuditEvent
from storage.columns import Document, Noun, RowId, Utc, constraints, count, number_of, personal, wall, word
from storage.columns import at as instant
from storage.councils import LENGTH_MIN
from storage.links import Thing
from storage.tx import Tx

WENT_ON = "section"  # the field under which it is written down that a meeting went on
GO_ON = "go on"  # the verb
RECORDED, TOLD_END = "meeting.recorded", "meeting.told_end"
"""Among the steps: since when the record of a meeting that was held without the bot is made, and its end as told."""


class CouncilMeeting(Noun, table=True):
    """One meeting of a council. `slot` is the naive local start it was planned for, and names it for good."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PLANNED = "planned"
        CALLING = "calling"
        DRAFTED = "drafted"
        PUBLISHED = "published"
        IN_SESSION = "in_session"
        IN_RECESS = "in_recess"
        ADJOURNED = "adjourned"
        MINUTES_DRAFT = "minutes_draft"
        MINUTES_CIRCULATED = "minutes_circulated"
        MINUTES_APPROVED = "minutes_approved"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    class Kind(StrEnum):
        """Whether the rhythm brought it about."""

        REGULAR = "regular"
        SPECIAL = "special"

    __table_args__ = constraints(
        UniqueConstraint("council_id", "slot"), Index("council_meeting_start", "council_id", "starts_at")
    )
    council_id: int = number_of("council")
    kind: Kind = word(Kind, default=Kind.REGULAR)
    slot: datetime = wall()
    starts_at: datetime = instant()
    """Where it stands now: a postponed meeting keeps its slot and has another start."""
    length_min: int = LENGTH_MIN
    where: str = Field(default="", sa_column_kwargs={"name": "meets_where"})
    link: str = ""
    chair_id: int | None = number_of("person", default=None, nullable=True)
    """Who chairs this one; None: the council's chair."""
    secretary_id: int | None = number_of("person", default=None, nullable=True)
    state: State = word(State, default=State.PLANNED)
    reason: str = personal(default="")
    """Why it was moved or cancelled."""
    edition: int = count()
    """The newest published version of its agenda; 0 before the first."""
    items_closed: bool = False
    """Whether items are late from now on."""
    quorum_needed: int | None = None
    """As it was when the meeting was opened."""
    quorum_filled: int | None = None
    """How many voting seats were filled then."""
    opened_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    adjourned_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    section: int | None = None
    """The section that is being discussed."""
    item_id: int | None = Field(default=None, sa_type=RowId)
    """The item in it that was called up, where one was; no foreign key, because items point to meetings."""
    steps: dict[str, str] = Field(default_factory=dict, sa_type=Document)
    """When the steps around it fall due: kind and ISO instant. A step at another instant was planned before a move."""

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.length_min)

    @property
    def recorded_at(self) -> datetime | None:
        """When somebody began to record it, where it had been held before that; None where the bot was at it."""
        return self._told(RECORDED)

    @property
    def told_end(self) -> datetime | None:
        """When it ended, as was said of one that is recorded afterwards."""
        return self._told(TOLD_END)

    def _told(self, what: str) -> datetime | None:
        at = self.steps.get(what)
        return None if at is None else datetime.fromisoformat(at)


class Attendance(Noun, table=True):
    """What is known of one seat at one meeting: whether somebody comes, and what became of that."""

    class Rsvp(StrEnum):
        """What was said beforehand."""

        NONE = "none"
        YES = "yes"
        NO = "no"
        DEPUTY = "deputy"

    class Status(StrEnum):
        """How it stands in the minutes."""

        EXPECTED = "expected"
        PRESENT = "present"
        DEPUTY = "deputy"
        APOLOGIES = "apologies"
        ABSENT = "absent"

    __table_args__ = constraints(UniqueConstraint("meeting_id", "seat_id"))
    meeting_id: int = number_of("council_meeting")
    seat_id: int = number_of("seat")
    person_id: int | None = number_of("person", default=None, nullable=True)
    """Who held the seat then; None for a vacant one."""
    rsvp: Rsvp = word(Rsvp, default=Rsvp.NONE)
    rsvp_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    reason: str = personal(default="")
    deputy_id: int | None = number_of("person", default=None, nullable=True)
    deputy_can_decide: bool = False
    status: Status = word(Status, default=Status.EXPECTED)
    was_heard: bool = False
    """The chair's own tick: this seat has spoken. Source: domain.md S2-34."""


class Presence(Noun, table=True):
    """Somebody on a seat from an arrival to a leaving; open while they are there."""

    meeting_id: int = number_of("council_meeting", index=True)
    attendance_id: int = number_of("attendance", index=True)
    person_id: int = number_of("person")
    from_at: datetime = instant()
    to_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    decides: bool | None = None
    """Whether the seat had a vote that they could cast, as it was until they left; None while they are there."""


class AgendaTime(Noun, table=True):
    """A stretch of a meeting that went to a section, and to an item in it where one was called up."""

    meeting_id: int = number_of("council_meeting", index=True)
    section: int
    item_id: int | None = Field(default=None, sa_type=RowId)
    from_at: datetime = instant()
    to_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class AttentionInput(Noun, table=True):
    """What the attention index needs beyond a meeting's own record. Source: domain.md 4.10."""

    __table_args__ = constraints(UniqueConstraint("meeting_id"))
    meeting_id: int = number_of("council_meeting")
    customer_reviews: int | None = None
    finance_reviews: int | None = None
    bonus_members: int | None = None
    """Of the top team, those with a hard customer metric in their bonus."""
    top_members: int | None = None


OVER = (
    CouncilMeeting.State.ADJOURNED,
    CouncilMeeting.State.MINUTES_DRAFT,
    CouncilMeeting.State.MINUTES_CIRCULATED,
    CouncilMeeting.State.MINUTES_APPROVED,
    CouncilMeeting.State.CLOSED,
)
"""Held, and over."""
RUNNING = (CouncilMeeting.State.IN_SESSION, CouncilMeeting.State.IN_RECESS)
TO_COME = (
    CouncilMeeting.State.PLANNED,
    CouncilMeeting.State.CALLING,
    CouncilMeeting.State.DRAFTED,
    CouncilMeeting.State.PUBLISHED,
)
_BY_START = (col(CouncilMeeting.starts_at), col(CouncilMeeting.id))


async def next_meeting(tx: Tx, council_id: int, *, after: datetime | None = None) -> CouncilMeeting | None:
    """The meeting that is being held, else the next one to come; with `after`, the first to come that starts later."""
    state = col(CouncilMeeting.state)
    wanted = [state.in_((*TO_COME, *RUNNING))] if after is None else [
        state.in_(TO_COME), col(CouncilMeeting.starts_at) > after
    ]  # fmt: skip
    return await tx.first(
        select(CouncilMeeting).where(CouncilMeeting.council_id == council_id, *wanted).order_by(*_BY_START)
    )


async def coming(tx: Tx, council_id: int, *, most: int = 12) -> Sequence[CouncilMeeting]:
    """The meetings to come, or being held, soonest first."""
    return await tx.all(
        select(CouncilMeeting)
        .where(CouncilMeeting.council_id == council_id, col(CouncilMeeting.state).in_((*TO_COME, *RUNNING)))
        .order_by(*_BY_START)
        .limit(most)
    )


async def on_now(tx: Tx, council_id: int) -> CouncilMeeting | None:
    """The meeting of a council that is on, or interrupted."""
    mine = (CouncilMeeting.council_id == council_id, col(CouncilMeeting.state).in_(RUNNING))
    return await tx.first(select(CouncilMeeting).where(*mine).order_by(*_BY_START))


async def last_held(tx: Tx, meeting: CouncilMeeting) -> CouncilMeeting | None:
    """The newest meeting of the same council that was held before another."""
    newest = (col(CouncilMeeting.starts_at).desc(), col(CouncilMeeting.id).desc())
    return await tx.first(
        select(CouncilMeeting)
        .where(
            CouncilMeeting.council_id == meeting.council_id,
            col(CouncilMeeting.state).in_(OVER),
            col(CouncilMeeting.starts_at) < meeting.starts_at,
        )
        .order_by(*newest)
    )


async def newest_held(tx: Tx, council_id: int) -> CouncilMeeting | None:
    """The newest meeting that was held."""
    newest = (col(CouncilMeeting.starts_at).desc(), col(CouncilMeeting.id).desc())
    over = col(CouncilMeeting.state).in_(OVER)
    return await tx.first(select(CouncilMeeting).where(CouncilMeeting.council_id == council_id, over).order_by(*newest))


async def meeting_at(tx: Tx, council_id: int, slot: datetime) -> CouncilMeeting | None:
    """The meeting that was planned for a local time."""
    return await tx.first(
        select(CouncilMeeting).where(CouncilMeeting.council_id == council_id, CouncilMeeting.slot == slot)
    )


async def hold(tx: Tx, meeting: CouncilMeeting) -> None:
    """Until this transaction ends nobody else changes a meeting: who comes second sees what the first did."""
    one = select(CouncilMeeting.id).where(CouncilMeeting.id == meeting.id)
    await tx.first(one.with_for_update(key_share=True))
    await tx.session.refresh(meeting)


async def attendances(tx: Tx, meeting_id: int) -> Sequence[Attendance]:
    """What is known of every seat at a meeting."""
    return await tx.all(select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(col(Attendance.id)))


async def presences(tx: Tx, meeting_id: int) -> Sequence[Presence]:
    """Every arrival at a meeting, in order."""
    order = (col(Presence.from_at), col(Presence.id))
    return await tx.all(select(Presence).where(Presence.meeting_id == meeting_id).order_by(*order))


async def times(tx: Tx, meeting_id: int) -> Sequence[AgendaTime]:
    """How a meeting spent its time, in order."""
    order = (col(AgendaTime.from_at), col(AgendaTime.id))
    return await tx.all(select(AgendaTime).where(AgendaTime.meeting_id == meeting_id).order_by(*order))


async def attention_input(tx: Tx, meeting_id: int) -> AttentionInput | None:
    """What was said for the attention index of a meeting."""
    return await tx.first(select(AttentionInput).where(AttentionInput.meeting_id == meeting_id))


async def held(tx: Tx, council_id: int, *, most: int = 60) -> Sequence[CouncilMeeting]:
    """The meetings that were held, newest first."""
    newest = (col(CouncilMeeting.starts_at).desc(), col(CouncilMeeting.id).desc())
    over = (CouncilMeeting.council_id == council_id, col(CouncilMeeting.state).in_(OVER))
    return await tx.all(select(CouncilMeeting).where(*over).order_by(*newest).limit(most))


async def went_on_since(tx: Tx, meeting_id: int) -> int | None:
    """Who else took a meeting on to another section while what is handled now was on its way; None when nobody did."""
    facts = tx.acting
    if facts.arrived_at is None:
        return None
    mine = (AuditEvent.thing == Thing.MEETING, AuditEvent.thing_id == meeting_id, AuditEvent.field == WENT_ON)
    others = (col(AuditEvent.by).is_not(None), AuditEvent.by != facts.by)
    newest = col(AuditEvent.id).desc()
    since = col(AuditEvent.noted_at) > facts.arrived_at
    return await tx.first(select(col(AuditEvent.by)).where(*mine, *others, since).order_by(newest))


async def newest_step(tx: Tx, meeting_id: int) -> AuditEvent | None:
    """The newest entry about where a meeting went; also one that was taken back."""
    mine = (AuditEvent.thing == Thing.MEETING, AuditEvent.thing_id == meeting_id, AuditEvent.field == WENT_ON)
    return await tx.first(select(AuditEvent).where(*mine).order_by(col(AuditEvent.id).desc()))


async def called_off(tx: Tx, council_id: int, *, after: datetime) -> Sequence[CouncilMeeting]:
    """The meetings that were called off and would begin later, soonest first."""
    off = (CouncilMeeting.council_id == council_id, CouncilMeeting.state == CouncilMeeting.State.CANCELLED)
    later = col(CouncilMeeting.starts_at) > after
    return await tx.all(select(CouncilMeeting).where(*off, later).order_by(*_BY_START))


async def was_unopened(tx: Tx, meeting: CouncilMeeting) -> bool:
    """Whether a meeting was called off by the clock, because nobody had started it."""
    if meeting.state is not CouncilMeeting.State.CANCELLED:
        return False
    mine = (AuditEvent.thing == Thing.MEETING, AuditEvent.thing_id == meeting.id, AuditEvent.verb == "cancel")
    deed = await tx.first(select(AuditEvent).where(*mine).order_by(col(AuditEvent.id).desc()))
    return deed is not None and deed.by is None


async def unopened(tx: Tx, council_id: int, *, until: datetime) -> CouncilMeeting | None:
    """The newest meeting that nobody started, where none was held since; None where there is none."""
    last = await newest_held(tx, council_id)
    off = (CouncilMeeting.council_id == council_id, CouncilMeeting.state == CouncilMeeting.State.CANCELLED)
    begun = (col(CouncilMeeting.starts_at) <= until,)
    since = () if last is None else (col(CouncilMeeting.starts_at) > last.starts_at,)
    newest = (col(CouncilMeeting.starts_at).desc(), col(CouncilMeeting.id).desc())
    found = await tx.first(select(CouncilMeeting).where(*off, *begun, *since).order_by(*newest))
    return found if found is not None and await was_unopened(tx, found) else None


async def regular_around(tx: Tx, meeting: CouncilMeeting, *, most: int = 6) -> Sequence[CouncilMeeting]:
    """The meetings of a rhythm next to one of them, in order, as many as `most` before it and after it."""
    mine = (CouncilMeeting.council_id == meeting.council_id, CouncilMeeting.kind == CouncilMeeting.Kind.REGULAR)
    slot = col(CouncilMeeting.slot)
    before = select(CouncilMeeting).where(*mine, slot < meeting.slot).order_by(slot.desc()).limit(most)
    after = select(CouncilMeeting).where(*mine, slot > meeting.slot).order_by(slot).limit(most)
    return [*reversed(await tx.all(before)), meeting, *await tx.all(after)]


async def said_of_seat(tx: Tx, meeting_id: int, seat_id: int) -> Attendance | None:
    """What is known of one seat at a meeting."""
    return await tx.first(select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.seat_id == seat_id))
