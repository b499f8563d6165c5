"""SIGTERM while questions go out and people answer: it ends well, nothing hangs in the air, a restart goes on."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.engine import Database
from storage.messages import Lane, Message
from storage.tx import SYSTEM
from tests.faults.chapters import opened
from tests.faults.command import Machine, serving
from tests.faults.crowd import Crowd, join_the_team, move_to_next
from tests.faults.story import all_shown, kept_of, story_of, todays_run_in
from tests.faults.tally import Tally
from tests.faults.worker import a_worker
from tests.support.company import a_company
from tests.support.far_platform import FarPlatform, Trouble, a_platform
from tests.support.post_office import PostOffice

pytestmark = [pytest.mark.fault, pytest.mark.slow]
NAMES = [f"person{number}" for number in range(60)]
TEAM = ("amy", "ben", "cem", "dee", "eli")


async def test_a_bot_that_is_told_to_end_under_load_ends_well_and_loses_nothing(
    morning: str, tmp_path: Path, tally: Callable[[Tally], None]
) -> None:
    machine = Machine(tmp_path, {"DATABASE_URL": morning, "PORT": "0"}, post_takes_s=0.1)
    async with opened(morning) as database:
        await join_the_team(database, NAMES)
        with serving(machine, "--speed", "0") as served:
            opening = asyncio.create_task(move_to_next(served.url))
            crowd, run = Crowd(served.url), await todays_run_in(database)
            answering = [asyncio.create_task(crowd.answers(run, user)) for user in TEAM]
            await crowd.reaches(8)
            code = await asyncio.to_thread(served.end)
            await asyncio.gather(opening, *answering)
        assert (code, "Traceback" in (tmp_path / "err").read_text()) == (0, False)
        await nothing_hangs_in_the_air(database)
        lost = [each for user in TEAM for each in crowd.taken[user] if each not in await kept_of(database, user)]
        with serving(machine, "--speed", "0"):
            asked = await all_asked(database)
        assert not lost
        assert sorted(asked) == sorted([*TEAM, *NAMES])
        tally(Tally("SIGTERM under load", 1, len(lost), (await story_of(database)).said_twice))


async def test_told_to_end_while_another_process_holds_the_lock_it_writes_down_what_became_of_its_posts(
    northwater_url: str, tmp_path: Path, tally: Callable[[Tally], None]
) -> None:
    machine = Machine(tmp_path, {"DATABASE_URL": northwater_url, "PORT": "0"}, post_takes_s=1)
    async with opened(northwater_url) as database:
        with serving(machine, "--speed", "0") as served:
            opening = asyncio.create_task(move_to_next(served.url))
            await under_way(database)
            with closing(sqlite3.connect(database.where, isolation_level=None, timeout=20)) as other:
                other.execute("BEGIN IMMEDIATE")
                ending = asyncio.create_task(asyncio.to_thread(served.end))
                await logged(machine, "settling_waits")
                other.execute("ROLLBACK")
            code = await ending
            await opening
        assert (code, "Traceback" in (tmp_path / "err").read_text()) == (0, False)
        await nothing_hangs_in_the_air(database)
        await goes_on(database, machine)
        tally(Tally("SIGTERM while SQLite is locked", 1, 0, (await story_of(database)).said_twice))


async def test_told_to_end_while_a_lane_hangs_it_ends_in_time_and_only_what_hung_is_looked_for(
    database: Database, database_url: str, tally: Callable[[Tally], None]
) -> None:
    office = PostOffice(database, await a_company(database))
    keys = [await office.want(f"note {number}", traffic=traffic) for traffic in Lane.Traffic for number in range(3)]
    async with a_platform() as platform:
        platform.troubles = [("POST", Trouble.HANGS_BEFORE)]
        with a_worker(database_url, platform.url, "first") as worker:
            hung = await hanging(platform)
            code = await asyncio.to_thread(worker.end)
        assert code == 0
        # Nobody knows what became of a post that was cut off; all others were shown or given back.
        await nothing_hangs_in_the_air(database, but={(await office.message(hung)).id})
        with a_worker(database_url, platform.url, "second"):
            for key in keys:
                await office.shown(key)
        standing = [platform.standing(key) for key in keys]
        assert standing == [1] * len(keys)
        tally(Tally("SIGTERM while a lane hangs", platform.misbehaved, standing.count(0), sum(n > 1 for n in standing)))


async def hanging(platform: FarPlatform) -> str:
    """Waits until a post hangs; its key."""
    async with asyncio.timeout(20):
        while not platform.misbehaved:  # noqa: ASYNC110 - the count is all there is
            await asyncio.sleep(0.01)
    (key,) = {each.body["key"] for each in platform.asked} - {key for key, _ in platform.posts.values()}
    return key


async def under_way(database: Database) -> None:
    """Waits until something is being sent."""
    async with asyncio.timeout(20):
        while True:
            async with database.read(SYSTEM) as tx:
                found = await tx.all(select(Message.id).where(Message.state == Message.State.SENDING))
            if found:
                return
            await asyncio.sleep(0.02)


async def logged(machine: Machine, event: str) -> None:
    """Waits until the bot has logged it."""
    async with asyncio.timeout(20):
        while event not in (machine.folder / "err").read_text():  # noqa: ASYNC110 - the file is all there is
            await asyncio.sleep(0.02)


async def goes_on(database: Database, machine: Machine) -> None:
    """Started again, it asks everybody whom it has not asked yet, and nobody twice."""
    with serving(machine, "--speed", "0") as served:
        await move_to_next(served.url)
        await all_shown(database)
        assert sorted(await all_asked(database)) == sorted(TEAM)


async def nothing_hangs_in_the_air(database: Database, *, but: Collection[int] = ()) -> None:
    async with database.read(SYSTEM) as tx:
        sending = await tx.all(select(Message.id).where(Message.state == Message.State.SENDING))
        unknown = await tx.all(select(Message.id).where(Message.state == Message.State.UNKNOWN))
        leased = await tx.all(select(Lane.id).where(col(Lane.owner).is_not(None)))
    assert (sending, set(unknown) - set(but), leased) == ([], set(), [])


async def all_asked(database: Database) -> list[str]:
    """Who stands in front of a question, once for each, as soon as everything is shown."""
    async with asyncio.timeout(20):
        while True:
            async with database.read(SYSTEM) as tx:
                left = await tx.first(select(Message.id).where(Message.state == Message.State.READY))
            if left is None:
                break
            await asyncio.sleep(0.05)
    posts = (await story_of(database)).posts
    return [room.removeprefix("dm-") for room, _, _, words in posts if "Tue 24 Nov" in words and room.startswith("dm-")]
