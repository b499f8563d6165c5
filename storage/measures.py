"""Customer numbers: what is counted, and what was read on which day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Numeric
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Noun, constraints, number_of, word
from storage.tx import Tx


class Measure(Noun, table=True):
    """A number that a team watches."""

    class Unit(StrEnum):
        """How its value is written."""

        PERCENT = "percent"
        NUMBER = "number"
        SECONDS = "seconds"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    name: str
    unit: Unit = word(Unit, default=Unit.PERCENT)
    owner_id: int | None = number_of("person", default=None, nullable=True)
    team_id: int | None = number_of("team", default=None, nullable=True)


class Reading(Noun, table=True):
    """A value for one day; it is never edited, a correction supersedes it."""

    measure_id: int = number_of("measure", index=True)
    period_on: date
    value: Decimal = Field(sa_type=Numeric(14, 4))
    superseded_by: int | None = number_of("reading", default=None, nullable=True)


async def measure_coded(tx: Tx, code: str) -> Measure | None:
    """The measure with that code or name, in any case."""
    wanted = code.strip().casefold()
    return next((m for m in await measures(tx) if wanted in (m.code.casefold(), m.name.casefold())), None)


async def measures(tx: Tx) -> Sequence[Measure]:
    """Every measure by code."""
    return await tx.all(select(Measure).order_by(col(Measure.code)))


async def readings(tx: Tx, measure_id: int, until: date, limit: int = 2) -> Sequence[Reading]:
    """The newest readings in force for days up to `until`, newest day first."""
    return await tx.all(
        select(Reading)
        .where(Reading.measure_id == measure_id, col(Reading.period_on) <= until, col(Reading.superseded_by).is_(None))
        .order_by(col(Reading.period_on).desc(), col(Reading.id).desc())
        .limit(limit)
    )
