"""Microsoft Teams, over HTTP, with the double."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.house import House, assemble, platforms, web_running
from bot.settings import Settings
from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.conformance.guestbook import GUESTBOOK
from tests.conformance.screens import ROOMS, BadRequest, Screen, SeenForm, SeenPost
from tests.support.company import NOON
from tests.support.teams_double import Flaw, Member, SeenMessage, TeamsDouble, Tenant, teams_double
from tests.support.teams_double.parts import inputs_of

TENANT = "8d1f6a52-0000-4000-8000-000000000001"
USERS = {"ada": "29:ada", "ben": "29:ben", "gus": "29:gus"}
TEAM = "19:general@thread.tacv2"
JOINER = "\N{WORD JOINER}"  # nobody sees it; it keeps signs that Teams would read as mark-up apart
CHANNELS = {"field": "19:field@thread.tacv2", "yard": "19:yard@thread.tacv2"}


@dataclass(slots=True)
class Teams:
    """The platform."""

    house: House
    double: TeamsDouble
    tenant: Tenant

    def screen(self, who: str) -> Screen:
        """Somebody."""
        return TeamsScreen(self, self.tenant.user(USERS[who]))

    def place(self, who: str, room: str) -> str:
        """The id of a channel, or of a personal chat."""
        return CHANNELS[room] if room else self.tenant.user(USERS[who]).chat.id

    async def again(self) -> None:
        """The last activity, as after an answer that was lost."""
        await self.double.again()
        await self.settled()

    async def echoes(self, who: str) -> None:
        """Teams tells an app nothing of its own messages."""

    def bad_requests(self) -> Sequence[BadRequest]:
        """Every way in which a token can be wrong."""

        async def status(flaw: Flaw) -> int:
            return (await self.double.again(flaw)).status

        return [(flaw.name.lower().replace("_", " "), lambda flaw=flaw: status(flaw)) for flaw in Flaw]  # type: ignore[misc]

    async def settled(self) -> None:
        """Everything that follows has happened: what goes on after an answer, and what is to be sent."""
        while at_work := _at_work():
            await asyncio.wait(at_work)
        await self.house.delivery.drain()


def _at_work() -> list[asyncio.Task[object]]:
    """What the adapter still does for people whose activity was taken."""
    return [each for each in asyncio.all_tasks() if getattr(each.get_coro(), "__qualname__", "") == "Work._watched"]


@dataclass(frozen=True, slots=True)
class TeamsScreen:
    """One person."""

    teams: Teams
    member: Member

    async def says(self, text: str, room: str = "") -> None:
        """Writes a line."""
        await self.member.says(text, CHANNELS.get(room, ""))
        await self.teams.settled()

    async def mentions(self, text: str, room: str) -> None:
        """Writes a line to the bot."""
        await self.member.mentions(CHANNELS[room], text)
        await self.teams.settled()

    async def commands(self, text: str, room: str = "") -> None:
        """Without slashes of its own: by the bot's name, or in the personal chat; a form comes behind one press."""
        if room:
            await self.mentions(text, room)
        else:
            await self.says(text)
        offer = [each for each in self.member.sees(CHANNELS.get(room, "")) if each.is_from_bot][-1:]
        if offer and offer[0].labels and "opens forms from a button" in offer[0].words:
            await self.member.presses(offer[0], offer[0].labels[0])
            await self.teams.settled()

    async def presses(self, post: SeenPost, label: str) -> None:
        """Presses a button."""
        assert isinstance(post.ref, SeenMessage)
        await self.member.presses(post.ref, label)
        await self.teams.settled()

    async def submits(self, **values: str) -> None:
        """Sends the dialog, as a client would that checks nothing."""
        assert self.member.dialog is not None
        await self.member.submits(self.member.dialog, values, by_hand=True)
        await self.teams.settled()

    async def posts(self, room: str = "") -> Sequence[SeenPost]:
        """What they see there; of a channel, behind it, what the bot answered them in the personal chat."""
        alone = [_seen(each, is_private=bool(room)) for each in self.member.sees() if not room or each.is_from_bot]
        return (
            [*(_seen(each, is_private=False) for each in self.member.sees(CHANNELS[room])), *alone] if room else alone
        )

    def form(self) -> SeenForm | None:
        """The dialog."""
        dialog = self.member.dialog
        if dialog is None:
            return None
        # Teams knows no errors that a bot names: they stand above their inputs, and in what is read out with them.
        told = {name: str(each.get("errorMessage", "")) for name, each in inputs_of(dialog.dialog.card).items()}
        errors = {name: why for name, why in told.items() if why and why in dialog.words}
        return SeenForm(dialog.title, dialog.holds, dialog.errors | errors, dialog.words)


def _seen(each: SeenMessage, *, is_private: bool) -> SeenPost:
    seen = each.seen
    return SeenPost(
        ref=each,
        words=seen.words.replace(JOINER, ""),
        labels=seen.labels,
        is_from_bot=each.is_from_bot,
        is_private=is_private,
        marked=(*seen.mentions, *seen.links),
    )


@asynccontextmanager
async def teams_platform(database: Database) -> AsyncIterator[Teams]:
    """The guestbook in a tenant."""
    async with teams_double() as double:
        tenant = double.add_tenant(TENANT)
        tenant.add_user(USERS["ada"], "Ada")
        tenant.add_user(USERS["ben"], "Ben", timezone="America/New_York")
        tenant.add_user(USERS["gus"], "Gus", guest=True)
        tenant.add_team(TEAM, "Northwater", members=[USERS[each] for each in ROOMS["field"]])
        for room, channel in CHANNELS.items():
            tenant.add_channel(TEAM, channel, room)
        async with connected_house(database, double, tenant) as house:
            await tenant.user(USERS["ada"]).installs()
            platform = Teams(house, double, tenant)
            await platform.settled()
            tenant.user(USERS["ada"]).chat.messages.clear()  # she has read the greeting
            yield platform


def settings_for(double: TeamsDouble, tenant: Tenant) -> Settings:
    """A bot for one tenant, with everything of Microsoft's at the double."""
    return Settings(
        PORT=0,
        MicrosoftAppId=double.app_id,
        MicrosoftAppPassword=double.app_password,
        MicrosoftAppTenantId=tenant.id,
        FOLKMOOT_TEAMS_AUTHORITY=double.authority_url,
        FOLKMOOT_TEAMS_ISSUER=double.issuer,
        FOLKMOOT_TEAMS_METADATA=double.metadata_url,
        FOLKMOOT_TEAMS_SERVICE_HOSTS="127.0.0.1",
    )


@asynccontextmanager
async def connected_house(database: Database, double: TeamsDouble, tenant: Tenant) -> AsyncIterator[House]:
    """The bot in a tenant of the double, which brings it what people do."""
    settings = settings_for(double, tenant)
    async with platforms(settings, database) as real:
        house = assemble(database, SimulatedClock(NOON), GUESTBOOK, real=real)
        async with web_running(house, settings, with_clock=True) as port:
            double.deliver_to(f"http://127.0.0.1:{port}/api/messages")
            yield house
