"""Organisations, where they are installed, and the codes they hand out."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Field, SQLModel, UniqueConstraint, col, exists, select

from storage.columns import Noun, Row, RowId, at, constraints
from storage.tx import Tx


class Organisation(SQLModel, table=True):
    """One utility, one company: the wall behind which people, teams and codes live."""

    id: int = Field(default=None, primary_key=True, sa_type=RowId)
    name: str
    zone: str
    calendar: str = ""
    """Holidays, as `GB-ENG`: a country and a part of it; empty means none."""
    created_at: datetime = at()


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
    return await tx.session.get_one(Organisation, tx.organisation_id)  # asked for once in a transaction


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
