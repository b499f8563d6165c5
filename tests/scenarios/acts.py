"""What people do in a scenario, in one line each, and what is then stored."""

from datetime import UTC, date, datetime

from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from storage.huddles import Expectation, HuddleRun
from storage.people import Person
from tests.scenarios.stage import Post, Stage
from tests.support.reading import button_of, labels_of, words_of

ORGANISATION = 1


def at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def card_of(answer: Answer | None) -> Card:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content


def form_of(answer: Answer | None) -> Form:
    assert answer is not None
    assert isinstance(answer.content, Form)
    return answer.content


async def told(stage: Stage, user: str, text: str, room: str = "dm") -> str:
    return words_of(card_of(await stage.say(user, text, room)))


async def newest_with(stage: Stage, user: str, label: str, room: str = "dm") -> Post:
    posts = [each for each in await stage.posts(user, room) if each.card and label in labels_of(each.card)]
    assert posts, f"{user} sees no button {label!r}"
    return posts[-1]


async def press(stage: Stage, user: str, label: str, room: str = "dm") -> Answer | None:
    post = await newest_with(stage, user, label, room)
    assert post.card is not None
    return await stage.press(user, post, button_of(post.card, label))


async def status_of(stage: Stage, name: str) -> Expectation.Status | None:
    async with stage.house.database.read(ORGANISATION) as tx:
        person = await tx.first(select(Person).where(Person.name == name))
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, 24)))
        if person is None or run is None:
            return None
        asked = select(Expectation).where(Expectation.run_id == run.id, Expectation.person_id == person.id)
        found = await tx.first(asked)
        return None if found is None else found.status


async def the_run(stage: Stage, day: int) -> HuddleRun | None:
    async with stage.house.database.read(ORGANISATION) as tx:
        return await tx.first(select(HuddleRun).where(HuddleRun.local_date == date(2026, 11, day)))
