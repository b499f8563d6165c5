"""An app to look at the double with: it keeps what it gets, and calls with the SDK."""

import asyncio
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Fields
from tests.support.slack_double.slack import SlackDouble

SECRET = "a-signing-secret"
BUTTON = {"type": "button", "action_id": "press:0", "text": {"type": "plain_text", "text": "Answer"}, "value": "seven"}
CARD: list[Fields] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Huddle"}},
    {"type": "actions", "block_id": "card-1", "elements": [BUTTON]},
]
FORM: Fields = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Your answer"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "run 7",
    "blocks": [
        {
            "type": "input",
            "block_id": "focus",
            "label": {"type": "plain_text", "text": "Your focus"},
            "element": {"type": "plain_text_input", "action_id": "focus"},
        },
        {
            "type": "input",
            "block_id": "helper",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who can help?"},
            "element": {
                "type": "static_select",
                "action_id": "helper",
                "options": [{"text": {"type": "plain_text", "text": "Call centre"}, "value": "1"}],
            },
        },
    ],
}


@dataclass(slots=True)
class App:
    """An app that keeps what it gets and answers what a test says."""

    got: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    answer: Fields | str = ""
    status: int = 200
    waits_s: float = 0.0

    async def take(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        self.got.append((await request.read(), dict(request.headers)))
        await asyncio.sleep(self.waits_s)
        if isinstance(self.answer, str):
            return web.Response(text=self.answer, status=self.status)
        return web.json_response(self.answer, status=self.status)

    async def form(self) -> dict[str, str]:
        """The fields of the last request."""
        return dict(parse_qsl(self.got[-1][0].decode(), keep_blank_values=True))

    async def payload(self) -> Fields:
        """The JSON of the last request, however it came."""
        body = self.got[-1][0].decode()
        return json.loads(body) if body.startswith("{") else json.loads((await self.form())["payload"])


def client(slack: SlackDouble, token: str) -> AsyncWebClient:
    return AsyncWebClient(token, base_url=slack.api_url, retry_handlers=[])
