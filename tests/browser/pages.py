"""The local chat's page as a person uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from re import compile as pattern
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, expect

WIDE = (1440, 900)

expect.set_options(timeout=20_000)  # a busy machine is slow, and no failure


class ChatPage:
    """One person's page; every press goes by what it says."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address

    def act_as(self, user: str, room: str = "dm", beside: str = "field-dispatch") -> None:
        """Opens the page as somebody."""
        self.page.goto(f"{self._address}/?as={user}&room={room}&beside={beside}")
        # Only the script takes this button out of hiding, so from here on the page is live.
        expect(self.page.locator("#hide-hint")).to_be_visible()

    def next_event(self) -> None:
        """Moves the clock to what comes next, and waits until it is there."""
        self.moves("Next event")

    def moves(self, button: str) -> None:
        """Moves the clock with one of its buttons, and waits until it has stopped."""
        shown = self.page.locator("#timebar .now time")
        before = shown.get_attribute("datetime") or ""
        pressed = self.page.get_by_role("button", name=button)
        pressed.click()
        expect(shown).not_to_have_attribute("datetime", before)
        expect(pressed).not_to_have_attribute("aria-busy", "true")

    @property
    def main(self) -> Locator:
        """The messages of the first conversation."""
        return self.page.locator("#log-main > .msg")

    @property
    def beside(self) -> Locator:
        """The messages of the second conversation."""
        return self.page.locator("#log-beside > .msg")

    def say(self, text: str) -> None:
        """Writes a line in the first conversation."""
        box = self.page.locator("#say-main")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def open_answer(self, button: str) -> Locator:
        """Presses a button of the newest prompt that opens the form."""
        self.main.locator("button").filter(has_text=pattern(f"^{button}$")).last.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        return dialog

    def answer(self, button: str, **values: str) -> None:
        """Fills in the huddle's form and sends it."""
        dialog = self.open_answer(button)
        for name, value in values.items():
            field = dialog.locator(f"#f-{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        dialog.get_by_role("button", name="Send answer").click()
        expect(dialog).to_be_hidden()


@contextmanager
def chat(
    browser: Browser, address: str, size: tuple[int, int] = WIDE, scheme: Literal["light", "dark"] = "light"
) -> Iterator[ChatPage]:
    """A fresh page; what went wrong in it fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda problem: wrong.append(str(problem)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: wrong.append(f"a script opened: {dialog.message}"))
    yield ChatPage(page, address)
    context.close()
    assert not wrong


NUDGE = pattern("Five minutes left")
