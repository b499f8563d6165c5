"""Whatever clocks and people do to rhythms: every slot is called once, none is left out, and what follows comes once.

Scenes are drawn: time goes on, then clocks tick and rhythms change at once, in turns, step by step, in a drawn order;
clocks may be killed at any step.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.cadences import Occurrence
from storage.engine import Database
from tests.support.examples import NewUrl, examples
from tests.support.turns import Life, Turns
from tests.support.watches import AFTERWARDS, DAILY, GRACE, HOURLY, Watches

State = Occurrence.State


@dataclass(frozen=True, slots=True)
class Ticks:
    """A clock; it is killed after `steps` steps, where they are given."""

    steps: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """One of the four rhythms becomes another one; without a rule it is paused."""

    rhythm: int
    rule: str
    at: time


@dataclass(frozen=True, slots=True)
class Scene:
    """Time goes on, and then these act at once."""

    minutes: int
    actors: Sequence[Ticks | Changes]
    order: Sequence[int]


clocks = st.builds(Ticks, st.none() | st.integers(0, 30))
changes = st.builds(
    Changes,
    st.integers(0, 3),
    st.sampled_from([DAILY, HOURLY, ""]),
    st.sampled_from([time(), time(1, 30), time(1, 45), time(2, 15), time(23, 45)]),
)


def _one_change_a_rhythm(actor: Ticks | Changes) -> object:
    return actor.rhythm if isinstance(actor, Changes) else object()


scenes = st.builds(
    Scene,
    st.sampled_from([0, 1, 10, 20, 75, 400, 1500]) | st.integers(0, 1500),
    st.lists(clocks | clocks | changes, min_size=1, max_size=4, unique_by=_one_change_a_rhythm),
    st.lists(st.integers(0, 3), max_size=40),
)


@examples(6)
@given(story=st.lists(scenes, min_size=1, max_size=5))
def test_every_slot_is_called_once_and_none_is_left_out(story: list[Scene], new_url: NewUrl) -> None:
    asyncio.run(_told(new_url(), story))


async def _told(url: str, story: Sequence[Scene]) -> None:
    here = Watches(Database(url))
    try:
        await here.opens()
        for scene in story:
            await _played(here, scene)
        here.clock.move_to(here.clock.now() + timedelta(minutes=10))
        assert await here.ticks(Life())
        here.all_is_called()
        await _holds(here)
    finally:
        await here.database.close()


async def _played(here: Watches, scene: Scene) -> None:
    here.clock.move_to(here.clock.now() + timedelta(minutes=scene.minutes))
    turns = Turns(scene.order)

    async def act(actor: Ticks | Changes) -> bool:
        match actor:
            case Ticks(steps):
                return await here.ticks(Life(turns, steps))
            case Changes(rhythm, rule, at):
                await here.changes(here.rhythms[rhythm], rule, at, Life(turns))
                return False

    ended = await turns.together(*(act(actor) for actor in scene.actors))
    if any(ended) and not any(isinstance(actor, Changes) for actor in scene.actors):
        here.all_is_called()


async def _holds(here: Watches) -> None:
    every = await here.called()
    watches = [each for each in every if each.kind == "watch"]
    slots = [(each.cadence_id, each.slot) for each in watches]
    assert len(slots) == len(set(slots))
    assert here.must <= set(slots) <= here.may
    now = here.clock.now()
    for each in every:
        is_due = each.due_at <= now
        assert (each.state is State.PLANNED) is not is_due, each
        assert each.state is not State.MISSED or each.late_s > GRACE.total_seconds()
        assert each.kind == "after" or each.state is not State.DONE or each.late_s <= GRACE.total_seconds()
    for company in {rhythm.company.id: rhythm.company for rhythm in here.rhythms}.values():
        mine = [each for each in watches if each.organisation_id == company.id]
        called = [f"{each.subject_id}:{each.slot:%d %H:%M}" for each in mine]
        over = [f"after {each.due_at + AFTERWARDS:%d %H:%M}" for each in mine if each.due_at + AFTERWARDS <= now]
        assert sorted(await here.noted(company)) == sorted(called + over)
        assert sorted(await here.wanted(company)) == sorted(f"watch:{key}" for key in called)
