"""The double over HTTP: the Web API, addresses to answer at, uploads, Socket Mode and the page for installing."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from adapters.slack.api import Fields
from tests.support.slack_double import chat, directory, files, hooks, oauth, views
from tests.support.slack_double.calls import Call, Called, Methods, SaysNo, arguments_of, good_token, token_of
from tests.support.slack_double.faults import Fault, Faults, Hang, Limits, LostReply, RateLimit, Refuse, ServerError
from tests.support.slack_double.links import Links
from tests.support.slack_double.world import REQUIRED_SCOPES, Grant, World

METHODS: Methods = {**chat.METHODS, **directory.METHODS, **files.METHODS, **views.METHODS}
HANG_S = 60.0


class Server:
    """Answers what the app asks."""

    def __init__(self, world: World, links: Links) -> None:
        self.faults = Faults()
        self.limits = Limits()
        self.calls: list[Called] = []
        self.closing = asyncio.Event()
        self._world = world
        self._links = links

    def routes(self) -> list[web.RouteDef]:
        """Every address."""
        return [
            web.post("/api/{method}", self.call),
            web.get("/api/{method}", self.call),
            web.post("/hooks/{key:.+}", self.hook),
            web.post("/upload/{id}", self.upload),
            web.get("/link", self._links.serve),
            web.get("/oauth/v2/authorize", self.authorize),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """A method of the Web API."""
        method = request.match_info["method"]
        try:
            arguments = await arguments_of(request, method)
        except ValueError:
            return _json({"ok": False, "error": "invalid_json"})
        token = token_of(request, arguments)
        fault = self.faults.take(method, str(arguments.get("channel", "")))
        answer: Fields = {}
        if fault is None or _is_applied(fault):
            wait = self.limits.wait_for(method, self._team(token), arguments, self._world.now())
            if wait:
                self._note(method, arguments, "429", token)
                return _limited(wait)
            answer = self._answer(method, token, arguments, request.headers.get("Authorization", ""))
        outcome = "ok" if answer.get("ok") else str(answer.get("error", ""))
        self._note(method, arguments, type(fault).__name__ if fault else outcome, token)
        if fault is not None:
            return await self._misbehave(request, fault)
        known = self._world.tokens.get(token)
        return _json(answer, {"x-oauth-scopes": ",".join(sorted(known.scopes))} if known else {})

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """A message that comes to a response_url."""
        fault = self.faults.take("response_url", "")
        if fault is not None and not _is_applied(fault):
            return await self._misbehave(request, fault)
        try:
            given: object = await request.json()
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        trouble = hooks.used(self._world, request.match_info["key"], given)
        arguments = given if isinstance(given, dict) else {}
        self._note("response_url", arguments, trouble or "ok", "")
        if fault is not None:
            return await self._misbehave(request, fault)
        if trouble in {"used_url", "expired_url", "invalid_url"}:
            return _json({"ok": False, "error": trouble}, status=404)
        return web.Response(status=400 if trouble else 200, text=trouble or "ok")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        is_whole = files.received(self._world, request.match_info["id"], await request.read())
        return web.Response(status=200 if is_whole else 400, text="OK" if is_whole else "wrong length")

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Slack's page, on which somebody has pressed Allow already; `team` and `user` may say where and who."""
        if request.query.get("client_id") != self._world.client_id:
            return web.Response(status=400, text="invalid_client_id")
        team_id = request.query.get("team") or next(iter(self._world.workspaces))
        workspace = self._world.workspaces[team_id]
        grant = Grant(
            team_id=team_id,
            enterprise_id=workspace.enterprise_id,
            user_id=request.query.get("user") or next(iter(workspace.users)),
            scopes=frozenset(filter(None, request.query.get("scope", "").split(","))) or REQUIRED_SCOPES,
            made_at=self._world.now(),
            redirect_uri=request.query.get("redirect_uri", ""),
        )
        return oauth.allowed(self._world, grant, state=request.query.get("state", ""))

    def _answer(self, method: str, token: str, arguments: dict[str, object], authorization: str) -> Fields:
        try:
            return {"ok": True} | self._done(method, token, arguments, authorization)
        except SaysNo as no:
            return {"ok": False, "error": no.code, **no.more}

    def _done(self, method: str, token: str, arguments: dict[str, object], authorization: str) -> Fields:
        if method == "oauth.v2.access":
            return oauth.access(self._world, arguments, authorization)
        if method == "apps.connections.open":
            return self._connection(token)
        if method not in METHODS:
            raise SaysNo("unknown_method", req_method=method)
        call = Call(self._world, good_token(self._world, token), arguments)
        call.asks_for(METHODS[method].scope)
        return METHODS[method].run(call)

    def _connection(self, token: str) -> Fields:
        if token != self._world.app_token:
            raise SaysNo("not_allowed_token_type" if token in self._world.tokens else "invalid_auth")
        return {"url": f"{self._world.base_url.replace('http', 'ws', 1)}/link?ticket={self._links.ticket()}"}

    async def _misbehave(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault:
            case RateLimit(retry_after):
                return _limited(retry_after)
            case Refuse(error, needed):
                return _json({"ok": False, "error": error} | ({"needed": needed} if needed else {}))
            case ServerError(status):
                return web.Response(status=status, text="upstream request timeout")
            case LostReply():
                pass
            case Hang():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.closing.wait(), HANG_S)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _team(self, token: str) -> str:
        known = self._world.tokens.get(token)
        return known.team_id if known else ""

    def _note(self, method: str, arguments: dict[str, object], outcome: str, token: str) -> None:
        self.calls.append(Called(method, self._team(token), arguments, outcome, token))


def _is_applied(fault: Fault) -> bool:
    return isinstance(fault, LostReply | ServerError | Hang) and fault.applied


def _limited(retry_after: int) -> web.Response:
    return _json({"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)}, status=429)


def _json(found: Fields, headers: dict[str, str] | None = None, *, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(found), status=status, headers=headers or {}, content_type="application/json", charset="utf-8"
    )
