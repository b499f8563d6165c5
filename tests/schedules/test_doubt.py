"""Posts of unknown fate: looked for where that is possible, else decided by what kind of message it is."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import says
from bot.ports import CannotLook, Destination, MaybeSent, NotSent, RateLimited
from storage.engine import Database
from storage.messages import Lane, Message
from storage.tx import SYSTEM
from tests.support.company import a_company, acting
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice, an_office

State = Message.State
TRAFFIC = Lane.Traffic


@pytest.mark.req("INV-20")
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_post_in_doubt_is_looked_for_and_stands_there_once(database: Database, arrived: bool) -> None:
    office = await an_office(database)
    key = await office.want("hello")
    office.chat.faults = [Fault(MaybeSent("no answer"), applied=arrived)]
    worker = office.a_worker()
    await worker.drain()
    assert (await office.message(key)).state is State.UNKNOWN
    await worker.drain()
    assert office.chat.tries("post") == 1
    await worker.sweep()
    await worker.drain()
    assert office.chat.words == ["hello"]
    assert office.chat.tries("post") == (1 if arrived else 2)
    assert (await office.message(key)).state is State.SHOWN


@pytest.mark.req("INV-20")
async def test_an_error_nobody_thought_of_leaves_a_post_in_doubt_and_not_sent_twice(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(KeyError("surprise"), applied=True)]
    worker = office.a_worker()
    await worker.drain()
    assert (await office.message(key)).state is State.UNKNOWN
    await worker.sweep()
    assert (office.chat.words, office.chat.tries("post")) == (["hello"], 1)


async def test_an_edit_while_a_post_is_in_doubt_ends_in_what_is_wanted(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("first")
    office.chat.faults = [Fault(MaybeSent("no answer"), applied=True)]
    worker = office.a_worker()
    await worker.drain()
    await office.edit(key, "second")
    await worker.sweep()
    await worker.drain()
    assert (office.chat.words, office.chat.tries("post")) == (["second"], 1)


@pytest.mark.parametrize(("traffic", "posts", "state"), [
    (TRAFFIC.REPLY, 2, State.SHOWN), (TRAFFIC.PROMPT, 2, State.SHOWN), (TRAFFIC.SUMMARY, 1, State.PARKED),
])  # fmt: skip
async def test_where_the_bot_may_not_look_a_question_is_asked_once_more_and_a_summary_waits_for_somebody_to_decide(
    database: Database, traffic: Lane.Traffic, posts: int, state: Message.State
) -> None:
    office = await an_office(database)
    key = await office.want("hello", traffic=traffic)
    office.chat.faults = [Fault(MaybeSent("no answer"), applied=True), Fault(CannotLook("not here"), "find")]
    await _weeks_pass(office)
    message = await office.message(key)
    assert (office.chat.tries("post"), message.state, message.reposts) == (posts, state, posts - 1)


@pytest.mark.req("INV-20")
async def test_where_the_bot_may_not_look_nothing_is_sent_a_third_time(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello", traffic=TRAFFIC.PROMPT)
    for _ in range(5):
        office.chat.faults += [Fault(MaybeSent("no answer"), applied=True), Fault(CannotLook("not here"), "find")]
    await _weeks_pass(office)
    assert (office.chat.tries("post"), (await office.message(key)).state) == (2, State.PARKED)


async def test_a_post_is_looked_for_only_when_the_platform_has_had_time_to_show_it(sqlite: Database) -> None:
    office = await an_office(sqlite)
    office.chat.doubt_s = 5
    key = await office.want("hello")
    office.chat.faults = [Fault(MaybeSent("no answer"))]
    worker = office.a_worker()
    await worker.drain()
    await worker.sweep()
    await real_time_passes(sqlite, timedelta(seconds=4))
    await worker.sweep()
    assert office.chat.tries("find") == 0
    await office.chat.post(Destination("tenant-northwater", "everybody"), says("hello"), key=key)  # it arrives late
    await real_time_passes(sqlite, timedelta(seconds=2))
    await worker.sweep()
    await worker.drain()
    message = await office.message(key)
    assert (office.chat.words, message.state, message.reposts) == (["hello"], State.SHOWN, 0)


async def test_how_often_a_post_was_looked_for_in_vain_and_sent_again_is_counted(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(MaybeSent("no answer")) for _ in range(3)]
    await _weeks_pass(office)
    message = await office.message(key)
    assert (office.chat.tries("post", key), message.reposts, office.chat.words) == (4, 3, ["hello"])


async def _weeks_pass(office: PostOffice) -> None:
    worker = office.a_worker()
    for _ in range(8):
        await worker.drain()
        await real_time_passes(office.database)
        await worker.sweep()


async def test_while_looking_goes_wrong_the_platform_is_not_asked_again_and_again(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(MaybeSent("no answer")), Fault(RateLimited("fake", retry_after_s=90), "find")]
    worker = office.a_worker()
    await worker.drain()
    for _ in range(3):
        await worker.sweep()
    assert office.chat.tries("find") == 1
    await real_time_passes(sqlite, timedelta(seconds=95))
    await worker.sweep()
    await worker.drain()
    assert (await office.message(key)).state is State.SHOWN


@pytest.mark.parametrize("fault", [RuntimeError("surprise"), NotSent("no connection")], ids=["surprise", "not sent"])
async def test_one_message_that_can_not_be_looked_for_holds_up_no_other(sqlite: Database, fault: Exception) -> None:
    office = await an_office(sqlite)
    keys = [await office.want(words) for words in ("first", "second")]
    office.chat.faults = [Fault(MaybeSent("no answer")) for _ in keys] + [Fault(fault, "find")]
    worker = office.a_worker()
    await worker.drain()
    await worker.sweep()
    assert [(await office.message(key)).state for key in keys] == [State.UNKNOWN, State.READY]


async def test_a_platform_that_was_taken_out_holds_up_no_other(sqlite: Database) -> None:
    office = await an_office(sqlite)
    south = await a_company(sqlite, "Southgas", people=("Ada",))
    async with acting(sqlite, south) as tx:
        tx.session.add(south.install)
        south.install.platform = "gone"
    gone = await PostOffice(sqlite, south).want("gone")
    key = await office.want("hello")
    async with sqlite.write(SYSTEM) as tx:
        for message in await tx.all(select(Message)):
            message.state = State.UNKNOWN
    worker = office.a_worker()
    await worker.sweep()
    await worker.drain()
    assert [(await office.message(key)).state, (await PostOffice(sqlite, south).message(gone)).state] == [
        State.SHOWN,
        State.PARKED,
    ]
