"""The files of a council in a real browser: from the link in the chat to what is saved, and who is sent away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from re import compile as pattern
from typing import Literal

import pypdfium2
import pytest
from docx import Document
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import ChatPage, chat
from tests.browser.test_map import is_clean
from tests.support.served import Served, serving

EXPORT, CALENDAR = "/agenda export 3 Dec", "/council calendar"
AGENDA = "Actions from last meeting"


@pytest.fixture
def served(northwater_url: str) -> Iterator[Served]:
    """Northwater before its council's first meeting: who prepares the agenda has the draft as a file."""
    with serving(northwater_url, "--clock", "2026-11-24T09:14:00Z", "--speed", "0") as found:
        yield found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
@pytest.mark.req("S2-08")
def test_the_files_are_opened_from_the_chat_and_saved_in_each_format(
    browser: Browser, served: Served, width: int, scheme: Literal["light", "dark"], tmp_path: Path
) -> None:
    with chat(browser, served.address, size=(width, 900), scheme=scheme) as cora:
        page = _opened(cora, EXPORT, "Open the files", "cora")
        expect(page.get_by_role("heading", name="Agenda")).to_be_visible()
        expect(page.get_by_text("Shown to Cora")).to_be_visible()
        assert page.evaluate("document.cookie") == ""
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        is_clean(page)
        assert AGENDA in _words(_saved(page, "PDF", tmp_path))
        document = Document(str(_saved(page, "Word", tmp_path)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert AGENDA in "\n".join([*(each.text for each in document.paragraphs), *cells])
        assert AGENDA in _saved(page, "Markdown", tmp_path).read_text()


def test_the_calendar_is_saved_from_its_link(browser: Browser, served: Served, tmp_path: Path) -> None:
    with chat(browser, served.address) as cora:
        page = _opened(cora, CALENDAR, "Open the calendar", "cora", goes_on=False)
        with page.expect_download() as saving:
            page.get_by_role("button", name="Open the page").click()
        assert saving.value.suggested_filename.endswith(".ics")
        saving.value.save_as(tmp_path / "council.ics")
        events = Calendar.from_ical((tmp_path / "council.ics").read_bytes()).walk("VEVENT")
        assert str(events[0]["SUMMARY"]) == "CX Council"


def test_a_stranger_who_has_the_address_of_the_files_sees_none_of_them(browser: Browser, served: Served) -> None:
    with chat(browser, served.address) as cora:
        address = _opened(cora, EXPORT, "Open the files", "cora").url
    stranger = browser.new_context().new_page()
    for each in (address, f"{address}/agenda-2026-12-03.pdf"):
        answer = stranger.goto(each)
        assert answer is not None
        assert answer.status == 403
        expect(stranger.get_by_role("heading", name="Please come in from the chat")).to_be_visible()
        is_clean(stranger)
    stranger.context.close()


def test_who_may_not_have_the_draft_gets_no_link(browser: Browser, served: Served) -> None:
    with chat(browser, served.address) as amy:
        amy.act_as("amy")
        amy.say(EXPORT)
        expect(amy.main.last).to_contain_text("is not out yet")
        expect(amy.main.last.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("is_used", [True, False])
def test_a_link_that_was_used_or_is_too_old_opens_nothing(
    browser: Browser, served: Served, northwater_url: str, *, is_used: bool
) -> None:
    with chat(browser, served.address) as cora:
        page = _opened(cora, EXPORT, "Open the files", "cora", goes_on=is_used)
        if is_used:
            page.goto(f"{served.address}{_address(cora)}")
        else:
            _ten_minutes_pass(northwater_url)
        page.get_by_role("button", name="Open the page").click()
        expect(page.get_by_role("heading", name="This link opens nothing any more")).to_be_visible()
        is_clean(page)


def test_after_its_hours_a_browser_has_to_come_in_anew(browser: Browser, served: Served, northwater_url: str) -> None:
    with chat(browser, served.address) as cora:
        page = _opened(cora, EXPORT, "Open the files", "cora")
        _ten_minutes_pass(northwater_url)
        page.reload()
        expect(page.get_by_role("heading", name="Please come in from the chat")).to_be_visible()


def _opened(chat_page: ChatPage, line: str, button: str, user: str, *, goes_on: bool = True) -> Page:
    """The page behind the link that somebody gets for a line; before or after its one button."""
    size = chat_page.page.viewport_size
    chat_page.act_as(user, beside="field-dispatch" if size is None or size["width"] >= 1180 else "")
    chat_page.say(line)
    link = chat_page.main.last.get_by_role("link", name=button)
    expect(link).to_be_visible()
    with chat_page.page.expect_popup() as opening:
        link.click()
    page = opening.value
    expect(page.get_by_role("button", name="Open the page")).to_be_visible()
    assert page.url.endswith("/open"), "the token has left the address"
    if goes_on:
        page.get_by_role("button", name="Open the page").click()
        expect(page).to_have_url(pattern("/papers/agenda/"))
    return page


def _address(chat_page: ChatPage) -> str:
    return chat_page.main.last.get_by_role("link").get_attribute("href") or ""


def _saved(page: Page, called: str, folder: Path) -> Path:
    """What the browser saves on a press."""
    with page.expect_download() as saving:
        page.get_by_role("link", name=called).click()
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


def _words(path: Path) -> str:
    return " ".join(each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(path))


def _ten_minutes_pass(url: str) -> None:
    """And eight hours, for who is in."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as database, database:
        over = "2026-01-01 00:00:00.000000"
        database.execute("UPDATE pass SET expires_at = ?", (over,))
        database.execute("UPDATE pass SET session_until = ? WHERE session_until IS NOT NULL", (over,))
