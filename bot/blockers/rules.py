"""What a blocker may become, and how old it is. Source: domain.md 2.3 and 4.6."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.chat.words import count
from storage.blockers import Blocker

_NOTHING = frozenset(
    {
        "-", "--", "–", "—", "/", "0", "no", "nope", "nah", "none", "nothing", "nil", "na", "n/a", "n.a", "nowt",
        "no blockers", "no blocker", "no obstacles", "no problems", "no problem", "no issues", "no nothing", "no none",
        "nothing in my way", "nothing in the way", "nothing in our way", "nothing to report", "nothing new",
        "not really", "no not really", "not today", "not at the moment", "not right now", "not at all", "not from me",
        "all good", "all clear", "all fine", "all well", "im good", "i'm good", "we're good", "im fine", "i'm fine",
        "we're fine", "i'm ok", "all ok", "ok",
    }
)  # fmt: skip
_ENDING = re.compile(r" (?:thanks|thank you|today|really|at all|at the moment|right now|for now|so far|from me)$")


def says_nothing(text: str) -> bool:
    """Whether an answer says that nothing is in the way."""
    bare = " ".join(text.casefold().replace("’", "'").replace(",", " ").split()).strip(" .!")
    while bare and bare not in _NOTHING:
        shorter = _ENDING.sub("", bare)
        if shorter == bare:
            return False
        bare = shorter
    return True


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
