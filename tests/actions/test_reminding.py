"""Who is reminded of what, when: one message for everything of one person, and the lead hears what waits for long."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from bot.actions import rules
from bot.chat.cards import Card
from bot.people.rules import is_office_day
from storage.cadences import Occurrence
from storage.engine import Database
from storage.tx import SYSTEM
from tests.support.fake_chat import FakePost
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

State = Occurrence.State


def reminders(shop: Workshop, who: str) -> list[FakePost]:
    """What somebody was reminded with; the plan for their day tells of the same, at its own time."""
    return [post for post in shop.posts(who) if post.key.startswith("action:remind")]


def works(on: date) -> bool:
    return is_office_day(on, "GB-ENG")


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 11, 24), ["24 Nov 15:00", "25 Nov 09:00", "27 Nov 09:00", "01 Dec 09:00"]),
        (date(2026, 11, 28), ["30 Nov 15:00", "01 Dec 09:00", "03 Dec 09:00", "07 Dec 09:00"]),
        (date(2026, 12, 24), ["24 Dec 15:00", "29 Dec 09:00", "31 Dec 09:00", "05 Jan 09:00"]),
        (date(2026, 12, 25), ["29 Dec 15:00", "30 Dec 09:00", "04 Jan 09:00", "06 Jan 09:00"]),
    ],
)
def test_reminders_come_on_the_day_and_one_three_and_five_working_days_later(due_on: date, expected: list[str]) -> None:
    assert [f"{each.on:%d %b} {each.at:%H:%M}" for each in rules.reminders(due_on, works)] == expected


async def test_everything_that_falls_due_for_a_person_is_one_message(shop: Workshop) -> None:
    for title in ("Check eight calls", "Send the text to Billing", "Book desks"):
        await shop.says("ben", f'/action add "{title}" @Ben due:tomorrow')
    await shop.until(at(25, 14, 59))
    assert reminders(shop, "ben") == []
    await shop.until(at(25, 15, 1))
    (post,) = reminders(shop, "ben")
    assert "Ben, 3 actions are due today" in post.words
    assert post.words.count("Due today") == 3


async def test_what_is_settled_since_stands_there_without_its_button(shop: Workshop) -> None:
    for title in ("Check eight calls", "Book desks"):
        await shop.says("ben", f'/action add "{title}" @Ben due:tomorrow')
    await shop.until(at(25, 15, 1))
    await shop.presses("ben", "Done")
    assert "Ben, 1 action is due today" in shop.last("ben")
    assert "done · A-1" in shop.last("ben")
    await shop.presses("ben", "Done")
    assert "All of it is settled. Thank you, Ben" in shop.last("ben")


async def test_nobody_is_reminded_of_what_is_done_or_moved_or_while_they_are_away(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("ben", "done A-1")
    await shop.says("cem", '/action add "Book desks" @Cem due:tomorrow')
    await shop.says("cem", '/action due A-2 2026-12-10 reason:"the room is taken"')
    await shop.says("dee", '/action add "Order seals" @Dee due:tomorrow')
    await shop.says("dee", "away tomorrow")
    await shop.until(at(25, 15, 1))
    told = [post for who in ("ben", "cem", "dee") for post in reminders(shop, who)]
    assert told == []


async def test_the_lead_hears_once_of_all_that_waits_for_three_working_days(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("cem", '/action add "Book desks" @Cem due:tomorrow')
    await shop.until(at(30, 9, 6))
    (post,) = [post for post in shop.posts("dana") if "overdue" in post.words]
    assert "2 actions in your team are overdue" in post.words
    assert "Ben · overdue for 3 working days" in post.words
    assert "Was due on Wed 25 Nov 2026, 3 working days ago" in shop.last("ben")


@pytest.mark.parametrize(
    ("away", "state", "told"),
    [
        (timedelta(minutes=5), State.DONE, 1),
        (timedelta(minutes=20), State.DONE, 1),
        (timedelta(minutes=31), State.DONE, 1),
        (timedelta(hours=12), State.DONE, 0),  # in the night, and it is no longer welcome in the morning
        (timedelta(hours=12, minutes=1), State.SKIPPED, 0),
        (timedelta(days=3), State.SKIPPED, 0),
    ],
    ids=str,
)
async def test_a_reminder_that_fell_due_while_the_bot_was_away_comes_once_up_to_half_a_day_late(
    shop_on_both: Workshop, away: timedelta, state: State, told: int
) -> None:
    shop = shop_on_both
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    due = at(25, 15)
    await shop.until(due - timedelta(minutes=1))
    await shop.house.wakes_at(due + away)
    async with shop.house.database.read(SYSTEM) as tx:
        step = await tx.first(select(Occurrence).where(Occurrence.kind == "action.remind", Occurrence.due_at == due))
    assert step is not None
    assert step.state is state
    assert len(reminders(shop, "ben")) == told


@pytest.mark.parametrize(("away", "told"), [(timedelta(hours=12), 1), (timedelta(hours=13), 0)], ids=str)
async def test_what_a_lead_is_told_comes_up_to_half_a_day_late_too(shop: Workshop, away: timedelta, told: int) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.until(at(30, 9, 1))
    await shop.house.wakes_at(at(30, 9, 5) + away)
    await shop.until(at(1, 8, month=12))  # what was too late for the evening comes in the morning
    assert len([post for post in shop.posts("dana") if "overdue" in post.words]) == told


async def test_a_clock_change_neither_doubles_nor_loses_a_reminder(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, datetime(2027, 3, 27, 12, tzinfo=UTC)))
    await shop.says("ben", '/action add "Check eight calls" @Ben due:2027-03-29')
    # Easter Monday is a holiday, so it is Tuesday; 15:00 in London is 14:00 UTC by then.
    await shop.until(datetime(2027, 3, 30, 13, 59, tzinfo=UTC))
    assert reminders(shop, "ben") == []
    await shop.until(datetime(2027, 3, 30, 15, 1, tzinfo=UTC))
    assert ["Check eight calls" in post.words for post in reminders(shop, "ben")] == [True]


def test_who_never_works_hears_of_it_all_the_same() -> None:
    assert [each.after for each in rules.reminders(date(2026, 11, 24), lambda _on: False)] == [0, 1, 3, 5]


def test_a_reminder_is_found_by_its_day_and_time() -> None:
    found = rules.reminder_on(date(2026, 11, 24), date(2026, 11, 27), time(9), works)
    assert found is not None
    assert found.after == 3


@pytest.mark.parametrize(
    "line", ['/action due A-1 2026-12-10 reason:"the room is taken"', "done A-1", "/action cancel A-1 not needed"]
)
async def test_an_undo_after_the_hour_of_a_reminder_brings_it_back(shop: Workshop, line: str) -> None:
    await shop.says("dana", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.presses("ben", "Accept")
    await shop.until(at(25, 14, 58))
    who = "dana" if "cancel" in line else "ben"
    answer = await shop.ask(who, line)
    await shop.until(at(25, 15, 1))
    assert reminders(shop, "ben") == []
    assert isinstance(answer.content, Card)
    await shop.presses(who, "Undo", answer.content)
    await shop.until(at(25, 15, 2))
    (post,) = reminders(shop, "ben")
    assert "Ben, 1 action is due today" in post.words


async def test_an_undo_before_the_hour_leads_to_one_reminder_and_not_two(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Check eight calls" @Ben due:tomorrow')
    await shop.says("ben", '/action add "Book desks" @Ben due:tomorrow')
    await shop.until(at(25, 14, 57))
    early = await shop.ask("ben", "done A-1")
    assert isinstance(early.content, Card)
    await shop.presses("ben", "Undo", early.content)
    late = await shop.ask("ben", "done A-2")
    await shop.until(at(25, 15, 1))
    assert isinstance(late.content, Card)
    await shop.presses("ben", "Undo", late.content)
    await shop.until(at(25, 15, 3))
    (post,) = reminders(shop, "ben")
    assert "Ben, 2 actions are due today" in post.words
