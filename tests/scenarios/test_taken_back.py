"""What was called off, taken back or changed in the middle of things leaves everybody where they belong."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest_asyncio
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.ports import Incoming, Sender, Text
from storage.huddles import Expectation, HuddleRun
from storage.people import Person
from tests.scenarios.stage import Post, Stage, open_stage
from tests.support.reading import button_of, labels_of, words_of

ORGANISATION = 1


def at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest_asyncio.fixture
async def stage(northwater_url: str) -> AsyncIterator[Stage]:
    async with open_stage(northwater_url) as opened:
        yield opened


async def said(stage: Stage, user: str, text: str) -> str:
    return read(await stage.say(user, text))


async def press(stage: Stage, user: str, label: str) -> str:
    posts = [each for each in await stage.posts(user) if each.card and label in labels_of(each.card)]
    card = posts[-1].card
    assert card is not None
    return read(await stage.press(user, posts[-1], button_of(card, label)))


def read(answer: Answer | None) -> str:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def asked_on(stage: Stage, user: str, day: str) -> list[Post]:
    return [each for each in await stage.posts(user) if f"{day} · open until" in each.words]


async def header(stage: Stage) -> str:
    return [each for each in await stage.posts("amy", "field-dispatch") if each.thread_of is None][-1].words


async def move_to(stage: Stage, name: str, zone: str) -> None:
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        person = await tx.first(select(Person).where(Person.name == name))
        assert person is not None
        person.zone = zone


async def status_of(stage: Stage, name: str) -> tuple[HuddleRun.State, Expectation.Status]:
    async with stage.house.database.read(ORGANISATION) as tx:
        person = await tx.first(select(Person).where(Person.name == name))
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, 24)))
        assert person is not None
        assert run is not None
        one = select(Expectation).where(Expectation.run_id == run.id, Expectation.person_id == person.id)
        expectation = await tx.first(one)
        assert expectation is not None
        return run.state, expectation.status


async def test_a_day_off_taken_back_after_its_hour_asks_everybody_then(stage: Stage) -> None:
    await stage.say("dana", "/huddle skip")
    await stage.until(at(9, 16))
    assert "Undone" in await press(stage, "dana", "Undo")
    assert await asked_on(stage, "amy", "Tue 24 Nov")
    assert "Huddle is open until 09:31" in await header(stage)
    await stage.until(at(9, 31))
    assert "0 of 5 answered" in await header(stage)


async def test_a_day_off_in_the_middle_taken_back_after_the_close_still_closes(stage: Stage) -> None:
    await stage.until(at(9, 28))
    await stage.say("dana", "/huddle skip")
    await stage.until(at(9, 31))
    await press(stage, "dana", "Undo")
    await stage.until(at(9, 32))
    assert await status_of(stage, "Amy") == (HuddleRun.State.CLOSED, Expectation.Status.SILENT)


async def test_an_absence_taken_back_after_the_opening_asks_again(stage: Stage) -> None:
    await stage.say("amy", "away today")
    await stage.until(at(9, 16))
    assert "Away: Amy" in await header(stage)
    await press(stage, "amy", "Undo")
    assert await asked_on(stage, "amy", "Tue 24 Nov")
    assert "Away: Amy" not in await header(stage)


async def test_a_return_taken_back_after_the_opening_is_an_absence_again(stage: Stage) -> None:
    await stage.say("fay", "back")
    await stage.until(at(9, 16))
    await press(stage, "fay", "Undo")
    assert (await status_of(stage, "Fay"))[1] is Expectation.Status.ABSENT


async def test_a_huddle_that_was_held_can_not_be_undone_and_says_so(stage: Stage) -> None:
    await stage.say("dana", "/huddle setup Extra at:09:16")
    await stage.until(at(9, 17))
    assert "Something stands on it by now" in await press(stage, "dana", "Undo")


async def test_somebody_back_before_their_own_morning_is_asked_in_it(stage: Stage) -> None:
    await move_to(stage, "Fay", "America/Los_Angeles")
    await stage.say("dana", '/huddle setup "Field Dispatch" mode:local')
    await stage.until(at(10, 0))
    await stage.say("fay", "back")
    assert not await asked_on(stage, "fay", "Tue 24 Nov")
    await stage.until(at(17, 16))
    assert await asked_on(stage, "fay", "Tue 24 Nov")
    await stage.until(at(17, 26))
    assert any(each.words.startswith("Five minutes left") for each in await stage.posts("fay"))
    await stage.until(at(17, 31))
    assert await status_of(stage, "Fay") == (HuddleRun.State.CLOSED, Expectation.Status.SILENT)


async def test_the_hour_of_the_summary_does_not_wait_for_somebody_away(stage: Stage) -> None:
    await move_to(stage, "Fay", "America/Los_Angeles")
    await stage.say("dana", '/huddle setup "Field Dispatch" mode:local')
    await stage.until(at(9, 16))
    assert "becomes the summary at 09:30" in await header(stage)


async def test_set_up_promises_only_runs_that_come(stage: Stage) -> None:
    await stage.until(at(9, 31))
    assert "Tue 24 Nov" not in await said(stage, "dana", '/huddle setup "Field Dispatch" at:09:40')
    await move_to(stage, "Fay", "Australia/Sydney")
    words = await said(stage, "dana", '/huddle setup "Field Dispatch" mode:local at:09:50')
    assert "Tue 24 Nov" not in words
    assert "Wed 25 Nov 2026, 09:50" in words


async def test_a_slip_in_an_absence_is_asked_before_it_is_an_answer(stage: Stage) -> None:
    await stage.until(at(9, 16))
    assert "Or is it your answer?" in await said(stage, "amy", "away tomorow")
    assert (await status_of(stage, "Amy"))[1] is Expectation.Status.EXPECTED
    await press(stage, "amy", "It's my answer")
    assert (await status_of(stage, "Amy"))[1] is Expectation.Status.ANSWERED


async def test_an_answer_is_never_given_again_to_somebody_else(stage: Stage) -> None:
    def asks(user: str) -> Incoming:
        return Incoming("local", "local", "one-id", "field-dispatch", False, Sender(user, user), Text("/huddle"))

    mine = await stage.house.dispatcher.handle(asks("ben"))
    assert mine is not None
    assert await stage.house.dispatcher.handle(asks("ben")) == mine
    assert await stage.house.dispatcher.handle(asks("amy")) is None
