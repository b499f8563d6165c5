"""A rehearsal shows people's quiet: what waits until when, what goes into a digest, and how many each one gets."""

import pytest
from sqlmodel import select

from bot.chat.replies import Replies, Show
from bot.routes import ROUTES
from bot.wanted import record
from schedules import rehearsal_views
from schedules.rehearsal import rehearse
from storage.actions import Action
from storage.engine import Database
from storage.messages import Lane, Message
from storage.people import Person
from tests.support.field_dispatch import FieldDispatch
from tests.support.rehearsing import at, begins
from tests.support.workshop import Workshop


async def _three_fall_due(house: FieldDispatch, line: str) -> None:
    shop = Workshop(house)
    await shop.says("ben", line)
    for title in ("Order valves", "Ring the depot"):
        await shop.says("ben", f'/action add "{title}" @Ben due:tomorrow')


async def _said(sqlite: Database) -> list[str]:
    rehearsed = await rehearse(sqlite, ROUTES, days=3, name="Ben")
    return rehearsal_views.table(rehearsed).splitlines()


@pytest.mark.req("S3-32")
async def test_what_waits_for_somebody_s_quiet_is_told_with_since_when_and_why(sqlite: Database) -> None:
    await _three_fall_due(await begins(sqlite, at(9, 14)), "/settings quiet 14:00 to 10:00")
    held = [line for line in await _said(sqlite) if "held since" in line]
    assert any("10:00 London" in line and "held since" in line and "quiet hours" in line for line in held), held


async def test_what_goes_into_a_digest_is_told_and_so_is_the_digest(sqlite: Database) -> None:
    await _three_fall_due(await begins(sqlite, at(9, 14)), "/settings messages 0")
    said = await _said(sqlite)
    assert any("not sent: a line of the digest of Wed 25 Nov, 16:30" in line for line in said), said
    assert any("16:30 London" in line and "digest of what waited" in line for line in said), said


async def test_what_would_come_after_its_days_says_until_when_it_waits(sqlite: Database) -> None:
    house = await begins(sqlite, at(9, 14))
    await _three_fall_due(house, "/settings days mon")
    async with sqlite.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        (ben,) = await tx.all(select(Person).where(Person.name == "Ben"))
        action = await tx.first(select(Action).where(Action.owner_id == ben.id))
        assert action is not None
        show = Show("test", ben, "action.card", {"action": action.id}, Lane.Traffic.PROMPT)
        await record(tx, Replies(show=(show,)), event_id=None, now=at(9, 14))
    said = await _said(sqlite)
    assert any("not sent: waits until Mon 30 Nov, 07:30: day off" in line for line in said), said


async def test_each_person_s_messages_are_counted_by_kind(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    said = await _said(sqlite)
    assert "To each person:" in said
    (line,) = [line for line in said if line.startswith("  Ben: ")]
    assert "huddle questions 3" in line
    async with sqlite.read(1) as tx:
        assert await tx.first(select(Message.id).where(Message.state == Message.State.HELD)) is None
