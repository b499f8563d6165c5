"""What somebody reads whose answer names what is in the team's way already. Source: domain.md 3.3, E-11."""

from collections.abc import Mapping
from dataclasses import replace

from bot.blockers.rules import age_words
from bot.chat.cards import Button, Buttons, Card, Element, Note, Paragraph
from bot.chat.words import short_day
from storage.blockers import Blocker

DEPT, STOPPED = "dept", "customer"


def kept_number(blocker: Blocker, age_days: int) -> Card:
    """They said the same before."""
    words = f"{_open(blocker, age_days)}. It keeps that number: {blocker.text}"
    return Card(words, (Paragraph((words,)),))


def still_the_same(blocker: Blocker, age_days: int, ids: dict[str, str]) -> Card:
    """E-11: silence means that it is; `ids` lead back to the answer."""
    words = f"Still waiting for the same? That looks like {blocker.code} '{blocker.text}'"
    since = f"open since {short_day(blocker.raised_on)}"
    days = f", {age_words(age_days)}" if age_days else ""
    new = new_button(blocker, ids)
    same = Button("Same thing", "huddle.blocker_same", ids, spoken=f"It is the same as {blocker.code}")
    return Card(
        f"{words} ({since}{days}).",
        (
            Paragraph((f"{words} ({since}{days}).",)),
            Note(f"Your answer is kept. Unless you say that it is new, it counts as {blocker.code}."),
            Buttons((same, new)),
        ),
    )


def new_button(blocker: Blocker, ids: Mapping[str, str]) -> Button:
    """It gets a number of its own; `ids` lead back to the answer."""
    return Button("It's new", "huddle.blocker_new", ids, spoken=f"It is something else than {blocker.code}")


def _open(blocker: Blocker, age_days: int) -> str:
    return f"{blocker.code}, open for {age_words(age_days)}" if age_days else f"{blocker.code}, open since today"


def together(first: Card, then: Card) -> Card:
    """Two things to say in one card."""
    elements: tuple[Element, ...] = (*first.elements, *then.elements)
    return replace(first, summary=f"{first.summary} {then.summary}", elements=elements)


def same_it_is(blocker: Blocker) -> Card:
    """**Same thing**."""
    words = f"Thank you. Your answer counts as {blocker.code}: {blocker.text}"
    return Card(words, (Paragraph((words,)),))


def new_number(blocker: Blocker) -> Card:
    """**It's new**."""
    words = f"Thank you. It has a number of its own: {blocker.code} {blocker.text}"
    return Card(words, (Paragraph((words,)),))


def new_already(blocker: Blocker) -> str:
    """**It's new**, pressed twice."""
    return f"It has its own number already: {blocker.code} {blocker.text}. Nothing was changed."


def gone_since() -> str:
    """The answer names nothing that is in the way any more."""
    return "Your answer names nothing that is in the way any more. Nothing was changed."
