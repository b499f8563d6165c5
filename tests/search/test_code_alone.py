"""A code alone on a line shows what has it."""

from datetime import UTC, datetime

import pytest

from bot.routes import ROUTES
from bot.search.kinds import PREFIXES
from bot.search.verbs import SHOWN_BY
from storage.blockers import Blocker
from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

TUESDAY_OPEN = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    found = Workshop(await field_dispatch(sqlite, datetime(2026, 11, 24, 9, 14, tzinfo=UTC)))
    await found.until(TUESDAY_OPEN)
    return found


def test_every_code_that_can_be_traced_shows_something_alone() -> None:
    verbs = {command.usage.verb: command.usage for command in ROUTES.commands}
    assert {*PREFIXES} <= {*SHOWN_BY}
    assert all(letters in verbs[verb].codes for letters, verb in SHOWN_BY.items())


@pytest.mark.parametrize("line", ["A-1", "a-1", "/A-1", " A-1? "])
async def test_a_code_alone_shows_its_card_also_while_a_huddle_waits_for_an_answer(shop: Workshop, line: str) -> None:
    await shop.says("ben", '/action add "Seal order" @Ben due:26 Nov')
    assert "Seal order\nStands: open" in await shop.says("ben", line)


async def test_each_kind_that_has_a_card_is_shown(shop: Workshop) -> None:
    await shop.says("ben", '/huddle blocker "Van 12 is out of meter seals"')
    blocker = await shop.row(Blocker, text="Van 12 is out of meter seals")
    await shop.says("dana", '/initiative add "Text service"')
    await shop.says("dana", '/initiative batch "Spring" starts:2027-03-01 ends:2027-05-31')
    await shop.says("dana", '/milestones add I-1 "Text service live" due:2026-12-18 owner:@Dana')
    for code, title in (
        (blocker.code, "Van 12 is out of meter seals"),
        ("I-1", "Text service"),
        ("BT-1", "Spring"),
        ("M-1", "Text service live"),
    ):
        assert title in await shop.says("dana", code)


@pytest.mark.parametrize("code", ["A-99", "B-99", "I-99", "M-99", "BT-99", "RR-99", "V-99"])
async def test_a_code_that_nothing_has_is_said_so(shop: Workshop, code: str) -> None:
    assert f"I can't find {code}" in await shop.says("ben", code)


async def test_in_a_room_the_bot_is_asked_in_the_same_way(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Seal order" @Ben due:26 Nov')
    assert "Seal order" in await shop.says("ben", "A-1", room="field-dispatch")


async def test_a_code_in_a_sentence_or_of_no_known_kind_is_an_answer_to_the_huddle(shop: Workshop) -> None:
    assert "Noted at 09:20" in await shop.says("ben", "MK-2")
    assert "Noted at 09:20" in await shop.says("amy", "B-1 and the van")
