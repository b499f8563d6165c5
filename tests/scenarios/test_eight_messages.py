"""AT-6 of the domain, its last line: of eight messages on one day six are sent, and two arrive in the 16:30 digest."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from sqlmodel import col, select

from bot.chat.replies import Replies, Show
from bot.wanted import record
from storage.actions import Action
from storage.messages import Lane, Message
from storage.people import Person
from tests.scenarios.moving import SeenPost
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Post, Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

ORGANISATION = 1
TITLES = (
    "Order new valves",
    "Ring the depot",
    "Map Oakley",
    "Thank Mrs Gray",
    "Count seals",
    "Book training",
    "Walk through Mill Lane",
    "Find the spare key",
)
State = Message.State


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


@pytest.mark.req("AT-6", "S3-32")
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="local"),
        pytest.param("sqlite", open_slack_stage, id="slack"),
        pytest.param("sqlite", open_teams_stage, id="teams"),
    ],
    indirect=["database_url"],
)
async def test_six_of_eight_are_sent_and_two_are_opened_from_the_digest(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await stage.until(at(10))
        for title in TITLES:
            await stage.hears("amy", f'/action add "{title}" @Amy due:fri')
        await _eight_are_wanted(stage)
        assert await _states(stage) == [*[State.SHOWN] * 6, State.HELD, State.HELD]
        before = len(await stage.posts("amy"))
        await stage.until(at(16, 29))
        assert len(await stage.posts("amy")) == before
        await stage.until(at(16, 30))
        (digest,) = await _new(stage, before)
        assert "What else came today" in digest.words
        assert [title for title in TITLES if title in digest.words] == [TITLES[6], TITLES[7]]
        await stage.presses("amy", "Open")
        await stage.until(at(16, 31))
        opened_one = (await stage.posts("amy"))[-1]
        assert TITLES[6] in opened_one.words
        assert "Done" in opened_one.labels
        assert await _states(stage) == [*[State.SHOWN] * 7, State.HELD]
        digest = next(post for post in await stage.posts("amy") if "What else came today" in post.words)
        assert "Opened" in digest.words
        assert digest.labels.count("Open") == 1


async def _eight_are_wanted(stage: AnyStage) -> None:
    """Messages of the day as features want them, each about an action of hers."""
    async with stage.house.database.write(ORGANISATION) as tx:
        now = stage.house.clock.now()
        tx.acts_for(by=None, event_id=None, now=now)
        (amy,) = await tx.all(select(Person).where(Person.name == "Amy"))
        actions = await tx.all(select(Action).where(col(Action.title).in_(TITLES)).order_by(col(Action.id)))
        shows = [
            Show(f"test:{each.id}", amy, "action.card", {"action": each.id}, Lane.Traffic.PROMPT) for each in actions
        ]
        await record(tx, Replies(show=tuple(shows)), event_id=None, now=now)
    await stage.house.delivery.drain()


async def _states(stage: AnyStage) -> Sequence[Message.State]:
    async with stage.house.database.read(ORGANISATION) as tx:
        ours = select(Message).where(col(Message.key).startswith("test:"))
        return [each.state for each in await tx.all(ours.order_by(col(Message.id)))]


async def _new(stage: AnyStage, before: int) -> Sequence[Post | SeenPost]:
    seen: Sequence[Post | SeenPost] = await stage.posts("amy")
    return seen[before:]
