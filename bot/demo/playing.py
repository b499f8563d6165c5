"""Plays Northwater's Monday: everything goes through the same doors as what people do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot.chat.localtime import instant
from bot.demo import council, measured, northwater, work
from bot.dispatch import Dispatcher
from bot.huddles.scene import channel_key
from bot.ports import Action, Clock, Incoming, Sender, Submission, Text
from storage.engine import Database
from storage.huddles import HuddleRun
from storage.local import LocalPost
from storage.messages import message_keyed
from storage.people import departments
from storage.tx import SYSTEM, Tx


class Rooms(Protocol):
    """Where the local chat keeps its users, its channels and who is in them."""

    async def add_user(
        self, tx: Tx, user_id: str, *, name: str, zone: str, title: str = "", team: str = "", seq: int = 0
    ) -> object:
        """Somebody one can act as."""
        ...

    async def add_room(self, tx: Tx, room_id: str, *, name: str, seq: int = 0) -> object:
        """A channel."""
        ...

    async def add_member(self, tx: Tx, room_id: str, user_id: str) -> None:
        """Lets somebody into a channel."""
        ...


@dataclass(frozen=True, slots=True)
class Theatre:
    """The parts of the bot that a play needs."""

    database: Database
    dispatcher: Dispatcher
    clock: Clock
    rooms: Rooms
    move_to: Callable[[datetime], Awaitable[object]]
    """Moves the simulated clock to an instant; everything due until then happens."""
    deliver: Callable[[], Awaitable[object]]
    """Sends what is wanted by now."""
    post: Callable[[LocalPost], Awaitable[object]]
    """Keeps what somebody writes on the local chat."""


async def play(theatre: Theatre) -> None:
    """Writes Northwater's people and plays its Monday; the clock then stands on Tuesday, 09:14 London."""
    async with theatre.database.write(SYSTEM) as tx:
        await _users(tx, theatre.rooms)
        organisation = await northwater.load(tx, theatre.clock.now())
        await work.load(tx)
        await council.load(tx, theatre.clock.now())
        await council.move_in(tx)
        await measured.load(tx)
    async with theatre.database.read(organisation.id) as tx:
        numbers = {each.name: each.id for each in await departments(tx)}
    room, teller, at, text = northwater.TALK
    await theatre.move_to(_monday(at))
    await theatre.post(LocalPost(room_id=room, user_id=teller, text=text, at=theatre.clock.now(), key="talk"))
    for number, moment in enumerate(northwater.moments(numbers)):
        await theatre.move_to(_monday(moment.at))
        await _happens(theatre, organisation.id, moment, f"monday-{number}")
        await theatre.deliver()
    await theatre.move_to(northwater.STANDS_AT)


def _monday(at: time) -> datetime:
    return instant(northwater.MONDAY, at, ZoneInfo(northwater.ZONE))


async def _users(tx: Tx, rooms: Rooms) -> None:
    for seq, each in enumerate(northwater.PEOPLE):
        await rooms.add_user(
            tx, each.account, name=each.name, zone=northwater.ZONE, title=each.title, team=each.group, seq=seq
        )
    members = tuple(each.account for each in northwater.PEOPLE if each.group in {council.NAME, "Leaders"})
    channels = {**northwater.CHANNELS, northwater.COUNCIL_ROOM: members}
    for seq, (name, users) in enumerate(channels.items()):
        await rooms.add_room(tx, name, name=name, seq=seq)
        for user in users:
            await rooms.add_member(tx, name, user)


async def _happens(theatre: Theatre, organisation_id: int, moment: northwater.Moment, key: str) -> None:
    async with theatre.database.read(organisation_id) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == northwater.MONDAY))
        header = None if run is None else await message_keyed(tx, channel_key(run))
    if moment.in_thread:
        top = int(header.platform_ref) if header and header.platform_ref else None
        await theatre.post(_reply(moment, thread_of=top, at=theatre.clock.now(), key=key))
        return
    action: Action = Text(moment.text)
    if moment.values and run is not None:
        action = Submission("huddle.answer", moment.values, {"run": str(run.id)})
    await theatre.dispatcher.handle(
        Incoming(
            platform="local",
            tenant="local",
            event_id=key,
            conversation=f"dm-{moment.account}",
            is_direct=True,
            sender=Sender(moment.account, moment.account.title(), northwater.ZONE),
            action=action,
        )
    )


def _reply(moment: northwater.Moment, *, thread_of: int | None, at: datetime, key: str) -> LocalPost:
    return LocalPost(
        room_id="field-dispatch", user_id=moment.account, text=moment.text, thread_of=thread_of, at=at, key=key
    )
