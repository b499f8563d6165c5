"""A paper as each of the files it can be had as."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from adapters.papers.marks import markdown
from adapters.papers.pdf import pdf
from adapters.papers.word import word
from bot.chat.papers import Format, Paper


class Kind(NamedTuple):
    """A file's type, and what makes it."""

    content_type: str
    made: Callable[[Paper], bytes]


KINDS: Mapping[Format, Kind] = {
    Format.WORD: Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    Format.PDF: Kind("application/pdf", pdf),
    Format.MARKDOWN: Kind("text/markdown", markdown),
}
