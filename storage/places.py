"""Places on a platform where a message can stand."""

from enum import StrEnum

from sqlmodel import UniqueConstraint, select

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


async def place_of(tx: Tx, install: Install, external_id: str) -> Place | None:
    """The place of that name on a platform, where the bot knows it."""
    return await tx.first(select(Place).where(Place.install_id == install.id, Place.external_id == external_id))
