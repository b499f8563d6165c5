"""When a week's steps fall due, what its figures are, and how lines become goals and road bumps. Pure.

Source: domain.md 2.3 (weekly run), 3.4 (P-08 to P-12), 3.5, 4.6.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.actions.rules import Rate, is_overdue, on_time, promises_kept
from bot.blockers.rules import says_nothing
from bot.chat.localtime import instant
from bot.chat.words import rounded
from bot.people.rules import WEEKDAYS, holiday, is_office_day
from bot.work.rules import Move, Part
from storage.actions import AGREED, Action
from storage.blockers import Blocker
from storage.weekly import RoadBump, Weekly, WeeklyGoal, WeeklyRun

State: TypeAlias = WeeklyRun.State
Result: TypeAlias = WeeklyGoal.Result

GOALS_MAX = 3  # a person; Source: domain.md S3-23, S4-12
LINES_MAX = 10  # of one person's road bumps or plan
LINE_MAX = 150  # characters
DONE_MAX = 1500  # characters
PRAISE_MAX = 300  # characters
DUE_DAYS = 7  # from the meeting on; K-05
ASKED_AT, SUMMED_UP_AT = time(14), time(16)
NUDGE_BEFORE = CONFIRM_AFTER = timedelta(minutes=30)
SUMMARY_AFTER = timedelta(hours=1)  # a meeting late in the day has its summary no sooner
FIRST_THING = time(8, 30)
BEGINS_AT = time(0, 5)
GRACE = timedelta(hours=12)  # how late a step may still be done
UNDO_FOR = timedelta(minutes=6)  # what fell due while a week was called off and taken back

ASK, NUDGE, PACK, CONFIRM, SUMMARY = (
    "weekly.ask",
    "weekly.nudge",
    "weekly.pack",
    "weekly.confirm",
    "weekly.summary",
)

_BEFORE_PACK = (State.PLANNED, State.PREPARING)

MOVES: tuple[Move[State], ...] = (
    Move("ask", "prepared", (State.PLANNED,), State.PREPARING, (Part.CLOCK,)),
    Move("post", "posted", _BEFORE_PACK, State.PACK_POSTED, (Part.CLOCK,)),
    Move("confirm", "confirmed", (State.PACK_POSTED,), State.CONFIRMED, (Part.LEAD,)),
    Move("confirm", "confirmed", (State.SUMMARISED,), None, (Part.LEAD,)),
    Move("sum up", "summed up", (State.PACK_POSTED, State.CONFIRMED), State.SUMMARISED, (Part.CLOCK,)),
    Move("skip", "skipped", _BEFORE_PACK, State.SKIPPED, (Part.LEAD,), reason=True),
    Move("skip", "skipped", (State.PLANNED,), State.SKIPPED, (Part.CLOCK,), when="in a week of holidays"),
)


# --- when


def rule_of() -> str:
    """Every week begins on its Monday; its steps follow from the day on which the team meets."""
    return "FREQ=WEEKLY;BYDAY=MO"


def meets_week_after(weekday: str) -> bool:
    """Whether a team that meets on that weekday looks back on the week before: on Mondays and Tuesdays it does."""
    return WEEKDAYS.index(weekday) < WEEKDAYS.index("wed")


def monday_for(weekday: str, on: date) -> date:
    """The Monday of the week on which the meeting of a day's week looks back."""
    monday = on - timedelta(days=on.weekday())
    return monday - timedelta(days=7) if meets_week_after(weekday) else monday


def meets_on(weekday: str, monday: date, calendar: str) -> date | None:
    """The day of the meeting that looks back on a week; None in a week of holidays.

    On a holiday it is the working day before, as every T-date, but not before that week; Source: domain.md 3.5.
    """
    regular = monday + timedelta(days=WEEKDAYS.index(weekday) + (7 if meets_week_after(weekday) else 0))
    if not holiday(calendar, regular):
        return regular
    before = (regular - timedelta(days=n) for n in range(1, (regular - monday).days + 1))
    return next((day for day in before if is_office_day(day, calendar)), None)


@dataclass(frozen=True, slots=True)
class Times:
    """The instants of a week's steps; `asks_at` and `nudges_at` are None where there is no time for them."""

    asks_at: datetime | None
    nudges_at: datetime | None
    meets_at: datetime
    confirms_at: datetime
    sums_up_at: datetime

    def steps(self) -> Mapping[str, datetime]:
        """Kind of step and its instant, in order."""
        every = {
            ASK: self.asks_at,
            NUDGE: self.nudges_at,
            PACK: self.meets_at,
            CONFIRM: self.confirms_at,
            SUMMARY: self.sums_up_at,
        }
        return {kind: at for kind, at in every.items() if at is not None}


def times(meets_at: datetime, zone: ZoneInfo, monday: date, calendar: str) -> Times:
    """Thu 14:00, Fri 09:30, 10:00, 10:30 and 16:00 for a meeting on Fri 10:00; Source: domain.md 3.4."""
    on = meets_at.astimezone(zone).date()
    asks_on = next(
        (day for n in range(1, 8) if (day := on - timedelta(days=n)) >= monday and is_office_day(day, calendar)), None
    )
    asks_at = instant(asks_on, ASKED_AT, zone) if asks_on else instant(on, FIRST_THING, zone)
    nudges_at = meets_at - NUDGE_BEFORE
    return Times(
        asks_at=asks_at if asks_at < meets_at else None,
        nudges_at=nudges_at if asks_at < nudges_at else None,
        meets_at=meets_at,
        confirms_at=meets_at + CONFIRM_AFTER,
        sums_up_at=max(instant(on, SUMMED_UP_AT, zone), meets_at + SUMMARY_AFTER),
    )


def meeting(weekly: Weekly, monday: date, calendar: str) -> datetime | None:
    """The instant of the meeting that looks back on a week; None in a week of holidays."""
    on = meets_on(weekly.weekday, monday, calendar)
    return None if on is None else instant(on, weekly.at_time, ZoneInfo(weekly.zone))


def day_of(run: WeeklyRun) -> date:
    """The local date of its meeting."""
    return run.meets_at.astimezone(ZoneInfo(run.zone)).date()


def plan_week(run: WeeklyRun) -> tuple[date, date]:
    """Monday and Sunday of the week that its goals are for."""
    monday = run.monday + timedelta(days=7)
    return monday, monday + timedelta(days=6)


def is_kept(run: WeeklyRun, today: date) -> bool:
    """Whether its pack still follows what changes: until the week it looks back on, or the day it met, is over."""
    return today <= max(run.sunday, day_of(run))


def can_plan(run: WeeklyRun, today: date) -> bool:
    """Whether its goals can still be changed and confirmed: until their own week is over."""
    return run.state is not State.SKIPPED and today <= plan_week(run)[1]


# --- figures


@dataclass(frozen=True, slots=True)
class Figures:
    """A team's week in numbers. `late` and `due` are seen from the meeting's day."""

    done: Sequence[Action] = ()
    late: Sequence[Action] = ()
    due: Sequence[Action] = ()
    on_time: Rate = field(default_factory=lambda: Rate(0, 0))
    kept: Rate = field(default_factory=lambda: Rate(0, 0))
    done_before: int = 0
    on_time_before: Rate = field(default_factory=lambda: Rate(0, 0))
    kept_before: Rate = field(default_factory=lambda: Rate(0, 0))
    still_open: int = 0
    """Those due in the week, as long as nothing of it is settled or behind: there is no rate yet."""


def figures(actions: Sequence[Action], monday: date, today: date) -> Figures:
    """What the actions of a team say of the week that began on a Monday, and of the week before it."""
    sunday, before = monday + timedelta(days=6), monday - timedelta(days=7)
    agreed = [each for each in actions if each.state in AGREED]
    known = [each for each in actions if each.state is not Action.State.PROPOSED]
    due, first_due = on_time(known, monday, sunday), promises_kept(known, monday, sunday)
    told = [each for each in known if not _is_ahead(each, today)]
    is_told, is_first_told = on_time(told, monday, sunday).due > 0, promises_kept(told, monday, sunday).due > 0
    soon = today + timedelta(days=DUE_DAYS)
    return Figures(
        done=finished_in(actions, monday, sunday),
        late=[each for each in actions if is_overdue(each, today)],
        due=[each for each in agreed if each.due_on is not None and today <= each.due_on <= soon],
        on_time=due if is_told else Rate(0, 0),
        kept=first_due if is_first_told else Rate(0, 0),
        still_open=0 if is_told else due.due,
        done_before=len(finished_in(actions, before, monday - timedelta(days=1))),
        on_time_before=on_time(actions, before, monday - timedelta(days=1)),
        kept_before=promises_kept(actions, before, monday - timedelta(days=1)),
    )


def _is_ahead(action: Action, today: date) -> bool:
    """Whether it still waits and its day is not over: it is neither in time nor behind yet."""
    return action.state in AGREED and action.due_on is not None and action.due_on >= today


def finished_in(actions: Iterable[Action], first: date, last: date) -> list[Action]:
    """Those done in a period; a claim that nobody has accepted yet is not done."""
    done = [each for each in actions if each.state is Action.State.DONE and each.finished_on is not None]
    return [each for each in done if each.finished_on is not None and first <= each.finished_on <= last]


def share_words(rate: Rate) -> str:
    """`66.7%`, `n/a` where nothing was due; half away from zero. Source: domain.md 4.6."""
    share: Fraction | None = rate.share
    if share is None:
        return "n/a"
    return f"{rounded(Decimal(100 * share.numerator) / Decimal(share.denominator), 1)}%"


# --- lines

_CODE = re.compile(r"(?P<code>[AB]-\d{1,9})\b[:.,]?\s*", re.ASCII | re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)?")


def lines_of(text: str) -> list[str]:
    """The lines that somebody wrote, each once, without bullets; `none` and the like say nothing and are left out."""
    wanted = (line for line in text.splitlines() if not says_nothing(line))
    bare = (" ".join(_BULLET.sub("", line).split()) for line in wanted)
    return list({line.casefold(): line for line in reversed([each for each in bare if each])}.values())[::-1]


def code_in(line: str, prefix: str) -> str:
    """The code of that prefix with which a line begins: `A-90 Check calls` is `A-90`; empty for none."""
    found = _CODE.match(line)
    code = "" if found is None else found["code"].upper()
    return code if code.startswith(f"{prefix}-") else ""


def is_same(one: str, other: str) -> bool:
    """Whether two lines say the same, in any case and with any blanks."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def too_long(lines: Iterable[str]) -> str:
    """The first line that is too long to be shown whole; empty where all fit."""
    return next((each for each in lines if len(each) > LINE_MAX), "")


# --- road bumps and goals


@dataclass(frozen=True, slots=True)
class Bump:
    """Something in a team's way, as the pack shows it: a road bump, or a blocker with its code."""

    text: str
    age_days: int
    whom: str
    """Who said it, or with whom it is."""
    bump: RoadBump | None = None
    blocker: Blocker | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A person's goals for the next week."""

    person_id: int
    name: str
    goals: Sequence[WeeklyGoal]


def kept_goals(goals: Iterable[WeeklyGoal]) -> list[WeeklyGoal]:
    """Those that were not dropped."""
    return [each for each in goals if each.result is not Result.DROPPED]


def result_of(goal: WeeklyGoal, action: Action | None) -> Result:
    """What became of a goal, as far as its action tells: done is met, called off is dropped."""
    if goal.result is not Result.OPEN or action is None:
        return goal.result
    if action.state is Action.State.DONE:
        return Result.MET
    return Result.DROPPED if action.state is Action.State.CANCELLED else Result.OPEN
