"""Two people at the same moment, through two processes: one wins, and the other reads what the first one did."""

import asyncio

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.ports import Press, Submission
from storage.blockers import Blocker
from storage.tx import SYSTEM
from storage.weekly import RoadBump, WeeklyGoal
from tests.support.reading import words_of
from tests.support.workshop import Workshop
from tests.weekly.desk import ASKED, CONFIRMS, bumps, goals, some_work, the_run


def said(answer: Answer | None) -> str:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


@pytest.mark.req("S3-27")
async def test_two_who_confirm_at_once_are_one_and_one_who_is_told(weekly_on_both: Workshop) -> None:
    shop = weekly_on_both
    await some_work(shop)
    await shop.until(CONFIRMS)
    press = Press("weekly.confirm", {"run": str((await the_run(shop)).id)})
    answers = await asyncio.gather(
        shop.hand_in("dana", press), shop.hand_in("ivo", press, dispatcher=shop.house.dispatcher)
    )
    told = [said(each) for each in answers]
    assert sum("Confirmed. Everybody sees" in each for each in told) == 1, told
    assert sum("confirmed that plan on Fri 27 Nov at 10:31" in each for each in told) == 1, told


@pytest.mark.req("S3-25")
async def test_two_who_make_a_blocker_at_once_make_one(weekly_on_both: Workshop) -> None:
    shop = weekly_on_both
    await some_work(shop)
    await shop.until(ASKED)
    form = await shop.opens("ben", "Correct it")
    await shop.fills("ben", form, {"bumps": "The lift is out of order"})
    (bump,) = await bumps(shop)
    press = Press("weekly.blocker", {"bump": str(bump.id)})
    answers = await asyncio.gather(
        shop.hand_in("ben", press), shop.hand_in("dana", press, dispatcher=shop.house.dispatcher)
    )
    told = sorted(said(each) for each in answers)
    assert "It is B-6 now" in told[0]
    assert "That road bump is B-6 already" in told[1]
    async with shop.house.database.read(SYSTEM) as tx:
        codes = [each.code for each in await tx.all(select(Blocker))]
        assert codes.count("B-6") == 1
        assert (await tx.need(RoadBump, bump.id)).blocker_id is not None


async def test_a_form_and_a_button_of_one_person_at_once_leave_no_goal_twice(weekly_on_both: Workshop) -> None:
    shop = weekly_on_both
    await some_work(shop)
    await shop.until(ASKED)
    run = await the_run(shop)
    ids = {"run": str(run.id)}
    form = Submission("weekly.update", {"done": "", "bumps": "", "plan": "A-2 Book desks\nCall Bea"}, ids)
    await asyncio.gather(
        shop.hand_in("ben", Press("weekly.right", ids)),
        shop.hand_in("ben", form, dispatcher=shop.house.dispatcher),
    )
    every = await goals(shop, "Ben", all_of_them=True)
    assert len(every) == len(set(every))
    async with shop.house.database.read(SYSTEM) as tx:
        assert all(each.run_id == run.id for each in await tx.all(select(WeeklyGoal)))
