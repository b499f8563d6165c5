"""The far platform as the bot sees it: a chat as small as an adapter over `adapters.wire` can be."""

import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from adapters.wire import Wire, a_wire
from bot.chat.cards import Card
from bot.ports import CannotLook, Destination
from tests.support.reading import words_of


@dataclass(slots=True)
class WiredChat:
    """`bot.ports.Chat`; `name` is the User-Agent by which the platform tells workers apart."""

    wire: Wire
    name: str = "worker"
    may_look: bool = True
    doubt_s: float = 0
    messages_per_s: float = math.inf

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        return str((await self._call("POST", "/posts", {"key": key, "words": words_of(card)}))["id"])

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message."""
        await self._call("PUT", f"/posts/{ref}", {"words": words_of(card)})

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away."""
        await self._call("DELETE", f"/posts/{ref}")

    async def find(self, to: Destination, key: str) -> str | None:
        """Looks for a message."""
        if not self.may_look:
            raise CannotLook("this platform does not let anybody look")
        found = (await self._call("GET", f"/posts?{urlencode({'key': key})}"))["ids"]
        return str(found[0]) if found else None

    async def _call(self, method: str, path: str, body: object = None) -> dict[str, list[int]]:
        reply = await self.wire.call(method, path, json=body, headers={"User-Agent": self.name})
        return dict(json.loads(reply.body or b"{}"))


@asynccontextmanager
async def a_wired_chat(
    url: str, *, name: str = "worker", may_look: bool = True, timeout_s: float = 5
) -> AsyncIterator[WiredChat]:
    """One that is connected while the block runs."""
    async with a_wire("far", url, timeout_s=timeout_s) as wire:
        yield WiredChat(wire, name, may_look)
