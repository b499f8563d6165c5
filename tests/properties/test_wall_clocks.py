"""Wall clocks and instants on every day from 2024 to 2030, in zones with every kind of clock change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, product

import pytest

from bot.chat.localtime import Fold, Gap, instant, midnight_after, to_utc, today_in
from tests.support.wall_clocks import (
    CHANGING,
    DAY,
    FIRST_DAY,
    LAST_DAY,
    MINUTE,
    ZONES,
    WallClock,
    every_day,
    wall_clock,
)

pytestmark = pytest.mark.slow

POLICIES = tuple(product(Gap, Fold))
QUARTERS = tuple(time(hour, minute) for hour in range(24) for minute in range(0, 60, 15))
# Where nothing changes, a few of them will do: the edges of the day, the usual nights, and office hours.
ON_A_QUIET_DAY = (time(), time(1, 30), time(2, 30), time(9, 15), time(16), time(23, 45), time(23, 59))

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def meant(clock: WallClock, local: datetime, gap: Gap, fold: Fold) -> datetime | None:
    """What a policy makes of a local time, by what the clock has shown."""
    found = clock.instants(local)
    if found:
        return found[0 if fold is Fold.FIRST else -1]
    skipped_by = clock.skips(local)
    assert skipped_by is not None
    match gap:
        case Gap.SKIP:
            return None
        case Gap.EDGE:
            return skipped_by.at
        case Gap.FORWARD:
            return skipped_by.at + (local - skipped_by.expected)


def unquiet_days(clock: WallClock) -> set[date]:
    """The local days on which the clock changes, and those beside them."""
    changed = {local.date() for each in clock.changes for local in (each.expected, each.shown)}
    return {on + n * DAY for on in changed for n in (-1, 0, 1)}


def watched_times(clock: WallClock) -> Iterator[datetime]:
    """Every quarter of an hour of the days around a change, and its first and last minutes to the minute."""
    for on in sorted(unquiet_days(clock)):
        yield from (datetime.combine(on, at) for at in QUARTERS)
    for each in clock.changes:
        for local in (each.expected, each.shown):
            yield from (local - MINUTE, local + MINUTE, local - timedelta(microseconds=1))


@pytest.mark.parametrize("name", ZONES)
def test_on_a_quiet_day_a_time_is_its_one_instant_whatever_the_policy(name: str) -> None:
    clock, policies, seen = wall_clock(name), cycle(POLICIES), 0
    unquiet = unquiet_days(clock)
    for on in every_day():
        if on in unquiet:
            continue
        for at in ON_A_QUIET_DAY:
            local = datetime.combine(on, at)
            (only,) = clock.instants(local)
            assert to_utc(local, clock.zone, *next(policies)) == only, local
            seen += 1
    assert seen > 2000 * len(ON_A_QUIET_DAY)


@pytest.mark.parametrize("name", CHANGING)
def test_around_a_clock_change_a_time_is_what_its_policy_says(name: str) -> None:
    clock, shown = wall_clock(name), set()
    for local in watched_times(clock):
        shown.add(len(clock.instants(local)))
        for gap, fold in POLICIES:
            assert to_utc(local, clock.zone, gap, fold) == meant(clock, local, gap, fold), (local, gap, fold)
    assert shown == ({1, 2} if name == "Asia/Almaty" else {0, 1, 2})


@pytest.mark.parametrize("name", ZONES)
def test_every_day_ends_where_the_clock_shows_it_no_more(name: str) -> None:
    clock = wall_clock(name)
    for on in every_day():
        ends = midnight_after(on, clock.zone)
        assert ends == clock.end_of(on), on
        assert today_in(clock.zone, ends) == on + DAY
        assert today_in(clock.zone, ends - timedelta(microseconds=1)) == on


@pytest.mark.parametrize("name", ZONES)
def test_a_time_on_a_day_is_one_instant_on_every_day(name: str) -> None:
    clock, times = wall_clock(name), cycle((time(1, 30), time(2, 30), time(), time(23, 45), time(3), time(9, 15)))
    for on in every_day():
        at = next(times)
        assert instant(on, at, clock.zone) == clock.first(datetime.combine(on, at)), (on, at)


def test_the_clocks_that_are_watched_are_of_every_kind() -> None:
    clocks = [wall_clock(name) for name in ZONES]
    changes = [each for clock in clocks for each in clock.changes]
    put_forward = [each for each in changes if each.by > timedelta()]
    put_back = [each for each in changes if each.by < timedelta()]
    assert len(clocks) >= 30
    assert {name for name in ZONES if wall_clock(name).changes} == set(CHANGING)
    assert {each.by / MINUTE for each in changes} == {-120, -60, -30, 30, 60, 120}
    assert {clock.shown(NEW_YEAR).minute for clock in clocks} == {0, 30, 45}
    assert {each.expected.hour for each in put_forward} >= {0, 1, 2, 23}
    assert {each.shown.hour for each in put_back} >= {0, 1, 2, 23}
    assert {each.at.month for each in put_forward} >= {3, 4, 9, 10}
    assert {each.at.year for each in changes} == set(range(FIRST_DAY.year, LAST_DAY.year + 1))
