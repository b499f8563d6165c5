"""How Slack brings the app what people did: signed requests over HTTP, or envelopes on a Socket Mode connection."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.slack.api import Fields
from tests.support.slack_double.links import Links

PATIENCE_S = 3.0
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
KINDS = ("events_api", "slash_commands", "interactive")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the app answered; `status` is 0 when nothing came in time."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    took_s: float = 0.0
    errors: Mapping[str, str] = field(default_factory=dict)
    """Why a view was not taken, by block."""

    @property
    def is_ok(self) -> bool:
        """Slack counts it as delivered."""
        return self.status == 200

    @property
    def json(self) -> Fields:
        """The body, where it is a JSON object."""
        try:
            found = json.loads(self.body or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was made: what `again` repeats."""

    kind: str
    payload: Fields
    body: bytes
    headers: Mapping[str, str]


class Courier:
    """Posts to one address; over Socket Mode where a connection is wanted."""

    def __init__(self, links: Links) -> None:
        self.url = ""
        self.signing_secret = ""
        self.over_socket = False
        self.patience_s = PATIENCE_S
        self.sent: list[Sent] = []
        self._links = links
        self._http: ClientSession | None = None

    async def close(self) -> None:
        """Ends the connections."""
        if self._http is not None:
            await self._http.close()

    async def bring(self, kind: str, payload: Fields) -> Heard:
        """Brings one thing and waits for the answer, as long as Slack would."""
        body, content_type = packed(kind, payload)
        headers = self.signed(body) | {"Content-Type": content_type}
        self.sent.append(Sent(kind, payload, body, headers))
        if self.over_socket:
            return await self._over_socket(kind, payload)
        return await self.post(body, headers)

    async def again(self, number: int = 1) -> Heard:
        """The last thing once more, as after an answer that got lost."""
        last = self.sent[-1]
        if self.over_socket:
            return await self._over_socket(last.kind, last.payload, attempt=number)
        retried = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}
        content_type = {"Content-Type": last.headers["Content-Type"]}
        return await self.post(last.body, self.signed(last.body) | content_type | retried)

    async def replayed(self) -> Heard:
        """The last request as somebody would send it who had overheard it: byte for byte."""
        return await self.post(self.sent[-1].body, self.sent[-1].headers)

    def signed(self, body: bytes, *, at: float | None = None, secret: str = "") -> dict[str, str]:
        """The headers that say that Slack sent it, at some time."""
        stamp = str(int(time.time() if at is None else at))
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(secret or self.signing_secret, stamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
        }

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """One request, whatever it is."""
        if self._http is None:
            self._http = ClientSession(timeout=ClientTimeout(total=None), auto_decompress=True)
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.patience_s),
                self._http.post(self.url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                text = await response.text()
                return Heard(response.status, text, dict(response.headers), time.monotonic() - began)
        except (TimeoutError, ClientError) as problem:
            return Heard(0, type(problem).__name__, took_s=time.monotonic() - began)

    async def _over_socket(self, kind: str, payload: Fields, *, attempt: int = 0) -> Heard:
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.patience_s):
                answer = await self._links.bring(kind, payload, attempt=attempt)
        except TimeoutError:
            return Heard(0, "no answer in time", took_s=time.monotonic() - began)
        return Heard(200, "" if answer is None else json.dumps(answer), took_s=time.monotonic() - began)


def packed(kind: str, payload: Fields) -> tuple[bytes, str]:
    """A payload as the body of a request, and of what type that is."""
    if kind == "events_api":
        return json.dumps(payload).encode(), JSON_TYPE
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), FORM_TYPE


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Source: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    signed = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
