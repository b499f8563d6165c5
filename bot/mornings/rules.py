"""When a plan for the day comes, and what stands in it. Pure. Source: domain.md P-01."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.actions.rules import needs_owner
from bot.people.rules import WEEKDAYS, holiday
from storage.actions import Action
from storage.initiatives import Milestone
from storage.mornings import LEAD

GRACE = timedelta(hours=4)
"""Later than that the morning is over, and a plan for it is of no use."""
STILL_WELCOME = timedelta(hours=4, minutes=30)  # what is wanted at the end of the grace has half an hour to arrive
BEFORE_HUDDLE = timedelta(minutes=1)
NEAR_HUDDLE = timedelta(minutes=15)
EARLIEST, LATEST = time(4), time(12)
"""A plan that comes later is none."""

LISTED = 7  # domain.md P-01
ROWS = 3  # with their button beside them


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for a person on a day: `late` and `today` wait, `tomorrow` comes next, `settled` was done since."""

    late: Sequence[Action | Milestone] = ()
    today: Sequence[Action | Milestone] = ()
    tomorrow: Sequence[Action] = ()
    settled: Sequence[Action] = ()

    @property
    def waits(self) -> bool:
        """Whether anything is left to do."""
        return bool(self.late or self.today)


def sorted_out(actions: Sequence[Action], milestones: Sequence[Milestone], on: date) -> Due:
    """What falls where on a plan, in the order given: what is longest overdue first."""
    waiting = [each for each in actions if needs_owner(each) and each.due_on is not None]
    dated: list[tuple[date | None, Action | Milestone]] = [(each.due_on, each) for each in waiting]
    dated += [(each.forecast_on, each) for each in milestones]
    ordered = sorted(dated, key=lambda each: each[0] or date.max)
    return Due(
        late=[each for day, each in ordered if day is not None and day < on],
        today=[each for day, each in ordered if day == on],
        tomorrow=[each for each in waiting if each.due_on is not None and each.due_on > on],
        settled=[each for each in actions if not needs_owner(each)],
    )


def day_of(slot: datetime) -> date:
    """The day whose plans are decided on at a local time."""
    return (slot + LEAD).date()


def days_before(on: date, calendar: str) -> list[str]:
    """The weekdays of its week before a day that are no holiday: who works on none of them begins the week with it."""
    earlier = (on - timedelta(days=n) for n in range(1, on.weekday() + 1))
    return [WEEKDAYS[each.weekday()] for each in earlier if not holiday(calendar, each)]


def is_near(prompt_at: datetime, due_at: datetime) -> bool:
    """Whether a huddle asks so shortly before the plan, or with it, that the plan goes first."""
    return due_at - NEAR_HUDDLE <= prompt_at <= due_at


def is_morning(at_time: time) -> bool:
    """Whether a plan may come at that time."""
    return EARLIEST <= at_time <= LATEST
