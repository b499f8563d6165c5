"""A worker that is told to end, or meets trouble: what is under way is ended and kept, and nobody is left behind."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.ports import Destination, MaybeSent, RateLimited, Refused
from schedules import reconcile
from schedules.delivery import Delivery, Leased
from schedules.parcels import Batch
from storage.engine import Database
from storage.errors import Unreachable
from storage.messages import Lane, Message
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice, an_office

State = Message.State
TRAFFIC = Lane.Traffic


class OneLaneIsBroken(Delivery):
    """A worker whose database is away whenever it claims replies."""

    async def _claim(self, leased: Leased) -> Batch:
        if leased.lane.traffic is TRAFFIC.REPLY:
            raise Unreachable("there")
        return await super()._claim(leased)


async def test_a_lane_that_meets_trouble_leaves_no_other_lanes_sending_behind(sqlite: Database) -> None:
    office = await an_office(sqlite)
    slow = await office.want("slow", traffic=TRAFFIC.SUMMARY)
    await office.want("broken", traffic=TRAFFIC.REPLY)
    under_way, may_end = asyncio.Event(), asyncio.Event()

    async def wait(_to: Destination, _key: str) -> None:
        under_way.set()
        await may_end.wait()

    office.chat.while_posting = wait
    worker = office.a_worker(kind=OneLaneIsBroken)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await under_way.wait()
    stop.set()
    asyncio.get_running_loop().call_later(0.2, may_end.set)
    await running
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    assert (await office.message(slow)).state is State.SHOWN


async def test_a_worker_that_is_told_to_end_gives_back_what_it_has_only_claimed(database: Database) -> None:
    office = await an_office(database)
    keys = [await office.want(f"note {number}") for number in range(20)]
    stop = asyncio.Event()

    async def told_to_end(_to: Destination, _key: str) -> None:
        stop.set()

    office.chat.while_posting = told_to_end
    await office.a_worker().run(stop)
    states = [(await office.message(key)).state for key in keys]
    assert set(states) == {State.SHOWN, State.READY}
    assert states.count(State.SHOWN) == len(office.chat.posts) <= 8
    office.chat.while_posting = None
    await office.a_worker().drain()
    assert sorted(office.chat.words) == sorted(f"note {number}" for number in range(20))


async def test_before_the_only_worker_starts_nobody_is_asked(sqlite: Database) -> None:
    office = await an_office(sqlite)
    await office.want("hello")
    office.chat.faults = [Fault(MaybeSent("no answer"))]
    await office.a_worker().drain()
    heir = office.a_worker("heir")
    await heir.sweep(everything=True)
    assert office.chat.tries("find") == 0
    await heir.sweep()
    assert office.chat.tries("find") == 1


@pytest.mark.parametrize(("traffic", "state"), [(TRAFFIC.PROMPT, State.SHOWN), (TRAFFIC.SUMMARY, State.PARKED)])
async def test_where_the_platform_refuses_to_say_it_is_as_where_it_can_not_be_asked(
    database: Database, traffic: Lane.Traffic, state: Message.State
) -> None:
    office = await an_office(database)
    key = await office.want("hello", traffic=traffic)
    office.chat.faults = [Fault(MaybeSent("no answer")), Fault(Refused("missing scope"), "find")]
    await _hours_pass(office, 3)
    assert (await office.message(key)).state is state


async def test_what_is_looked_for_in_vain_for_too_long_is_decided_all_the_same(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "LOOKS_IN_VAIN", 4)
    office = await an_office(sqlite)
    keys = [await office.want("a summary"), await office.want("a question", traffic=TRAFFIC.PROMPT)]
    office.chat.faults = [Fault(MaybeSent("no answer")) for _ in keys]
    office.chat.faults += [Fault(MaybeSent("no answer"), "find") for _ in range(8)]
    await _hours_pass(office, 3)
    assert await _states(office, keys) == [State.UNKNOWN, State.UNKNOWN]
    await _hours_pass(office, 3)
    assert await _states(office, keys) == [State.PARKED, State.SHOWN]


async def test_what_only_waits_behind_another_look_has_not_been_looked_for_in_vain(sqlite: Database) -> None:
    office = await an_office(sqlite)
    office.chat.doubt_s = 1
    keys = [await office.want(words) for words in ("first", "second")]
    office.chat.faults = [Fault(MaybeSent("no answer")) for _ in keys]
    office.chat.faults += [Fault(RateLimited("fake", retry_after_s=90), "find") for _ in range(2)]
    await _hours_pass(office, 3)
    assert [(await office.message(key)).looks for key in keys] == [2, 0]


async def _states(office: PostOffice, keys: Sequence[str]) -> list[Message.State]:
    return [(await office.message(key)).state for key in keys]


async def _hours_pass(office: PostOffice, hours: int) -> None:
    worker = office.a_worker()
    for _ in range(hours):
        await worker.drain()
        await worker.sweep()
        await real_time_passes(office.database)
