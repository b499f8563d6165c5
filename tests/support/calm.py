"""Field Dispatch without its rhythms: nobody is asked on the days that go by, which takes a fraction of the time."""

from datetime import datetime

from sqlalchemy import update

from storage.cadences import Cadence
from storage.engine import Database
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop


async def calm_from(database: Database, at: datetime) -> Workshop:
    """For what has no part in a huddle and no questions to it."""

    async def play(empty: Database) -> Workshop:
        shop = Workshop(await field_dispatch(empty, at))
        await stop_rhythms(empty)
        return shop

    return await staged(f"calm from {at}", database, play)


async def stop_rhythms(database: Database) -> None:
    """Nobody is asked any more from here on."""
    async with database.write(NORTHWATER) as tx:
        await tx.run(update(Cadence).values(next_at=None, next_slot=None))
