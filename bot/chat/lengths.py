"""How much of a text one message shows whole on every platform, and where a longer one is divided. Pure."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

PAGE_MOST = 8500  # of Slack's 12,000 for one message, with the title, the names and the buttons around it
AROUND = 120  # what a paragraph takes beside its words
PIECE_MOST = 2500
_PLAIN = frozenset(map(chr, range(ord(" "), ord("~") + 1))) - frozenset('"&<>\\')
_ESCAPE, _PAIR = 6, 12  # signs of an escape in JSON, and of two: the most that Slack may count for one


def weight(text: str) -> int:
    """How many characters a text may count, where signs beyond ASCII are counted as their escapes."""
    return sum(1 if sign in _PLAIN else _ESCAPE if ord(sign) < 1 << 16 else _PAIR for sign in text)


def pieces(text: str, most: int = PIECE_MOST) -> Sequence[str]:
    """A text in parts that weigh at most so much, divided between lines or words where it can be; nothing is lost."""
    found: list[str] = []
    left = text
    while weight(left) > most:
        end = _longest(left, most)
        cut = max(left.rfind("\n", 0, end), left.rfind(" ", 0, end)) + 1 or end
        found.append(left[:cut])
        left = left[cut:]
    return [*found, left]


def _longest(text: str, most: int) -> int:
    """How many of its first signs weigh at most so much; one at least."""
    weighs = 0
    for number, sign in enumerate(text):
        weighs += weight(sign)
        if weighs > most:
            return max(number, 1)
    return len(text)


def paged(parts: Sequence[tuple[T, int]], most: int) -> Sequence[Sequence[T]]:
    """Things with their weights on as few pages as hold them in their order; one that is too heavy has its own."""
    pages: list[list[T]] = [[]]
    room = most
    for part, weighs in parts:
        if weighs > room and pages[-1]:
            pages.append([])
            room = most
        pages[-1].append(part)
        room -= weighs
    return pages
