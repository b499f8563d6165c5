"""People's days as they see them, as text that a reviewer reads: tests/golden/home-*.txt.

`FOLKMOOT_GOLDEN=write make test PYTEST_ARGS="tests/home --no-cov"` writes the files anew; read what `git diff` shows
before you keep it.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import date, time
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.chat.cards import Card
from storage.engine import Database
from storage.messages import Message
from tests.home.days import at, the_days
from tests.support.drawing import drawn

HERE = Path(__file__).parent.parent / "golden"
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
CHRISTMAS = date(2026, 12, 25)

Story: TypeAlias = Callable[[Database], Awaitable[Card]]


async def before_the_huddle(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    return await days.today("ben")


async def while_it_is_open(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 20))
    return await days.today("ben")


async def answered_with_a_blocker(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 24))
    await days.answers("cem", blocker="3 of 8 jobs had no fault details", helper="1", stopped="yes")
    return await days.today("cem")


async def after_the_window(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(11, 2))
    return await days.today("eli")


async def kept_for_later(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(8))
    answer = await days.says("ben", "Finish the December rota")
    assert isinstance(answer.content, Card)
    await days.presses_on("ben", answer.content, "Huddle of Tue 24 Nov")
    return await days.today("ben")


async def a_lead_who_takes_no_part(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 25))
    await days.answers("amy")
    await days.answers("ben")
    return await days.today("dana")


async def a_head_of_department(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 24))
    await days.a_blocker("B-2", "The gate code is wrong", by="Amy", needs="Call centre", on=date(2026, 11, 18))
    await days.a_blocker("B-3", "No spare pump", by="Ben", needs="Call centre", on=MONDAY, taken_by="Raj")
    await days.a_blocker("B-4", "Two keys are missing", by="Dee", needs="Field", on=MONDAY, taken_by="Ann")
    await days.answers("cem", blocker="3 of 8 jobs had no fault details", helper="1", stopped="yes")
    return await days.today("ann")


async def more_blockers_than_buttons(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 20))
    for number in range(1, 8):
        await days.a_blocker(f"B-{100 + number}", f"Van {number} has a flat battery", by="Ben", on=MONDAY)
    return await days.today("ben")


async def away_until_friday(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 20))
    return await days.today("fay")


async def away_without_an_end(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(8))
    await days.is_away("Ben", MONDAY, None)
    return await days.today("ben")


async def called_off(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(8))
    await days.says("dana", "/huddle skip today Safety training all morning")
    return await days.today("ben")


async def on_a_holiday(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(8, on=CHRISTMAS))
    return await days.today("ben")


async def on_saturday(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(10, on=SATURDAY))
    return await days.today("ben")


async def in_new_york(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.moves("Ben", "America/New_York")
    await days.until(at(9, 20))
    return await days.today("ben")


async def an_evening_in_new_york(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(2))
    await days.moves("Ben", "America/New_York")
    return await days.today("ben")


async def two_teams(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    night = await days.a_huddle(await days.a_team("Night shift", members=("Ben",), lead="Raj"), time(18))
    await days.opens_with(night, "Calls with a repeat")
    await days.until(at(9, 20))
    return await days.today("ben")


async def the_administrator(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.until(at(9, 25))
    await days.answers("amy")
    await days.fails_to_send({"Ben": Message.State.DEAD, "Cem": Message.State.PARKED})
    return await days.today("ivo")


async def a_first_administrator(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.without_teams()
    return await days.today("ivo")


async def in_no_team(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    return await days.today("cora")


async def a_lead_without_a_huddle(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.a_team("Billing desk", members=("Cora",), lead="Bea")
    return await days.today("bea")


async def a_team_without_a_huddle(sqlite: Database) -> Card:
    days = await the_days(sqlite, at(9, 14))
    await days.a_team("Billing desk", members=("Cora",), lead="Bea")
    return await days.today("cora")


STORIES: dict[str, Story] = {
    "home-before": before_the_huddle,
    "home-open": while_it_is_open,
    "home-answered": answered_with_a_blocker,
    "home-late": after_the_window,
    "home-kept": kept_for_later,
    "home-lead": a_lead_who_takes_no_part,
    "home-department": a_head_of_department,
    "home-many-blockers": more_blockers_than_buttons,
    "home-away": away_until_friday,
    "home-away-open-end": away_without_an_end,
    "home-called-off": called_off,
    "home-holiday": on_a_holiday,
    "home-saturday": on_saturday,
    "home-new-york": in_new_york,
    "home-new-york-evening": an_evening_in_new_york,
    "home-two-teams": two_teams,
    "home-administrator": the_administrator,
    "home-first-administrator": a_first_administrator,
    "home-no-team": in_no_team,
    "home-no-huddle-lead": a_lead_without_a_huddle,
    "home-no-huddle": a_team_without_a_huddle,
}


@pytest.mark.parametrize("name", sorted(STORIES))
async def test_a_day_is_shown_as_it_was_reviewed(name: str, sqlite: Database) -> None:
    path = HERE / f"{name}.txt"
    now = drawn(await STORIES[name](sqlite))
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_no_reviewed_day_is_left_over() -> None:
    assert {path.stem for path in HERE.glob("home-*.txt")} == STORIES.keys()
