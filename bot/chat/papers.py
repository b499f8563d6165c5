"""What the bot hands out as files: papers and calendars, free of any file format.

A plain `str` is literal, as on a card: nothing that a person typed becomes markup, a field or a formula.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Format(StrEnum):
    """As which a paper can be had; the word is the ending of the file's name."""

    WORD = "docx"
    PDF = "pdf"
    MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a part; `number` as on the agenda, `3` or `3.2`, empty for none. `level` is 1 or 2."""

    text: str
    number: str = ""
    level: int = 1
    aside: str = ""
    """A few quiet words at its end: `12 of 15 minutes`."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; a quiet one steps back."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines of equal weight."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and what stands behind them."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. `widths` are the columns' shares of the page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in (*self.rows, self.widths)):
            raise ValueError(f"every row of a table has {len(self.head)} cells")


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's own words, and nobody else's."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was decided: the sentence that a reader looks for, and what belongs to it."""

    code: str
    text: str
    pairs: tuple[tuple[str, str], ...] = ()


Block: TypeAlias = Heading | Prose | Bullets | Pairs | Table | Quote | Resolved


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title block, and what stands under it in reading order."""

    kind: str
    """What it is, above the title: `Minutes`."""
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    status: str = ""
    """How it stands, for all to see: `Not yet checked by the chair`."""
    footer: str = ""
    name: str = "paper"
    """Of its file, without the ending: letters, digits and hyphens."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of a calendar. `uid` never changes; `sequence` rises with every move."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    made_at: datetime
    where: str = ""
    about: str = ""
    url: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Diary:
    """A calendar."""

    name: str
    zone: str
    happenings: tuple[Happening, ...]
