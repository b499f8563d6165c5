"""What stands in the database while a platform is looked at."""

from collections.abc import Sequence

from sqlmodel import col, func, select

from storage.customers import VocItem
from storage.events import EventSeen
from storage.people import Person
from storage.tx import SYSTEM
from tests.conformance.screens import Platform


async def notes(platform: Platform) -> Sequence[str]:
    """The words of every note, oldest first."""
    async with platform.house.database.read(SYSTEM) as tx:
        return await tx.all(select(col(VocItem.words)).order_by(col(VocItem.id)))


async def events(platform: Platform) -> int:
    """How many events were handled."""
    async with platform.house.database.read(SYSTEM) as tx:
        return await tx.session.scalar(select(func.count()).select_from(EventSeen)) or 0


async def people(platform: Platform) -> Sequence[str]:
    """Who is known and active, by name."""
    async with platform.house.database.read(SYSTEM) as tx:
        return await tx.all(select(col(Person.name)).where(col(Person.active).is_(True)).order_by(col(Person.name)))
