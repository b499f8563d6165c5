"""However running time is divided into ticks and jumps, the same happens at the same instants."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.ports import Text
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import Expectation, HuddleAnswer, HuddleRun
from storage.messages import Message
from storage.tx import SYSTEM
from tests.support.examples import NewUrl, examples
from tests.support.field_dispatch import field_dispatch
from tests.support.turns import Life
from tests.support.watches import BEGINS, GRACE, Watches

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOURS_28 = 28 * 60
SAID = (
    (16, "amy", "Valve checks"),
    (26, "ben", "The rota"),
    (33, "eli", "Route plan"),
    (HOURS_28 - 165, "cem", "Notes"),
)
"""Minutes after nine on Monday; the last is on Tuesday, in the window of its huddle."""

stops = st.lists(st.integers(1, HOURS_28 - 1), max_size=8, unique=True).map(sorted)


def test_however_two_days_are_cut_into_jumps_the_huddles_go_the_same_way(new_url: NewUrl) -> None:
    in_one = asyncio.run(_huddled(new_url(), []))
    assert len(in_one[0]) == 8  # of two huddles, the end of the first one's day, and a morning's plans

    @examples(1)
    @given(stops)
    def holds(cuts: list[int]) -> None:
        assert asyncio.run(_huddled(new_url(), cuts)) == in_one

    holds()


async def _huddled(url: str, cuts: Sequence[int]) -> tuple[Sequence[object], ...]:
    """What stands in the rows and in the chat, when time moves on by jumps to `cuts` and to what people do."""
    database = Database(url)
    try:
        here = await field_dispatch(database, MORNING)
        said = {minute: (who, words) for minute, who, words in SAID}
        for minute in sorted({*cuts, *said, HOURS_28}):
            await here.until(MORNING + timedelta(minutes=minute))
            if minute in said:
                who, words = said[minute]
                await here.do(who, Text(words), f"event-{minute}")
        # In which order lanes that are served at once get to the platform is no law.
        shown = sorted(((post.key, post.to, post.words) for post in here.chat.posts.values()), key=itemgetter(0))
        return (*await _rows(database), shown)
    finally:
        await database.close()


async def _rows(database: Database) -> tuple[Sequence[object], ...]:
    async with database.read(SYSTEM) as tx:
        steps = await tx.all(select(Occurrence).where(Occurrence.state != Occurrence.State.PLANNED))
        runs = await tx.all(select(HuddleRun).where(col(HuddleRun.opens_at) > MORNING))
        expected = await tx.all(select(Expectation))
        answers = await tx.all(select(HuddleAnswer))
        messages = await tx.all(select(Message))
    return (
        sorted((each.due_at, each.key, each.done_at, each.state, each.late_s, each.outcome) for each in steps),
        sorted((each.local_date, each.state, each.opens_at, each.closes_at, each.on_time, each.late) for each in runs),
        sorted((each.run_id, each.person_id, each.status, each.opens_at, each.closes_at) for each in expected),
        sorted((each.run_id, each.person_id, each.edition, each.submitted_at, each.is_late) for each in answers),
        sorted((each.key, each.state, each.due_at, each.first_shown_at, each.shown_at or 0) for each in messages),
    )


ticks = st.lists(st.integers(1, 1500), max_size=10)


def test_however_a_night_is_cut_into_ticks_the_same_slots_are_called(new_url: NewUrl) -> None:
    """Over the night in which Europe puts its clocks back; a running clock ticks more often than a step may be late."""
    in_one = asyncio.run(_watched(new_url(), []))
    assert len(in_one) > 20

    @examples(1)
    @given(ticks)
    def holds(more: list[int]) -> None:
        assert asyncio.run(_watched(new_url(), more)) == in_one

    holds()


async def _watched(url: str, more: Sequence[int]) -> Sequence[object]:
    """Ticks as rare as can be while nothing is too late, and some more."""
    here = Watches(Database(url))
    try:
        await here.opens()
        rare = range(0, 1500, int(GRACE.total_seconds() / 60))
        for minute in sorted({*rare, *more, 1500}):
            here.clock.move_to(BEGINS + timedelta(minutes=minute))
            await here.ticks(Life())
        found = await here.called()
        return sorted((each.due_at, each.key, each.kind, each.state, each.slot or each.due_at) for each in found)
    finally:
        await here.database.close()
