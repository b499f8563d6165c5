"""What people are told when something can't be done, and that nothing was changed then."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
import structlog
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import Pool
from sqlmodel import select, text

from bot.chat.cards import Card, buttons_of
from bot.chat.events import Said
from bot.chat.replies import Answer, Replies
from bot.dispatch import Dispatcher
from bot.listening import UnknownTenant
from bot.ports import Incoming, Press, Submission, Text
from schedules.simulated import SimulatedClock
from storage import engine
from storage.engine import Database
from storage.events import EventSeen
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx
from tests.support.company import NOON, a_company, acting, an_event
from tests.support.notebook import NOTEBOOK, take_note, words_in
from tests.support.postgres import drop_connections, drop_database, new_database
from tests.support.reading import labels_of, words_of


async def told(database: Database, incoming: Incoming) -> str:
    """What the person reads."""
    return words_on(await Dispatcher(database, NOTEBOOK, SimulatedClock(NOON)).handle(incoming))


def words_on(answer: Answer | None) -> str:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def test_a_handler_that_raises_is_a_sentence_with_a_reference_that_the_log_has(sqlite: Database) -> None:
    company = await a_company(sqlite)
    with structlog.testing.capture_logs() as logs:
        words = await told(sqlite, an_event("ada", "crash now"))
    found = re.fullmatch(r"Something went wrong on my side, nothing was changed\. Reference ([0-9A-F]{6})\.", words)
    assert found
    (line,) = [each for each in logs if each["event"] == "event_failed"]
    assert (line["reference"], line["event_id"]) == (found[1], "event-1")
    assert isinstance(line["exc_info"], ZeroDivisionError)
    assert "crash now" not in str(line)
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == []
        assert await tx.all(select(EventSeen)) == []


async def test_after_a_handler_raised_the_next_delivery_of_the_event_is_handled(sqlite: Database) -> None:
    company = await a_company(sqlite)
    await told(sqlite, an_event("ada", "crash now"))
    # The same event, as a platform sends it once more; by now the fault is mended.
    assert await told(sqlite, an_event("ada", "now it works")) == "V-1 noted"
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == ["now it works"]


async def test_a_guest_is_told_whom_to_ask(sqlite: Database) -> None:
    company = await a_company(sqlite, admin="Dana")
    assert await told(sqlite, an_event("gus", "hello", guest=True)) == "I don't know you yet. Ask Dana to add you."
    async with sqlite.read(company.id) as tx:
        assert len(await tx.all(select(Person))) == 2


async def test_somebody_who_was_switched_off_is_a_stranger(sqlite: Database) -> None:
    company = await a_company(sqlite, admin="Dana")
    async with acting(sqlite, company) as tx:
        (await tx.need(Person, company.people["ada"].id)).active = False
    assert await told(sqlite, an_event("ada", "hello")) == "I don't know you yet. Ask Dana to add you."


async def test_a_full_members_first_message_registers_them_with_their_own_zone(sqlite: Database) -> None:
    company = await a_company(sqlite)
    assert await told(sqlite, an_event("ben", "the bill was wrong")) == "V-1 noted"
    async with sqlite.read(company.id) as tx:
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
        assert ben is not None
        assert (ben.zone, ben.prefers, ben.active) == ("Europe/London", "fake", True)


async def test_a_first_message_that_is_refused_registers_its_writer_all_the_same(database: Database) -> None:
    company = await a_company(database)
    asked = an_event("ben", "/whisprr")
    assert (await told(database, asked)) == (await told(database, asked))
    async with database.read(company.id) as tx:
        assert [each.name for each in await tx.all(select(Person).where(Person.name == "Ben"))] == ["Ben"]


async def test_an_unknown_command_names_the_nearest_and_offers_it(sqlite: Database) -> None:
    await a_company(sqlite, admin="Ada")
    answer = await Dispatcher(sqlite, NOTEBOOK, SimulatedClock(NOON)).handle(an_event("ada", "/whisprr"))
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert words_of(answer.content) == "I don't know `whisprr`. Did you mean `whisper`? Try `/help`."
    assert labels_of(answer.content) == ["Try whisper"]
    (button,) = buttons_of(answer.content)
    assert (button.verb, button.ids) == ("say", {"text": "/whisper"})  # type: ignore[union-attr]


async def test_what_a_button_offers_to_say_is_said_by_the_one_who_presses(sqlite: Database) -> None:
    company = await a_company(sqlite)
    await told(sqlite, an_event("dana", Press("say", {"text": "pressed words"})))
    async with sqlite.read(company.id) as tx:
        (note,) = await words_in(tx)
    assert note == "pressed words"


@pytest.mark.parametrize("action", [Press("gone.button"), Submission("gone.form", {})], ids=["button", "form"])
async def test_a_button_or_form_of_an_older_version_says_so(sqlite: Database, action: Press | Submission) -> None:
    await a_company(sqlite)
    assert "from an older message" in await told(sqlite, an_event("ada", action))


@pytest.mark.parametrize("number", ["4711", "", "-1", "9" * 30, "1e3", "²"])
async def test_a_button_that_names_no_row_breaks_nothing(sqlite: Database, number: str) -> None:
    company = await a_company(sqlite)
    await told(sqlite, an_event("ada", Press("note.shout", {"note": number})))
    assert await told(sqlite, an_event("ada", "still here", event="event-2")) == "V-1 noted"
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == ["still here"]


async def test_what_was_not_meant_for_the_bot_is_left_alone(sqlite: Database) -> None:
    company = await a_company(sqlite)
    dispatcher = Dispatcher(sqlite, NOTEBOOK, SimulatedClock(NOON))
    assert await dispatcher.handle(an_event("ada", Text("lunch?", to_bot=False), room="everybody")) is None
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == []


async def test_a_workspace_without_the_bot_is_refused(sqlite: Database) -> None:
    await a_company(sqlite)
    with pytest.raises(UnknownTenant, match="no installation for fake tenant-elsewhere"):
        await told(sqlite, an_event("ada", "hello", company="Elsewhere"))


# --- who may do what


async def test_a_command_for_administrators_is_refused_to_others(sqlite: Database) -> None:
    company = await a_company(sqlite, admin="Dana")
    await told(sqlite, an_event("ada", "LOUD", event="note"))
    assert await told(sqlite, an_event("ada", "/whisper")) == "Only an administrator can do that. Nothing was changed."
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == ["LOUD"]
    assert await told(sqlite, an_event("dana", "/whisper")) == "Quiet now"


async def test_a_command_for_leads_is_for_who_leads_a_team_and_for_administrators(sqlite: Database) -> None:
    company = await a_company(sqlite, admin="Dana")
    refused = await told(sqlite, an_event("ada", "/quieter", event="before"))
    assert refused == "Only a team's lead or an administrator can do that. Nothing was changed."
    async with acting(sqlite, company) as tx:
        tx.add(Team(name="Dispatch", zone="UTC", lead_id=company.people["ada"].id))
    assert await told(sqlite, an_event("ada", "/quieter", event="after")) == "Quiet now"
    assert await told(sqlite, an_event("dana", "/quieter")) == "Quiet now"


async def test_a_right_is_read_from_the_person_and_not_from_what_a_button_carries(sqlite: Database) -> None:
    company = await a_company(sqlite, admin="Dana")
    said = Press("say", {"text": "/whisper", "by": str(company.people["dana"].id), "person": "dana"})
    assert await told(sqlite, an_event("ada", said)) == "Only an administrator can do that. Nothing was changed."


async def test_a_number_of_another_company_means_nothing_here(sqlite: Database) -> None:
    north = await a_company(sqlite)
    await a_company(sqlite, "Southgas", people=("Sue",))
    await told(sqlite, an_event("ada", "ours", event="note"))
    words = await told(sqlite, an_event("sue", Press("note.shout", {"note": "1"}), company="Southgas"))
    assert "Something went wrong" in words
    async with sqlite.read(north.id) as tx:
        assert await words_in(tx) == ["ours"]


# --- a database that can't do its work


@contextmanager
def every_connection(pragma: str) -> Iterator[None]:
    """SQLite connections that are opened inside the block have this setting."""

    def set_up(connection: DBAPIConnection, _entry: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(Pool, "connect", set_up)
    try:
        yield
    finally:
        event.remove(Pool, "connect", set_up)


async def test_on_a_full_disk_the_person_is_told_and_the_next_delivery_is_taken(sqlite: Database) -> None:
    company = await a_company(sqlite)
    await sqlite.close()
    long = "the meter " * 4000
    with every_connection("max_page_count = 1"):
        full = await told(sqlite, an_event("ada", long))
    assert full.startswith("I can't save anything just now: the disk is full, so nothing can be saved; make room,")
    await sqlite.close()
    assert await told(sqlite, an_event("ada", long)) == "V-1 noted"
    async with sqlite.read(company.id) as tx:
        assert await words_in(tx) == [long]


async def test_on_a_read_only_database_the_person_is_told_what_to_check(sqlite: Database) -> None:
    await a_company(sqlite)
    await sqlite.close()
    with every_connection("query_only = ON"):
        words = await told(sqlite, an_event("ada", "hello"))
    assert "I can't save anything just now: the database can't be written to; check the rights" in words
    await sqlite.close()
    assert await told(sqlite, an_event("ada", "hello")) == "V-1 noted"


async def test_while_another_process_holds_the_database_the_person_is_told_to_wait(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    database = Database(sqlite_url)
    await a_company(database)
    other = sqlite3.connect(database.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    words = await told(database, an_event("ada", "hello"))
    assert "the database is locked by another process; wait a moment" in words
    other.execute("ROLLBACK")
    other.close()
    assert await told(database, an_event("ada", "hello")) == "V-1 noted"
    await database.close()


@pytest.mark.postgres
async def test_while_the_database_is_unreachable_the_person_is_told(postgres_base: str) -> None:
    database = Database(postgres_base.rsplit(":", 1)[0] + ":1/nowhere")
    words = await told(database, an_event("ada", "hello"))
    await database.close()
    assert "the database at 127.0.0.1:1 can't be reached; is it running, and is DATABASE_URL right?" in words


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["between two events", "cut in the middle"])
async def test_a_server_that_drops_its_connections_costs_at_most_one_delivery(
    postgres_base: str, postgres_template: str, words: str
) -> None:
    url = new_database(postgres_base, postgres_template)
    database = Database(url)
    await a_company(database)
    dispatcher = Dispatcher(database, replace(NOTEBOOK, said=_cut_first), SimulatedClock(NOON))
    if words == "between two events":
        drop_connections(url)
    else:
        cut = words_on(await dispatcher.handle(an_event("ada", words)))
        assert "can't be reached" in cut
    assert words_on(await dispatcher.handle(an_event("ada", "again"))) == "V-1 noted"
    await database.close()
    drop_database(url)


@pytest.mark.postgres
async def test_who_writes_does_not_notice_a_connection_that_was_lost(
    postgres_base: str, postgres_template: str
) -> None:
    url = new_database(postgres_base, postgres_template)
    database = Database(url)
    company = await a_company(database)
    cut = iter([True, False])

    async def cut_once(event: Said, tx: Tx, now: datetime) -> Replies:
        replies = await take_note(event, tx, now)
        if next(cut):
            await tx.run(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return replies

    dispatcher = Dispatcher(database, replace(NOTEBOOK, said=cut_once), SimulatedClock(NOON))
    assert words_on(await dispatcher.handle(an_event("ada", "hello"))) == "V-1 noted"
    async with database.read(company.id) as tx:
        assert await words_in(tx) == ["hello"]
    await database.close()
    drop_database(url)


async def _cut_first(event: Said, tx: Tx, now: datetime) -> Replies:
    """As `take_note`, but over `cut …` the server ends the connection."""
    replies = await take_note(event, tx, now)
    if event.text.startswith("cut "):
        await tx.run(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return replies


async def test_many_at_once_on_a_locked_database_all_get_an_answer(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    database = Database(sqlite_url)
    await a_company(database)
    other = sqlite3.connect(database.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answers = await asyncio.gather(*(told(database, an_event("ada", "hello", event=f"e{n}")) for n in range(5)))
    other.execute("ROLLBACK")
    other.close()
    await database.close()
    assert all("locked by another process" in words for words in answers)
