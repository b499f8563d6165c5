"""Initiatives: what is to change, why, and what it takes before it may begin."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint, col, select

from storage.actions import Priority
from storage.columns import Noun, RowId, Utc, at, constraints, count, number_of, personal, word
from storage.tx import Tx


class Domain(Noun, table=True):
    """A field of work; the rows of the transformation map."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    seq: int = 0


class Objective(Noun, table=True):
    """What the organisation wants to reach, and what it brings in money."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    financial_outcome: str = ""
    owner_id: int | None = number_of("person", default=None, nullable=True)


class StrategyFrame(Noun, table=True):
    """The limits that were agreed, from a day on until a day. Money is in minor units."""

    valid_from: date
    valid_to: date
    currency: str = "GBP"
    budget: int = 0
    person_days_per_month: int = 0
    max_in_flight: int = 5
    short_end: date
    """Ends until here are short term."""
    mid_end: date


class Batch(Noun, table=True):
    """Initiatives that begin together."""

    class State(StrEnum):
        """An initiative is in one batch that is not closed, at most."""

        PLANNED = "planned"
        RUNNING = "running"
        CLOSED = "closed"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    name: str = personal()
    starts_on: date | None = None
    ends_on: date | None = None
    state: State = word(State, default=State.PLANNED)


class Initiative(Noun, table=True):
    """A project; `kind` says whether it repairs, rebuilds or changes how people work."""

    class Kind(StrEnum):
        """What it does. Source: domain.md S0-04."""

        FIX = "fix"
        REDESIGN = "redesign"
        CULTURE = "culture"

    class State(StrEnum):
        """Source: domain.md 2.3."""

        IDEA = "idea"
        SCORED = "scored"
        RANKED = "ranked"
        CHARTERED = "chartered"
        APPROVED = "approved"
        IN_FLIGHT = "in_flight"
        PAUSED = "paused"
        DELIVERED = "delivered"
        CLOSED = "closed"
        DROPPED = "dropped"
        STOPPED = "stopped"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "code"), Index("initiative_by_state", "organisation_id", "state")
    )
    code: str
    title: str = personal()
    kind: Kind = word(Kind, default=Kind.FIX)
    domain_id: int | None = number_of("domain", default=None, nullable=True, index=True)
    stage: str = personal(default="")
    """The stage of the customer's journey that it is about."""
    department_id: int | None = number_of("department", default=None, nullable=True)
    sponsor_id: int | None = number_of("person", default=None, nullable=True)
    owner_id: int | None = number_of("person", default=None, nullable=True, index=True)
    priority: Priority = word(Priority, default=Priority.P3)
    state: State = word(State, default=State.IDEA)
    batch_id: int | None = number_of("batch", default=None, nullable=True, index=True)
    starts_on: date | None = None
    ends_on: date | None = None
    impact_measured: bool = Field(default=False)
    delivered_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class Charter(Noun, table=True):
    """One edition of an initiative's charter; the newest counts. Money is in minor units."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        DRAFT = "draft"
        IN_REVIEW = "in_review"
        APPROVED = "approved"

    __table_args__ = constraints(UniqueConstraint("initiative_id", "edition"))
    initiative_id: int = number_of("initiative")
    edition: int = 1
    objectives: str = personal(default="")
    benefits: str = personal(default="")
    done_when: str = personal(default="")
    currency: str = "GBP"
    budget: int | None = None
    expected_return: int | None = None
    """In the first year; 0 is an answer, empty is none."""
    days_per_month: int | None = None
    """Working days of all its people together, while it is in flight."""
    risks: str = personal(default="")
    state: State = word(State, default=State.DRAFT)
    approved_by: int | None = number_of("person", default=None, nullable=True)
    approved_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class BusinessCase(Noun, table=True):
    """What faults cost and what an initiative changes about that. Money is in minor units, shares in basis points."""

    __table_args__ = constraints(UniqueConstraint("initiative_id"))
    initiative_id: int = number_of("initiative")
    currency: str = "GBP"
    faults: int | None = None
    """Each month."""
    call_cost: int | None = Field(default=None, sa_type=RowId)
    visit_cost: int | None = Field(default=None, sa_type=RowId)
    repeats_now: int | None = None
    """Of 10,000 visits, those that are repeated."""
    repeats_then: int | None = None
    extra_cost: int | None = Field(default=None, sa_type=RowId)
    """What each call costs more from then on."""
    one_off: int | None = Field(default=None, sa_type=RowId)
    months: int = 12
    """Over which it has to come back."""
    can_repeat: bool = False


class CharterQuery(Noun, table=True):
    """A question that keeps a charter from being approved until it is answered."""

    charter_id: int = number_of("charter", index=True)
    asked_by: int = number_of("person")
    text: str = personal()
    answer: str = personal(default="")
    is_open: bool = True


class Phase(Noun, table=True):
    """A stretch of an initiative; it ends when its milestones are achieved or waived."""

    class State(StrEnum):
        """Where it stands."""

        PLANNED = "planned"
        ENDED = "ended"

    __table_args__ = constraints(UniqueConstraint("initiative_id", "name"))
    initiative_id: int = number_of("initiative")
    seq: int = 0
    name: str = personal()
    exit_criteria: str = personal(default="")
    state: State = word(State, default=State.PLANNED)


class Stakeholder(Noun, table=True):
    """A person's part in an initiative; exactly one is accountable."""

    class Part(StrEnum):
        """RACI."""

        RESPONSIBLE = "R"
        ACCOUNTABLE = "A"
        CONSULTED = "C"
        INFORMED = "I"

    __table_args__ = constraints(UniqueConstraint("initiative_id", "person_id"))
    initiative_id: int = number_of("initiative")
    person_id: int = number_of("person", index=True)
    part: Part = word(Part)
    read_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class Score(Noun, table=True):
    """One rater's view of an initiative, each figure 1 to 5."""

    __table_args__ = constraints(UniqueConstraint("initiative_id", "rater_id"))
    initiative_id: int = number_of("initiative")
    rater_id: int = number_of("person")
    benefit: int
    cost: int
    effort: int


class Dependency(Noun, table=True):
    """`to` can't begin before `from` is finished, and `lag_days` more; both are initiatives or both are milestones."""

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "thing", "from_id", "to_id"),
        Index("dependency_to", "organisation_id", "thing", "to_id"),
    )
    thing: str
    """`initiative` or `milestone`."""
    from_id: int = Field(sa_type=RowId)
    to_id: int = Field(sa_type=RowId)
    lag_days: int = count()


class Milestone(Noun, table=True):
    """A point with a date and a yes or no: baseline as first agreed, forecast as expected now, actual as accepted."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PLANNED = "planned"
        CLAIMED = "claimed"
        ACHIEVED = "achieved"
        WAIVED = "waived"
        CANCELLED = "cancelled"

    __table_args__ = constraints(
        UniqueConstraint("organisation_id", "code"),
        Index("milestone_by_state", "organisation_id", "state", "forecast_on"),
    )
    code: str
    initiative_id: int = number_of("initiative", index=True)
    phase_id: int | None = number_of("phase", default=None, nullable=True, index=True)
    title: str = personal()
    owner_id: int | None = number_of("person", default=None, nullable=True, index=True)
    baseline_on: date | None = None
    """Set when the charter is approved, or when it is added after that."""
    forecast_on: date
    proposed_on: date | None = None
    """The forecast that a late predecessor pushes it to; its owner confirms it."""
    proposed_because_of: int | None = Field(default=None, sa_type=RowId)
    """The milestone that pushes it."""
    actual_on: date | None = None
    duration_days: int = count()
    state: State = word(State, default=State.PLANNED)
    rebaselined: int = count()
    reason: str = personal(default="")
    """Why the forecast was moved last."""
    evidence: str = personal(default="")
    claimed_on: date | None = None
    accepted_by: int | None = number_of("person", default=None, nullable=True)


class MilestoneAsk(Noun, table=True):
    """Somebody asked how a milestone stands; the owner's answer goes back to them."""

    class Answer(StrEnum):
        """What the owner said."""

        ON_TRACK = "on_track"
        LATE = "late"
        DONE = "done"

    milestone_id: int = number_of("milestone", index=True)
    asked_by: int = number_of("person", index=True)
    owner_id: int = number_of("person")
    asked_at: datetime = at()
    answer: Answer | None = word(Answer, default=None, nullable=True)
    answered_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


async def initiative_coded(tx: Tx, code: str) -> Initiative | None:
    """The initiative with that code, in any case."""
    return await tx.first(select(Initiative).where(Initiative.code == code.upper()))


async def batch_coded(tx: Tx, code: str) -> Batch | None:
    """The batch with that code, in any case."""
    return await tx.first(select(Batch).where(Batch.code == code.upper()))


async def milestone_coded(tx: Tx, code: str) -> Milestone | None:
    """The milestone with that code, in any case."""
    return await tx.first(select(Milestone).where(Milestone.code == code.upper()))


async def charter_of(tx: Tx, initiative_id: int) -> Charter | None:
    """The newest edition of an initiative's charter."""
    return await tx.first(
        select(Charter).where(Charter.initiative_id == initiative_id).order_by(col(Charter.edition).desc())
    )


async def phases_of(tx: Tx, initiative_id: int) -> Sequence[Phase]:
    """An initiative's phases in order."""
    return await tx.all(
        select(Phase).where(Phase.initiative_id == initiative_id).order_by(col(Phase.seq), col(Phase.id))
    )
