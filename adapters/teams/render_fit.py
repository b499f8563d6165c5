"""How a card that is too large for Teams gets smaller, step by step: pure.

First groups show fewer lines, the longest first; then long texts end earlier, between words; then whole elements go
from the end, behind "+N more". The title, the summary and every button stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from adapters.teams.render_text import shortened
from adapters.teams.render_views import more
from bot.chat.cards import (
    LINES_SHOWN,
    Buttons,
    Divider,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Number,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
)
from bot.chat.spans import Bold, Colour, Link, Mention, Span, Text, When

# Characters of JSON as UTF-16, 36,000 bytes: a message is taken up to 40 KB for certain, its other fields included, and
# none of our cards needs the 80 KB that newer documents speak of.
# Source: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages.
CARD_MAX = 18_000
TEXTS = (2000, 1000, 500, 200)  # characters of one text, tried one after the other
SHORTEST = 60


@dataclass(frozen=True, slots=True)
class Step:
    """How far a card is shortened.

    Lines of a group, characters of a text (None: all), elements hidden at the end; `is_bare` leaves of each button
    what every client needs.
    """

    lines: int = LINES_SHOWN
    longest: int | None = None
    hidden: int = 0
    is_bare: bool = False


def steps(elements: Sequence[Element]) -> list[Step]:
    """Ever shorter, from everything on; what follows takes less room than what stands before it."""
    may_go = len(_may_go(elements))
    return [
        *(Step(lines) for lines in range(LINES_SHOWN, 0, -1)),
        *(Step(1, longest) for longest in TEXTS),
        *(Step(1, TEXTS[-1], hidden) for hidden in range(1, may_go + 1)),
        Step(1, SHORTEST, may_go, is_bare=True),
    ]


def shorter(elements: Sequence[Element], step: Step) -> Sequence[Element]:
    """`elements` with shorter texts and without the hidden ones, in whose place stands how many they are."""
    gone = _may_go(elements)
    gone = gone[len(gone) - step.hidden :]
    left = [each for place, each in enumerate(elements) if place not in gone]
    if gone:
        left.insert(gone[0], Note(more(len(gone))))
    return left if step.longest is None else [_cut(each, step.longest) for each in left]


def _may_go(elements: Sequence[Element]) -> list[int]:
    """The places of what can be left out: all but the first title and what has buttons."""
    first = next((place for place, each in enumerate(elements) if isinstance(each, Title)), -1)
    return [place for place, each in enumerate(elements) if place != first and not _can_be_pressed(each)]


def _can_be_pressed(element: Element) -> bool:
    return isinstance(element, Buttons) or (isinstance(element, Row) and element.button is not None)


def _cut(element: Element, longest: int) -> Element:
    """`element` with texts of at most `longest` characters."""
    match element:
        case Paragraph(text):
            return Paragraph(_cut_text(text, longest))
        case Note(text):
            return Note(shortened(text, longest))
        case Group(label, lines):
            cut = tuple(Line(_cut_text(each.text, longest), _cut_text(each.detail, longest)) for each in lines)
            return replace(element, label=shortened(label, longest), lines=cut)
        case Words(text, source):
            return Words(shortened(text, longest), shortened(source, longest))
        case Facts(pairs):
            return Facts(tuple((shortened(label, longest), _cut_text(value, longest)) for label, value in pairs))
        case Numbers(items):
            return Numbers(tuple(_cut_number(each, longest) for each in items))
        case Row(text, detail):
            return replace(element, text=shortened(text, longest), detail=shortened(detail, longest))
        case Picture(alt=alt):
            return replace(element, alt=shortened(alt, longest))
        case Title() | Buttons() | Divider():
            return element
    assert_never(element)


def _cut_number(number: Number, longest: int) -> Number:
    return Number(*(shortened(text, longest) for text in (number.value, number.label, number.change)))


def _cut_text(text: Text, longest: int) -> Text:
    """The first `longest` characters of `text`, all its spans together."""
    found: list[Span] = []
    left = longest
    for span in text:
        if left <= 0:
            return (*found, "…")
        size, cut = _cut_span(span, left)
        found.append(cut)
        left -= size
    return tuple(found)


def _cut_span(span: Span, longest: int) -> tuple[int, Span]:
    """How long the text of `span` is, and it cut."""
    match span:
        case str():
            return len(span), shortened(span, longest)
        case Bold(text) | Link(text):
            return len(text), replace(span, text=shortened(text, longest))
        case Mention(name=name):
            return len(name), replace(span, name=shortened(name, longest))
        case Colour(word=word):
            return len(word), replace(span, word=shortened(word, longest))
        case When():
            return 0, span
    assert_never(span)


def carried_by(element: Element) -> Sequence[object]:
    """What the buttons of `element` carry."""
    match element:
        case Buttons(items):
            return [each.url if isinstance(each, LinkButton) else (each.verb, dict(each.ids)) for each in items]
        case Row(button=button) if button is not None:
            return [(button.verb, dict(button.ids))]
        case _:
            return []
