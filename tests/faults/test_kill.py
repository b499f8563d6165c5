"""kill -9 at any moment: what was committed is there after a restart, and is shown exactly once."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.chat.codec import decoded_card
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import HuddleAnswer, HuddleRun
from storage.local import LocalPost
from storage.messages import Message
from storage.people import Person
from storage.tx import SYSTEM
from tests.faults.house import Death, Moment
from tests.faults.processes import Running, a_house
from tests.support.company import copied
from tests.support.reading import words_of

pytestmark = pytest.mark.fault
TUESDAY = date(2026, 11, 24)
FOCUS = "Read the meters in Oakley Road"
State = Message.State


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that people see, and what became of the steps, without the instants."""

    posts: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    messages: list[tuple[str, str]]


async def story_of(url: str) -> Story:
    database = Database(url)
    async with database.read(SYSTEM) as tx:
        posts = (await tx.session.scalars(select(LocalPost).where(col(LocalPost.deleted).is_(False)))).all()
        steps = await tx.all(select(Occurrence))
        messages = await tx.all(select(Message))
    await database.close()
    return Story(
        sorted((post.room_id, words_of(decoded_card(post.card)) if post.card else post.text) for post in posts),
        sorted((each.key, each.state) for each in steps),
        sorted((each.key, each.state) for each in messages),
    )


async def quarter_past(house: Running, url: str) -> None:
    """The clock goes to 09:15, if it has not opened the huddle yet."""
    opened = [state for key, state in (await story_of(url)).steps if key.endswith("2026-11-24T09:15:00")]
    if opened != [Occurrence.State.DONE]:
        await house.move("next")


@pytest.fixture(scope="module")
def asked(northwater_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as it is at 09:15 when nothing happens: five are asked, and the header stands in the channel."""
    folder = tmp_path_factory.mktemp("asked")
    url = copied(northwater_template, folder)

    async def lived() -> None:
        async with a_house(url) as house:
            await quarter_past(house, url)
            await settled(url)

    asyncio.run(lived())
    path = folder / "folkmoot.db"
    with closing(sqlite3.connect(path)) as connection:  # what was killed has left its log beside it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def asked_url(asked: Path, tmp_path: Path) -> str:
    """The address of a copy of it."""
    return copied(asked, tmp_path)


@pytest.fixture(scope="module")
def undisturbed(asked: Path) -> Story:
    """What people see then."""
    return asyncio.run(story_of(f"sqlite:///{asked}"))


async def settled(url: str) -> Story:
    """The story once nothing is under way."""
    for _ in range(100):
        story = await story_of(url)
        if not {state for _, state in story.messages} & {State.SENDING, State.UNKNOWN, State.READY}:
            return story
        await asyncio.sleep(0.1)
    return story


@pytest.mark.parametrize("death", [
    *(Death(Moment.AFTER_COMMIT, number) for number in (1, 2, 4, 7)),
    *(Death(Moment.BEFORE_COMMIT, number) for number in (2,)),
    *(Death(Moment.BEFORE_POST, number) for number in (1,)),
    *(Death(Moment.AFTER_POST, number) for number in (1, 6)),
], ids=str)  # fmt: skip
async def test_killed_while_it_asks_it_ends_as_if_nothing_had_happened(
    northwater_url: str, undisturbed: Story, death: Death
) -> None:
    async with a_house(northwater_url, death) as house:
        await house.arm()
        await house.move("next")
        await house.dies()
    async with a_house(northwater_url) as house:
        await quarter_past(house, northwater_url)
        assert await settled(northwater_url) == undisturbed


@pytest.mark.parametrize("death", [
    Death(Moment.BEFORE_COMMIT, 1),
    Death(Moment.AFTER_COMMIT, 1),
    Death(Moment.AFTER_COMMIT, 3),
    Death(Moment.AFTER_POST, 1),
], ids=str)  # fmt: skip
async def test_killed_over_an_answer_the_answer_is_there_once_and_shown(asked_url: str, death: Death) -> None:
    run = await todays_run(asked_url)
    async with a_house(asked_url, death) as house:
        await house.arm()
        await house.send_form("amy", run, "event-1", focus=FOCUS)
        await house.dies()
    async with a_house(asked_url) as house:
        assert await house.send_form("amy", run, "event-1", focus=FOCUS) is not None
        story = await settled(asked_url)
    assert await editions(asked_url) == [("Amy", 1, FOCUS)]
    assert sum(FOCUS in words for room, words in story.posts if room == "dm-amy") == 1


async def todays_run(url: str) -> int:
    database = Database(url)
    async with database.read(SYSTEM) as tx:
        run = await tx.first(select(HuddleRun.id).where(HuddleRun.local_date == TUESDAY))
    await database.close()
    assert run is not None
    return run


async def editions(url: str) -> list[tuple[str, int, str]]:
    """Everybody's answers of today: name, edition, focus."""
    run = await todays_run(url)
    database = Database(url)
    async with database.read(SYSTEM) as tx:
        names = {person.id: person.name for person in await tx.all(select(Person))}
        kept = await tx.all(select(HuddleAnswer).where(HuddleAnswer.run_id == run))
    await database.close()
    return sorted((names[each.person_id], each.edition, each.answers["focus"]) for each in kept)


async def test_killed_while_many_answer_every_answer_that_was_acknowledged_is_there(asked_url: str) -> None:
    told: dict[str, list[str]] = {user: [] for user in ("amy", "ben", "cem", "dee", "eli")}
    enough = asyncio.Event()

    async def answers(house: Running, run: int, user: str) -> None:
        for number in range(1000):
            focus = f"{user} {number}"
            if await house.send_form(user, run, f"event-{user}-{number}", focus=focus) is None:
                return
            told[user].append(focus)
            if sum(map(len, told.values())) >= 15:
                enough.set()

    async with a_house(asked_url) as house:
        run = await todays_run(asked_url)
        answering = [asyncio.create_task(answers(house, run, user)) for user in told]
        async with asyncio.timeout(20):
            await enough.wait()
        house.kill()
        await asyncio.gather(*answering)
    async with a_house(asked_url) as house:
        story = await settled(asked_url)
        kept = await editions(asked_url)
        for user, acknowledged in told.items():
            mine = [focus for name, _, focus in kept if name == user.title()]
            # One more may have been committed whose acknowledgement was lost.
            assert mine[: len(acknowledged)] == acknowledged
            assert len(mine) - len(acknowledged) in {0, 1}
            assert [edition for name, edition, _ in kept if name == user.title()] == list(range(1, len(mine) + 1))
            assert any(mine[-1] in words for room, words in story.posts if room == f"dm-{user}")
        assert await house.send_form("amy", run, "event-after", focus="and it goes on") is not None
