"""Northwater on Slack and on Teams in one process: one organisation, and everybody is on both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from adapters.email.front import MailBox
from bot.chat.replies import Answer
from bot.demo import northwater
from bot.dispatch import Dispatcher
from bot.house import assemble, load_demo, platforms, web_running
from bot.ports import Incoming
from schedules.simulated import clock_for
from storage.engine import Database
from tests.conformance.on_teams import TEAM, settings_for
from tests.scenarios import slack_stage, teams_stage
from tests.scenarios.moving import moved_to
from tests.scenarios.slack_stage import SlackStage, slack_id
from tests.scenarios.teams_stage import TeamsStage, teams_id
from tests.support.slack_double import slack_double
from tests.support.teams_double import teams_double


class MeetingPoint(Dispatcher):
    """Lets events in together: while `expected` is set, each waits until so many are there."""

    expected: asyncio.Barrier | None = None

    async def handle(self, incoming: Incoming, *, within_s: float | None = None) -> Answer | None:
        """As every dispatcher, from the moment on at which all are there."""
        if self.expected is not None:
            await self.expected.wait()
        return await super().handle(incoming, within_s=within_s)


@dataclass(frozen=True, slots=True)
class TwoStages:
    """The same house, entered by two doors."""

    slack: SlackStage
    teams: TeamsStage
    meeting: MeetingPoint


@asynccontextmanager
async def open_two_stages(database_url: str, mail: MailBox | None = None) -> AsyncIterator[TwoStages]:
    """Northwater on Tuesday, 09:14; people prefer Teams, and act wherever they like."""
    database = Database(database_url)
    clock = await clock_for(database, northwater.PLAYED_FROM, None)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await load_demo(assemble(database, clock))
        slack, teams = await stack.enter_async_context(slack_double()), await stack.enter_async_context(teams_double())
        workspace, tenant = slack_stage.workspace(slack), teams_stage.tenant(teams)
        of_teams = settings_for(teams, tenant).model_dump(exclude_defaults=True)
        settings = slack_stage.settings(slack, workspace).model_copy(update=of_teams)
        real = await stack.enter_async_context(platforms(settings, database))
        plain = assemble(database, clock, real=real, mail=mail)
        meeting = MeetingPoint(database, plain.routes, clock)
        house = replace(plain, dispatcher=meeting)
        port = await stack.enter_async_context(web_running(house, settings, with_clock=True))
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", slack_stage.SECRET)
        teams.deliver_to(f"http://127.0.0.1:{port}/api/messages")
        room = slack_stage.CHANNELS["field-dispatch"]
        await moved_to(database, "slack", clock.now(), account=slack_id, channel=room)
        await tenant.user(teams_stage.WHO_INSTALLS).installs(TEAM)
        room = teams_stage.CHANNELS["field-dispatch"]
        await moved_to(database, "teams", clock.now(), account=teams_id, channel=room)
        yield TwoStages(SlackStage(house, slack, workspace), TeamsStage(house, teams, tenant), meeting)
        assert slack.complaints == []
        assert teams.complaints == []
