"""`POST /api/messages`: checked before it is parsed, one way through botbuilder for every activity.

Botbuilder is the transport: it makes a turn of an activity, runs what is in its pipeline and knows what a turn gives
back. Its own HTTP handler and token checks are not used: they answer 500 to what has a body, and to most bad tokens.
"""

import json
from collections.abc import Collection
from http import HTTPStatus

import structlog
from aiohttp import hdrs, web
from botbuilder.core import TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from adapters.teams import parse
from adapters.teams.connector import Connector
from adapters.teams.desk import Desk, Reaction
from adapters.teams.happenings import Where
from adapters.teams.trust import KeysAway, Trust, Unauthorized
from adapters.teams.wiring import Fields
from storage.errors import BotError

PATH = "/api/messages"
BODY_MAX = 262_144  # bytes; an activity of Teams has at most a sixth of it
CHANNEL = "msteams"

log = structlog.get_logger()


class Host:
    """Teams' side of the process. Without `trust`, which is for loopback alone, nobody has to say who they are."""

    def __init__(
        self,
        desk: Desk,
        connector: Connector,
        *,
        trust: Trust | None,
        tenants: Collection[str],
        channels: Collection[str],
    ) -> None:
        self._desk = desk
        self._connector = connector
        self._trust = trust
        self._tenants = frozenset(each.casefold() for each in tenants)
        self._channels = frozenset(channels)
        self._adapter = CloudAdapterBase(_NoAuthentication())

    def routes(self) -> list[web.RouteDef]:
        """The one address."""
        return [web.post(PATH, self._request)]

    async def _request(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if request.content_length is not None and request.content_length > BODY_MAX:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            raw = await request.read()
        except web.RequestPayloadError:  # it is packed otherwise than it says
            return _last(web.Response(status=HTTPStatus.BAD_REQUEST))
        if len(raw) > BODY_MAX:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = _object_in(raw)
        if body is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            here = await self._admitted(body, request.headers.get(hdrs.AUTHORIZATION, ""))
        except Unauthorized as problem:
            log.warning("teams_request_refused", why=str(problem))
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        except KeysAway as problem:
            log.warning("teams_request_failed", why=str(problem))
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        except parse.Malformed:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if self._tenants and here.tenant.casefold() not in self._tenants:
            log.warning("teams_tenant_refused", tenant=here.tenant[:100])
            return web.Response(status=HTTPStatus.FORBIDDEN)
        return _answer(await self._turned(body))

    async def _admitted(self, body: Fields, authorization: str) -> Where:
        """Raises: Unauthorized, KeysAway, Malformed."""
        channel, service_url = body.get("channelId"), body.get("serviceUrl")
        if self._trust is not None:
            if not isinstance(channel, str) or not isinstance(service_url, str):
                raise Unauthorized("it does not say where it comes from")
            await self._trust.check(authorization, channel_id=channel, service_url=service_url)
        here = parse.where(body)
        if self._channels and channel not in self._channels:
            raise parse.Malformed("it comes from another channel")
        if not self._connector.is_allowed(here.service_url):
            raise Unauthorized("its service address is none of Microsoft's")
        return here

    async def _turned(self, body: Fields) -> Reaction:
        """One turn of botbuilder; its model of an activity raises on strange shapes, so we read the JSON."""
        reactions: list[Reaction] = []

        async def turn(_context: TurnContext) -> None:
            reactions.append(await self._reaction(body))

        await self._adapter.process_activity(_admission(), Activity(type=body["type"]), turn)
        return reactions[0]

    async def _reaction(self, body: Fields) -> Reaction:
        try:
            happened = parse.happening(body)
            if happened is None:
                return Reaction(HTTPStatus.NOT_IMPLEMENTED if body.get("type") == "invoke" else HTTPStatus.OK)
            return await self._desk.take(happened)
        except parse.Malformed:
            return Reaction(HTTPStatus.BAD_REQUEST)
        except BotError as problem:
            log.warning("teams_request_failed", why=str(problem))
        except Exception:  # whatever comes in, Teams gets an answer and the others are served
            log.exception("teams_request_failed")
        return Reaction(HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(reaction: Reaction) -> web.Response:
    if not reaction.body:
        return web.Response(status=reaction.status)
    return web.json_response(reaction.body, status=reaction.status)


def _last(response: web.Response) -> web.Response:
    """An answer after which nobody can say where the next request begins."""
    response.force_close()
    return response


def _object_in(raw: bytes) -> Fields | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("type"), str) else None


def _admission() -> AuthenticateRequestResult:
    """What botbuilder wants to know of a request that we have let in."""
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity({}, is_authenticated=True)
    result.connector_factory = _NoConnector()
    result.audience = ""
    result.caller_id = None
    return result


class _NoConnector(ConnectorFactory):  # type: ignore[misc]  # botbuilder says no types
    """Nothing is sent through botbuilder: it can't say whether bytes went out."""

    async def create(self, service_url: str, audience: str | None = None) -> object:  # noqa: ARG002
        """Something that is not used."""
        return object()


class _NoAuthentication(BotFrameworkAuthentication):  # type: ignore[misc]  # as above
    """What botbuilder asks for and never needs here, since requests were checked before."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:  # noqa: ARG002
        """Never called."""
        raise Unauthorized("requests are checked elsewhere")

    async def authenticate_streaming_request(
        self,
        auth_header: str,  # noqa: ARG002
        channel_id_header: str,  # noqa: ARG002
    ) -> AuthenticateRequestResult:
        """Never called."""
        raise Unauthorized("there is no streaming")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002
        """As for each turn."""
        return _NoConnector()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:  # noqa: ARG002
        """Nobody signs in."""
        return
