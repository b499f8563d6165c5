"""People who answer again and again while something is in the bot's way: they are told, and nothing is lost."""

import asyncio
from collections.abc import Sequence

from storage.engine import Database
from tests.faults.command import Served
from tests.faults.crowd import Crowd, move_to_next
from tests.faults.story import all_shown, kept_of, story_of, todays_run_in
from tests.faults.tally import Tally

USERS = ("amy", "ben", "cem")


class Siege:
    """A bot, with people who answer again and again while something is in its way."""

    def __init__(self, served: Served, database: Database) -> None:
        self.served, self.database = served, database
        self.crowd = Crowd(served.url)
        self._answering: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """The huddle opens and people answer."""
        await move_to_next(self.served.url)
        run = await todays_run_in(self.database)
        self._answering = [asyncio.create_task(self.crowd.answers(run, user)) for user in USERS]
        await self.crowd.reaches(6)

    async def everybody_is_refused(self) -> Sequence[str]:
        """Waits until nobody's answers are taken any more; what they are told then."""
        async with asyncio.timeout(40):
            while len(self.crowd.refused) < 2 * len(USERS):  # noqa: ASYNC110 - the list is all there is
                await asyncio.sleep(0.02)
        return self.crowd.refused

    async def goes_on(self) -> None:
        """Waits until answers are taken again."""
        await self.crowd.reaches(self.crowd.number + 6)

    async def ends(self, kind: str) -> Tally:
        """It goes on, the bot is ended; of how many people something is lost or doubled, and what stands twice."""
        await self.goes_on()
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        await all_shown(self.database, within_s=30)
        assert await asyncio.to_thread(self.served.end) == 0
        story = await story_of(self.database)
        wrong = 0
        for user in USERS:
            taken, kept = self.crowd.taken[user], await kept_of(self.database, user)
            # The last one may have been taken while its sender went away.
            wrong += kept[: len(taken)] != taken or len(kept) - len(taken) not in {0, 1}
            assert any(kept[-1] in words for room, _, _, words in story.posts
                       if room == f"dm-{user}"), "the newest is shown"  # fmt: skip
        return Tally(kind, 1, wrong, story.said_twice)
