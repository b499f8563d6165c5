"""Who there is on the local platform, its channels, and who is in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select

from storage.local import LocalMember, LocalRoom, LocalUser
from storage.organisations import Install
from storage.people import Account
from storage.tx import Tx

PLATFORM = "local"


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody in a room they may be in."""

    user: LocalUser
    room: LocalRoom

    @property
    def is_direct(self) -> bool:
        """Whether only this person and the bot see the room."""
        return self.room.direct_user_id is not None


def direct_room_id(user_id: str) -> str:
    """The room of a person's direct messages with the bot."""
    return f"dm-{user_id}"


async def accounts(tx: Tx, people: Collection[int]) -> dict[int, str]:
    """The users whom some people are here, by their numbers."""
    if not people:
        return {}
    query = (
        select(col(Account.person_id), col(Account.external_id))
        .join(Install, col(Install.id) == Account.install_id)
        .where(Install.platform == PLATFORM, col(Account.person_id).in_(people))
    )
    found: Sequence[tuple[int, str]] = await tx.columns(query)
    return dict(found)


async def add_user(
    tx: Tx, user_id: str, *, name: str, zone: str, title: str = "", team: str = "", seq: int = 0
) -> LocalUser:
    """Somebody one can act as, with their direct messages; one who is there already gets these facts."""
    facts = LocalUser(id=user_id, name=name, zone=zone, title=title, team=team, seq=seq)
    user = await tx.session.merge(facts)
    await tx.flush()
    await add_direct_room(tx, user)
    return user


async def add_room(tx: Tx, room_id: str, *, name: str, seq: int = 0) -> LocalRoom:
    """A channel; one that is there already gets this name and place in the list."""
    room = await tx.session.merge(LocalRoom(id=room_id, name=name, seq=seq))
    await tx.flush()
    return room


async def add_member(tx: Tx, room_id: str, user_id: str) -> None:
    """Lets somebody into a room; nothing happens where they are in it."""
    if await tx.session.get(LocalMember, (room_id, user_id)) is None:
        tx.session.add(LocalMember(room_id=room_id, user_id=user_id))
        await tx.flush()


async def add_direct_room(tx: Tx, user: LocalUser) -> LocalRoom:
    """A person's direct messages with the bot, made where they are missing."""
    room_id = direct_room_id(user.id)
    room = await tx.session.get(LocalRoom, room_id)
    if room is None:
        room = LocalRoom(id=room_id, name="Folkmoot", direct_user_id=user.id)
        tx.session.add(room)
        await tx.flush()
        await add_member(tx, room_id, user.id)
    return room


async def users(tx: Tx) -> Sequence[LocalUser]:
    """Everybody, in the order of the list."""
    return (await tx.session.scalars(select(LocalUser).order_by(col(LocalUser.seq), col(LocalUser.id)))).all()


async def channels_of(tx: Tx, user_id: str) -> Sequence[LocalRoom]:
    """The channels somebody is in, in the order of the list."""
    query = (
        select(LocalRoom)
        .join(LocalMember, col(LocalMember.room_id) == LocalRoom.id)
        .where(LocalMember.user_id == user_id, col(LocalRoom.direct_user_id).is_(None))
        .order_by(col(LocalRoom.seq), col(LocalRoom.id))
    )
    return (await tx.session.scalars(query)).all()


async def members_of(tx: Tx, room_id: str) -> Sequence[LocalUser]:
    """Who is in a room, in the order of the list."""
    query = (
        select(LocalUser)
        .join(LocalMember, col(LocalMember.user_id) == LocalUser.id)
        .where(LocalMember.room_id == room_id)
        .order_by(col(LocalUser.seq), col(LocalUser.id))
    )
    return (await tx.session.scalars(query)).all()


async def standing(tx: Tx, user_id: str, room_id: str) -> Standing | None:
    """Somebody in a room; None where there is no such person or room, or they are not in it."""
    user = await tx.session.get(LocalUser, user_id)
    room = await tx.session.get(LocalRoom, room_id)
    if user is None or room is None or await tx.session.get(LocalMember, (room_id, user_id)) is None:
        return None
    return Standing(user, room)


async def reads(tx: Tx) -> int:
    """A number that grows whenever somebody has read on."""
    return await tx.session.scalar(select(func.sum(LocalMember.read_post_id))) or 0


async def mark_read(tx: Tx, room_id: str, user_id: str, *, upto: int) -> bool:
    """Somebody has read a room up to a post; says whether that is news. A mark never moves back."""
    member = await tx.session.get(LocalMember, (room_id, user_id))
    if member is None or member.read_post_id >= upto:
        return False
    member.read_post_id = upto
    return True
