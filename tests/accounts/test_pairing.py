"""An installation without records becomes part of another organisation, in one transaction, on both databases."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, create_engine, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from bot.chat.cards import Card
from bot.dispatch import Dispatcher
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.cadences import REPORT, Cadence, Occurrence
from storage.columns import Row
from storage.engine import Database
from storage.errors import Conflict
from storage.messages import Lane, Message
from storage.mornings import wake
from storage.organisations import Install, Organisation
from storage.pairing import MOVES, STAYS, Gone, hold, in_the_way, records, rehome
from storage.people import Account, Person, Role
from storage.schema import METADATA
from storage.teams import Team
from storage.training import introduction
from storage.tx import SYSTEM, Tx
from tests.accounts.filler import fill
from tests.scenarios.both_stage import code_in
from tests.support.company import NOON, Company, a_company, acting, an_event
from tests.support.reading import words_of

HOME, AWAY = "Northwater", "Southwind"


@pytest.fixture
async def two(database: Database) -> tuple[Company, Company]:
    return await a_company(database, HOME, admin="ada"), await a_company(database, AWAY, people=("Ben", "Ivo"))


async def moved(database: Database, home: Company, away: Company) -> None:
    """What `/account pair` does once all is well."""
    async with acting(database, away, "ivo") as tx:
        await hold(tx, away.id)
        assert await in_the_way(tx, away.id) == {}
        await rehome(tx, away.id, home.id, NOON)


async def test_everything_of_the_second_is_the_first_one_s_and_the_second_is_gone(
    database: Database, two: tuple[Company, Company]
) -> None:
    home, away = two
    async with acting(database, away, "ivo") as tx:
        tx.add(Role(person_id=away.people["ivo"].id, kind=Role.Kind.ADMIN), a_note(away, "hello"))
        tx.add(
            Occurrence(key=f"team.room:{away.channel.id}", kind="team.room", subject_id=away.channel.id, due_at=NOON)
        )
        tx.add(Occurrence(key="report", kind=REPORT, subject_id=away.id, due_at=NOON))
        await wake(tx, "Asia/Tokyo", NOON)
        await introduction(tx, NOON)
    await moved(database, home, away)
    async with database.read(SYSTEM) as tx:
        assert [each.id for each in (await tx.session.scalars(select(Organisation))).all()] == [home.id]
        for kind in (Install, Lane, Person, Account, Role, Message, Occurrence):
            assert {each.organisation_id for each in await tx.all(select_rows(kind))} == {home.id}, kind
        assert [each.kind for each in await tx.all(select_rows(Occurrence))] == ["team.room"]
    async with acting(database, home) as tx:
        found = await tx.all(select_rows(col(Person.name)).order_by(col(Person.id)))
        assert list(found) == ["Ada", "Dana", "Ben", "Ivo"]
        assert [each.zone for each in await tx.all(select_rows(Cadence))] == ["Europe/London"]


def a_note(company: Company, key: str, who: str = "ben") -> Message:
    return Message(
        key=key,
        lane_id=lane_number(company),
        person_id=company.people[who].id,
        account_id=company.accounts[who].id,
        view="account.hint",
        ids="{}",
        due_at=NOON,
    )


def lane_number(company: Company) -> int:
    return 3 * (company.id - 1) + 1


async def test_two_messages_of_one_key_are_both_kept(database: Database, two: tuple[Company, Company]) -> None:
    home, away = two
    for company, who in ((home, "ada"), (away, "ben")):
        async with acting(database, company) as tx:
            tx.add(a_note(company, "same", who))
    await moved(database, home, away)
    async with acting(database, home) as tx:
        keys = await tx.all(select_rows(col(Message.key)).order_by(col(Message.id)))
    assert [each.partition(":")[0] for each in keys] == ["same", "same"]
    assert len(set(keys)) == 2


async def test_a_record_that_is_being_made_meanwhile_is_refused_and_not_lost_silently(
    database: Database, two: tuple[Company, Company]
) -> None:
    home, away = two
    held = asyncio.Event()

    async def set_up_a_team() -> None:
        await held.wait()
        async with acting(database, away, "ben") as tx:
            tx.add(Team(name="Field", zone="Europe/London"))

    waiting = asyncio.create_task(set_up_a_team())
    async with acting(database, away, "ivo") as tx:
        await hold(tx, away.id)
        held.set()
        await asyncio.sleep(0)
        await rehome(tx, away.id, home.id, NOON)
    with pytest.raises(Conflict):
        await waiting


async def test_who_comes_second_finds_that_it_is_done(database: Database, two: tuple[Company, Company]) -> None:
    home, away = two
    await moved(database, home, away)
    async with acting(database, away, "ivo") as tx:
        with pytest.raises(Gone):
            await hold(tx, away.id)


async def test_an_event_that_comes_for_the_second_is_handled_in_the_first(
    database: Database, two: tuple[Company, Company]
) -> None:
    home, away = two
    dispatcher = Dispatcher(database, ROUTES, SimulatedClock(NOON))
    assert await dispatcher.handle(an_event("ben", "/account", company=AWAY, event="before")) is not None
    await moved(database, home, away)
    answer = await dispatcher.handle(an_event("ben", "/account", company=AWAY, event="after"))
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert "Your accounts" in words_of(answer.content)
    async with acting(database, home) as tx:
        assert len(await tx.all(select_rows(Person).where(Person.name == "Ben"))) == 1


async def test_of_two_administrators_at_once_one_pairs_and_the_other_reads_that_it_is_done(
    database: Database, two: tuple[Company, Company]
) -> None:
    home, away = two
    async with database.write(SYSTEM) as tx:
        await tx.run(update(Install).where(col(Install.id) == away.install.id).values(platform="other"))
        people = [away.people[name].id for name in ("ben", "ivo")]
        tx.add(*(Role(organisation_id=away.id, person_id=each, kind=Role.Kind.ADMIN) for each in people))
        tx.acts_for(by=None, event_id=None, now=NOON)
    processes = [Dispatcher(database, ROUTES, SimulatedClock(NOON)) for _ in range(2)]
    shown = await processes[0].handle(an_event("ada", "/account pair"))
    assert shown is not None
    assert isinstance(shown.content, Card)
    line = f"/account pair {code_in(words_of(shown.content))}"
    events = [
        replace(an_event(who, line, company=AWAY, event=f"pair-{who}"), platform="other") for who in ("ben", "ivo")
    ]
    answers = await asyncio.gather(*(each.handle(event) for each, event in zip(processes, events, strict=True)))
    read = sorted(words_of(each.content) for each in answers if each is not None and isinstance(each.content, Card))
    assert "Paired" in read[0]
    assert "used already" in read[1]
    async with database.read(SYSTEM) as tx:
        assert {each.organisation_id for each in await tx.all(select_rows(Person))} == {home.id}


# --- which tables: on SQLite alone, where a row may point to one that is not there


@pytest.fixture
def loose(sqlite: Database) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{sqlite.url.database}")
    yield engine
    engine.dispose()


def test_every_table_moves_stays_or_is_in_the_way() -> None:
    named = {str(each.__tablename__) for each in (*MOVES, *STAYS)}
    assert len(named) == len(MOVES) + len(STAYS)
    every = {table.name for table in METADATA.sorted_tables if "organisation_id" in table.c}
    assert named | {table.name for table in records()} == every


async def test_a_row_in_any_other_table_is_in_the_way(sqlite: Database, loose: Engine) -> None:
    away = await a_company(sqlite, AWAY)
    with loose.begin() as connection:
        for table in records():
            fill(connection, table, away.id)
    async with acting(sqlite, away) as tx:
        assert set(await in_the_way(tx, away.id)) == {table.name for table in records()}


async def test_rows_of_every_table_that_moves_come_along(sqlite: Database, loose: Engine) -> None:
    home, away = await a_company(sqlite, HOME), await a_company(sqlite, AWAY)
    with loose.begin() as connection:
        for kind in set(MOVES) - {Lane}:  # which the company has
            fill(connection, METADATA.tables[str(kind.__tablename__)], away.id)
    async with sqlite.read(SYSTEM) as tx:
        before = {kind: await number(tx, kind, away.id) for kind in MOVES}
    async with acting(sqlite, away) as tx:
        await rehome(tx, away.id, home.id, NOON)
    async with sqlite.read(SYSTEM) as tx:
        assert {kind: await number(tx, kind, away.id) for kind in MOVES} == dict.fromkeys(MOVES, 0)
        after = {kind: await number(tx, kind, home.id) for kind in MOVES}
    assert all(after[kind] >= before[kind] for kind in MOVES)


async def number(tx: Tx, kind: type[Row], organisation_id: int) -> int:
    query = select(func.count()).select_from(kind).where(col(kind.organisation_id) == organisation_id)
    return int(await tx.session.scalar(query) or 0)
