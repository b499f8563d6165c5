"""What people type is shown as what they typed, in every place it appears."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import ChatPage, chat
from tests.support.served import Served

pytestmark = pytest.mark.slow

HOSTILE = (
    "<script>window.hurt=1</script>",
    '"><img src=x onerror="window.hurt=1">',
    "*bold* _it_ `code` ~gone~ <!channel> <@U123|dana> @Dana [x](javascript:window.hurt=1)",
    "{{ 7*7 }} {% raw %} ${7*7} &lt;b&gt;",
)
TEXT = " ".join(HOSTILE)


def test_hostile_answers_are_shown_as_typed_wherever_they_appear(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("amy")
        page.next_event()
        page.answer("Answer", finished=TEXT, focus=TEXT, blocker=TEXT, customer=TEXT)
        _stands_as_typed(page.page, "#log-main")
        page.act_as("ben")
        page.say(TEXT)
        _stands_as_typed(page.page, "#log-main")
        page.next_event()
        page.next_event()
        page.page.locator("#log-beside > .msg").last.locator("details summary").first.click()
        _stands_as_typed(page.page, "#log-beside")
        _in_the_form_again(page)
        _in_the_channel(page)


def _stands_as_typed(page: Page, log: str) -> None:
    for words in HOSTILE:
        expect(page.locator(log)).to_contain_text(words)
    _nothing_was_made_of_it(page)


def _nothing_was_made_of_it(page: Page) -> None:
    assert page.evaluate("window.hurt") is None
    assert page.locator("main img[src=x], main script, main a[href^='javascript']").count() == 0
    assert page.locator("main .msg b", has_text="bold").filter(has_not_text="*bold*").count() == 0
    assert page.locator("main .mention").count() == 0


def _in_the_form_again(page: ChatPage) -> None:
    page.act_as("amy")
    dialog = page.open_answer("Change my answer")
    expect(dialog.locator("#f-finished")).to_have_value(TEXT)
    _nothing_was_made_of_it(page.page)
    page.page.keyboard.press("Escape")


def _in_the_channel(page: ChatPage) -> None:
    page.act_as("dana", room="field-dispatch", beside="all-staff")
    page.say(TEXT)
    _stands_as_typed(page.page, "#log-main")


@pytest.mark.parametrize("text", ["\u202eevil\u202c", "x" * 4000, "نص عربي مع B-7", "👩‍👩‍👧‍👦" * 50])
def test_strange_letters_never_push_the_page_sideways(browser: Browser, northwater: Served, text: str) -> None:
    with chat(browser, northwater.address, size=(360, 740)) as page:
        page.act_as("ben", beside="")
        page.say(text)
        expect(page.page.locator("#log-main")).to_contain_text(text[:50])
        assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
