"""What can't be decided while its platform waits changes nothing; what was decided is never given up."""

import asyncio
import time
from datetime import datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy import event as sqlalchemy_event

from bot.chat.cards import says
from bot.chat.events import Said
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Routes
from bot.dispatch import Dispatcher
from bot.ports import TookTooLong
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.tx import Tx
from tests.support.company import NOON, a_company, an_event
from tests.support.notebook import NOTEBOOK, a_note, words_in


async def think(event: Said, tx: Tx, now: datetime) -> Replies:
    """Keeps a line, and then thinks about it for as many seconds as it says."""
    await a_note(tx, event.text, by=event.by.person, now=now)
    await tx.flush()
    await asyncio.sleep(float(event.text))
    return Replies(answer=Answer(says("Noted")))


def a_dispatcher(database: Database) -> Dispatcher:
    return Dispatcher(database, Routes(said=think, views=NOTEBOOK.views), SimulatedClock(NOON))


async def test_what_takes_too_long_changes_nothing_and_may_come_again(database: Database) -> None:
    company = await a_company(database)
    dispatcher = a_dispatcher(database)
    with pytest.raises(TookTooLong):
        await dispatcher.handle(an_event("ada", "30"), within_s=0.3)
    async with database.read(company.id) as tx:
        assert await words_in(tx) == []
    assert await dispatcher.handle(an_event("ada", "0"), within_s=20) == Answer(says("Noted"))
    async with database.read(company.id) as tx:
        assert await words_in(tx) == ["0"]


async def test_waiting_for_another_process_counts(database: Database) -> None:
    company = await a_company(database)
    dispatcher = a_dispatcher(database)
    other = asyncio.create_task(a_dispatcher(database).handle(an_event("ada", "30")))
    await asyncio.sleep(0.2)
    with pytest.raises(TookTooLong):  # on SQLite it waits for the write lock, on PostgreSQL for the same event's row
        await dispatcher.handle(an_event("ada", "0"), within_s=0.3)
    other.cancel()
    await asyncio.wait([other])
    async with database.read(company.id) as tx:
        assert await words_in(tx) == []


async def test_a_commit_under_way_when_the_time_is_up_is_not_given_up(sqlite: Database) -> None:
    company = await a_company(sqlite)
    engine = sqlite._engine.sync_engine  # noqa: SLF001 - no other place is between the last statement and the commit
    sqlalchemy_event.listen(engine, "commit", _slowly)
    assert await a_dispatcher(sqlite).handle(an_event("ada", "0"), within_s=1.5) == Answer(says("Noted"))
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == ["0"]


def _slowly(connection: Connection) -> None:
    if connection.get_execution_options().get("folkmoot_writes"):
        time.sleep(2)
