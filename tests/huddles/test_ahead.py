"""Answers given before a huddle opens, and answers taken back."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from storage.huddles import HuddleRun, answers
from storage.tx import SYSTEM
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def given(shop: Workshop, day: int = 24) -> list[dict[str, str]]:
    async with shop.house.database.read(SYSTEM) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, day)))
        assert run is not None
        return [dict(each.answers) for each in await answers(tx, run)]


@pytest.mark.req("S3-28")
async def test_the_evening_before_the_form_is_for_the_next_huddle_and_nobody_is_asked_twice(shop: Workshop) -> None:
    form = await shop.form("amy", "/huddle answer")
    assert form.title == "Huddle · Tue 24 Nov"
    assert "kept until it opens" in form.note
    answer = await shop.fills("amy", form, {"focus": "Harbour Road", "finished": "Valve checks"})
    assert isinstance(answer.content, Card)
    assert "Kept for the huddle of Tue 24 Nov" in answer.content.summary
    again = await shop.form("amy", "/huddle answer")
    assert {each.id: each.value for each in again.inputs}["focus"] == "Harbour Road"
    await shop.until(at(9, 16))
    assert "amy" not in shop.house.asked
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 24))
    assert run.on_time + run.late + 4 == run.expected


async def test_the_form_of_a_day_that_is_named(shop: Workshop) -> None:
    form = await shop.form("amy", "/huddle answer 26 Nov")
    assert form.title == "Huddle · Thu 26 Nov"
    assert "has no huddle open for you now" in await shop.says("amy", "/huddle answer 28 Nov")


async def test_a_line_kept_for_a_day_becomes_the_focus_of_what_came_by_form(shop: Workshop) -> None:
    form = await shop.form("amy", "/huddle answer")
    await shop.fills("amy", form, {"focus": "Harbour Road", "finished": "Valve checks"})
    asked = (await shop.ask("amy", "Mill Lane first")).content
    assert isinstance(asked, Card)
    await shop.presses("amy", "Huddle of Tue 24 Nov", asked)
    (answer,) = await given(shop)
    assert (answer["focus"], answer["finished"]) == ("Mill Lane first", "Valve checks")


async def test_a_second_line_kept_for_a_day_comes_on_top(shop: Workshop) -> None:
    for line in ("Harbour Road", "Mill Lane"):
        asked = (await shop.ask("amy", line)).content
        assert isinstance(asked, Card)
        await shop.presses("amy", "Huddle of Tue 24 Nov", asked)
    (answer,) = await given(shop)
    assert answer["focus"] == "Harbour Road\nMill Lane"


async def test_an_answer_is_taken_back_by_word_and_may_come_again(shop: Workshop) -> None:
    assert "no answer of yours today" in await shop.says("amy", "/huddle withdraw")
    await shop.until(at(9, 16))
    await shop.says("amy", "Harbour Road")
    assert "I took your words of Tue 24 Nov out" in await shop.says("amy", "/huddle withdraw")
    assert await given(shop) == [{}]
    assert "no answer of yours today" in await shop.says("amy", "/huddle withdraw")
    await shop.says("amy", "Mill Lane")
    assert [each["focus"] for each in await given(shop)] == ["Mill Lane"]
    await shop.until(at(9, 31))
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 24))
    assert (run.expected, run.on_time) == (5, 1)
