"""Whoever changes or deletes what they wrote in the chat changes their answer, on every platform that tells of it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from adapters.teams import desk
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage
from tests.support.teams_double import SeenMessage

Stage: TypeAlias = SlackStage | TeamsStage
OPEN: Mapping[str, Callable[[str], AbstractAsyncContextManager[Stage]]] = {
    "slack": open_slack_stage,
    "teams": open_teams_stage,
}


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


@asynccontextmanager
async def asked(platform: str, url: str) -> AsyncIterator[Stage]:
    """Everybody was asked, and Ben has written a line."""
    async with OPEN[platform](url) as stage:
        await stage.until(at(9, 16))
        await stage.hears("ben", "Valve checks")
        yield stage


async def said(stage: Stage) -> list[str]:
    """What the bot says to Ben, oldest first."""
    return [each.words for each in await stage.posts("ben") if each.user is None]


async def summary(stage: Stage) -> str:
    await stage.until(at(9, 30))
    return [each.words for each in await stage.posts("amy", "field-dispatch") if "answered by" in each.words][-1]


@pytest.mark.parametrize("platform", OPEN)
async def test_a_line_that_is_changed_changes_the_answer(northwater_url: str, platform: str) -> None:
    async with asked(platform, northwater_url) as stage:
        await stage.rewrites("ben", "Valve checks", "Pump checks & <hoses>")
        before = await said(stage)
        assert "Changed at 09:16" in before[-1]
        await stage.again()
        assert await said(stage) == before
        seen = await summary(stage)
        assert "Pump checks & <hoses> (edited)" in seen
        assert "Valve checks" not in seen


@pytest.mark.parametrize("platform", OPEN)
async def test_a_line_that_is_deleted_is_taken_out_of_the_answer(northwater_url: str, platform: str) -> None:
    async with asked(platform, northwater_url) as stage:
        await stage.rewrites("ben", "Valve checks", "")
        assert "I took your words of Tue 24 Nov out" in (await said(stage))[-1]
        seen = await summary(stage)
        assert "1 of 5 answered by 09:30" in seen
        assert "Valve checks" not in seen


async def test_a_link_that_slack_looks_at_is_no_change(northwater_url: str) -> None:
    async with asked("slack", northwater_url) as stage:
        assert isinstance(stage, SlackStage)
        before = await said(stage)
        member = stage.member("ben")
        (line,) = [each for each in member.sees() if not each.is_from_bot]
        assert (await member.unfurls(line)).is_ok
        await stage.until(at(9, 17))
        assert await said(stage) == before


async def test_a_deleted_line_that_teams_brings_back_is_the_answer_again(northwater_url: str) -> None:
    async with asked("teams", northwater_url) as stage:
        assert isinstance(stage, TeamsStage)
        (line,) = [each for each in stage.member("ben").sees() if not each.is_from_bot]
        await stage.rewrites("ben", "Valve checks", "")
        await stage.brings_back("ben", line)
        assert "Valve checks" in await summary(stage)


async def test_a_line_that_is_deleted_while_the_bot_is_held_up_is_brought_again_and_taken_out_then(
    northwater_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asked("teams", northwater_url) as stage:
        assert isinstance(stage, TeamsStage)
        within_s = desk.WITHIN_S
        monkeypatch.setattr(desk, "WITHIN_S", -1.0)
        heard = await stage.member("ben").deletes(await own_line(stage))
        assert heard is not None
        assert heard.status == 503
        monkeypatch.setattr(desk, "WITHIN_S", within_s)
        await stage.again()
        assert "I took your words of Tue 24 Nov out" in (await said(stage))[-1]


async def own_line(stage: TeamsStage) -> SeenMessage:
    """What Ben wrote."""
    (line,) = [each for each in stage.member("ben").sees() if not each.is_from_bot]
    return line
