"""What one message shows of a card that is too large for Slack: pure.

First groups are shortened, the longest first; then long texts, between words; then whole elements from the end, behind
"+N more". Buttons always stay.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from adapters.slack.api import Fields
from adapters.slack.render_text import shortened
from adapters.slack.render_views import more
from bot.chat.cards import (
    LINES_SHOWN,
    Buttons,
    Divider,
    Element,
    Facts,
    Group,
    Line,
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

TEXTS = (2000, 1000, 500, 200)  # characters of one text, tried one after the other


@dataclass(frozen=True, slots=True)
class Size:
    """How many blocks, and how many characters of JSON, one message or view may have."""

    blocks: int
    characters: int


def fits(blocks: Sequence[Fields], size: Size, *, as_escapes: bool = True) -> bool:
    """Whether Slack takes `blocks`. Nobody says how it counts signs beyond ASCII: `as_escapes` takes the worst."""
    return len(blocks) <= size.blocks and len(json.dumps(blocks, ensure_ascii=as_escapes)) <= size.characters


@dataclass(frozen=True, slots=True)
class Step:
    """How far a card is shortened: lines of a group, characters of a text (None: all), elements hidden at the end."""

    lines: int = LINES_SHOWN
    longest: int | None = None
    hidden: int = 0


def steps(elements: Sequence[Element]) -> list[Step]:
    """Ever shorter, from everything on; what follows takes less room than what stands before it."""
    may_go = sum(not _stays(each) for each in elements)
    return [
        *(Step(lines) for lines in range(LINES_SHOWN, 0, -1)),
        *(Step(1, longest) for longest in TEXTS),
        *(Step(1, TEXTS[-1], hidden) for hidden in range(1, may_go + 1)),
    ]


def shorter(elements: Sequence[Element], step: Step) -> Sequence[Element]:
    """`elements` with shorter texts and without the hidden ones, in whose place stands how many they are."""
    places = [place for place, each in enumerate(elements) if not _stays(each)]
    gone = places[len(places) - step.hidden :]
    left = _without(elements, gone) if gone else elements
    return left if step.longest is None else [_cut(each, step.longest) for each in left]


def _stays(element: Element) -> bool:
    return isinstance(element, Title | Buttons) or (isinstance(element, Row) and element.button is not None)


def _without(elements: Sequence[Element], gone: Sequence[int]) -> list[Element]:
    hidden = set(gone)
    before = [each for place, each in enumerate(elements) if place < gone[0]]
    return [
        *before,
        Note(more(len(gone))),
        *(each for place, each in enumerate(elements) if place > gone[0] and place not in hidden),
    ]


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
        case Title() | Buttons() | Divider() | Picture():
            return element
    assert_never(element)


def _cut_number(number: Number, longest: int) -> Number:
    return Number(*(shortened(text, longest) for text in (number.value, number.label, number.change)))


def _cut_text(text: Text, longest: int) -> Text:
    return tuple(_cut_span(span, longest) for span in text)


def _cut_span(span: Span, longest: int) -> Span:
    match span:
        case str():
            return shortened(span, longest)
        case Bold(text) | Link(text):
            return replace(span, text=shortened(text, longest))
        case Mention(name=name):
            return replace(span, name=shortened(name, longest))
        case Colour(word=word):
            return replace(span, word=shortened(word, longest))
        case When():
            return span
    assert_never(span)
