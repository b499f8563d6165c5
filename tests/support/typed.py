"""Lines as they are typed on Tue 24 Nov 2026, to a bot with verbs of every shape."""

from datetime import date

from bot.chat.commands import AmbiguousDate, Command, Problem, Rest, Usage
from bot.chat.grammar import read

TODAY = date(2026, 11, 24)

USAGES = (
    Usage("help", choices=("agenda", "huddle", "huddle away")),
    Usage("today", dates=True, people=True),
    Usage("huddle"),
    Usage("huddle away", aliases=("away",), rest=Rest.PERIOD, people=True),
    Usage("huddle back", aliases=("back",)),
    Usage("huddle skip", rest=Rest.WORDS, dates=True),
    Usage("huddle setup", rest=Rest.WORDS, keys=("at", "days", "mins"), plain=False),
    Usage("huddle resolve", rest=Rest.WORDS, codes=("B",)),
    Usage("action add", rest=Rest.WORDS, keys=("due", "owner", "prio", "dod", "reason"), people=True),
    Usage("action block", aliases=("blocked",), rest=Rest.WORDS, codes=("A",)),
    Usage("action done", aliases=("done",), rest=Rest.WORDS, codes=("A",)),
    Usage("action list", choices=("mine", "overdue")),
    Usage("agenda", dates=True),
    Usage("agenda add", rest=Rest.WORDS, keys=("item", "mins", "for", "owner")),
    Usage("change rank", codes=("CR", "BT")),
    Usage("measure record", rest=Rest.WORDS, keys=("period",), values=True, dates=True),
)

AMBIGUOUS = AmbiguousDate("03/04", day_first=date(2027, 4, 3), month_first=date(2027, 3, 4))


def reading(text: str) -> Command | Problem | None:
    """What becomes of a line."""
    return read(text, USAGES, today=TODAY, is_working_day=lambda on: on.weekday() < 5)


def command(text: str) -> Command:
    """A line that is a command."""
    found = reading(text)
    assert isinstance(found, Command), found
    return found
