"""The local platform as the bot sees it: it posts, edits, deletes and finds messages."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.local import posts, rooms
from adapters.local.changes import Changes
from bot.chat.cards import Card
from bot.ports import Clock, Destination, NotSent, Refused
from storage.engine import Database
from storage.errors import DatabaseError
from storage.local import LocalPost, LocalRoom, LocalUser
from storage.tx import SYSTEM, Tx


class LocalChat:
    """`bot.ports.Chat` over the local tables; every change wakes the pages that are open."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.changes = Changes()

    doubt_s = 0.0  # what is posted stands there at once, or never
    messages_per_s = math.inf

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message; one with the same key is there only once, and then shows `card`.

        Raises: Refused, NotSent.
        """
        async with self._writing() as tx:
            room = await _room(tx, to)
            post = LocalPost(room_id=room.id, card=posts.stored(card), at=self.clock.now(), key=key)
            if to.thread_ref:
                post.thread_of = (await _thread(tx, room, to.thread_ref)).id
            kept = await posts.keep(tx, post)
            if kept is not post:
                await self._show(tx, kept, card)
            return str(kept.id)

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message. Raises: Refused when it is gone, NotSent."""
        async with self._writing() as tx:
            post = await _found(tx, await _room(tx, to), ref)
            if post is None:
                raise Refused(f"the local chat has no message {ref} there")
            await self._show(tx, post, card)

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away; its thread stays. Raises: Refused, NotSent."""
        async with self._writing() as tx:
            post = await _found(tx, await _room(tx, to), ref)
            if post is not None:
                post.revision = await posts.next_revision(tx)
                post.deleted = True
                post.key = None  # the same key may be posted anew
                post.card = None

    async def find(self, to: Destination, key: str) -> str | None:  # noqa: ARG002 - keys are unique over all rooms here
        """The reference of the message that was posted with `key`. Raises: NotSent."""
        async with self._plain_errors(), self.database.read(SYSTEM) as tx:
            post = await posts.keyed(tx, key)
            return None if post is None else str(post.id)

    async def keep(self, post: LocalPost) -> LocalPost:
        """Adds a post of anybody's, once per key. Raises: DatabaseError."""
        async with self.database.write(SYSTEM) as tx:
            kept = await posts.keep(tx, post)
        self.changes.wake()
        return kept

    async def replace(self, post_id: int, card: Card) -> LocalPost | None:
        """Puts another card in the place of an immediate reply; None when it is gone. Raises: DatabaseError."""
        async with self.database.write(SYSTEM) as tx:
            post = await tx.session.get(LocalPost, post_id)
            if post is not None:
                await self._show(tx, post, card)
        self.changes.wake()
        return post

    def close(self) -> None:
        """Ends the streams of all pages."""
        self.changes.close()

    async def _show(self, tx: Tx, post: LocalPost, card: Card) -> None:
        stored = posts.stored(card)
        if post.card == stored:
            return
        post.revision = await posts.next_revision(tx)
        post.card = stored
        post.edited_at = self.clock.now()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Tx]:
        async with self._plain_errors(), self.database.write(SYSTEM) as tx:
            yield tx
        self.changes.wake()

    @asynccontextmanager
    async def _plain_errors(self) -> AsyncIterator[None]:
        try:
            yield
        except DatabaseError as problem:
            # A post whose commit was in doubt is found again by its key, so trying again never doubles it.
            raise NotSent(str(problem)) from problem


async def _room(tx: Tx, to: Destination) -> LocalRoom:
    if to.account:
        user = await tx.session.get(LocalUser, to.account)
        if user is None:
            raise Refused(f"the local chat has no user {to.account}", target_gone=True)
        return await rooms.add_direct_room(tx, user)
    room = await tx.session.get(LocalRoom, to.conversation)
    if room is None:
        raise Refused(f"the local chat has no room {to.conversation!r}", target_gone=True)
    return room


async def _thread(tx: Tx, room: LocalRoom, ref: str) -> LocalPost:
    top = await posts.thread_top(tx, room.id, int(ref)) if _is_number(ref) else None
    if top is None:
        raise Refused(f"the local chat has no thread {ref} in {room.id}")
    return top


async def _found(tx: Tx, room: LocalRoom, ref: str) -> LocalPost | None:
    post = await tx.session.get(LocalPost, int(ref)) if _is_number(ref) else None
    return post if post is not None and post.room_id == room.id and not post.deleted else None


def _is_number(ref: str) -> bool:
    return ref.isascii() and ref.isdigit() and len(ref) <= 18  # noqa: PLR2004 - fits 64 bits
