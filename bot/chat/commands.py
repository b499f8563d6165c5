"""Commands: how one is typed, what somebody typed, and what can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.chat.dates import Ambiguous, Period


class Rest(StrEnum):
    """What the free words of a line are to a verb."""

    NONE = "none"
    """It takes none, apart from `Usage.choices`."""
    WORDS = "words"
    PERIOD = "period"
    """Together they must read as a period; no words are today."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How a verb is typed: what may stand behind it.

    `verb` and each of `aliases` are one or two words. `choices` are what may stand behind it as free words, one of
    them and in full. `codes` are prefixes: `B` for `B-7`. With `values`, bare figures such as `78%` are arguments.
    `past` reads dates as ones that are not to come: `mon` is last Monday.
    A verb that is not `plain` needs a slash. Without one, a `coded` verb is a command only where a code stands right
    behind it: `done A-104`, but not `done for today`. Where `bare` is given, a line without a slash is a command only
    A quoted text behind free words is some of them, as in `ask the shop about the "XL boxes"`, unless it is `apart`.
    where its free words are wholly as this pattern says, in any case; "" is for none at all.
    """

    verb: str
    aliases: tuple[str, ...] = ()
    rest: Rest = Rest.NONE
    choices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    people: bool = False
    dates: bool = False
    past: bool = False
    values: bool = False
    plain: bool = True
    coded: bool = False
    bare: str | None = None
    apart: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.verb, *self.aliases)


@dataclass(frozen=True, slots=True)
class Command:
    """A line that was read from end to end.

    `text` is the whole line, `words` its free words, a person `Amy`, `Amy Jones` or, named by the platform, `[U123]`.
    Values of `keys` are as typed, without quotes and without the `@` of a person. `explicit` says that it had a slash.
    """

    verb: str
    text: str
    words: str = ""
    quoted: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    numbers: tuple[str, ...] = ()
    period: Period | None = None
    explicit: bool = False

    @property
    def title(self) -> str:
        """The first quoted text, or else the free words."""
        return next(iter(self.quoted), "") or self.words


@dataclass(frozen=True, slots=True)
class UnknownVerb:
    """No verb is called so; `nearest` is the name of one that nearly is, or empty."""

    typed: str
    nearest: str


@dataclass(frozen=True, slots=True)
class UnreadableDate:
    """`text` should be a date or a period and is none."""

    text: str


AmbiguousDate: TypeAlias = Ambiguous


@dataclass(frozen=True, slots=True)
class Misplaced:
    """`verb` does not take the argument `text`, or not twice."""

    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class UnclosedQuote:
    """The quoted `text` has no end."""

    text: str


Problem: TypeAlias = UnclosedQuote | UnknownVerb | Misplaced | UnreadableDate | AmbiguousDate
