"""Installing by OAuth: `/slack/install` leads to Slack, and Slack leads back to `/slack/oauth_redirect`.

An installation is bound to the browser where it began, and works once. What it is bound to travels sealed in its own
state, so that nothing is kept of those who only begin one: anybody may.
Source: https://docs.slack.dev/authentication/installing-with-oauth and RFC 6749 section 10.12.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin

import structlog
from aiohttp import web

from adapters.slack import install_views as words
from adapters.slack.api import SlackRefused
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.names import COMMANDS, ROOT
from adapters.slack.secrets import CannotOpen, Vault
from adapters.slack.workspaces import Bot, NoBotToken, Workspaces, utc_now
from bot.ports import ChatError
from bot.settings import SettingsError
from storage import slack
from storage.errors import BotError
from storage.tx import SYSTEM

COOKIE = "folkmoot_slack_install"
LASTS = timedelta(minutes=10)
SECRET_BYTES = 32
STATE = "slack.install.state"  # what a state is sealed for, so that nothing else that was sealed passes as one
GIVEN_MOST = 1_000  # characters of what a browser may send back

_STYLE_HASH = base64.b64encode(hashlib.sha256(words.STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app as Slack knows it, and where Slack sends people back to."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: Sequence[str]
    public_url: str
    root: str = COMMANDS[ROOT]
    """The name of the root command, for the words at the end."""

    @property
    def redirect_url(self) -> str:
        """Where Slack leads back to; the app's settings have the same."""
        return f"{self.public_url.rstrip('/')}{REDIRECT_PATH}"


class _Stopped(BotError):
    """An installation ends here; `words` are for the one who installs."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.words = said
        self.status = status


def routes(workspaces: Workspaces, app: SlackApp) -> list[web.RouteDef]:
    """The two pages."""

    async def begin(_request: web.Request) -> web.Response:
        browser = secrets.token_urlsafe(SECRET_BYTES)
        try:
            state = workspaces.vault.seal(f"{(utc_now() + LASTS).isoformat()} {_hash(browser)}", STATE)
        except SettingsError as problem:  # without a key to seal with no token can be kept either
            log.warning("slack_install_not_begun", why=str(problem))
            return _page(words.not_installed(words.CANNOT_KEEP, INSTALL_PATH), 503)
        response = _page(words.begin(authorize_url(workspaces.api.base_url, app, state)))
        response.set_cookie(
            COOKIE,
            browser,
            max_age=int(LASTS.total_seconds()),
            path="/slack/",
            httponly=True,
            samesite="Lax",  # Slack leads back here from its own site
            secure=app.public_url.startswith("https:"),
        )
        return response

    async def finish(request: web.Request) -> web.Response:
        try:
            bot = await _installed(workspaces, app, request)
        except _Stopped as stop:
            response = _page(words.not_installed(stop.words, INSTALL_PATH), stop.status)
        except Exception:  # whatever went wrong, somebody waits in a browser
            log.exception("slack_install_failed")
            response = _page(words.not_installed(words.CANNOT_KEEP, INSTALL_PATH), 503)
        else:
            log.info("slack_installed", tenant=bot.tenant)
            response = _page(words.installed(bot.name, app.root))
        response.del_cookie(COOKIE, path="/slack/")
        return response

    # Not for HEAD: looking at an address must not use it up.
    return [web.get(INSTALL_PATH, begin, allow_head=False), web.get(REDIRECT_PATH, finish, allow_head=False)]


def authorize_url(api_url: str, app: SlackApp, state: str) -> str:
    """Slack's page on which somebody allows the app; it stands beside the Web API, also in other clouds."""
    asked = {
        "client_id": app.client_id,
        "scope": ",".join(app.scopes),
        "redirect_uri": app.redirect_url,
        "state": state,
    }
    return f"{urljoin(api_url, '../oauth/v2/authorize')}?{urlencode(asked)}"


async def _installed(workspaces: Workspaces, app: SlackApp, request: web.Request) -> Bot:
    """Raises: _Stopped."""
    state, browser = _given(request.query.get("state")), _given(request.cookies.get(COOKIE))
    now = utc_now()
    expires_at = _expiry(workspaces.vault, state, browser)
    if expires_at is None or expires_at <= now:
        raise _Stopped(words.NOT_WHERE_IT_BEGAN)
    try:
        async with workspaces.database.write(SYSTEM) as tx:
            # By its browser's secret, which is made for each beginning: a sealed text can be spelled in several ways.
            is_first = await slack.use_state(tx, _hash(browser), expires_at=expires_at, now=now)
    except BotError as problem:
        log.warning("slack_install_failed", why=str(problem))
        raise _Stopped(words.CANNOT_KEEP, 503) from problem
    if not is_first:
        raise _Stopped(words.NOT_WHERE_IT_BEGAN)
    code = _given(request.query.get("code"))
    if not code:
        raise _Stopped(words.refused(_given(request.query.get("error")) or "no reason given"))
    return await _exchanged(workspaces, app, code)


def _expiry(vault: Vault, state: str, browser: str) -> datetime | None:
    """Until when a state works; None where we did not make it, or not for this browser."""
    try:
        until, _, browser_hash = vault.open(state, STATE).partition(" ")
    except CannotOpen:
        return None
    return datetime.fromisoformat(until) if hmac.compare_digest(browser_hash, _hash(browser)) else None


async def _exchanged(workspaces: Workspaces, app: SlackApp, code: str) -> Bot:
    """Raises: _Stopped."""
    try:
        answer = await workspaces.api.call(
            "oauth.v2.access",
            client_id=app.client_id,
            client_secret=app.client_secret,
            code=code,
            redirect_uri=app.redirect_url,
        )
        return await workspaces.install(answer)
    except SlackRefused as problem:
        log.warning("slack_install_refused", why=str(problem))
        raise _Stopped(words.refused(problem.code)) from problem
    except NoBotToken as problem:
        raise _Stopped(words.NO_BOT) from problem
    except ChatError as problem:
        log.warning("slack_install_failed", why=str(problem))
        raise _Stopped(words.SLACK_SILENT, 502) from problem
    except BotError as problem:
        log.warning("slack_install_failed", why=str(problem))
        raise _Stopped(words.CANNOT_KEEP, 503) from problem


def _given(value: str | None) -> str:
    """What a browser sent, or nothing where that can't be ours."""
    return value if value and len(value) <= GIVEN_MOST else ""


def _hash(secret: str) -> str:
    """What is stored instead of a secret that a browser keeps."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
