"""When somebody new hears from the bot, and what they should have tried by then. Pure. Source: domain.md P-45."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time

from storage.first_days import Tried

AT = time(11)
FIRST, THIRD, TENTH = 0, 3, 10  # working days after they joined
STAGES = (FIRST, THIRD, TENTH)

NextDay = Callable[[date], date]
"""The first day after a day on which somebody is there."""


def days(joined_on: date, is_there: bool, next_day: NextDay) -> dict[int, date]:  # noqa: FBT001 - of the day itself
    """On which days somebody who joined then hears from the bot, by the working days that lie between."""
    first = joined_on if is_there else next_day(joined_on)
    found, on = {FIRST: first}, first
    for number in range(1, TENTH + 1):
        on = next_day(on)
        if number in STAGES:
            found[number] = on
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody new has tried; `is_finished` says that they are through the introduction."""

    tried: Collection[Tried.What] = ()
    has_answered: bool = False
    has_action: bool = False
    is_finished: bool = False

    @property
    def has_huddled(self) -> bool:
        """A real huddle or the practice one."""
        return self.has_answered or Tried.What.PRACTICE in self.tried

    @property
    def has_looked(self) -> bool:
        """At their own day."""
        return Tried.What.TODAY in self.tried

    @property
    def is_through(self) -> bool:
        """Whether nothing is left that the third day should remind of."""
        return self.has_huddled and self.has_looked and self.has_action
