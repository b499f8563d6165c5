"""A platform in trouble: what is slow, refused, lost or in doubt, and what the delivery makes of it."""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select, update

from bot.chat.cards import says
from bot.ports import Destination, MaybeSent, NotSent, RateLimited, Refused
from schedules import delivery
from schedules.delivery import Delivery, Leased
from schedules.outcomes import ATTEMPTS_MAX
from schedules.parcels import Batch
from storage import engine
from storage.customers import VocItem
from storage.engine import Database
from storage.errors import Locked
from storage.messages import Lane, Message
from storage.people import Account
from storage.tx import SYSTEM
from tests.support.company import copied
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import Fault
from tests.support.post_office import PostOffice, an_office

State = Message.State
TRAFFIC = Lane.Traffic


# --- certainly not sent


async def test_what_was_certainly_not_sent_is_tried_again_each_time_after_twice_the_wait(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    waits: list[int] = []
    for _ in range(4):
        office.chat.faults = [Fault(NotSent("no connection"))]
        before = datetime.now(UTC)
        await office.a_worker().drain()
        retry_at = (await office.message(key)).retry_at
        assert retry_at is not None
        waits.append(round((retry_at - before).total_seconds()))
        await real_time_passes(sqlite)
    assert waits == [2, 4, 8, 16]
    await office.a_worker().drain()
    assert office.chat.words == ["hello"]


async def test_a_message_is_tried_for_half_an_hour_and_then_given_up(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(NotSent("no connection")) for _ in range(20)]
    waited = timedelta(0)
    for _ in range(20):
        before = datetime.now(UTC)
        await office.a_worker().drain()
        message = await office.message(key)
        if message.state is State.DEAD:
            break
        waited += (message.retry_at or before) - before
        await real_time_passes(sqlite)
    assert (message.state, office.chat.tries("post")) == (State.DEAD, ATTEMPTS_MAX)
    assert message.error == "given up after 11 attempts: no connection"
    assert timedelta(minutes=34) < waited < timedelta(minutes=35)


async def test_a_replacement_that_was_given_up_is_tried_again_when_there_is_something_newer(database: Database) -> None:
    office = await an_office(database)
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second")
    office.chat.faults = [Fault(NotSent("no connection"), "update") for _ in range(ATTEMPTS_MAX + 1)]
    for _ in range(ATTEMPTS_MAX):
        await office.a_worker().drain()
        await real_time_passes(database)
    given_up = (await office.message(key)).state
    await office.edit(key, "third")
    for _ in range(2):
        await office.a_worker().drain()
        await real_time_passes(database)
    assert (given_up, (await office.message(key)).state) == (State.DEAD, State.SHOWN)
    assert (office.chat.words, office.chat.tries("post")) == (["third"], 1)


async def test_a_replacement_that_was_given_up_is_tried_again_when_the_message_is_wanted_anew(
    database: Database,
) -> None:
    office = await an_office(database)
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second")
    office.chat.faults = [Fault(Refused("not now"), "update")]
    await office.a_worker().drain()
    await office.want_again(key)
    await office.a_worker().drain()
    assert (office.chat.words, office.chat.tries("post")) == (["second"], 1)


async def test_a_message_that_was_given_up_before_it_stood_there_is_sent_when_it_is_wanted_anew(
    database: Database,
) -> None:
    office = await an_office(database)
    key = await office.want("hello")
    office.chat.faults = [Fault(Refused("no such room"))]
    await office.a_worker().drain()
    await office.want_again(key)
    await office.a_worker().drain()
    assert ((await office.message(key)).state, office.chat.words) == (State.SHOWN, ["hello"])


async def test_a_replacement_that_went_wrong_is_simply_sent_again(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("first")
    await office.a_worker().drain()
    await office.edit(key, "second")
    office.chat.faults = [Fault(MaybeSent("no answer"), "update", applied=True)]
    for _ in range(2):
        await office.a_worker().drain()
        await real_time_passes(sqlite)
    assert (office.chat.words, office.chat.tries("update"), office.chat.tries("post")) == (["second"], 2, 1)
    assert (await office.message(key)).state is State.SHOWN


async def test_one_message_in_trouble_holds_up_no_other_of_its_lane(sqlite: Database) -> None:
    office = await an_office(sqlite)
    for number in range(3):
        await office.want(f"note {number}")
    office.chat.faults = [Fault(NotSent("no connection"))]
    await office.a_worker().drain()
    assert len(office.chat.words) == 2


# --- refused for good


async def test_a_refused_message_is_never_tried_again(sqlite: Database) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    office.chat.faults = [Fault(Refused("no such room"))]
    for _ in range(3):
        await office.a_worker().drain()
        await real_time_passes(sqlite)
    message = await office.message(key)
    assert (message.state, message.error, office.chat.tries("post")) == (State.DEAD, "no such room", 1)


@pytest.mark.parametrize("gone", [True, False])
async def test_who_is_gone_from_the_platform_is_marked_as_unreachable(sqlite: Database, gone: bool) -> None:
    office = await an_office(sqlite)
    dana = office.company.people["dana"]
    await office.want("psst", to=dana)
    office.chat.faults = [Fault(Refused("account is closed", target_gone=gone))]
    await office.a_worker().drain()
    async with sqlite.read(office.company.id) as tx:
        account = await tx.need(Account, office.company.accounts["dana"].id)
    assert account.reachable is not gone


# --- workers that die, stall or lose their database


async def test_a_worker_that_stalls_past_its_lease_sends_nothing_more(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LEASE_S", 0.6)
    monkeypatch.setattr(delivery, "FENCE_S", 0.3)
    office = await an_office(sqlite)
    keys = [await office.want(f"note {number}") for number in range(10)]
    sent_in: list[int] = []

    async def stall(_to: Destination, _key: str) -> None:
        async with sqlite.read(SYSTEM) as tx:
            sent_in.extend(await tx.all(select(col(Lane.epoch)).where(col(Lane.owner) == "worker")))
        if len(sent_in) == 1:
            time.sleep(0.4)  # noqa: ASYNC251 - the whole process stands still, as when a machine is suspended

    office.chat.while_posting = stall
    monkeypatch.setattr(delivery, "SENDS_AT_ONCE", 1)
    await office.a_worker().drain()
    assert len(sent_in) == 10
    assert sent_in.count(sent_in[0]) == 1, "only the message that stalled went out under its lease"
    assert [office.chat.tries("post", key) for key in keys] == [1] * 10


def test_an_attempt_ends_before_another_worker_may_begin() -> None:
    assert delivery.SEND_TIMEOUT_S < delivery.FENCE_S < delivery.LEASE_S


async def test_a_platform_that_never_answers_leaves_a_post_in_doubt(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SEND_TIMEOUT_S", 0.05)
    office = await an_office(sqlite)
    key = await office.want("hello")

    async def hang(_to: Destination, _key: str) -> None:
        await asyncio.sleep(60)

    office.chat.while_posting = hang
    await office.a_worker().drain()
    assert (await office.message(key)).state is State.UNKNOWN


@pytest.mark.req("INV-20")
@pytest.mark.parametrize("arrived", [True, False])
async def test_what_a_dead_worker_was_sending_is_looked_for_by_the_next(sqlite: Database, arrived: bool) -> None:
    office = await an_office(sqlite)
    key = await office.want("hello")
    await _dies_while_sending(office, arrived=arrived)
    heir = office.a_worker("heir")
    await heir.sweep()
    assert (await office.message(key)).state is State.SENDING  # its lease still runs
    await real_time_passes(sqlite)
    await heir.sweep()
    await heir.drain()
    assert (office.chat.words, (await office.message(key)).state) == (["hello"], State.SHOWN)


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_restart_the_only_worker_goes_on_at_once(sqlite: Database, arrived: bool) -> None:
    office = await an_office(sqlite)
    await office.want("hello")
    await _dies_while_sending(office, arrived=arrived)
    await office.want("and another")
    heir = office.a_worker("heir")
    await heir.sweep(everything=True)
    await heir.sweep()
    await heir.drain()
    assert sorted(office.chat.words) == ["and another", "hello"]


async def _dies_while_sending(office: PostOffice, *, arrived: bool) -> None:
    """The rows as a killed worker leaves them: a lane leased, a message being sent, which is there or not."""
    lease_until = datetime.now(UTC) + timedelta(seconds=25)
    async with office.database.write(SYSTEM) as tx:
        (message,) = await tx.all(select(Message))
        message.state, message.token, message.lease_until = State.SENDING, "victim's", lease_until
        message.sending_rev, message.attempts = message.wanted_rev, 1
        lane = await tx.need(Lane, message.lane_id)
        lane.owner, lane.epoch, lane.lease_until = "victim", 1, lease_until
    if arrived:
        await office.chat.post(Destination("tenant-northwater", "everybody"), says("hello"), key=message.key)


async def test_outcomes_are_kept_until_the_database_is_back(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    database = Database(sqlite_url)
    office = await an_office(database)
    key = await office.want("hello")
    blocker = sqlite3.connect(database.where, isolation_level=None)

    async def block(_to: Destination, _key: str) -> None:
        blocker.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.3, blocker.execute, "ROLLBACK")

    office.chat.while_posting = block
    await office.a_worker().drain()
    blocker.close()
    assert (await office.message(key)).state is State.SHOWN
    await database.close()


class LockedOutWhenItClaims(Delivery):
    """A worker whose database another process locks just before it claims."""

    def lock_out(self) -> None:
        """What the test makes of it."""

    async def _claim(self, leased: Leased) -> Batch:
        self.lock_out()
        return await super()._claim(leased)


async def test_a_lane_that_could_not_be_served_is_given_back_as_soon_as_the_database_is_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    database = Database(sqlite_url)
    office = await an_office(database)
    await office.want("hello")
    blocker = sqlite3.connect(database.where, isolation_level=None)
    monkeypatch.setattr(LockedOutWhenItClaims, "lock_out", lambda _self: blocker.execute("BEGIN IMMEDIATE"))
    worker = office.a_worker(kind=LockedOutWhenItClaims)
    asyncio.get_running_loop().call_later(0.4, lambda: blocker.execute("ROLLBACK"))
    with pytest.raises(Locked):
        await worker.drain()
    blocker.close()
    async with database.read(SYSTEM) as tx:
        assert await tx.all(select(Lane.id).where(col(Lane.owner).is_not(None))) == []
    await database.close()


# --- everything together


class Weather:
    """What Hypothesis makes of a platform: a fault, or none, for each attempt."""

    faults = st.sampled_from([
        None,
        Fault(RateLimited("fake", retry_after_s=30)),
        Fault(NotSent("no connection")),
        Fault(MaybeSent("no answer"), applied=True),
        Fault(MaybeSent("no answer"), applied=False),
        Fault(NotSent("no connection"), "update"),
        Fault(MaybeSent("no answer"), "update", applied=True),
        Fault(NotSent("no connection"), "find"),
        Fault(Refused("no such room")),
    ])  # fmt: skip
    edits = st.lists(st.sampled_from(["edit", "withdraw", "wait", "die"]), max_size=4)


@pytest.mark.req("INV-20")
@settings(max_examples=8)
@given(weather=st.lists(Weather.faults, max_size=6), steps=Weather.edits)
def test_whatever_the_weather_each_message_ends_as_wanted_dead_or_cancelled_and_is_never_doubled(
    weather: list[Fault | None], steps: list[str], sqlite_template: Path
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_weathered(copied(sqlite_template, Path(folder)), weather, steps))


async def _weathered(url: str, weather: list[Fault | None], steps: list[str]) -> None:
    database = Database(url)
    office = await an_office(database)
    keys = [await office.want(words) for words in ("first", "second")]
    office.chat.faults = [fault for fault in weather if fault]
    for step in [*steps, *["wait"] * 12]:
        match step:
            case "edit":
                await office.edit(keys[0], "edited")
            case "withdraw":
                await office.edit(keys[1], state=VocItem.State.WITHDRAWN)
            case "die":
                async with database.write(SYSTEM) as tx:
                    ready = col(Message.state) == State.READY
                    dead = {"state": State.SENDING, "token": "victim's", "sending_rev": col(Message.wanted_rev)}
                    await tx.run(update(Message).where(ready).values(**dead, lease_until=datetime.now(UTC)))
            case _:
                worker = office.a_worker()
                await worker.drain()
                await real_time_passes(database)
                await worker.sweep()
    for message in await office.messages():
        standing = [post.words for post in office.chat.posts.values() if post.key == message.key]
        assert message.state in {State.SHOWN, State.DEAD, State.CANCELLED}
        assert len(standing) <= 1
        if message.state is State.SHOWN and not (message.key == keys[1] and "withdraw" in steps):
            assert standing == ["edited" if message.key == keys[0] and "edit" in steps else _first_words(keys, message)]
    await database.close()


def _first_words(keys: list[str], message: Message) -> str:
    return "first" if message.key == keys[0] else "second"
