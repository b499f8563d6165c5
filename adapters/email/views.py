"""The words around a card in a mail: how it is answered, and what is said when an answer can't be read."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, says
from bot.chat.words import count, cut, listing, moment

SENDER = "Folkmoot"
AGAIN = "Show again"
REPLY_WITH = "Reply with:"
END = "-- end --"
ONE_OF = "One of:"
SOME_OF = "One or several, each on a line of its own:"
A_DAY = "A day, such as Fri 18 Dec 2026."
A_TIME = "A time, such as 09:15."
A_PERSON = "Somebody's name."
OPTIONAL = "You may leave this out."
CHOOSE = "Write one of these lines in your reply:"
FILL_IN = "To fill this in, reply to this mail and write below each question. Leave the lines with dashes as they are."


def reply_with(words: str) -> str:
    """How a button is pressed."""
    return f"{REPLY_WITH} {words}"


def head(number: int, total: int) -> str:
    """What stands above a question; short, so that no mail program breaks it."""
    return f"-- {number} of {total} --"


def such_as(example: str) -> str:
    """What an answer may look like."""
    return example if example.casefold().startswith("for example") else f"For example: {example}"


def as_it_stands(submit: str) -> str:
    """How a form is sent without a change."""
    return f"To send it as it stands, {REPLY_WITH.lower()} {submit}"


def stood(at: datetime, zone: ZoneInfo) -> str:
    """What is below a message whose state may change."""
    return f"This is how it stood on {moment(at, zone)}. To see how it stands now, {REPLY_WITH.lower()} {AGAIN}"


def encloses(names: Sequence[str]) -> str:
    """Which files go along."""
    return f"With this mail: {listing(names)}."


def ref(token: str) -> str:
    """By which a mail is known again where a mail program does not say what it answers."""
    return f"Ref: {token}"


def taken() -> Card:
    """Something was done, and there is nothing else to say."""
    return says("Thank you, I have noted it.")


def over() -> Card:
    """Somebody asked for a message that is not there any more."""
    return says("That is over, so there is nothing to show any more. Write today to see your day.")


def not_kept() -> Card:
    """What a mail wants could not be done, and nobody said why."""
    return says("That went wrong, so nothing was changed. Please send it again in a while.")


def empty() -> Card:
    """A mail without words."""
    return says(
        "I found nothing in your mail above what it quotes, so nothing was changed. "
        "Write your answer above the quoted text, or below a question of a form."
    )


def of_calendar() -> Card:
    """A calendar program said whether somebody comes."""
    return says(
        "I can't read what calendar programs answer, so nothing was changed. To say whether you come, reply to the "
        "mail that asks you."
    )


def too_long(length: int, longest: int) -> Card:
    """More than one message holds."""
    return says(f"That is {length:,} characters; a message holds {longest:,}. Please send it in parts.")


def several(words: Sequence[str]) -> Card:
    """More than one button was named."""
    named = listing([f"'{cut(each)}'" for each in words])
    return says(f"I read {named} in your mail and can do one of them at a time. Nothing was changed; please send one.")


def several_homes(names: Sequence[str]) -> Card:
    """An address that several organisations know, and a mail that answers none of theirs."""
    where = listing(sorted(names))
    return says(f"You take part at {where}. Please reply to a mail of theirs, so that I know whom yours is for.")


# --- why what was written in a form can't be taken


def not_an_option(typed: str, options: Sequence[str]) -> str:
    """None of the options."""
    return f"I can't find '{cut(typed)}' among the options. Write one of them: {listing(options, 'or')}."


def not_a_day(typed: str) -> str:
    """No day, or two."""
    return f"I can't read '{cut(typed)}' as a day. Write it like Fri 18 Dec 2026 or 2026-12-18."


def not_a_time(typed: str) -> str:
    """No time of day."""
    return f"I can't read '{cut(typed)}' as a time. Write it like 09:15."


def nobody(typed: str) -> str:
    """Nobody is called so."""
    return f"I know nobody called '{cut(typed)}'. Write a name as I write it, first name and last name."


def several_people(typed: str, names: Sequence[str]) -> str:
    """Several people are called so."""
    return f"'{cut(typed)}' can be {listing(names, 'or')}. Write the whole name."


def too_many_signs(length: int, longest: int) -> str:
    """A text that is longer than its input."""
    return f"That is {count(length, 'character')}, and at most {longest:,} fit here."
