"""The few words that a card or form gets on Teams alone."""

from bot.chat.words import small

NO_WORDS = "…"
LOOK_AGAIN = "Please look at this once more."
FILL_IN = "Please fill this in."
NEW_MESSAGE = "There is a new message for you."
FROM_A_CUSTOMER = "From a customer"
FROM_CUSTOMERS = "From customers"
NOTHING_CHOSEN = "None of these"
NOBODY = "Nobody"
CHOOSE_A_PERSON = "Type a name"
NOT_SENT = "Not sent yet"
KEPT = "Everything you filled in is kept and goes along when you send it again."
SEND_AGAIN = "Send again"


def more(number: int) -> str:
    """How many lines are not shown."""
    return f"+{number} more"


def quoted(words: str) -> str:
    """A customer's words in quotation marks, unless they have some."""
    return words if words[:1] in {"“", '"', "„", "«"} else f"“{words}”"


def utc(moment: str) -> str:
    """An instant where Teams can't show the reader's own time."""
    return f"{moment} UTC"


def labelled(label: str, *, is_optional: bool, is_refused: bool) -> str:
    """The label of an input; Teams itself marks those that must be filled in."""
    notes = [*(["optional"] if is_optional else []), *(["please look again"] if is_refused else [])]
    return f"{label} ({', '.join(notes)})" if notes else label


def refused(why: str) -> str:
    """Why an input was not taken, with a sign, so that colour is not all that tells."""
    return f"⚠ {why}"


def look_at(number: int) -> str:
    """What stands above a form that was not taken."""
    what = "One thing needs" if number == 1 else f"{small(number).capitalize()} things need"
    return f"{what} another look. Everything you typed is still here."


def some_people(shown: int, of: int) -> str:
    """What stands below a list of people that is too long to be shown."""
    return f"These are {shown} of {of} people."
