"""A paper as each of the files it can be had as.

What makes them is loaded with the first one: it takes much memory, and most processes never make any.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from adapters.papers.marks import markdown
from bot.chat.papers import Format, Paper


class Kind(NamedTuple):
    """A file's type, and what makes it."""

    content_type: str
    made: Callable[[Paper], bytes]


def _word(paper: Paper) -> bytes:
    from adapters.papers.word import word  # noqa: PLC0415

    return word(paper)


def _pdf(paper: Paper) -> bytes:
    from adapters.papers.pdf import pdf  # noqa: PLC0415

    return pdf(paper)


KINDS: Mapping[Format, Kind] = {
    Format.WORD: Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
    Format.PDF: Kind("application/pdf", _pdf),
    Format.MARKDOWN: Kind("text/markdown", markdown),
}
