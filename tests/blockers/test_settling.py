"""Passed on, solved, opened again: who hears of it, where, and what is refused."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.blockers.rules import State
from bot.chat.cards import Card
from bot.ports import Press
from storage.huddles import HuddleAnswer
from storage.people import Department
from storage.places import Place
from storage.teams import Team
from tests.blockers.conftest import TUESDAY_NOON
from tests.blockers.in_the_way import RAISED, TEXT, Way
from tests.support.workshop import Workshop


def at(day: int, hour: int = 10, minute: int = 1, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# --- passed on


@pytest.mark.req("S3-25")
async def test_a_lead_passes_it_on_to_both_heads_before_its_age_does(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    assert "B-6 is passed on to Raj and Ann" in await way.press("dana", "blocker.pass", "B-6")
    assert "Dana passed B-6 on to Raj and Ann" in calm.last("raj")
    assert TEXT in calm.last("ann")
    blocker = await way.now("B-6")
    assert (blocker.tier, blocker.state) == (2, State.ESCALATED)
    await way.until(at(30))
    assert await way.asked() == [("Raj", 2), ("Ann", 2)], "the lead passed it on, and nobody is asked twice"
    await way.until(at(1, month=12))
    assert (await way.asked())[2:] == [("Carl", 3)]


async def test_it_is_posted_in_the_room_of_the_department_it_waits_for(calm: Workshop) -> None:
    way = Way(calm)
    async with calm.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        place = Place(install_id=1, external_id="call-centre", name="#call-centre")
        tx.add(place)
        await tx.flush()
        centre = await tx.need(Department, 1)
        tx.add(Team(name="Calls", zone="Europe/London", department_id=centre.id, place_id=place.id))
    await calm.says("cem", RAISED)
    await way.press("dana", "blocker.pass", "B-6")
    there = [post.words for post in calm.house.chat.posts.values() if post.to.conversation == "call-centre"]
    assert there == [f"Dana passed B-6 on to Raj and Ann: {TEXT}"]


async def test_a_head_passes_it_on_to_the_sponsor_and_nobody_is_above(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("dana", "blocker.pass", "B-6")
    assert "passed on to Carl" in await way.press("raj", "blocker.pass", "B-6")
    assert "nobody is above" in await way.press("carl", "blocker.pass", "B-6")


# --- solved


async def test_the_raiser_and_the_helper_are_told_and_the_room_reads_it(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("amy", "blocker.help", "B-6")
    assert "B-6 is solved" in await calm.says("dana", "resolved B-6 found the notes")
    for who in ("cem", "amy"):
        assert "B-6 is solved, says Dana" in calm.last(who)
        assert "found the notes" in calm.last(who)
    assert calm.house.room[-1] == f"B-6 is solved, says Dana: {TEXT} (found the notes)"


async def test_said_in_the_room_it_is_answered_there_for_everybody_and_not_twice(calm: Workshop) -> None:
    await calm.says("cem", RAISED)
    answer = await calm.ask("dana", "/huddle resolve B-6 found the notes", room="field-dispatch")
    assert not answer.private
    assert calm.house.room == []
    answer = await calm.ask("dana", "/huddle reopen B-6 the wrong ones", room="all-staff")
    assert answer.private
    assert len(calm.house.room) == 1


async def test_solved_twice_is_told_and_changes_nothing(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("cem", "blocker.solve", "B-6")
    assert "B-6 is solved already. You can: reopen." in await way.press("dana", "blocker.solve", "B-6")
    assert "B-6 is solved already" in await way.press("amy", "blocker.help", "B-6")
    assert len(calm.house.room) == 1


async def test_only_those_who_have_to_do_with_it_solve_it(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    assert "Only who raised it" in await way.press("fin", "blocker.solve", "B-6")
    await way.press("fin", "blocker.help", "B-6")
    assert "B-6 is solved" in await way.press("fin", "blocker.solve", "B-6")


async def test_a_mistake_is_told_to_nobody_but_who_took_it_on(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("amy", "blocker.help", "B-6")
    await way.press("cem", "blocker.mistake", "B-6")
    assert "raised by mistake" in calm.last("amy")
    assert calm.house.room == []


@pytest.mark.req("S3-28")
async def test_a_line_taken_out_of_an_answer_leaves_the_blocker_and_asks(shop: Workshop) -> None:
    way = Way(shop)
    await way.until(at(25, 9, 16))
    await way.answer("cem", TEXT)
    answer = await way.answer("cem", "none")
    assert answer is not None
    assert "Is it solved, or was it a mistake?" in answer.content.summary  # type: ignore[union-attr]
    assert (await way.now("B-6")).state is State.RAISED
    await shop.presses("cem", "Solved", answer.content)  # type: ignore[arg-type]
    assert (await way.now("B-6")).state is State.RESOLVED
    assert len({each.edition for each in await _editions(shop)}) == 2


async def _editions(shop: Workshop) -> list[HuddleAnswer]:
    return [await shop.row(HuddleAnswer, edition=number) for number in (1, 2)]


# --- opened again


async def test_reopened_with_a_reason_it_is_in_nobody_s_hands_and_goes_up_from_the_team(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("amy", "blocker.help", "B-6")
    await way.until(at(30))
    await calm.says("dana", "resolved B-6 found the notes")
    assert "Please add why" in await calm.says("cem", "/huddle reopen B-6")
    assert "B-6 is open again" in await calm.says("cem", "/huddle reopen B-6 the wrong ones")
    blocker = await way.now("B-6")
    assert (blocker.state, blocker.taken_by, blocker.tier, blocker.resolved_at) == (State.RAISED, None, 1, None)
    assert "B-6 is open again" in calm.last("amy")
    await way.until(at(3, month=12))
    assert await way.asked() == [("Raj", 2), ("Ann", 2), ("Dana", 1), ("Raj", 2), ("Ann", 2), ("Carl", 3)]


async def test_what_was_told_before_it_was_opened_again_is_no_news_any_more(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("dana", "blocker.solve", "B-6")
    await calm.says("cem", "/huddle reopen B-6 the wrong ones")
    for words in (*(post.words for post in calm.posts("cem")), *calm.house.room):
        assert "B-6 is solved" not in words
    assert any("Dana solved B-6; it is open again" in post.words for post in calm.posts("cem"))
    await way.press("amy", "blocker.solve", "B-6")
    assert not any("it is open again" in post.words for post in calm.posts("cem"))


async def test_the_form_asks_why_and_comes_back_without_it(calm: Workshop) -> None:
    way = Way(calm)
    await way.put(State.RESOLVED)
    form = await calm.opens("cem", "Reopen", (await calm.ask("cem", "blocker B-1")).content)  # type: ignore[arg-type]
    assert (await calm.comes_back("cem", form, {"why": " "})).errors
    await calm.fills("cem", form, {"why": "The notes are for another job"})
    assert (await way.now()).state is State.RAISED


async def test_after_five_working_days_it_stays_solved(calm: Workshop) -> None:
    way = Way(calm)
    await way.put(State.RESOLVED)
    await way.until(at(1, 12, month=12))
    assert "Open it again" in await way.press("cem", "blocker.again")
    await way.until(at(2, 9, month=12))
    assert "more than 5 working days ago and stays solved" in await way.press("cem", "blocker.again")
    said = await calm.says("cem", "/huddle reopen B-1 they were the wrong ones")
    assert "stays solved" in said
    assert (await way.now()).state is State.RESOLVED


async def test_two_people_change_it_at_once_and_one_wins_and_the_other_reads_how_it_is(calm: Workshop) -> None:
    way = Way(calm)
    await way.put(State.RAISED)
    press = Press("blocker.pass", {"blocker": str((await way.now()).id)})
    answers = await asyncio.gather(
        calm.hand_in("dana", press), calm.hand_in("cem", "resolved B-1", dispatcher=calm.house.dispatcher)
    )
    said = [answer.content.summary for answer in answers if answer and isinstance(answer.content, Card)]
    assert sum("changed B-1 a moment ago: it is" in each for each in said) == 1, said
    assert len(await way.entries()) == 1
