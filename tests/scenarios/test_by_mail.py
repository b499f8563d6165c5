"""Amy has no chat any more: her huddle comes by mail, and she answers it with one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import col, select

from adapters.email.front import MailBox
from bot.demo import council
from bot.house import House, assemble
from schedules.simulated import SimulatedClock
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.columns import Row
from storage.engine import Database
from storage.huddles import HuddleAnswer
from storage.mail import open_install
from storage.people import Account, person_on
from storage.tx import SYSTEM
from tests.scenarios.mail_post import BOT, MailPost
from tests.support.loaded import northwater_once

BEFORE = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
ASKED = datetime(2026, 11, 24, 9, 16, tzinfo=UTC)
R = TypeVar("R", bound=Row)
MUST = "What is the one thing you must get done today?"
AMY = "amy@northwater.example"


@pytest.fixture
async def house(sqlite: Database, tmp_path: Path) -> House:
    await northwater_once(sqlite, BEFORE)
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


@pytest.mark.req("S3-33")
async def test_an_address_makes_an_action_once_and_takes_it_further(house: House, tmp_path: Path) -> None:
    post = MailPost(tmp_path / "mail")
    for _ in range(2):
        post.write(
            AMY,
            "@Ben due:fri\n\n-- \nAmy",
            to="action@northwater.example",
            subject='Fwd: Call "Mill Lane" back',
            message_id="amy-1@northwater.example",
        )
        await collect(house)
    (action,) = await rows(house, Action)
    assert action.title == "Call 'Mill Lane' back"
    assert action.code in post.newest(AMY).text
    post.write(AMY, "thanks", to=f"action+{action.code}@northwater.example", subject="Mill Lane")
    await collect(house)
    assert "Call 'Mill Lane' back" in post.newest(AMY).text
    post.write(AMY, "Cancel? They called again.", to=f"Folkmoot+{action.code}@northwater.example")
    await collect(house)
    assert (await rows(house, Action))[0].state is action.state
    post.write(AMY, f"Cancel {action.code} they called again", to=f"Folkmoot+{action.code}@northwater.example")
    await collect(house)
    (action,) = await rows(house, Action)
    assert action.state is Action.State.CANCELLED


@pytest.mark.req("S3-33")
async def test_an_address_proposes_an_agenda_item(house: House, tmp_path: Path) -> None:
    post = MailPost(tmp_path / "mail")
    async with house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=BEFORE)
        await council.load(tx, BEFORE)
    post.write(AMY, "item:7 for:decision", to="agenda@northwater.example", subject="Faults that need no visit")
    post.write("stranger@elsewhere.example", "", to="agenda@northwater.example", subject="Buy from us")
    await collect(house)
    (item,) = await rows(house, AgendaItem)
    assert (item.title, item.section) == ("Faults that need no visit", 7)


async def rows(house: House, kind: type[R]) -> Sequence[R]:
    """All of a table, oldest first."""
    async with house.database.read(1) as tx:
        return await tx.all(select(kind).order_by(col(kind.id)))
