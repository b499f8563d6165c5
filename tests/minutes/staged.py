"""The meeting is held once for all tests of a process: every other one is given the same rows and the same messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.tx import SYSTEM
from tests.meeting.hall import Hall, northwater_meets
from tests.minutes import held
from tests.support.fake_chat import FakeChat
from tests.support.field_dispatch import FieldDispatch
from tests.support.loaded import _read, _written


@dataclass(frozen=True, slots=True)
class Scene:
    """How things stood: rows, messages, the clock."""

    rows: Mapping[Table, Sequence[Mapping[str, Any]]]
    chat: FakeChat
    now: datetime
    meeting_id: int


_SCENES: dict[str, Scene] = {}


async def has_met(database: Database) -> Hall:
    """The meeting is over, and nothing has followed yet."""

    async def play(empty: Database) -> Hall:
        return await held.has_met(await northwater_meets(empty))

    return await _at("met", database, play)


async def has_issued(database: Database) -> Hall:
    """Nobody acted, so the minutes went out by schedule."""

    async def play(empty: Database) -> Hall:
        hall = await has_met(empty)
        await hall.until(held.ISSUED)
        return hall

    return await _at("issued", database, play)


async def _at(name: str, database: Database, play: Callable[[Database], Awaitable[Hall]]) -> Hall:
    if name not in _SCENES:
        hall = await play(database)
        async with database.read(SYSTEM) as tx:
            connection = await tx.session.connection()
            rows = await connection.run_sync(_read)
        _SCENES[name] = Scene(rows, deepcopy(hall.house.chat), hall.house.clock.now(), hall.meeting_id)
        return hall
    scene = _SCENES[name]
    async with database.write(SYSTEM) as tx:
        connection = await tx.session.connection()
        await connection.run_sync(_written, scene.rows)
    house = FieldDispatch(database, SimulatedClock(scene.now), deepcopy(scene.chat))
    return Hall(house, meeting_id=scene.meeting_id)
