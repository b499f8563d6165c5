"""What takes long to play is played once in a process; every other test that begins there finds it as it was left."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, cast

from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.support.fake_chat import FakeChat
from tests.support.field_dispatch import FieldDispatch
from tests.support.loaded import made_once
from tests.support.workshop import Workshop

S = TypeVar("S", bound=Workshop)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is not in the database: the messages that stand, the time, and what the shop itself knows."""

    shop: Workshop
    chat: FakeChat
    now: datetime


_SCENES: dict[str, Scene] = {}


async def staged(name: str, database: Database, play: Callable[[Database], Awaitable[S]]) -> S:
    """What `play` makes of an empty database; its messages are each test's own."""
    played: list[S] = []

    async def first() -> None:
        shop = await play(database)
        played.append(shop)
        _SCENES[name] = Scene(shop, shop.house.chat.copy(), shop.house.clock.now())

    await made_once(database, name, first)
    if played:
        return played[0]
    scene = _SCENES[name]
    house = FieldDispatch(database, SimulatedClock(scene.now), scene.chat.copy())
    return cast("S", replace(scene.shop, house=house))
