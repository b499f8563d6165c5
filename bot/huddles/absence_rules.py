"""Absences that touch become one, and which working days there are in one. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat.dates import Period
from bot.people.rules import Days

COUNTED_MOST = 10  # working days that are named one by one


def touches(one: Period, other: Period) -> bool:
    """Whether two periods have a day in common, or the one begins on the day after the other ends."""
    first, second = sorted((one, other), key=lambda each: each.first)
    return first.last is None or second.first <= first.last + timedelta(days=1)


def joined(known: Sequence[Period], said: Period) -> Period:
    """What somebody means who is away for `said` and was for `known`, which all touch it.

    Who was away without an end and now gives one is away until then.
    """
    first = min([said.first, *(each.first for each in known)])
    lasts = [each.last for each in known if each.last is not None]
    if said.last is None or any(each.last is None and each.first > said.last for each in known):
        return Period(first, None)
    return Period(first, max([said.last, *lasts]))


def worked(days: Days, period: Period) -> tuple[date, ...]:
    """The days of a period on which somebody would work; none where they are too many to be named."""
    if period.last is None:
        return ()
    every = (period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1))
    found = tuple(on for on in every if days.would_work(on))
    return found if 1 < len(found) <= COUNTED_MOST else ()
