"""The delivery: each message once, in its newest state, and never when it should not be seen any more."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.ports import Destination, NotSent
from storage import undo
from storage.customers import VocItem
from storage.engine import Database
from storage.messages import Lane, Message
from storage.people import Account
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company, acting
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice

State = Message.State


@pytest.mark.req("INV-20")
async def test_a_message_is_posted_once_however_often_it_is_delivered(database: Database) -> None:
    office = PostOffice(database, await a_company(database))
    key = await office.want("hello")
    for _ in range(3):
        await office.a_worker().drain()
    assert office.chat.attempts == [("post", key)]
    message = await office.message(key)
    assert (message.state, message.shown_rev, message.wanted_rev) == (State.SHOWN, 1, 1)
    assert (message.platform_ref, message.first_shown_at) == ("ref-1", NOON)


@pytest.mark.req("INV-20")
async def test_many_workers_at_once_post_every_message_once(database: Database) -> None:
    office = PostOffice(database, await a_company(database))
    keys = [await office.want(f"note {n}", traffic=list(Lane.Traffic)[n % 3]) for n in range(30)]
    await asyncio.gather(*(office.a_worker(f"worker {n}").drain() for n in range(3)))
    await office.a_worker().drain()
    assert sorted(key for _, key in office.chat.attempts) == sorted(keys)
    assert {each.state for each in await office.messages()} == {State.SHOWN}


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_rows_that_somebody_is_writing_are_waited_for_without_haste(database: Database) -> None:
    office = PostOffice(database, await a_company(database))
    key = await office.want("hello")
    async with database.write(office.company.id) as tx:
        await tx.all(select(Message).with_for_update())
        drained = asyncio.create_task(office.a_worker().drain())
        await asyncio.sleep(0.5)
        async with database.read(SYSTEM) as looking:
            looked = max(await looking.all(select(Lane.epoch)))
        assert office.chat.attempts == []
    assert await drained == 1
    assert office.chat.attempts == [("post", key)]
    assert 1 <= looked <= 10


async def test_an_edit_before_the_first_sending_is_sent_at_once_and_only_once(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("first")
    await office.edit(key, "second")
    await office.a_worker().drain()
    assert (office.chat.words, office.chat.attempts) == (["second"], [("post", key)])


async def test_an_edit_after_the_sending_replaces_the_message(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second")
    await office.a_worker().drain()
    assert (office.chat.words, office.chat.tries("post")) == (["second"], 1)


async def test_an_edit_in_the_middle_of_the_first_sending_ends_in_what_is_wanted(database: Database) -> None:
    office = PostOffice(database, await a_company(database))
    key = await office.want("first")

    async def meanwhile(_to: Destination, _key: str) -> None:
        office.chat.while_posting = None
        await office.edit(key, "second")

    office.chat.while_posting = meanwhile
    await office.a_worker().drain()
    message = await office.message(key)
    assert office.chat.words == ["second"]
    assert (message.state, message.shown_rev, message.wanted_rev) == (State.SHOWN, 2, 2)
    assert office.chat.tries("post") == 1


async def test_what_a_worker_sends_is_committed_as_being_sent_before(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("hello")
    states: list[Message.State] = []

    async def meanwhile(_to: Destination, _key: str) -> None:
        states.append((await office.message(key)).state)

    office.chat.while_posting = meanwhile
    await office.a_worker().drain()
    assert states == [State.SENDING]


async def test_what_is_not_to_be_seen_any_more_is_never_sent(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("hello")
    await office.edit(key, state=VocItem.State.WITHDRAWN)
    await office.a_worker().drain()
    assert office.chat.attempts == []
    assert (await office.message(key)).state is State.CANCELLED


async def test_a_message_that_would_come_too_late_is_never_sent(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    late, in_time = (
        await office.want("late", not_after=NOON),
        await office.want("in time", not_after=NOON + timedelta(hours=1)),
    )
    office.clock.move_to(NOON + timedelta(minutes=1))
    await office.a_worker().drain()
    assert office.chat.words == ["in time"]
    assert (await office.message(late)).state is State.CANCELLED
    assert (await office.message(in_time)).state is State.SHOWN


async def test_what_stands_there_already_is_still_replaced_after_its_time(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("first", not_after=NOON + timedelta(minutes=1))
    await office.a_worker().drain()
    office.clock.move_to(NOON + timedelta(hours=1))
    await office.edit(key, "second")
    await office.a_worker().drain()
    assert office.chat.words == ["second"]


async def test_a_message_whose_time_has_not_come_waits(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    office.clock.move_to(NOON + timedelta(minutes=5))
    key = await office.want("later")
    office.clock = type(office.clock)(NOON)
    await office.a_worker().drain()
    assert office.chat.attempts == []
    office.clock.move_to(NOON + timedelta(minutes=5))
    await office.a_worker().drain()
    assert office.chat.attempts == [("post", key)]


async def test_a_reply_in_a_thread_waits_for_its_parent_and_stands_under_it(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    parent = await office.want("parent", traffic=Lane.Traffic.SUMMARY)
    reply = await office.want("reply", thread=parent, traffic=Lane.Traffic.REPLY)
    office.chat.faults = [Fault(NotSent("no connection"))]
    await office.a_worker().drain()
    assert office.chat.words == []
    for _ in range(2):
        await real_time_passes(sqlite)
        await office.a_worker().drain()
    threads = {post.key: post.to.thread_ref for post in office.chat.posts.values()}
    assert threads == {parent: "", reply: "ref-1"}


async def test_a_reply_whose_parent_will_never_stand_is_given_up(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    parent = await office.want("parent")
    await office.edit(parent, state=VocItem.State.WITHDRAWN)
    await office.a_worker().drain()
    reply = await office.want("reply", thread=parent)
    await office.a_worker().drain()
    assert office.chat.attempts == []
    assert (await office.message(reply)).state is State.DEAD


async def test_a_message_that_can_not_be_drawn_holds_up_no_other(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    broken, whole = await office.want("broken"), await office.want("whole")
    async with acting(sqlite, office.company) as tx:
        (await tx.all(select(Message).where(Message.key == broken)))[0].ids = '{"other": 1}'
    await office.a_worker().drain()
    assert office.chat.words == ["whole"]
    assert [(await office.message(key)).state for key in (broken, whole)] == [State.DEAD, State.SHOWN]


async def test_undo_of_a_message_that_stands_takes_it_away(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("oops", event=71)
    await office.a_worker().drain()
    async with acting(sqlite, office.company, "ada", event=72) as tx:
        assert await undo.undo(tx, 71, NOON)
    await office.a_worker().drain()
    assert office.chat.words == []
    assert (await office.message(key)).state is State.CANCELLED


async def test_undo_in_the_middle_of_a_sending_takes_the_message_away_after_it(database: Database) -> None:
    office = PostOffice(database, await a_company(database))
    await office.want("oops", event=71)

    async def meanwhile(_to: Destination, _key: str) -> None:
        async with acting(database, office.company, "ada", event=72) as tx:
            assert await undo.undo(tx, 71, NOON)

    office.chat.while_posting = meanwhile
    await office.a_worker().drain()
    assert [method for method, _ in office.chat.attempts] == ["post", "delete"]
    assert office.chat.words == []


async def test_what_was_taken_back_may_be_wanted_anew(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("hello")
    await office.edit(key, state=VocItem.State.WITHDRAWN)
    await office.a_worker().drain()
    await office.edit(key, "hello again")
    await office.want_again(key)
    await office.a_worker().drain()
    assert office.chat.words == ["hello again"]


async def test_a_direct_message_goes_to_the_account_that_can_be_reached(sqlite: Database) -> None:
    company = await a_company(sqlite)
    office = PostOffice(sqlite, company)
    await office.want("psst", to=company.people["dana"])
    await office.a_worker().drain()
    (post,) = office.chat.posts.values()
    assert (post.to.account, post.to.conversation, post.to.tenant) == ("dana", "", "tenant-northwater")


async def test_nobody_is_told_who_can_not_be_reached(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company) as tx:
        (await tx.need(Account, company.accounts["dana"].id)).reachable = False
    office = PostOffice(sqlite, company)
    await office.want("psst", to=company.people["dana"])
    assert await office.messages() == []


@pytest.mark.parametrize("rest", [timedelta(minutes=10), timedelta(0)])
async def test_a_message_that_rests_between_changes_comes_no_sooner_and_no_later(
    sqlite: Database, rest: timedelta
) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second", at_most_every=rest)
    await office.a_worker().drain()
    assert office.chat.words == (["first"] if rest else ["second"])
    office.clock.move_to(NOON + rest)
    await office.a_worker().drain()
    assert office.chat.words == ["second"]


async def test_what_must_be_seen_at_once_does_not_wait_for_a_rest(sqlite: Database) -> None:
    office = PostOffice(sqlite, await a_company(sqlite))
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second", at_most_every=timedelta(minutes=10))
    await office.edit(key, "third")
    await office.a_worker().drain()
    assert office.chat.words == ["third"]


async def test_every_install_and_traffic_class_has_one_lane(sqlite: Database) -> None:
    await a_company(sqlite)
    await a_company(sqlite, "Southgas")
    async with sqlite.read(SYSTEM) as tx:
        lanes = await tx.all(select(col(Lane.traffic)).order_by(col(Lane.install_id), col(Lane.id)))
    assert lanes == [*Lane.Traffic, *Lane.Traffic]
