"""Between a program and its PostgreSQL server: it cuts a connection in the middle of a COMMIT."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from sqlalchemy import Connection, Engine, event, make_url

MARK = "a transaction that wrote is about to commit"


class Cut(StrEnum):
    """When the connection is cut."""

    BEFORE = "cut before COMMIT reaches the server"
    AFTER = "cut after COMMIT, before the bot hears of it"


@dataclass(slots=True)
class CuttingProxy:
    """Cuts once, at the `left`th commit of a transaction that wrote."""

    host: str
    server_port: int
    cut: Cut = Cut.BEFORE
    left: int = 0
    port: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    def arm(self, cut: Cut, number: int) -> None:
        """From here on commits count."""
        self.cut, self.left = cut, number

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody connects."""
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def close(self) -> None:
        """Ends every connection."""
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self.host, self.server_port)
        unheard = asyncio.Event()
        ways = [
            asyncio.create_task(self._asks(reader, to_server, unheard)),
            asyncio.create_task(_answers(from_server, writer, unheard)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            to_server.close()

    async def _asks(
        self, reader: asyncio.StreamReader, to_server: asyncio.StreamWriter, unheard: asyncio.Event
    ) -> None:
        is_doomed = False
        while asked := await reader.read(1 << 16):
            if is_doomed and b"COMMIT" in asked:
                if self.cut is Cut.BEFORE:
                    return
                unheard.set()
            if MARK.encode() in asked:
                self.left -= 1
                is_doomed = self.left == 0
            to_server.write(asked)
            await to_server.drain()


async def _answers(from_server: asyncio.StreamReader, writer: asyncio.StreamWriter, unheard: asyncio.Event) -> None:
    while (answer := await from_server.read(1 << 16)) and not unheard.is_set():
        writer.write(answer)
        await writer.drain()


@asynccontextmanager
async def a_proxy(server_url: str) -> AsyncIterator[tuple[CuttingProxy, str]]:
    """The proxy, and the address of the same database through it."""
    url = make_url(server_url)
    proxy = CuttingProxy(url.host or "127.0.0.1", url.port or 5432)
    server = await asyncio.start_server(proxy.begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with _commits_are_marked():
            yield proxy, url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        server.close()
        await proxy.close()


@contextmanager
def _commits_are_marked() -> Iterator[None]:
    numbers = count()

    def mark(connection: Connection) -> None:
        if connection.get_execution_options().get("folkmoot_writes"):
            # Never the same twice: a statement that the server knows goes out without its words.
            connection.exec_driver_sql(f"SELECT '{MARK} {next(numbers)}'")

    event.listen(Engine, "commit", mark)
    try:
        yield
    finally:
        event.remove(Engine, "commit", mark)
