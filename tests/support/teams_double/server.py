"""The double over HTTP: what signed tokens are checked with, the app's own tokens, and the connector."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from aiohttp import web

from tests.support.teams_double.calls import Answer, Call, Called, SaysNo, body_of, first_named
from tests.support.teams_double.connector import ROUTES, Operation
from tests.support.teams_double.faults import (
    Fault,
    Faults,
    Hang,
    LostReply,
    Precondition,
    RateLimit,
    Refuse,
    ServerError,
    is_applied,
)
from tests.support.teams_double.issuer import Issuer
from tests.support.teams_double.world import TOKEN_S, Fields, World

HANG_S = 60.0
SCOPE = "https://api.botframework.com/.default"
BOT_FRAMEWORK_TENANT = "botframework.com"


class Server:
    """Answers what the bot asks."""

    def __init__(self, world: World, issuer: Issuer) -> None:
        self.faults = Faults()
        self.calls: list[Called] = []
        self.noted = asyncio.Condition()
        """Is told of every call."""
        self.closing = asyncio.Event()
        self._world = world
        self._issuer = issuer

    def routes(self) -> list[web.RouteDef]:
        """Every address; a tenant's own serviceUrl has its id behind the region."""
        found = [
            web.get("/v1/.well-known/openidconfiguration", partial(self._well_known, "metadata")),
            web.get("/v1/.well-known/keys", partial(self._well_known, "keys")),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]
        for (verb, path), (method, run) in ROUTES.items():
            handler = partial(self._operation, method, run)
            found += [web.route(verb, f"{base}{path}", handler) for base in ("/{region}", "/{region}/{tenant}")]
        return found

    async def _well_known(self, method: str, request: web.Request) -> web.StreamResponse:
        documents = {"metadata": lambda: self._issuer.metadata(self._world.base_url), "keys": self._issuer.keys}
        return await self._with_faults(request, method, {}, lambda: Answer(200, documents[method]()))

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        shown = {name: value for name, value in form.items() if name != "client_secret"}
        tenant = request.match_info["tenant"]
        return await self._with_faults(request, "token", shown, lambda: self._granted(tenant, form))

    async def _operation(self, method: str, run: Operation, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        token = request.headers.get("Authorization", "")

        def carried_out() -> Answer:
            if not self._is_good(token):
                return Answer(401, {"message": "Authorization has been denied for this request."})
            if raw and request.content_type != "application/json":
                return _error(415, "BadSyntax", "The request is no JSON")
            return run(Call(self._world, dict(request.match_info), dict(request.query), body_of(raw)))

        try:
            shown = body_of(raw)
        except SaysNo:
            shown = {}
        return await self._with_faults(request, method, shown, carried_out)

    async def _with_faults(
        self, request: web.Request, method: str, body: Fields, run: Callable[[], Answer]
    ) -> web.StreamResponse:
        await asyncio.sleep(self.faults.latency_s)
        conversation = request.match_info.get("conversation", "") or first_named(body)
        fault = self.faults.take(method, conversation)
        answer = Answer(500)
        if fault is None or is_applied(fault):
            answer = _tried(run)
        outcome = "ok" if answer.status < 300 else _code(answer)
        note = Called(
            method,
            conversation,
            body,
            type(fault).__name__ if fault else outcome,
            request.path,
            request.headers.get("Authorization", "").removeprefix("Bearer "),
        )
        async with self.noted:
            self.calls.append(note)
            self.noted.notify_all()
        if fault is not None:
            return await self._misbehave(request, fault, method)
        return _response(answer)

    async def _misbehave(self, request: web.Request, fault: Fault, method: str) -> web.StreamResponse:
        match fault:
            case RateLimit(retry_after):
                waits = {} if retry_after is None else {"Retry-After": str(retry_after)}
                return _response(_error(429, "TooManyRequests", "API calls quota exceeded!"), waits)
            case Precondition():
                return _response(_error(412, "PreconditionFailed", "The conversation was changed meanwhile."))
            case Refuse(status, code, message):
                answer = _refused_token(status, code, message) if method == "token" else _error(status, code, message)
                return _response(answer)
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

    def _granted(self, tenant: str, form: Mapping[str, str]) -> Answer:
        """A token, where the app is known by its password and asks for what there is."""
        if tenant != BOT_FRAMEWORK_TENANT and tenant not in self._world.realms:
            return _refused_token(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            return _refused_token(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant.")
        if form.get("client_id") != self._world.app_id:
            return _refused_token(400, "unauthorized_client", "AADSTS700016: Application was not found.")
        if form.get("client_secret") != self._world.app_password:
            return _refused_token(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        if form.get("scope") != SCOPE:
            return _refused_token(400, "invalid_scope", "AADSTS70011: The provided value for scope is not valid.")
        ends: Fields = {"expires_in": TOKEN_S, "ext_expires_in": TOKEN_S}
        return Answer(200, {"token_type": "Bearer", "access_token": self._world.new_token()} | ends)

    def _is_good(self, header: str) -> bool:
        ends_at = self._world.tokens.get(header.removeprefix("Bearer "), 0.0)
        return header.startswith("Bearer ") and ends_at > self._world.now()


def _tried(run: Callable[[], Answer]) -> Answer:
    try:
        return run()
    except SaysNo as no:
        return _error(no.status, no.code, no.message)


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})


def _refused_token(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "error_description": message})


def _code(answer: Answer) -> str:
    error = (answer.body or {}).get("error", "")
    return str(error["code"] if isinstance(error, dict) else error) or str(answer.status)


def _response(answer: Answer, headers: Mapping[str, str] | None = None) -> web.Response:
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    return web.Response(
        text=json.dumps(answer.body, ensure_ascii=False),
        status=answer.status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )
