"""Messages and steps of somebody who turned out to be somebody else: nobody is asked twice, and what stands is kept."""

from collections.abc import Mapping, Sequence

from sqlalchemy import update
from sqlmodel import col, or_, select

from storage.cadences import Occurrence
from storage.messages import Message, ids_of, ids_text, message_keyed
from storage.quiet import digest_key
from storage.tx import Tx

NAMES = ("helper", "lead", "owner", "person")
"""How views call a person among their ids."""
WAITS = (Message.State.READY, Message.State.HELD)
LOOKED_FOR = (Message.State.SENDING, Message.State.UNKNOWN)
"""What is perhaps looked for on its platform, by the key that it was sent with."""


async def join(tx: Tx, old: int, new: int, *, days: Mapping[int, int], steps: Sequence[str]) -> None:
    """Whatever was for, or about, the one is for, or about, the other. `days` take over other days' digests."""
    for gone, stays in days.items():
        await tx.run(update(Message).where(col(Message.day_id) == gone).values(day_id=stays))
        await _digest(tx, gone, stays)
    await _keys(tx, old, new)
    await tx.run(update(Message).where(col(Message.person_id) == new).values(person_id=old))
    await _ids(tx, old, new)
    theirs = (col(Occurrence.kind).in_(steps), col(Occurrence.subject_id) == new)
    planned = col(Occurrence.state) == Occurrence.State.PLANNED
    await tx.run(update(Occurrence).where(*theirs, planned).values(subject_id=old))


async def _digest(tx: Tx, gone: int, stays: int) -> None:
    """One digest a day: the other one is not sent; where it stands already, it shows what both would."""
    theirs = await message_keyed(tx, digest_key(gone))
    if theirs is None:
        return
    if await message_keyed(tx, digest_key(stays)) is None:
        theirs.key = digest_key(stays)
    elif theirs.state in WAITS:
        _drop(theirs)
    theirs.ids = ids_text({"day": stays})
    await tx.flush()


async def _keys(tx: Tx, old: int, new: int) -> None:
    """A question to one person has a key that ends with their number: by it they are found, and asked once."""
    theirs = await tx.all(
        select(Message)
        .where(Message.person_id == new, col(Message.key).like(f"%:{new}"), col(Message.state).not_in(LOOKED_FOR))
        .order_by(col(Message.id))
        .execution_options(populate_existing=True)
    )
    for message in theirs:
        before, key = message.key, f"{message.key.removesuffix(f':{new}')}:{old}"
        other = await tx.first(select(Message).where(Message.key == key).execution_options(populate_existing=True))
        if other is not None and not _gives_way(other, message):
            if _gives_way(message, other):
                _drop(message)
            continue
        if other is not None:
            other.key = f"{other.key}:{other.id}"
            if other.state in WAITS:
                _drop(other)
            await tx.flush()
        message.key = key
        await tx.flush()
        await tx.run(update(Message).where(col(Message.thread) == before).values(thread=key))


def _gives_way(one: Message, other: Message) -> bool:
    """Whether `one` need not be sent, or was not, while the other one stands there or is on its way."""
    is_gone = one.state is Message.State.CANCELLED
    waits = one.state in WAITS and one.platform_ref is None
    return (is_gone or waits) and other.state is not Message.State.CANCELLED


def _drop(message: Message) -> None:
    message.state, message.error = Message.State.CANCELLED, "asked in another account"


async def _ids(tx: Tx, old: int, new: int) -> None:
    """Views that are about a person, whoever reads them."""
    about = or_(*(col(Message.ids).like(f'%"{name}":{new}%') for name in NAMES))
    for message in await tx.all(select(Message).where(about).execution_options(populate_existing=True)):
        ids = {name: old if name in NAMES and number == new else number for name, number in ids_of(message).items()}
        message.ids = ids_text(ids)
    await tx.flush()
