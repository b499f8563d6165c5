"""Places on a platform where a message can stand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, true, update
from sqlmodel import Field, UniqueConstraint, col, select

from storage.cadences import plan_room
from storage.columns import Noun, constraints, number_of, word
from storage.organisations import Install
from storage.tx import Tx


class Place(Noun, table=True):
    """A channel, a group chat or a person's direct messages with the bot."""

    class Kind(StrEnum):
        """How public it is."""

        CHANNEL = "channel"
        GROUP = "group"
        DIRECT = "direct"

    __table_args__ = constraints(UniqueConstraint("install_id", "external_id"))
    install_id: int = number_of("install")
    external_id: str
    name: str
    kind: Kind = word(Kind, default=Kind.CHANNEL)
    is_open: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether the bot may write there, as far as it knows."""


async def place_of(tx: Tx, install: Install, external_id: str) -> Place | None:
    """The place of that name on a platform, where the bot knows it."""
    return await tx.first(select(Place).where(Place.install_id == install.id, Place.external_id == external_id))


async def found_open(tx: Tx, places: ColumnElement[bool], now: datetime, *, is_open: bool) -> None:
    """Keeps whether the bot may write in some places; where that is news, the teams of that place are told."""
    others = col(Place.is_open).is_not(is_open)
    changed = await tx.all(select(col(Place.id)).where(places, others, Place.kind != Place.Kind.DIRECT))
    for place_id in changed:
        if await tx.changed(update(Place).where(col(Place.id) == place_id, others).values(is_open=is_open)):
            await plan_room(tx, place_id, now)
