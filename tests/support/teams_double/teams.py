"""The double itself: any number of tenants with the app in them, on a free port of this machine."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from tests.support.teams_double import payloads
from tests.support.teams_double.calls import Called
from tests.support.teams_double.courier import Courier, Heard
from tests.support.teams_double.faults import Faults
from tests.support.teams_double.issuer import Flaw, Issuer
from tests.support.teams_double.parts import inputs_of
from tests.support.teams_double.people import Member
from tests.support.teams_double.server import Server
from tests.support.teams_double.world import Conversation, Fields, Message, Realm, TeamRoom, User, World

REGION = "emea"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant, for a test to arrange and to let things happen in."""

    world: World
    realm: Realm
    courier: Courier

    @property
    def id(self) -> str:
        """Its id."""
        return self.realm.id

    @property
    def service_url(self) -> str:
        """Where its conversations are reached; it stands in every activity."""
        return self.realm.service_url

    def moves_to(self, region: str) -> None:
        """Its conversations have another serviceUrl from now on; the one before goes on working."""
        self.realm.service_url = f"{self.world.base_url}/{region}/{self.id}/"

    def add_user(
        self,
        user_id: str,
        name: str,
        *,
        email: str = "",
        timezone: str = "Europe/London",
        locale: str = "en-GB",
        country: str = "GB",
        guest: bool = False,
        installed: bool = True,
    ) -> Member:
        """Somebody, with the app for themselves unless it is not `installed`; of a guest Teams says little."""
        slug = name.lower().replace(" ", ".")
        user = User(user_id, name, email, timezone, locale=locale, country=country, is_guest=guest, has_app=installed)
        if guest:
            user.principal_name = f"{slug}_example.org#EXT#@{self.id}.onmicrosoft.com"
        else:
            user.principal_name = f"{slug}@{self.id}.onmicrosoft.com"
            user.aad_object_id = str(uuid5(NAMESPACE_URL, f"{self.id}/{user_id}"))
        self.realm.users[user_id] = user
        return self.user(user_id)

    def remove_user(self, user_id: str) -> None:
        """Somebody leaves the tenant; nobody is told."""
        del self.realm.users[user_id]
        for team in self.realm.teams.values():
            team.members.discard(user_id)

    def add_team(self, team_id: str, name: str, *, members: Sequence[str] = (), installed: bool = True) -> TeamRoom:
        """A team with its first channel, which has the same id."""
        group = str(uuid5(NAMESPACE_URL, f"{self.id}/{team_id}/group"))
        team = self.realm.teams[team_id] = TeamRoom(team_id, name, group, set(members), has_app=installed)
        self.add_channel(team_id, team_id, "General")
        return team

    def add_channel(self, team_id: str, channel_id: str, name: str) -> Conversation:
        """A channel of a team, for all of its members."""
        self.realm.teams[team_id].channel_ids.append(channel_id)
        channel = self.realm.conversations[channel_id] = Conversation(channel_id, "channel", name, team_id=team_id)
        return channel

    def add_group_chat(
        self, chat_id: str, name: str = "", *, members: Sequence[str] = (), installed: bool = True
    ) -> Conversation:
        """A chat of several people."""
        chat = self.realm.conversations[chat_id] = Conversation(chat_id, "groupChat", name, set(members))
        chat.has_app = installed
        return chat

    def user(self, user_id: str) -> Member:
        """Somebody who acts."""
        return Member(self.world, self.realm, self.realm.users[user_id], self.courier)

    def conversation(self, conversation_id: str) -> Conversation:
        """A channel or a chat."""
        return self.realm.conversations[conversation_id]

    def posted(self, conversation_id: str) -> list[Message]:
        """What the bot posted in a conversation, oldest first."""
        return [each for each in self.conversation(conversation_id).messages if each.author == self.world.bot_id]

    def disables_app(self, *, disabled: bool = True) -> None:
        """An administrator forbids the app; it is not told."""
        self.realm.is_app_disabled = disabled

    async def joins(self, team_id: str, user_id: str, *, by: str = "") -> Heard | None:
        """Somebody becomes a member of a team; None where the app is not told of it."""
        self.realm.teams[team_id].members.add(user_id)
        joined = {"membersAdded": [payloads.account(self.realm.users[user_id])]}
        return await self._happens(team_id, "teamMemberAdded", joined, by=by)

    async def leaves(self, team_id: str, user_id: str, *, by: str = "") -> Heard | None:
        """Somebody leaves a team."""
        left = {"membersRemoved": [payloads.account(self.realm.users[user_id])]}
        self.realm.teams[team_id].members.discard(user_id)
        return await self._happens(team_id, "teamMemberRemoved", left, by=by or user_id)

    async def renames(self, channel_id: str, name: str) -> Heard | None:
        """A channel gets another name."""
        channel = self.conversation(channel_id)
        channel.name = name
        return await self._happens(channel.team_id, "channelRenamed", {}, channel=channel)

    async def renames_team(self, team_id: str, name: str) -> Heard | None:
        """A team gets another name."""
        self.realm.teams[team_id].name = name
        return await self._happens(team_id, "teamRenamed", {})

    async def opens_channel(self, team_id: str, channel_id: str, name: str) -> Heard | None:
        """A channel is added, and announced."""
        channel = self.add_channel(team_id, channel_id, name)
        return await self._happens(team_id, "channelCreated", {}, channel=channel)

    async def closes_channel(self, channel_id: str) -> Heard | None:
        """A channel is deleted."""
        channel = self.realm.conversations.pop(channel_id)
        self.realm.teams[channel.team_id].channel_ids.remove(channel_id)
        return await self._happens(channel.team_id, "channelDeleted", {}, channel=channel)

    async def tells_of(self, channel_id: str, event_type: str) -> Heard:
        """What happened to a channel, as the app is told."""
        channel = self.conversation(channel_id)
        heard = await self._happens(channel.team_id, event_type, {}, channel=channel)
        assert heard is not None
        return heard

    async def _happens(
        self, team_id: str, event_type: str, what: Fields, *, channel: Conversation | None = None, by: str = ""
    ) -> Heard | None:
        team = self.realm.teams[team_id]
        if not team.has_app:
            return None
        user = self.realm.users[by or min(team.members)]
        where = self.realm.conversations[team_id]
        told = payloads.event(self.world, self.realm, user, where=where, kind="conversationUpdate")
        told["channelData"] = payloads.team_data(self.realm, team, event_type, channel)
        return await self.courier.bring(told | what)


class TeamsDouble:
    """Teams, and the Bot Connector before it."""

    def __init__(self) -> None:
        self.world = World()
        self.keys = Issuer()
        self.connections = 0
        """How many TCP connections were accepted."""
        self._server = Server(self.world, self.keys)
        self.courier = Courier(self.world, self.keys)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.world.base_url

    @property
    def service_url(self) -> str:
        """Where every tenant's conversations can be reached."""
        return f"{self.url}/{REGION}/"

    @property
    def authority_url(self) -> str:
        """The base of the token endpoint: `/{tenant}/oauth2/v2.0/token` stands behind it."""
        return self.url

    @property
    def metadata_url(self) -> str:
        """The OpenID document of whoever signs requests to the bot."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def issuer(self) -> str:
        """The name in the tokens of requests to the bot."""
        return self.keys.name

    @property
    def app_id(self) -> str:
        """The bot's app."""
        return self.world.app_id

    @property
    def app_password(self) -> str:
        """The app's password."""
        return self.world.app_password

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._server.faults

    @property
    def calls(self) -> list[Called]:
        """Every call that was made."""
        return self._server.calls

    @property
    def complaints(self) -> list[str]:
        """What Teams takes and a well-behaved bot never does."""
        return self.world.complaints

    @property
    def left_open(self) -> list[Message]:
        """Messages whose card was sent by a button and still asks."""
        return [
            message
            for realm in self.world.realms.values()
            for conversation in realm.conversations.values()
            for message in conversation.messages
            if message.typed is not None and any(inputs_of(card) for card in message.cards)
        ]

    def called(self, method: str) -> list[Called]:
        """The calls that were made of one method."""
        return [each for each in self.calls if each.method == method]

    async def reached(self, method: str, number: int = 1) -> None:
        """Waits until so many calls of a method were made."""
        async with self._server.noted:
            await self._server.noted.wait_for(lambda: len(self.called(method)) >= number)

    def add_tenant(self, tenant_id: str) -> Tenant:
        """A tenant."""
        self.world.realms[tenant_id] = Realm(tenant_id, f"{self.service_url}{tenant_id}/")
        return self.tenant(tenant_id)

    def tenant(self, tenant_id: str) -> Tenant:
        """A tenant that was added."""
        return Tenant(self.world, self.world.realms[tenant_id], self.courier)

    def deliver_to(self, url: str) -> None:
        """Where the bot takes activities."""
        self.courier.url = url

    def rotate(self, *, keeps_old: bool = False) -> None:
        """Requests to the bot are signed with a new key from now on."""
        self.keys.rotate(keeps_old=keeps_old)

    def spoil(self, *flaws: Flaw) -> None:
        """Something is wrong with the tokens of the next requests to the bot, one flaw for each."""
        self.courier.flaws += flaws

    async def again(self, flaw: Flaw | None = None) -> Heard:
        """Delivers the last activity once more with a new token, as Teams does when it got no answer."""
        return await self.courier.again(flaw)

    async def replayed(self) -> Heard:
        """Delivers the last request once more, token and all."""
        return await self.courier.replayed()

    def time_passes(self, seconds: float) -> None:
        """Teams' own time goes on: the app's tokens grow old."""
        self.world.passed_s += seconds

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator[None]:
        """It takes connections while the block runs, on a free port where none is given."""
        app = web.Application(client_max_size=10_000_000)
        app.add_routes(self._server.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()

        def accepted() -> asyncio.Protocol:
            self.connections += 1
            assert runner.server is not None
            return runner.server()

        listener = await asyncio.get_running_loop().create_server(accepted, "127.0.0.1", port)
        host, port = listener.sockets[0].getsockname()[:2]
        self.world.base_url = f"http://{host}:{port}"
        try:
            yield
        finally:
            self._server.closing.set()
            listener.close()
            await self.courier.close()
            await runner.cleanup()


@asynccontextmanager
async def teams_double() -> AsyncIterator[TeamsDouble]:
    """A Teams that runs while the block does."""
    double = TeamsDouble()
    async with double.open():
        yield double
