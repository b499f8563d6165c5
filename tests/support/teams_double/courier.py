"""How Teams brings the bot what people did: activities with a signed token, posted to its one address."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.support.teams_double.issuer import Flaw, Issuer
from tests.support.teams_double.world import Fields, World

PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bot answered; `status` is 0 when nothing came in time."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    took_s: float = 0.0
    activity: Fields = field(default_factory=dict)
    """What it answered to."""
    toast: str = ""
    """What the client shows for a moment because of it."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Why a dialog was not taken, by input."""

    @property
    def is_ok(self) -> bool:
        """Teams counts it as delivered."""
        return 200 <= self.status < 300

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

    activity: Fields
    body: bytes
    headers: Mapping[str, str]


class Courier:
    """Posts to one address."""

    def __init__(self, world: World, issuer: Issuer) -> None:
        self.url = ""
        self.patience_s = PATIENCE_S
        self.sent: list[Sent] = []
        self.flaws: list[Flaw] = []
        """What is wrong with the tokens of the next requests, one for each."""
        self._world = world
        self._issuer = issuer
        self._http: ClientSession | None = None

    async def close(self) -> None:
        """Ends the connections."""
        if self._http is not None:
            await self._http.close()

    async def bring(self, activity: Fields) -> Heard:
        """Brings one activity and waits for the answer, as long as Teams would."""
        body = json.dumps(activity, ensure_ascii=False).encode(errors="replace")
        return await self._bring(activity, body)

    async def again(self, flaw: Flaw | None = None) -> Heard:
        """The last activity once more, byte for byte with a new token, as after an answer that got lost."""
        last = self.sent[-1]
        if flaw is not None:
            self.flaws.insert(0, flaw)
        return await self._bring(last.activity, last.body)

    async def replayed(self) -> Heard:
        """The last request as somebody would send it who had overheard it: with the same token."""
        last = self.sent[-1]
        return await self.post(last.body, last.headers, activity=last.activity)

    def headers(self, activity: Fields, flaw: Flaw | None = None) -> dict[str, str]:
        """The headers that say that Teams sent it."""
        token = self._issuer.token(
            audience=self._world.app_id, service_url=str(activity.get("serviceUrl", "")), flaw=flaw
        )
        found = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
        }
        return found | ({"Authorization": f"Bearer {token}"} if token else {})

    async def post(self, body: bytes, headers: Mapping[str, str], *, activity: Fields | None = None) -> Heard:
        """One request, whatever it is."""
        if self._http is None:
            self._http = ClientSession(timeout=ClientTimeout(total=self.patience_s))
        began = time.monotonic()
        about = activity or {}
        patience = ClientTimeout(total=self.patience_s)
        try:
            async with self._http.post(
                self.url, data=body, headers=headers, allow_redirects=False, timeout=patience
            ) as response:
                text = await response.text()
                return Heard(response.status, text, dict(response.headers), time.monotonic() - began, about)
        except (TimeoutError, ClientError) as problem:
            return Heard(0, type(problem).__name__, took_s=time.monotonic() - began, activity=about)

    async def _bring(self, activity: Fields, body: bytes) -> Heard:
        headers = self.headers(activity, self.flaws.pop(0) if self.flaws else None)
        self.sent.append(Sent(activity, body, headers))
        return await self.post(body, headers, activity=activity)
