"""Northwater on Slack, and the same people in a tenant of Teams that nobody has paired with it yet; one process."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.demo import northwater
from bot.house import House, assemble, load_demo, platforms, web_running
from schedules.simulated import clock_for
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person
from storage.tx import SYSTEM
from tests.conformance.on_teams import TEAM, settings_for
from tests.scenarios import slack_stage, teams_stage
from tests.scenarios.moving import SeenPost, moved_to, settled
from tests.scenarios.slack_stage import SlackStage, slack_id
from tests.scenarios.teams_stage import TeamsStage, teams_id
from tests.support.slack_double import slack_double
from tests.support.teams_double import teams_double

T = TypeVar("T")
CODE = re.compile(r"\b[B-DF-HJ-NP-TV-XZ2-9]{8}\b")
RUNS_SLACK, RUNS_TEAMS = "ivo", "it"
"""Who administers the bot on each side."""


@dataclass(frozen=True, slots=True)
class BothStage:
    """One house with two doors; people are strangers behind the second one until they join their accounts."""

    slack: SlackStage
    teams: TeamsStage
    house: House

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens."""
        await self.house.heartbeat.advance_to(at)

    async def pair(self) -> str:
        """An administrator of each side pairs them; what the second one reads."""
        code = code_in((await self.slack.hears(RUNS_SLACK, "/account pair")).words)
        return (await self.teams.hears(RUNS_TEAMS, f"/account pair {code}")).words

    async def join(self, user: str) -> str:
        """Somebody joins their new account on Teams with the old one on Slack; what they read on Slack."""
        code = code_in((await self.teams.hears(user, "/account join")).words)
        return (await self.slack.hears(user, f"/account join {code}")).words

    async def settled(self) -> None:
        """Everything that follows has happened."""
        await settled(self.house)

    async def all(self, query: SelectOfScalar[T]) -> Sequence[T]:
        """Rows of every organisation."""
        async with self.house.database.read(SYSTEM) as tx:
            return await tx.all(query)

    async def person_on(self, platform: str, user: str) -> Person:
        """Who somebody's account is."""
        external = slack_id(user) if platform == "slack" else teams_id(user)
        (found,) = await self.all(
            select(Person)
            .join(Account, Account.person_id == Person.id)  # type: ignore[arg-type]  # a column, not a truth
            .join(Install, Install.id == Account.install_id)  # type: ignore[arg-type]
            .where(Install.platform == platform, Account.external_id == external)
        )
        return found


def code_in(words: str) -> str:
    """The code that somebody was shown."""
    (code,) = set(CODE.findall(words))
    return str(code)


def newest(posts: Sequence[SeenPost], words: str) -> SeenPost:
    """The newest message in front of somebody that says something."""
    return [each for each in posts if each.user is None and words in each.words][-1]


async def _left_the_local_chat(database: Database) -> None:
    """Nobody can be written to there any more."""
    async with database.write(SYSTEM) as tx:
        local = select(col(Install.id)).where(Install.platform == "local")
        await tx.run(update(Account).where(col(Account.install_id).in_(local)).values(reachable=False))


@asynccontextmanager
async def open_both_stage(database_url: str) -> AsyncIterator[BothStage]:
    """Northwater on Tuesday, 09:14, on Slack; the tenant has the bot, and an organisation of its own."""
    database = Database(database_url)
    clock = await clock_for(database, northwater.PLAYED_FROM, None)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await load_demo(assemble(database, clock))
        slack, teams = await stack.enter_async_context(slack_double()), await stack.enter_async_context(teams_double())
        workspace, tenant = slack_stage.workspace(slack), teams_stage.tenant(teams)
        # Two tenants: of several, a new one is no part of the operator's organisation.
        served = {"teams_tenants": f"{tenant.id},8d1f6a52-0000-4000-8000-00000000000f"}
        of_teams = settings_for(teams, tenant).model_dump(exclude_defaults=True) | served
        settings = slack_stage.settings(slack, workspace).model_copy(update=of_teams)
        real = await stack.enter_async_context(platforms(settings, database))
        house = assemble(database, clock, real=real)
        port = await stack.enter_async_context(web_running(house, settings, with_clock=True))
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", slack_stage.SECRET)
        teams.deliver_to(f"http://127.0.0.1:{port}/api/messages")
        room = slack_stage.CHANNELS["field-dispatch"]
        await moved_to(database, "slack", clock.now(), account=slack_id, channel=room)
        await _left_the_local_chat(database)
        await tenant.user(teams_stage.WHO_INSTALLS).installs(TEAM)
        await settled(house)
        yield BothStage(SlackStage(house, slack, workspace), TeamsStage(house, teams, tenant), house)
        assert slack.complaints == []
        assert teams.complaints == []
