"""Slack's requests over HTTP or Socket Mode: verified before they are parsed, one way through Bolt for both.

Bolt is the transport, and parses. Everything else is decided in one middleware that answers every request, so that
nothing is acknowledged before it is committed, and nothing that has to come again is acknowledged at all.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import desk as front_desk
from adapters.slack import parse, views
from adapters.slack.api import PLATFORM, Fields
from adapters.slack.desk import Desk, Reaction, since_now
from adapters.slack.names import ROOT
from adapters.slack.workspaces import Bot, Workspaces
from adapters.work import Work, at_last
from storage.errors import BotError

BODY_MAX = 1_048_576  # bytes; the largest modal of Slack is a quarter of it
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"

CONNECT_WITHIN_S = 20.0

log = structlog.get_logger()


class Host:
    """Slack's side of the process: a route for HTTP, and a connection for Socket Mode."""

    def __init__(
        self,
        desk: Desk,
        workspaces: Workspaces,
        names: Mapping[str, str],
        *,
        work: Work,
        signing_secret: str,
        base_url: str,
        is_waiting: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_waiting` says that a workspace of the settings may be unknown only because Slack did not answer yet."""
        self._desk = desk
        self._workspaces = workspaces
        self._work = work
        self._is_waiting = is_waiting
        self._root = names[ROOT]
        self._own = {name: verb for verb, name in names.items() if verb != ROOT}
        self._base_url = base_url
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None

        # Bolt looks at the names of arguments, and takes a method's own `self` for one of them.
        async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
            # A stand-in: for a workspace that is not known Bolt would answer by itself, and acknowledge.
            return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id)

        async def take(req: AsyncBoltRequest, context: AsyncBoltContext) -> BoltResponse:
            return await self._take(req, context)

        with _without_slack_settings():
            self._app = AsyncApp(
                name="folkmoot",
                signing_secret=signing_secret or "socket mode has none",
                client=AsyncWebClient(base_url=base_url, retry_handlers=[]),
                authorize=authorize,
                request_verification_enabled=False,  # done before Bolt parses anything
                ssl_check_enabled=False,
                ignoring_self_events_enabled=False,  # `parse` leaves out what the bot itself wrote
            )
        self._app.middleware(take)

    def routes(self) -> list[web.RouteDef]:
        """`POST /slack/events`: events, commands, interactivity and options alike."""
        return [web.post("/slack/events", self._request)]

    async def _request(self, request: web.Request) -> web.StreamResponse:
        if request.content_length is not None and request.content_length > BODY_MAX:
            return web.Response(status=413)
        raw = await request.read()
        sent_at, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 12 and signature.isascii()):  # noqa: PLR2004
            return web.Response(status=401)
        try:
            raw.decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        if self._verifier is None or not self._verifier.is_valid(raw, sent_at, signature):
            return web.Response(status=401)
        try:
            asked = await to_bolt_request(request)
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError):  # no shape that Slack sends
            return web.Response(status=400)
        answer = await to_aiohttp_response(await self._app.async_dispatch(asked))
        # Bolt says 500 where a payload has a shape that Slack never sends.
        return web.Response(status=400) if answer.status == 500 else answer  # noqa: PLR2004

    @asynccontextmanager
    async def socket_mode(self, app_token: str) -> AsyncIterator[None]:
        """Socket Mode while the block runs: Slack's requests come in over a connection that we open."""
        client = AsyncWebClient(base_url=self._base_url, retry_handlers=[])
        handler = AsyncSocketModeHandler(self._app, app_token, web_client=client)
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):  # it would try for ever, and nobody could end the process
                await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no type there
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _take(self, req: AsyncBoltRequest, context: AsyncBoltContext) -> BoltResponse:
        """Every request ends here, over HTTP and Socket Mode alike: nothing is left to Bolt's own listeners.

        What is not answered with 200 comes again: over Socket Mode Bolt acknowledges nothing else.
        """
        try:
            with since_now():
                reaction = await self._reaction(req.body, context)
        except BotError as problem:
            log.warning("slack_request_failed", why=str(problem))
            reaction = Reaction(503)
        except Exception:  # whatever comes in, Slack gets an answer and the others are served
            log.exception("slack_request_failed")
            reaction = Reaction(503)
        return BoltResponse(status=reaction.status, body=reaction.body or "")

    async def _reaction(self, body: Fields, context: AsyncBoltContext) -> Reaction:
        bot, trouble = await self._looked_up(context)
        happened = parse.happening(body, bot_user=bot.user_id if bot else "", root=self._root, own=self._own)
        if isinstance(happened, parse.Ended):
            return await self._ended(happened, context)
        if happened is None:
            return Reaction()
        if bot is not None:
            return await self._desk.take(bot, happened)
        if trouble:
            log.warning("slack_request_failed", why=trouble)
        return self._unserved(happened, comes_again=bool(trouble))

    async def _looked_up(self, context: AsyncBoltContext) -> tuple[Bot | None, str]:
        """The bot in a request's workspace, or why it can't be had now; neither where the app is not installed."""
        is_early = self._is_waiting()  # before the look: it may become known right after that
        try:
            async with asyncio.timeout(front_desk.WITHIN_S):
                tenant = await self._workspaces.tenant_of(*_ids(context))
                bot = await self._workspaces.bot(tenant) if tenant else None
                if bot is not None:
                    return bot, ""
                if tenant and await self._workspaces.is_installed(tenant):
                    return None, "there is no token that works"
        except (BotError, TimeoutError) as problem:
            return None, str(problem) or "its workspace could not be looked up in time"
        return None, "its workspace is not known yet: Slack has not answered since the start" if is_early else ""

    def _unserved(self, happened: parse.Happening, *, comes_again: bool) -> Reaction:
        """Who waits for an answer is told why there is none; an event comes again where that may help."""
        why = views.LOOKED_IN_VAIN if comes_again else views.NOT_INSTALLED
        match happened:
            case parse.Typed() if happened.trigger:
                return Reaction(body={"response_type": "ephemeral", "text": why})
            case parse.SentForm():
                first = next(iter(happened.submission.values), "")
                return Reaction(body={"response_action": "errors", "errors": {first: why}})
            case parse.PressedOn() | parse.Shortcut() if happened.response_url:
                self._work.spawn("answer", self._tell(happened, why))
                return Reaction()
            case parse.PressedOn() | parse.Shortcut():  # on a Home: that it failed can be shown by Slack alone
                return Reaction(503)
            case _:
                return Reaction(503 if comes_again else 200)

    async def _tell(self, here: parse.PressedOn | parse.Shortcut, why: str) -> None:
        """After the acknowledgement: Slack shows nothing of what an answer to a press says. Raises: ChatError."""
        said = {"response_type": "ephemeral", "replace_original": False, "thread_ts": here.where.thread, "text": why}
        await at_last(lambda: self._workspaces.api.respond(here.response_url, said))

    async def _ended(self, ended: parse.Ended, context: AsyncBoltContext) -> Reaction:
        """Of just this installation: the enterprise's goes on when one workspace takes out its own."""
        team, enterprise = _ids(context)
        tenant = enterprise if context.is_enterprise_install else team
        if tenant:
            end = self._workspaces.uninstalled if ended.is_uninstall else self._workspaces.revoked
            await end(tenant, datetime.fromtimestamp(ended.at, UTC))
            log.info("workspace_ended", platform=PLATFORM, tenant=tenant, uninstalled=ended.is_uninstall)
        return Reaction()


def _ids(context: AsyncBoltContext) -> tuple[str | None, str | None]:
    """The workspace, and its enterprise; what has a shape that Slack never sends is no id."""
    team, enterprise = (each if isinstance(each, str) else None for each in (context.team_id, context.enterprise_id))
    return None if context.is_enterprise_install else team, enterprise


@contextmanager
def _without_slack_settings() -> Iterator[None]:
    """Bolt reads the environment by itself and would take another mode from it than the settings say."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)
