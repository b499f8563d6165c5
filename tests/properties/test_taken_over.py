"""A worker that stands still past its lease at any of its steps while another takes over, and one that is killed."""

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest

from schedules import delivery
from storage.engine import Database
from storage.messages import Message
from tests.support.examples import NewUrl
from tests.support.exchange import Exchange
from tests.support.platform import RealTime
from tests.support.turns import Killed, Life, StalledLife

pytestmark = pytest.mark.slow

PAST_THE_LEASE_S = 45.0
STEPS_AT_LEAST = 12  # of a worker with one batch in each of several lanes: far fewer, and nothing was tried


def test_a_worker_that_stands_still_past_its_lease_at_any_step_sends_nothing_twice(new_url: NewUrl) -> None:
    assert _at_every_step(new_url, _stands_still) > STEPS_AT_LEAST


def test_a_worker_that_meets_another_one_in_its_lane_leaves_it_the_lane(new_url: NewUrl) -> None:
    assert _at_every_step(new_url, _meets_another) > STEPS_AT_LEAST


def test_what_a_worker_that_is_killed_at_any_step_leaves_is_sent_once(new_url: NewUrl) -> None:
    assert _at_every_step(new_url, _is_killed) > STEPS_AT_LEAST


def _at_every_step(new_url: NewUrl, story: Callable[[Exchange, int], Awaitable[bool]]) -> int:
    """Tells a story for the steps of a worker, until it ends before such a step; how many steps it has.

    In the usual run some steps are left out, more of them on PostgreSQL, where a story takes longer.
    """
    usual = 2 if new_url().startswith("sqlite") else 6
    number, stride = 0, 1 if os.environ.get("FOLKMOOT_EXAMPLES") else usual
    while asyncio.run(_told(new_url(), story, number)):
        number += stride
    return number


async def _told(url: str, story: Callable[[Exchange, int], Awaitable[bool]], number: int) -> bool:
    real_time = RealTime()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "steady_s", real_time.monotonic)
        here = Exchange(Database(url), real_time)
        try:
            await here.opens()
            wanted = [here.letters["Northwater", name] for name in ("greeting", "question")]
            for letter in wanted:
                await here.wants(letter, Life())
            happened = await story(here, number)
            for heir in range(2):
                await here.passes(PAST_THE_LEASE_S, Life())
                await here.works(Life(), f"heir {heir}")
            assert await here.states() == {Message.State.SHOWN}
            stands = sorted(post.words for post in here.platform.arrived)
            assert stands == sorted(letter.words for letter in wanted), f"at step {number}"
            assert here.intruders == [], f"at step {number}"
            return happened
        finally:
            await here.database.close()


async def _stands_still(here: Exchange, number: int) -> bool:
    """Meanwhile another one does all of its work."""

    async def meanwhile() -> None:
        await here.passes(PAST_THE_LEASE_S, Life())
        await here.works(Life(), "other")

    life = StalledLife(number, meanwhile)
    await here.works(life, "worker")
    return life.has_stalled


async def _meets_another(here: Exchange, number: int) -> bool:
    """Meanwhile another one begins to send, and is still at it when the first one goes on."""
    goes_on = asyncio.Event()

    async def until_then() -> None:
        await goes_on.wait()

    async def meanwhile() -> None:
        await here.passes(PAST_THE_LEASE_S, Life())
        others.append(asyncio.create_task(here.works(Life(), "other", at_platform=sending)))
        while not (others[0].done() or sending.has_stalled):  # noqa: ASYNC110 - a step of somebody else tells it
            await asyncio.sleep(0.001)

    sending, others = StalledLife(0, until_then), list[asyncio.Task[None]]()
    life = StalledLife(number, meanwhile)
    await here.works(life, "worker")
    goes_on.set()
    await asyncio.gather(*others)
    return life.has_stalled


async def _is_killed(here: Exchange, number: int) -> bool:
    life = Life(steps=number)
    try:
        await here.works(life, "worker")
    except Killed:
        return True
    return False
