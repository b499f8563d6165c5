"""Recurrence: a naive local rule, its slots, and the instants of those slots."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from bot.chat.localtime import to_utc
from storage.errors import BotError

SLOTS_MAX = 366  # slots given at once; a daily rhythm for a year
LOOK_AHEAD = timedelta(days=366 * 8)  # a rule without a slot in eight years (29 February, Mondays only) has ended


class BadRule(BotError):
    """A rule that can't be followed."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(f"the rule {rule!r} can't be used: {why}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a rhythm: the naive local time that names it, and its instant."""

    local: datetime
    at: datetime


def slots(rule: str, starts_at: datetime, since: datetime, until: datetime) -> list[datetime]:
    """The local slots of `rule` with since < slot <= until, oldest first, at most SLOTS_MAX.

    `starts_at` is the rule's anchor; the newest slot that is known serves too, and is much faster than an old anchor.
    Raises: BadRule. ValueError when a time is aware. Source: RFC 5545 section 3.3.10.
    """
    if any(each.tzinfo is not None for each in (starts_at, since, until)):
        raise ValueError("slots are wall-clock times and have no zone")
    found: list[datetime] = []
    for slot in parsed(rule, starts_at).xafter(since, inc=False):
        if slot > until or len(found) == SLOTS_MAX:
            break
        found.append(slot)
    return found


def next_slot(rule: str, starts_at: datetime, since: datetime, zone: ZoneInfo) -> Slot | None:
    """The first slot of `rule` after the local time `since`; None when there are no more."""
    for local in slots(rule, starts_at, since, since + LOOK_AHEAD)[:1]:
        at = to_utc(local, zone)
        return None if at is None else Slot(local, at)
    return None


def first_slot(rule: str, starts_at: datetime, after: datetime, zone: ZoneInfo) -> Slot | None:
    """The first slot whose instant is after the instant `after`.

    A doubled hour is why local times alone don't decide: in its second pass the wall clock shows an earlier time again.
    """
    since = after.astimezone(zone).replace(tzinfo=None) - timedelta(hours=25)
    for local in slots(rule, starts_at, max(since, starts_at - timedelta(seconds=1)), since + LOOK_AHEAD):
        at = to_utc(local, zone)
        if at is not None and at > after:
            return Slot(local, at)
    return None


def parsed(rule: str, starts_at: datetime) -> rrule:
    """`rule` as dateutil reads it. Raises: BadRule for what has no zone-free meaning or more than one part."""
    if "COUNT" in rule.upper():
        raise BadRule(rule, "COUNT would start again at each anchor; use UNTIL")
    try:
        read = rrulestr(rule, dtstart=starts_at)
    except ValueError as problem:
        raise BadRule(rule, str(problem)) from problem
    if not isinstance(read, rrule):
        raise BadRule(rule, "one RRULE is expected")
    return read
