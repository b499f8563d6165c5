"""Rich text: everything that people wrote, in elements in which Slack reads no mark-up, mention or emoji.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from adapters.slack.api import Fields
from adapters.slack.render_text import cleaned, closed, one_line
from adapters.slack.render_views import more, quoted, utc
from bot.chat.cards import Facts, Group, Line, Number, Words
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, Span, Text, When
from bot.chat.words import moment

Accounts = Mapping[int, str]
"""Slack's user ids by the numbers of persons."""

# The day with its weekday in the reader's own language and order, as every day the bot writes.
# Tokens: https://docs.slack.dev/reference/block-kit/block-elements/date-element
WHEN = "{date_long}, {time}"
DOTS = {
    Hue.RED: "red_circle",
    Hue.AMBER: "large_orange_circle",
    Hue.GREEN: "large_green_circle",
    Hue.BLUE: "large_blue_circle",
}
_UTC = ZoneInfo("UTC")
_SECTION = "rich_text_section"
_NEW_LINE = "\n"
_GAP = "  "  # between a thing and what is said of it


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a card as sections, lists and quotes; `is_apart` asks for an empty line above it."""

    elements: list[Fields]
    is_apart: bool = True


def rich_text(parts: Sequence[Part]) -> Fields:
    """A block of `parts`, in their order."""
    elements: list[Fields] = []
    for part in parts:
        first, *rest = part.elements
        if elements and first["type"] == _SECTION:
            elements, first = _led_to(elements, first, gap=part.is_apart)
        elif elements and (part.is_apart or elements[-1]["type"] != _SECTION):
            elements.append(_section([_text(_NEW_LINE)]))
        elements += [first, *rest]
    return {"type": "rich_text", "elements": elements}


def paragraph(text: Text, accounts: Accounts) -> list[Part]:
    """A few sentences; nothing where there are no words."""
    found = leaves(text, accounts)
    return [Part([_section(found)])] if found else []


def group(shown: Group, accounts: Accounts, *, longest: int) -> list[Part]:
    """A label, at most `longest` lines and how many more there are."""
    lines = [found for each in shown.lines if (found := _line(each, accounts))]
    label = leaves((Bold(shown.label),), accounts) if shown.label.strip() else []
    elements = [_section(label)] if label else []
    if lines:
        style = "ordered" if shown.numbered else "bullet"
        items = [_section(each) for each in lines[:longest]]
        elements.append({"type": "rich_text_list", "style": style, "indent": 0, "elements": items})
    if len(lines) > longest:
        elements.append(_section([_text(more(len(lines) - longest))]))
    return [Part(elements, is_apart=bool(label))] if elements else []


def words(said: Words, accounts: Accounts, *, label: str) -> list[Part]:
    """A customer's words under a label, which the second of two in a row goes without."""
    text, source = cleaned(said.text).strip(), one_line(said.source)
    if not text and not source:
        return []
    found = [_text(closed(quoted(text)) + (_NEW_LINE if source else ""))] if text else []
    found += [_text(closed(source), italic=True)] if source else []
    quote: Fields = {"type": "rich_text_quote", "elements": found}
    return [Part([*([_section(leaves((Bold(label),), accounts))] if label else []), quote])]


def facts(shown: Facts, accounts: Accounts) -> list[Part]:
    """Labels with their values in bold, a pair a line."""
    found: list[Fields] = []
    for label, value in shown.pairs:
        pair = (*leaves((f"{label}{_GAP}",), accounts), *leaves(value, accounts, bold=True))
        if _says_something(pair):
            found += [*([_text(_NEW_LINE)] if found else []), *pair]
    return [Part([_section(_merged(found))])] if found else []


def number(shown: Number, accounts: Accounts) -> list[Part]:
    """One figure in a sentence: `First-time fix yesterday: 78%, up 2 points`."""
    label, change = one_line(shown.label), one_line(shown.change)
    text: Text = (
        f"{label}: " if label and shown.value.strip() else label,
        Bold(one_line(shown.value)),
        f", {change}" if change else "",
    )
    return paragraph(text, accounts)


def leaves(text: Text, accounts: Accounts, *, bold: bool = False) -> list[Fields]:
    """The spans of `text`; none where it says nothing."""
    found = [leaf for span in text for leaf in _leaves(span, accounts, bold=bold)]
    return _merged(found) if _says_something(found) else []


def _line(line: Line, accounts: Accounts) -> list[Fields]:
    first, second = leaves(line.text, accounts), leaves(line.detail, accounts)
    return _merged([*first, *([_text(_NEW_LINE)] if first and second else []), *second])


def _leaves(span: Span, accounts: Accounts, *, bold: bool) -> list[Fields]:
    match span:
        case str():
            return _words(span, bold=bold)
        case Bold(text):
            return _words(text, bold=True)
        case Link(text, url):
            named = {"text": one_line(text)} if one_line(text) else {}
            return [_styled({"type": "link", "url": url, **named}, bold=bold)]
        case Mention(person_id, name):
            user = accounts.get(person_id)
            return [_styled({"type": "user", "user_id": user}, bold=bold)] if user else _words(name, bold=bold)
        case When(at):
            return _when(span, bold=bold) if at.timestamp() >= 0 else _words(_in_words(span), bold=bold)
        case Colour(hue, word):
            return [{"type": "emoji", "name": DOTS[hue]}, *_words(f" {word}", bold=bold)]
    assert_never(span)


def _when(span: When, *, bold: bool) -> list[Fields]:
    date = {"type": "date", "timestamp": int(span.at.timestamp()), "format": WHEN, "fallback": _in_words(span)}
    return [_styled(date, bold=bold)]


def _in_words(span: When) -> str:
    return utc(moment(span.at, _UTC))


def _words(text: str, *, bold: bool) -> list[Fields]:
    found = closed(cleaned(text))
    return [_text(found, bold=bold)] if found else []


def _text(text: str, *, bold: bool = False, italic: bool = False) -> Fields:
    return _styled({"type": "text", "text": text}, bold=bold, italic=italic)


def _styled(leaf: Fields, *, bold: bool, italic: bool = False) -> Fields:
    style = {name: True for name, is_on in (("bold", bold), ("italic", italic)) if is_on}
    return leaf | ({"style": style} if style else {})


def _section(elements: list[Fields]) -> Fields:
    return {"type": _SECTION, "elements": elements}


def _led_to(before: list[Fields], section: Fields, *, gap: bool) -> tuple[list[Fields], Fields]:
    """What stands before `section`, and it with an empty line above it where there is to be a `gap`.

    Two sections become one: not every client of Slack begins a line with a section.
    """
    if before[-1]["type"] != _SECTION:
        return before, _section(_merged([*([_text(_NEW_LINE)] if gap else []), *section["elements"]]))
    between = _text(_NEW_LINE * 2 if gap else _NEW_LINE)
    return before[:-1], _section(_merged([*before[-1]["elements"], between, *section["elements"]]))


def _merged(found: Iterable[Fields]) -> list[Fields]:
    """`found` with neighbouring texts of one style as one, which is shorter in JSON."""
    merged: list[Fields] = []
    for leaf in found:
        last = merged[-1] if merged else {}
        if leaf["type"] == last.get("type") == "text" and leaf.get("style") == last.get("style"):
            merged[-1] = last | {"text": last["text"] + leaf["text"]}
        else:
            merged.append(leaf)
    return merged


def _says_something(found: Iterable[Fields]) -> bool:
    return any(leaf["type"] != "text" or leaf["text"].strip() for leaf in found)
