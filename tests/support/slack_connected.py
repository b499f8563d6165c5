"""A workspace of the double with a channel and two people, and the chat that sends there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.slack.adapter import SlackChat
from adapters.slack.api import SlackApi
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Workspaces
from adapters.wire import a_wire
from bot.chat.cards import Card, Paragraph, Title
from bot.ports import Destination
from storage.engine import Database
from tests.support.slack_double import SlackDouble, Team, slack_double

CHANNEL = Destination("T1", "C1")
AMY = Destination("T1", "", account="U1")
HELLO = Card("Hello, everybody.", (Title("Hello"), Paragraph(("everybody",))))


class Connected:
    """A workspace with a channel and two people, and the chat that sends there."""

    def __init__(self, slack: SlackDouble, team: Team, chat: SlackChat, workspaces: Workspaces) -> None:
        self.slack = slack
        self.team = team
        self.chat = chat
        self.workspaces = workspaces

    def words(self, channel: str = "C1") -> list[str]:
        """What stands in a channel."""
        return [each.text for each in self.team.posted(channel)]


@asynccontextmanager
async def connected(database: Database) -> AsyncIterator[Connected]:
    """Northwater on Slack, connected with its token."""
    async with slack_double() as slack, a_wire("slack") as wire:
        team = slack.add_workspace("T1")
        for user, name in (("U1", "Amy Chen"), ("U2", "Ben Okoro")):
            team.add_user(user, name)
        for channel, name in (("C1", "field-dispatch"), ("C2", "all-staff")):
            team.add_channel(channel, name, members=("U1", "U2"))
        api = SlackApi(wire, slack.api_url)
        workspaces = Workspaces(database, api, Vault({}))
        await workspaces.connect(team.token)
        yield Connected(slack, team, SlackChat(database, api, workspaces), workspaces)
        assert slack.complaints == []
