"""AT-6 of the domain, the newcomer and Monday's plan: on the local chat, Slack and Teams.

Mia does what the domain's Gus does, a day later, since the stage opens on Tuesday; Ann has Zoe's Monday.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import TypeAlias

import pytest
from sqlmodel import col, select

from bot.ports import Incoming, Sender, Submission
from storage.actions import Action
from storage.cadences import Cadence, start_anew
from storage.first_days import FirstDays
from storage.huddles import Huddle, HuddleAnswer
from storage.people import Person
from storage.teams import Membership, Team
from storage.weekly import WeeklyGoal, WeeklyRun
from tests.scenarios.moving import SeenPost
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Post, Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

SLOW, POSTGRES = pytest.mark.slow, pytest.mark.postgres
ORGANISATION = 1
EVERYWHERE = pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="sqlite-local", marks=SLOW),
        pytest.param("sqlite", open_slack_stage, id="sqlite-slack"),
        pytest.param("sqlite", open_teams_stage, id="sqlite-teams", marks=SLOW),
        pytest.param("postgres", open_stage, id="postgres-local", marks=POSTGRES),
        pytest.param("postgres", open_slack_stage, id="postgres-slack", marks=(POSTGRES, SLOW)),
        pytest.param("postgres", open_teams_stage, id="postgres-teams", marks=(POSTGRES, SLOW)),
    ],
    indirect=["database_url"],
)
GOALS = ("Text service on 40 desks", "Fault questions read with Field", "Rota of the holidays")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def _with(stage: AnyStage, user: str, words: str) -> Sequence[Post | SeenPost]:
    return [each for each in await stage.posts(user) if words in each.words]


async def _rests(stage: AnyStage) -> None:
    """The huddle of Field Dispatch, which these weeks are not about, has ended."""
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=stage.house.clock.now())
        (huddle,) = await tx.all(select(Huddle))
        huddle.active = False
        (rhythm,) = await tx.all(select(Cadence).where(Cadence.kind == "huddle.open"))
        start_anew(rhythm, None)


# --- the newcomer


@pytest.mark.req("AT-6", "S3-22")
@EVERYWHERE
async def test_somebody_new_is_welcomed_practises_and_is_given_work(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await _rests(stage)
        await _mia_joins_digital(stage)
        await stage.until(at(24, 10, 59))
        assert await _with(stage, "mia", "Welcome to Digital, Mia") == []
        await stage.until(at(24, 11))
        await _work_before_the_module_is_finished(stage)
        await _she_practises(stage)
        await stage.until(at(27, 11))
        (third,) = await _with(stage, "mia", "Not tried yet")
        assert "your own day" in third.words
        assert "the real form" not in third.words
        await stage.until(at(8, 11, month=12))
        assert len(await _with(stage, "mia", "Your first two weeks")) == 1
        (told,) = await _with(stage, "dov", "Mia's first two weeks")
        assert "The introduction is not finished yet." in told.words


async def _mia_joins_digital(stage: AnyStage) -> None:
    async with stage.house.database.read(ORGANISATION) as tx:
        people = {each.name: each.id for each in await tx.all(select(Person))}
    values = {"name": "Digital", "lead": str(people["Dov"]), "members": str(people["Mia"]), "zone": "Europe/London"}
    sender = Sender("ivo", "Ivo", "Europe/London")
    form = Submission("team.save", values, {})
    await stage.house.dispatcher.handle(Incoming("local", "local", "join-1", "dm-ivo", True, sender, form))
    async with stage.house.database.read(ORGANISATION) as tx:
        (days,) = await tx.all(select(FirstDays))
        assert (days.person_id, days.joined_on) == (people["Mia"], date(2026, 11, 24))


async def _work_before_the_module_is_finished(stage: AnyStage) -> None:
    (welcome,) = await _with(stage, "mia", "Welcome to Digital, Mia")
    assert "Dov leads it" in welcome.words
    said = await stage.hears("dov", '/action add "Check eight calls" @Mia due:fri')
    assert "Mia has not finished “Using Folkmoot” yet (10 minutes)" in said.words
    again = await stage.hears("dov", '/action add "Read the leaflet" @Mia due:fri')
    assert "They have it from me already" in again.words
    assert len(await _with(stage, "mia", "10 minutes to learn")) == 1
    async with stage.house.database.read(ORGANISATION) as tx:
        mine = select(Action).where(col(Action.title).in_(["Check eight calls", "Read the leaflet"]))
        assert [each.state for each in await tx.all(mine)] == [Action.State.PROPOSED] * 2


async def _she_practises(stage: AnyStage) -> None:
    async with stage.house.database.read(ORGANISATION) as tx:
        before = await tx.all(select(HuddleAnswer.id))
    await stage.presses("mia", "Try a practice huddle")
    await stage.fills("mia", {"focus": "Text service on desk 12"})
    async with stage.house.database.read(ORGANISATION) as tx:
        assert await tx.all(select(HuddleAnswer.id)) == before


# --- Monday's plan


@pytest.mark.req("AT-6", "S3-27", "S3-34")
@EVERYWHERE
async def test_monday_shows_what_is_due_and_the_goals_of_the_week(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await _rests(stage)
        await _goals_of_two_teams(stage)
        await stage.until(at(30, 8, 29))
        assert await _with(stage, "ann", "Mon 30 Nov 2026") == []
        await stage.until(at(30, 8, 30))
        (hers,) = await _with(stage, "ann", "Mon 30 Nov 2026")
        assert "Good morning, Ann" in hers.words
        assert "Today: 1 due, 1 overdue, 1 meeting." in hers.words.replace("*", "")
        assert all(goal in hers.words for goal in GOALS)
        assert "proposed" not in hers.words
        (his,) = await _with(stage, "raj", "Mon 30 Nov 2026")
        assert "Your goals this week, proposed" in his.words
        await stage.presses("ann", "Done")
        (hers,) = await _with(stage, "ann", "Mon 30 Nov 2026")
        assert "Today: 1 due, 0 overdue, 1 meeting." in hers.words.replace("*", "")
        assert await _with(stage, "bea", "Mon 30 Nov 2026") == [], "nothing is due for her"


async def _goals_of_two_teams(stage: AnyStage) -> None:
    """Ann's plan is confirmed, and her team meets on Monday; Raj's plan is not."""
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=stage.house.clock.now())
        people = {each.name: each for each in await tx.all(select(Person))}
        for number, (name, confirmed) in enumerate((("Ann", at(27, 10, 40)), ("Raj", None))):
            team = Team(name=f"Team of {name}", zone="Europe/London")
            tx.add(team)
            await tx.flush()
            person = people[name]
            tx.add(Membership(team_id=team.id, person_id=person.id, from_on=date(2026, 9, 1)))
            last = WeeklyRun(team_id=team.id, iso_year=2026, iso_week=48, meets_at=at(27, 10), zone="Europe/London")
            last.state, last.confirmed_at = WeeklyRun.State.SUMMARISED, confirmed
            tx.add(last)
            await tx.flush()
            goals = (WeeklyGoal(run_id=last.id, person_id=person.id, seq=n, text=text) for n, text in enumerate(GOALS))
            tx.add(*goals)
            tx.add(_due(200 + 2 * number, "Check eight calls", person, 30))
        meets = WeeklyRun(
            team_id=(await tx.all(select(Team).where(Team.name == "Team of Ann")))[0].id,
            iso_year=2026, iso_week=49, meets_at=at(30, 10), zone="Europe/London",
        )  # fmt: skip
        tx.add(meets, _due(201, "Call back four customers", people["Ann"], 26))


def _due(number: int, title: str, owner: Person, day: int) -> Action:
    on = date(2026, 11, day)
    return Action(
        code=f"A-{number}", title=title, owner_id=owner.id, requester_id=owner.id, state=Action.State.OPEN,
        due_on=on, first_due_on=on,
    )  # fmt: skip
