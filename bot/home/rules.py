"""How a person stands to a huddle of their day, and which blocker comes first: pure rules."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.huddles import rules as huddles
from storage.blockers import Blocker
from storage.huddles import Expectation, Huddle, HuddleRun

Status = Expectation.Status


class Standing(StrEnum):
    """What a huddle is to a person now."""

    OPEN = "open"
    """It waits for their answer."""
    LATE = "late"
    """Their window is over, and an answer is still welcome."""
    COMING = "coming"
    KEPT = "kept"
    """Still to come, and answered already."""
    ANSWERED = "answered"
    RUNNING = "running"
    """Open, for a lead who takes no part in it."""
    HELD = "held"
    """The same, closed."""
    NOT_ASKED = "not asked"
    """They are away or have the day off."""
    OFF = "off"
    """It does not take place."""
    MISSED = "missed"


WAITS = frozenset({Standing.OPEN, Standing.LATE})
"""In which the person has something to do."""

FARTHEST = 2  # days between a huddle's date and a person's: at most 26 hours lie between two clocks


def standing(
    run: HuddleRun, expectation: Expectation | None, *, answered: bool, until: datetime, now: datetime
) -> Standing:
    """How a person stands to a run that has had its turn; `until` is when their own window closes."""
    match run.state:
        case HuddleRun.State.SKIPPED:
            return Standing.OFF
        case HuddleRun.State.MISSED:
            return Standing.MISSED
        case _ if expectation is None:
            return Standing.RUNNING if run.state is HuddleRun.State.OPEN else Standing.HELD
        case _ if answered and expectation.status is not Status.ABSENT:
            return Standing.ANSWERED
        case _ if expectation.status in {Status.ABSENT, Status.HOLIDAY, Status.EXCUSED}:
            return Standing.NOT_ASKED
        case _ if now < expectation.opens_at:
            return Standing.COMING
        case _:
            return Standing.OPEN if now < until else Standing.LATE


def asked_on(huddle: Huddle, on: date, zone: ZoneInfo) -> date:
    """The day on which a person in `zone` is asked for the run of `on`: Sydney asks New York in the evening."""
    return huddles.asked_at(huddle, on, zone).astimezone(zone).date()


def newest_asked(huddle: Huddle, today: date, zone: ZoneInfo) -> date:
    """The newest local date of a huddle for which a person in `zone` would be asked by the end of their `today`."""
    around = (today + timedelta(days=n) for n in range(FARTHEST, -FARTHEST - 1, -1))
    return next(on for on in around if asked_on(huddle, on, zone) <= today)


def is_mine(blocker: Blocker, person_id: int) -> bool:
    """Whether it is this person who says that it is solved: they raised it, or have taken it on."""
    return person_id in {blocker.raised_by, blocker.taken_by}


def needs(blocker: Blocker, person_id: int) -> bool:
    """Whether a blocker waits for this person: not while it is in somebody else's hands."""
    return blocker.taken_by in {None, person_id}


def urgency(blocker: Blocker, person_id: int) -> tuple[bool, bool, date, int]:
    """Sorts blockers: a customer without service first, then what waits for this person, then the oldest."""
    return not blocker.customer_stopped, not needs(blocker, person_id), blocker.raised_on, blocker.id
