"""kill -9 at a few moments in every run of the tests; `test_failpoints.py` takes all there are."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.chapters import Day, a_copy, opened
from tests.faults.house import Moment
from tests.faults.processes import Died, Running, a_house
from tests.faults.relay import lease_ends, relay
from tests.faults.story import ACTS, act_of, all_shown, kept_of, story_of, todays_run_in
from tests.faults.tally import Tally

pytestmark = [pytest.mark.fault, pytest.mark.slow]
Tell = Callable[[Tally], None]
USERS = ("amy", "ben", "cem", "dee", "eli")


@pytest.fixture(scope="module")
def short_day(northwater_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The huddle opens and two answer, on SQLite."""
    return Day(f"sqlite:///{northwater_template}", tmp_path_factory.mktemp("day"), ACTS[:3])


@pytest.mark.parametrize(("moment", "number"), [
    (Moment.AFTER_COMMIT, 1),
    (Moment.BEFORE_COMMIT, 4),
    (Moment.AFTER_SEND, 1),
])  # fmt: skip
async def test_killed_in_the_middle_it_ends_as_if_nothing_had_happened(
    short_day: Day, moment: Moment, number: int, tmp_path: Path
) -> None:
    chapters = await short_day.chapters()
    with a_copy(short_day.morning, tmp_path) as url:
        course = await relay(url, chapters, moment, number)
    assert (course.differs, course.doubled) == ([], [])
    assert course.deaths >= len(chapters) - 1


async def test_killed_while_many_answer_every_answer_that_was_acknowledged_is_there(morning: str, tally: Tell) -> None:
    told: dict[str, list[str]] = {user: [] for user in USERS}
    enough = asyncio.Event()

    async def answers(house: Running, run: int, user: str) -> None:
        for number in range(1000):
            try:
                await house.send_form(user, run, f"event-{user}-{number}", focus=f"{user} {number}")
            except Died:
                return
            told[user].append(f"{user} {number}")
            if sum(map(len, told.values())) >= 15:
                enough.set()

    async with opened(morning) as database:
        async with a_house(morning) as house:
            await (await act_of(database, ACTS[0])).play(house)
            run = await todays_run_in(database)
            answering = [asyncio.create_task(answers(house, run, user)) for user in told]
            await asyncio.wait_for(enough.wait(), 20)
            house.kill()
            await asyncio.gather(*answering)
        await lease_ends(database)
        async with a_house(morning) as house:
            lost = 0
            for user, acknowledged in told.items():
                kept = await kept_of(database, user)
                # One more may have been committed whose acknowledgement was lost.
                lost += kept[: len(acknowledged)] != acknowledged or len(kept) - len(acknowledged) not in {0, 1}
            assert lost == 0
            await house.send_form("amy", run, "event-after", focus="and it goes on")
            await all_shown(database)
            story = await story_of(database)
    assert any("and it goes on" in words for room, _, _, words in story.posts if room == "dm-amy")
    assert story.said_twice == 0
    tally(Tally("killed while many answer", 1, lost, story.said_twice))
