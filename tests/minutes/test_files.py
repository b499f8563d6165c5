"""The files of a council: a personal link that opens once, three formats, and nothing internal for outsiders in any."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import docx
import pypdfium2
import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from icalendar import Calendar
from sqlmodel import select

from adapters.web.host import serving
from adapters.web.pages import Pages
from adapters.web.papers import PaperFiles
from adapters.web.passes import Doorkeeper
from bot.chat.cards import LinkButton, buttons_of
from bot.chat.pages import papers_of
from bot.dispatch import Dispatcher
from bot.ports import Incoming, Sender, Text
from bot.routes import ROUTES
from storage import passes
from storage.people import Person
from storage.tx import SYSTEM
from tests.meeting.hall import Hall
from tests.minutes.held import SECRET
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
FORMATS = ("docx", "pdf", "md")


@dataclass
class Site:
    """The pages of Northwater, in a browser."""

    hall: Hall
    http: ClientSession
    address: str

    async def link(self, who: str, line: str) -> str:
        """The token behind the link that somebody gets."""
        house = self.hall.house
        core = Dispatcher(house.database, ROUTES, house.clock, pages="https://moot.example")
        sender = Sender(who, who.title(), "Europe/London")
        asked = Incoming("local", "local", f"link-{who}-{line}", f"dm-{who}", True, sender, Text(line))
        answer = await core.handle(asked)
        assert answer is not None
        (button,) = [each for each in buttons_of(answer.content) if isinstance(each, LinkButton)]  # type: ignore[arg-type]
        assert not answer.kept
        return button.url.partition("#")[2]

    async def exchange(self, token: str) -> tuple[int, str, str]:
        """What the browser gets for a token: status, where to, and its cookie."""
        sent = {"data": f"token={token}", "headers": FORM, "allow_redirects": False}
        async with self.http.post(f"{self.address}/open", **sent) as answer:  # type: ignore[arg-type]
            jar = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            cookie = "; ".join(f"{each.key}={each.value}" for each in jar.values())
            return answer.status, answer.headers.get("Location", ""), cookie

    async def opens(self, page: str, cookie: str = "") -> tuple[int, str, bytes]:
        """Status, name of the file, and what it holds."""
        async with self.http.get(f"{self.address}{page}", headers={"Cookie": cookie} if cookie else {}) as answer:
            return answer.status, answer.headers.get("Content-Disposition", ""), await answer.read()


@asynccontextmanager
async def site_of(hall: Hall) -> AsyncIterator[Site]:
    house = hall.house
    # A pass counts in real time, which is when the dispatcher says that its event arrived.
    door = Doorkeeper(house.database, Pages(), lambda: datetime.now(UTC))
    files = PaperFiles(house.database, house.clock, Pages(), door)

    def mount(app: web.Application) -> None:
        app.add_routes([*door.routes(), *files.routes()])

    async with ClientSession(cookie_jar=DummyCookieJar()) as http, serving("127.0.0.1", 0, [mount]) as port:
        yield Site(hall, http, f"http://127.0.0.1:{port}")


@pytest.fixture
async def site(issued: Hall) -> AsyncIterator[Site]:
    async with site_of(issued) as found:
        yield found


def words(ending: str, made: bytes) -> str:
    """What a file says, read by another library than the one that wrote it, where there is one."""
    if ending == "docx":
        document = docx.Document(io.BytesIO(made))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(each.text for each in document.paragraphs), *cells])
    if ending == "pdf":
        pages = pypdfium2.PdfDocument(made)
        text = " ".join(pages[number].get_textpage().get_text_range() for number in range(len(pages)))
        return " ".join(text.split())
    return made.decode()


async def files(site: Site, who: str, line: str) -> dict[str, str]:
    """What each format says to somebody who asked for a link."""
    status, page, cookie = await site.exchange(await site.link(who, line))
    assert status == 303
    status, _, html = await site.opens(page, cookie)
    assert status == 200
    found = {}
    for ending in FORMATS:
        (href,) = [part.split('"')[0] for part in html.decode().split('href="') if part.split('"')[0].endswith(ending)]
        status, name, made = await site.opens(f"{page.rpartition('/')[0]}/{href}", cookie)
        assert status == 200
        assert f".{ending}" in name
        found[ending] = words(ending, made)
    return found


@pytest.mark.req("S2-08", "S2-30")
async def test_a_member_has_the_whole_minutes_in_three_formats(site: Site) -> None:
    for ending, text in (await files(site, "raj", "/council minutes export")).items():
        for part in (
            "Call centre asks eight fault questions before booking", "6 for, 1 against, 0 abstained",
            "Ida for Ivo", "Set up the credit code", "Not yet checked by the chair", f"{SECRET} pay", "11:28",
            "Winter opening hours", "Review of any customer research",
        ):  # fmt: skip
            assert part in text, (ending, part)


@pytest.mark.req("S2-10", "S2-29")
@pytest.mark.parametrize("who", ["sam", "okafor", "amy"])
@pytest.mark.parametrize("line", ["/council minutes export"])
async def test_no_outsider_has_internal_text_in_any_format(site: Site, who: str, line: str) -> None:
    for ending, text in (await files(site, who, line)).items():
        assert SECRET not in text, ending
        assert "Call centre asks eight fault questions before booking" in text
        assert ("7.2 Internal" in " ".join(text.split())) == (who != "amy")


@pytest.mark.req("S2-10")
async def test_what_a_correction_of_something_internal_says_is_in_no_outsider_s_file(site: Site) -> None:
    await site.hall.says("raj", f'/council minutes correct "{SECRET} was more"')
    form = await site.hall.opens("cora", "Accept")
    await site.hall.fills("cora", form, {"place": "7.2"})
    for who, is_told in (("raj", True), ("sam", False)):
        for ending, text in (await files(site, who, "/council minutes export")).items():
            assert (f"{SECRET} was more" in text) == is_told, ending
            assert "Editions" in text


async def test_a_link_opens_once_and_for_its_owner_alone(site: Site) -> None:
    token = await site.link("raj", "/council minutes export")
    status, page, cookie = await site.exchange(token)
    assert status == 303
    assert (await site.exchange(token))[0] == 410
    assert (await site.opens(page))[0] == 403
    assert (await site.opens(papers_of("minutes", site.hall.meeting_id + 1), cookie))[0] == 403
    assert (await site.opens(papers_of("agenda", site.hall.meeting_id), cookie))[0] == 403
    async with site.hall.house.database.read(SYSTEM) as tx:
        assert token not in {each.token_hash for each in await tx.all(select(passes.Pass))}


async def test_rights_are_looked_at_with_every_request(site: Site) -> None:
    _, page, cookie = await site.exchange(await site.link("sam", "/council minutes export"))
    assert (await site.opens(page, cookie))[0] == 200
    person = await site.hall.person("Sam")
    async with site.hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=site.hall.house.clock.now())
        (await tx.need(Person, person.id)).active = False
    assert (await site.opens(page, cookie))[0] == 403


async def test_before_they_are_out_only_who_prepares_them_has_them_as_a_file(hall: Hall) -> None:
    assert "are not out yet" in await hall.says("raj", "/council minutes export")
    await hall.says("sev", '/council minutes edit 3 "A note"')
    async with site_of(hall) as site:
        texts = await files(site, "sev", "/council minutes export")
        assert all("Draft" in each and "A note" in each for each in texts.values())


async def test_a_council_s_meetings_are_a_calendar(site: Site) -> None:
    status, page, cookie = await site.exchange(await site.link("raj", "/council calendar"))
    assert status == 303
    status, name, made = await site.opens(page, cookie)
    assert status == 200
    assert ".ics" in name
    events = Calendar.from_ical(made).walk("VEVENT")
    assert [str(each.decoded("dtstart").astimezone(UTC).date()) for each in events][:1] == ["2027-01-07"]
    assert "for those who run it or have a seat in it" in await site.hall.says("amy", "/council calendar")


async def test_without_an_address_it_says_so(issued: Hall) -> None:
    answer = await issued.ask("raj", "/council minutes export")
    assert "I have no web address" in words_of(answer.content)  # type: ignore[arg-type]


async def test_an_agenda_that_is_out_is_a_file_for_each_as_they_may_read_it(hall: Hall) -> None:
    following = await hall.following()
    await hall.says("mia", '/agenda add "Texts when the engineer is late" item:7 for:decision')
    await hall.says("mia", f'/agenda add "{SECRET} price" item:5 internal')
    assert "is not out yet" in await hall.says("raj", "/agenda export 7 Jan")
    await hall.says("cora", "/agenda publish")
    async with site_of(hall) as site:
        for ending, text in (await files(site, "raj", "/agenda export 7 Jan")).items():
            flat = " ".join(text.split())
            assert "Texts when the engineer is late" in flat, ending
            assert f"{SECRET} price" in flat, ending
            assert "Actions from last meeting" in flat
            assert "AOB" in flat or "Any other business" in flat
        for ending, text in (await files(site, "sam", "/agenda export 7 Jan")).items():
            assert SECRET not in text, ending
            assert "Internal" in text
        for ending, text in (await files(site, "sam", "/agenda export pack 7 Jan")).items():
            assert SECRET not in text, ending
            assert "Reports from the departments" in text
    assert following.id != hall.meeting_id
    assert "Only" in await hall.says("amy", "/agenda export pack 7 Jan")


async def test_a_day_without_its_year_may_be_one_that_is_over(hall: Hall) -> None:
    await hall.says("cora", "/agenda publish")
    async with site_of(hall) as site:
        assert await site.link("cora", "/agenda export 7 Jan")
    assert "has no meeting on Fri 4 Dec 2026" in await hall.says("cora", "/agenda export 4 Dec")
    words_ = await hall.says("cora", "/agenda export 3 Dec")
    assert "Fri 3 Dec 2027" not in words_
