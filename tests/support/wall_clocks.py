"""What wall clocks in many zones show from 2024 to 2030, learnt by looking at them instant after instant.

Nobody is asked which instant a local time is: a clock is read every three hours, and every minute where it was put
forward or back in between.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2030, 12, 31)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOOKS_FROM = datetime.combine(FIRST_DAY, time(), UTC) - 4 * DAY
LOOKS_UNTIL = datetime.combine(LAST_DAY, time(), UTC) + 4 * DAY
LOOKS_EVERY = timedelta(hours=3)

ZONES = (
    "Africa/Cairo",  # forward at midnight, back to before midnight
    "Africa/Casablanca",  # back for Ramadan
    "Africa/Johannesburg",
    "America/Asuncion",  # forward at midnight; since 2024 no changes
    "America/Havana",  # midnight twice
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",  # forward at midnight
    "America/Scoresbysund",  # another zone since 2024
    "America/St_Johns",  # half an hour off the hour
    "Antarctica/Troll",  # two hours
    "Asia/Almaty",  # back once, in 2024, and never again
    "Asia/Beirut",  # forward at midnight
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",  # 45 minutes off the hour, no changes
    "Asia/Kolkata",  # half an hour off the hour, no changes
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",  # forward at midnight, back to midnight
    "Australia/Adelaide",  # half an hour off the hour
    "Australia/Eucla",  # 45 minutes off the hour
    "Australia/Lord_Howe",  # by half an hour
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",  # summer is its standard time
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",  # 45 minutes off the hour
    "Pacific/Easter",
    "Pacific/Kiritimati",  # 14 hours ahead
    "Pacific/Norfolk",
    "Pacific/Pago_Pago",  # 11 hours behind
)

STEADY = frozenset({
    "Africa/Johannesburg",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Australia/Eucla",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
})  # fmt: skip
CHANGING = tuple(name for name in ZONES if name not in STEADY)


@dataclass(frozen=True, slots=True)
class Change:
    """A clock that is put forward or back: at `at` it does not show `expected`, but `shown`."""

    at: datetime
    expected: datetime
    shown: datetime

    @property
    def by(self) -> timedelta:
        """How far the clock was put forward; less than nothing where it was put back."""
        return self.shown - self.expected


class WallClock:
    """One zone's clock over seven years; every instant is aware and in UTC, what the clock shows is naive."""

    def __init__(self, name: str) -> None:
        self.zone = ZoneInfo(name)
        self.changes = tuple(self._watched())
        starts = [LOOKS_FROM, *(change.at for change in self.changes)]
        self._starts = [at.replace(tzinfo=None) for at in starts]
        self._ends = [*self._starts[1:], LOOKS_UNTIL.replace(tzinfo=None)]
        self._ahead = [self.shown(at) - at.replace(tzinfo=None) for at in starts]

    def shown(self, at: datetime) -> datetime:
        """What the clock shows."""
        return at.astimezone(self.zone).replace(tzinfo=None)

    def instants(self, local: datetime) -> list[datetime]:
        """Every instant at which the clock shows that: one, none, or two."""
        near = bisect_right(self._starts, local) - 1  # no clock is a day ahead or behind
        found = []
        for number in range(max(near - 1, 0), min(near + 2, len(self._starts))):
            at = local - self._ahead[number]
            if self._starts[number] <= at < self._ends[number]:
                found.append(at.replace(tzinfo=UTC))
        return found

    def skips(self, local: datetime) -> Change | None:
        """The change that skips a local time."""
        return next((each for each in self.changes if each.expected <= local < each.shown), None)

    def first(self, local: datetime) -> datetime:
        """When a rhythm's local time comes: the first time that it is shown; as much later as it was skipped by."""
        found = self.instants(local)
        if found:
            return found[0]
        gap = self.skips(local)
        assert gap is not None
        return gap.at + (local - gap.expected)

    def end_of(self, on: date) -> datetime:
        """The first instant from which on the clock never shows that day again."""
        midnight = datetime.combine(on + DAY, time())
        gap, found = self.skips(midnight), self.instants(midnight)
        if gap is not None:
            return gap.at
        comes_again = any(each.shown < midnight < each.expected for each in self.changes)
        return found[-1 if comes_again else 0]

    def _watched(self) -> Iterator[Change]:
        at = LOOKS_FROM
        while at < LOOKS_UNTIL:
            if self.shown(at + LOOKS_EVERY) - self.shown(at) != LOOKS_EVERY:
                yield from self._minutes(at)
            at += LOOKS_EVERY

    def _minutes(self, since: datetime) -> Iterator[Change]:
        for number in range(int(LOOKS_EVERY / MINUTE)):
            at = since + number * MINUTE
            expected, shown = self.shown(at) + MINUTE, self.shown(at + MINUTE)
            if shown != expected:
                yield Change(at + MINUTE, expected, shown)


@cache
def wall_clock(name: str) -> WallClock:
    """The clock of a zone; watching it takes a moment, so it is watched once."""
    return WallClock(name)


def every_day() -> Iterator[date]:
    """The days from 2024 to 2030."""
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + number * DAY
