"""What an operator may do with messages: which are moved, which stay, and what becomes of one that is being sent."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.ports import Destination, Refused
from storage.customers import VocItem
from storage.engine import Database
from storage.messages import Message, withdraw
from storage.outbox import cancel, letters, letters_of, requeue
from storage.tx import SYSTEM
from tests.support.company import NOON
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice, an_office

State = Message.State


@pytest.mark.parametrize(("state", "moved"), [
    (State.READY, False), (State.SENDING, False), (State.SHOWN, False),
    (State.DEAD, True), (State.UNKNOWN, True), (State.PARKED, True), (State.CANCELLED, True),
])  # fmt: skip
async def test_what_was_given_up_or_is_in_doubt_can_be_sent_again(
    database: Database, state: State, moved: bool
) -> None:
    office = await an_office(database)
    number = await a_message(office, state, attempts=7, error="no such room")
    async with database.write(SYSTEM) as tx:
        assert await requeue(tx, [number], NOON) == ([number] if moved else [])
    after = await row(office, number)
    assert (after.state, after.attempts, after.error) == ((State.READY, 0, "") if moved else (state, 7, "no such room"))
    assert after.reposts == (1 if state in {State.UNKNOWN, State.PARKED} else 0)


@pytest.mark.parametrize(("state", "after"), [
    (State.READY, State.CANCELLED), (State.SENDING, State.SENDING), (State.SHOWN, State.SHOWN),
    (State.DEAD, State.CANCELLED), (State.UNKNOWN, State.CANCELLED), (State.PARKED, State.CANCELLED),
    (State.CANCELLED, State.CANCELLED),
])  # fmt: skip
async def test_what_does_not_stand_there_for_certain_can_be_given_up(
    database: Database, state: State, after: State
) -> None:
    office = await an_office(database)
    number = await a_message(office, state)
    async with database.write(SYSTEM) as tx:
        moved = await cancel(tx, [number])
    assert (moved == [number]) is (state not in {State.SENDING, State.SHOWN, State.CANCELLED})
    assert (await row(office, number)).state is after


@pytest.mark.parametrize(("not_after", "ref", "moved"), [
    (NOON, None, True), (NOON - timedelta(seconds=1), None, False), (NOON - timedelta(days=1), "ref-1", True),
])  # fmt: skip
async def test_a_question_whose_time_is_over_is_not_asked_but_one_that_stands_there_is_brought_up_to_date(
    sqlite: Database, not_after: object, ref: str | None, moved: bool
) -> None:
    office = await an_office(sqlite)
    number = await a_message(office, State.DEAD, not_after=not_after, platform_ref=ref)
    async with sqlite.write(SYSTEM) as tx:
        assert bool(await requeue(tx, [number], NOON)) is moved


async def test_a_message_that_was_taken_away_is_not_deleted_once_more(sqlite: Database) -> None:
    office = await an_office(sqlite)
    number = await a_message(office, State.CANCELLED, withdrawn=True, platform_ref="ref-1")
    async with sqlite.write(SYSTEM) as tx:
        assert await requeue(tx, [number], NOON) == []
    await office.a_worker().drain()
    assert office.chat.tries("delete") == 0


@pytest.mark.parametrize("state", [State.READY, State.CANCELLED, State.DEAD])
async def test_a_message_that_was_taken_back_before_it_was_sent_is_not_sent_again(
    database: Database, state: State
) -> None:
    office = await an_office(database)
    number = await a_message(office, state, event_id=7)
    async with database.write(office.company.id) as tx:
        await withdraw(tx, 7, NOON)
        await requeue(tx, [number], NOON)
    await office.a_worker().drain()
    assert (office.chat.words, (await row(office, number)).state) == ([], State.CANCELLED)


async def test_a_message_that_was_taken_back_can_be_wanted_anew(database: Database) -> None:
    office = await an_office(database)
    key = await office.want("first", event=7)
    async with database.write(office.company.id) as tx:
        await withdraw(tx, 7, NOON)
    await office.want_again(key)
    await office.a_worker().drain()
    assert office.chat.words == ["first"]


async def test_a_replacement_that_is_given_up_leaves_what_stands_there(database: Database) -> None:
    office = await an_office(database)
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second")
    async with database.write(SYSTEM) as tx:
        await cancel(tx, [(await office.message(key)).id])
    await office.a_worker().drain()
    assert (office.chat.words, (await office.message(key)).state) == (["first"], State.SHOWN)
    await office.edit(key, "third")
    await office.a_worker().drain()
    assert office.chat.words == ["third"]


async def test_a_message_that_is_being_sent_is_left_to_its_worker(database: Database) -> None:
    office = await an_office(database)
    key = await office.want("hello")
    number = (await office.message(key)).id

    async def meddle(_to: Destination, _key: str) -> None:
        async with database.write(SYSTEM) as tx:
            assert [*await cancel(tx, [number]), *await requeue(tx, [number], NOON)] == []

    office.chat.while_posting = meddle
    await office.a_worker().drain()
    assert (office.chat.words, (await office.message(key)).state) == (["hello"], State.SHOWN)


async def test_what_is_given_up_at_the_moment_of_a_claim_is_either_sent_or_given_up(database: Database) -> None:
    office = await an_office(database)
    keys = [await office.want(f"note {number}") for number in range(30)]
    numbers = [message.id for message in await office.messages()]

    async def give_up(part: list[int]) -> None:
        async with database.write(SYSTEM) as tx:
            await cancel(tx, part)

    await asyncio.gather(office.a_worker().drain(), *(give_up([number]) for number in reversed(numbers)))
    shown = {message.key for message in await office.messages() if message.state is State.SHOWN}
    assert shown == {key for method, key in office.chat.attempts if method == "post"}
    assert {message.state for message in await office.messages()} <= {State.SHOWN, State.CANCELLED}
    assert len(office.chat.attempts) == len(shown) <= len(keys)


async def test_what_is_sent_again_is_sent_as_it_is_wanted_now(database: Database) -> None:
    office = await an_office(database)
    key = await office.want("first")
    office.chat.faults = [Fault(Refused("no such room"))]
    await office.a_worker().drain()
    await office.edit(key, "second")
    async with database.write(SYSTEM) as tx:
        await requeue(tx, [(await office.message(key)).id], NOON)
    await office.a_worker().drain()
    assert office.chat.words == ["second"]


async def test_what_nobody_wants_any_more_is_not_sent_again(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(Refused("no such room"))]
    await office.a_worker().drain()
    await office.edit(key, state=VocItem.State.WITHDRAWN)
    async with sqlite.write(SYSTEM) as tx:
        await requeue(tx, [(await office.message(key)).id], NOON)
    await office.a_worker().drain()
    assert (office.chat.words, (await office.message(key)).state) == ([], State.CANCELLED)


async def test_an_organisation_moves_only_its_own_messages(database: Database) -> None:
    office = await an_office(database)
    number = await a_message(office, State.DEAD)
    async with database.write(office.company.id + 1) as tx:
        moved = [*await requeue(tx, [number], NOON), *await cancel(tx, [number]), *await letters_of(tx, [number])]
    assert (moved, (await row(office, number)).state) == ([], State.DEAD)


async def test_messages_are_listed_with_whom_they_are_for_those_that_fell_due_last_first(database: Database) -> None:
    office = await an_office(database)
    await office.want("in the channel")
    office.clock.move_to(NOON + timedelta(minutes=1))
    await office.want("to one", to=office.company.people["dana"])
    async with database.read(SYSTEM) as tx:
        found = await letters(tx, [State.READY], 10)
        newest = await letters(tx, [State.READY], 1)
        assert await letters(tx, [State.DEAD], 10) == []
    assert [(each.platform, each.to) for each in found] == [("fake", "Dana"), ("fake", "#everybody")]
    assert [each.to for each in newest] == ["Dana"]


async def a_message(office: PostOffice, state: State, **columns: object) -> int:
    """A note's message in a state, as the delivery would leave it."""
    key = await office.want("hello")
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(Message).where(col(Message.key) == key).values(state=state, **columns))
        return (await tx.all(select(Message.id).where(Message.key == key)))[0]


async def row(office: PostOffice, number: int) -> Message:
    async with office.database.read(SYSTEM) as tx:
        return await tx.need(Message, number)
