"""What is in somebody's way, from their answer through the lead and the department to its solution, everywhere."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from sqlmodel import select

from storage.blockers import Blocker
from storage.people import Person
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

ORGANISATION = 1
IN_THE_WAY = "3 of 8 jobs had no fault details"


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.req("S3-25")
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="local"),
        pytest.param("sqlite", open_slack_stage, id="slack"),
        pytest.param("sqlite", open_teams_stage, id="teams"),
    ],
    indirect=["database_url"],
)
async def test_what_is_in_the_way_goes_up_until_somebody_solves_it(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await stage.until(at(24, 9, 16))
        await stage.answer("cem", focus="Notes", blocker=IN_THE_WAY)
        code = (await _blocker(stage)).code
        await stage.until(at(25, 10, 1))
        assert f"{code} has been open since yesterday" in (await stage.posts("dana"))[-1].words
        await _dana_knows_somebody_who_can_not_help(stage, code)
        await stage.presses("dana", "Pass to department")
        assert f"Dana passed {code} on to Raj" in (await stage.posts("raj"))[-1].words
        await stage.presses("raj", "I'll take it")
        assert f"Raj can help with {code}" in (await stage.posts("cem"))[-1].words
        assert f"{code} is solved" in (await stage.hears("raj", f"resolved {code} found the notes")).words
        assert f"{code} is solved, says Raj" in (await stage.posts("cem"))[-1].words
        assert f"{code} is solved, says Raj" in (await stage.posts("dana", "field-dispatch"))[-1].words
        assert (await _blocker(stage)).state is Blocker.State.RESOLVED
        await stage.presses("cem", "Reopen")
        await stage.fills("cem", {"why": "The notes are for another job"})
        assert (await _blocker(stage)).state is Blocker.State.RAISED


async def _dana_knows_somebody_who_can_not_help(stage: AnyStage, code: str) -> None:
    async with stage.house.database.read(ORGANISATION) as tx:
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
    assert ben is not None
    await stage.presses("dana", "I know someone")
    await stage.fills("dana", {"who": stage.as_chosen("ben", ben)})
    assert f"Dana thinks you can help with {code}" in (await stage.posts("ben"))[-1].words
    await stage.presses("ben", "Not me")
    assert f"Ben can't help with {code}" in (await stage.posts("dana"))[-1].words


async def _blocker(stage: AnyStage) -> Blocker:
    async with stage.house.database.read(ORGANISATION) as tx:
        found = await tx.first(select(Blocker).where(Blocker.text == IN_THE_WAY))
    assert found is not None
    return found
