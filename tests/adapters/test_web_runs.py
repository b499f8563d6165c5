"""A huddle's runs as a file in a browser: for whoever leads its team, with a pass for that file alone."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from sqlmodel import col, select

from adapters.web.host import serving
from adapters.web.pages import Pages
from adapters.web.passes import Doorkeeper
from adapters.web.runs import RunsFile
from bot.huddles import count_views
from storage import passes
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.field_dispatch import FieldDispatch, field_dispatch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKEN = "Zk3-only-the-browser-has-this"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Site:
    """The pages of Northwater."""

    house: FieldDispatch
    http: ClientSession
    address: str

    async def comes_in(self, who: str, page: str) -> str:
        """Somebody has a pass and exchanges it; the browser's cookie."""
        async with self.house.database.write(SYSTEM) as tx:
            person = await tx.first(select(Person).where(Person.name == who))
            assert person is not None
            tx.acts_for(by=person.id, event_id=None, now=NOON)
            given = passes.Pass(
                organisation_id=person.organisation_id,
                person_id=person.id,
                page=page,
                token_hash=passes.hash_of(TOKEN),
                expires_at=NOON + passes.OPENS_FOR,
            )
            tx.add(given)
        async with self.http.post(
            f"{self.address}/open", data=f"token={TOKEN}", headers=FORM, allow_redirects=False
        ) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, page)
            jar = SimpleCookie(answer.headers["Set-Cookie"])
            return "; ".join(f"{each.key}={each.value}" for each in jar.values())

    async def opens(self, page: str, cookie: str = "") -> tuple[int, dict[str, str], str]:
        async with self.http.get(f"{self.address}{page}", headers={"Cookie": cookie} if cookie else {}) as answer:
            return answer.status, dict(answer.headers), await answer.text()


@pytest.fixture
async def site(sqlite: Database) -> AsyncIterator[Site]:
    house = await field_dispatch(sqlite, NOON)
    door = Doorkeeper(sqlite, Pages(), lambda: NOON)

    def mount(app: web.Application) -> None:
        app.add_routes([*door.routes(), *RunsFile(sqlite, door).routes()])

    async with ClientSession(cookie_jar=DummyCookieJar()) as http, serving("127.0.0.1", 0, [mount]) as port:
        yield Site(house, http, f"http://127.0.0.1:{port}")


async def the_page(site: Site) -> str:
    async with site.house.database.read(SYSTEM) as tx:
        huddle = await tx.first(select(Huddle))
    assert huddle is not None
    return f"/runs/{huddle.id}"


async def test_the_lead_gets_every_run_that_is_over(site: Site) -> None:
    page = await the_page(site)
    async with site.house.database.write(SYSTEM) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        run = await tx.first(select(HuddleRun).order_by(col(HuddleRun.id)))
        assert run is not None
        run.state, run.reason = HuddleRun.State.SKIPPED, "=HYPERLINK(1)"
    status, headers, text = await site.opens(page, await site.comes_in("Dana", page))
    assert status == 200
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert "attachment" in headers["Content-Disposition"]
    head, *lines = csv.reader(io.StringIO(text))
    assert tuple(head) == count_views.COLUMNS
    assert len(lines) > 3
    assert lines[0][1:3] == ["skipped", "'=HYPERLINK(1)"]
    assert all(line[5] == "5" for line in lines[1:])
    assert "Amy" not in text


async def test_without_a_pass_nobody_gets_it(site: Site) -> None:
    status, _, text = await site.opens(await the_page(site))
    assert status == 403
    assert "huddle export" in text


async def test_a_pass_for_one_file_opens_no_other(site: Site) -> None:
    cookie = await site.comes_in("Dana", await the_page(site))
    assert (await site.opens("/runs/999", cookie))[0] == 403


async def test_who_leads_the_team_no_more_gets_it_no_more(site: Site) -> None:
    page = await the_page(site)
    status, _, text = await site.opens(page, await site.comes_in("Amy", page))
    assert status == 403
    assert "whoever leads its team" in text
