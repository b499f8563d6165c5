"""What a blocker may become, and how old it is. Source: domain.md 2.3 and 4.6."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.chat.words import count
from storage.blockers import Blocker

_NOTHING = frozenset(
    {
        "-", "--", "–", "—", "/", "0", "no", "nope", "nah", "none", "nothing", "nil", "na", "n/a", "nowt", "not really",
        "no blockers", "no blocker", "no obstacles", "no problems", "no issues", "no nothing", "nothing today",
        "nothing really", "nothing in my way", "nothing at all", "none today", "not today", "all good", "all clear",
        "all fine", "im good", "i'm good", "we're good", "im fine", "i'm fine",
    }
)  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether an answer says that nothing is in the way."""
    bare = " ".join(text.casefold().replace("’", "'").replace(",", " ").strip(" .!").split())
    return bare in _NOTHING or not bare


def is_open(blocker: Blocker) -> bool:
    """Whether it still is in the way."""
    return blocker.state is not Blocker.State.RESOLVED


def age(start: date, end: date, is_working_day: Callable[[date], bool]) -> int:
    """Working days d with start < d <= end. Source: domain.md 4.6."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for each in days if is_working_day(each))


def age_words(days: int) -> str:
    """`since today`, `1 working day`."""
    return "since today" if days == 0 else count(days, "working day")
