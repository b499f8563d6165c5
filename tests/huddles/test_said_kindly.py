"""Small things that a huddle's cards and forms say, or leave out."""

from datetime import UTC, datetime

import pytest

from bot.chat.cards import Card
from bot.huddles import rules, wanting
from bot.ports import Submission
from storage.huddles import HuddleAnswer
from tests.support.reading import words_of
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "same as yesterday's plan",
        "Same as yesterday’s plan.",
        "same as yesterday",
        "same plan",
        "Same again",
        "as yesterday",
        "as planned",
        "the same as before",
        "same",
    ],
)
def test_words_for_the_last_plan(text: str) -> None:
    assert rules.says_as_planned(text)


@pytest.mark.parametrize(
    "text", ["same job as yesterday at Mill Lane", "plan the rota", "samey", "", "the last plan of Harbour Road"]
)
def test_words_that_are_a_plan_of_their_own(text: str) -> None:
    assert not rules.says_as_planned(text)


async def test_same_as_yesterday_typed_is_what_its_button_fills_in(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await shop.says("amy", "Harbour Road valves")
    await shop.until(at(9, 16, day=25))
    assert "Noted at 09:16" in await shop.says("amy", "same as yesterday's plan")
    run_answer = (await shop.row(HuddleAnswer, id=2)).answers
    assert run_answer["focus"] == "Harbour Road valves"
    assert run_answer["finished"] == "Harbour Road valves"


async def test_days_on_which_hardly_anybody_works_are_named_at_the_set_up(shop: Workshop) -> None:
    said = await shop.says("dana", '/huddle setup "Field Dispatch" days:sun-thu')
    assert "On Sunday fewer than 2 of the people asked work" in said
    assert "settings days" in said
    assert "fewer than" not in await shop.says("dana", '/huddle setup "Field Dispatch" days:mon-thu')


async def test_an_ended_huddle_can_not_be_started_and_says_so(shop: Workshop) -> None:
    await shop.says("dana", '/huddle end "Field Dispatch"')
    said = await shop.says("dana", "/huddle start")
    assert "can't be started" in said
    assert "paused" not in said


async def test_nothing_heard_and_nothing_in_the_way_are_left_out_of_the_thanks(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    form = await shop.form("amy", "/huddle answer")
    values = {each.id: each.value for each in form.inputs}
    values |= {"focus": "Harbour Road", "blocker": "NA", "customer": "no"}
    await shop.hand_in("amy", Submission(form.verb, values, form.ids))
    card = (await shop.ask("amy", "/huddle")).content
    assert isinstance(card, Card)
    assert "From a customer" not in words_of(card)
    assert "In the way" not in words_of(card)
    await shop.until(at(9, 31))
    thread = [post.words for post in shop.house.chat.posts.values() if "details" in post.key]
    assert thread
    assert not [words for words in thread if "From a customer" in words or "In the way" in words]


async def test_the_form_of_somebody_on_time_does_not_speak_of_late_answers(shop: Workshop) -> None:
    await shop.until(at(9, 16))
    await shop.says("amy", "Harbour Road")
    await shop.until(at(9, 40))
    assert "late answer" not in (await shop.form("amy", "/huddle answer")).note
    assert "a late answer is welcome" in (await shop.form("ben", "/huddle answer")).note


async def test_the_help_of_the_set_up_names_every_key(shop: Workshop) -> None:
    said = await shop.says("dana", "/help huddle setup")
    assert [key for key in wanting.KEYS if f"{key}:" not in said and key != "fifth"] == []
