"""What a lead alone is told: whom to check in with, and whether the streak still helps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage.huddles import Huddle, HuddleRun
from storage.tx import SYSTEM
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0, *, day: int = 24, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def a_day(shop: Workshop, moment: datetime, who: tuple[str, ...]) -> None:
    await shop.until(moment.replace(hour=9, minute=16))
    for each in who:
        await shop.says(each, "Mill Lane")
    await shop.until(moment.replace(hour=23, minute=59) + timedelta(minutes=2))


def notes(shop: Workshop) -> list[str]:
    return [post.words for post in shop.posts("dana") if "check in with" in post.words]


@pytest.mark.req("INV-22", "S3-28")
async def test_after_five_silent_huddles_in_a_row_the_lead_alone_hears_of_it_once(shop: Workshop) -> None:
    for day in (24, 25, 26, 27):
        await a_day(shop, at(9, day=day), ("amy", "ben", "cem", "dee"))
    await shop.until(at(9, day=28))
    assert notes(shop) == []
    await a_day(shop, at(9, day=30), ("amy", "ben", "cem", "dee"))
    assert notes(shop) == []
    await shop.until(at(9, 1, day=1, month=12))
    assert [words for words in notes(shop) if "You may want to check in with Eli." in words] == notes(shop)
    assert len(notes(shop)) == 1
    await a_day(shop, at(9, day=1, month=12), ("amy", "ben", "cem", "dee"))
    await shop.until(at(9, 5, day=2, month=12))
    assert len(notes(shop)) == 1
    others = [post for post in shop.house.chat.posts.values() if post.to.account != "dana"]
    assert not any("Eli" in post.words for post in others if post.to.account != "eli")


@pytest.mark.slow
async def test_a_late_answer_keeps_somebody_off_that_note(shop: Workshop) -> None:
    for day in (24, 25, 26, 27):
        await a_day(shop, at(9, day=day), ("amy", "ben", "cem", "dee"))
    await shop.until(at(11, day=30))
    await shop.says("eli", "Stock count")
    await shop.until(at(9, 5, day=1, month=12))
    assert not any("Eli" in words for words in notes(shop))


async def first_run_was(shop: Workshop, weeks_ago: int) -> None:
    async with shop.house.database.write(SYSTEM) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, day=23))
        run = await tx.first(select(HuddleRun).order_by(col(HuddleRun.id)))
        assert run is not None
        run.local_date = date(2026, 11, 24) - timedelta(weeks=weeks_ago)


def questions(shop: Workshop) -> list[str]:
    return [post.words for post in shop.posts("dana") if "streak" in post.words]


async def test_after_a_quarter_the_lead_is_asked_once_whether_the_streak_still_helps(shop: Workshop) -> None:
    await first_run_was(shop, weeks_ago=13)
    await a_day(shop, at(9), ("amy", "ben", "cem", "dee"))
    assert len(questions(shop)) == 1
    assert "for 13 weeks. Keep, change or switch off?" in questions(shop)[0]
    assert "The summaries tell of no streak any more" in await shop.presses("dana", "Switch off")
    assert "The summaries tell of no streak any more" in questions(shop)[0]
    await a_day(shop, at(9, day=25), ("amy", "ben", "cem", "dee"))
    assert len(questions(shop)) == 1
    assert not any("in a row on target" in words for words in shop.house.room if "Wed 25 Nov" in words)


async def test_a_streak_that_is_kept_is_not_asked_about_again(shop: Workshop) -> None:
    await first_run_was(shop, weeks_ago=20)
    await a_day(shop, at(9), ("amy", "ben", "cem", "dee"))
    assert "The streak stays in the summaries" in await shop.presses("dana", "Keep")
    assert (await shop.row(Huddle, name="Field Dispatch")).streak_kept
    await a_day(shop, at(9, day=25), ("amy", "ben", "cem", "dee"))
    assert len(questions(shop)) == 1
    assert any("in a row on target" in words for words in shop.house.room if "Wed 25 Nov" in words)


async def test_before_a_quarter_is_over_nobody_is_asked(shop: Workshop) -> None:
    await first_run_was(shop, weeks_ago=12)
    await a_day(shop, at(9), ("amy", "ben", "cem", "dee"))
    assert questions(shop) == []


async def test_a_streak_that_ends_says_no_more_than_that_a_new_one_starts(shop: Workshop) -> None:
    await a_day(shop, at(9), ("amy",))
    summary = next(words for words in shop.house.room if "1 of 5 answered" in words)
    assert "A new streak starts with the next huddle." in summary
    assert "in a row" not in summary
