"""Amy has no chat any more: her huddle comes by mail, and she answers it with one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from adapters.email.front import MailBox
from bot.house import House, assemble
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.huddles import HuddleAnswer
from storage.mail import open_install
from storage.people import Account, person_on
from storage.tx import SYSTEM
from tests.scenarios.mail_post import BOT, MailPost
from tests.support.loaded import loaded_once

BEFORE = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
ASKED = datetime(2026, 11, 24, 9, 16, tzinfo=UTC)
MUST = "What is the one thing you must get done today?"
AMY = "amy@northwater.example"


@pytest.fixture
async def house(sqlite: Database, tmp_path: Path) -> House:
    async with sqlite.write(SYSTEM) as tx:
        await loaded_once(tx, BEFORE)
    async with sqlite.write(SYSTEM) as tx:
        amy = await person_on(tx, "local", "amy")
        assert amy is not None
        tx.bind(amy.organisation_id)
        tx.acts_for(by=None, event_id=None, now=BEFORE)
        install = await open_install(tx, "mail-northwater")
        tx.add(Account(person_id=amy.id, install_id=install.id, external_id=AMY))
        amy.prefers = "email"
    return assemble(sqlite, SimulatedClock(BEFORE), mail=MailBox(tmp_path / "mail", BOT))


async def answers(house: House) -> Sequence[HuddleAnswer]:
    """What Amy has answered."""
    async with house.database.read(SYSTEM) as tx:
        amy = await person_on(tx, "local", "amy")
        assert amy is not None
        return await tx.all(select(HuddleAnswer).where(col(HuddleAnswer.person_id) == amy.id))


async def collect(house: House) -> None:
    assert house.mail is not None
    await house.mail.collect()
    await house.delivery.drain()


@pytest.mark.req("S3-33")
async def test_a_huddle_is_asked_and_answered_by_mail(house: House, tmp_path: Path) -> None:
    post = MailPost(tmp_path / "mail")
    before = len(await answers(house))
    await house.heartbeat.advance_to(ASKED)
    prompt = post.newest(AMY)
    assert "Answer" in prompt.choices
    post.fill_in(prompt, {MUST: "Leak repair in Mill Lane"}, message_id="amy-1@northwater.example")
    await collect(house)
    assert len(await answers(house)) == before + 1
    told = post.newest(AMY)
    assert told.answers == "amy-1@northwater.example"
    sent = len(post.mails(AMY))
    post.fill_in(prompt, {MUST: "Leak repair in Mill Lane"}, message_id="amy-1@northwater.example")
    await collect(house)
    assert len(await answers(house)) == before + 1
    assert len(post.mails(AMY)) == sent
