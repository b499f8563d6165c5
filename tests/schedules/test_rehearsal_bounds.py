"""Where a rehearsal begins and ends: nothing of before is told again, nothing of after, and what counts is there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select, update

from bot.ports import Text
from bot.routes import ROUTES
from schedules.rehearsal import rehearse
from schedules.rehearsal_copy import copied
from schedules.rehearsal_views import DAYS_MAX
from schedules.simulated import SimulatedClock, remember
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.huddles import Expectation
from storage.messages import Message
from storage.tx import SYSTEM
from tests.support.company import a_company
from tests.support.rehearsing import absent, at, begins, changed, has_opened, told

pytestmark = pytest.mark.slow
LONG_AGO = datetime.now(UTC) - timedelta(days=90)


async def test_what_was_told_skipped_or_lost_before_it_began_is_not_told_again(sqlite: Database) -> None:
    here = await begins(sqlite, at(9, 14))
    async with sqlite.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        await absent(tx, "Ben")
    await here.until(at(9, 31))
    await changed(sqlite, Message, state=Message.State.DEAD, platform_ref=None)
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert [line for line in rehearsed.lines if line.at < at(9, 31)] == []
    assert [each for each in told(rehearsed) if each.startswith("Tue")] == []


async def test_a_day_that_was_called_off_before_it_began_is_not_told_again(sqlite: Database) -> None:
    here = await begins(sqlite, at(9, 14))
    await here.do("dana", Text("/huddle skip today Team day"), "event-1")
    await here.until(at(9, 31))
    async with sqlite.write(1) as tx:
        tx.add(Occurrence(key="broken", kind="nobody.knows", subject_id=1, due_at=at(9, 40)))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert [each for each in told(rehearsed) if "Team day" in each] == []
    assert [line.kind for line in rehearsed.lines if line.to == "Folkmoot"] == ["nobody.knows"]


async def test_what_is_due_after_its_last_moment_is_not_told(sqlite: Database) -> None:
    await begins(sqlite, at(9, 16))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert max(line.at for line in rehearsed.lines) <= rehearsed.ends_at == at(9, 16, day=25)
    assert {f"{line.local:%a}" for line in rehearsed.lines} == {"Wed"}


async def test_of_somebody_who_is_away_it_says_so_also_when_only_they_are_asked_about(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    async with sqlite.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        await absent(tx, "Ben")
    rehearsed = await rehearse(sqlite, ROUTES, days=1, name="ben")
    first = rehearsed.lines[0]
    assert (first.to, first.kind, first.is_sent) == ("Ben", "huddle.prompt", False)
    assert "away" in first.why


async def test_a_replacement_on_its_way_is_no_message_on_its_way(sqlite: Database) -> None:
    here = await has_opened(sqlite)
    await here.until(at(9, 16))
    await changed(sqlite, Message, state=Message.State.SENDING, sending_rev=1, token="theirs")
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert rehearsed.under_way == 0


async def test_as_many_days_as_it_looks_ahead_can_be_asked_for(sqlite: Database) -> None:
    await a_company(sqlite, "Southwater", people=("Amy",))
    rehearsed = await rehearse(sqlite, ROUTES, days=DAYS_MAX)
    assert rehearsed.ends_at - rehearsed.begins_at == timedelta(days=62)
    assert rehearsed.zone == ZoneInfo("Europe/London")


@pytest.mark.parametrize("what", ["step", "rhythm"])
async def test_after_a_long_downtime_all_that_was_not_done_yet_comes_along(sqlite: Database, what: str) -> None:
    await has_opened(sqlite)
    async with sqlite.write(SYSTEM) as tx:
        await tx.run(update(Expectation).values(closes_at=LONG_AGO + timedelta(days=1)))
        if what == "step":
            planned = await tx.first(select(Occurrence).where(Occurrence.state == Occurrence.State.PLANNED))
            assert planned is not None
            await tx.run(update(Occurrence).where(col(Occurrence.id) == planned.id).values(due_at=LONG_AGO))
        else:
            await tx.run(update(Cadence).values(next_at=LONG_AGO))
    async with copied(sqlite) as copy, copy.read(SYSTEM) as tx:
        assert await tx.all(select(Expectation.id))


async def test_what_was_due_before_it_began_is_told_at_its_beginning(sqlite: Database) -> None:
    await has_opened(sqlite)
    await changed(sqlite, Message, not_after=at(9, 10))
    await remember(sqlite, SimulatedClock(at(9, 20)))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert min(line.at for line in rehearsed.lines) == rehearsed.begins_at == at(9, 20)
