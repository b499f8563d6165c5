"""Each expected member is asked once a run, in their window, on the right local date; nobody else is.

The bot that asks is the real one, on simulated time; what it did is compared with an oracle that knows only the rules.
"""

import ast
import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.chat.events import Due
from bot.chat.localtime import Fold, instant, to_utc
from bot.chat.replies import Replies
from bot.chat.routing import Routes
from bot.huddles import following, rules
from bot.routes import ROUTES
from storage.huddles import Huddle
from storage.tx import Tx
from tests.support import slow_oracle, world
from tests.support.company import copied
from tests.support.examples import NewUrl, examples
from tests.support.slow_oracle import asked_in, strikes, wall_clock
from tests.support.world import EVERY_DAY, LONG_AGO, ZONES, Colleague, Meeting, Stay, World
from tests.support.world_stage import Seen, staged
from tests.support.worlds import DAY, whole_world, worlds

pytestmark = pytest.mark.req("S3-28")

NINE = time(9, 15)
EVER_THERE = ("Yara", "Zuri")  # two must be there for a run to take place, also where all the others are away or off
QUARTERS = [date(year, month, 1) for year in (2026, 2027) for month in (1, 4, 7, 10)]
ALWAYS = {(date(2026, 10, 1), True), (date(2026, 7, 1), False), (date(2026, 10, 1), False), (date(2027, 1, 1), False)}
"""What `make test-faults` goes through; FOLKMOOT_EXAMPLES takes every quarter in both modes, half an hour or so."""


def _chosen() -> list[tuple[date, bool]]:
    every = [(on, is_local) for on in QUARTERS for is_local in (True, False)]
    return [each for each in every if os.environ.get("FOLKMOOT_EXAMPLES") or each in ALWAYS]


def _named(begins_on: date, is_local: bool) -> str:
    return f"{begins_on:%Y-%m}-{'local' if is_local else 'together'}"


@pytest.fixture(scope="module")
def urls(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """Gives the address of an empty database, over and over."""
    folder, numbers = tmp_path_factory.mktemp("worlds"), count()

    def new() -> str:
        own = folder / str(next(numbers))
        own.mkdir()
        return copied(sqlite_template, own)

    return new


def test_the_oracle_shares_no_line_with_the_bot() -> None:
    for module in (slow_oracle, world):
        tree = ast.parse(Path(module.__file__ or "").read_text())
        named = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
        named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {each.split(".")[0] for each in named} & {"bot", "schedules", "storage", "adapters"} == set()


@pytest.mark.parametrize(
    ("on", "zone", "hour", "expected"),
    [
        (date(2026, 10, 23), "Europe/London", NINE, "2026-10-23 08:15"),
        (date(2026, 10, 26), "Europe/London", NINE, "2026-10-26 09:15"),
        (date(2027, 3, 25), "Europe/London", NINE, "2027-03-25 09:15"),
        (date(2027, 3, 30), "Europe/London", NINE, "2027-03-30 08:15"),
        (date(2026, 10, 25), "Europe/London", time(1, 30), "2026-10-25 00:30"),  # doubled: the first
        (date(2027, 3, 28), "Europe/London", time(1, 30), "2027-03-28 01:30"),  # skipped: 02:30 on the wall
        (date(2026, 10, 4), "Australia/Lord_Howe", time(2, 15), "2026-10-03 15:45"),  # skipped by half an hour
        (date(2026, 9, 6), "America/Santiago", time(0, 15), "2026-09-06 04:15"),  # skipped at midnight
    ],
)
def test_the_oracle_knows_the_dates_of_the_rules(on: date, zone: str, hour: time, expected: str) -> None:
    assert strikes(zone, on, hour) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.req("INV-1")
@pytest.mark.req("INV-25")
def test_each_expected_member_is_asked_once_a_run_in_their_window_and_nobody_else(urls: NewUrl) -> None:
    """The whole bot: also who has answered, is reminded, was silent, and what follows a run."""

    @examples(5)
    @given(worlds())
    def holds(told: World) -> None:
        _agree(told, asyncio.run(_seen(told, urls())))

    holds()


@pytest.mark.slow
@pytest.mark.req("INV-1")
@pytest.mark.req("INV-25")
@pytest.mark.parametrize(("begins_on", "is_local"), [pytest.param(*each, id=_named(*each)) for each in _chosen()])
def test_in_every_zone_on_every_day_of_two_years(begins_on: date, is_local: bool, urls: NewUrl) -> None:
    """Here the bot only asks: what follows a question (reminder, close, summary) would take ten times as long."""
    ends_on = QUARTERS[QUARTERS.index(begins_on) + 1] if begins_on != QUARTERS[-1] else date(2028, 1, 1)
    hour = time(2, 15) if begins_on.year == QUARTERS[0].year else NINE  # clocks are changed at two, and not at nine
    zone = ZONES[QUARTERS.index(begins_on)]
    meeting = Meeting(hour, zone=zone, is_local=is_local, weekdays=EVERY_DAY, calendar="GB-ENG")
    zones = ZONES if is_local else ZONES[QUARTERS.index(begins_on) :: 4]  # together, all are asked at one instant
    told = whole_world(begins_on - 2 * DAY, ends_on + 2 * DAY, meeting, zones)
    two = tuple(Colleague(name, (Stay(LONG_AGO, zone),), days=EVERY_DAY) for name in EVER_THERE)
    told = replace(told, colleagues=(*told.colleagues, *two))
    seen = asyncio.run(_seen(told, urls(), routes=ASKS_ONLY))
    assert {each.asked.on for each in seen} >= {
        begins_on + n * DAY
        for n in range((ends_on - begins_on).days)
        if not slow_oracle.is_holiday("GB-ENG", begins_on + n * DAY)
    }
    _agree(told, seen)


WEEKEND = World(
    datetime(2026, 10, 24, tzinfo=UTC),
    datetime(2026, 10, 26, tzinfo=UTC),
    Meeting(time(1, 30), weekdays=EVERY_DAY),
    tuple(
        Colleague(name, (Stay(LONG_AGO, zone),), days=EVERY_DAY)
        for name, zone in (("Kit", "Pacific/Kiritimati"), ("Lou", "Europe/London"), ("Mae", "Pacific/Marquesas"))
    ),
)
"""London's clocks are put back on its Sunday."""


def _hour_of_the_huddle(huddle: Huddle, on: date, _zone: ZoneInfo) -> datetime:
    return instant(on, huddle.at_time, ZoneInfo(huddle.zone))


def _second_of_two(huddle: Huddle, on: date, zone: ZoneInfo) -> datetime:
    found = to_utc(datetime.combine(on, huddle.at_time), zone, fold=Fold.LAST)
    assert found is not None
    return found


def _day_before(huddle: Huddle, on: date, zone: ZoneInfo) -> datetime:
    return instant(on - DAY, huddle.at_time, zone)


@pytest.mark.parametrize("wrong", [_hour_of_the_huddle, _second_of_two, _day_before])
def test_a_wrong_rule_is_noticed(
    wrong: Callable[[Huddle, date, ZoneInfo], datetime], urls: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the test above it can fail."""
    monkeypatch.setattr(rules, "asked_at", wrong)
    seen = asyncio.run(_seen(WEEKEND, urls(), routes=ASKS_ONLY))
    assert {each.asked for each in seen} != asked_in(WEEKEND)


async def _seen(told: World, url: str, *, routes: Routes = ROUTES) -> list[Seen]:
    async with staged(told, url, routes=routes) as stage:
        await stage.play()
        return await stage.seen()


def _agree(told: World, seen: list[Seen]) -> None:
    found = [each.asked for each in seen]
    expected = asked_in(told)
    assert sorted(expected - set(found)) == [], "not asked"
    assert sorted(set(found) - expected) == [], "asked, and should not be"
    assert len(found) == len(expected), "asked twice"
    people = {each.name: each for each in told.colleagues}
    for each in seen:
        opens_at, closes_at = each.window
        assert opens_at <= each.asked.at < closes_at
        if told.meeting.is_local:
            assert _wall_date(people[each.asked.name], each.asked.at) == each.asked.on


def _wall_date(who: Colleague, at: datetime) -> date:
    zone = [stay for stay in who.stays if stay.since <= at][-1].zone
    return wall_clock(zone, at).date()


async def _asks(event: Due, tx: Tx, now: datetime) -> Replies:
    return replace(await following.open_run(event, tx, now), plan=())


ASKS_ONLY = replace(ROUTES, steps={**ROUTES.steps, "huddle.open": replace(ROUTES.steps["huddle.open"], handler=_asks)})
