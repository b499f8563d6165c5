"""The delivery over real HTTP to a platform that misbehaves: shown once, or what its kind of message allows."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from schedules.delivery import Delivery
from storage.engine import Database
from storage.messages import Lane, Message
from tests.faults.tally import Tally
from tests.support.company import a_company
from tests.support.elapsing import real_time_passes
from tests.support.far_platform import FarPlatform, Trouble, a_platform
from tests.support.notebook import NOTEBOOK
from tests.support.post_office import PostOffice
from tests.support.wired_chat import a_wired_chat

pytestmark = [pytest.mark.fault, pytest.mark.slow]
State, Traffic = Message.State, Lane.Traffic
TIMEOUT_S = 0.3
IN_DOUBT = (
    Trouble.BROKEN_BEFORE,
    Trouble.BROKEN_AFTER,
    Trouble.HANGS_BEFORE,
    Trouble.HANGS_AFTER,
    Trouble.DRIPS,
    Trouble.CUT_BEFORE,
    Trouble.CUT_AFTER,
)
APPLIED = (Trouble.BROKEN_AFTER, Trouble.HANGS_AFTER, Trouble.DRIPS, Trouble.CUT_AFTER)
Tell = Callable[[Tally], None]


@dataclass(frozen=True, slots=True)
class Branch:
    """A post office whose worker speaks HTTP."""

    office: PostOffice
    worker: Delivery
    platform: FarPlatform

    async def rounds(self, number: int) -> int:
        """Everything is tried and looked for, and real time passes in between; how many attempts that were."""
        attempts = 0
        for _ in range(number):
            attempts += await self.worker.drain()
            await self.worker.sweep()
            await real_time_passes(self.office.database)
        return attempts + await self.worker.drain()

    async def state(self, key: str) -> Message.State:
        """What became of a message."""
        return (await self.office.message(key)).state

    def seen(self, kind: str, *keys: str, runs: int | None = None, why: str = "") -> Tally:
        """What stands there of the messages; it misbehaved as often as it did, if `runs` does not say otherwise."""
        standing = [self.platform.standing(key) for key in keys]
        runs = self.platform.misbehaved if runs is None else runs
        return Tally(kind, runs, standing.count(0), sum(each > 1 for each in standing), why)

    def tries(self, method: str = "POST") -> int:
        """How many requests there were."""
        return sum(1 for each in self.platform.asked if each.method == method)


@asynccontextmanager
async def a_branch(database: Database, *, may_look: bool = True) -> AsyncIterator[Branch]:
    office = PostOffice(database, await a_company(database))
    async with a_platform() as platform, a_wired_chat(platform.url, may_look=may_look, timeout_s=TIMEOUT_S) as chat:
        worker = Delivery(database, {"fake": chat}, NOTEBOOK.views, office.clock, name="worker")
        yield Branch(office, worker, platform)


@pytest.mark.parametrize("trouble", IN_DOUBT)
async def test_where_the_platform_can_be_asked_every_message_stands_there_once(
    database: Database, trouble: Trouble, tally: Tell
) -> None:
    async with a_branch(database) as branch:
        keys = [await branch.office.want(f"note {number}") for number in range(3)]
        branch.platform.troubles = [("POST", trouble), ("POST", trouble), ("GET", Trouble.CUT_BEFORE)]
        await branch.rounds(3)
        standing = [branch.platform.standing(key) for key in keys]
        assert standing == [1, 1, 1]
        assert {await branch.state(key) for key in keys} == {State.SHOWN}
        tally(branch.seen(f"{trouble}, the platform can be asked", *keys))


@pytest.mark.parametrize("trouble", IN_DOUBT)
async def test_where_it_can_not_be_asked_a_question_is_sent_once_more_and_a_summary_is_parked(
    database: Database, trouble: Trouble, tally: Tell
) -> None:
    async with a_branch(database, may_look=False) as branch:
        for traffic in Traffic:
            key = await branch.office.want(f"note for {traffic}", traffic=traffic)
            branch.platform.troubles = [("POST", trouble)]
            await branch.rounds(3)
            is_there, is_risked = trouble in APPLIED, traffic is not Traffic.SUMMARY
            standing = branch.platform.standing(key)
            why = "a reply or question twice is a small nuisance, never asked a broken promise" if is_risked else ""
            kind = "once more" if is_risked else "parked for a person to decide"
            assert await branch.state(key) is (State.SHOWN if is_risked else State.PARKED)
            assert standing == int(is_there) + int(is_risked)
            # What is parked is no loss: administrators are told, and decide.
            lost = int(standing == 0 and is_risked)
            runs, branch.platform.misbehaved = branch.platform.misbehaved, 0
            tally(Tally(f"{trouble}, it can't be asked: {kind}", runs, lost, int(standing > 1), why))


async def test_where_it_can_not_be_asked_a_question_is_never_sent_a_third_time(database: Database, tally: Tell) -> None:
    async with a_branch(database, may_look=False) as branch:
        key = await branch.office.want("a question", traffic=Traffic.PROMPT)
        branch.platform.troubles = [("POST", Trouble.CUT_AFTER)] * 5
        await branch.rounds(6)
        assert (branch.tries(), await branch.state(key)) == (2, State.PARKED)
        kind = "a connection cut after it was applied, again and again"
        tally(branch.seen(kind, key, why="once more, then parked"))


async def test_what_is_replaced_or_taken_away_is_tried_again_and_never_doubled(database: Database, tally: Tell) -> None:
    async with a_branch(database) as branch:
        key = await branch.office.want("first")
        await branch.rounds(0)
        branch.platform.troubles = [("PUT", trouble) for trouble in IN_DOUBT[:4]]
        await branch.office.edit(key, "second")
        await branch.rounds(5)
        assert list(branch.platform.posts.values()) == [(key, "second")]
        assert branch.platform.troubles == []
        tally(branch.seen("a replacement that fails again and again", key))


async def test_a_platform_that_refuses_connections_gets_everything_once_it_is_there(
    database: Database, tally: Tell
) -> None:
    async with a_branch(database) as branch:
        keys = [await branch.office.want(f"note {number}") for number in range(3)]
        await branch.platform.close()
        refused = await branch.rounds(3)
        assert (branch.tries(), refused >= len(keys)) == (0, True)
        assert {await branch.state(key) for key in keys} == {State.READY}
        await branch.platform.open()
        await branch.rounds(1)
        assert [branch.platform.standing(key) for key in keys] == [1, 1, 1]
        tally(branch.seen("a refused connection", *keys, runs=refused))


async def test_too_fast_stops_that_lane_alone_for_as_long_as_it_was_asked_to(database: Database, tally: Tell) -> None:
    async with a_branch(database) as branch:
        summary = await branch.office.want("summary", traffic=Traffic.SUMMARY)
        branch.platform.troubles, branch.platform.retry_after = [("POST", Trouble.LIMITED)], "90"
        await branch.worker.drain()
        prompt = await branch.office.want("prompt", traffic=Traffic.PROMPT)
        another = await branch.office.want("another summary", traffic=Traffic.SUMMARY)
        await real_time_passes(database, timedelta(seconds=80))
        await branch.worker.drain()
        assert [branch.platform.standing(key) for key in (summary, prompt, another)] == [0, 1, 0]
        await real_time_passes(database, timedelta(seconds=11))
        await branch.worker.drain()
        assert [branch.platform.standing(key) for key in (summary, prompt, another)] == [1, 1, 1]
        tally(branch.seen("429 with Retry-After", summary, prompt, another))


@pytest.mark.parametrize("retry_after", ["", "0", "soon", "Tue, 24 Nov 2020 09:00:00 GMT"])
async def test_a_platform_that_does_not_say_how_long_is_never_asked_in_a_hot_loop(
    database: Database, retry_after: str, tally: Tell
) -> None:
    async with a_branch(database) as branch:
        key = await branch.office.want("hello")
        branch.platform.troubles, branch.platform.retry_after = [("POST", Trouble.LIMITED)] * 20, retry_after
        until = time.monotonic() + 0.8
        while time.monotonic() < until:
            await branch.worker.drain()
            await asyncio.sleep(0.01)
        assert branch.tries() == 1
        branch.platform.troubles = []
        await branch.rounds(1)
        assert (await branch.state(key), branch.platform.standing(key)) == (State.SHOWN, 1)
        tally(branch.seen("429 without Retry-After, or with one that says nothing", key))
