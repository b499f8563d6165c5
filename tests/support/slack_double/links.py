"""Socket Mode: the app's connections, the envelopes that go out on them and the acknowledgements that come back."""

import asyncio
import json
from dataclasses import dataclass
from itertools import count

from aiohttp import WSMsgType, web

from adapters.slack.api import Fields

_ANSWERABLE = {"slash_commands", "interactive"}


@dataclass(slots=True)
class _Envelope:
    """What the app has not acknowledged yet; each delivery has an id of its own."""

    fields: Fields
    answer: asyncio.Future[Fields | None]


class Links:
    """Every connection that is open, the oldest first; an envelope goes out on one of them."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, _Envelope] = {}
        self._numbers = count(1)
        self._tickets: set[str] = set()
        self._changed = asyncio.Condition()

    @property
    def number(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def ticket(self) -> str:
        """Lets one connection in."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def connected(self, number: int = 1) -> None:
        """Waits until that many connections are open."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._open) >= number)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        link = web.WebSocketResponse()
        await link.prepare(request)
        hello = {"type": "hello", "num_connections": len(self._open) + 1, "connection_info": {"app_id": self._app_id}}
        await link.send_json(hello | {"debug_info": {"host": "applink", "approximate_connection_time": 18060}})
        await self._add(link)
        try:
            async for message in link:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            await self._remove(link)
        return link

    async def bring(self, kind: str, payload: Fields, *, attempt: int = 0) -> Fields | None:
        """Sends an envelope and gives what the app acknowledged it with. Raises: LookupError without a connection."""
        if not self._open:
            raise LookupError("no Socket Mode connection is open")
        fields: Fields = {"type": kind, "payload": payload, "accepts_response_payload": kind in _ANSWERABLE}
        if kind == "events_api":
            fields |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        envelope = _Envelope(fields, asyncio.get_running_loop().create_future())
        try:
            await self._send(envelope)
            return await envelope.answer
        finally:
            self._waiting = {name: each for name, each in self._waiting.items() if each is not envelope}

    async def again(self) -> int:
        """Brings every event once more that was not acknowledged, as Slack does; how many there are.

        Commands and interactions never come again.
        """
        events = {id(each): each for each in self._waiting.values() if each.fields["type"] == "events_api"}
        for envelope in events.values():
            envelope.fields |= {"retry_attempt": envelope.fields["retry_attempt"] + 1, "retry_reason": "timeout"}
            await self._send(envelope)
        return len(events)

    async def _send(self, envelope: _Envelope) -> None:
        envelope_id = f"envelope-{next(self._numbers)}"
        self._waiting[envelope_id] = envelope
        await self._open[0].send_json({"envelope_id": envelope_id} | envelope.fields)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks for new connections and ends those there are."""
        for link in tuple(self._open):
            await link.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}})
            await link.close()

    async def close(self) -> None:
        """Ends every connection without a word."""
        for link in tuple(self._open):
            await link.close()

    def _acknowledged(self, data: str) -> None:
        try:
            found = json.loads(data)
        except ValueError:
            return  # Slack takes no notice of what is no acknowledgement
        waiting = self._waiting.get(found.get("envelope_id", "")) if isinstance(found, dict) else None
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(found.get("payload"))

    async def _add(self, link: web.WebSocketResponse) -> None:
        async with self._changed:
            self._open.append(link)
            self._changed.notify_all()

    async def _remove(self, link: web.WebSocketResponse) -> None:
        async with self._changed:
            self._open.remove(link)
            self._changed.notify_all()
