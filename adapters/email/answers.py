"""What can be answered to a card with a line of words, and which button such a line means. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.cards import Button, Card, buttons_of
from bot.chat.codec import Json, decoded, encoded

_LEAD = re.compile(r"^\s*reply with\s*:?\s*", re.IGNORECASE)
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2013": "-"})
_EDGES = " \t.!?,;:*_'\"[](){}<>"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, and the words that stand for it in a mail; no two of a card have the same."""

    words: str
    button: Button


def choices_of(card: Card) -> tuple[Choice, ...]:
    """The buttons of a card in reading order; where several are called the same they are numbered: `Done 2`."""
    buttons = [each for each in buttons_of(card) if isinstance(each, Button)]
    often = Counter(folded(each.text) for each in buttons)
    found: list[Choice] = []
    taken = {name for name, number in often.items() if number == 1}
    for each in buttons:
        words, number = each.text, 0
        if often[folded(words)] > 1:
            while not number or folded(words) in taken:
                number += 1
                words = f"{each.text} {number}"
        taken.add(folded(words))
        found.append(Choice(words, each))
    return tuple(found)


def folded(line: str) -> str:
    """A line as it is compared: without case, quotes, brackets and marks around it, and what mail programs change."""
    return " ".join(_LEAD.sub("", line.translate(_STRAIGHT)).casefold().split()).strip(_EDGES)


def chosen(choices: Sequence[Choice], lines: Sequence[str]) -> list[Choice]:
    """Those that are named by a line of their own, each once, as they stand in the lines."""
    by_words = {folded(each.words): each for each in choices}
    named = dict.fromkeys(folded(line) for line in lines)
    return [by_words[words] for words in named if words in by_words]


def stored(choices: Sequence[Choice]) -> list[Any]:
    """As a mail's row keeps them."""
    return [[each.words, encoded(each.button)] for each in choices]


def restored(pairs: Sequence[Sequence[Json]]) -> tuple[Choice, ...]:
    """What was kept."""
    found = [(words, decoded(button)) for words, button in pairs]
    return tuple(Choice(str(words), button) for words, button in found if isinstance(button, Button))
