"""A chat platform over real HTTP that keeps posts by key, and misbehaves when it is told to.

`POST /posts` takes key and words, `PUT /posts/1` words, `DELETE /posts/1` nothing; `GET /posts?key=…` finds.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

DRIP_S = 0.05  # between two bytes of a reply that drips


class Trouble(StrEnum):
    """What it does to one request instead of what it was asked."""

    LIMITED = "429 with Retry-After"
    LIMITED_SILENTLY = "429 without Retry-After"
    BROKEN_BEFORE = "500 before it was applied"
    BROKEN_AFTER = "500 after it was applied"
    HANGS_BEFORE = "a hang before it was applied"
    HANGS_AFTER = "a hang after it was applied"
    DRIPS = "an answer that drips"
    CUT_BEFORE = "a connection cut before it was applied"
    CUT_AFTER = "a connection cut after it was applied"


APPLIED = {Trouble.BROKEN_AFTER, Trouble.HANGS_AFTER, Trouble.DRIPS, Trouble.CUT_AFTER}
LIMITS = {Trouble.LIMITED, Trouble.LIMITED_SILENTLY}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: dict[str, str]
    sender: str
    """Its User-Agent."""


@dataclass(slots=True)
class FarPlatform:
    """What stands there, what it was asked, and what it is going to do wrong."""

    posts: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Key and words of each message, by its number."""
    asked: list[Asked] = field(default_factory=list)
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    """Method and what goes wrong; each is for one request, the first of its method."""
    misbehaved: int = 0
    """How many requests something went wrong with."""
    retry_after: str = "1"
    may_look: bool = True
    hook: Callable[[Asked], None] | None = None
    """Runs when a request has arrived, before it is applied."""
    port: int = 0
    _server: asyncio.Server | None = None
    _number: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def standing(self, key: str) -> int:
        """How often a message stands there."""
        return sum(1 for each, _ in self.posts.values() if each == key)

    async def open(self) -> None:
        """Takes connections, again on the port it had."""
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuses connections, and ends those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _read(reader)) is not None:
                self.asked.append(asked)
                if self.hook is not None:
                    self.hook(asked)
                if not await self._answer(asked, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        trouble = self._trouble(asked.method)
        if trouble in LIMITS:
            _write(writer, 429, {}, self.retry_after if trouble is Trouble.LIMITED else "")
            return True
        status, body = (500, {}) if trouble and trouble not in APPLIED else self._apply(asked)
        match trouble:
            case Trouble.BROKEN_BEFORE | Trouble.BROKEN_AFTER:
                _write(writer, 500, {})
            case Trouble.HANGS_BEFORE | Trouble.HANGS_AFTER:
                await asyncio.sleep(60)
            case Trouble.DRIPS:
                await _drip(writer, status, body)
            case Trouble.CUT_BEFORE | Trouble.CUT_AFTER:
                return False
            case _:
                _write(writer, status, body)
        return True

    def _apply(self, asked: Asked) -> tuple[int, object]:
        target = urlsplit(asked.path)
        number = int(target.path.rpartition("/")[2]) if target.path[-1].isdigit() else 0
        match asked.method:
            case "POST":
                self._number += 1
                self.posts[self._number] = asked.body["key"], asked.body["words"]
                return 201, {"id": self._number}
            case "PUT" if number in self.posts:
                self.posts[number] = self.posts[number][0], asked.body["words"]
                return 200, {"id": number}
            case "DELETE":
                self.posts.pop(number, None)
                return 204, {}
            case "GET" if self.may_look:
                (wanted,) = parse_qs(target.query)["key"]
                return 200, {"ids": [each for each, (key, _) in self.posts.items() if key == wanted]}
            case _:
                return 404, {}

    def _trouble(self, method: str) -> Trouble | None:
        for number, (of, trouble) in enumerate(self.troubles):
            if of == method:
                del self.troubles[number]
                self.misbehaved += 1
                return trouble
        return None


@asynccontextmanager
async def a_platform() -> AsyncIterator[FarPlatform]:
    """One that runs while the block does."""
    platform = FarPlatform()
    await platform.open()
    try:
        yield platform
    finally:
        await platform.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request; None where the other side has gone."""
    first = (await reader.readline()).decode().split()
    if not first:
        return None
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(first[0], first[1], json.loads(body or "{}"), headers.get("user-agent", ""))


def _bytes(status: int, body: object, retry_after: str = "") -> bytes:
    text = b"" if status == 204 else json.dumps(body).encode()
    wait = f"Retry-After: {retry_after}\r\n" if retry_after else ""
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n{wait}\r\n".encode() + text


def _write(writer: asyncio.StreamWriter, status: int, body: object, retry_after: str = "") -> None:
    writer.write(_bytes(status, body, retry_after))


async def _drip(writer: asyncio.StreamWriter, status: int, body: object) -> None:
    for byte in _bytes(status, body):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(DRIP_S)
