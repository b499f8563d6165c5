"""AT-1 as a newcomer sees it: the real page in headless Chromium, on a clock that is moved with its buttons."""

from re import compile as pattern

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.pages import NUDGE, ChatPage, chat
from tests.support.served import Served


@pytest.mark.req("AT-1", "S3-28", "S4-08", "INV-22")
def test_a_huddle_is_watched_from_its_prompt_to_its_summary(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("amy")
        page.next_event()
        _the_prompt_has_the_number_and_four_questions(page)
        page.answer("Answer", focus="Valve checks at Harbour Road")
        expect(page.main.last).to_contain_text("Thank you, Amy. Noted at 09:15")
        page.act_as("ben")
        page.say("Hand over the meter jobs")
        page.act_as("cem")
        page.answer(
            "Answer",
            focus="Last Mill Lane job before noon",
            blocker="3 of 8 jobs had no fault details",
            helper="Call centre",
        )
        expect(page.beside.last).to_contain_text("3 of 5 answered")
        _only_the_silent_are_reminded(page)
        page.answer("Answer", focus="Call back four customers", customer="I took a second morning off for this.")
        page.next_event()
        _the_room_sees_the_summary(page)
        _a_late_answer_and_an_edit_remake_it(page)


def _the_prompt_has_the_number_and_four_questions(page: ChatPage) -> None:
    prompt = page.main.last
    expect(prompt).to_contain_text("open until 09:30")
    expect(prompt).to_contain_text("78%")
    expect(prompt.locator("ol.lines li")).to_have_count(4)
    expect(page.beside.last).to_contain_text("Huddle is open until 09:30")
    expect(page.beside.last).to_contain_text("Away: Fay")


def _only_the_silent_are_reminded(page: ChatPage) -> None:
    page.next_event()
    expect(page.main.filter(has_text=NUDGE)).to_have_count(0)
    page.act_as("dee")
    expect(page.main.filter(has_text=NUDGE)).to_have_count(1)


def _the_room_sees_the_summary(page: ChatPage) -> None:
    summary = page.beside.last
    for words in (
        "4 of 5 answered by 09:30 (80%)",
        "7 huddles in a row on target",
        "B-7",
        "needs Call centre",
        "Away: Fay",
    ):
        expect(summary).to_contain_text(words)
    expect(summary.locator("blockquote")).to_have_text("I took a second morning off for this.")
    expect(summary).not_to_contain_text("Eli")


def _a_late_answer_and_an_edit_remake_it(page: ChatPage) -> None:
    page.moves("+1 h, one hour on")
    expect(page.page.locator("#timebar .now b")).to_have_text("10:30")
    page.act_as("eli")
    page.say("Stock count, van 9")
    expect(page.main.last).to_contain_text("late answer (window closed 09:30)")
    page.act_as("ben")
    page.answer("Change my answer", focus="Hand over the Oakley meter jobs")
    page.moves("+1 h, one hour on")
    summary = page.beside.last
    expect(summary).to_contain_text("Stock count, van 9 (late, 10:30, thank you)")
    expect(summary).to_contain_text("Hand over the Oakley meter jobs (edited)")
    expect(summary).to_contain_text("all 5 by now")


def test_a_refused_form_keeps_what_was_typed_and_says_why(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("ben")
        page.next_event()
        dialog = page.open_answer("Answer")
        dialog.locator("#f-customer").fill("She waited in twice")
        dialog.get_by_role("button", name="Send answer").click()
        expect(dialog.locator("#f-focus")).to_have_attribute("aria-invalid", "true")
        expect(dialog.locator("#f-focus-e")).to_contain_text("Please name one thing for today")
        expect(dialog.locator("#f-customer")).to_have_value("She waited in twice")
        expect(dialog.locator("#f-focus")).to_be_focused()


def test_a_form_that_came_too_late_stays_with_what_was_typed_and_says_why(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page, chat(browser, northwater.address) as beside:
        page.act_as("ben")
        page.next_event()
        beside.act_as("dana")
        dialog = page.open_answer("Answer")
        dialog.locator("#f-focus").fill("Valve checks")
        beside.moves("+1 day on")
        dialog.get_by_role("button", name="Send answer").click()
        expect(dialog.locator(".sheet-why")).to_contain_text("is closed, so nothing was changed")
        expect(dialog.locator("#f-focus")).to_have_value("Valve checks")


def test_escape_closes_a_form_and_keeps_its_draft(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("ben")
        page.next_event()
        page.open_answer("Answer").locator("#f-focus").fill("Half a thou")
        page.page.keyboard.press("Escape")
        expect(page.page.get_by_role("dialog")).to_be_hidden()
        expect(page.open_answer("Answer").locator("#f-focus")).to_have_value("Half a thou")


def test_commands_complete_with_the_keyboard_alone(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("ben")
        box = page.page.locator("#say-main")
        box.focus()
        page.page.keyboard.type("/huddle s")
        expect(page.page.get_by_role("option", name="/huddle summary")).to_be_visible()
        page.page.keyboard.press("Tab")
        page.page.keyboard.press("Enter")
        expect(page.main.last).to_contain_text("Huddle · Field Dispatch · Mon 23 Nov")


def test_what_somebody_else_does_appears_without_a_reload(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as ben, chat(browser, northwater.address) as dana:
        ben.act_as("ben")
        dana.act_as("dana", room="field-dispatch", beside="all-staff")
        ben.next_event()
        expect(dana.main.last).to_contain_text("0 of 5 answered")
        ben.say("Finish the January rota")
        expect(dana.main.last).to_contain_text("1 of 5 answered")


def test_a_press_while_the_clock_still_moves_has_its_turn(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("amy")
        page.page.route("**/local/time", _slowly)
        page.page.get_by_role("button", name="+1 h, one hour on").dblclick()  # a slip of the hand: one hour
        page.page.get_by_role("button", name="+1 day on").click()
        expect(page.page.locator("#timebar .now time")).to_have_attribute("datetime", "2026-11-25T10:14+00:00")


def _slowly(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(300)
    route.continue_()


def test_a_line_that_is_sent_while_another_is_on_its_way_follows_it(browser: Browser, northwater: Served) -> None:
    with chat(browser, northwater.address) as page:
        page.act_as("dana")
        page.page.route("**/local/say", _slowly)
        page.say("/measure record FTF 72 period:2026-11-19")
        page.say("/measure show FTF")
        picture = page.main.locator(".picture img")
        expect(picture).to_have_attribute("alt", pattern("lowest 72% on Thu 19 Nov"))
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0
