"""A worker that stands still past its lease, while another takes over: when it goes on it sends nothing more."""

import asyncio
from collections.abc import Callable

import pytest

from storage.engine import Database
from storage.messages import Message
from tests.faults.tally import Tally
from tests.faults.worker import FENCE_S, NO_FENCE, a_worker
from tests.support.company import a_company
from tests.support.far_platform import Asked, FarPlatform, a_platform
from tests.support.post_office import PostOffice
from tests.support.postgres import drop_database, new_database

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.postgres]
NOTES = 20
STOPS_AT = 5  # posts


async def standing_after(office: PostOffice, platform: FarPlatform, url: str, *, fence_s: float) -> list[int]:
    """How often each message stands after the first worker stood still in the middle of them."""
    keys = [await office.want(f"note {number}") for number in range(NOTES)]
    stands_still = asyncio.Event()
    with a_worker(url, platform.url, "first", fence_s=fence_s) as first:

        def stop(asked: Asked) -> None:
            if asked.method == "POST" and len(platform.asked) == STOPS_AT:
                first.stop()
                stands_still.set()

        platform.hook = stop
        await asyncio.wait_for(stands_still.wait(), 20)
        with a_worker(url, platform.url, "second"):
            for key in keys:
                await office.shown(key)
        platform.hook = None
        first.go_on()
        # It takes up new work only when it is through with the old.
        last = await office.want("one more")
        await office.shown(last)
    assert platform.standing(last) == 1
    assert {asked.sender for asked in platform.asked if asked.body.get("key") == last} == {"first"}
    return [platform.standing(key) for key in keys]


@pytest.fixture
def server_url(postgres_base: str, postgres_template: str):
    url = new_database(postgres_base, postgres_template)
    yield url
    drop_database(url)


@pytest.mark.parametrize("fence_s", [FENCE_S, NO_FENCE], ids=["with the fence", "without the fence"])
async def test_who_stood_still_past_the_lease_sends_nothing_more_and_only_the_fence_sees_to_it(
    server_url: str, fence_s: float, tally: Callable[[Tally], None]
) -> None:
    database = Database(server_url)
    async with a_platform() as platform:
        office = PostOffice(database, await a_company(database))
        standing = await standing_after(office, platform, server_url, fence_s=fence_s)
    states = {each.state for each in await office.messages()}
    await database.close()
    assert states == {Message.State.SHOWN}
    lost, twice = standing.count(0), sum(each > 1 for each in standing)
    assert (lost, twice > 0) == (0, fence_s == NO_FENCE)
    if fence_s == FENCE_S:
        tally(Tally("a worker stood still past its lease", 1, lost, twice))
    else:
        why = "proof that the test sees it: there is no fence"
        tally(Tally("the same with the fence taken out", 1, lost, twice, why))
