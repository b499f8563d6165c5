"""A huddle in figures, and its runs as a file for its lead."""

from datetime import UTC, datetime

import pytest

from bot.chat.cards import Card, LinkButton, buttons_of
from bot.dispatch import Dispatcher
from bot.huddles import count_views, tallies
from bot.ports import Submission, Text
from bot.routes import ROUTES
from storage.huddles import Huddle
from storage.passes import Pass
from storage.tx import SYSTEM
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def a_held_day(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    for who in ("amy", "ben", "cem"):
        await shop.says(who, "Mill Lane")
    await shop.until(at(9, 31))
    await shop.says("eli", "Stock count")


@pytest.mark.req("S3-28")
async def test_figures_of_two_weeks(shop: Workshop) -> None:
    await a_held_day(shop)
    said = await shop.says("amy", "/huddle stats weeks:1")
    assert "Mon 23 Nov 2026 to Tue 24 Nov 2026" in said
    assert "On time: 3 of 5 (60.0%), the target is 80%" in said
    assert "Reach: 4 of 5 (80.0%), late answers included" in said
    assert "Huddles: 1 held" in said
    assert "In a row on target: 0 now, 5 at most so far" in said
    assert "From Mon 23 Nov  3 of 5 on time (60.0%), reach 80.0%" in said
    four = await shop.says("amy", "/huddle stats")
    assert "Mon 2 Nov 2026 to Tue 24 Nov 2026" in four


async def test_weeks_without_a_huddle_are_n_a_and_never_nought(shop: Workshop) -> None:
    said = await shop.says("amy", "/huddle stats weeks:1")
    assert "On time: n/a" in said
    assert "From Mon 23 Nov  n/a" in said
    assert "0%" not in said.replace("80%", "")


async def test_what_is_in_the_way_is_counted_by_age(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    form = await shop.opens("cem", "Answer")
    filled = {each.id: each.value for each in form.inputs} | {"focus": "Mill Lane", "blocker": "No fault details"}
    await shop.hand_in("cem", Submission(form.verb, filled, form.ids))
    await shop.until(at(12, day=26))
    said = await shop.says("amy", "/huddle stats")
    assert "1 for 1 to 2 working days" in said
    assert "No fault details B-" in said.replace("\n", " ")


@pytest.mark.parametrize("weeks", ["0", "53", "four", "-1", "1.5"])
async def test_other_numbers_of_weeks_are_refused(shop: Workshop, weeks: str) -> None:
    assert "number of weeks from 1 to 52" in await shop.says("amy", f"/huddle stats weeks:{weeks}")


async def test_somebody_without_a_huddle_sees_no_figures(shop: Workshop) -> None:
    assert "You are in no huddle yet" in await shop.says("raj", "/huddle stats")


async def test_where_nobody_is_told_of_streaks_the_figures_do_not_either(shop: Workshop) -> None:
    await shop.says("ivo", "/huddle streaks off")
    assert "In a row on target" not in await shop.says("amy", "/huddle stats")


async def test_the_lead_gets_a_link_to_the_runs_for_themselves(shop: Workshop) -> None:
    dispatcher = Dispatcher(shop.house.database, ROUTES, shop.house.clock, pages="https://bot.example")
    answer = await shop.hand_in("dana", Text("/huddle export"), dispatcher=dispatcher)
    assert answer is not None
    assert isinstance(answer.content, Card)
    (link,) = buttons_of(answer.content)
    assert isinstance(link, LinkButton)
    assert link.url.startswith("https://bot.example/open#")
    huddle = await shop.row(Huddle, name="Field Dispatch")
    assert (await shop.row(Pass)).page == f"/runs/{huddle.id}"
    assert not answer.kept
    assert "Only a team's lead" in await shop.says("amy", "/huddle export")


async def test_without_pages_the_lead_is_told_so(shop: Workshop) -> None:
    assert "has not set my web address" in await shop.says("dana", "/huddle export")


async def test_the_file_has_every_run_that_is_over_and_names_nobody(shop: Workshop) -> None:
    await a_held_day(shop)
    await shop.until(at(9, 16, day=25))
    huddle = await shop.row(Huddle, name="Field Dispatch")
    async with shop.house.database.read(SYSTEM) as tx:
        lines = await tallies.lines(tx, huddle)
    assert all(len(line) == len(count_views.COLUMNS) for line in lines)
    newest = dict(zip(count_views.COLUMNS, lines[-1], strict=True))
    assert (newest["day"], newest["state"]) == (at(9).date(), "closed")
    assert [newest[name] for name in ("expected", "on_time", "late", "silent")] == [5, 3, 1, 1]
    assert (newest["rate_percent"], newest["reach_percent"], newest["on_target"]) == ("60.0", "80.0", "no")
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)  # type: ignore[type-var]
