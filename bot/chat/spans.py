"""Text as spans. A plain `str` is always literal: nothing a person typed becomes markup, a mention or a link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.words import moment


@dataclass(frozen=True, slots=True)
class Bold:
    """Words a reader scans for."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that open `url`; only addresses that the bot made itself."""

    text: str
    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"a link opens a web address, got {self.url!r}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who is told of it; use a plain name where nobody needs to be."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class When:
    """An instant, shown in the reader's own time zone."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"When needs an aware datetime, got {self.at!r}")


class Hue(StrEnum):
    """The four states that have a colour; the word always stands beside it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Colour:
    """A coloured dot with its word, only for the state of a milestone or initiative."""

    hue: Hue
    word: str


Span: TypeAlias = str | Bold | Link | Mention | When | Colour
Text: TypeAlias = tuple[Span, ...]


def plain(text: Text, zone: ZoneInfo | None = None) -> str:
    """`text` as bare words, instants in `zone` (UTC when None): for notifications, logs and places without markup."""
    return "".join(_bare(span, zone or ZoneInfo("UTC")) for span in text)


def _bare(span: Span, zone: ZoneInfo) -> str:
    match span:
        case str():
            return span
        case Bold(text) | Link(text):
            return text
        case Mention(name=name):
            return f"@{name}"
        case When(at):
            return moment(at, zone)
        case Colour(word=word):
            return word
