"""The bot over HTTP before the double of Teams, in one tenant or several, and the chat that sends there."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlmodel.sql.expression import SelectOfScalar

from adapters.teams.front import Teams
from bot.chat.cards import Card, Paragraph, Title
from bot.chat.routing import Routes
from bot.house import House, assemble, platforms, web_running
from bot.ports import Destination
from bot.settings import Settings
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.tx import SYSTEM
from tests.conformance.guestbook import GUESTBOOK
from tests.scenarios.moving import settled
from tests.support.company import NOON
from tests.support.teams_double import Heard, Member, TeamsDouble, Tenant, teams_double
from tests.support.teams_double.calls import Called

NORTH = "8d1f6a52-0000-4000-8000-000000000001"
SOUTH = "8d1f6a52-0000-4000-8000-000000000002"
STRANGER = "8d1f6a52-0000-4000-8000-000000000009"
ADA, BEN = "29:ada", "29:ben"
TEAM, FIELD, YARD = "19:general@thread.tacv2", "19:field@thread.tacv2", "19:yard@thread.tacv2"
CHANNEL = Destination(NORTH, FIELD)
TO_ADA, TO_BEN = Destination(NORTH, "", account=ADA), Destination(NORTH, "", account=BEN)
HELLO = Card("Hello, everybody.", (Title("Hello"), Paragraph(("everybody",))))
OF_MICROSOFT = frozenset({"metadata", "keys", "token"})

Row = TypeVar("Row")


@dataclass(slots=True)
class Hall:
    """The bot, and Teams."""

    house: House
    double: TeamsDouble

    @property
    def database(self) -> Database:
        """Where everything is kept."""
        return self.house.database

    @property
    def teams(self) -> Teams:
        """The adapter."""
        found = self.house.real["teams"]
        assert isinstance(found, Teams)
        return found

    @property
    def north(self) -> Tenant:
        """The first tenant."""
        return self.double.tenant(NORTH)

    @property
    def ada(self) -> Member:
        """Somebody there."""
        return self.north.user(ADA)

    @property
    def said(self) -> Sequence[Called]:
        """What the connector was asked for."""
        return [each for each in self.double.calls if each.method not in OF_MICROSOFT]

    async def post(self, body: bytes | Mapping[str, object], **headers: str) -> Heard:
        """One request with a good token, whatever it is."""
        whole = body if isinstance(body, bytes) else json.dumps(body).encode()
        good = self.double.courier.headers({"serviceUrl": self.north.service_url})
        return await self.double.courier.post(whole, good | headers)

    async def settled(self) -> None:
        """Everything that follows has happened."""
        await settled(self.house)

    async def says(self, member: Member, text: str, where: str = "") -> str:
        """Writes a line to the bot; what it answers in the personal chat."""
        heard = await (member.mentions(where, text) if where else member.says(text))
        assert heard is not None
        assert heard.is_ok, heard
        await self.settled()
        return [each.words for each in member.sees() if each.is_from_bot][-1]

    async def all(self, query: "SelectOfScalar[Row] | Select[tuple[Row]]") -> Sequence[Row]:
        """Rows of every organisation."""
        async with self.database.read(SYSTEM) as tx:
            return await tx.all(query)  # type: ignore[arg-type]


def settings_of(double: TeamsDouble, **given: Any) -> Settings:
    """A bot for one tenant, with everything of Microsoft's at the double."""
    found: dict[str, Any] = {
        "PORT": 0,
        "MicrosoftAppId": double.app_id,
        "MicrosoftAppPassword": double.app_password,
        "MicrosoftAppTenantId": NORTH,
        "FOLKMOOT_TEAMS_AUTHORITY": double.authority_url,
        "FOLKMOOT_TEAMS_ISSUER": double.issuer,
        "FOLKMOOT_TEAMS_METADATA": double.metadata_url,
        "FOLKMOOT_TEAMS_SERVICE_HOSTS": "127.0.0.1",
    }
    return Settings(**found | given)


@asynccontextmanager
async def a_double() -> AsyncIterator[TeamsDouble]:
    """Two tenants in which the same ids mean other people and other rooms."""
    async with teams_double() as double:
        for tenant_id, name in ((NORTH, "Northwater"), (SOUTH, "Southgas"), (STRANGER, "Nobody's")):
            tenant = double.add_tenant(tenant_id)
            tenant.add_user(ADA, f"Ada of {name}")
            tenant.add_user(BEN, f"Ben of {name}")
            tenant.add_team(TEAM, name, members=[ADA, BEN])
            tenant.add_channel(TEAM, FIELD, "field")
            tenant.add_channel(TEAM, YARD, "yard")
        yield double


@asynccontextmanager
async def a_bot(
    database: Database, double: TeamsDouble, *, routes: Routes = GUESTBOOK, **given: Any
) -> AsyncIterator[Hall]:
    """A process of the bot, to which the double brings what happens."""
    settings = settings_of(double, **given)
    async with platforms(settings, database) as real:
        house = assemble(database, SimulatedClock(NOON), routes, real=real)
        async with web_running(house, settings, with_clock=True) as port:
            double.deliver_to(f"http://127.0.0.1:{port}/api/messages")
            yield Hall(house, double)


@asynccontextmanager
async def a_hall(
    database: Database, *, routes: Routes = GUESTBOOK, installed: bool = True, **given: Any
) -> AsyncIterator[Hall]:
    """The bot for Northwater; Ada has the app, unless it is not `installed`."""
    async with a_double() as double:
        async with a_bot(database, double, routes=routes, **given) as hall:
            if installed:
                await hall.ada.installs()
                await hall.settled()
                hall.ada.chat.messages.clear()  # she has read the greeting
            yield hall
        assert double.complaints == []
