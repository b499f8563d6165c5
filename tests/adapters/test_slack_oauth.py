"""Installing by OAuth, as a browser does it: bound to that browser, once, in time, and without a word too much."""

import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.web import Application
from sqlmodel import select
from yarl import URL

from adapters.slack import oauth
from adapters.slack.api import SlackApi
from adapters.slack.manifest import SCOPES
from adapters.slack.oauth import COOKIE, LASTS, SlackApp, authorize_url, routes
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Workspaces, utc_now
from adapters.web.host import serving
from adapters.wire import a_wire
from storage.engine import Database
from storage.organisations import Install
from storage.slack import SlackState
from storage.tx import SYSTEM
from tests.support.slack_double import LostReply, Refuse, ServerError, SlackDouble, slack_double

KEYS = f"k1:{base64.b64encode(b'1' * 32).decode()}"
PUBLIC = "http://127.0.0.1"


@dataclass
class Seen:
    """A page."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", self.text, flags=re.DOTALL))


class Visitor:
    """Somebody's browser: it keeps cookies and follows no link by itself."""

    def __init__(self, http: ClientSession, bot: str) -> None:
        self.http, self.bot = http, bot

    async def opens(self, url: str) -> Seen:
        async with self.http.get(URL(url, encoded=True), allow_redirects=False) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))

    async def begins(self) -> str:
        """The link to Slack."""
        page = await self.opens(f"{self.bot}/slack/install")
        assert page.status == 200, page.text
        (link,) = re.findall(r'href="([^"]+)"', page.text)
        return unescape(link)

    async def allows(self, link: str) -> str:
        """Presses Allow on Slack's page; where that leads to."""
        answer = await self.opens(f"{link}&team=T1&user=U1")
        assert answer.status == 302, answer.text
        return answer.headers["Location"]


@dataclass
class Stage:
    """The bot and Slack, both running."""

    slack: SlackDouble
    database: Database
    address: str

    async def states(self) -> int:
        async with self.database.read(SYSTEM) as tx:
            return len((await tx.session.scalars(select(SlackState))).all())

    async def installs(self) -> list[str]:
        async with self.database.read(SYSTEM) as tx:
            return [each.name for each in (await tx.session.scalars(select(Install))).all()]


@pytest.fixture
def keys() -> str:
    return KEYS


@pytest.fixture
async def stage(sqlite: Database, keys: str) -> AsyncIterator[Stage]:
    async with slack_double() as slack, a_wire("slack") as wire:
        team = slack.add_workspace("T1", "Northwater", installed=False)
        team.add_user("U1", "Ada", admin=True)
        workspaces = Workspaces(sqlite, SlackApi(wire, slack.api_url), Vault.from_text(keys))

        def mount(web: Application) -> None:
            app = SlackApp(slack.world.client_id, slack.world.client_secret, SCOPES, PUBLIC)
            web.add_routes(routes(workspaces, app))

        async with serving("127.0.0.1", 0, [mount]) as port:
            yield Stage(slack, sqlite, f"{PUBLIC}:{port}")


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[Visitor]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Visitor(http, stage.address)


async def comes_back(visitor: Visitor, stage: Stage) -> str:
    """Where Slack leads to, at the port that the test has."""
    back = urlsplit(await visitor.allows(await visitor.begins()))
    return f"{stage.address}{back.path}?{back.query}"


async def test_an_installation_ends_with_the_name_of_the_workspace_and_what_comes_next(
    stage: Stage, visitor: Visitor
) -> None:
    page = await visitor.opens(await comes_back(visitor, stage))
    assert page.status == 200
    assert "Folkmoot is installed in Northwater" in page.words
    assert "/cx team setup" in page.words
    assert await stage.installs() == ["Northwater"]


async def test_the_way_to_slack_asks_for_the_scopes_of_the_manifest_and_leads_back_here(visitor: Visitor) -> None:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(await visitor.begins()).query).items()}
    state = asked.pop("state")
    assert len(state) >= 43, "256 bits"
    assert asked == {
        "client_id": "111.222",
        "scope": ",".join(SCOPES),
        "redirect_uri": "http://127.0.0.1/slack/oauth_redirect",
    }


@pytest.mark.parametrize(("api", "page"), [
    ("https://slack.com/api/", "https://slack.com/oauth/v2/authorize"),
    ("https://slack-gov.com/api/", "https://slack-gov.com/oauth/v2/authorize"),
    ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/oauth/v2/authorize"),
])  # fmt: skip
def test_slacks_page_stands_beside_its_api(api: str, page: str) -> None:
    found = authorize_url(api, SlackApp("1", "2", SCOPES, PUBLIC), "state")
    assert found.partition("?")[0] == page


async def test_the_cookie_is_for_these_pages_alone_and_out_of_reach_of_scripts(visitor: Visitor) -> None:
    cookie = (await visitor.opens(f"{visitor.bot}/slack/install")).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/slack/", "Max-Age=600"} <= parts
    assert "Secure" not in parts, "this one is not over https"


async def test_over_https_the_cookie_never_travels_in_the_clear(sqlite: Database) -> None:
    async with a_wire("slack") as wire:
        workspaces = Workspaces(sqlite, SlackApi(wire), Vault.from_text(KEYS))
        pages = routes(workspaces, SlackApp("1", "2", SCOPES, "https://bot.northwater.example"))

        def mount(web: Application) -> None:
            web.add_routes(pages)

        async with serving("127.0.0.1", 0, [mount]) as port, ClientSession() as http:
            page = await Visitor(http, "").opens(f"{PUBLIC}:{port}/slack/install")
    assert "Secure" in page.headers["Set-Cookie"]


async def test_nothing_is_kept_of_those_who_only_begin(stage: Stage, visitor: Visitor) -> None:
    for _ in range(20):
        await visitor.begins()
    assert await stage.states() == 0


async def test_neither_a_state_nor_what_is_kept_of_it_tells_the_browsers_secret(stage: Stage, visitor: Visitor) -> None:
    back = await comes_back(visitor, stage)
    state = parse_qs(urlsplit(back).query)["state"][0]
    (secret,) = [cookie.value for cookie in visitor.http.cookie_jar if cookie.key == COOKIE]
    await visitor.opens(back)
    async with stage.database.read(SYSTEM) as tx:
        (kept,) = (await tx.session.scalars(select(SlackState))).all()
    assert kept.state_hash not in {state, secret}
    assert secret not in state


async def test_what_was_sealed_for_another_purpose_is_no_state(stage: Stage, visitor: Visitor) -> None:
    back = await comes_back(visitor, stage)
    (secret,) = [cookie.value for cookie in visitor.http.cookie_jar if cookie.key == COOKIE]
    until = (utc_now() + LASTS).isoformat()
    forged = Vault.from_text(KEYS).seal(f"{until} {hashlib.sha256(secret.encode()).hexdigest()}", "a token")
    page = await visitor.opens(re.sub(r"state=[^&]+", f"state={forged}", back))
    assert (page.status, await stage.installs(), await stage.states()) == (400, [], 0)
    visitor.http.cookie_jar.update_cookies({COOKIE: secret}, URL(stage.address) / "slack/")
    assert (await visitor.opens(back)).status == 200, "the code was good"


async def test_an_installation_works_once(stage: Stage, visitor: Visitor) -> None:
    back = await comes_back(visitor, stage)
    cookies = {cookie.key: cookie.value for cookie in visitor.http.cookie_jar}
    assert (await visitor.opens(back)).status == 200
    assert not list(visitor.http.cookie_jar), "the cookie is gone"
    visitor.http.cookie_jar.update_cookies(cookies, URL(stage.address) / "slack/")
    again = await visitor.opens(back)
    assert (again.status, await stage.states()) == (400, 1)
    assert "opened without the one before it" in again.words


async def test_another_browser_can_not_end_what_this_one_began(stage: Stage, visitor: Visitor) -> None:
    back = await comes_back(visitor, stage)
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        other = Visitor(http, stage.address)
        await other.begins()
        assert (await other.opens(back)).status == 400
    assert await stage.installs() == []
    assert (await visitor.opens(back)).status == 200, "and who began is not in the way of somebody who tries"


async def test_an_installation_that_took_too_long_begins_again(
    stage: Stage, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = await comes_back(visitor, stage)
    monkeypatch.setattr(oauth, "utc_now", lambda: utc_now() + LASTS)
    page = await visitor.opens(back)
    assert (page.status, await stage.installs()) == (400, [])
    assert 'href="/slack/install"' in page.text


async def test_a_look_at_the_head_of_a_page_uses_nothing_up(stage: Stage, visitor: Visitor) -> None:
    back = await comes_back(visitor, stage)
    async with visitor.http.head(URL(back, encoded=True)) as answer:
        assert answer.status == 405
    assert (await visitor.opens(back)).status == 200


async def test_who_says_no_on_slacks_page_is_told_that_nothing_changed(stage: Stage, visitor: Visitor) -> None:
    state = parse_qs(urlsplit(await visitor.begins()).query)["state"][0]
    page = await visitor.opens(f"{stage.address}/slack/oauth_redirect?error=access_denied&state={state}")
    assert (page.status, await stage.installs()) == (400, [])
    assert "You said no on Slack's page, so nothing was changed." in page.words


@pytest.mark.parametrize("query", [
    "", "?state=&code=", "?state=x", "?code=x", "?state=%00&code=%00", "?state=%ff%fe", "?state=%ed%a0%80&code=1",
    f"?state={'x' * 5000}&code=y",
])  # fmt: skip
async def test_what_nobody_began_is_refused_plainly(stage: Stage, visitor: Visitor, query: str) -> None:
    await visitor.begins()
    page = await visitor.opens(f"{stage.address}/slack/oauth_redirect{query}")
    assert page.status == 400
    assert "Folkmoot is not installed" in page.words


async def test_what_slack_says_is_shown_as_text(stage: Stage, visitor: Visitor) -> None:
    state = parse_qs(urlsplit(await visitor.begins()).query)["state"][0]
    evil = "%3Cscript%3Ealert(1)%3C/script%3E"
    page = await visitor.opens(f"{stage.address}/slack/oauth_redirect?error={evil}&state={state}")
    assert "<script" not in page.text
    assert "<script>alert(1)" in page.words


async def test_the_name_of_a_workspace_is_shown_as_text(stage: Stage, visitor: Visitor) -> None:
    stage.slack.workspace("T1").workspace.name = "<img src=x onerror=alert(1)>&amp;"
    page = await visitor.opens(await comes_back(visitor, stage))
    assert "<img" not in page.text
    assert "Folkmoot is installed in <img src=x onerror=alert(1)>&amp;" in page.words


@pytest.mark.parametrize(("fault", "status", "said"), [
    (Refuse("invalid_code"), 400, "Slack did not take the code"),
    (Refuse("bad_client_secret"), 400, "does not know this app's client id and secret"),
    (Refuse("bad_redirect_uri"), 400, "add it to the redirect URLs"),
    (Refuse("invalid_team_for_non_distributed_app"), 400, "Manage Distribution"),
    (Refuse("something_new"), 400, "Slack refused it: something_new."),
    (Refuse("invalid_auth"), 502, "Slack did not answer in a way that can be read"),
    (ServerError(503), 502, "Slack did not answer in a way that can be read"),
    (LostReply(), 502, "Slack did not answer in a way that can be read"),
])  # fmt: skip
async def test_whatever_slack_answers_there_is_a_plain_page(
    stage: Stage, visitor: Visitor, fault: Refuse | ServerError | LostReply, status: int, said: str
) -> None:
    stage.slack.faults.next("oauth.v2.access", fault)
    page = await visitor.opens(await comes_back(visitor, stage))
    assert page.status == status
    assert said in page.words
    assert (await visitor.opens(await comes_back(visitor, stage))).status == 200, "beginning again works"


@pytest.mark.parametrize("keys", [""])
async def test_without_a_key_the_one_who_installs_is_sent_to_who_runs_the_bot(
    stage: Stage, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await visitor.opens(f"{stage.address}/slack/install")
    assert (page.status, await stage.installs()) == (503, [])
    assert "finds the reason in its log" in page.words
    assert "FOLKMOOT_SECRET_KEYS is not set" in "".join(capsys.readouterr())


async def test_no_token_and_no_secret_is_in_a_page_or_in_the_log(
    stage: Stage, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.slack.world.rotates = True
    first = await comes_back(visitor, stage)
    pages = [await visitor.opens(first), await visitor.opens(first)]
    secrets = [*stage.slack.world.tokens, *stage.slack.world.refreshes, stage.slack.world.client_secret]
    told = "".join([*(page.text + json.dumps(page.headers) for page in pages), *capsys.readouterr()])
    assert secrets
    assert not [secret for secret in secrets if secret in told]


async def test_a_page_runs_nothing_and_sends_its_address_nowhere(stage: Stage, visitor: Visitor) -> None:
    for page in (
        await visitor.opens(f"{stage.address}/slack/install"),
        await visitor.opens(f"{stage.address}/slack/oauth_redirect"),
    ):
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script" not in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
