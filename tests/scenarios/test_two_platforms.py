"""One organisation on Slack and on Teams: what people do at once on both meets in the same rows."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from storage.actions import Action
from storage.audit import AuditEvent
from storage.links import Thing
from storage.people import Person
from tests.scenarios.two_stages import TwoStages, open_two_stages

ORGANISATION = 1
START = "/action start A-1"
MOVE = '/action due A-1 2026-12-11 reason:"the text is late"'
OVERTAKEN = "changed A-1 a moment ago"


@pytest.mark.req("INV-20")
@pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.slow))],
    indirect=True,
)
async def test_two_people_change_an_action_at_once_on_two_platforms_and_nothing_is_lost(database_url: str) -> None:
    async with open_two_stages(database_url) as both:
        await both.slack.until(datetime(2026, 11, 24, 10, 30, tzinfo=UTC))
        await both.slack.hears("ben", '/action add "Check eight calls" @Ben due:fri')
        on_slack, on_teams = await _at_once(both)
        assert (OVERTAKEN in on_slack) != (OVERTAKEN in on_teams), (on_slack, on_teams)
        if OVERTAKEN in on_slack:
            # Dana was faster, on Teams: Ben reads the new date on Slack, and tries again.
            assert "Dana changed A-1 a moment ago: it is open, with Ben, due Fri 11 Dec 2026" in on_slack
            assert "A-1 is in progress" in (await both.slack.hears("ben", START)).words
        else:
            assert "Ben changed A-1 a moment ago: it is in progress, with Ben, due Fri 27 Nov 2026" in on_teams
            assert "A-1 now due Fri 11 Dec 2026" in (await both.teams.hears("dana", MOVE)).words
        await _both_changes_stand(both)


async def _at_once(both: TwoStages) -> tuple[str, str]:
    """Ben begins on Slack while Dana moves the date on Teams: what both read."""
    both.meeting.expected = asyncio.Barrier(2)
    ben, dana = await asyncio.gather(both.slack.hears("ben", START), both.teams.hears("dana", MOVE))
    both.meeting.expected = None
    return ben.words, dana.words


async def _both_changes_stand(both: TwoStages) -> None:
    async with both.slack.house.database.read(ORGANISATION) as tx:
        action = await tx.first(select(Action).where(Action.code == "A-1"))
        assert action is not None
        assert (action.state, str(action.due_on)) == (Action.State.IN_PROGRESS, "2026-12-11")
        mine = (AuditEvent.thing == Thing.ACTION, AuditEvent.thing_id == action.id)
        joined = select(col(Person.name), col(AuditEvent.verb), col(AuditEvent.after))
        query = joined.join(Person, col(Person.id) == AuditEvent.by).where(*mine)
        done = set(await tx.columns(query))
    assert {("Ben", "start", "in_progress"), ("Dana", "due", "2026-12-11")} <= done
