"""A worker that is killed while it puts off, counts or sets aside, and two that do so at once for one person."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from schedules.delivery import Delivery
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Lane, Message
from tests.support.company import PLATFORM
from tests.support.elapsing import real_time_passes
from tests.support.examples import NewUrl
from tests.support.hushed import HUSHED, Hushed, hushed
from tests.support.turns import Killed, Life, LivedDatabase, Turns

State = Message.State
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
A_DAY = 3
BOTH = (Lane.Traffic.PROMPT, Lane.Traffic.SUMMARY)
STEPS_AT_LEAST = 8


@pytest.mark.slow
def test_a_worker_that_is_killed_at_any_step_leaves_every_message_within_the_number(new_url: NewUrl) -> None:
    usual = 2 if new_url().startswith("sqlite") else 6
    number = 0
    while asyncio.run(_killed(new_url(), number)):
        number += usual
    assert number >= STEPS_AT_LEAST


async def _killed(url: str, steps: int) -> bool:
    database = Database(url)
    try:
        company = await _with_messages(database)
        life = Life(steps=steps)
        with suppress(Killed, DatabaseError):
            await _a_worker(company, life).drain()
        await real_time_passes(database, timedelta(seconds=45))
        heir = company.a_worker("heir")
        await heir.sweep()
        await heir.drain()
        await company.until(MORNING + timedelta(hours=9))
        await _all_is_well(company)
        return life.is_over
    finally:
        await database.close()


@pytest.mark.parametrize("seed", range(3))
def test_two_workers_at_once_never_count_beyond_the_number(seed: int, new_url: NewUrl) -> None:
    asyncio.run(_at_once(new_url(), [(seed * 7 + n * (seed + 3)) % 5 for n in range(60)]))


async def _at_once(url: str, order: list[int]) -> None:
    database = Database(url)
    try:
        company = await _with_messages(database)
        turns = Turns(order)
        await turns.together(*(_works(company, Life(turns), f"worker {n}") for n in range(2)))
        await company.until(MORNING + timedelta(hours=9))
        await _all_is_well(company)
    finally:
        await database.close()


async def _works(company: Hushed, life: Life, name: str) -> None:
    with suppress(DatabaseError):  # two that met at the same rows on PostgreSQL; a worker would go on after a while
        await _a_worker(company, life, name).drain()


def _a_worker(company: Hushed, life: Life, name: str = "worker") -> Delivery:
    database = LivedDatabase(company.database, life)
    chats = {PLATFORM: company.chat}
    return Delivery(database, chats, HUSHED.views, company.clock, name=name, manners=HUSHED.manners)


async def _with_messages(database: Database) -> Hushed:
    company = await hushed(database, MORNING)
    for who in ("zoe", "ben"):
        await company.sets(who, messages_a_day=A_DAY)
        for n in range(5):
            await company.want(who, f"note {n}", traffic=BOTH[n % 2])
    return company


async def _all_is_well(company: Hushed) -> None:
    rows = await company.messages()
    states = Counter((row.person_id, row.state) for key, row in rows.items() if key.startswith("note"))
    assert set(states.values()) == {2, A_DAY}, states
    assert {state for _, state in states} == {State.SHOWN, State.HELD}
    assert max(Counter(each.key for each in company.came).values()) == 1
    assert [company.digest_times(who) for who in ("zoe", "ben")] == [["Tue 16:30"]] * 2
