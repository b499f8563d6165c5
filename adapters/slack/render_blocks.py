"""From the elements of a card to Slack's blocks: pure."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias, assert_never

from adapters.slack import rich_text
from adapters.slack.api import Fields
from adapters.slack.render_press import press_value
from adapters.slack.render_text import SECTION_MAX, cleaned, context, one_line, pieces, plain_text, shortened
from adapters.slack.render_views import FROM_A_CUSTOMER, FROM_CUSTOMERS, NO_WORDS
from adapters.slack.rich_text import Accounts, Part
from bot.chat.cards import (
    Button,
    Buttons,
    Divider,
    Element,
    Facts,
    Group,
    LinkButton,
    Note,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
)
from bot.chat.pictures import Drawing

SPOKEN_MAX = 75  # characters of accessibility_label
URL_MAX = 3000  # characters
FIELD_MAX = 2000  # characters of a section's field
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")

Files: TypeAlias = Mapping[Drawing, str]
"""The ids of pictures that Slack has."""

NO_FILES: Files = MappingProxyType({})


def blocks_of(
    elements: Sequence[Element], accounts: Accounts, files: Files = NO_FILES, *, block_prefix: str, longest: int
) -> list[Fields]:
    """The blocks of `elements`, groups with at most `longest` lines; pictures that are no file of Slack's in words.

    Every block with a button has a `block_id` that begins with `block_prefix`; buttons count from 1.
    """
    drawing = _Drawing(accounts, files, block_prefix=block_prefix, longest=longest)
    for place, element in enumerate(elements):
        before, after = elements[:place][-1:], elements[place + 1 :][:1]
        drawing.add(element, follows=_is_words(before), leads=_is_words(after))
    return drawing.blocks()


def _is_words(elements: Sequence[Element]) -> bool:
    return bool(elements) and isinstance(elements[0], Words)


class _Drawing:
    """Blocks as they come; rich text waits until something else follows, so that neighbours share a block."""

    def __init__(self, accounts: Accounts, files: Files, *, block_prefix: str, longest: int) -> None:
        self._accounts = accounts
        self._files = files
        self._prefix = block_prefix
        self._longest = longest
        self._blocks: list[Fields] = []
        self._parts: list[Part] = []
        self._buttons = 0

    def blocks(self) -> list[Fields]:
        """All of them so far."""
        self._put([])
        return self._blocks

    def add(self, element: Element, *, follows: bool, leads: bool) -> None:
        """One more element; `follows` and `leads` say whether customers' words stand before and behind it."""
        match element:
            case Paragraph(text):
                self._parts += rich_text.paragraph(text, self._accounts)
            case Group():
                self._parts += rich_text.group(element, self._accounts, longest=self._longest)
            case Words():
                label = "" if follows else FROM_CUSTOMERS if leads else FROM_A_CUSTOMER
                self._parts += rich_text.words(element, self._accounts, label=label)
            case Facts():
                self._parts += rich_text.facts(element, self._accounts)
            case Numbers(items=(number,)):
                self._parts += rich_text.number(number, self._accounts)
            case Numbers():
                self._put(_numbers(element))
            case Title(text):
                self._put(_title(text))
            case Note(text):
                self._put(context(text))
            case Buttons(items):
                self._put_buttons(items)
            case Row():
                self._put_row(element)
            case Divider():
                self._put([{"type": "divider"}])
            case Picture():
                self._put(_picture(element, self._files))
            case _:
                assert_never(element)

    def _put(self, blocks: list[Fields]) -> None:
        if self._parts:
            self._blocks.append(rich_text.rich_text(self._parts))
            self._parts = []
        self._blocks += blocks

    def _put_buttons(self, items: Sequence[Button | LinkButton]) -> None:
        made = [self._button(each) for each in items if not _is_dead_link(each)]
        words = [block for each in items if _is_dead_link(each) for block in context(each.text)]
        actions = [{"type": "actions", "block_id": self._block_id(made), "elements": made}] if made else []
        self._put([*actions, *words])

    def _put_row(self, row: Row) -> None:
        words = "\n".join(part for part in (cleaned(row.text).strip(), cleaned(row.detail).strip()) if part)
        if not words:
            self._put_buttons([row.button] if row.button else [])
            return
        sections: list[Fields] = [{"type": "section", "text": plain_text(each)} for each in pieces(words, SECTION_MAX)]
        if row.button:
            button = self._button(row.button)
            sections[0] |= {"block_id": self._block_id([button]), "accessory": button}
        self._put(sections)

    def _block_id(self, buttons: Sequence[Fields]) -> str:
        return f"{self._prefix}{buttons[0]['action_id'].rpartition(':')[2]}"

    def _button(self, button: Button | LinkButton) -> Fields:
        self._buttons += 1
        words = {"type": "button", "text": plain_text(one_line(button.text) or NO_WORDS)}
        if isinstance(button, LinkButton):
            return words | {"action_id": f"link:{self._buttons}", "url": button.url}
        made = words | {"action_id": f"press:{self._buttons}", "value": press_value(button.verb, button.ids)}
        spoken = shortened(one_line(button.spoken), SPOKEN_MAX)
        return (
            made
            | ({"style": "primary"} if button.primary else {})
            | ({"accessibility_label": spoken} if spoken else {})
        )


def _is_dead_link(button: Button | LinkButton) -> bool:
    return isinstance(button, LinkButton) and not _is_address(button.url)


def _is_address(url: str) -> bool:
    return len(url) <= URL_MAX and _ADDRESS.fullmatch(url) is not None


def _title(text: str) -> list[Fields]:
    words = one_line(text)
    return [{"type": "header", "text": plain_text(words)}] if words else []


def _numbers(numbers: Numbers) -> list[Fields]:
    """Figures side by side; plain text, since a number is called what people called it."""
    fields = []
    for each in numbers.items:
        first = "  ".join(part for part in (one_line(each.value), one_line(each.label)) if part)
        text = "\n".join(part for part in (first, one_line(each.change)) if part)
        fields += [plain_text(shortened(text, FIELD_MAX))] if text else []
    return [{"type": "section", "fields": fields}] if fields else []


def _picture(picture: Picture, files: Files) -> list[Fields]:
    alt = cleaned(picture.alt).strip()
    file_id = files.get(picture.drawing)
    if file_id is None:
        return context(alt)
    return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": alt or NO_WORDS}]
