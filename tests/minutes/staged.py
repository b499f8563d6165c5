"""The meeting is held once for all tests of a process."""

from storage.engine import Database
from tests.meeting.hall import Hall, northwater_meets
from tests.minutes import held
from tests.support.staged import staged


async def has_met(database: Database) -> Hall:
    """The meeting is over, and nothing has followed yet."""

    async def play(empty: Database) -> Hall:
        return await held.has_met(await northwater_meets(empty))

    return await staged("the council has met", database, play)


async def has_issued(database: Database) -> Hall:
    """Nobody acted, so the minutes went out by schedule."""

    async def play(empty: Database) -> Hall:
        hall = await has_met(empty)
        await hall.until(held.ISSUED)
        return hall

    return await staged("the minutes are issued", database, play)
