"""Whether a request comes from Microsoft's Bot Connector and is meant for this bot.

Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import structlog

from adapters.teams.wiring import Fields, fetched
from adapters.wire import Wire
from bot.ports import ChatError, steady_s
from storage.errors import BotError

ALGORITHM = "RS256"
LEEWAY = timedelta(minutes=5)  # between Microsoft's clock and ours
KEYS_LAST_S = 24 * 3600.0
LOOK_AGAIN_S = 300.0  # between two looks for a key that nobody knows, or after one that failed
AWAY_S = 5.0  # the same while no key is known at all, and so nobody can be let in
UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, RecursionError)
"""What reading a token or a key may raise: the first for most, the others for what is made to break a reader."""
REQUIRED = ("aud", "exp", "iss")

log = structlog.get_logger()


class Unauthorized(BotError):
    """A request that nobody may trust; the reason is for the log, and holds nothing of the token."""


class KeysAway(BotError):
    """Microsoft's keys could not be read, and none are known."""


@dataclass(frozen=True, slots=True)
class _Key:
    key: jwt.PyJWK
    endorsements: Collection[str] | None
    """The channels that it may sign for; None where that is not said."""


class Trust:
    """Checks the token that comes with every request."""

    def __init__(self, wire: Wire, *, app_id: str, issuers: Collection[str], metadata_url: str) -> None:
        self._wire = wire
        self._app_id = app_id
        self._issuers = tuple(issuers)
        self._metadata_url = metadata_url
        self._keys: dict[str, _Key] = {}
        self._read_at = self._asked_at = float("-inf")
        self._looked_at = float("-inf")  # when a look for other keys than those that are known was last begun
        self._reading = asyncio.Lock()

    async def check(self, authorization: str, *, channel_id: str, service_url: str) -> None:
        """`authorization` is the header as it came. Raises: Unauthorized, KeysAway."""
        scheme, _, token = authorization.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise Unauthorized("there is no token")
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(header.get("kid"))
            claims = self._claims(token, key)
        except UNREADABLE as problem:
            raise Unauthorized(type(problem).__name__) from problem
        if key.endorsements is not None and channel_id not in key.endorsements:
            raise Unauthorized("its key is not for this channel")
        if not service_url or claims.get("serviceurl") != service_url:
            raise Unauthorized("it is for another service address")

    def _claims(self, token: str, key: _Key) -> dict[str, Any]:
        found: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[ALGORITHM],
            audience=self._app_id,
            issuer=self._issuers,
            leeway=LEEWAY,
            options={"require": list(REQUIRED)},
        )
        return found

    async def _key(self, key_id: object) -> _Key:
        """The key of that name. Raises: Unauthorized, KeysAway."""
        if not isinstance(key_id, str):
            raise Unauthorized("it names no key")
        if self._is_to_be_read(key_id):
            async with self._reading:
                if self._is_to_be_read(key_id):
                    await self._read()
        if not self._keys:
            raise KeysAway("Microsoft's keys could not be read yet")
        if key_id not in self._keys:
            raise Unauthorized("nobody knows its key")
        return self._keys[key_id]

    def _is_to_be_read(self, key_id: str) -> bool:
        """At a rotation new keys appear; who makes names up must not make us ask Microsoft each time."""
        now = steady_s()
        if not self._keys:
            return now - self._asked_at > AWAY_S
        if now - self._read_at > KEYS_LAST_S and now - self._asked_at > LOOK_AGAIN_S:
            return True
        return key_id not in self._keys and now - self._looked_at > LOOK_AGAIN_S

    async def _read(self) -> None:
        """What was read last stays where nothing can be read now."""
        self._asked_at = steady_s()
        if self._keys:
            self._looked_at = self._asked_at
        try:
            metadata = await fetched(self._wire, self._metadata_url)
            keys = _keys_of(await fetched(self._wire, str(metadata.get("jwks_uri", ""))))
        except ChatError as problem:
            log.warning("keys_not_read", why=str(problem))
            return
        if not keys:
            log.warning("keys_not_read", why="Microsoft named none that can be used")
            return
        self._keys, self._read_at = keys, steady_s()


def _keys_of(found: Fields) -> dict[str, _Key]:
    """The keys that can be used, by their names."""
    keys: dict[str, _Key] = {}
    named = found.get("keys")
    for each in named if isinstance(named, list) else ():
        if not isinstance(each, dict) or each.get("kty") != "RSA" or not isinstance(each.get("kid"), str):
            continue
        try:
            key = jwt.PyJWK(each, algorithm=ALGORITHM)
        except UNREADABLE:
            continue
        endorsed = each.get("endorsements")
        keys[each["kid"]] = _Key(key, frozenset(map(str, endorsed)) if isinstance(endorsed, list) else None)
    return keys
