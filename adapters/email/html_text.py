"""An HTML mail as plain text, for those that bring nothing else. Nothing in it is run, fetched or followed. Pure."""

import re
from html.parser import HTMLParser

_SILENT = frozenset({"head", "script", "style", "template", "title"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
     "pre", "section", "table", "tr", "ul"}
)  # fmt: skip
_APART = frozenset({"p", "blockquote", "h1", "h2", "h3"})
# What begins no tag is a sign: the parser looks for the end of each, and for many without one that takes minutes.
_TO_CLOSE = re.compile(r"<(?![a-zA-Z/!][^<>]{0,5000}>)")
_SPACES = re.compile(r"[ \t\r\n\f]+")


def plain_text(html: str) -> str:
    """The words in their order, a line for each block; what is quoted has `> ` before it, once for each level."""
    reader = _Reader()
    reader.feed(_TO_CLOSE.sub("&lt;", _without_comments(html)))
    reader.close()
    reader.end_line()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reader.lines)).strip("\n")


def _without_comments(html: str) -> str:
    parts, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        parts.append(html[at:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(parts)
        at = end + len("-->")
    return "".join((*parts, html[at:]))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line = ""
        self._silent = 0
        self._depth = 0
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.end_line(always=True)
        elif tag in _BLOCKS:
            self.end_line()
            self._begin(tag)
        elif tag in {"td", "th"} and self._line:
            self._line += " "

    def _begin(self, tag: str) -> None:
        if tag in _APART and self.lines and self.lines[-1].strip("> "):
            self._put("")
        if tag == "blockquote":
            self._depth += 1
        if tag == "pre":
            self._verbatim += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.end_line()
            if tag == "blockquote":
                self._depth = max(0, self._depth - 1)
            if tag == "pre":
                self._verbatim = max(0, self._verbatim - 1)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._verbatim:
            first, *rest = data.split("\n")
            self._line += first
            for each in rest:
                self.end_line(always=True)
                self._line = each
            return
        words = _SPACES.sub(" ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def end_line(self, *, always: bool = False) -> None:
        """The line that was begun is whole; an empty one only where it is meant."""
        if self._line.strip() or always:
            self._put(self._line.rstrip())
        self._line = ""

    def _put(self, line: str) -> None:
        self.lines.append(f"{'> ' * self._depth}{line}")
