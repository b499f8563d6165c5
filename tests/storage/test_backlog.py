"""How much waits and since when, over all organisations, and how far the clock is behind."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select, update

from bot.chat.replies import Plan, Replies
from bot.wanted import record
from storage.backlog import Depth, depths, lag, resting_lanes
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.messages import Lane, Message
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company, acting
from tests.support.post_office import PostOffice, an_office

State = Message.State
TRAFFIC = Lane.Traffic
MINUTE = timedelta(minutes=1)


async def test_what_is_due_and_not_settled_is_counted_by_lane_and_state_with_the_age_of_the_oldest(
    database: Database,
) -> None:
    office = await an_office(database)
    await office.want("oldest")
    office.clock.move_to(NOON + MINUTE)
    await office.want("younger")
    await office.want("a question", traffic=TRAFFIC.PROMPT)
    async with database.write(SYSTEM) as tx:
        prompts = select(Lane.id).where(Lane.traffic == TRAFFIC.PROMPT)
        await tx.run(update(Message).where(col(Message.lane_id).in_(prompts)).values(state=State.DEAD))
    async with database.read(SYSTEM) as tx:
        found = await depths(tx, NOON + MINUTE)
    assert found == [
        Depth("fake", TRAFFIC.SUMMARY, State.READY, 2, NOON),
        Depth("fake", TRAFFIC.PROMPT, State.DEAD, 1, NOON + MINUTE),
    ]


async def test_what_is_settled_or_not_due_yet_does_not_count(database: Database) -> None:
    office = await an_office(database)
    await office.want("shown")
    await office.a_worker().drain()
    office.clock.move_to(NOON + MINUTE)
    await office.want("due in a minute")
    async with database.read(SYSTEM) as tx:
        assert await depths(tx, NOON) == []
        assert len(await depths(tx, NOON + MINUTE)) == 1


async def test_every_organisation_counts(database: Database) -> None:
    for name in ("Northwater", "Southgas"):
        await PostOffice(database, await a_company(database, name)).want("hello")
    async with database.read(SYSTEM) as tx:
        assert [depth.number for depth in await depths(tx, NOON)] == [2]


async def test_a_lane_counts_as_resting_until_its_rest_is_over(database: Database) -> None:
    await an_office(database)
    real_now = datetime.now(UTC)
    async with database.write(SYSTEM) as tx:
        blocked = {"blocked_until": real_now + MINUTE}
        await tx.run(update(Lane).where(col(Lane.traffic) == TRAFFIC.PROMPT).values(**blocked))
    async with database.read(SYSTEM) as tx:
        assert list(await resting_lanes(tx, real_now)) == [("fake", TRAFFIC.PROMPT, 1)]
        assert list(await resting_lanes(tx, real_now + MINUTE)) == []


async def test_the_clock_is_behind_by_the_oldest_thing_that_is_due(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        await record(tx, Replies(plan=(Plan("step", "round", 1, NOON + MINUTE),)), event_id=None, now=NOON)
        starts_at = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - what a clock on the wall shows
        tx.add(
            Cadence(
                kind="round",
                subject_id=1,
                rule="FREQ=DAILY",
                starts_at=starts_at,
                zone="UTC",
                next_at=NOON + 3 * MINUTE,
            )
        )
    async with database.read(SYSTEM) as tx:
        lags = [await lag(tx, NOON + minutes * MINUTE, datetime.now(UTC)) for minutes in (0, 1, 5)]
    assert lags == [timedelta(0), timedelta(0), 4 * MINUTE]


async def test_a_rhythm_that_no_clock_has_moved_on_is_waited_for_too(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        starts_at = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - what a clock on the wall shows
        tx.add(Cadence(kind="round", subject_id=1, rule="FREQ=DAILY", starts_at=starts_at, zone="UTC", next_at=NOON))
    async with database.read(SYSTEM) as tx:
        assert await lag(tx, NOON + MINUTE, datetime.now(UTC)) == MINUTE


async def test_a_step_that_failed_and_rests_does_not_put_the_clock_behind(database: Database) -> None:
    company = await a_company(database)
    real_now = datetime.now(UTC)
    async with acting(database, company) as tx:
        await record(tx, Replies(plan=(Plan("step", "round", 1, NOON),)), event_id=None, now=NOON)
        await tx.run(update(Occurrence).values(retry_at=real_now + MINUTE))
    async with database.read(SYSTEM) as tx:
        assert await lag(tx, NOON + MINUTE, real_now) == timedelta(0)
        assert await lag(tx, NOON + MINUTE, real_now + MINUTE) == MINUTE
