"""A day with a death in the middle of every act: each time the bot is started again, and the day goes on."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, fields

from storage.engine import Database
from tests.faults.chapters import Chapter, opened
from tests.faults.house import Death, Moment
from tests.faults.processes import Died, Running, a_house
from tests.faults.story import Act, Story, act_of, story_of
from tests.support.elapsing import real_time_passes


@dataclass(slots=True)
class Course:
    """How such a day went."""

    deaths: int = 0
    not_come: list[str] = field(default_factory=list)
    """Acts in which the moment did not come, though it did in the undisturbed day."""
    doubled: list[str] = field(default_factory=list)
    """Keys of messages that would stand twice on a platform which takes every post."""
    differs: list[str] = field(default_factory=list)
    """What is not as if nothing had happened; the day ends with the act after which it is seen."""


async def relay(url: str, chapters: Mapping[str, Chapter], moment: Moment, number: int) -> Course:
    """In every act the bot is killed at its `number`th moment of a kind, if it has as many."""
    course = Course()
    async with opened(url) as database, AsyncExitStack() as houses:
        house = await houses.enter_async_context(a_house(url))
        for name, chapter in chapters.items():
            act = await act_of(database, name)
            is_doomed = chapter.moments.get(moment, 0) >= number
            await house.arm(Death(moment, number) if is_doomed else Death())
            if not (await _done(house, act) and await _lives_on(house)):
                course.deaths += 1
                await lease_ends(database)
                house = await houses.enter_async_context(a_house(url))
                await _done(house, act)
            elif is_doomed:
                course.not_come.append(name)
            course.doubled += await house.doubled()
            course.differs = _differences(f"{name}, killed {moment} {number}", chapter.after, await story_of(database))
            if course.differs:
                break
    return course


async def _done(house: Running, act: Act) -> bool:
    """Plays an act to its end; False when the bot died over it. What was acknowledged does not come again."""
    try:
        if not act.is_told:
            await act.play(house)
        if await house.settle():
            return True
        raise AssertionError("it does not come to rest")
    except Died:
        await house.dies()
        return False


async def _lives_on(house: Running) -> bool:
    """Disarms it; False when the moment came just after the act was over, as when the clock writes where it stands."""
    try:
        await house.arm()
    except Died:
        await house.dies()
        return False
    return True


def _differences(when: str, expected: Story, found: Story) -> list[str]:
    pairs = [(each.name, getattr(expected, each.name), getattr(found, each.name)) for each in fields(Story)]
    return [f"{when}: {name}: {_difference(one, other)}" for name, one, other in pairs if one != other]


def _difference(expected: object, found: object) -> str:
    if not isinstance(expected, list) or not isinstance(found, list):
        return f"{found} instead of {expected}"
    missing = [each for each in expected if each not in found]
    extra = [each for each in found if each not in expected]
    return f"missing {missing}, too much {extra}, {len(found)} instead of {len(expected)}"


async def lease_ends(database: Database) -> None:
    """On a server a dead worker's lease must run out; on SQLite a restart knows that nobody else can be there."""
    if not database.is_sqlite:
        await real_time_passes(database)
