"""When a council meets, and when the steps around a meeting fall due. Pure.

Source: domain.md D2, D12, 3.4 (P-20 to P-29), 3.5, 4.13.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.chat.localtime import instant
from bot.people.rules import WEEKDAYS, is_office_day, working_day_before

DEFAULT_RULE = "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH"  # D2
DEFAULT_AT = time(10)
AHEAD = 3  # meetings that are always planned; Source: domain.md S2-08
LOOKS_AHEAD_DAYS = 366 * 3

CALL, REMIND, CLOSE_ITEMS, REMIND_CHAIR, PUBLISH = (
    "council.call",
    "council.remind",
    "council.close_items",
    "council.remind_chair",
    "agenda.publish",
)
EVE, REPUBLISH, SOON, START, LEFT_OPEN = (
    "council.eve",
    "agenda.republish",
    "council.soon",
    "council.start",
    "meeting.left_open",
)
HOLIDAY = "council.holiday"
DRAFT, ISSUE, CORRECTIONS, HALFWAY = "minutes.draft", "minutes.issue", "minutes.corrections", "minutes.halfway"
BEFORE = (HOLIDAY, CALL, REMIND, CLOSE_ITEMS, REMIND_CHAIR, PUBLISH, EVE, REPUBLISH, SOON, START, LEFT_OPEN)
AFTER = (DRAFT, ISSUE, CORRECTIONS, HALFWAY)

TEN, NOON, HALF_PAST_THREE, FOUR = time(10), time(12), time(15, 30), time(16)
SOON_BEFORE = timedelta(minutes=75)
LEFT_OPEN_AFTER = timedelta(hours=4)  # after its planned end a meeting that nobody ended is taken as over
ASKED_BEFORE = timedelta(days=14)  # the chair, about a meeting that falls on a holiday
SHORT_NOTICE = timedelta(hours=1)  # for items, where a meeting is called so late that its T-3 is over

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
}  # fmt: skip
_NUMBERS = {"one": 1, "two": 2, "other": 2, "second": 2, "three": 3, "four": 4, "six": 6}
_EVERY_MONTHS = {
    "monthly": 1, "every month": 1, "once a month": 1, "every two months": 2, "every other month": 2,
    "every 2 months": 2, "every three months": 3, "every 3 months": 3, "quarterly": 3,
}  # fmt: skip
_EVERY_WEEKS = re.compile(r"every (?:(?P<n>\d|two|three|four|other) )?weeks?(?: on)? (?P<day>[a-z]+)")
_EVERY_DAY = re.compile(r"(?:weekly(?: on)?|every) (?:(?P<n>other) )?(?P<day>[a-z]+)")
_LONG = {
    "monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu", "friday": "fri", "saturday": "sat",
    "sunday": "sun", "tues": "tue", "weds": "wed", "thur": "thu", "thurs": "thu",
}  # fmt: skip
_AMBIGUOUS = re.compile(r"bi-? ?(?:monthly|weekly)\b.*|every (?:second|2nd|third|3rd|fourth|4th) [a-z]+")


# --- the rhythm


def is_ambiguous(text: str) -> bool:
    """Whether somebody wrote `bi-monthly` or the like, which is read in two ways; Source: domain.md D1."""
    return _AMBIGUOUS.fullmatch(_plain(text)) is not None


def rule_meant(text: str) -> str | None:
    """The RRULE of what somebody typed: `first thursday`, `1st and 3rd tue`, `every two weeks on wed`; None for none.

    `monthly` alone is the default, the first Thursday.
    """
    typed = _plain(text)
    if is_ambiguous(typed):
        return None
    if typed in _EVERY_MONTHS:
        return _monthly(_EVERY_MONTHS[typed], (1,), "thu")
    if weekly := _EVERY_WEEKS.fullmatch(typed) or _EVERY_DAY.fullmatch(typed):
        day = _weekday(weekly["day"])
        every = weekly["n"] or "1"
        return None if day is None else f"FREQ=WEEKLY;INTERVAL={_NUMBERS.get(every) or int(every)};BYDAY={_two(day)}"
    return _nth_weekdays(typed)


def _nth_weekdays(typed: str) -> str | None:
    months = next((each for each in _EVERY_MONTHS if typed.endswith(" " + each)), "")
    if months:
        typed = typed.removesuffix(months).strip()
    else:
        typed = re.sub(r" (?:of (?:each|every|the) month|a month|each month|every month)$", "", typed)
    *ordinals, day_word = re.sub(r"\b(?:and|the|on|every|each)\b|[,&]", " ", typed).split() or [""]
    day = _weekday(day_word)
    numbers = [_ORDINALS.get(each) for each in ordinals]
    if day is None or not numbers or None in numbers:
        return None
    every = _EVERY_MONTHS.get(months, 1)
    return _monthly(every, tuple(dict.fromkeys(each for each in numbers if each is not None)), day)


def _monthly(every: int, ordinals: Sequence[int], day: str) -> str:
    days = ",".join(f"{nth}{_two(day)}" for nth in ordinals)
    return f"FREQ=MONTHLY;INTERVAL={every};BYDAY={days}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _weekday(word: str) -> str | None:
    bare = word.removesuffix("s") if word.endswith("days") else word
    short = _LONG.get(bare, bare)
    return short if short in WEEKDAYS else None


def _two(day: str) -> str:
    return day[:2].upper()


def meeting_days(rule: str, anchor: date, after: date, number: int) -> list[date]:
    """The first days of a rule after a day, oldest first; fewer than `number` only where three years hold no more.

    `anchor` is a day from which intervals are counted.
    """
    # Anchored at the first of a month or a Monday, so that no anchor skips the first day of its own rule.
    start = anchor.replace(day=1) if "MONTHLY" in rule else anchor - timedelta(days=anchor.weekday())
    found = rrulestr(rule, dtstart=datetime.combine(start, time())).xafter(datetime.combine(after, time()))
    last = after + timedelta(days=LOOKS_AHEAD_DAYS)
    return [each.date() for each in islice(found, number) if each.date() <= last]


def first_day(rule: str, after: date) -> date:
    """The first day after a day on which a rhythm may begin, whatever its interval: the others are counted from it."""
    every_one = re.sub(r"INTERVAL=\d+", "INTERVAL=1", rule)
    return next(iter(meeting_days(every_one, after, after, 1)), after)


# --- the days around a meeting


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the steps before a meeting: T-7, T-3 and T-1, moved to working days."""

    call_on: date
    close_on: date
    eve_on: date


def t_days(meets_on: date, calendar: str) -> Days:
    """The days of T-7, T-3 and T-1, each a working day, in this order and all before the meeting.

    A day that is none moves to the working day before; where that is not after the step before it, to the next
    working day; where that is not before the meeting, the steps before it move back instead. Source: domain.md 3.5.
    """
    call_on = _moved(meets_on - timedelta(days=7), None, calendar)
    close_on = _moved(meets_on - timedelta(days=3), call_on, calendar)
    eve_on = _moved(meets_on - timedelta(days=1), close_on, calendar)
    if eve_on >= meets_on:
        eve_on = working_day_before(meets_on, calendar)
        close_on = min(close_on, working_day_before(eve_on, calendar))
        call_on = min(call_on, working_day_before(close_on, calendar))
    return Days(call_on, close_on, eve_on)


def _moved(nominal: date, step_before: date | None, calendar: str) -> date:
    on = nominal if is_office_day(nominal, calendar) else working_day_before(nominal, calendar)
    if step_before is not None and on <= step_before:
        return working_day_after(max(nominal, step_before), calendar)
    return on


def working_day_after(on: date, calendar: str, number: int = 1) -> date:
    """The `number`-th Monday to Friday after a day that is no holiday."""
    day = on
    for _ in range(number):
        day += timedelta(days=1)
        while not is_office_day(day, calendar):
            day += timedelta(days=1)
    return day


def instead_of(meets_on: date, calendar: str) -> date:
    """What is proposed for a meeting that falls on a day off: the next such weekday that is a working day."""
    return next(
        day
        for weeks in range(1, 60)
        if is_office_day(day := meets_on + timedelta(days=7 * weeks), calendar) or weeks == 59  # noqa: PLR2004
    )


# --- the instants


def steps_before(starts_at: datetime, length_min: int, zone: ZoneInfo, calendar: str) -> Mapping[str, datetime]:
    """Kind of step and its instant, in order, up to the one that ends a meeting which nobody ended.

    The chair is asked about a holiday only where the meeting falls on a day that is no working day.
    """
    meets_on = starts_at.astimezone(zone).date()
    days = t_days(meets_on, calendar)
    ends_at = starts_at + timedelta(minutes=length_min)
    steps = {
        CALL: instant(days.call_on, TEN, zone),
        REMIND: instant(days.close_on, TEN, zone),
        CLOSE_ITEMS: instant(days.close_on, NOON, zone),
        REMIND_CHAIR: instant(days.close_on, HALF_PAST_THREE, zone),
        PUBLISH: instant(days.close_on, FOUR, zone),
        EVE: instant(days.eve_on, TEN, zone),
        REPUBLISH: instant(days.eve_on, FOUR, zone),
        SOON: starts_at - SOON_BEFORE,
        START: starts_at,
        LEFT_OPEN: ends_at + LEFT_OPEN_AFTER,
    }
    if is_office_day(meets_on, calendar):
        return steps
    asked_on = working_day_before(meets_on - ASKED_BEFORE + timedelta(days=1), calendar)
    return {HOLIDAY: instant(asked_on, TEN, zone), **steps}


def hurried(steps: Mapping[str, datetime], starts_at: datetime, now: datetime) -> Mapping[str, datetime]:
    """The steps of a meeting that is called when some of them are over: the call is made at once.

    Items stay open for an hour, or half the time there is left; the agenda is out before the meeting begins.
    """
    if HOLIDAY in steps:
        steps = {**steps, HOLIDAY: max(steps[HOLIDAY], now)}
    if steps[CALL] >= now:
        return steps
    found = {kind: at for kind, at in steps.items() if at >= now} | {CALL: now}
    if steps[CLOSE_ITEMS] < now:
        left = starts_at - now
        found[CLOSE_ITEMS] = now + min(SHORT_NOTICE, left / 2)
    if steps[PUBLISH] <= found.get(CLOSE_ITEMS, now):
        closes_at = found.get(CLOSE_ITEMS, now)
        found[PUBLISH] = closes_at + min(SHORT_NOTICE, (starts_at - closes_at) / 2)
    order = {kind: place for place, kind in enumerate(BEFORE)}
    return dict(sorted(found.items(), key=lambda each: order[each[0]]))


def steps_after(starts_at: datetime, zone: ZoneInfo, calendar: str, next_at: datetime | None) -> Mapping[str, datetime]:
    """The steps of a meeting's minutes, and the report halfway to the next one where there is a next one."""
    met_on = starts_at.astimezone(zone).date()
    steps = {
        DRAFT: instant(working_day_after(met_on, calendar), NOON, zone),
        ISSUE: instant(working_day_after(met_on, calendar, 2), FOUR, zone),
        CORRECTIONS: instant(working_day_after(met_on, calendar, 5), FOUR, zone),
    }
    if next_at is not None:
        halfway = met_on + (next_at.astimezone(zone).date() - met_on) / 2
        on = halfway if is_office_day(halfway, calendar) else working_day_after(halfway, calendar)
        at = instant(on, TEN, zone)
        if steps[ISSUE] < at < next_at:
            steps[HALFWAY] = at
    return steps
