"""Somebody in more than one huddle, and somebody who only observes one: what reaches which."""

from datetime import UTC, date, datetime

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.huddles import Huddle, HuddleAnswer, HuddleRun
from storage.tx import SYSTEM
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


async def answered(shop: Workshop) -> list[tuple[str, date]]:
    async with shop.house.database.read(SYSTEM) as tx:
        rows = await tx.all(select(HuddleAnswer).order_by(col(HuddleAnswer.id)))
        runs = [await tx.need(HuddleRun, each.run_id) for each in rows]
        return [((await tx.need(Huddle, run.huddle_id)).name, run.local_date) for run in runs]


async def test_the_second_huddle_of_a_day_is_answered_ahead_once_the_first_has_its_answer(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Evening" at:16:30')
    for focus in ("Harbour Road", "Mill Lane"):
        form = await shop.form("amy", "/huddle answer tomorrow")
        await shop.fills("amy", form, {"focus": focus})
    assert await answered(shop) == [("Field Dispatch", date(2026, 11, 24)), ("Evening", date(2026, 11, 24))]


async def test_after_the_morning_a_line_and_the_form_reach_the_evening(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Evening" at:16:30')
    await shop.until(at(9, 16))
    await shop.says("amy", "Harbour Road")
    await shop.until(at(9, 40))
    asked = await shop.ask("amy", "Mill Lane after all")
    assert isinstance(asked.content, Card)
    assert "Evening of Tue 24 Nov" in labels_of(asked.content)
    form = (await shop.ask("amy", "/huddle answer")).content
    assert isinstance(form, Form)
    await shop.fills("amy", form, {"focus": "Hand over the keys"})
    assert await answered(shop) == [("Field Dispatch", date(2026, 11, 24)), ("Evening", date(2026, 11, 24))]


async def test_the_huddle_that_comes_next_is_named_whichever_was_made_first(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Early" at:08:00 days:thu')
    await shop.says("dana", '/huddle setup "Field Dispatch" days:wed')
    assert "Wed 25 Nov 2026" in await shop.says("amy", "/huddle")


async def test_an_observer_from_outside_reads_the_summary_again(shop: Workshop) -> None:
    await shop.says("dana", "/huddle observers @Ivo")
    await shop.until(at(9, 16))
    await shop.says("amy", "Harbour Road")
    await shop.until(at(9, 31))
    assert "Harbour Road" in await shop.says("ivo", "/huddle summary")
    assert "Harbour Road" in await shop.says("ivo", "/huddle")
