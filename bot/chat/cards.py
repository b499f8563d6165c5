"""What the bot shows: cards, free of any platform.

Limits are the narrower of the two platforms' (https://docs.slack.dev/reference/block-kit, Adaptive Cards 1.5 in Teams)
and hold for words that we write; a card that exists can be rendered everywhere. Words that people write are never cut:
a renderer splits them or collapses lines behind "+N more".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from bot.chat.pictures import Drawing
from bot.chat.spans import Mention, Text

TITLE_MAX = 150  # characters (Slack header)
NOTE_MAX = 2000  # characters (Slack context text)
BUTTON_MAX = 40  # characters; 75 on Slack, but a row of buttons is cut off earlier on Teams
BUTTONS_MAX = 5  # buttons in one row
ACTIONS_MAX = 6  # buttons on a whole card (Teams)
FACTS_MAX = 10  # pairs (Slack section fields)
NUMBERS_MAX = 4  # figures side by side
LINES_SHOWN = 10  # lines of a group before "+N more"


@dataclass(frozen=True, slots=True)
class Title:
    """What this is."""

    text: str

    def __post_init__(self) -> None:
        at_most(TITLE_MAX, self.text, "title")


@dataclass(frozen=True, slots=True)
class Note:
    """One quiet line: when, how many, until when."""

    text: str

    def __post_init__(self) -> None:
        at_most(NOTE_MAX, self.text, "note")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences."""

    text: Text


@dataclass(frozen=True, slots=True)
class Line:
    """A thing and its facts: the words a person knows it by, and one quiet line under them."""

    text: Text
    detail: Text = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a label, in reading order; a renderer shows LINES_SHOWN of them and "+N more"."""

    label: str
    lines: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A customer's own words, and nobody else's."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value pairs."""

    pairs: tuple[tuple[str, Text], ...]

    def __post_init__(self) -> None:
        between(1, FACTS_MAX, len(self.pairs), "facts")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure: `78%`, `First-time fix yesterday`, `up 2 points`."""

    value: str
    label: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Figures side by side."""

    items: tuple[Number, ...]

    def __post_init__(self) -> None:
        between(1, NUMBERS_MAX, len(self.items), "numbers")


@dataclass(frozen=True, slots=True)
class Button:
    """A press sends `Pressed(verb, ids)`.

    `primary` is for the answer most people give, on what one person sees. `opens_form` says that the answer is a form,
    which Teams must know beforehand. `spoken` is what a screen reader says where the words alone are not enough.
    """

    text: str
    verb: str
    ids: Mapping[str, str] = field(default_factory=dict)
    primary: bool = False
    opens_form: bool = False
    spoken: str = ""

    def __post_init__(self) -> None:
        at_most(BUTTON_MAX, self.text, "button")


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens a web page."""

    text: str
    url: str

    def __post_init__(self) -> None:
        at_most(BUTTON_MAX, self.text, "button")


@dataclass(frozen=True, slots=True)
class Buttons:
    """Choices in one row, the likeliest first."""

    items: tuple[Button | LinkButton, ...]

    def __post_init__(self) -> None:
        between(1, BUTTONS_MAX, len(self.items), "buttons in a row")


@dataclass(frozen=True, slots=True)
class Row:
    """Something that one press settles, with that press beside it."""

    text: str
    detail: str = ""
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Divider:
    """A rule between different kinds of thing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Something the bot draws, with the words that say the same: they stand where pictures can't be shown."""

    drawing: Drawing
    alt: str

    def __post_init__(self) -> None:
        at_most(NOTE_MAX, self.alt, "alt text")


Element: TypeAlias = Title | Note | Paragraph | Group | Words | Facts | Numbers | Buttons | Row | Divider | Picture


class Enclosure(StrEnum):
    """What can go along with a message."""

    MEETING = "meeting"
    AGENDA = "agenda"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes along where a message can carry some, as a mail can: what it is, of which meeting."""

    what: Enclosure
    number: int


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `summary` is its plain-text sentence, for notifications and screen readers."""

    summary: str
    elements: tuple[Element, ...] = ()
    encloses: tuple[Enclosed, ...] = ()

    def __post_init__(self) -> None:
        if not self.summary.strip():
            raise ValueError("a card needs its plain-text sentence")
        between(0, ACTIONS_MAX, len(buttons_of(self)), "buttons on a card")


def says(*sentences: str) -> Card:
    """A card of plain sentences, one paragraph each."""
    return Card(" ".join(sentences), tuple(Paragraph((s,)) for s in sentences))


def buttons_of(card: Card) -> tuple[Button | LinkButton, ...]:
    """Every button on `card`, in reading order."""
    found: list[Button | LinkButton] = []
    for element in card.elements:
        match element:
            case Buttons(items):
                found.extend(items)
            case Row(button=Button() as button):
                found.append(button)
            case _:
                pass
    return tuple(found)


def drawings_in(card: Card) -> tuple[Drawing, ...]:
    """What is drawn on a card, each once."""
    return tuple(dict.fromkeys(each.drawing for each in card.elements if isinstance(each, Picture)))


def people_in(card: Card) -> frozenset[int]:
    """The people whom a card mentions, by their numbers."""
    return frozenset(span.person_id for text in _texts(card) for span in text if isinstance(span, Mention))


def _texts(card: Card) -> Iterator[Text]:
    for element in card.elements:
        match element:
            case Paragraph(text):
                yield text
            case Group(lines=lines):
                for line in lines:
                    yield from (line.text, line.detail)
            case Facts(pairs):
                yield from (value for _, value in pairs)
            case _:
                pass


def at_most(limit: int, text: str, what: str) -> None:
    """Raises: ValueError when `text` is empty or longer than `limit` characters."""
    if not 1 <= len(text) <= limit:
        raise ValueError(f"a {what} has 1 to {limit} characters, {text[:60]!r} has {len(text)}")


def between(low: int, high: int, number: int, what: str) -> None:
    """Raises: ValueError when `number` is not between `low` and `high`."""
    if not low <= number <= high:
        raise ValueError(f"{what}: {low} to {high}, got {number}")
