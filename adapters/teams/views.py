"""What the bot says on Teams alone: when Teams' own ways stand between a person and the answer."""

from collections.abc import Mapping

from bot.chat.cards import Button, Buttons, Card, Paragraph, says
from bot.chat.spans import Bold
from bot.guide.views import SAID_MAX, SAY

TOO_LATE = "That took too long, so nothing was changed. Please try again."
LOOKED_IN_VAIN = "I can't ask Teams who you are just now, so nothing was changed. Please try again in a minute."
IN_OUR_CHAT = "I answered you in our chat."
OUR_CHAT_IS_SHUT = (
    "My answer is for you alone, and I can't write to you yet. Please add Folkmoot for yourself (Apps, Folkmoot, Add), "
    "and ask again."
)
DONE = "Done."
GROUP_CHAT = "the group chat"
FIRST_CHANNEL = "General"
CHANNEL = "the channel"


def open_form(text: str, what: str) -> Card:
    """Teams opens a form only after a press: the line that was written comes back with it."""
    ask = "Teams opens forms from a button."
    if len(text) > SAID_MAX:
        return says(f"{ask} Please write a shorter line.")
    return Card(ask, (Paragraph((ask,)), Buttons((Button(what[:40], SAY, {"text": text}, opens_form=True),))))


def open_pressed(what: str, verb: str, ids: Mapping[str, str]) -> Card:
    """A press that leads to a form, from a button that Teams was not told so of."""
    ask = "Teams opens this form from another button."
    return Card(ask, (Paragraph((ask,)), Buttons((Button(what[:40], verb, ids, opens_form=True),))))


def hello() -> Card:
    """To somebody who has just added the bot for themselves and whom it does not know yet."""
    text = "Hello, I'm Folkmoot. I ask teams for their huddle and keep in sight what is in the way and what was agreed."
    way = ("Write ", Bold("today"), " to see your day, or ", Bold("help"), " for all I can do.")
    buttons = (Button("My day", SAY, {"text": "/today"}), Button("What can you do?", SAY, {"text": "/help"}))
    return Card(text, (Paragraph((text,)), Paragraph(way), Buttons(buttons)))


def hello_everybody() -> Card:
    """To a team or group that the bot was just added to."""
    text = "Hello, I'm Folkmoot. I ask a team for its huddle in their personal chats, and the summary stands here."
    way = ("To begin, write ", Bold("@Folkmoot team setup"), " here, and then ", Bold("@Folkmoot huddle setup"), ".")
    return Card(text, (Paragraph((text,)), Paragraph(way)))
