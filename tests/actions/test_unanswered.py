"""A question to another department that nobody takes on: asked once more, then told to the asker's lead."""

from datetime import UTC, datetime

import pytest

from storage.actions import Action
from storage.cadences import Occurrence
from tests.support.fake_chat import FakePost
from tests.support.reading import labels_of
from tests.support.workshop import Workshop

QUESTION = '/action ask "Who keeps the fault codes?" dept:Billing'


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def about(shop: Workshop, who: str, what: str) -> list[FakePost]:
    return [post for post in shop.posts(who) if f":{what}" in post.key]


@pytest.mark.req("S2-36")
async def test_after_two_working_days_it_is_asked_once_more_and_after_two_more_the_lead_is_told(shop: Workshop) -> None:
    await shop.says("amy", QUESTION)
    await shop.until(at(26, 8, 59))
    assert about(shop, "bea", "help again") == []
    await shop.until(at(26, 9, 1))
    (again,) = about(shop, "bea", "help again")
    assert "Amy still needs help" in again.words
    assert labels_of(again.card) == ["I can help", "I know someone"]
    assert about(shop, "dana", "help lead") == []
    await shop.until(at(30, 9, 1))
    (told,) = about(shop, "dana", "help lead")
    assert "Nobody has taken A-1 on yet" in told.words
    assert "Who keeps the fault codes?" in told.words
    await shop.until(datetime(2026, 12, 14, 9, tzinfo=UTC))
    assert [len(about(shop, who, "help ")) for who in ("bea", "dana", "amy")] == [1, 1, 0]


async def test_what_somebody_took_on_is_asked_no_more_and_its_messages_say_who_has_it(shop: Workshop) -> None:
    await shop.says("amy", QUESTION)
    await shop.until(at(26, 9, 1))
    (again,) = about(shop, "bea", "help again")
    await shop.presses("bea", "I can help", again.card)
    (again,) = about(shop, "bea", "help again")
    assert "still needs help" not in again.words
    await shop.until(at(30, 9, 1))
    assert about(shop, "dana", "help lead") == []


async def test_what_was_answered_within_two_days_is_not_asked_again(shop: Workshop) -> None:
    await shop.says("amy", QUESTION)
    await shop.presses("bea", "I can help")
    await shop.until(at(30, 9, 1))
    assert about(shop, "bea", "help again") == []
    assert (await shop.row(Occurrence, kind="action.help_again")).state is Occurrence.State.SKIPPED


async def test_who_leads_themselves_has_it_told_to_the_head_of_their_department(shop: Workshop) -> None:
    await shop.says("dana", QUESTION)
    await shop.until(at(30, 9, 1))
    (told,) = about(shop, "raj", "help lead")
    assert "Nobody has taken A-1 on yet" in told.words
    assert (await shop.row(Action, code="A-1")).state is Action.State.PROPOSED


async def test_while_the_bot_was_away_it_is_asked_late_and_the_lead_is_given_as_long(shop: Workshop) -> None:
    await shop.says("amy", QUESTION)
    await shop.until(at(26, 8))
    await shop.house.wakes_at(at(30, 12))
    assert len(about(shop, "bea", "help again")) == 1
    await shop.until(at(30, 13))
    assert about(shop, "dana", "help lead") == []
    await shop.until(datetime(2026, 12, 2, 9, 1, tzinfo=UTC))
    assert len(about(shop, "dana", "help lead")) == 1
