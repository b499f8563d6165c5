"""Rhythms: every slot happens exactly once, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.cadence import SLOTS_MAX, BadRule, Slot, first_slot, next_slot, slots

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
DAILY = "FREQ=DAILY"


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A local time as it stands on a wall."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - it has no zone on purpose


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def walked(rule: str, starts_at: datetime, number: int, zone: ZoneInfo = LONDON) -> list[Slot]:
    """The first slots of a rhythm as the clock takes them: each is looked for behind the one before."""
    found: list[Slot] = []
    since = starts_at - timedelta(minutes=1)
    while len(found) < number:
        slot = next_slot(rule, found[-1].local if found else starts_at, since, zone)
        assert slot is not None
        found.append(slot)
        since = slot.local
    return found


rules = st.sampled_from(
    [
        WEEKDAYS,
        DAILY,
        "FREQ=WEEKLY;BYDAY=SA,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "FREQ=MONTHLY;BYDAY=1TH",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=DAILY;INTERVAL=3",
    ]
)
zones = st.sampled_from(
    ["Europe/London", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut"]
).map(ZoneInfo)
# Two nights before a clock change in London, Santiago, Cairo, Lord Howe, Havana or Beirut.
nights = st.sampled_from(
    [
        *(wall(2026, 10, 23), wall(2027, 3, 26), wall(2026, 4, 3), wall(2026, 9, 4), wall(2026, 4, 22)),
        *(wall(2026, 10, 28), wall(2026, 10, 2), wall(2026, 3, 6), wall(2026, 10, 30), wall(2026, 3, 27)),
    ]
)
days = nights | st.datetimes(min_value=wall(2024, 1, 1), max_value=wall(2029, 12, 31)).map(
    lambda at: at.replace(hour=0, minute=0, second=0, microsecond=0)
)
anchors = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    days,
    st.sampled_from([0, 15, 30, 45, 60, 90, 105, 120, 150, 555]),
)


@pytest.mark.parametrize(
    ("on", "at"),
    [
        (date(2026, 10, 23), utc(2026, 10, 23, 8, 15)),
        (date(2026, 10, 26), utc(2026, 10, 26, 9, 15)),
        (date(2027, 3, 25), utc(2027, 3, 25, 9, 15)),
        (date(2027, 3, 30), utc(2027, 3, 30, 8, 15)),
    ],
)
def test_a_huddle_at_quarter_past_nine_in_london_moves_in_utc(on: date, at: datetime) -> None:
    local = datetime.combine(on, wall(2026, 1, 1, 9, 15).time())
    assert next_slot(WEEKDAYS, wall(2026, 9, 1, 9, 15), local - timedelta(minutes=1), LONDON) == Slot(local, at)


@pytest.mark.req("INV-25")
def test_half_past_one_happens_once_when_the_hour_is_doubled() -> None:
    assert [slot.at for slot in walked(DAILY, wall(2026, 10, 24, 1, 30), 3)] == [
        utc(2026, 10, 24, 0, 30),
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 26, 1, 30),
    ]


@pytest.mark.req("INV-25")
def test_half_past_one_happens_once_an_hour_later_when_it_is_skipped() -> None:
    assert [slot.at for slot in walked(DAILY, wall(2027, 3, 27, 1, 30), 3)] == [
        utc(2027, 3, 27, 1, 30),
        utc(2027, 3, 28, 1, 30),
        utc(2027, 3, 29, 0, 30),
    ]


@pytest.mark.req("INV-25")
@pytest.mark.parametrize("minutes", range(0, 61, 10))
def test_in_the_second_pass_of_a_doubled_hour_the_first_is_over(minutes: int) -> None:
    second_pass = utc(2026, 10, 25, 0, 30) + timedelta(minutes=minutes)
    assert first_slot(DAILY, wall(2026, 10, 1, 1, 30), second_pass, LONDON) == Slot(
        wall(2026, 10, 26, 1, 30), utc(2026, 10, 26, 1, 30)
    )


@pytest.mark.req("INV-25")
def test_before_a_skipped_time_it_is_still_to_come() -> None:
    skipped = Slot(wall(2027, 3, 28, 1, 30), utc(2027, 3, 28, 1, 30))
    for after in (utc(2027, 3, 28, 0, 59), utc(2027, 3, 28, 1, 0), utc(2027, 3, 28, 1, 29)):
        assert first_slot(DAILY, wall(2027, 3, 1, 1, 30), after, LONDON) == skipped
    assert first_slot(DAILY, wall(2027, 3, 1, 1, 30), skipped.at, LONDON) == Slot(
        wall(2027, 3, 29, 1, 30), utc(2027, 3, 29, 0, 30)
    )


@pytest.mark.req("INV-25")
@given(anchors, zones)
@settings(max_examples=60)
def test_a_daily_rhythm_happens_once_on_every_local_date(starts_at: datetime, zone: ZoneInfo) -> None:
    found = walked(DAILY, starts_at, 5, zone)
    assert [slot.local.date() for slot in found] == [starts_at.date() + timedelta(days=n) for n in range(5)]
    assert [slot.at for slot in found] == sorted({slot.at for slot in found})


@given(rules, anchors, zones, st.integers(min_value=0, max_value=60 * 24 * 6))
@settings(max_examples=60)
def test_the_first_slot_is_the_earliest_whose_instant_is_still_to_come(
    rule: str, starts_at: datetime, zone: ZoneInfo, minutes: int
) -> None:
    after = starts_at.replace(tzinfo=UTC) + timedelta(minutes=minutes)
    known = walked(
        rule, slots(rule, starts_at, starts_at - timedelta(days=1), starts_at + timedelta(days=90))[0], 9, zone
    )
    assert first_slot(rule, starts_at, after, zone) == next(slot for slot in known if slot.at > after)


@given(rules, anchors, st.integers(min_value=0, max_value=20), st.integers(min_value=0, max_value=30))
def test_a_rhythm_anchored_at_one_of_its_slots_is_the_same_from_there_on(
    rule: str, starts_at: datetime, number: int, days: int
) -> None:
    every = slots(rule, starts_at, starts_at - timedelta(days=1), starts_at + timedelta(days=1500))
    anchor = every[number]
    since = anchor + timedelta(days=days)
    until = since + timedelta(days=200)
    assert slots(rule, anchor, since, until) == slots(rule, starts_at, since, until)


def test_slots_are_after_the_one_time_and_up_to_the_other() -> None:
    assert slots(DAILY, wall(2026, 11, 1, 9, 15), wall(2026, 11, 24, 9, 15), wall(2026, 11, 26, 9, 15)) == [
        wall(2026, 11, 25, 9, 15),
        wall(2026, 11, 26, 9, 15),
    ]


def test_there_is_no_slot_before_the_anchor() -> None:
    assert slots(DAILY, wall(2026, 11, 24, 9, 15), wall(2026, 11, 1), wall(2026, 11, 24, 9, 15)) == [
        wall(2026, 11, 24, 9, 15)
    ]


def test_at_most_a_year_of_slots_is_given_at_once() -> None:
    assert len(slots(DAILY, wall(2026, 1, 1), wall(2026, 1, 1), wall(2036, 1, 1))) == SLOTS_MAX


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=1TH", [wall(2026, 12, 3), wall(2027, 1, 7), wall(2027, 2, 4)]),
        ("FREQ=MONTHLY;BYDAY=2WE", [wall(2026, 12, 9), wall(2027, 1, 13), wall(2027, 2, 10)]),
        ("FREQ=MONTHLY;BYDAY=3TU", [wall(2026, 12, 15), wall(2027, 1, 19), wall(2027, 2, 16)]),
    ],
)
def test_councils_boards_and_leaders_meet_on_their_day_of_the_month(rule: str, days: list[datetime]) -> None:
    assert slots(rule, wall(2026, 12, 1), wall(2026, 12, 1), wall(2027, 2, 28)) == days


def test_a_rhythm_that_has_ended_has_no_next_slot() -> None:
    ended = f"{WEEKDAYS};UNTIL=20261127T235959"
    assert next_slot(ended, wall(2026, 11, 23, 9, 15), wall(2026, 11, 27, 9, 15), LONDON) is None
    assert first_slot(ended, wall(2026, 11, 23, 9, 15), utc(2026, 11, 27, 9, 15), LONDON) is None


def test_a_rhythm_that_never_happens_has_no_next_slot() -> None:
    thirtieth_of_february = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    assert next_slot(thirtieth_of_february, wall(2026, 1, 1, 9), wall(2026, 1, 1), LONDON) is None


def test_a_rhythm_of_leap_days_is_found_years_ahead() -> None:
    leap_day = next_slot("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", wall(2024, 2, 29, 9), wall(2024, 2, 29, 9), LONDON)
    assert leap_day == Slot(wall(2028, 2, 29, 9), utc(2028, 2, 29, 9))


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (f"{WEEKDAYS};COUNT=3", "COUNT would start again at each anchor"),
        ("freq=daily;count=3", "COUNT would start again at each anchor"),
        (f"{WEEKDAYS};UNTIL=20261231T000000Z", "UNTIL"),
        ("FREQ=SOMETIMES", "can't be used"),
        ("every morning", "can't be used"),
        ("", "can't be used"),
        (f"RRULE:{WEEKDAYS}\nEXDATE:20261225T091500", "one RRULE is expected"),
        (f"RRULE:{WEEKDAYS}\nRRULE:{DAILY}", "one RRULE is expected"),
    ],
)
def test_a_rule_without_one_meaning_is_refused(rule: str, why: str) -> None:
    with pytest.raises(BadRule, match=why):
        slots(rule, wall(2026, 11, 24, 9, 15), wall(2026, 11, 24), wall(2026, 12, 24))


@pytest.mark.parametrize("aware", range(3))
def test_a_slot_has_no_zone(aware: int) -> None:
    times = [wall(2026, 11, 24), wall(2026, 11, 24), wall(2026, 12, 24)]
    times[aware] = times[aware].replace(tzinfo=UTC)
    with pytest.raises(ValueError, match="no zone"):
        slots(DAILY, *times)
