"""What stays as it was when a huddle is over: rates, streaks and summaries; and words said twice."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.huddles import scene, tallies
from bot.huddles.projections import summary
from bot.ports import Submission
from storage.blockers import Blocker
from storage.huddles import Expectation, Huddle, HuddleRun, answers
from storage.people import Person
from storage.teams import Team
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of
from tests.support.workshop import Workshop

TEAM = ("amy", "ben", "cem", "dee", "eli")


def at(hour: int, minute: int = 0, *, day: int = 24, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def a_day(shop: Workshop, day: int, who: tuple[str, ...] = TEAM) -> None:
    await shop.until(at(9, 16, day=day))
    for each in who:
        await shop.says(each, "Mill Lane")
    await shop.until(at(9, 31, day=day))


async def run_of(shop: Workshop, day: int) -> HuddleRun:
    return await shop.row(HuddleRun, local_date=date(2026, 11, day))


def summary_of(shop: Workshop, day: str) -> str:
    (words,) = [each for each in shop.house.room if f"Huddle · Field Dispatch · {day}" in each]
    return words


@pytest.mark.req("INV-2", "S3-28")
async def test_a_late_answer_of_somebody_who_is_away_is_shown_and_ends_no_streak(shop: Workshop) -> None:
    await a_day(shop, 24, ("amy", "ben", "cem", "dee"))
    before = summary_of(shop, "Tue 24 Nov")
    assert "4 of 5 answered by 09:30 (80%) · 6 huddles in a row on target" in before
    await shop.says("fay", "Rota from home")
    await shop.until(at(9, 45))
    after = summary_of(shop, "Tue 24 Nov")
    assert "4 of 5 answered by 09:30 (80%) · 6 huddles in a row on target" in after
    assert "Away: Fay" in after
    assert "Fay  Rota from home (late" in after
    fay = (await shop.person("Fay")).id
    run = await run_of(shop, 24)
    assert (await shop.row(Expectation, run_id=run.id, person_id=fay)).status is Expectation.Status.ABSENT


async def test_a_second_press_on_a_day_adds_no_second_line(shop: Workshop) -> None:
    asked = (await shop.ask("amy", "Harbour Road")).content
    assert isinstance(asked, Card)
    first = await shop.presses("amy", "Huddle of Tue 24 Nov", asked)
    assert await shop.presses("amy", "Huddle of Tue 24 Nov", asked) == first
    async with shop.house.database.read(SYSTEM) as tx:
        (answer,) = await answers(tx, await run_of(shop, 24))
    assert (answer.answers["focus"], answer.edition) == ("Harbour Road", 1)


@pytest.mark.req("S3-28")
async def test_an_answer_before_ones_own_prompt_brings_no_thank_you_in_its_place(shop: Workshop) -> None:
    async with shop.house.database.write(SYSTEM) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, day=23))
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
        assert ben is not None
        ben.zone = "America/Los_Angeles"
    await shop.says("dana", '/huddle setup "Field Dispatch" mode:local')
    await shop.until(at(10))
    form = await shop.form("ben", "/huddle answer")
    kept = await shop.fills("ben", form, {"focus": "Harbour Road"})
    assert isinstance(kept.content, Card)
    assert "Noted at 02:00" in words_of(kept.content)
    stood = len(shop.posts("ben"))
    await shop.until(at(17, 20))
    assert [post.words for post in shop.posts("ben")[stood:]] == []


async def test_in_a_huddle_that_asks_only_what_is_in_the_way_every_line_can_raise_it(shop: Workshop) -> None:
    form = await shop.form("dana", "/huddle setup")
    await shop.fills("dana", form, {"questions": "What is in your way? (blocker)"})
    await shop.until(at(9, 16))
    await shop.says("cem", "none")
    await shop.says("cem", "No fault details from the Contact Centre")
    await shop.until(at(9, 31))
    assert (await shop.row(Blocker)).text == "No fault details from the Contact Centre"
    assert summary_of(shop, "Tue 24 Nov").count("No fault details") == 1


async def test_a_line_answers_the_first_question_that_is_not_what_is_in_the_way(shop: Workshop) -> None:
    form = await shop.form("dana", "/huddle setup")
    await shop.fills("dana", form, {"questions": "What is in your way? (blocker)\nHow are you? (free)"})
    await shop.until(at(9, 16))
    await shop.says("cem", "Well rested")
    await shop.until(at(9, 31))
    assert "Cem  Well rested" in summary_of(shop, "Tue 24 Nov")
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(select(Blocker)) == []


async def open_summaries(shop: Workshop, day: int) -> str:
    """The summary of a day as it would be sent now."""
    async with shop.house.database.read(NORTHWATER) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, day)))
        assert run is not None
        around = await scene.scene_of(tx, run.id)
        assert around is not None
        return words_of(await summary(tx, around, shop.house.clock.now()))


async def says_in_the_way(shop: Workshop, who: str, line: str, what: str) -> None:
    form = await shop.form(who, line)
    values = {each.id: each.value for each in form.inputs} | {"focus": "Mill Lane", "blocker": what}
    await shop.hand_in(who, Submission(form.verb, values, form.ids))


async def test_a_summary_tells_of_what_was_in_the_way_on_its_day_and_of_nothing_later(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await says_in_the_way(shop, "cem", "/huddle answer", "No fault details")
    await shop.until(at(18))
    await says_in_the_way(shop, "amy", "/huddle answer 25 Nov", "Van 9 has no seals")
    tuesday = await open_summaries(shop, 24)
    assert "No fault details" in tuesday
    assert "Van 9" not in tuesday
    assert "Van 9" not in await shop.says("ben", "/huddle stats")
    await a_day(shop, 25, ("ben",))
    assert "Van 9 has no seals" in summary_of(shop, "Wed 25 Nov")
    await shop.until(at(9, 31, day=27))
    much_later = await open_summaries(shop, 24)
    assert "from Cem · since today" in tuesday
    assert "from Cem · since today" in much_later


@pytest.mark.slow
async def test_the_lead_hears_of_the_newly_silent_alone(shop: Workshop) -> None:
    for day in (24, 25):
        await a_day(shop, day, ("amy", "ben", "cem", "dee"))
    for day in (26, 27, 30):
        await a_day(shop, day, ("amy", "ben", "cem"))
    for day in (1, 2):
        await shop.until(at(9, 16, day=day, month=12))
        for each in ("amy", "ben", "cem"):
            await shop.says(each, "Mill Lane")
    await shop.until(at(9, 5, day=3, month=12))
    told = [post.words for post in shop.posts("dana") if "check in with" in post.words]
    assert [("Eli" in words, "Dee" in words) for words in told] == [(True, False), (False, True)]


@pytest.mark.slow
async def test_while_the_lead_is_away_their_deputy_hears_who_is_silent(shop: Workshop) -> None:
    async with shop.house.database.write(SYSTEM) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12, day=23))
        team = await tx.first(select(Team).where(Team.name == "Field Dispatch"))
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
        assert team is not None
        assert ben is not None
        team.deputy_id = ben.id
    await shop.says("dana", "/away 30 Nov to 4 Dec")
    for day in (24, 25, 26, 27, 30):
        await a_day(shop, day, ("amy", "ben", "cem", "dee"))
    await shop.until(at(9, 5, day=1, month=12))
    assert [post.words for post in shop.posts("dana") if "check in with" in post.words] == []
    assert any("check in with Eli" in post.words for post in shop.posts("ben"))


async def test_another_target_holds_from_the_next_huddle_on_and_rewrites_none(shop: Workshop) -> None:
    await a_day(shop, 24, ("amy", "ben", "cem", "dee"))
    await shop.says("dana", '/huddle setup "Field Dispatch" target:100%')
    assert "6 huddles in a row on target" in await open_summaries(shop, 24)
    await a_day(shop, 25)
    assert "7 huddles in a row on target" in summary_of(shop, "Wed 25 Nov")
    async with shop.house.database.read(SYSTEM) as tx:
        huddle = await tx.first(select(Huddle).where(Huddle.name == "Field Dispatch"))
        assert huddle is not None
        found = [line[-2:] for line in await tallies.lines(tx, huddle)]
    assert found[-2:] == [("yes", 80), ("yes", 100)]
