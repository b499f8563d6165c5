"""A bot to look at the double with: it keeps what it gets, answers what a test says, and calls by plain HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import ClientSession, web

from tests.support.teams_double.parts import ADAPTIVE
from tests.support.teams_double.server import SCOPE
from tests.support.teams_double.teams import TeamsDouble
from tests.support.teams_double.world import Fields

HEADER: Fields = {"type": "TextBlock", "text": "Huddle of *Northwater*", "wrap": True}
FOCUS: Fields = {
    "type": "Input.Text",
    "id": "focus",
    "label": "Your focus",
    "isRequired": True,
    "errorMessage": "Please say what you work on.",
    "maxLength": 20,
}
HELPER: Fields = {
    "type": "Input.ChoiceSet",
    "id": "helper",
    "label": "Who can help?",
    "choices": [{"title": "Call centre", "value": "1"}, {"title": "Crew north", "value": "2"}],
}
SKIP: Fields = {
    "type": "Action.Execute",
    "title": "Skip today",
    "verb": "huddle.skip",
    "data": {"run": "7"},
    "associatedInputs": "none",
    "fallback": {"type": "Action.Submit", "title": "Skip today", "data": {"verb": "huddle.skip", "run": "7"}},
}
ANSWER: Fields = {
    "type": "Action.Submit",
    "title": "Answer",
    "data": {"msteams": {"type": "task/fetch"}, "run": "7"},
    "associatedInputs": "none",
}
SEND: Fields = {"type": "Action.Submit", "title": "Send", "data": {"run": "7"}}


def card(*body: Fields, actions: tuple[Fields, ...] = (), **more: object) -> Fields:
    """An Adaptive Card."""
    found: Fields = {"type": "AdaptiveCard", "version": "1.5", "fallbackText": "A huddle", "body": list(body)}
    return found | {"actions": list(actions)} | more


def message(shown: Fields | None = None, text: str = "", **more: object) -> Fields:
    """A message activity."""
    found: Fields = {"type": "message", "text": text, "summary": "A huddle"}
    attachments = [] if shown is None else [{"contentType": ADAPTIVE, "content": shown}]
    return found | {"attachments": attachments} | more


def dialog(shown: Fields, title: str = "Your answer") -> Fields:
    """An answer that opens a dialog or replaces it."""
    value = {"title": title, "width": "medium", "card": {"contentType": ADAPTIVE, "content": shown}}
    return {"task": {"type": "continue", "value": value}}


def shown_instead(shown: Fields) -> Fields:
    """An answer to a press that replaces its card."""
    return {"statusCode": 200, "type": ADAPTIVE, "value": shown}


@dataclass(slots=True)
class App:
    """A bot that keeps what it gets and answers what a test says."""

    got: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    answer: Fields | None = None
    status: int = 200
    is_stuck: bool = False
    first: Callable[[], Awaitable[object]] | None = None
    """What it does before it answers."""

    async def take(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        self.got.append((await request.read(), dict(request.headers)))
        if self.is_stuck:
            await asyncio.Event().wait()
        if self.first is not None:
            await self.first()
        if self.answer is None:
            return web.Response(status=self.status)
        return web.json_response(self.answer, status=self.status)

    @property
    def activities(self) -> list[Fields]:
        """What it was told, oldest first."""
        return [json.loads(body) for body, _ in self.got]

    @property
    def last(self) -> Fields:
        """What it was told last."""
        return self.activities[-1]


@dataclass(slots=True)
class Client:
    """The bot's own calls."""

    teams: TeamsDouble
    session: ClientSession
    token: str = ""

    async def get_token(self, **changed: str) -> tuple[int, Fields]:
        """A token; `changed` is what the form says otherwise."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.teams.app_id,
            "client_secret": self.teams.app_password,
            "scope": SCOPE,
        } | changed
        tenant = form.pop("tenant", "botframework.com")
        async with self.session.post(f"{self.teams.authority_url}/{tenant}/oauth2/v2.0/token", data=form) as response:
            found = await response.json()
            self.token = found.get("access_token", "")
            return response.status, found

    async def call(self, verb: str, path: str, body: object = None, *, base: str = "") -> tuple[int, Fields]:
        """One call of the connector; `path` begins behind `v3/`."""
        url = f"{base or self.teams.service_url}v3/{path}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(verb, url, json=body, headers=headers) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else {}

    async def posts(self, conversation: str, activity: Fields) -> str:
        """A message that has to be taken; its id."""
        status, found = await self.call("POST", f"conversations/{at(conversation)}/activities", activity)
        assert status == 201, found
        return str(found["id"])


def at(conversation: str) -> str:
    """An id in an address."""
    return quote(conversation, safe="")
