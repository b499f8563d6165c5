"""A database server that takes connections and never says a word, as behind a broken network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """The address of one that is there while the block runs; at its end it hangs up."""
    connected: list[asyncio.StreamWriter] = []

    async def keep(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer)

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    try:
        yield f"postgresql://folkmoot@127.0.0.1:{server.sockets[0].getsockname()[1]}/folkmoot"
    finally:
        server.close()
        for writer in connected:
            writer.close()
