"""Whatever workers, writers and the platform do to each other: what stands in the end is what is wanted, once.

Scenes are drawn: in each, workers, writers and the passing of time take turns, step by step, in a drawn order, and
workers may be killed at any step. Then the weather is fine, and everything comes to rest.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import CannotLook, MaybeSent, NotSent, RateLimited, Refused
from schedules import delivery
from schedules.reconcile import PLACE_IS_GONE
from storage.engine import Database
from storage.messages import Message
from tests.support.examples import NewUrl, examples
from tests.support.exchange import COMPANIES, TRAFFIC, Exchange, Letter
from tests.support.fake_chat import Fault
from tests.support.platform import RealTime
from tests.support.turns import Life, Turns

State = Message.State
AT_REST = {State.SHOWN, State.DEAD, State.CANCELLED, State.PARKED}
AN_HOUR_S = 3600.0
PROBLEMS: Mapping[str, Callable[[], Exception]] = {
    "too fast": lambda: RateLimited("fake", 30),
    "not sent": lambda: NotSent("no connection"),
    "no answer": lambda: MaybeSent("no answer"),
    "refused": lambda: Refused("no such room"),
    "may not look": lambda: CannotLook("not here"),
}


@dataclass(frozen=True, slots=True)
class Works:
    """A worker; it is killed after `steps` steps, where they are given."""

    steps: int | None


@dataclass(frozen=True, slots=True)
class Writes:
    """Somebody does something with a letter."""

    what: str
    letter: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Passes:
    """Real time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with one attempt, before the platform applied it or after."""

    method: str
    problem: str
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Who acts at once, in which order they take turns, and what goes wrong on the platform."""

    actors: Sequence[Works | Writes | Passes]
    order: Sequence[int]
    troubles: Sequence[Trouble]
    blind_looks: int


troubles = st.sampled_from([
    Trouble("post", "too fast"),
    Trouble("post", "not sent"),
    Trouble("post", "no answer", applied=True),
    Trouble("post", "no answer"),
    Trouble("post", "refused"),
    Trouble("update", "not sent"),
    Trouble("update", "no answer", applied=True),
    Trouble("delete", "not sent"),
    Trouble("find", "not sent"),
    Trouble("find", "may not look"),
])  # fmt: skip
letters = st.tuples(st.sampled_from(COMPANIES), st.sampled_from(tuple(TRAFFIC)))
workers = st.builds(Works, st.none() | st.integers(0, 40))
writers = st.builds(Writes, st.sampled_from(["edits", "wants", "hides", "takes_back"]), letters)
passing = st.builds(Passes, st.sampled_from([5.0, 20.0, 45.0, AN_HOUR_S]))


def _one_writer_a_letter(actor: Works | Writes | Passes) -> object:
    return actor.letter if isinstance(actor, Writes) else object()


scenes = st.builds(
    Scene,
    st.lists(workers | writers | passing | workers, min_size=1, max_size=4, unique_by=_one_writer_a_letter),
    st.lists(st.integers(0, 3), max_size=40),
    st.lists(troubles, max_size=3),
    st.sampled_from([0, 0, 0, 1]),
)


WITHIN_S = 120  # a story that does not end is a fault, and must not hold up the others


@pytest.mark.req("INV-20")
@examples(8)
@given(story=st.lists(scenes, min_size=1, max_size=5))
def test_what_stands_in_the_end_is_what_is_wanted_once(story: list[Scene], new_url: NewUrl) -> None:
    asyncio.run(asyncio.wait_for(_told(new_url(), story), WITHIN_S))


async def _told(url: str, story: Sequence[Scene]) -> None:
    real_time = RealTime()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "steady_s", real_time.monotonic)
        here = Exchange(Database(url), real_time)
        try:
            await here.opens()
            for letter in here.letters.values():
                await here.wants(letter, Life())
            for number, scene in enumerate(story):
                await _played(here, scene, number)
            await _comes_to_rest(here)
            for letter in here.letters.values():
                await _holds(here, letter)
            assert here.intruders == []
        finally:
            await here.database.close()


async def _played(here: Exchange, scene: Scene, number: int) -> None:
    here.platform.faults = [
        Fault(PROBLEMS[each.problem](), each.method, applied=each.applied) for each in scene.troubles
    ]
    here.platform.blind_looks = scene.blind_looks
    turns, names = Turns(scene.order), count(1)
    acts = []
    for actor in scene.actors:
        match actor:
            case Works(steps):
                acts.append(here.works(Life(turns, steps), f"worker {number}.{next(names)}"))
            case Writes(what, letter):
                acts.append(getattr(here, what)(here.letters[letter], Life(turns)))
            case Passes(seconds):
                acts.append(here.passes(seconds, Life(turns)))
    await turns.together(*acts)


async def _comes_to_rest(here: Exchange) -> None:
    here.platform.faults, here.platform.blind_looks = [], 0
    for number in range(12):
        await here.passes(AN_HOUR_S, Life())
        await here.works(Life(), f"heir {number}")
        if await here.states() <= AT_REST:
            return
    raise AssertionError(f"after half a day messages are still {await here.states() - AT_REST}")


async def _holds(here: Exchange, letter: Letter) -> None:
    """The laws of one letter."""
    row = await here.row(letter)
    assert row is not None
    mine = (letter.tenant, letter.name)
    arrived = [post for post in here.platform.arrived if (post.to.tenant, post.key) == mine]
    misled = here.platform.misled[mine]
    # Once for each time that it was wanted, and once more only where the platform hid that it was there.
    assert len(arrived) <= letter.times_wanted + min(misled, row.reposts)
    assert all(post.words.startswith(f"{letter.tenant} {letter.name} ") for post in arrived), "mixed up"
    assert all((post.to.account == "ada") == (letter.name == "question") for post in arrived)
    if letter.tries_when_stopped is not None:
        assert here.platform.tried[mine] == letter.tries_when_stopped, "stopped before it was claimed, and sent"
    _stands_as_wanted(here, letter, row, misled=misled)


def _stands_as_wanted(here: Exchange, letter: Letter, row: Message, *, misled: int) -> None:
    standing = {post.ref: post.words for post in here.platform.standing(letter.tenant, letter.name)}
    match row.state:
        case State.SHOWN if letter.is_hidden:
            assert row.platform_ref in standing
        case State.SHOWN:
            assert letter.is_wanted
            assert standing[row.platform_ref or ""] == letter.words
        case State.CANCELLED:
            assert letter.is_hidden or not letter.is_wanted
            assert len(standing) <= misled
        case State.PARKED:
            assert misled or (letter.name == "reply" and row.error == PLACE_IS_GONE)
        case _:
            assert row.error in {"no such room", "the message whose thread it belongs to does not stand"}


def test_what_belongs_into_the_thread_of_a_parked_message_comes_to_rest(new_url: NewUrl) -> None:
    asyncio.run(_parked_with_a_thread(new_url()))


async def _parked_with_a_thread(url: str) -> None:
    here = Exchange(Database(url), RealTime())
    try:
        await here.opens()
        greeting, reply = here.letters["Northwater", "greeting"], here.letters["Northwater", "reply"]
        here.platform.troubles[greeting.tenant, greeting.name] = PROBLEMS["no answer"]
        here.platform.faults = [Fault(CannotLook("not here"), "find")]
        for letter in (greeting, reply):
            await here.wants(letter, Life())
        for number in range(2):
            await here.works(Life(), f"worker {number}")
        parked = await here.row(greeting)
        assert parked is not None
        assert parked.state is State.PARKED
        await _comes_to_rest(here)
    finally:
        await here.database.close()
