"""What a milestone may become, how late it is and which colour that has. Pure. Source: domain.md 2.3, 2.4 and 4.7."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

from bot.chat.spans import Hue
from bot.work.rules import Move, Part
from bot.work.slip import end_on, hue_of, slip_days
from storage.initiatives import Initiative, Milestone

State = Milestone.State

TITLE_MAX = 120  # characters; it stands on one line of a card, with its code and owner
EVIDENCE_MAX = 500  # characters
DAYS_MAX = 3650  # a duration or a lag; ten years

SOON_DAYS = 30  # "Next 30 days"
DAY_PLAN_DAYS = 7  # a milestone this near stands in its owner's day
ASKED_MOST = 5  # milestones of one owner in one question: each is a message

OPEN = (State.PLANNED, State.CLAIMED)
SETTLED = (State.ACHIEVED, State.WAIVED, State.CANCELLED)

PROPOSED = "while a later date is proposed for it"
UNOWNED = "where it has no owner, or one who left"

MOVES: tuple[Move[State], ...] = (
    Move("move", "moved", (State.PLANNED,), None, (Part.OWNER, Part.LEAD), reason=True),
    Move("take", "taken over", (State.PLANNED,), None, (Part.OWNER, Part.LEAD), when=PROPOSED),
    Move("keep", "kept", (State.PLANNED,), None, (Part.OWNER, Part.LEAD), reason=True, when=PROPOSED),
    Move("after", "made to wait", (State.PLANNED,), None, (Part.OWNER, Part.LEAD)),
    Move("assign", "handed over", (State.PLANNED,), None, (Part.LEAD, Part.SPONSOR, Part.ADMIN)),
    Move("done", "done", (State.PLANNED,), State.CLAIMED, (Part.OWNER,)),
    Move("done", "done", (State.PLANNED,), State.CLAIMED, (Part.LEAD,), when=UNOWNED),
    Move("accept", "accepted", (State.CLAIMED,), State.ACHIEVED, (Part.CHECKER,)),
    Move("reject", "rejected", (State.CLAIMED,), State.PLANNED, (Part.CHECKER,), reason=True),
    Move("waive", "waived", (State.PLANNED,), State.WAIVED, (Part.SPONSOR,), reason=True),
    Move("cancel", "cancelled", (State.PLANNED,), State.CANCELLED, (Part.LEAD,), reason=True),
    Move("rebaseline", "rebaselined", (State.PLANNED,), None, (Part.SPONSOR, Part.ADMIN), reason=True),
)

OVER = (Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED)
"""States of an initiative that gets no milestone any more."""


def needs_date(milestone: Milestone, today: date) -> bool:
    """Whether its forecast is past, and nobody says that it is reached."""
    return milestone.state is State.PLANNED and end_on(milestone) < today


def is_late(milestone: Milestone, today: date) -> bool:
    """Whether it is open and expected after its baseline, or in need of a date."""
    is_open = milestone.state in OPEN
    return is_open and ((slip_days(milestone) or 0) > 0 or needs_date(milestone, today))


def hue(milestone: Milestone, today: date, *, pushes: bool) -> Hue | None:
    """Its colour; `pushes` says that it moves a successor past its baseline. None for what is waived or cancelled."""
    if milestone.state in {State.WAIVED, State.CANCELLED}:
        return None
    return hue_of(milestone, today, pushes_another=pushes)


@dataclass(frozen=True, slots=True)
class Slips:
    """The mean and the middle of some slips, in days."""

    average: Fraction
    middle: Fraction


def slips(days: Sequence[int]) -> Slips | None:
    """None where there is nothing to count."""
    if not days:
        return None
    return Slips(Fraction(sum(days), len(days)), Fraction(median(Fraction(each) for each in days)))


_SPAN = re.compile(r"\+?(?P<days>\d{1,4})(?: ?d(?:ays?)?)?", re.ASCII)


def days_of(text: str) -> int | None:
    """`30d`, `30`, `+30 days`; None for what is no such number, or more than DAYS_MAX."""
    found = _SPAN.fullmatch(text.strip().casefold())
    days = None if found is None else int(found["days"])
    return days if days is not None and days <= DAYS_MAX else None


def until_of(text: str, today: date) -> date | None:
    """The last day of `due:30d`; None for what is no number of days."""
    days = days_of(text)
    return None if days is None else today + timedelta(days=days)
