"""Where our own web pages are, as far as the one who reads can get there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OPEN = "/open"
MAP = "/map"

_BASE: ContextVar[str | None] = ContextVar("_BASE", default=None)


def runs_of(huddle: int) -> str:
    """The path of a huddle's runs as a file."""
    return f"/runs/{huddle}"


def papers_of(what: str, number: int) -> str:
    """The path of the files of a meeting's agenda, pack or minutes, or of a council's calendar."""
    return f"/papers/{what}/{number}"


def address_of(path: str) -> str | None:
    """The address of a page; None where there is none that somebody could open."""
    base = _BASE.get()
    return None if base is None else f"{base}{path}"


@contextmanager
def pages_at(base: str | None) -> Iterator[None]:
    """What is worded in the block may name pages below `base`: empty for the site itself, None for nowhere."""
    token = _BASE.set(base)
    try:
        yield
    finally:
        _BASE.reset(token)
