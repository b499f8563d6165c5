"""What came of a month: who got which message when, and what that means for their day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

BUDGET = 6  # domain.md 3.5: direct messages in a person's day besides answers
ASKS = ("huddle.prompt", "huddle.nudge")  # neither counted in the budget nor kept back at night
DIGEST = "quiet.digest"


@dataclass(frozen=True, slots=True)
class Sent:
    """A direct message that reached somebody; `local` is the time on their clock."""

    person: str
    view: str
    local: datetime
    is_reply: bool
    is_urgent: bool
    is_quiet: str
    """Why it is quiet for them then: the evening, a day off, away; empty at any other time."""

    @property
    def counts(self) -> bool:
        """Whether it is one of a day's number."""
        return not (self.is_reply or self.view in (*ASKS, DIGEST))


@dataclass(frozen=True, slots=True)
class Month:
    """What came of it."""

    begins_on: date
    days: int
    sent: Sequence[Sent]
    rooms: int
    """Messages in rooms."""
    seed: int

    @property
    def counted(self) -> Counter[tuple[str, date]]:
        """How many of a day's number reached each person on each day."""
        return Counter((each.person, each.local.date()) for each in self.sent if each.counts)

    @property
    def over_budget(self) -> list[tuple[str, date, int]]:
        """Whose number was passed, on which day, and by how many messages it stands there."""
        return [(who, on, number) for (who, on), number in sorted(self.counted.items()) if number > BUDGET]

    @property
    def in_quiet(self) -> list[Sent]:
        """What came when nothing should."""
        free = (each.is_reply or each.is_urgent or each.view in ASKS for each in self.sent)
        return [each for each, is_free in zip(self.sent, free, strict=True) if each.is_quiet and not is_free]
