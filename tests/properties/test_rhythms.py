"""Rhythms over seven years: weekday and wall time are kept, and a night that changes the clock has each slot once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest

from bot.chat.localtime import to_utc
from schedules.cadence import SLOTS_MAX, Slot, first_slot, next_slot, slots
from tests.support.wall_clocks import (
    CHANGING,
    DAY,
    FIRST_DAY,
    LAST_DAY,
    MINUTE,
    ZONES,
    Change,
    WallClock,
    every_day,
    wall_clock,
)

DAILY = "FREQ=DAILY"
RULES = {
    DAILY: range(7),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": range(5),
    "FREQ=WEEKLY;BYDAY=SA,SU": (5, 6),
    "FREQ=WEEKLY;BYDAY=SU": (6,),  # the night on which most clocks change
}
TIMES = (time(), time(1, 30), time(2, 30), time(9, 15), time(23, 45))


@cache
def walked(rule: str, at: time) -> tuple[datetime, ...]:
    """Every local slot of the seven years, each year's anchored at the last slot before it."""
    ends = datetime.combine(LAST_DAY, time.max)
    anchor = datetime.combine(FIRST_DAY, at)
    since, found = anchor - MINUTE, []
    while some := slots(rule, anchor, since, ends):
        assert len(some) <= SLOTS_MAX
        found += some
        anchor = since = some[-1]
    return tuple(found)


@pytest.mark.parametrize("at", TIMES, ids=str)
@pytest.mark.parametrize("rule", RULES)
def test_a_rhythm_has_one_slot_on_each_of_its_weekdays(rule: str, at: time) -> None:
    days = [on for on in every_day() if on.weekday() in RULES[rule]]
    assert walked(rule, at) == tuple(datetime.combine(on, at) for on in days)


@pytest.mark.parametrize("name", ZONES)
def test_every_slot_keeps_its_weekday_and_wall_time_but_where_the_clock_skips_it(name: str) -> None:
    clock, night = wall_clock(name), TIMES[ZONES.index(name) % len(TIMES)]
    for rule in RULES:
        before: datetime | None = None
        for local in walked(rule, time(9, 15) if rule.endswith("FR") else night):
            at = to_utc(local, clock.zone)
            assert at is not None
            skipped_by = clock.skips(local)
            assert clock.shown(at) == (local if skipped_by is None else local + skipped_by.by)
            assert at == clock.first(local)
            assert before is None or before < at
            before = at


def nights(name: str) -> Iterator[tuple[WallClock, Change, time]]:
    """Each change of a clock, with a time in the middle of what it skips or doubles, and one of the usual times."""
    clock = wall_clock(name)
    for number, change in enumerate(clock.changes):
        middle = min(change.expected, change.shown) + abs(change.by) / 2
        yield clock, change, middle.time()
        yield clock, change, TIMES[number % len(TIMES)]


def expected_slots(clock: WallClock, since: date, at: time, days: int) -> list[Slot]:
    locals_ = [datetime.combine(since + n * DAY, at) for n in range(days)]
    return [Slot(local, clock.first(local)) for local in locals_]


@pytest.mark.req("INV-25")
@pytest.mark.parametrize("name", CHANGING)
def test_through_a_clock_change_each_night_has_its_slot_once(name: str) -> None:
    for clock, change, at in nights(name):
        since = min(change.expected, change.shown).date() - DAY
        expected = expected_slots(clock, since, at, 4)
        found, anchor = [], datetime.combine(since - DAY, at)
        for _ in expected:
            slot = next_slot(DAILY, anchor, anchor, clock.zone)
            assert slot is not None
            found.append(slot)
            anchor = slot.local  # as the clock does: the newest slot anchors the rule anew
        assert found == expected
        assert len({slot.at for slot in found}) == len(found)


@pytest.mark.req("INV-25")
@pytest.mark.parametrize("name", CHANGING)
def test_from_any_instant_around_a_clock_change_the_next_slot_is_the_first_still_to_come(name: str) -> None:
    for number, (clock, change, at) in enumerate(nights(name)):
        since = min(change.expected, change.shown).date() - 2 * DAY
        known = expected_slots(clock, since, at, 6)
        anchor = datetime.combine(since - 20 * DAY, at)
        changed = abs(change.by)
        own = min(known, key=lambda slot: abs(slot.at - change.at)).at
        moments = (change.at - changed, change.at - MINUTE, change.at, change.at + changed / 2, own, own - MINUTE)
        for after in (moments[number % 6], moments[(number + 3) % 6]):
            assert first_slot(DAILY, anchor, after, clock.zone) == next(slot for slot in known if slot.at > after)


@pytest.mark.req("INV-25")
@pytest.mark.parametrize("name", CHANGING)
def test_an_hourly_rhythm_has_each_local_hour_of_a_changed_night_once(name: str) -> None:
    clock = wall_clock(name)
    for change in clock.changes[:2]:
        anchor = datetime.combine(min(change.expected, change.shown).date() - DAY, time(22, 30))
        found = [datetime.combine(anchor.date(), anchor.time()) + timedelta(hours=n) for n in range(1, 9)]
        for local in found:
            slot = next_slot("FREQ=HOURLY", anchor, anchor, clock.zone)
            assert slot == Slot(local, clock.first(local))
            anchor = local
