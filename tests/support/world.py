"""Teams spread over the world as a story that both the bot and the slow oracle can be told; it knows no rule."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

ZONES = (
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "America/St_Johns",
    "Pacific/Marquesas",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Santiago",
    "America/Sao_Paulo",
    "Pacific/Auckland",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Asia/Tokyo",
    "Australia/Eucla",
)
"""Half hours and quarter hours, both hemispheres, a day between the first and the last of them."""

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ALWAYS = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Stay:
    """From an instant on, somebody's clock is that of a zone."""

    since: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Membership:
    """Days in the team, both ends included; known from `said_at` on, and its end from `ended_at` on."""

    said_at: datetime
    first: date
    ended_at: datetime | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which somebody is away, both ends included; known from `said_at` on, until it is called off."""

    said_at: datetime
    first: date
    last: date
    called_off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody; `days` are the weekdays on which they work, from Monday as 0, `calendar` their own holidays."""

    name: str
    stays: tuple[Stay, ...]
    memberships: tuple[Membership, ...] = (Membership(LONG_AGO, ALWAYS),)
    days: frozenset[int] = WEEKDAYS
    calendar: str = ""
    leaves: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """When a team's huddle is. `calendar` are the team's holidays; `anchor` is a day of a week that has one."""

    at: time
    zone: str = "Europe/London"
    is_local: bool = True
    weekdays: frozenset[int] = WEEKDAYS
    window_min: int = 15
    calendar: str = ""
    every_weeks: int = 1
    anchor: date = ALWAYS
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A team and its huddle, from an instant to another."""

    begins: datetime
    ends: datetime
    meeting: Meeting
    colleagues: tuple[Colleague, ...] = field(default=())

    @property
    def turns(self) -> list[datetime]:
        """The instants at which something is said that changes who is asked when."""
        said: set[datetime] = set()
        for each in self.colleagues:
            said |= {stay.since for stay in each.stays}
            said |= {at for days in each.memberships for at in (days.said_at, days.ended_at) if at}
            said |= {at for leave in each.leaves for at in (leave.said_at, leave.called_off_at) if at}
        return sorted(at for at in said if self.begins < at < self.ends)


@dataclass(frozen=True, order=True, slots=True)
class Asked:
    """Somebody is asked for a day, at an instant."""

    on: date
    at: datetime
    name: str
