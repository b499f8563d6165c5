"""From what is in somebody's way in a huddle to an action that is done and accepted, and the chain back, everywhere."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from sqlmodel import select

from storage.actions import Action
from storage.blockers import Blocker
from storage.people import Person
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

ON_POSTGRES = (pytest.mark.postgres, pytest.mark.slow)
ORGANISATION = 1
IN_THE_WAY = "Van 12 is out of meter seals again"


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


@pytest.mark.req("S1-04", "S3-20")
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="sqlite-local"),
        pytest.param("sqlite", open_slack_stage, id="sqlite-slack"),
        pytest.param("sqlite", open_teams_stage, id="sqlite-teams"),
        pytest.param("postgres", open_stage, id="postgres-local", marks=ON_POSTGRES),
        pytest.param("postgres", open_slack_stage, id="postgres-slack", marks=ON_POSTGRES),
        pytest.param("postgres", open_teams_stage, id="postgres-teams", marks=ON_POSTGRES),
    ],
    indirect=["database_url"],
)
async def test_what_is_in_the_way_becomes_an_action_and_can_be_traced_back(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await stage.until(at(9, 16))
        await stage.answer("dee", focus="Meters at Harbour Road", blocker=IN_THE_WAY)
        code = await _somebody_helps_and_makes_it_an_action(stage)
        await _its_owner_takes_it_on_and_does_it(stage)
        await _a_second_person_accepts_it(stage)
        told = (await stage.hears("dana", "/search trace A-1")).words
        assert "Huddle of Field Dispatch" in told
        assert told.index("Huddle of Field Dispatch") < told.index(code) < told.index("Order two boxes of seals")
        back = (await stage.hears("dana", f"/search trace {code}")).words
        assert "Order two boxes of seals" in back


async def _somebody_helps_and_makes_it_an_action(stage: AnyStage) -> str:
    """Dana presses the button of the blocker, then **Make it an action**, and names Ben in the form."""
    async with stage.house.database.read(ORGANISATION) as tx:
        blocker = await tx.first(select(Blocker).where(Blocker.text == IN_THE_WAY))
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
    assert blocker is not None
    assert ben is not None
    await stage.until(at(9, 30))
    await stage.presses("dana", f"I can help with {blocker.code}", "field-dispatch")
    room = "dm" if any("Make it an action" in each.labels for each in await stage.posts("dana")) else "field-dispatch"
    await stage.presses("dana", "Make it an action", room)
    chosen = {"title": "Order two boxes of seals", "owner": stage.as_chosen("ben", ben), "due": "2026-11-27"}
    await stage.fills("dana", chosen | {"dod": "Both boxes are in the van"})
    return blocker.code


async def _its_owner_takes_it_on_and_does_it(stage: AnyStage) -> None:
    asked = (await stage.posts("ben"))[-1]
    assert "Dana asks you to take this on" in asked.words
    assert IN_THE_WAY in asked.words
    await stage.presses("ben", "Accept")
    await stage.presses("ben", "Done")
    await stage.fills("ben", {"evidence": "Both boxes, signed for"})
    assert (await _action(stage)).state is Action.State.DONE_CLAIMED


async def _a_second_person_accepts_it(stage: AnyStage) -> None:
    assert "Ben says this is done" in (await stage.posts("dana"))[-1].words
    await stage.presses("dana", "Accept")
    assert (await _action(stage)).state is Action.State.DONE
    assert "Dana accepted A-1 as done" in (await stage.posts("ben"))[-1].words


async def _action(stage: AnyStage) -> Action:
    async with stage.house.database.read(ORGANISATION) as tx:
        action = await tx.first(select(Action).where(Action.code == "A-1"))
    assert action is not None
    return action
