"""The bot's side of Slack: workspaces over the double, with a watch that a test moves on."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from adapters.slack.api import SlackApi
from adapters.slack.secrets import Vault
from adapters.slack.workspaces import Bot, Workspaces
from storage import slack
from storage.engine import Database
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM
from tests.support.slack_double import SlackDouble, Team

K1 = f"k1:{base64.b64encode(b'1' * 32).decode()}"
K2 = f"k2:{base64.b64encode(b'2' * 32).decode()}"
HOUR = timedelta(hours=1)


@dataclass
class Watch:
    """Real time, with what a test let pass."""

    passed: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass(frozen=True)
class Office:
    """A bot's side of Slack."""

    slack: SlackDouble
    database: Database
    api: SlackApi
    watch: Watch

    def workspaces(self, keys: str = K1, **more) -> Workspaces:
        """As one process has them."""
        client = {"client_id": self.slack.world.client_id, "client_secret": self.slack.world.client_secret}
        return Workspaces(self.database, self.api, Vault.from_text(keys), **{**client, "now": self.watch.now, **more})

    async def install(self, team: Team, user: str = "U1", workspaces: Workspaces | None = None, **more) -> Bot:
        """Somebody installs the app by OAuth."""
        answer = await self.api.call(
            "oauth.v2.access",
            client_id=self.slack.world.client_id,
            client_secret=self.slack.world.client_secret,
            code=team.allows(user),
        )
        return await (workspaces or self.workspaces()).install(answer, **more)

    def passes(self, time: timedelta) -> None:
        """Here and at Slack."""
        self.watch.passed += time
        self.slack.time_passes(time.total_seconds())

    async def row(self, tenant: str) -> SlackWorkspace:
        async with self.database.read(SYSTEM) as tx:
            found = await slack.workspace_of(tx, tenant)
        assert found is not None
        return found[1]

    async def all(self, query) -> list:
        async with self.database.read(SYSTEM) as tx:
            return list((await tx.session.scalars(query)).all())


def a_team(office: Office, team_id: str = "T1", name: str = "Northwater", **more) -> Team:
    team = office.slack.add_workspace(team_id, name, **{"installed": False, **more})
    team.add_user("U1", "Ada Lovelace", tz="Europe/Lisbon", admin=True)
    team.add_user("U2", "Ben", tz="Europe/London")
    return team
