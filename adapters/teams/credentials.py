"""The bot's own token: asked for once, kept until shortly before it ends, and asked for by one at a time.

Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow.
"""

import asyncio
from dataclasses import dataclass

import structlog

from adapters.teams.wiring import object_in
from adapters.wire import Answered, Wire
from bot.ports import MaybeSent, NotSent, RateLimited, Refused, steady_s

SCOPE = "https://api.botframework.com/.default"
EARLY_S = 300.0  # before its end a token is asked for anew
FAILED_REST_S = 60.0  # a password that Microsoft does not take is not tried with every message
FORGET_AGAIN_S = 60.0  # a token that is refused right after another one is not the trouble

log = structlog.get_logger()


class TokenWaits(RateLimited):
    """There is no token yet, so nothing can be sent to anybody."""


class BadCredentials(TokenWaits):
    """Microsoft does not take the bot's id or password: everything rests until somebody sets another one."""

    def __init__(self, status: int, rest_s: float = FAILED_REST_S) -> None:
        super().__init__("teams", rest_s)
        self.status = status


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is to Microsoft. `authority` ends in the tenant, such as https://login.microsoftonline.com/contoso."""

    app_id: str
    password: str
    authority: str
    scope: str = SCOPE


class Tokens:
    """The bot's token for the connector; none where authentication is off."""

    def __init__(self, wire: Wire, identity: Identity | None) -> None:
        self._wire = wire
        self._identity = identity
        self._token, self._ends_at = "", float("-inf")
        self._forgotten_at = self._rests_until = float("-inf")
        self._refused = 0
        self._asking = asyncio.Lock()

    @property
    def refused(self) -> int:
        """The status with which Microsoft last refused the bot's password; 0 where it does not."""
        return self._refused

    async def current(self) -> str:
        """A token that works. Raises: BadCredentials, TokenWaits, NotSent."""
        if self._identity is None or steady_s() < self._ends_at:
            return self._token
        async with self._asking:
            if steady_s() >= self._ends_at:
                await self._ask(self._identity)
        return self._token

    def forget(self, token: str) -> None:
        """Somebody was told that this one does not work (any more)."""
        now = steady_s()
        if token == self._token and now - self._forgotten_at > FORGET_AGAIN_S:
            self._ends_at, self._forgotten_at = float("-inf"), now

    async def _ask(self, identity: Identity) -> None:
        if (left_s := self._rests_until - steady_s()) > 0:
            raise BadCredentials(self._refused, left_s)
        form = {
            "grant_type": "client_credentials",
            "client_id": identity.app_id,
            "client_secret": identity.password,
            "scope": identity.scope,
        }
        try:
            reply = await self._wire.call("POST", f"{identity.authority}/oauth2/v2.0/token", form=form)
            found = object_in(reply.body)
        except Answered as problem:
            self._note_refusal(problem.status)
            raise BadCredentials(problem.status) from problem
        except RateLimited as problem:
            raise TokenWaits("teams", problem.retry_after_s) from problem
        except (MaybeSent, Refused) as problem:  # no message was sent yet, whatever became of the question
            raise NotSent(f"no token: {problem}") from problem
        token, lasts = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not token:
            raise NotSent("Microsoft gave no token")
        seconds = float(lasts) if isinstance(lasts, int | float) else 0.0
        self._token, self._ends_at = token, steady_s() + max(seconds - EARLY_S, seconds / 2)
        if self._refused:
            self._refused = 0
            log.info("teams_password_taken")

    def _note_refusal(self, status: int) -> None:
        """Told once, until a password is taken."""
        if not self._refused:
            log.error("teams_password_refused", status=status, setting="MicrosoftAppPassword", next="set a valid one")
        self._refused, self._rests_until = status, steady_s() + FAILED_REST_S
