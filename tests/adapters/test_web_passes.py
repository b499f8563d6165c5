"""A link from the chat, as browsers use it: once, in time, for one person of one organisation; on both databases."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from sqlmodel import select

from adapters.web.host import Mount, serving
from adapters.web.pages import Pages
from adapters.web.passes import Doorkeeper
from adapters.web.roadmap import MapPage
from schedules.simulated import SimulatedClock
from storage import passes
from storage.engine import Database
from storage.initiatives import Initiative
from storage.passes import OPENS_FOR, STAYS_FOR, Pass, hash_of
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.company import Company, a_company, acting
from tests.support.mapped import northwater_map

BOTS_NOW = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
BEGAN = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "Zk3-only-the-browser-has-this"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Seen:
    """A page."""

    status: int
    text: str
    headers: dict[str, str]
    cookie: str = ""
    set_cookie: str = ""

    @property
    def words(self) -> str:
        bare = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(bare).split())


@dataclass
class Site:
    """The pages, on a real time that is moved by hand."""

    database: Database
    http: ClientSession
    company: Company
    real_now: datetime = BEGAN
    address: str = field(default="")

    async def give(self, company: Company, who: str, token: str = TOKEN, page: str = "/map") -> None:
        """Somebody asked in the chat."""
        async with acting(self.database, company) as tx:
            await passes.give(tx, company.people[who], page, token=token, real_now=self.real_now)

    async def opens(self, path: str, *, cookie: str = "", method: str = "GET") -> Seen:
        headers = {"Cookie": cookie} if cookie else {}
        async with self.http.request(method, f"{self.address}{path}", headers=headers, allow_redirects=False) as answer:
            return await seen(answer)

    async def posts(self, token: str = TOKEN, **headers: str) -> Seen:
        """Somebody presses the button on the page behind a link."""
        sent = FORM | headers
        async with self.http.post(
            f"{self.address}/open", data=f"token={token}", headers=sent, allow_redirects=False
        ) as answer:
            return await seen(answer)

    async def change(self, **values: object) -> None:
        """Something about Dana changes."""
        async with acting(self.database, self.company) as tx:
            dana = await tx.need(Person, self.company.people["dana"].id)
            for name, value in values.items():
                setattr(dana, name, value)

    async def kept(self) -> Pass:
        async with self.database.read(SYSTEM) as tx:
            found = await tx.first(select(Pass))
        assert found is not None
        return found


def mounting(routes: Sequence[web.RouteDef]) -> Mount:
    """Puts routes on a server."""

    def mount(app: web.Application) -> None:
        app.add_routes(routes)

    return mount


async def seen(answer) -> Seen:
    """What a browser got."""
    jar = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    cookie = "; ".join(f"{each.key}={each.value}" for each in jar.values())
    return Seen(answer.status, await answer.text(), dict(answer.headers), cookie, answer.headers.get("Set-Cookie", ""))


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    async for each in a_site(database):
        yield each


@pytest.fixture
async def https_site(sqlite: Database) -> AsyncIterator[Site]:
    """The same behind https, below a path."""
    async for each in a_site(sqlite, "https://bot.example.org/folk/"):
        yield each


async def a_site(database: Database, public_url: str = "") -> AsyncIterator[Site]:
    company = await a_company(database, admin="Dana")
    async with acting(database, company) as tx:
        await northwater_map(tx)
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        made = Site(database, http, company)
        pages = Pages()
        door = Doorkeeper(database, pages, lambda: made.real_now, public_url=public_url)
        routes = [*door.routes(), *MapPage(database, SimulatedClock(BOTS_NOW), pages, door).routes()]
        async with serving("127.0.0.1", 0, [mounting(routes)]) as port:
            made.address = f"http://127.0.0.1:{port}"
            yield made


async def test_a_link_opens_the_map_for_its_person(site: Site) -> None:
    await site.give(site.company, "dana")
    into = await site.posts()
    assert (into.status, into.headers["Location"]) == (303, "/map")
    page = await site.opens("/map", cookie=into.cookie)
    assert page.status == 200
    for part in (
        "Transformation map",
        "Call centre",
        "I-1 Fault questions before booking a visit red",
        "Shown to Dana",
        "As it stood on Tue 24 Nov 2026, 09:14 (London)",
        "look at it until Tue 24 Nov 2026, 20:00",
        "Billing nothing yet",
        "until Wed 30 Jun 2027 · needs I-1",
    ):
        assert part in page.words, part
    picture = await site.opens("/map/light.svg", cookie=into.cookie)
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")
    assert (await site.opens("/map/dark.svg", cookie=into.cookie)).text != picture.text


async def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    await site.give(site.company, "dana")
    for method in ("GET", "HEAD"):
        shown = await site.opens("/open", method=method)
        assert shown.status == 200
        assert not shown.set_cookie
    assert (await site.kept()).used_at is None
    assert (await site.posts()).status == 303


async def test_a_link_opens_once(site: Site) -> None:
    await site.give(site.company, "dana")
    assert (await site.posts()).status == 303
    second = await site.posts()
    assert second.status == 410
    assert not second.set_cookie
    assert "works once, and for 10 minutes" in second.words
    assert "initiative map" in second.words


async def test_of_many_presses_at_once_one_gets_in(site: Site) -> None:
    for number in range(5):
        await site.give(site.company, "dana", token := f"{TOKEN}-{number}")
        answers = await asyncio.gather(*(site.posts(token) for _ in range(6)))
        assert sorted(each.status for each in answers) == [303, *[410] * 5]
        inside = next(each for each in answers if each.status == 303)
        assert (await site.opens("/map", cookie=inside.cookie)).status == 200


@pytest.mark.parametrize(("later", "status"), [
    (OPENS_FOR - timedelta(seconds=1), 303), (OPENS_FOR, 410), (timedelta(days=1), 410),
])  # fmt: skip
async def test_a_link_opens_for_ten_minutes(site: Site, later, status) -> None:
    await site.give(site.company, "dana")
    site.real_now += later
    assert (await site.posts()).status == status


@pytest.mark.parametrize("token", ["", "nobody-was-given-this", "%00%ff", "x" * 2_000, hash_of(TOKEN)])
async def test_an_unknown_link_opens_nothing(site: Site, token) -> None:
    await site.give(site.company, "dana")
    refused = await site.posts(token)
    assert (refused.status, refused.set_cookie) == (410, "")


async def test_a_browser_may_look_for_eight_hours(site: Site) -> None:
    await site.give(site.company, "dana")
    cookie = (await site.posts()).cookie
    site.real_now += STAYS_FOR - timedelta(seconds=1)
    assert (await site.opens("/map", cookie=cookie)).status == 200
    site.real_now += timedelta(seconds=1)
    over = await site.opens("/map", cookie=cookie)
    assert over.status == 403
    assert "come in from the chat" in over.words


@pytest.mark.parametrize("values", [{"active": False}, {"is_external": True}])
@pytest.mark.parametrize("path", ["/map", "/map/light.svg"])
async def test_somebody_who_left_or_became_a_guest_is_kept_out_at_once(site: Site, values, path) -> None:
    await site.give(site.company, "dana")
    cookie = (await site.posts()).cookie
    assert (await site.opens(path, cookie=cookie)).status == 200
    await site.change(**values)
    refused = await site.opens(path, cookie=cookie)
    assert refused.status == 403
    assert "This map is not for you" in refused.words
    assert "I-1" not in refused.text


async def test_a_pass_shows_its_own_organisation_alone(site: Site) -> None:
    southwater = await a_company(site.database, "Southwater", admin="Ada")
    async with acting(site.database, southwater) as tx:
        tx.add(Initiative(code="I-9", title="Southwater's own"))
    await site.give(southwater, "ada")
    page = await site.opens("/map", cookie=(await site.posts()).cookie)
    assert page.status == 200
    assert "Southwater's own" in page.words
    assert "Fault questions" not in page.words


async def test_a_pass_for_another_page_does_not_open_the_map(site: Site) -> None:
    await site.give(site.company, "dana", page="/agenda")
    into = await site.posts()
    assert into.headers["Location"] == "/agenda"
    name_of_map = into.cookie.replace("folkmoot-agenda", "folkmoot-map")
    assert (await site.opens("/map", cookie=name_of_map)).status == 403


@pytest.mark.parametrize("cookie", ["", "folkmoot-map=", f"folkmoot-map={TOKEN}", "folkmoot-map=" + "x" * 3_000])
async def test_nobody_gets_in_without_a_session(site: Site, cookie) -> None:
    await site.give(site.company, "dana")
    refused = await site.opens("/map", cookie=cookie)
    assert refused.status == 403
    assert "come in from the chat" in refused.words
    assert "I-1" not in refused.text


async def test_the_cookie_is_for_this_page_and_no_script_or_other_site(site: Site) -> None:
    await site.give(site.company, "dana")
    said = (await site.posts()).set_cookie
    parts = {each.strip() for each in said.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/map", f"Max-Age={8 * 3600}"} <= parts
    assert "Secure" not in parts  # it stands on http here


async def test_behind_https_the_cookie_is_secure_and_below_the_bots_path(https_site: Site) -> None:
    await https_site.give(https_site.company, "dana")
    into = await https_site.posts()
    assert into.headers["Location"] == "/folk/map"
    assert into.set_cookie.startswith("__Secure-folkmoot-map=")
    assert {"Secure", "Path=/folk/map"} <= {each.strip() for each in into.set_cookie.split(";")}
    assert (await https_site.opens("/map", cookie=into.cookie)).status == 200


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
])  # fmt: skip
async def test_another_site_can_t_send_the_form(site: Site, headers) -> None:
    await site.give(site.company, "dana")
    assert (await site.posts(**headers)).status == 403
    assert (await site.kept()).used_at is None


async def test_every_page_keeps_its_address_and_itself_to_itself(site: Site) -> None:
    await site.give(site.company, "dana")
    into = await site.posts()
    for page in (
        into,
        await site.opens("/open"),
        await site.opens("/map", cookie=into.cookie),
        await site.opens("/map"),
    ):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Frame-Options"] == "DENY"
        policy = page.headers.get("Content-Security-Policy", "default-src 'none'")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_only_hashes_are_kept_and_nothing_of_them_is_logged(site: Site, capfd) -> None:
    await site.give(site.company, "dana")
    into = await site.posts()
    await site.posts()
    session = into.cookie.partition("=")[2]
    kept = await site.kept()
    assert (kept.token_hash, kept.session_hash) == (hash_of(TOKEN), hash_of(session))
    said = "".join(capfd.readouterr())
    assert TOKEN not in said
    assert session not in said


async def test_passes_that_open_nothing_any_more_are_forgotten(site: Site) -> None:
    await site.give(site.company, "dana")
    site.real_now += STAYS_FOR + OPENS_FOR + timedelta(seconds=1)
    await site.give(site.company, "dana", "another")
    async with site.database.read(SYSTEM) as tx:
        assert [each.token_hash for each in await tx.all(select(Pass))] == [hash_of("another")]


async def test_hostile_names_stay_words(site: Site) -> None:
    await site.change(name="<script>alert(1)</script>")
    async with acting(site.database, site.company) as tx:
        tx.add(Initiative(code="I-99", title='<img src=x onerror="alert(1)">'))
    await site.give(site.company, "dana")
    page = await site.opens("/map", cookie=(await site.posts()).cookie)
    assert "<img src=x" not in page.text
    assert "<script>alert" not in page.text


async def test_an_empty_map_has_its_page_too(database: Database) -> None:
    company = await a_company(database, admin="Dana")
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        made = Site(database, http, company)
        pages = Pages()
        door = Doorkeeper(database, pages, lambda: made.real_now)
        routes = [*door.routes(), *MapPage(database, SimulatedClock(BOTS_NOW), pages, door).routes()]
        async with serving("127.0.0.1", 0, [mounting(routes)]) as port:
            made.address = f"http://127.0.0.1:{port}"
            await made.give(company, "dana")
            cookie = (await made.posts()).cookie
            assert "Nothing is on the map yet" in (await made.opens("/map", cookie=cookie)).words
            assert (await made.opens("/map/light.svg", cookie=cookie)).status == 404
