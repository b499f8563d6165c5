"""A reply's lines: which of them their writer wrote, and which were only quoted. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_QUOTE = re.compile(r"^(?:[ \t]?>)+[ \t]?")
_SIGNATURE = re.compile(r"^--[ \u00a0]*$")
_FROM_A_PHONE = re.compile(r"^(?:sent from my |get outlook for |sent with |gesendet von |envoyé de )", re.IGNORECASE)
# What mail programs put above a text that they repeat without marking its lines.
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht)\s*-{2,}\s*$", re.IGNORECASE
)
_RULE = re.compile(r"^_{10,}\s*$")
_HEADER = re.compile(r"^\*?(?:from|von|de|da|van)\s?:\*?\s+\S", re.IGNORECASE)
_SECOND_HEADER = re.compile(r"^\*?(?:sent|date|to|subject|gesendet|an|betreff|envoyé|objet)\s?:\*?\s+\S", re.IGNORECASE)
_HEADERS_WITHIN = 4  # lines after `From:` in which a second header follows
_ATTRIBUTION = re.compile(r"^(?:on|am|le|il|op|el)\b.{6,200}:\s*$", re.IGNORECASE | re.DOTALL)
_ATTRIBUTION_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reply: how often it was quoted, and whether it stands in a repeated text below the reply."""

    text: str
    depth: int = 0
    is_below: bool = False
    is_edge: bool = False
    """Whether it is only what a mail program wrote between the two, or a signature."""

    @property
    def is_own(self) -> bool:
        """Whether the writer of the reply wrote it."""
        return not (self.depth or self.is_below or self.is_edge)


def lines_of(text: str) -> tuple[Line, ...]:
    """Every line of a reply, without its marks of quoting."""
    lines = [_line(each) for each in text.split("\n")]
    below = next((n for n in range(len(lines)) if _begins_original(lines, n)), len(lines))
    lines = [replace(each, is_below=n >= below) for n, each in enumerate(lines)]
    return tuple(_without_signature(_without_attributions(lines)))


def own_text(lines: Sequence[Line]) -> str:
    """What the writer wrote, without blank lines at both ends."""
    own = "\n".join(each.text.rstrip() for each in lines if each.is_own)
    return re.sub(r"\n{3,}", "\n\n", own).strip()


def _line(text: str) -> Line:
    marks = _QUOTE.match(text)
    if marks is None:
        return Line(text)
    return Line(text[marks.end() :], depth=marks[0].count(">"))


def _begins_original(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if line.depth:
        return False
    if _ORIGINAL.match(line.text):
        return True
    following = [each.text for each in lines[at + 1 : at + 1 + _HEADERS_WITHIN]]
    if _RULE.match(line.text):
        return any(_HEADER.match(each) for each in following)
    return bool(_HEADER.match(line.text)) and any(_SECOND_HEADER.match(each) for each in following)


def _without_attributions(lines: Sequence[Line]) -> list[Line]:
    """`On Tue, Sam wrote:` right above quoted lines is nobody's words."""
    marked = list(lines)
    for at, line in enumerate(lines):
        if not line.depth or (at and lines[at - 1].depth):
            continue
        end = at
        while end and not lines[end - 1].text.strip() and not lines[end - 1].depth:
            end -= 1
        for size in range(1, _ATTRIBUTION_LINES + 1):
            first = max(0, end - size)
            if _ATTRIBUTION.match("\n".join(each.text for each in lines[first:end]).strip()):
                for number in range(first, end):
                    marked[number] = replace(marked[number], is_edge=True)
                break
    return marked


def _without_signature(lines: Sequence[Line]) -> list[Line]:
    """From `-- ` on to the end of what was written, and what a phone adds at its end."""
    marked = list(lines)
    own = [n for n, each in enumerate(marked) if each.is_own]
    start = next((n for n in own if _SIGNATURE.match(marked[n].text)), None)
    if start is not None:
        end = next((n for n in range(start, len(marked)) if marked[n].depth or marked[n].is_below), len(marked))
        marked[start:end] = [replace(each, is_edge=True) for each in marked[start:end]]
        return marked
    last = next((n for n in reversed(own) if marked[n].text.strip()), None)
    if last is not None and _FROM_A_PHONE.match(marked[last].text.strip()):
        marked[last] = replace(marked[last], is_edge=True)
    return marked
