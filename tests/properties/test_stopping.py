"""A huddle that is called off or ended stops what nobody has claimed yet, at whichever moment that happens."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import select

from bot.demo import northwater
from bot.huddles.running import replan
from bot.ports import Incoming, NotSent, Sender, Text
from schedules.clock import Ticker
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.messages import Message
from tests.support.elapsing import real_time_passes
from tests.support.examples import NewUrl, examples
from tests.support.fake_chat import Fault
from tests.support.field_dispatch import NORTHWATER, TEAM, FieldDispatch, field_dispatch

pytestmark = pytest.mark.slow

State = Callable[[FieldDispatch], Awaitable[None]]


def at(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def not_due(here: FieldDispatch) -> None:
    await here.until(at(9, 14))


async def due_but_not_read(here: FieldDispatch) -> None:
    here.clock.move_to(at(9, 15))


async def planned_but_not_handled(here: FieldDispatch) -> None:
    here.clock.move_to(at(9, 15))
    await Ticker(here.database, here.dispatcher).materialise(at(9, 15))


async def wanted_but_not_sent(here: FieldDispatch) -> None:
    here.clock.move_to(at(9, 15))
    await Ticker(here.database, here.dispatcher).tick(at(9, 15))


async def asked(here: FieldDispatch) -> None:
    """And Amy has answered."""
    await here.until(at(9, 16))
    await here.do("amy", Text("Fix billing"), "event-0")


async def reminder_wanted_but_not_sent(here: FieldDispatch) -> None:
    await asked(here)
    await here.until(at(9, 24))
    here.clock.move_to(at(9, 25))
    await Ticker(here.database, here.dispatcher).tick(at(9, 25))


async def thread_wanted_but_not_sent(here: FieldDispatch) -> None:
    await asked(here)
    await here.until(at(9, 29))
    here.clock.move_to(at(9, 30))
    await Ticker(here.database, here.dispatcher).tick(at(9, 30))


NOBODY_ASKED: Sequence[State] = (not_due, due_but_not_read, planned_but_not_handled, wanted_but_not_sent)
SOME_ASKED: Sequence[State] = (asked, reminder_wanted_but_not_sent, thread_wanted_but_not_sent)


async def called_off(here: FieldDispatch) -> None:
    """Dana skips today; nothing is delivered in between."""
    dana = Sender("dana", "Dana", northwater.ZONE)
    skip = Text("/huddle skip today Team day")
    await here.dispatcher.handle(Incoming("local", "local", "event-1", "dm-dana", True, dana, skip))


async def ended(here: FieldDispatch) -> None:
    """The huddle is not held any more."""
    await _is_held(here, active=False)


async def held_again(here: FieldDispatch) -> None:
    """It was only paused."""
    await _is_held(here, active=True)


async def _is_held(here: FieldDispatch, *, active: bool) -> None:
    async with here.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=here.clock.now())
        (huddle,) = await tx.all(select(Huddle))
        huddle.active = active
        await tx.flush()
        await replan(tx, huddle, here.clock.now())


def posts_of(here: FieldDispatch, *, to_people: bool = False) -> AbstractSet[str]:
    return {ref for ref, post in here.chat.posts.items() if post.to.account or not to_people}


@pytest.mark.parametrize("moment", NOBODY_ASKED)
async def test_a_huddle_that_is_called_off_asks_nobody_who_was_not_asked_yet(database: Database, moment: State) -> None:
    here = await field_dispatch(database, at(9, 0))
    await moment(here)
    await called_off(here)
    await here.until(at(12, 0))
    assert posts_of(here, to_people=True) == set()
    assert len(here.room) == 1
    assert "Team day" in here.room[0]


@pytest.mark.parametrize("moment", NOBODY_ASKED)
async def test_a_huddle_that_is_ended_opens_no_more(database: Database, moment: State) -> None:
    here = await field_dispatch(database, at(9, 0))
    await moment(here)
    await ended(here)
    await here.until(at(12, 0, day=25))
    assert here.chat.posts == {}


@examples(3)
@given(
    moment=st.sampled_from((*NOBODY_ASKED, *SOME_ASKED)),
    stops=st.lists(st.sampled_from((called_off, ended)), min_size=1, max_size=2, unique=True),
    unreached=st.sets(st.sampled_from(TEAM)),
)
@example(moment=asked, stops=[ended], unreached={"ben", "eli"})
@example(moment=asked, stops=[called_off], unreached={"ben", "eli"})
@example(moment=reminder_wanted_but_not_sent, stops=[ended], unreached=set())
@example(moment=thread_wanted_but_not_sent, stops=[ended], unreached=set())
def test_nothing_new_comes_of_a_huddle_that_was_stopped(
    moment: State, stops: Sequence[State], unreached: AbstractSet[str], new_url: NewUrl
) -> None:
    """`unreached` is whom the first try of a post does not reach: there is another one to come."""
    asyncio.run(_nothing_new_comes(new_url(), moment, stops, unreached))


async def _nothing_new_comes(url: str, moment: State, stops: Sequence[State], unreached: AbstractSet[str]) -> None:
    database = Database(url)
    try:
        here = await field_dispatch(database, at(9, 0))
        here.chat.faults = [Fault(NotSent("no connection"), to=person) for person in sorted(unreached)]
        await moment(here)
        for stop in stops:
            await stop(here)
        everywhere, to_people = posts_of(here), posts_of(here, to_people=True)
        here.chat.faults.clear()
        await real_time_passes(database)
        await here.until(at(12, 0))
        assert posts_of(here, to_people=True) == to_people
        if ended in stops:
            await here.until(at(12, 0, day=24))
            assert posts_of(here) == everywhere
    finally:
        await database.close()


@pytest.mark.parametrize("moment", [wanted_but_not_sent, *SOME_ASKED])
async def test_a_run_of_an_ended_huddle_closes_and_its_day_ends(database: Database, moment: State) -> None:
    here = await field_dispatch(database, at(9, 0))
    await moment(here)
    await ended(here)
    await here.until(at(0, 30, day=24))
    (run,) = await here.runs()
    assert run.state is HuddleRun.State.CLOSED
    assert run.ended_at is not None
    assert [post.words for post in here.chat.posts.values() if "open until" in post.words] == []


async def test_the_steps_of_an_ended_huddle_want_no_message_any_more(database: Database) -> None:
    here = await field_dispatch(database, at(9, 0))
    await asked(here)
    await ended(here)
    async with database.read(NORTHWATER) as tx:
        wanted = await tx.all(select(Message.key))
    await here.until(at(0, 30, day=24))
    async with database.read(NORTHWATER) as tx:
        assert sorted(await tx.all(select(Message.key))) == sorted(wanted)


@pytest.mark.parametrize("moment", [not_due, wanted_but_not_sent, asked])
async def test_a_huddle_that_was_only_paused_opens_its_next_run_as_usual(database: Database, moment: State) -> None:
    here = await field_dispatch(database, at(9, 0))
    await moment(here)
    await ended(here)
    await here.until(at(18, 0))
    stood = posts_of(here)
    await held_again(here)
    await here.until(at(9, 20, day=24))
    asked_anew = [here.chat.posts[ref].to for ref in posts_of(here) - stood]
    assert sorted(to.account or to.conversation for to in asked_anew) == sorted([*TEAM, "field-dispatch"])
