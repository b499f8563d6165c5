"""Who is to be asked when, found the slow way: a walk through every quarter of an hour with a look at every wall clock.

It is written from domain.md 3.5, 4.13 and invariants 1, 2 and 25 alone and shares no line with the bot. The rules:

- A huddle takes place on its weekdays, every so many weeks, from its first to its last day, on no holiday of
  its team.
- `local`: everybody is asked when their own wall clock shows the time, on that date; `together`: all are, when the
  huddle's clock does.
- A time that a clock change doubles counts the first time; one that it skips counts as much later as the gap is wide.
- A run begins at its earliest member's time. Who is in the team by then and works that day takes part in it; who joins
  later is asked from the next one on. Fewer than two who are there: it is left out.
- Who is away on that date, and has said so, is not asked; who says `back` is there from that date of theirs on, and
  asked at once where their own window is open.
- Somebody who has moved lives by the clock of where they are. They are asked once: where the hour is over in the new
  place when they arrive, at once, and not at all where that day is over too.
- Who leaves the team is not asked for days after their last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from tests.support.world import Asked, Colleague, Leave, Meeting, World

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
LEAST = 2


@dataclass(slots=True)
class _Run:
    """Who takes part in one day's huddle, when each one's window began, and who was asked."""

    people: tuple[Colleague, ...]
    began: dict[str, datetime] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def asked_in(world: World) -> set[Asked]:
    """Everybody who is to be asked, each run once."""
    found: set[Asked] = set()
    runs: dict[date, _Run] = {on: _Run(()) for on in _begun_before(world)}
    for at in _walk(world):
        for on in (at.date() - DAY, at.date(), at.date() + DAY):
            if on not in runs and _takes_place(world.meeting, on) and _earliest_has_come(world, on, at):
                runs[on] = _Run(_taking_part(world, on, at))
            if on in runs:
                found |= {Asked(on, at, name) for name in _now_asked(world.meeting, runs[on], on, at)}
    return found


def _walk(world: World) -> Iterator[datetime]:
    quarters = (world.ends - world.begins) // QUARTER
    yield from sorted({*(world.begins + n * QUARTER for n in range(quarters)), *world.turns})


def _begun_before(world: World) -> list[date]:
    """Days whose huddle had begun before the story does."""
    days = (world.begins.date() + n * DAY for n in (-1, 0, 1))
    return [on for on in days if _earliest_has_come(world, on, world.begins - QUARTER)]


def _takes_place(meeting: Meeting, on: date) -> bool:
    if on.weekday() not in meeting.weekdays or is_holiday(meeting.calendar, on):
        return False
    if (meeting.first and on < meeting.first) or (meeting.last and on > meeting.last):
        return False
    weeks = (_monday_of(on) - _monday_of(meeting.anchor)).days // 7
    return weeks % meeting.every_weeks == 0


def _monday_of(on: date) -> date:
    return on - on.weekday() * DAY


@cache
def is_holiday(calendar: str, on: date) -> bool:
    country, _, part = calendar.partition("-")
    return bool(country) and on in holidays.country_holidays(country, subdiv=part or None, years=on.year)


def _earliest_has_come(world: World, on: date, at: datetime) -> bool:
    meeting = world.meeting
    if not meeting.is_local:
        return strikes(meeting.zone, on, meeting.at) <= at
    members = [each for each in world.colleagues if _belongs(each, on, at)]
    return any(strikes(_zone(each, at), on, meeting.at) <= at for each in members)


def _taking_part(world: World, on: date, at: datetime) -> tuple[Colleague, ...]:
    """Members who work that day; nobody where fewer than two of them are there."""
    meeting = world.meeting
    working = [
        each
        for each in world.colleagues
        if _belongs(each, on, at)
        and on.weekday() in each.days
        and not is_holiday(each.calendar or meeting.calendar, on)
        and not _day_is_over(meeting, each, on, at)
    ]
    there = [each for each in working if not _is_away(each, on, at)]
    return tuple(working) if len(there) >= LEAST else ()


def _now_asked(meeting: Meeting, run: _Run, on: date, at: datetime) -> list[str]:
    names: list[str] = []
    for each in run.people:
        if each.name in run.asked or not _hour_has_come(meeting, each, on, at):
            continue
        began = run.began.setdefault(each.name, at)
        in_window = at < began + timedelta(minutes=meeting.window_min)
        if in_window and _belongs(each, on, at) and not _is_away(each, on, at):
            run.asked.add(each.name)
            names.append(each.name)
    return names


def _hour_has_come(meeting: Meeting, who: Colleague, on: date, at: datetime) -> bool:
    if not meeting.is_local:
        return strikes(meeting.zone, on, meeting.at) <= at
    return strikes(_zone(who, at), on, meeting.at) <= at and not _day_is_over(meeting, who, on, at)


def _day_is_over(meeting: Meeting, who: Colleague, on: date, at: datetime) -> bool:
    return meeting.is_local and wall_clock(_zone(who, at), at).date() > on


def _zone(who: Colleague, at: datetime) -> str:
    return [stay for stay in who.stays if stay.since <= at][-1].zone


def _belongs(who: Colleague, on: date, at: datetime) -> bool:
    for days in who.memberships:
        last = days.last if days.ended_at is None or days.ended_at <= at else None
        if days.said_at <= at and days.first <= on and (last is None or on <= last):
            return True
    return False


def _is_away(who: Colleague, on: date, at: datetime) -> bool:
    return any(each.said_at <= at and each.first <= on <= _last_of(who, each, at) for each in who.leaves)


def _last_of(who: Colleague, leave: Leave, at: datetime) -> date:
    """Its last day, or the day before that on which its end was said."""
    back = leave.called_off_at
    if back is None or at < back:
        return leave.last
    return min(leave.last, wall_clock(_zone(who, back), back).date() - DAY)


def wall_clock(zone: str, at: datetime) -> datetime:
    """What the clock on the wall shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def strikes(zone: str, on: date, hour: time) -> datetime:
    """The instant at which the wall clock shows `hour` on a day: the first such minute of all that the day may have.

    Where the clock skips it, somebody goes on counting from the last minute before the gap.
    """
    wanted = datetime.combine(on, hour)
    at = datetime.combine(on, time(), tzinfo=UTC) - DAY
    before = at
    for _ in range(3 * 24 * 4):
        shown = wall_clock(zone, at)
        if shown == wanted:
            return at
        if shown < wanted:
            before = at
        at += QUARTER
    return before + (wanted - wall_clock(zone, before))
