"""`/help`: what one can type, topic by topic, short enough to be read."""

from datetime import UTC, datetime

import pytest

from bot.chat.cards import LINES_SHOWN, Group
from bot.guide import views
from bot.routes import COMMANDS
from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, datetime(2026, 11, 24, 12, tzinfo=UTC)))


async def test_a_topic_with_many_verbs_shows_the_first_and_how_to_see_the_others(shop: Workshop) -> None:
    said = await shop.says("ben", "help")
    assert "/action add  One thing to do" in said
    assert "11 more: write /help action" in said
    assert "/action reopen" not in said
    assert "/action reopen" in await shop.says("ben", "help action")


@pytest.mark.parametrize("topic", sorted({each.usage.verb.split()[0] for each in COMMANDS}))
async def test_every_topic_can_be_asked_for(shop: Workshop, topic: str) -> None:
    assert f"/{topic}" in await shop.says("ivo", f"/help {topic}")


async def test_one_verb_is_explained_with_an_example(shop: Workshop) -> None:
    said = await shop.says("ben", "/help action due")
    assert "Another date, and why" in said
    assert "waiting for parts" in said


def test_nothing_of_it_is_folded_away() -> None:
    cards = [views.help_card(COMMANDS, "Ivo")]
    cards += [views.topic_card(topic, found) for topic, found in views.by_topic(COMMANDS).items()]
    groups = [each for card in cards for each in card.elements if isinstance(each, Group)]
    assert max(len(group.lines) for group in groups) <= LINES_SHOWN
