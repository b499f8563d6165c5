"""The double itself: any number of workspaces with the app in them, on a free port of this machine."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from adapters.slack.api import Fields
from tests.support.slack_double import payloads
from tests.support.slack_double.calls import Called
from tests.support.slack_double.courier import Courier, Heard
from tests.support.slack_double.faults import Faults, Limits
from tests.support.slack_double.links import Links
from tests.support.slack_double.people import Member
from tests.support.slack_double.server import Server
from tests.support.slack_double.world import ALL_SCOPES, Channel, Grant, Message, Token, User, Workspace, World

SUBSCRIBED = frozenset({
    "app_home_opened", "app_mention", "app_uninstalled", "message.im", "team_join", "tokens_revoked", "user_change",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, for a test to arrange and to let things happen in."""

    world: World
    workspace: Workspace
    courier: Courier
    subscribed: frozenset[str]

    @property
    def id(self) -> str:
        """Its id."""
        return self.workspace.id

    @property
    def token(self) -> str:
        """The newest token of the app in it. Raises: LookupError where the app is not installed."""
        mine = [
            each.value
            for each in self.world.tokens.values()
            if not each.trouble
            and (each.team_id == self.id or (not each.team_id and each.enterprise_id == self.workspace.enterprise_id))
        ]
        if not mine:
            raise LookupError(f"the app is not installed in {self.workspace.name}")
        return mine[-1]

    def add_user(
        self,
        user_id: str,
        name: str,
        *,
        tz: str = "Europe/London",
        email: str = "",
        guest: bool = False,
        stranger: bool = False,
        deleted: bool = False,
        is_bot: bool = False,
        admin: bool = False,
    ) -> Member:
        """Somebody; `guest` is one of a single channel or some, `stranger` comes through Slack Connect."""
        user = User(user_id, name, tz, email, is_restricted=guest, is_stranger=stranger, is_bot=is_bot)
        user.deleted, user.is_admin = deleted, admin
        self.workspace.users[user_id] = user
        return self.user(user_id)

    def add_channel(
        self, channel_id: str, name: str, *, members: Sequence[str] = (), private: bool = False, with_bot: bool = True
    ) -> Channel:
        """A channel with its members, the bot among them."""
        everybody = {*members, *([self.workspace.bot_user_id] if with_bot else [])}
        channel = self.workspace.channels[channel_id] = Channel(channel_id, name, everybody, private)
        return channel

    def user(self, user_id: str) -> Member:
        """Somebody who acts."""
        return Member(self.world, self.workspace, self.workspace.users[user_id], self.courier, self.subscribed)

    def channel(self, channel_id: str) -> Channel:
        """A channel."""
        return self.workspace.channels[channel_id]

    def posted(self, channel_id: str) -> list[Message]:
        """What the app posted in a channel for everybody there, oldest first."""
        mine = self.workspace.bot_user_id
        return [each for each in self.channel(channel_id).messages if each.author == mine and not each.only_for]

    def install(self, scopes: frozenset[str] = ALL_SCOPES) -> Token:
        """The app is installed with these rights, as an administrator would from the app's own page."""
        return self.world.new_token(self._grant("", scopes))

    def allows(self, user_id: str, *, scopes: frozenset[str] = ALL_SCOPES, redirect_uri: str = "") -> str:
        """Somebody allows the installation; the code that their browser brings back."""
        grant = self._grant(user_id, scopes)
        return self.world.new_code(
            Grant(grant.team_id, grant.enterprise_id, user_id, scopes, self.world.now(), redirect_uri)
        )

    def revoke(self, *, trouble: str = "token_revoked") -> None:
        """The app's tokens for this workspace stop working."""
        for token in self.world.tokens.values():
            if token.team_id == self.id and not token.trouble:
                token.trouble = trouble

    async def uninstalls(self, *, at: float | None = None) -> Sequence[Heard]:
        """Somebody removes the app: its tokens end, and it is told so twice, in Slack's order."""
        self.revoke(trouble="account_inactive")
        revoked = await self.happens({"type": "tokens_revoked", "tokens": {"bot": [self.workspace.bot_user_id]}}, at=at)
        return revoked, await self.happens({"type": "app_uninstalled"}, at=at)

    async def happens(self, what: Fields, *, at: float | None = None) -> Heard:
        """Any event of this workspace; `at` is when it happened, in seconds since 1970."""
        return await self.courier.bring("events_api", payloads.event(self.world, self.workspace, what, at=at))

    async def changes(self, user_id: str, **facts: str | bool) -> Heard:
        """Somebody's profile changes: `tz`, `name`, `deleted`, `is_restricted`."""
        user = self.workspace.users[user_id]
        for name, value in facts.items():
            setattr(user, name, value)
        return await self.happens({"type": "user_change", "user": payloads.user_fields(self.workspace, user)})

    async def joins(self, user_id: str) -> Heard:
        """Somebody who was added is announced."""
        shown = payloads.user_fields(self.workspace, self.workspace.users[user_id])
        return await self.happens({"type": "team_join", "user": shown})

    async def echoes(self, channel_id: str) -> list[Heard]:
        """The app is told of its own messages in a channel, and of those it changed, as Slack does."""
        channel = self.channel(channel_id)
        heard = []
        for message in self.posted(channel_id):
            own = payloads.message_fields(self.workspace, message)
            where: Fields = {"channel": channel.id, "channel_type": channel.kind}
            heard.append(await self.happens(own | where))
            if message.edited_ts:
                changed: Fields = {"type": "message", "subtype": "message_changed", "hidden": True, "message": own}
                heard.append(await self.happens(changed | where | {"ts": message.edited_ts}))
        return heard

    def _grant(self, user_id: str, scopes: frozenset[str]) -> Grant:
        return Grant(self.id, self.workspace.enterprise_id, user_id, scopes, self.world.now())


class SlackDouble:
    """Slack."""

    def __init__(self) -> None:
        self.world = World()
        self.subscribed = SUBSCRIBED
        self._links = Links(self.world.app_id)
        self._server = Server(self.world, self._links)
        self.courier = Courier(self._links)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """The base of the Web API: what `SLACK_API_URL` is set to."""
        return f"{self.world.base_url}/api/"

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._server.faults

    @property
    def limits(self) -> Limits:
        """How fast it may be called."""
        return self._server.limits

    @property
    def links(self) -> Links:
        """The app's Socket Mode connections."""
        return self._links

    @property
    def complaints(self) -> list[str]:
        """What Slack takes and a well-behaved app never does."""
        return self.world.complaints

    def called(self, method: str = "") -> list[Called]:
        """The calls that were made, of one method or of all."""
        return [each for each in self._server.calls if method in {"", each.method}]

    def add_workspace(
        self,
        team_id: str,
        name: str = "Northwater Utility",
        *,
        enterprise_id: str = "",
        installed: bool = True,
        scopes: frozenset[str] = ALL_SCOPES,
    ) -> Team:
        """A workspace, with the app in it unless it is not `installed`."""
        directs = f"D{team_id}0" if self.world.workspaces else "D"
        workspace = self.world.workspaces[team_id] = Workspace(team_id, name, enterprise_id, directs=directs)
        workspace.users[workspace.bot_user_id] = User(workspace.bot_user_id, "Folkmoot", is_bot=True)
        team = self.workspace(team_id)
        if installed:
            team.install(scopes)
        return team

    def install_everywhere(self, enterprise_id: str, scopes: frozenset[str] = ALL_SCOPES) -> Token:
        """The app is installed for a whole enterprise."""
        return self.world.new_token(Grant("", enterprise_id, "", scopes, self.world.now()))

    def workspace(self, team_id: str) -> Team:
        """A workspace that was added."""
        return Team(self.world, self.world.workspaces[team_id], self.courier, self.subscribed)

    def deliver_to(self, url: str, signing_secret: str) -> None:
        """Where the app takes requests, and what they are signed with."""
        self.courier.url, self.courier.signing_secret = url, signing_secret

    def deliver_over_socket(self) -> None:
        """Everything goes over the app's Socket Mode connections from now on."""
        self.courier.over_socket = True

    async def again(self, number: int = 1) -> Heard:
        """Delivers the last request once more, as Slack does when it got no answer."""
        return await self.courier.again(number)

    def time_passes(self, seconds: float) -> None:
        """Slack's own time goes on: triggers, addresses and tokens grow old."""
        self.world.passed_s += seconds

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator[None]:
        """It takes connections while the block runs, on a free port where none is given."""
        app = web.Application(client_max_size=10_000_000)
        app.add_routes(self._server.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{port}"
        try:
            yield
        finally:
            self._server.closing.set()
            await self._links.close()
            await self.courier.close()
            await runner.cleanup()


@asynccontextmanager
async def slack_double() -> AsyncIterator[SlackDouble]:
    """A Slack that runs while the block does."""
    double = SlackDouble()
    async with double.open():
        yield double
