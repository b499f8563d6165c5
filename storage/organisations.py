"""Organisations, where they are installed, and the codes they hand out."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import true, update
from sqlmodel import Field, SQLModel, UniqueConstraint, col, exists, select

from storage.columns import Noun, Row, RowId, at, constraints
from storage.tx import Tx

QUIET_FROM, QUIET_TO = time(18, 30), time(7, 30)
MESSAGES_A_DAY = 6


class Organisation(SQLModel, table=True):
    """One utility, one company: the wall behind which people, teams and codes live."""

    id: int = Field(default=None, primary_key=True, sa_type=RowId)
    name: str
    zone: str
    calendar: str = ""
    """Holidays, as `GB-ENG`: a country and a part of it; empty means none."""
    gamification: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether summaries tell of streaks at all."""
    created_at: datetime = at()
    quiet_from: time = Field(default=QUIET_FROM, sa_column_kwargs={"server_default": "18:30:00"})
    """When the evening begins on a person's clock, and with it their quiet hours; Source: domain.md 2.2."""
    quiet_to: time = Field(default=QUIET_TO, sa_column_kwargs={"server_default": "07:30:00"})
    messages_a_day: int = Field(default=MESSAGES_A_DAY, sa_column_kwargs={"server_default": "6"})
    """Direct messages that a person gets in a day besides answers; Source: domain.md 3.5."""


class Install(Noun, table=True):
    """A Slack workspace, a Teams tenant, the local chat: each belongs to one organisation."""

    __table_args__ = constraints(UniqueConstraint("platform", "external_id"))
    platform: str
    external_id: str
    name: str


class Counter(Row, table=True):
    """The newest number of each kind of code."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "prefix"))
    prefix: str
    newest: int = 0


def zone_of(organisation: Organisation) -> ZoneInfo:
    """The organisation's own time zone."""
    return ZoneInfo(organisation.zone)


async def organisation_of(tx: Tx) -> Organisation:
    """The organisation that `tx` is bound to."""
    organisation = await tx.session.get_one(Organisation, tx.organisation_id)
    tx.hold(organisation)  # asked for once in a transaction
    return organisation


async def the_only_one_without(tx: Tx, platform: str) -> int | None:
    """The one organisation there is, where it is not on a platform yet: whoever connects that means this one."""
    is_there = exists().where(col(Install.organisation_id) == col(Organisation.id), col(Install.platform) == platform)
    everybody = (await tx.session.scalars(select(Organisation.id).limit(2))).all()
    free = (await tx.session.scalars(select(Organisation.id).where(~is_there).limit(2))).all()
    return free[0] if len(everybody) == len(free) == 1 else None


async def next_code(tx: Tx, prefix: str) -> str:
    """The next code of a kind, as `B-7`; a number is never given twice, also after an undo."""
    counted = update(Counter).where(col(Counter.prefix) == prefix).values(newest=Counter.newest + 1)
    newest = await tx.session.scalar(counted.returning(col(Counter.newest)))
    if newest is None:
        tx.add(Counter(prefix=prefix, newest=1))
        await tx.flush()
        newest = 1
    return f"{prefix}-{newest}"
