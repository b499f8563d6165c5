"""The system's Chromium, driven by Playwright."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = (
    "--no-sandbox",  # it refuses to run as root with one; it only sees our own pages
    "--disable-gpu",
    # The browser's own errands, which would leave this machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class BrowserMissing(Exception):
    """Something this machine needs to drive a browser is not there."""


def find_chromium() -> Path:
    """The browser's program: what the variable CHROMIUM names, else Debian's, else the first on the PATH.

    Raises: BrowserMissing.
    """
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else ("/usr/bin/chromium", *NAMES):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise BrowserMissing("Chromium was not found; on Debian: apt-get install chromium (or CHROMIUM names its program)")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser with no pages.

    While it is open, an event loop of Playwright's runs in this thread: no coroutine can be run beside it.
    Raises: BrowserMissing.
    """
    program = find_chromium()
    _require_libatomic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _require_libatomic() -> None:
    """Playwright's driver is a program of its own; it needs one library that a small Debian lacks."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError as missing:
        raise BrowserMissing("Playwright's driver needs libatomic; on Debian: apt-get install libatomic1") from missing
