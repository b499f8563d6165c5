"""What the bot says on Slack alone: when Slack's own ways stand between a person and the answer."""

from bot.chat.cards import Button, Buttons, Card, Paragraph, says
from bot.guide.views import SAID_MAX, SAY

TOO_LATE = "That took too long, so nothing was changed. Please try again."
LOOKED_IN_VAIN = "I can't ask Slack who you are just now, so nothing was changed. Please try again in a minute."
NOT_INSTALLED = "Folkmoot is not installed in this workspace (any more). An administrator can install it again."
FORM_IN_DOUBT = "Slack did not say whether the form came up. If it did not, please press once more."
FORM_TOO_LATE = "Slack did not let me open the form in time. Nothing was changed; please press once more."


def open_form(text: str, what: str) -> Card:
    """Slack opens a form only after a press: the command that was written comes back with it."""
    ask = "Slack opens forms from a button."
    if len(text) > SAID_MAX:
        return says(f"{ask} Please write a shorter line, or use the slash command.")
    return Card(ask, (Paragraph((ask,)), Buttons((Button(what[:40], SAY, {"text": text}, opens_form=True),))))


def no_day_yet() -> Card:
    """The Home of somebody who never spoke with the bot."""
    return says("Nice to see you. Write me a line, such as help, and your day will stand here from then on.")


def not_from_here(what: str) -> Card:
    """A shortcut whose verb this version does not have yet."""
    return says(f"I can't make {what} from messages yet. Nothing was changed.")
