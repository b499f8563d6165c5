"""Worlds to tell: small ones that Hypothesis draws, and a large one by chance with a seed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import assume
from hypothesis import strategies as st

from tests.support.world import (
    ALWAYS,
    EVERY_DAY,
    LONG_AGO,
    WEEKDAYS,
    ZONES,
    Colleague,
    Leave,
    Meeting,
    Membership,
    Stay,
    World,
)

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
DAYS = (LAST - FIRST).days + 1
DAY = timedelta(days=1)
QUARTERS_OF_A_DAY = 96
PATTERNS = (WEEKDAYS, WEEKDAYS, EVERY_DAY, frozenset({0, 1, 2}), frozenset({6, 0, 1, 2, 3}), frozenset({2, 3, 4, 5, 6}))
"""Weekdays on which people work: most from Monday to Friday, some part of the week, some at weekends."""
CALENDARS = ("", "", "GB-SCT", "US-NY", "IN", "NZ", "JP", "EG", "CL", "CA-NL", "KI")
LONDON = "Europe/London"


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The days of 2026 and 2027 on which a zone's clocks are put forward or back."""
    days = (FIRST + n * DAY for n in range(DAYS))
    return tuple(on for on in days if _offset(zone, on) != _offset(zone, on + DAY))


def _offset(zone: str, on: date) -> timedelta | None:
    return datetime.combine(on, time(), tzinfo=ZoneInfo(zone)).utcoffset()


def _today(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _names(number: int) -> list[str]:
    """Short ones that sort as they are numbered."""
    return [f"P{n:02}" for n in range(number)]


@st.composite
def worlds(draw: st.DrawFn, *, days: int = 4, most: int = 4) -> World:
    """A few people for some days, often around a clock change of one of them, with everything that may happen."""
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=2, max_size=most, unique=True))
    special = sorted({on for zone in zones for on in changes(zone)})
    near = st.sampled_from(special).map(lambda on: on - DAY) if special else st.nothing()
    any_day = st.integers(0, DAYS - days - 1).map(lambda n: FIRST + n * DAY)
    begins_on = draw(near | any_day)
    begins = datetime.combine(begins_on, time(draw(st.integers(0, 23))), tzinfo=UTC)
    moments = draw(_moments(begins, days))
    colleagues = tuple(
        draw(_colleague(name, zone, moments[4 * n : 4 * n + 4]))
        for n, (name, zone) in enumerate(zip(_names(len(zones)), zones, strict=True))
    )
    assume(_somebody_stays(colleagues))
    return World(begins, begins + days * DAY, draw(_meeting(begins_on)), colleagues)


def _somebody_stays(colleagues: Sequence[Colleague]) -> bool:
    """Whether the team's form always has somebody to name: it takes no empty team."""
    every = [each for colleague in colleagues for each in colleague.memberships]
    moments = {each.said_at for each in every} | {each.ended_at for each in every if each.ended_at}
    return all(
        any(each.said_at <= at and not (each.ended_at and each.ended_at <= at) for each in every) for at in moments
    )


@st.composite
def _moments(draw: st.DrawFn, begins: datetime, days: int) -> list[datetime]:
    """Instants at which something is said, no two of them the same, none at a full quarter of an hour."""
    quarters = draw(st.lists(st.integers(0, days * QUARTERS_OF_A_DAY - 1), min_size=16, max_size=16, unique=True))
    return [begins + timedelta(minutes=15 * quarter + 7) for quarter in quarters]


@st.composite
def _meeting(draw: st.DrawFn, on: date) -> Meeting:
    hours = st.sampled_from((time(9, 15), time(0, 15), time(1, 30), time(2, 15), time(2, 30), time(23, 45)))
    any_hour = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
    every_weeks = draw(st.sampled_from((1, 1, 1, 2)))
    return Meeting(
        at=draw(hours | any_hour),
        zone=draw(st.sampled_from((LONDON, *ZONES))),
        is_local=draw(st.sampled_from((True, True, False))),
        weekdays=draw(st.sampled_from((WEEKDAYS, EVERY_DAY, frozenset({on.weekday(), 6})))),
        window_min=draw(st.sampled_from((2, 15, 240))),
        calendar=draw(st.sampled_from(("", "GB-ENG", "US-NY"))),
        every_weeks=every_weeks,
        anchor=on - 7 * draw(st.integers(0, 3)) * DAY,
        first=draw(st.sampled_from((None, None, on, on + 2 * DAY))),
        last=draw(st.sampled_from((None, None, on + 2 * DAY))),
    )


@st.composite
def _colleague(draw: st.DrawFn, name: str, zone: str, moments: Sequence[datetime]) -> Colleague:
    moves, away, back, team = moments
    stays = [Stay(LONG_AGO, zone)]
    if draw(st.integers(0, 3)) == 0:
        stays.append(Stay(moves, draw(st.sampled_from(ZONES))))
    leaves: tuple[Leave, ...] = ()
    if draw(st.integers(0, 2)) == 0:
        where = stays[-1].zone if stays[-1].since < away else zone
        first = _today(where, away) + draw(st.integers(0, 2)) * DAY
        ends = back if back > away and draw(st.booleans()) else None
        leaves = (Leave(away, first, first + draw(st.integers(0, 2)) * DAY, ends),)
    joins = draw(st.integers(0, 7))
    memberships = (Membership(LONG_AGO, ALWAYS),)
    if joins == 0:
        memberships = (Membership(team, _today(LONDON, team)),)
    elif joins == 1:
        memberships = (Membership(LONG_AGO, ALWAYS, team, _today(LONDON, team)),)
    return Colleague(
        name=name,
        stays=tuple(stays),
        memberships=memberships,
        days=draw(st.sampled_from(PATTERNS)),
        calendar=draw(st.sampled_from(CALENDARS)),
        leaves=leaves,
    )


def whole_world(begins_on: date, ends_on: date, meeting: Meeting, zones: Sequence[str] = ZONES) -> World:
    """Somebody in every zone for some time: part-time, with holidays of their own, away, moving, new or gone."""
    chance = Random(begins_on.toordinal())  # noqa: S311 - the same world each time, no secret
    begins = datetime.combine(begins_on, time(), tzinfo=UTC)
    ends = datetime.combine(ends_on, time(), tzinfo=UTC)
    minutes = iter(range(1, 15 * len(zones)))

    def moment() -> datetime:
        """Some quarter of an hour and a few minutes, which no other one has."""
        quarter = chance.randrange((ends - begins) // timedelta(minutes=15))
        return begins + timedelta(minutes=15 * quarter, seconds=next(minutes))

    people = tuple(
        _somebody(name, zone, chance, [moment() for _ in range(6)])
        for name, zone in zip(_names(len(zones)), zones, strict=True)
    )
    return World(begins, ends, meeting, people)


def _somebody(name: str, zone: str, chance: Random, moments: Sequence[datetime]) -> Colleague:
    moves, team, *others = moments
    stays = [Stay(LONG_AGO, zone)]
    if chance.random() < 0.25:
        stays.append(Stay(moves, chance.choice(ZONES)))
    leaves: list[Leave] = []
    free_from = LONG_AGO
    for said in sorted(others):
        if said < free_from:
            continue
        first = _today([stay for stay in stays if stay.since <= said][-1].zone, said) + chance.randrange(4) * DAY
        last = first + chance.randrange(10) * DAY
        back = said + timedelta(hours=chance.randrange(24, 120), seconds=1)
        leaves.append(Leave(said, first, last, back if chance.random() < 1 / 3 and back.date() < last else None))
        free_from = said + timedelta(days=17)
    memberships = (Membership(LONG_AGO, ALWAYS),)
    draws = chance.random()
    if draws < 0.1:
        memberships = (Membership(team, _today(LONDON, team)),)
    elif draws < 0.2:
        memberships = (Membership(LONG_AGO, ALWAYS, team, _today(LONDON, team)),)
    return Colleague(
        name=name,
        stays=tuple(stays),
        memberships=memberships,
        days=chance.choice(PATTERNS),
        calendar=chance.choice(CALENDARS),
        leaves=tuple(leaves),
    )
