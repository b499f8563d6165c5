"""A workspace and a tenant are paired, accounts are joined, and an answer on either platform counts once."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from storage.huddles import Expectation, HuddleAnswer, HuddleRun
from storage.organisations import Install, Organisation
from storage.people import Person
from storage.teams import Membership, Team
from tests.scenarios.both_stage import BothStage, code_in, newest, open_both_stage

PROMPT = "Huddle · Field Dispatch"
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
NORTHWATER = 1


def at(hour: int, minute: int, on: date = TODAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


async def run_of(both: BothStage, on: date = TODAY) -> HuddleRun:
    (run,) = await both.all(select(HuddleRun).where(HuddleRun.local_date == on))
    return run


async def prompts(both: BothStage, platform: str, user: str = "ben") -> int:
    """How many questions stand in front of somebody."""
    stage = both.slack if platform == "slack" else both.teams
    return len([each for each in await stage.posts(user) if each.user is None and PROMPT in each.words])


@pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.slow))],
    indirect=True,
)
async def test_ben_is_asked_once_and_answers_wherever_he_likes(database_url: str) -> None:
    async with open_both_stage(database_url) as both:
        assert len(await both.all(select(Organisation))) == 2
        assert "Teams is part of Northwater Utility now" in await both.pair()
        assert {each.organisation_id for each in await both.all(select(Install))} == {NORTHWATER}
        assert "is part of Northwater Utility now" in newest(await both.slack.posts("ivo"), "Paired").words

        assert "Your Slack and Teams accounts are one now" in await both.join("ben")
        assert "are one now" in newest(await both.teams.posts("ben"), "Joined").words
        before = await prompts(both, "slack")
        await both.until(at(9, 16))
        assert (await prompts(both, "slack"), await prompts(both, "teams")) == (before + 1, 0)
        await both.teams.hears("ben", "Check the valve codes")
        assert "Change my answer" in newest(await both.slack.posts("ben"), PROMPT).labels
        assert "Check the valve codes" in (await both.slack.hears("ben", "/huddle")).words
        await _counts_once(both)

        # From tomorrow on he reads on Teams.
        await both.slack.presses("ben", "Write to me on Teams")
        before = await prompts(both, "slack")
        await both.until(at(9, 16, TOMORROW))
        assert (await prompts(both, "slack"), await prompts(both, "teams")) == (before, 1)


async def _counts_once(both: BothStage) -> None:
    await both.until(at(9, 31))
    run, ben = await run_of(both), await both.person_on("slack", "ben")
    theirs = select(Expectation).where(Expectation.run_id == run.id)
    asked = await both.all(theirs)
    assert [each.status for each in asked if each.person_id == ben.id] == [Expectation.Status.ANSWERED]
    given = await both.all(select(HuddleAnswer).where(HuddleAnswer.run_id == run.id))
    assert [(each.person_id, each.edition) for each in given] == [(ben.id, 1)]
    assert (run.expected, run.on_time) == (5, 1)


async def test_who_was_asked_on_both_before_they_joined_has_one_answer_that_both_prompts_show(
    sqlite_url: str,
) -> None:
    async with open_both_stage(sqlite_url) as both:
        await both.pair()
        await both.teams.hears("ben", "/account")
        await _joins_the_team_there_too(both)
        await both.until(at(9, 16))
        assert (await prompts(both, "teams"), (await run_of(both)).expected) == (1, 6)
        await both.teams.hears("ben", "Check the valve codes")
        assert "Answer" in newest(await both.slack.posts("ben"), PROMPT).labels

        said = await both.join("ben")
        assert "You were asked twice in 1 huddle; that counts once now." in said
        assert (await run_of(both)).expected == 5
        for stage in (both.slack, both.teams):
            assert "Change my answer" in newest(await stage.posts("ben"), PROMPT).labels
        await both.slack.answer("ben", focus="Check nine valve codes")
        assert "Check nine valve codes" in (await both.teams.hears("ben", "/huddle")).words
        editions = select(HuddleAnswer).where(HuddleAnswer.run_id == (await run_of(both)).id)
        given = await both.all(editions.order_by(col(HuddleAnswer.edition)))
        assert [each.answers["focus"] for each in given] == ["Check the valve codes", "Check nine valve codes"]
        await both.until(at(9, 31))
        run = await run_of(both)
        assert (run.expected, run.on_time, run.late) == (5, 1, 0)


async def _joins_the_team_there_too(both: BothStage) -> None:
    stranger = await both.person_on("teams", "ben")
    async with both.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 14))
        team = await tx.first(select(Team).where(Team.name == "Field Dispatch"))
        assert team is not None
        tx.add(Membership(team_id=team.id, person_id=stranger.id, from_on=date(2026, 11, 1)))


async def test_a_tenant_with_records_of_its_own_is_refused_and_told_what_stands_in_the_way(sqlite_url: str) -> None:
    async with open_both_stage(sqlite_url) as both:
        code = code_in((await both.slack.hears("ivo", "/account pair")).words)
        assert "Only an administrator" in (await both.teams.hears("ben", f"/account pair {code}")).words
        added = await both.teams.hears("it", '/action add "Water the plants" @Ben due:fri')
        assert "A-1" in added.words
        refused = (await both.teams.hears("it", f"/account pair {code}")).words
        assert "There is 1 action here already" in refused
        assert len(await both.all(select(Organisation))) == 2
        # The other way round it is the same: Northwater has records too.
        back = code_in((await both.teams.hears("it", "/account pair")).words)
        assert "blocker" in (await both.slack.hears("ivo", f"/account pair {back}")).words
        assert {each.organisation_id for each in await both.all(select(Person)) if each.name == "Ben"} == {1, 2}
