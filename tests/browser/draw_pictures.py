"""Draws the README's pictures from the running chat, and docs/huddle.md's: `make pictures`."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.browser import draw_messages, draw_papers
from tests.browser.pages import chat
from tests.support.chromium import open_browser
from tests.support.served import serving

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """A light and a dark picture of Tuesday, 09:15, as Ben sees it; then the huddle in Slack and Teams, then papers."""
    for scheme in ("light", "dark"):
        with TemporaryDirectory() as folder:
            _draw(f"sqlite:///{folder}/folkmoot.db", "dark" if scheme == "dark" else "light")
    draw_messages.main()
    draw_papers.main()


def _draw(database_url: str, scheme: Literal["light", "dark"]) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url}
    subprocess.run([sys.executable, "-m", "bot", "demo"], env=environment, check=True, cwd=ROOT)
    with (
        serving(database_url, "--speed", "0") as served,
        open_browser() as browser,
        chat(browser, served.address, scheme=scheme) as page,
    ):
        page.act_as("amy")
        page.next_event()
        page.answer("Answer", finished="Two repeat visits", focus="Valve checks at Harbour Road")
        page.act_as("ben")
        page.page.locator("#log-beside details.thread[open] summary").first.click()
        page.page.locator("#log-beside > .msg").first.scroll_into_view_if_needed()
        page.page.screenshot(path=str(PICTURES / f"local-chat-{scheme}.png"))


if __name__ == "__main__":
    main()
