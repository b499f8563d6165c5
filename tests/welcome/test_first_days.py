"""The first days of somebody new: welcomed, reminded of what they have not tried, looked back upon."""

from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.columns import Row
from storage.first_days import FirstDays
from storage.huddles import HuddleAnswer
from storage.people import Person
from storage.teams import Membership, Team
from storage.tx import SYSTEM
from tests.support.reading import words_of
from tests.support.workshop import Workshop

R = TypeVar("R", bound=Row)


def at(hour: int, minute: int, day: int = 23, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def joins(shop: Workshop, *names: str) -> None:
    """Dana takes people into Field Dispatch, beside those who are in it."""
    form = await shop.form("dana", '/team setup "Field Dispatch"')
    members = next(each.value for each in form.inputs if each.id == "members")
    new = [str((await shop.person(name)).id) for name in names]
    await shop.fills("dana", form, {"members": ",".join([members, *new])})


def told(shop: Workshop, who: str) -> list[str]:
    """What of the first days stands in front of somebody, oldest first."""
    return [post.words for post in shop.posts(who) if post.key.startswith("welcome:")]


@pytest.mark.req("S3-22")
async def test_somebody_new_hears_on_the_day_and_three_and_ten_working_days_later(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.until(at(10, 59))
    assert told(shop, "zoe") == []
    await shop.until(at(11, 0))
    (welcome,) = told(shop, "zoe")
    assert welcome.startswith("Welcome to Field Dispatch, Zoe\n")
    assert "Dana leads it. I ask you for the first time on Tue 24 Nov at 09:15." in welcome
    await shop.house.wakes_at(at(11, 0, 26))
    assert len(told(shop, "zoe")) == 2
    assert "Not tried yet" in told(shop, "zoe")[1]
    await shop.house.wakes_at(at(10, 59, 7, 12))
    assert (len(told(shop, "zoe")), told(shop, "dana")) == (2, [])
    await shop.house.wakes_at(at(11, 0, 7, 12))
    assert "The introduction is not finished yet" in told(shop, "zoe")[2]
    (to_lead,) = told(shop, "dana")
    assert "Zoe came into Field Dispatch two weeks ago. The introduction is not finished yet." in to_lead
    await shop.house.wakes_at(at(12, 0, 14, 12))
    assert (len(told(shop, "zoe")), len(told(shop, "dana"))) == (3, 1)


async def test_whoever_was_in_a_team_before_is_not_new(shop: Workshop) -> None:
    form = await shop.form("ivo", '/team setup "Digital"')
    people = [await shop.person(name) for name in ("Amy", "Zoe")]
    ids = ",".join(str(each.id) for each in people)
    await shop.fills(
        "ivo", form, {"name": "Digital", "lead": str(people[0].id), "members": ids, "zone": "Europe/London"}
    )
    assert (await shop.row(FirstDays)).person_id == people[1].id
    await shop.until(at(11, 0))
    assert (told(shop, "amy"), len(told(shop, "zoe"))) == ([], 1)
    await joins(shop, "Zoe")
    await shop.until(at(12, 0, 24))
    assert len(told(shop, "zoe")) == 1


async def test_whoever_joins_after_eleven_is_welcomed_at_once(shop: Workshop) -> None:
    await shop.until(at(15, 30))
    await joins(shop, "Zoe")
    await shop.until(at(15, 30))
    assert len(told(shop, "zoe")) == 1


async def test_undo_of_the_team_takes_the_first_days_back(shop: Workshop) -> None:
    form = await shop.form("dana", '/team setup "Field Dispatch"')
    members = next(each.value for each in form.inputs if each.id == "members")
    zoe = await shop.person("Zoe")
    answer = await shop.fills("dana", form, {"members": f"{members},{zoe.id}"})
    assert isinstance(answer.content, Card)
    assert "Undone" in await shop.presses("dana", "Undo", answer.content)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(_all(FirstDays)) == []
    await shop.house.wakes_at(at(12, 0, 7, 12))
    assert told(shop, "zoe") == []


async def test_whoever_is_away_hears_of_it_when_they_are_back(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.says("zoe", "away until wed")
    await shop.house.wakes_at(at(11, 0, 25))
    assert told(shop, "zoe") == []
    await shop.house.wakes_at(at(11, 0, 26))
    assert len(told(shop, "zoe")) == 1, "the welcome and the third day are not sent at once"
    await shop.house.wakes_at(at(10, 59, 1, 12))
    assert len(told(shop, "zoe")) == 1
    await shop.house.wakes_at(at(11, 0, 1, 12))
    assert len(told(shop, "zoe")) == 2, "the third of the days on which she is there"


async def test_whoever_left_hears_nothing_more(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.until(at(11, 0))
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, 0))
        zoe = await tx.need(Person, (await shop.person("Zoe")).id)
        zoe.active = False
    await shop.house.wakes_at(at(12, 0, 7, 12))
    assert (len(told(shop, "zoe")), told(shop, "dana")) == (1, [])


async def test_whoever_is_out_of_the_team_again_hears_nothing_more(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.until(at(11, 0))
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, 0))
        zoe = await shop.person("Zoe")
        for each in await tx.all(_all(Membership).where(Membership.person_id == zoe.id)):
            each.to_on = date(2026, 11, 24)
    await shop.house.wakes_at(at(12, 0, 7, 12))
    assert (len(told(shop, "zoe")), told(shop, "dana")) == (1, [])


async def test_after_a_long_downtime_the_newest_of_the_three_is_sent_and_no_other(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.house.wakes_at(at(11, 30, 26))
    (only,) = told(shop, "zoe")
    assert "Not tried yet" in only


async def test_the_third_day_says_what_was_not_tried_and_nothing_else(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.says("zoe", "today")
    await shop.until(at(9, 16, 24))
    await shop.says("zoe", "Meters at Harbour Road")
    assert (await shop.row(HuddleAnswer, person_id=(await shop.person("Zoe")).id)).answers["focus"]
    await shop.house.wakes_at(at(11, 0, 26))
    third = told(shop, "zoe")[1]
    assert "one thing to do, with a date" in third
    assert "your own day" not in third
    assert "practice huddle" not in third.lower()


async def test_whoever_has_tried_everything_hears_nothing_on_the_third_day(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    await shop.says("zoe", "today")
    await shop.says("zoe", '/action add "Read the tour" @Zoe due:fri')
    await practises(shop)
    await shop.until(at(11, 0))
    await shop.house.wakes_at(at(12, 0, 26))
    assert len(told(shop, "zoe")) == 1
    assert told(shop, "zoe")[0].count("done") == 3
    await shop.house.wakes_at(at(11, 0, 7, 12))
    assert "through the introduction" in told(shop, "zoe")[1]
    assert "is through the introduction" in told(shop, "dana")[0]


async def practises(shop: Workshop) -> str:
    form = await shop.form("zoe", "/huddle practice")
    answer = await shop.fills("zoe", form, {"focus": "Meters at Harbour Road", "blocker": "No seals in van 12"})
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


@pytest.mark.req("S3-22")
async def test_a_practice_huddle_shows_what_would_happen_and_keeps_nothing(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    before = len(shop.house.chat.posts)
    said = await practises(shop)
    assert "I would note for you" in said
    assert "Field Dispatch would read:" in said
    assert said.index("In the way\nZoe  No seals in van 12") > said.index("would read")
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(_all(HuddleAnswer)) == []
    assert len(shop.house.chat.posts) == before, "nobody else has seen it"


async def test_the_practice_form_says_what_the_real_one_says(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    form = await shop.form("zoe", "/huddle practice")
    assert (form.title, [each.id for each in form.inputs][:3]) == ("Practice huddle", ["finished", "focus", "blocker"])
    back = await shop.comes_back("zoe", form, {"focus": "", "blocker": "x" * 2000})
    assert "one thing for today" in back.errors["focus"]
    assert "2000 characters" in back.errors["blocker"]


async def test_somebody_without_a_team_practises_with_the_usual_questions(shop: Workshop) -> None:
    form = await shop.form("zoe", "/huddle practice")
    assert isinstance(form, Form)
    assert "Your team" in form.note


async def test_the_welcome_is_for_the_team_they_came_into(shop: Workshop) -> None:
    await joins(shop, "Zoe")
    days = await shop.row(FirstDays)
    assert (days.joined_on, days.team_id) == (date(2026, 11, 23), (await shop.row(Team, name="Field Dispatch")).id)


def _all(table: type[R]) -> SelectOfScalar[R]:
    return select(table)
