"""Wall-clock times and instants: what a clock change skips or doubles happens exactly once."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Gap(StrEnum):
    """What becomes of a local time that a clock change skips."""

    FORWARD = "forward"
    """As much later as the clock was put forward: 02:30 becomes 03:30."""
    EDGE = "edge"
    """The first instant after the gap: 02:30 becomes 03:00."""
    SKIP = "skip"
    """It does not happen."""


class Fold(StrEnum):
    """Which of two equal local times is meant."""

    FIRST = "first"
    LAST = "last"


def to_utc(local: datetime, zone: ZoneInfo, gap: Gap = Gap.FORWARD, fold: Fold = Fold.FIRST) -> datetime | None:
    """The instant at which a wall clock in `zone` shows the naive `local`; None only for a skipped time with Gap.SKIP.

    Raises: ValueError when `local` is aware. Source: PEP 495.
    """
    if local.tzinfo is not None:
        raise ValueError(f"a wall-clock time has no zone, got {local!r}")
    instant = local.replace(tzinfo=zone, fold=0 if fold is Fold.FIRST else 1).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    match gap:
        case Gap.SKIP:
            return None
        case Gap.FORWARD:
            # fold=0 counts with the offset before the gap, which lands just as far behind it.
            return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        case Gap.EDGE:
            return _first_after_gap(local, zone)


def _first_after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time on a day; a skipped one moves forward, of a doubled one the first."""
    found = to_utc(datetime.combine(on, at), zone)
    if found is None:
        raise AssertionError("Gap.FORWARD always gives an instant")
    return found


def midnight_after(on: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day ends."""
    found = to_utc(datetime.combine(on + timedelta(days=1), time()), zone, Gap.EDGE)
    if found is None:
        raise AssertionError("Gap.EDGE always gives an instant")
    return found


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """The local date at an instant."""
    return now.astimezone(zone).date()
