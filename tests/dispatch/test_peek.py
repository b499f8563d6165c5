"""What would be answered to an event that did not happen: nothing of it is kept."""

from datetime import datetime

import pytest
from sqlmodel import col, func, select

from bot.chat.errors import Declined
from bot.chat.events import Pressed
from bot.chat.forms import Form, TextInput
from bot.chat.replies import NOTHING, Answer, Replies, Show
from bot.chat.routing import Routes
from bot.dispatch import Dispatcher
from bot.ports import Press
from schedules.simulated import SimulatedClock
from storage.columns import Row
from storage.customers import VocItem
from storage.engine import Database
from storage.events import EventSeen
from storage.messages import Message
from storage.people import Person
from storage.tx import SYSTEM, Change, Tx
from tests.support.company import NOON, a_company, an_event
from tests.support.notebook import a_note


async def _quiet(_event: object, _tx: Tx, _now: datetime) -> Replies:
    return NOTHING


async def _open(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """A handler that changes rows before it answers with a form."""
    note = await a_note(tx, "seen", by=event.by.person, now=now)
    form = Form("A note", "note.form", (TextInput("words", "Your words", value=note.words),))
    return Replies(answer=Answer(form), show=(Show("note", event.by.person, "note", {"note": note.id}),))


async def _decline(_event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    raise Declined("Not yet.")


ROUTES = Routes(said=_quiet, presses={"note.open": _open, "note.not": _decline})


async def _rows(database: Database) -> list[int]:
    kinds: tuple[type[Row], ...] = (VocItem, EventSeen, Message, Person, Change)
    async with database.read(SYSTEM) as tx:
        return [await tx.session.scalar(select(func.count(col(kind.id)))) or 0 for kind in kinds]


async def test_a_form_is_seen_and_nothing_of_it_is_kept(database: Database) -> None:
    await a_company(database)
    before = await _rows(database)
    dispatcher = Dispatcher(database, ROUTES, SimulatedClock(NOON))
    for _ in range(2):
        answer = await dispatcher.peek(an_event("ada", Press("note.open")))
        assert answer is not None
        assert isinstance(answer.content, Form)
    assert await _rows(database) == before


@pytest.mark.parametrize("verb", ["note.not", "note.unknown"])
async def test_what_would_be_refused_is_not_seen(database: Database, verb: str) -> None:
    await a_company(database)
    before = await _rows(database)
    assert await Dispatcher(database, ROUTES, SimulatedClock(NOON)).peek(an_event("ada", Press(verb))) is None
    assert await _rows(database) == before


async def test_an_event_that_was_seen_may_still_come(database: Database) -> None:
    await a_company(database)
    dispatcher = Dispatcher(database, ROUTES, SimulatedClock(NOON))
    event = an_event("ada", Press("note.open"))
    await dispatcher.peek(event)
    answer = await dispatcher.handle(event)
    assert answer is not None
    assert isinstance(answer.content, Form)
    assert await dispatcher.peek(event) is None, "it has come"
