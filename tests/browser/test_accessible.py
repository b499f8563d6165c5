"""The page can be used by everybody: axe finds nothing serious, at desk and phone width, light and dark."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import ChatPage, chat
from tests.support.served import Served

SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (360, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(360, "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(
    browser: Browser, northwater: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    with chat(browser, northwater.address, size=(width, 900), scheme=scheme) as page:
        page.act_as("ben")
        _is_clean(page.page)
        page.next_event()
        page.act_as("ben", beside="" if width < 1180 else "field-dispatch")
        _is_clean(page.page)
        _the_open_and_the_refused_form_are_clean(page)
        page.say("One line is enough")
        page.page.locator("#say-main").fill("/h")
        _is_clean(page.page)


def _the_open_and_the_refused_form_are_clean(page: ChatPage) -> None:
    dialog = page.open_answer("Answer")
    _is_clean(page.page)
    dialog.get_by_role("button", name="Send answer").click()
    expect(dialog.locator("#f-focus-e")).to_be_visible()
    _is_clean(page.page)
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def _is_clean(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found if each["impact"] in SERIOUS]
    assert serious == []


def test_the_page_never_scrolls_sideways(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("ben")
        page.next_event()
        for width in (360, 820, 1180, 1600):
            page.page.set_viewport_size({"width": width, "height": 900})
            page.act_as("ben")
            assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
