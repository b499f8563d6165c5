"""Wall clocks and instants, against clocks that are watched minute by minute.

The oracle never asks which instant a local time is: it goes through the minutes around each clock change from 2024 to
2030 and writes down what a wall clock shows.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.localtime import Fold, Gap, instant, midnight_after, to_utc, today_in

LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Europe/London",
    "America/New_York",
    "America/Santiago",  # the clock goes forward at midnight
    "America/Havana",  # midnight twice
    "Atlantic/Azores",  # forward at midnight, back to midnight
    "Africa/Cairo",
    "Africa/Casablanca",  # back for Ramadan
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Chatham",  # 45 minutes off the hour
    "America/Nuuk",
    "Asia/Kolkata",  # no changes
)
HAVE_CHANGES = tuple(name for name in ZONES if name != "Asia/Kolkata")
MINUTE = timedelta(minutes=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES).map(ZoneInfo)
locals_ = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 12, 31))  # noqa: DTZ001 - wall-clock times


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What a wall clock shows."""
    return at.astimezone(zone).replace(tzinfo=None)


@cache
def clock_changes(name: str) -> tuple[datetime, ...]:
    """The first minute after each change of the clock, found by looking at every day and then at its minutes."""
    zone = ZoneInfo(name)
    return tuple(_changes(zone))


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    today = FIRST
    while today < LAST:
        tomorrow = today + timedelta(days=1)
        if today.astimezone(zone).utcoffset() != tomorrow.astimezone(zone).utcoffset():
            at = today
            while at.astimezone(zone).utcoffset() == today.astimezone(zone).utcoffset():
                at += MINUTE
            yield at
        today = tomorrow


class Watched:
    """What a wall clock showed in each minute from three hours before a change until three hours after it."""

    def __init__(self, change: datetime, zone: ZoneInfo) -> None:
        self.change = change
        self.readings = [(change + n * MINUTE, shown(change + n * MINUTE, zone)) for n in range(-3 * 60, 3 * 60)]
        self.instants: dict[datetime, list[datetime]] = {}
        for at, local in self.readings:
            self.instants.setdefault(local, []).append(at)
        self.before = shown(change - MINUTE, zone) + MINUTE
        """What it would have shown at the change."""

    def locals(self) -> Iterator[datetime]:
        """Every local minute from an hour before the change until after what it skipped or doubled."""
        low = min(self.before, self.readings[180][1]) - timedelta(hours=1)
        for n in range(200):
            yield low + n * MINUTE

    def first_after(self, local: datetime) -> datetime:
        """The first minute in which the clock showed something later."""
        return next(at for at, reading in self.readings if at >= self.change and reading > local)


def watched(name: str) -> Iterator[Watched]:
    return (Watched(change, ZoneInfo(name)) for change in clock_changes(name))


@pytest.mark.parametrize("name", HAVE_CHANGES)
def test_a_time_shown_once_is_that_instant(name: str) -> None:
    zone = ZoneInfo(name)
    for around in watched(name):
        for local in around.locals():
            if len(found := around.instants.get(local, [])) == 1:
                assert {to_utc(local, zone, gap, fold) for gap in Gap for fold in Fold} == set(found)


@pytest.mark.parametrize("name", HAVE_CHANGES)
def test_of_a_time_shown_twice_the_first_or_the_last_is_meant(name: str) -> None:
    zone, seen = ZoneInfo(name), 0
    for around in watched(name):
        for local in around.locals():
            if len(found := around.instants.get(local, [])) == 2:
                seen += 1
                assert [to_utc(local, zone, Gap.FORWARD, fold) for fold in (Fold.FIRST, Fold.LAST)] == found
    assert seen > 0


@pytest.mark.parametrize("name", HAVE_CHANGES)
def test_a_time_never_shown_moves_forward_to_the_edge_or_does_not_happen(name: str) -> None:
    zone, seen = ZoneInfo(name), 0
    for around in watched(name):
        for local in around.locals():
            if local not in around.instants:
                seen += 1
                edge = around.first_after(local)
                assert edge == around.change
                assert to_utc(local, zone, Gap.EDGE) == edge
                assert to_utc(local, zone, Gap.FORWARD) == edge + (local - around.before)
                assert to_utc(local, zone, Gap.SKIP) is None
    assert seen > 0


@pytest.mark.parametrize("name", HAVE_CHANGES)
def test_a_skipped_time_moves_by_as_much_as_the_clock_was_put_forward(name: str) -> None:
    zone = ZoneInfo(name)
    for around in watched(name):
        put_forward = shown(around.change, zone) - around.before
        for local in around.locals():
            moved = to_utc(local, zone, Gap.FORWARD)
            assert moved is not None
            assert shown(moved, zone) == (local if local in around.instants else local + put_forward)


def test_the_clocks_that_are_watched_change_every_year() -> None:
    assert {at.year for name in HAVE_CHANGES for at in clock_changes(name)} == set(range(2024, 2031))
    assert clock_changes("Asia/Kolkata") == ()


@given(locals_, zones, st.sampled_from(Fold))
def test_the_wall_clock_shows_the_local_time_at_its_instant(local: datetime, zone: ZoneInfo, fold: Fold) -> None:
    found = to_utc(local, zone, Gap.SKIP, fold)
    assert found is None or shown(found, zone) == local


@given(locals_, zones)
def test_a_skipped_time_ends_on_a_whole_minute(local: datetime, zone: ZoneInfo) -> None:
    edge = to_utc(local, zone, Gap.EDGE)
    assert edge is not None
    assert shown(edge, zone) == local or (edge.second, edge.microsecond) == (0, 0)


@pytest.mark.parametrize(
    ("gap", "at"),
    [
        (Gap.FORWARD, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (Gap.EDGE, datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (Gap.SKIP, None),
    ],
)
def test_half_past_one_on_the_night_of_summer_time(gap: Gap, at: datetime | None) -> None:
    assert to_utc(datetime(2027, 3, 28, 1, 30), LONDON, gap) == at  # noqa: DTZ001 - a wall-clock time


def test_half_past_one_on_the_night_of_winter_time() -> None:
    half_past_one = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - a wall-clock time
    assert to_utc(half_past_one, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(half_past_one, LONDON, fold=Fold.LAST) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_local_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        to_utc(datetime(2026, 11, 24, 9, 15, tzinfo=UTC), LONDON)


def test_a_time_on_a_day_is_an_instant() -> None:
    assert instant(date(2026, 10, 23), time(9, 15), LONDON) == datetime(2026, 10, 23, 8, 15, tzinfo=UTC)


def _midnights() -> list[tuple[str, date]]:
    """The local days on whose last or first minutes a clock changes, and the days beside them."""
    found = []
    for name in HAVE_CHANGES:
        for change in clock_changes(name):
            on = shown(change, ZoneInfo(name)).date()
            found += [(name, on + timedelta(days=n)) for n in (-2, -1, 0, 1)]
    return found


def test_a_day_ends_when_the_clock_first_shows_the_next_one() -> None:
    for name, on in _midnights():
        zone = ZoneInfo(name)
        ends = midnight_after(on, zone)
        assert shown(ends, zone).date() == on + timedelta(days=1), (name, on)
        assert shown(ends - MINUTE, zone).date() == on, (name, on)


def test_no_minute_of_a_day_comes_after_its_end() -> None:
    for name, on in _midnights():
        zone = ZoneInfo(name)
        ends = midnight_after(on, zone)
        assert {shown(ends - n * MINUTE, zone).date() for n in range(1, 180)} == {on}, (name, on)


@pytest.mark.parametrize(
    ("name", "on", "ends"),
    [
        ("America/Santiago", date(2026, 9, 5), datetime(2026, 9, 6, 4, tzinfo=UTC)),  # no midnight, 01:00 follows
        ("Africa/Cairo", date(2026, 4, 23), datetime(2026, 4, 23, 22, tzinfo=UTC)),  # no midnight, 01:00 follows
        ("Asia/Beirut", date(2026, 3, 28), datetime(2026, 3, 28, 22, tzinfo=UTC)),  # no midnight, 01:00 follows
        ("America/Santiago", date(2026, 4, 4), datetime(2026, 4, 5, 4, tzinfo=UTC)),  # 23:00 to midnight comes twice
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 29, 22, tzinfo=UTC)),  # 23:00 to midnight comes twice
        ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # midnight comes twice
        ("Europe/London", date(2026, 11, 24), datetime(2026, 11, 25, tzinfo=UTC)),
    ],
)
def test_days_without_a_midnight_and_with_two(name: str, on: date, ends: datetime) -> None:
    assert midnight_after(on, ZoneInfo(name)) == ends


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 30)), zones)
def test_days_follow_each_other_without_a_gap(on: date, zone: ZoneInfo) -> None:
    ends, next_ends = midnight_after(on, zone), midnight_after(on + timedelta(days=1), zone)
    assert timedelta(hours=22) <= next_ends - ends <= timedelta(hours=26)
    assert today_in(zone, ends) == on + timedelta(days=1)
    assert today_in(zone, ends - timedelta(seconds=1)) == on
