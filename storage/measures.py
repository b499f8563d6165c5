"""Customer numbers: what is counted and why, what was read in which period, and which of them pull apart."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, Numeric, false, func, true
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.columns import Document, Noun, RowId, constraints, number_of, personal, word
from storage.people import Department
from storage.teams import Team
from storage.tx import Tx

_EMPTY = {"server_default": ""}


class Measure(Noun, table=True):
    """A number that a team, a department or the whole organisation watches. Source: domain.md 2.2."""

    class Unit(StrEnum):
        """How its value is written."""

        PERCENT = "percent"
        NUMBER = "number"
        SECONDS = "seconds"
        MINUTES = "minutes"
        HOURS = "hours"
        DAYS = "days"
        GBP = "gbp"
        EUR = "eur"
        USD = "usd"

    class Kind(StrEnum):
        """What it is a number of."""

        NPS = "nps"
        CSAT = "csat"
        CES = "ces"
        RATE = "rate"
        DURATION = "duration"
        COUNT = "count"
        MONEY = "money"
        INDEX = "index"

    class Better(StrEnum):
        """In which direction it should go."""

        UP = "up"
        DOWN = "down"

    class Frequency(StrEnum):
        """How long a period is."""

        DAILY = "daily"
        WEEKLY = "weekly"
        MONTHLY = "monthly"
        QUARTERLY = "quarterly"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    name: str
    unit: Unit = word(Unit, default=Unit.PERCENT)
    owner_id: int | None = number_of("person", default=None, nullable=True)
    team_id: int | None = number_of("team", default=None, nullable=True)
    kind: Kind = word(Kind, default=Kind.RATE, sa_column_kwargs={"server_default": "rate"})
    question: str = Field(default="", sa_column_kwargs=_EMPTY)
    """As customers read it; what a count counts."""
    scale_min: int | None = None
    scale_max: int | None = None
    top_from: int | None = None
    """The lowest answer that counts as a good one."""
    department_id: int | None = Field(default=None, sa_type=RowId)
    objective_id: int | None = Field(default=None, sa_type=RowId)
    pair_id: int | None = Field(default=None, sa_type=RowId)
    """The hard measure beside which a soft one is read. None of the three has a foreign key: they came later."""
    financial_outcome: str = Field(default="", sa_column_kwargs=_EMPTY)
    target: Decimal | None = Field(default=None, sa_type=Numeric(14, 4), nullable=True)
    amber_at: Decimal | None = Field(default=None, sa_type=Numeric(14, 4), nullable=True)
    """Up to where a value that misses the target is amber rather than red."""
    better: Better = word(Better, default=Better.UP, sa_column_kwargs={"server_default": "up"})
    frequency: Frequency = word(Frequency, default=Frequency.DAILY, sa_column_kwargs={"server_default": "daily"})
    headline: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether the council sees it each time."""
    hard: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether it counts behaviour or money rather than opinion. Source: domain.md S4-11."""


class Reading(Noun, table=True):
    """A value for one period; it is never edited, a correction supersedes it and says why."""

    __table_args__ = constraints(Index("reading_newest", "measure_id", "period_on"))
    measure_id: int = number_of("measure", index=True)
    period_on: date
    """The last day of the period."""
    value: Decimal = Field(sa_type=Numeric(14, 4))
    superseded_by: int | None = number_of("reading", default=None, nullable=True)
    from_on: date | None = None
    """The first day of the period; None: it is one day long."""
    n: int | None = None
    """How many answers or cases it rests on; None: nobody said."""
    parts: dict[str, int] | None = Field(default=None, sa_type=Document, nullable=True)
    """What it was worked out from: `promoters`, `passives`, `detractors`; `met`, `all`; or answers by their number."""
    reason: str = Field(default="", sa_column_kwargs={"server_default": "", "info": {"personal": True}})
    """Why it took the place of another one."""


class MeasureConflict(Noun, table=True):
    """Two measures that pull people apart; open until a decision closes it. Source: domain.md S2-02."""

    class State(StrEnum):
        """Whether it still has to be talked about."""

        OPEN = "open"
        CLOSED = "closed"

    one_id: int = number_of("measure", index=True)
    other_id: int = number_of("measure", index=True)
    why: str = personal()
    raised_by: int = number_of("person")
    raised_on: date
    state: State = word(State, default=State.OPEN)
    decision_id: int | None = Field(default=None, sa_type=RowId)
    """What closed it; no foreign key, because decisions came later."""


async def measure_coded(tx: Tx, code: str) -> Measure | None:
    """The measure with that code or name, in any case."""
    wanted = code.strip().casefold()
    return next((m for m in await measures(tx) if wanted in (m.code.casefold(), m.name.casefold())), None)


async def measures(tx: Tx) -> Sequence[Measure]:
    """Every measure by code."""
    return await tx.all(select(Measure).order_by(col(Measure.code)))


async def headline_measures(tx: Tx) -> Sequence[Measure]:
    """The measures that the council sees each time, by code."""
    return await tx.all(select(Measure).where(col(Measure.headline).is_(True)).order_by(col(Measure.code)))


async def hold(tx: Tx, measure: Measure) -> None:
    """Until this transaction ends, nobody else records or changes a measure: who comes second sees it."""
    await tx.first(select(Measure.id).where(Measure.id == measure.id).with_for_update(key_share=True))
    await tx.session.refresh(measure)


async def readings(tx: Tx, measure_id: int, until: date, limit: int = 2) -> Sequence[Reading]:
    """The newest readings in force for days up to `until`, newest day first."""
    return await tx.all(
        select(Reading)
        .where(Reading.measure_id == measure_id, col(Reading.period_on) <= until, col(Reading.superseded_by).is_(None))
        .order_by(col(Reading.period_on).desc(), col(Reading.id).desc())
        .limit(limit)
    )


async def readings_of_period(tx: Tx, measure_id: int, first: date, last: date) -> Sequence[Reading]:
    """What stands for one period, newest first: one, unless two were recorded before that was looked for."""
    began = func.coalesce(col(Reading.from_on), col(Reading.period_on))
    in_force = (Reading.measure_id == measure_id, col(Reading.superseded_by).is_(None))
    query = select(Reading).where(*in_force, col(Reading.period_on) == last, began == first)
    return await tx.all(query.order_by(col(Reading.id).desc()))


async def corrected(tx: Tx, measure_id: int, most: int) -> Sequence[tuple[Reading, Reading]]:
    """Readings that another one took the place of, with that one, the newest correction first."""
    old = await tx.all(
        select(Reading)
        .where(Reading.measure_id == measure_id, col(Reading.superseded_by).is_not(None))
        .order_by(col(Reading.superseded_by).desc(), col(Reading.id).desc())
        .limit(most)
    )
    numbers = {each.superseded_by for each in old}
    new = {each.id: each for each in await tx.all(select(Reading).where(col(Reading.id).in_(numbers)))} if old else {}
    return [(each, new[each.superseded_by]) for each in old if each.superseded_by in new]


async def newest_readings(
    tx: Tx, measure_ids: Collection[int], until: date, *, most: int = 2
) -> Mapping[int, Sequence[Reading]]:
    """The newest readings of some measures in periods that have begun by a day, newest first: one question for all."""
    if not measure_ids:
        return {}
    newest_first = (col(Reading.period_on).desc(), col(Reading.id).desc())
    place = func.row_number().over(partition_by=col(Reading.measure_id), order_by=newest_first).label("place")
    in_force = (col(Reading.measure_id).in_(measure_ids), col(Reading.superseded_by).is_(None))
    has_begun = func.coalesce(col(Reading.from_on), col(Reading.period_on)) <= until
    ranked = select(col(Reading.id).label("number"), place).where(*in_force, has_begun).subquery()
    chosen = select(ranked.c.number).where(ranked.c.place <= most)
    found: dict[int, list[Reading]] = {}
    for each in await tx.all(select(Reading).where(col(Reading.id).in_(chosen)).order_by(*newest_first)):
        found.setdefault(each.measure_id, []).append(each)
    return found


async def departments_of(tx: Tx) -> Mapping[int, int]:
    """The department of each measure that has one: its own, or else its team's."""
    own = func.coalesce(col(Measure.department_id), col(Team.department_id))
    joined = select(col(Measure.id), own).outerjoin(Team, col(Team.id) == Measure.team_id)
    return dict(await tx.columns(joined.where(own.is_not(None))))


async def unmeasured(tx: Tx) -> Sequence[Department]:
    """The departments along the customer's journey that no measure belongs to, in its order."""
    own = func.coalesce(col(Measure.department_id), col(Team.department_id))
    measured = select(own).select_from(Measure).outerjoin(Team, col(Team.id) == Measure.team_id).where(own.is_not(None))
    without = select(Department).where(col(Department.seq) > 0, col(Department.id).not_in(measured))
    return await tx.all(without.order_by(col(Department.seq), col(Department.id)))


async def open_conflicts(tx: Tx) -> Sequence[MeasureConflict]:
    """What is still to be settled, oldest first."""
    is_open = col(MeasureConflict.state) == MeasureConflict.State.OPEN
    return await tx.all(select(MeasureConflict).where(is_open).order_by(col(MeasureConflict.id)))


async def open_conflict_of(tx: Tx, one_id: int, other_id: int) -> MeasureConflict | None:
    """The open conflict of two measures, whichever was named first."""
    either = or_(
        and_(col(MeasureConflict.one_id) == one_id, col(MeasureConflict.other_id) == other_id),
        and_(col(MeasureConflict.one_id) == other_id, col(MeasureConflict.other_id) == one_id),
    )
    is_open = col(MeasureConflict.state) == MeasureConflict.State.OPEN
    return await tx.first(select(MeasureConflict).where(either, is_open).order_by(col(MeasureConflict.id)))


def close_conflict(conflict: MeasureConflict, decision_id: int) -> None:
    """A decision settles it."""
    conflict.state = MeasureConflict.State.CLOSED
    conflict.decision_id = decision_id
