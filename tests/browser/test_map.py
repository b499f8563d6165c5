"""The map in a real browser: from the button in the chat to the page, with axe, by keyboard, small and dark."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from re import compile as pattern
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from storage.engine import Database
from tests.browser.pages import chat
from tests.support.company import NOON
from tests.support.field_dispatch import NORTHWATER
from tests.support.mapped import northwater_map
from tests.support.served import Served, serving

SERIOUS = {"serious", "critical"}


@pytest.fixture
def mapped(northwater_url: str) -> Iterator[Served]:
    """Northwater with its map, served."""
    with ThreadPoolExecutor() as beside:  # the browser's event loop runs in this thread
        beside.submit(lambda: asyncio.run(_write(northwater_url))).result()
    with serving(northwater_url, "--clock", "2026-11-24T09:14:00Z", "--speed", "0") as served:
        yield served


async def _write(url: str) -> None:
    database = Database(url)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        await northwater_map(tx)
    await database.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
@pytest.mark.req("S3-11", "S3-12")
def test_the_map_is_opened_from_the_chat_once(
    browser: Browser, mapped: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    with chat(browser, mapped.address, size=(width, 900), scheme=scheme) as dana:
        dana.act_as("dana", beside="" if width < 1180 else "field-dispatch")
        dana.say("/initiative map")
        dana.main.locator("button").filter(has_text="Open the map").last.click()
        link = dana.main.last.get_by_role("link", name="Open in the browser")
        address = link.get_attribute("href") or ""
        with dana.page.expect_popup() as opened:
            link.click()
        page = opened.value
        _the_token_leaves_the_address(page)
        is_clean(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Transformation map")).to_be_visible()
        expect(page.get_by_role("row").filter(has_text="Call centre")).to_contain_text("Fault questions before booking")
        expect(page.get_by_text("Shown to Dana")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate("document.cookie") == ""
        _the_picture_is_there(page, is_wide=width > 760, ground=scheme)
        is_clean(page)
        page.get_by_role("row").filter(has_text="Field").get_by_role("link", name="I-1").click()
        assert page.url.endswith("/map#I-1")
        _the_link_opens_nothing_a_second_time(page, f"{mapped.address}{address}")


def _the_token_leaves_the_address(page: Page) -> None:
    expect(page.get_by_role("button", name="Open the page")).to_be_visible()
    assert page.url.endswith("/open")
    expect(page.get_by_text("What stands behind")).to_be_hidden()


def _the_picture_is_there(page: Page, *, is_wide: bool, ground: str) -> None:
    picture = page.locator(".picture img")
    if not is_wide:
        expect(picture).to_be_hidden()
        return
    expect(picture).to_have_attribute("alt", pattern("I-2 needs I-1"))
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("each => each.complete && each.naturalWidth > 600")
    assert picture.evaluate("each => each.currentSrc").endswith(f"/map/{ground}.svg")


def _the_link_opens_nothing_a_second_time(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_role("heading", name="This link opens nothing any more")).to_be_visible()
    is_clean(page)


def is_clean(page: Page) -> None:
    """Axe finds nothing serious."""
    found = Axe().run(page).response["violations"]
    serious = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found if each["impact"] in SERIOUS]
    assert serious == []
