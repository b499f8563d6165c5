"""The words of the digest: what was beyond the day's number, a line for each, opened by a press."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Row, Title, says
from bot.chat.words import count, typed
from storage.messages import Message

ROWS = 4  # with a button beside them
LISTED = 10
LINE_MAX = 100  # characters


@dataclass(frozen=True, slots=True)
class Held:
    """A message that was set aside: the words it begins with, and whether it was opened since."""

    message: Message
    title: str
    is_open: bool = False
    is_reminder: bool = False


def title_of(card: Card) -> str:
    """What a message says first, on one line."""
    line = " ".join(card.summary.split())
    return line if len(line) <= LINE_MAX else f"{line[: LINE_MAX - 1].rstrip()}…"


def digest(held: Sequence[Held], *, day: int, first: int = 0) -> Card:
    """What waited, ROWS of them to be opened here; `first` is the place of the first one that is shown."""
    waiting = [each for each in held if not each.is_open]
    page = waiting[first : first + ROWS]
    after = waiting[first + ROWS :]
    many = count(len(waiting), "message")
    elements: list[Element] = [
        Title("What else came today" if first == 0 else "What else came today, continued"),
        *(Row(each.title, button=_open(each)) for each in page),
    ]
    lines = [Line((each.title,)) for each in after[: LISTED - len(page)]]
    opened = [Line((each.title,), ("opened, it stands below",)) for each in held if each.is_open]
    if lines:
        elements.append(Group("Also", tuple(lines)))
    if opened and first == 0:
        elements.append(Group("Opened", tuple(opened[:LISTED])))
    buttons = _below(after, held, day=day, first=first)
    elements += [Buttons((buttons,))] if buttons else []
    elements.append(Note(f"{typed('settings messages')} says how many reach you in a day before the rest waits."))
    titles = "; ".join(each.title for each in page)
    return Card(f"What else came today, {many}: {titles}" if waiting else settled_words(), tuple(elements))


def settled_words() -> str:
    """Nothing is left to be opened."""
    return "Everything that waited today is opened."


def _open(held: Held) -> Button:
    return Button("Open", "quiet.open", {"message": str(held.message.id)}, spoken=f"Open: {held.title}")


def _below(after: Sequence[Held], held: Sequence[Held], *, day: int, first: int) -> Button | None:
    if after:
        return Button(f"More ({len(after)})", "quiet.more", {"day": str(day), "first": str(first + ROWS)})
    if any(each.is_reminder for each in held):
        return Button("Stop such reminders", "settings.reminders", {"turn": "off"})
    return None


def all_opened(held: Sequence[Held]) -> Card:
    """The digest after its last line was opened."""
    lines = tuple(Line((each.title,)) for each in held[:LISTED])
    return Card(settled_words(), (Title("What else came today"), Note(settled_words()), Group("Opened", lines)))


def comes() -> Card:
    """It was opened."""
    return says("Here it comes, with its own buttons.")


def stands_already() -> str:
    """It was opened before."""
    return "It was opened before, and stands in our messages. Nothing was changed."


def is_settled() -> str:
    """What it would say is over."""
    return "That is settled by now, so there is nothing left to open."


def is_over() -> str:
    """Its time is over."""
    return "Its time is over, so there is nothing left to open."
