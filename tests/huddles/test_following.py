"""Huddles follow their people, told in small worlds: who moves, comes, goes, and whose clocks are put forward first."""

from datetime import UTC, date, datetime, time, timedelta

from tests.support.world import ALWAYS, LONG_AGO, Asked, Colleague, Meeting, Membership, Stay, World
from tests.support.world_stage import staged

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
FOREVER = (Membership(LONG_AGO, ALWAYS),)


def somebody(
    name: str, *zones: str, moves_at: datetime = TUESDAY, memberships: tuple[Membership, ...] = FOREVER
) -> Colleague:
    stays = [Stay(LONG_AGO, zones[0]), *(Stay(moves_at, zone) for zone in zones[1:])]
    return Colleague(name, tuple(stays), memberships)


async def asked_on(url: str, on: date, *people: Colleague, begins: datetime = MONDAY) -> dict[str, str]:
    """When each of them was asked for a day; everybody's huddle is at 09:15."""
    ends = datetime.combine(on + timedelta(days=1), time(), tzinfo=UTC)
    meeting = Meeting(time(9, 15), weekdays=frozenset({on.weekday()}), window_min=2)
    async with staged(World(begins, ends, meeting, people), url) as stage:
        await stage.play()
        found: list[Asked] = [each.asked for each in await stage.seen()]
    assert len({each.name for each in found if each.on == on}) == len([each for each in found if each.on == on])
    return {each.name: f"{each.at:%a %H:%M}" for each in found if each.on == on}


async def test_a_move_to_where_the_hour_is_over_costs_nobody_the_day(sqlite_url: str) -> None:
    mover = somebody("Mo", "Europe/London", "Pacific/Auckland", moves_at=TUESDAY + timedelta(minutes=7))
    found = await asked_on(sqlite_url, date(2026, 1, 6), mover, somebody("Ann", "Europe/London"))
    assert found == {"Mo": "Tue 00:07", "Ann": "Tue 09:15"}


async def test_who_moves_on_before_they_were_asked_is_asked_by_their_new_clock(sqlite_url: str) -> None:
    mover = somebody("Mo", "Europe/London", "America/New_York", moves_at=TUESDAY + timedelta(hours=3))
    others = (somebody("Ken", "Asia/Tokyo"), somebody("Ann", "Europe/London"))
    found = await asked_on(sqlite_url, date(2026, 1, 6), mover, *others)
    assert found == {"Ken": "Tue 00:15", "Ann": "Tue 09:15", "Mo": "Tue 14:15"}


async def test_who_arrives_where_that_day_is_over_is_not_asked_for_it(sqlite_url: str) -> None:
    mover = somebody("Mo", "Pacific/Honolulu", "Pacific/Kiritimati", moves_at=TUESDAY + timedelta(hours=12))
    others = (somebody("Ken", "Asia/Tokyo"), somebody("Ann", "Europe/London"))
    found = await asked_on(sqlite_url, date(2026, 1, 6), mover, *others)
    assert found == {"Ken": "Tue 00:15", "Ann": "Tue 09:15"}


async def test_the_run_begins_with_whose_clocks_are_ahead_after_a_change(sqlite_url: str) -> None:
    """Chatham puts its clocks forward on Sun 27 Sep 2026 and is before Apia from then on."""
    people = (somebody("Api", "Pacific/Apia"), somebody("Cha", "Pacific/Chatham"))
    found = await asked_on(sqlite_url, date(2026, 9, 28), *people, begins=datetime(2026, 9, 25, tzinfo=UTC))
    assert found == {"Cha": "Sun 19:30", "Api": "Sun 20:15"}


async def test_who_left_the_team_is_not_asked_for_a_run_that_has_begun_elsewhere(sqlite_url: str) -> None:
    leaves_at = MONDAY + timedelta(hours=22)
    leaver = somebody(
        "Lee", "Pacific/Honolulu", memberships=(Membership(LONG_AGO, ALWAYS, leaves_at, date(2026, 1, 5)),)
    )
    others = (somebody("Kit", "Pacific/Kiritimati"), somebody("Ann", "Europe/London"))
    found = await asked_on(sqlite_url, date(2026, 1, 6), leaver, *others)
    assert found == {"Kit": "Mon 19:15", "Ann": "Tue 09:15"}


async def test_who_joins_in_an_earlier_zone_takes_nothing_from_the_others(sqlite_url: str) -> None:
    joins_at = TUESDAY + timedelta(minutes=7)
    joiner = somebody("Jo", "Pacific/Auckland", memberships=(Membership(joins_at, date(2026, 1, 6)),))
    others = (somebody("Ann", "Europe/London"), somebody("Bob", "Europe/London"))
    found = await asked_on(sqlite_url, date(2026, 1, 6), joiner, *others)
    assert found == {"Jo": "Tue 00:07", "Ann": "Tue 09:15", "Bob": "Tue 09:15"}
