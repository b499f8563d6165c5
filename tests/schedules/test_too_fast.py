"""A platform that says "too fast": one lane rests, for as long as it was asked to, and nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from bot.ports import RateLimited
from schedules import outcomes
from schedules.outcomes import ATTEMPTS_MAX
from schedules.parcels import BATCH
from storage.engine import Database
from storage.messages import Lane, Message
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.company import a_company, acting
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice, an_office

State = Message.State
TRAFFIC = Lane.Traffic


async def test_a_lane_that_is_too_fast_rests_as_long_as_it_was_asked_to(database: Database) -> None:
    office = await an_office(database)
    first, second = await office.want("first"), await office.want("second")
    office.chat.faults = [Fault(RateLimited("fake", retry_after_s=90))]
    asked_at = datetime.now(UTC)
    await office.a_worker().drain()
    await real_time_passes(database, timedelta(seconds=80))
    await office.a_worker().drain()
    posted_too_soon = office.chat.tries("post", first)
    await real_time_passes(database, timedelta(seconds=15))
    await office.a_worker().drain()
    assert posted_too_soon == 1
    assert sorted(office.chat.words) == ["first", "second"]
    assert datetime.now(UTC) - asked_at < timedelta(seconds=60)
    assert (await office.message(second)).state is State.SHOWN


async def test_a_lane_that_rests_leaves_the_other_lanes_of_its_workspace_alone(sqlite: Database) -> None:
    office = await an_office(sqlite)
    await office.want("prompt", traffic=TRAFFIC.PROMPT)
    office.chat.faults = [Fault(RateLimited("fake", retry_after_s=90))]
    await office.a_worker().drain()
    await office.want("summary", traffic=TRAFFIC.SUMMARY)
    await office.a_worker().drain()
    assert office.chat.words == ["summary"]


@pytest.mark.parametrize("to", ["a person", "a room"])
async def test_where_one_conversation_is_too_fast_all_that_goes_there_rests_and_nothing_else(
    database: Database, to: str
) -> None:
    office = await an_office(database)
    busy, quiet = await _two_places(office) if to == "a room" else (office.company.people[n] for n in ("ada", "dana"))
    keys = [await office.want(f"busy {number}", to=busy) for number in range(2 * BATCH + 5)]
    other = await office.want("in another lane", to=busy, traffic=TRAFFIC.REPLY)
    await office.want("quiet", to=quiet)
    where = busy.external_id if isinstance(busy, Place) else "ada"
    office.chat.faults = [Fault(RateLimited("fake", retry_after_s=90, only_here=True), to=where) for _ in range(2)]
    await office.a_worker().drain()
    asked = [key for _, key in office.chat.attempts if key in keys]
    assert len(asked) == 1  # the first one was told so for all of them
    assert office.chat.words == ["quiet"]
    await real_time_passes(database, timedelta(seconds=80))
    await office.a_worker().drain()
    assert office.chat.words == ["quiet"]
    await real_time_passes(database, timedelta(seconds=15))
    await office.a_worker().drain()
    assert sorted(key for _, key in office.chat.attempts if key in keys) == sorted([*keys, *asked])
    assert office.chat.tries("post", other) == 2  # its lane learned it by itself


async def _two_places(office: PostOffice) -> tuple[Place, Place]:
    async with acting(office.database, office.company) as tx:
        hall = Place(install_id=office.company.install.id, external_id="hall", name="#hall")
        tx.add(hall)
        await tx.flush()
    return hall, office.company.channel


async def test_a_workspace_that_is_too_fast_never_delays_another(sqlite: Database) -> None:
    north = await an_office(sqlite)
    south = PostOffice(sqlite, await a_company(sqlite, "Southgas", people=("Ada",)), chat=north.chat)
    for number in range(4):
        await north.want(f"north {number}")
        await south.want(f"south {number}")
    north.chat.faults = [Fault(RateLimited("fake", retry_after_s=90), to="tenant-northwater") for _ in range(8)]
    await north.a_worker().drain()
    assert sorted(north.chat.words) == [f"south {number}" for number in range(4)]


async def test_being_too_fast_never_uses_up_a_messages_attempts(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    for _ in range(ATTEMPTS_MAX + 2):
        office.chat.faults = [Fault(RateLimited("fake", retry_after_s=90))]
        await office.a_worker().drain()
        await real_time_passes(sqlite)
    await office.a_worker().drain()
    assert (await office.message(key)).state is State.SHOWN


@pytest.mark.parametrize("at_once", [0.0, 0.2])
async def test_a_platform_that_says_at_once_is_not_asked_again_at_once(
    sqlite: Database, at_once: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "REST_LEAST_S", 60.0)  # longer than the busiest machine takes for this test
    office = await an_office(sqlite)
    await office.want("hello")
    office.chat.faults = [Fault(RateLimited("fake", at_once)) for _ in range(50)]
    await office.a_worker().drain()
    assert office.chat.tries("post") == 1


async def test_where_the_platform_does_not_say_how_long_a_lane_rests_twice_as_long_each_time(sqlite: Database) -> None:
    office = await an_office(sqlite)
    await office.want("hello")
    rests = [await _rest_after(office, RateLimited("fake")) for _ in range(4)]
    assert rests == pytest.approx([1, 2, 4, 8], abs=0.8)
    await office.a_worker().drain()
    await office.want("and again")
    assert await _rest_after(office, RateLimited("fake")) == pytest.approx(1, abs=0.8), "it went well in between"


async def test_no_lane_rests_longer_than_five_minutes_on_its_own_account(sqlite: Database) -> None:
    office = await an_office(sqlite)
    await office.want("hello")
    async with sqlite.write(SYSTEM) as tx:
        await tx.run(update(Lane).values(throttled=1_000))
    assert await _rest_after(office, RateLimited("fake")) == pytest.approx(300, abs=2)


async def _rest_after(office: PostOffice, problem: RateLimited) -> float:
    """How long the lane rests after one attempt that was too fast, in seconds; then it has rested."""
    office.chat.faults = [Fault(problem)]
    asked_at = datetime.now(UTC)
    await office.a_worker().drain()
    async with office.database.read(SYSTEM) as tx:
        until = max(at for at in await tx.all(select(col(Lane.blocked_until))) if at is not None)
    await real_time_passes(office.database)
    return (until - asked_at).total_seconds()
