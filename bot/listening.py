"""What platforms tell of people and rooms beside events, and whether the bot is installed where it is told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlmodel import and_, col, select

from bot.chat.cards import Card
from bot.chat.routing import Routes
from bot.chat.words import typed_after
from bot.people import handlers as people
from bot.ports import Clock, Profile, Sender, steady_s
from storage.engine import Database
from storage.errors import BotError, Conflict, Unreachable
from storage.organisations import Install
from storage.people import account_of
from storage.places import Place, found_open
from storage.tx import SYSTEM

TRIES = 4  # runs of one handler when others change the same rows at the same moment
KNOWN_S = 15.0  # how long another process may not notice that an installation has become part of another organisation

T = TypeVar("T")


class UnknownTenant(BotError):
    """An event of a workspace in which the bot is not installed."""

    def __init__(self, platform: str, tenant: str) -> None:
        super().__init__(f"no installation for {platform} {tenant}")


class Listener:
    """Keeps what it is told; several processes may do so at once."""

    def __init__(self, database: Database, routes: Routes, clock: Clock) -> None:
        self._database = database
        self._routes = routes
        self._clock = clock
        self._installs: dict[tuple[str, str], tuple[float, Install]] = {}

    def knows(self, verb: str) -> bool:
        """Whether a button of that verb does something."""
        return verb in self._routes.presses

    async def home(self, platform: str, tenant: str, external_id: str, *, before_verbs: str = "/") -> Card | None:
        """A member's day, None for who never spoke with the bot. Raises: UnknownTenant, DatabaseError."""
        install = await self._install(platform, tenant)
        async with self._database.read(install.organisation_id) as tx:
            known = await account_of(tx, install, external_id)
            if known is None or not known[1].active or self._routes.home is None:
                return None
            with typed_after(before_verbs):
                return await self._routes.home(tx, known[1], self._clock.now())

    async def acquaint(self, platform: str, tenant: str, who: Sequence[Sender]) -> None:
        """Gets to know the members of a room. Raises: UnknownTenant, DatabaseError."""

        async def keep() -> None:
            install = await self._install(platform, tenant)
            async with self._database.write(install.organisation_id) as tx:
                tx.acts_for(by=None, event_id=None, now=self._clock.now())
                await people.acquaint(tx, install, who)

        await self._retried(keep)

    async def rooms(self, platform: str, tenant: str, external_ids: Sequence[str], *, is_open: bool) -> None:
        """Keeps whether the bot may write in some rooms, and tells their teams. Raises: DatabaseError."""
        if not external_ids:
            return

        async def keep() -> None:
            install = await self._install(platform, tenant)
            async with self._database.write(install.organisation_id) as tx:
                now = self._clock.now()
                tx.acts_for(by=None, event_id=None, now=now)
                theirs = and_(col(Place.install_id) == install.id, col(Place.external_id).in_(external_ids))
                await found_open(tx, theirs, now, is_open=is_open)

        await self._retried(keep)

    async def learn(self, platform: str, tenant: str, profile: Profile) -> None:
        """Keeps what a platform says of one of its members. Raises: UnknownTenant, DatabaseError."""

        async def keep() -> None:
            install = await self._install(platform, tenant)
            async with self._database.write(install.organisation_id) as tx:
                now = self._clock.now()
                tx.acts_for(by=None, event_id=None, now=now)
                person = await people.learned(tx, install, profile)
                if person is not None and self._routes.moved is not None:
                    await self._routes.moved(tx, person, now)
                known = await account_of(tx, install, profile.external_id)
                if known is not None and profile.status is not None and self._routes.noticed is not None:
                    await self._routes.noticed(tx, known[1], profile.status, now)

        await self._retried(keep)

    async def _install(self, platform: str, tenant: str) -> Install:
        """Where the bot is installed; a row that keeps its number, and its organisation until it is paired.

        Who comes with the organisation of before finds nothing there, or can't write: then it is read anew.
        """
        key = (platform, tenant)
        read_s, known = self._installs.get(key, (0.0, None))
        if known is None or steady_s() - read_s > KNOWN_S:
            async with self._database.read(SYSTEM) as tx:
                found = await tx.first(
                    select(Install).where(Install.platform == platform, Install.external_id == tenant)
                )
            if found is None:
                raise UnknownTenant(platform, tenant)
            self._installs[key] = (steady_s(), found)
            return found
        return known

    async def _retried(self, work: Callable[[], Awaitable[T]], deadline: float | None = None) -> T:
        was_lost = False
        for _ in range(TRIES - 1):
            try:
                return await work()
            except Conflict:
                self._installs.clear()  # perhaps its organisation was paired with another one just now
                continue
            except Unreachable:  # perhaps its connection alone was lost; what is taken once can't be done twice
                if was_lost or (deadline is not None and asyncio.get_running_loop().time() >= deadline):
                    raise
                was_lost = True
        return await work()
