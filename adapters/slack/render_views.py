"""The few words that a card or form gets on Slack alone."""

CANCEL = "Cancel"
NO_WORDS = "…"
LOOK_AGAIN = "Please look at this once more."
NEW_MESSAGE = "There is a new message for you."
NOTHING_HERE = "There is nothing here yet."
FROM_A_CUSTOMER = "From a customer"
FROM_CUSTOMERS = "From customers"


def more(number: int) -> str:
    """How many lines are not shown."""
    return f"+{number} more"


def quoted(words: str) -> str:
    """A customer's words in quotation marks, unless they have some."""
    return words if words[:1] in {"“", '"', "„", "«"} else f"“{words}”"


def utc(moment: str) -> str:
    """An instant where Slack can't show the reader's own time."""
    return f"{moment} UTC"


def refused(why: str, hint: str) -> str:
    """Why an input was not taken, where Slack has no place of its own for it."""
    return f"⚠ {why}" + (f" {hint}" if hint else "")
