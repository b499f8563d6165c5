"""The way in: a link from the chat is exchanged by POST, once, for a cookie that opens one page for some hours.

The token stands behind the `#` of the link, so only the browser has it: no server, log or Referer on the way. A GET
changes nothing, so that previews and scanners use nothing up. Source: RFC 9110 section 9.2.1, RFC 6265.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import structlog
from aiohttp import hdrs, web

from adapters.web import views
from adapters.web.pages import SAFE, Pages
from adapters.web.views import Said
from bot.chat.pages import OPEN
from storage import passes
from storage.engine import Database
from storage.errors import DatabaseError
from storage.passes import STAYS_FOR, Pass
from storage.people import Person
from storage.tx import SYSTEM, Tx

SESSION_BYTES = 32
BODY_MAX = 1_000  # bytes of the one small form
FORM_TYPE = "application/x-www-form-urlencoded"
REFUSED, GONE, AWAY = 403, 410, 503

RealNow: TypeAlias = Callable[[], datetime]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who holds a pass, in a transaction of their organisation that only looks."""

    person: Person
    holds: Pass
    tx: Tx


class Doorkeeper:
    """Exchanges links, and says who holds a pass. Real time alone counts here, also where the bot's is simulated."""

    def __init__(self, database: Database, pages: Pages, real_now: RealNow, *, public_url: str = "") -> None:
        """`public_url` is how browsers reach us; empty for the local chat's own address."""
        self._database = database
        self._pages = pages
        self._real_now = real_now
        self._is_secure = public_url.startswith("https:")
        self._below = urlsplit(public_url).path.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """The page behind a link."""
        return [web.get(OPEN, self.plain(self._form)), web.post(OPEN, self.plain(self._exchange))]

    def plain(self, handler: Handler) -> Handler:
        """`handler` that says so where the database can't do its work."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except DatabaseError as problem:
                log.warning("page_not_shown", path=request.path, why=str(problem))
                return self.said(views.AWAY, AWAY)

        return guarded

    def said(self, words: Said, status: int) -> web.Response:
        """A page of a few words."""
        return self._pages.page("said.html", status, said=words)

    def now(self) -> datetime:
        """Real time, by which whoever stands in for a lead today is known."""
        return self._real_now()

    async def holder(self, request: web.Request, page: str) -> Pass | None:
        """The pass with which a browser may look at a page; it is looked up at every request. Raises: DatabaseError."""
        session = request.cookies.get(self._cookie(page), "")
        if not session or len(session) > BODY_MAX:
            return None
        async with self._database.read(SYSTEM) as tx:
            return await passes.of_session(tx, session=session, page=page, real_now=self._real_now())

    async def _form(self, _request: web.Request) -> web.Response:
        return self._pages.page("open.html")

    async def _exchange(self, request: web.Request) -> web.Response:
        if not _is_own_page(request):
            return self.said(views.ELSEWHERE, REFUSED)
        session = secrets.token_urlsafe(SESSION_BYTES)
        token = await _token(request)
        async with self._database.write(SYSTEM) as tx:
            found = await passes.exchange(tx, token=token, session=session, real_now=self._real_now())
        if found is None:
            return self.said(views.GONE, GONE)
        log.info("page_opened", organisation=found.organisation_id, person=found.person_id, page=found.page)
        response = web.Response(status=303, headers={hdrs.LOCATION: f"{self._below}{found.page}", **SAFE})
        response.set_cookie(
            self._cookie(found.page),
            session,
            max_age=int(STAYS_FOR.total_seconds()),
            path=f"{self._below}{found.page}",
            httponly=True,
            samesite="Strict",
            secure=self._is_secure,
        )
        return response

    def _cookie(self, page: str) -> str:
        """Its name; browsers take one that begins so from https alone."""
        return f"{'__Secure-' if self._is_secure else ''}folkmoot{page.replace('/', '-')}"


async def _token(request: web.Request) -> str:
    """The token that the form carries; empty where it carries none that could be ours."""
    if request.content_type != FORM_TYPE or not 0 < (request.content_length or 0) <= BODY_MAX:
        return ""
    fields = parse_qs((await request.read()).decode("ascii", "replace"))
    return fields.get("token", [""])[0].strip().rpartition("#")[2]


def _is_own_page(request: web.Request) -> bool:
    """Whether no other site made the browser send this. The page names no Referer, so its Origin may be `null`."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get(hdrs.ORIGIN, "null")
    return origin == "null" or urlsplit(origin).netloc.lower() == request.host.lower()
