"""The words about blockers."""

from bot.blockers import rules
from bot.chat.cards import Button, Buttons, Card, Paragraph
from bot.chat.spans import Bold
from bot.chat.words import typed
from storage.blockers import Blocker

BY_MISTAKE = "raised by mistake"


def solve_button(blocker: Blocker) -> Button:
    """One press settles it."""
    return Button(
        f"{blocker.code} is solved",
        "blocker.solve",
        {"blocker": str(blocker.id)},
        spoken=f"{blocker.code} is solved: close this blocker",
    )


def help_button(blocker: Blocker) -> Button:
    """Somebody takes it."""
    return Button(
        f"I can help with {blocker.code}",
        "blocker.help",
        {"blocker": str(blocker.id)},
        spoken=f"I can help with {blocker.code}: tell the one who raised it",
    )


def solved(blocker: Blocker) -> Card:
    """It is out of the way."""
    return Card(
        f"{blocker.code} is solved: {blocker.text}",
        (Paragraph((Bold(blocker.code), f" is solved: {blocker.text}")),),
    )


def action_button(blocker: Blocker) -> Button:
    """What is in the way becomes something that somebody does until a day."""
    ids = {"blocker": str(blocker.id)}
    spoken = f"Make {blocker.code} an action with an owner and a date"
    return Button("Make it an action", "action.from_blocker", ids, opens_form=True, spoken=spoken)


def taken(blocker: Blocker, raiser: str) -> Card:
    """Somebody helps."""
    words = f"Thank you. {raiser} will hear that you help with {blocker.code}: {blocker.text}"
    return Card(words, (Paragraph((words,)), Buttons((action_button(blocker),))))


def taken_by_raiser(blocker: Blocker) -> Card:
    """The one who raised it takes it on."""
    words = f"Thank you. {blocker.code} is in your hands: {blocker.text}"
    return Card(words, (Paragraph((words,)), Buttons((action_button(blocker),))))


def told(blocker: Blocker, helper: str) -> Card:
    """What the raiser reads when somebody helps."""
    words = f"{helper} can help with {blocker.code}: {blocker.text}"
    return Card(words, (Paragraph((Bold(helper), f" can help with {blocker.code}: {blocker.text}")),))


def already(blocker: Blocker, verb: str) -> str:
    """E-05."""
    if not rules.is_open(blocker):
        return f"{blocker.code} is solved already. Nothing was changed."
    return f"{blocker.code} is in somebody's hands, so it can't be {verb}. Nothing was changed."


def unknown(code: str) -> str:
    """E-04."""
    return f"I can't find {code or 'that blocker'}. Nothing was changed."


def which() -> str:
    """A code is missing."""
    return f"Which one? For example: {typed('huddle resolve')} B-7 found the notes"
