"""Somebody with accounts on two platforms is asked on one, answers on either, and has answered once."""

from datetime import UTC, date, datetime

import pytest

from bot.chat.cards import Card
from bot.ports import Incoming, Sender, Text
from storage.huddles import HuddleAnswer, HuddleRun
from storage.organisations import Install
from storage.people import Account
from storage.tx import SYSTEM
from tests.support.reading import words_of
from tests.support.workshop import Workshop


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


async def says_elsewhere(shop: Workshop, line: str, event: str) -> str:
    """Amy writes on the other platform."""
    sender = Sender("U-amy", "Amy", "Europe/London")
    answer = await shop.house.dispatcher.handle(
        Incoming("slack", "T-northwater", event, "D-amy", True, sender, Text(line), message=event)
    )
    await shop.house.delivery.drain()
    assert answer is not None
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


@pytest.mark.req("S3-28")
async def test_an_answer_on_either_platform_is_one_answer_and_the_prompt_shows_it(shop: Workshop) -> None:
    async with shop.house.database.write(SYSTEM) as tx:
        amy = await shop.person("Amy")
        tx.acts_for(by=None, event_id=None, now=at(8))
        install = Install(organisation_id=amy.organisation_id, platform="slack", external_id="T-northwater", name="N")
        tx.add(install)
        await tx.flush()
        account = Account(
            organisation_id=amy.organisation_id, person_id=amy.id, install_id=install.id, external_id="U-amy"
        )
        tx.add(account)
    await shop.until(at(9, 16))
    assert shop.house.asked.count("amy") == 1
    assert "Noted at 09:16" in await says_elsewhere(shop, "Harbour Road", "s-1")
    assert "Noted at 09:16" in shop.last("amy")
    assert "Today  Harbour Road" in shop.last("amy")
    form = await shop.opens("amy", "Change my answer")
    assert {each.id: each.value for each in form.inputs}["focus"] == "Harbour Road"
    await says_elsewhere(shop, "and Mill Lane", "s-2")
    assert "Today  Harbour Road\nand Mill Lane" in shop.last("amy")
    await shop.until(at(9, 31))
    run = await shop.row(HuddleRun, local_date=date(2026, 11, 24))
    assert (run.expected, run.on_time) == (5, 1)
    assert (await shop.row(HuddleAnswer, run_id=run.id, edition=2)).person_id == amy.id
