"""The Markdown that Teams shows, as it is read: pure."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# An underline between two signs that are neither blank nor punctuation, such as word joiners, begins nothing.
# Source: https://spec.commonmark.org/0.31.2/#can-open-emphasis.
_TOKEN = re.compile(
    r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
    | \{\{(?P<clock>DATE|TIME)\((?P<instant>[^,)\s]+)(?:,\s*\w+)?\)\}\}
    | <at>(?P<name>.*?)</at>
    | \[(?P<label>(?:\\.|[^\]\\\n])+)\]\((?P<url>[^)\s]+)\)
    | (?P<sign>\*\*|(?<![\w\u2060])__|~~|\*|(?<![\w\u2060])_)(?=\S)(?P<styled>(?:\\.|[^\\])+?)(?<=\S)(?P=sign)
    | (?P<entity>&(?:\#\d+|\#x[0-9a-fA-F]+|[A-Za-z]+);)
    """,
    re.VERBOSE | re.DOTALL,
)
_BREAK = re.compile(r"\r\n?|\n{2,}")
_ITEM = re.compile(r"(?m)^[ \t]*[-*+][ \t]+")
_SOFT = re.compile(r"\n(?!• |\d+\. )")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what they are more than words."""

    words: str
    mention: str = ""
    """The name between `<at>` and `</at>`."""
    link: str = ""
    is_styled: bool = False


def read_markdown(text: str) -> list[Piece]:
    """Markdown as it is read; a single line break is no more than a space."""
    return list(_inline(_laid_out(text)))


def read_plain(text: str) -> list[Piece]:
    """Text without signs, but with the names of people."""
    pieces = re.split(r"<at>(.*?)</at>", text)
    return [
        Piece(html.unescape(each), mention=html.unescape(each) if number % 2 else "")
        for number, each in enumerate(pieces)
        if each
    ]


def _laid_out(text: str) -> str:
    """Paragraphs and items as lines."""
    lines = _ITEM.sub("• ", text.replace("\r\n", "\n"))
    paragraphs = [_SOFT.sub(" ", each) for each in _BREAK.split(lines)]
    return "\n".join(paragraphs)


def _inline(text: str, *, is_styled: bool = False) -> Iterator[Piece]:
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], is_styled=is_styled)
        yield from _token(found, is_styled=is_styled)
        at = found.end()
    if text[at:]:
        yield Piece(text[at:], is_styled=is_styled)


def _token(found: re.Match[str], *, is_styled: bool) -> Iterator[Piece]:
    kind = found.lastgroup
    if found["escaped"]:
        yield Piece(found["escaped"], is_styled=is_styled)
    elif found["clock"]:
        day, _, time = found["instant"].partition("T")
        yield Piece(day if found["clock"] == "DATE" else time, is_styled=is_styled)
    elif found["name"] is not None:
        name = html.unescape(found["name"])
        yield Piece(name, mention=name, is_styled=is_styled)
    elif found["label"]:
        words = "".join(each.words for each in _inline(found["label"]))
        yield Piece(words, link=html.unescape(found["url"]), is_styled=is_styled)
    elif found["styled"]:
        yield from _inline(found["styled"], is_styled=True)
    else:
        assert kind == "entity"
        yield Piece(html.unescape(found["entity"]), is_styled=is_styled)
