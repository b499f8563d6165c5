"""Which things are told, in which report, and when they may be told again."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select, update

from storage.engine import Database
from storage.messages import Message
from storage.outbox import requeue
from storage.troubles import (
    Trouble,
    hour_of,
    in_parts,
    messages_in_trouble,
    note_troubles,
    number_untold,
    reports_of,
    settle_messages,
    take_in_trouble,
)
from storage.tx import SYSTEM
from tests.support.company import NOON
from tests.support.post_office import PostOffice, an_office

State = Message.State
HOUR = hour_of(datetime(2026, 11, 24, 12, 59, 59, tzinfo=UTC))


def test_an_hour_ends_at_the_full_hour() -> None:
    assert hour_of(datetime(2026, 11, 24, 12, tzinfo=UTC)) == HOUR
    assert hour_of(datetime(2026, 11, 24, 13, tzinfo=UTC)) == HOUR + 1


@pytest.mark.parametrize("number", [0, 1, 5_000, 5_001, 12_000])
def test_parts_hold_every_number_once_and_never_too_many(number: int) -> None:
    parts = list(in_parts(range(number)))
    assert [each for part in parts for each in part] == list(range(number))
    assert all(1 <= len(part) <= 5_000 for part in parts)


@pytest.mark.parametrize("state", list(State))
async def test_only_dead_and_parked_messages_are_told(database: Database, state: State) -> None:
    office = await an_office(database)
    await two_messages(office, state)
    assert await noted(office, HOUR) == (2 if state in {State.DEAD, State.PARKED} else 0)


async def test_what_was_told_is_not_told_again_in_this_hour_or_another(database: Database) -> None:
    office = await an_office(database)
    await two_messages(office, State.DEAD)
    assert [await noted(office, hour) for hour in (HOUR, HOUR, HOUR + 1)] == [2, 0, 0]


@pytest.mark.parametrize("later", [0, 1])
async def test_what_was_settled_is_told_again_when_it_is_in_trouble_again(database: Database, later: int) -> None:
    office = await an_office(database)
    first, _second = await two_messages(office, State.DEAD)
    await noted(office, HOUR)
    async with database.write(office.company.id) as tx:
        await settle_messages(tx, [first])
    assert [await noted(office, HOUR + later), await noted(office, HOUR + later)] == [1, 0]
    async with database.read(office.company.id) as tx:
        assert await reports_of(tx, [first]) == sorted({HOUR, HOUR + later})


async def test_what_would_be_told_is_counted_without_being_noted(database: Database) -> None:
    office = await an_office(database)
    await two_messages(office, State.DEAD)
    async with database.write(office.company.id) as tx:
        assert [await number_untold(tx), await number_untold(tx)] == [2, 2]
    assert await noted(office, HOUR) == 2
    async with database.write(office.company.id) as tx:
        assert await number_untold(tx) == 0
    async with database.write(office.company.id + 1) as tx:
        assert await number_untold(tx) == 0


@pytest.mark.parametrize("later", [0, 1])
@pytest.mark.parametrize("change", [{"state": State.SHOWN}, {"shown_rev": 2}], ids=["stands there", "was shown since"])
async def test_what_came_right_without_anybody_s_help_may_be_told_again(
    database: Database, later: int, change: dict[str, object]
) -> None:
    office = await an_office(database)
    first, _second = await two_messages(office, State.DEAD)
    await noted(office, HOUR)
    await changed(office, first, change)
    if "state" in change:
        assert await noted(office, HOUR) == 0
        await changed(office, first, {"state": State.PARKED})
    assert [await noted(office, HOUR + later), await noted(office, HOUR + later)] == [1, 0]
    async with database.read(office.company.id) as tx:
        assert first in [message.id for message in await messages_in_trouble(tx, HOUR + later)]


async def changed(office: PostOffice, number: int, columns: dict[str, object]) -> None:
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(Message).where(col(Message.id) == number).values(**columns))


async def test_a_report_has_its_unsettled_messages_only(database: Database) -> None:
    office = await an_office(database)
    first, second = await two_messages(office, State.DEAD)
    await noted(office, HOUR)
    async with database.write(office.company.id) as tx:
        await settle_messages(tx, [first])
        assert [message.id for message in await messages_in_trouble(tx, HOUR)] == [second]
        assert await take_in_trouble(tx, HOUR) == [second]
        assert await take_in_trouble(tx, HOUR + 1) == []


async def test_who_takes_them_second_waits_for_the_first_and_finds_none(database: Database) -> None:
    office = await an_office(database)
    numbers = await two_messages(office, State.DEAD)
    await noted(office, HOUR)

    async def second() -> Sequence[int]:
        async with database.write(office.company.id) as tx:
            return await take_in_trouble(tx, HOUR)

    async with database.write(office.company.id) as tx:
        assert await take_in_trouble(tx, HOUR) == numbers
        waiting = asyncio.create_task(second())
        await asyncio.wait([waiting], timeout=0.3)
        await requeue(tx, numbers, NOON)
    assert await waiting == []


async def test_messages_of_another_organisation_are_not_noted(database: Database) -> None:
    office = await an_office(database)
    await two_messages(office, State.DEAD)
    async with database.write(office.company.id + 1) as tx:
        assert await note_troubles(tx, HOUR) == 0
    async with database.read(SYSTEM) as tx:
        assert await tx.first(select(Trouble)) is None


async def two_messages(office: PostOffice, state: State) -> list[int]:
    """Two notes' messages in a state; their numbers."""
    for words in ("first", "second"):
        await office.want(words)
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(Message).values(state=state))
        return list(await tx.all(select(Message.id).order_by(col(Message.id))))


async def noted(office: PostOffice, hour: int) -> int:
    async with office.database.write(office.company.id) as tx:
        return await note_troubles(tx, hour)
