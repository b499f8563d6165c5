"""When a message waits, until when, and which digest takes what is beyond a day's number. Source: domain.md 3.5."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.chat.localtime import instant
from bot.people.rules import Days, Why
from bot.ports import Status
from storage.organisations import Organisation
from storage.people import Person, zone_of

DIGEST_AT = time(16, 30)
A_DAY_MOST = 50


class Reason(StrEnum):
    """Why a message waits."""

    QUIET = "quiet hours"
    AWAY = "away"
    HOLIDAY = "holiday"
    DAY_OFF = "day off"


_BECAUSE = {Why.AWAY: Reason.AWAY, Why.HOLIDAY: Reason.HOLIDAY, Why.DAY_OFF: Reason.DAY_OFF}


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a person's quiet hours begin and end on their own clock, and how many messages they get in a day.

    Quiet hours that begin when they end are none.
    """

    begins: time
    ends: time
    a_day: int

    def holds(self, at: time) -> bool:
        """Whether it is quiet at a time of day: from the beginning on, until just before the end."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Wait:
    """A message waits until an instant."""

    until: datetime
    why: Reason


def quiet_of(person: Person, organisation: Organisation) -> Quiet:
    """A person's quiet: their own, else the organisation's."""
    return Quiet(
        organisation.quiet_from if person.quiet_from is None else person.quiet_from,
        organisation.quiet_to if person.quiet_to is None else person.quiet_to,
        organisation.messages_a_day if person.messages_a_day is None else person.messages_a_day,
    )


def wait(days: Days, quiet: Quiet, now: datetime) -> Wait | None:
    """Until when a message to somebody waits that is neither an answer nor urgent; None when it may come now.

    It comes at the end of their quiet hours on the first day on which they are there.
    """
    local = now.astimezone(zone_of(days.person))
    off = days.off(local.date())
    if off is None and not quiet.holds(local.time()):
        return None
    why = Reason.QUIET if off is None else _BECAUSE.get(off.why, Reason.AWAY)
    return Wait(morning(days, quiet, now), why)


def morning(days: Days, quiet: Quiet, now: datetime) -> datetime:
    """The next end of somebody's quiet hours on a day on which they are there, strictly after `now`."""
    zone = zone_of(days.person)
    today = now.astimezone(zone).date()
    if days.off(today) is None:
        at = instant(today, quiet.ends, zone)
        if at > now:
            return at
    at = instant(days.next_one(today), quiet.ends, zone)
    # A clock change can move the end of the quiet hours back to where we are.
    return at if at > now else now + timedelta(hours=1)


def digest_slot(days: Days, quiet: Quiet, now: datetime, planned: datetime | None) -> tuple[date, datetime]:
    """The day whose digest takes what is set aside now, and when it comes.

    `planned` is when today's digest comes or came, if there is one. A day has one digest: what is set aside after it
    stands in that of the next day on which they are there, first thing in the morning.
    """
    zone = zone_of(days.person)
    today = now.astimezone(zone).date()
    at = planned or instant(today, DIGEST_AT, zone)
    if at > now:
        return today, at
    later = morning(days, quiet, now)
    on = later.astimezone(zone).date()
    if on > today:
        return on, later
    on = days.next_one(today)
    return on, instant(on, quiet.ends, zone)


_HOURS = re.compile(
    r"(?:from )?(?P<begins>[\d:. apm]+?)\s*(?:to|until|till|-|–)\s*(?P<ends>[\d:. apm]+)", re.ASCII | re.IGNORECASE
)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.ASCII | re.IGNORECASE)
_NOON = 12


def read_hours(text: str) -> tuple[time, time] | None:
    """`18:00 to 08:00`, `6 pm - 8 am` as two times of day; None where it can't be read."""
    found = _HOURS.fullmatch(text.strip())
    both = (read_time(found["begins"]), read_time(found["ends"])) if found else (None, None)
    return None if both[0] is None or both[1] is None else (both[0], both[1])


def read_time(text: str) -> time | None:
    """`18:00`, `18.00`, `18`, `6 pm`; None where it is no time of day."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found["half"].lower() == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a day's hours and minutes


def read_number(text: str) -> int | None:
    """How many messages a day; None where it is no number from 0 to A_DAY_MOST."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 3):  # noqa: PLR2004 - longer is beyond the most
        return None
    return int(bare) if int(bare) <= A_DAY_MOST else None


_AWAY_WORDS = re.compile(
    r"\b(?:holidays?|vacation(?:ing)?|annual leave|on leave|parental leave|maternity|out of (?:the )?office|ooo|pto"
    r"|days? off|off sick|out sick|sick)\b",
    re.IGNORECASE,
)
_NOT_AWAY = re.compile(r"\b(?:back|soon|plan(?:ning)?)\b", re.IGNORECASE)
_AWAY_EMOJI = frozenset(
    {"palm_tree", "desert_island", "beach_with_umbrella", "face_with_thermometer", "umbrella_on_ground"}
)


def sounds_away(status: Status) -> bool:
    """Whether a status sounds as if somebody were away for days. It is only ever asked about, so it may be wrong."""
    if _NOT_AWAY.search(status.text):
        return False
    return _AWAY_WORDS.search(status.text) is not None or status.emoji.strip(":") in _AWAY_EMOJI


def last_day(status: Status, zone: ZoneInfo) -> date | None:
    """The last day of a status where somebody is; one that ends at midnight ended the day before."""
    return None if status.until is None else (status.until - timedelta(seconds=1)).astimezone(zone).date()
