"""On which days somebody works, and what is believed of them when a platform says something."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import available_timezones

import holidays

from bot.ports import Profile
from storage.people import Absence, Account, Person

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKS_AHEAD = 400  # days; somebody who is away for longer, or without an end, is looked for again on the next one
_TITLES = frozenset({"dame", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "mx", "prof", "sir"})
SATURDAY = WEEKDAYS.index("sat")  # as date.weekday() counts


def holiday(calendar: str, on: date) -> str:
    """The name of the holiday that falls on a day, empty when none does.

    `calendar` is a country, `GB`, or a part of one, `GB-ENG`; empty means no holidays.
    """
    return _calendar(calendar).get(on) or "" if calendar else ""


@lru_cache(maxsize=256)
def _calendar(calendar: str) -> holidays.HolidayBase:
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def works_on(person: Person, on: date, calendar: str) -> bool:
    """Whether a person works on a day; its holidays are those of their own calendar, or of `calendar` without one."""
    return WEEKDAYS[on.weekday()] in person.working_days.split(",") and not holiday(person.calendar or calendar, on)


def away(absences: Iterable[Absence], person_id: int, on: date) -> Absence | None:
    """The absence that covers a day of a person, None when they are there."""
    covers = (
        a for a in absences if a.person_id == person_id and a.from_on <= on and (a.to_on is None or on <= a.to_on)
    )
    return next(covers, None)


class Why(StrEnum):
    """Why somebody is not there on a day, the strongest reason first."""

    LEFT = "left"
    AWAY = "away"
    HOLIDAY = "holiday"
    DAY_OFF = "day off"


@dataclass(frozen=True, slots=True)
class Off:
    """Somebody is not there on a day."""

    why: Why
    until: date | None = None
    """The last day of their absence, where they gave one."""
    holiday: str = ""


def off(person: Person, absences: Iterable[Absence], calendars: Collection[str], on: date) -> Off | None:
    """Whether somebody is away on a day, and why; None when they are there.

    A holiday is one of their own calendar; without one, a holiday in each of `calendars`, those of their teams.
    """
    if not person.active:
        return Off(Why.LEFT)
    absence = away(absences, person.id, on)
    if absence is not None:
        return Off(Why.AWAY, absence.to_on)
    names = [holiday(each, on) for each in ([person.calendar] if person.calendar else calendars)]
    if names and all(names):
        return Off(Why.HOLIDAY, holiday=names[0])
    return None if WEEKDAYS[on.weekday()] in person.working_days.split(",") else Off(Why.DAY_OFF)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one person from some day on, as far as they are known."""

    person: Person
    absences: Sequence[Absence]
    calendars: Collection[str]

    def off(self, on: date) -> Off | None:
        """Whether they are away on a day, and why; None when they are there."""
        return off(self.person, self.absences, self.calendars, on)

    def would_work(self, on: date) -> bool:
        """Whether they would work on a day, were they not away."""
        return off(self.person, (), self.calendars, on) is None

    def next_one(self, after: date) -> date:
        """The first day after a day on which they are there; the very next one where none is in sight."""
        coming = (after + timedelta(days=n) for n in range(1, LOOKS_AHEAD))
        return next((on for on in coming if self.off(on) is None), after + timedelta(days=1))


def is_office_day(on: date, calendar: str) -> bool:
    """Whether a day is Monday to Friday and no holiday."""
    return on.weekday() < SATURDAY and not holiday(calendar, on)


def working_day_before(on: date, calendar: str) -> date:
    """The newest Monday to Friday before a day that is no holiday."""
    day = on - timedelta(days=1)
    while not is_office_day(day, calendar):
        day -= timedelta(days=1)
    return day


def first_name(person: Person) -> str:
    """What colleagues call a person; who is known by a title keeps the whole name: `Mrs Okafor`."""
    first = person.name.split(" ")[0]
    return person.name if first.rstrip(".").casefold() in _TITLES else first


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of somebody hold of that which a platform tells."""

    is_reachable: bool
    name: str
    zone: str
    is_external: bool
    is_active: bool
    email: str
    directory_id: str


def held(account: Account, person: Person) -> Facts:
    """What the rows hold now."""
    return Facts(
        is_reachable=account.reachable,
        name=person.name,
        zone=person.zone,
        is_external=person.is_external,
        is_active=person.active,
        email=person.email or "",
        directory_id=account.directory_id,
    )


def believed(account: Account, person: Person, profile: Profile, *, platform: str) -> Facts:
    """What the rows are to hold when `platform` says this.

    Where somebody has several platforms, the one that they prefer is believed.
    """
    known = profile.directory_id or account.directory_id
    before = replace(held(account, person), is_reachable=profile.is_active, directory_id=known)
    if person.prefers != platform:
        return before
    if not profile.is_active:  # of a closed account nothing else is told
        return replace(before, name=profile.name or person.name, is_active=False)
    return Facts(
        is_reachable=True,
        name=profile.name or person.name,
        zone=profile.zone if profile.zone != person.zone and is_zone(profile.zone) else person.zone,
        is_external=profile.is_guest,
        # A guest whom an administrator took out does not come back by a new name or zone.
        is_active=person.active or not profile.is_guest,
        email=profile.email or before.email,
        directory_id=known,
    )


def is_news(account: Account, person: Person, profile: Profile, *, platform: str) -> bool:
    """Whether a platform says something that the rows do not hold.

    That an account is open is no news of who takes part: where messages did not reach them, an open account is not why.
    """
    now, then = held(account, person), believed(account, person, profile, platform=platform)
    if person.active and person.prefers == platform and then.is_reachable:
        then = replace(then, is_reachable=now.is_reachable)
    return now != then


def is_closed(account: Account, person: Person) -> bool:
    """Whether their platform has closed their account, as far as it was told; who was only taken out can be reached."""
    return not (account.reachable or person.active)


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    """Read once: looking for them takes ten milliseconds."""
    return frozenset(available_timezones())
