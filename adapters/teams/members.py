"""Who somebody is, asked of Teams only where the bot does not know them yet."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import structlog

from adapters.teams.connector import Connector
from adapters.teams.parse import Where, Who
from adapters.teams.wiring import PLATFORM, Fields
from bot.chat.senders import Sender
from bot.people.rules import is_zone
from bot.ports import ChatError, Profile
from storage import msteams
from storage.engine import Database
from storage.people import account_of
from storage.tx import SYSTEM

KNOWN_MOST = 10_000
ASKED_AT_ONCE = 500  # members in one question to the database
MENTIONED_MOST = 10  # of one line, whom Teams is asked about
_MENTION = re.compile(r"@\[([^\] ]+)\]")
GUEST_MARK = "#ext#"  # in the name by which a guest signs in

Learn: TypeAlias = Callable[[str, str, Profile], Awaitable[None]]
"""Keeps what a platform says of a member of a tenant."""

log = structlog.get_logger()


class Members:
    """Looks members up."""

    def __init__(self, database: Database, connector: Connector, *, learn: Learn | None = None) -> None:
        self._database = database
        self._connector = connector
        self._learn = learn
        self._zones: dict[tuple[str, str], str] = {}
        """The zones that were last heard of."""
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Who has an account here: that never ends, so it is looked up once."""

    async def sender(self, here: Where, who: Who) -> Sender:
        """Who acts. Raises: ChatError where Teams can't be asked about somebody new; DatabaseError."""
        if await self._is_known(here.tenant, who.user):
            return Sender(who.user, "")
        told = await self._connector.member(here.service_url, here.conversation, who.user)
        return sender_of(told, who, here.tenant)

    async def heed_zone(self, here: Where, who: Who) -> None:
        """Teams says somebody's zone with what they write, and nowhere else: a new one is learned.

        Raises: DatabaseError.
        """
        key = (here.tenant, who.user)
        if self._learn is None or self._zones.get(key) == who.zone or not is_zone(who.zone):
            return
        async with self._database.read(SYSTEM) as tx:
            install = await msteams.install_of(tx, here.tenant)
            known = await account_of(tx, install, who.user) if install else None
        if known is None:
            return
        _, person = known
        if person.active and person.zone != who.zone:
            profile = Profile(who.user, person.name, who.zone, is_guest=person.is_external)
            await self._learn(PLATFORM, here.tenant, profile)
        if len(self._zones) >= KNOWN_MOST:
            self._zones.clear()
        self._zones[key] = who.zone

    async def of_room(self, here: Where) -> Sequence[Sender]:
        """The members of a conversation whom the bot does not know yet. Raises: ChatError, DatabaseError."""
        told = await self._connector.members(here.service_url, here.conversation)
        found = [sender_of(each, Who(str(each.get("id") or "")), here.tenant) for each in told]
        known = await self._known_of(here.tenant, [each.external_id for each in found])
        return [each for each in found if each.external_id and each.external_id not in known]

    async def mentioned(self, here: Where, who: Who, text: str) -> Sequence[Sender]:
        """Whom a line of somebody whom the bot knows mentions, as far as Teams tells; the bot may not know them yet.

        Raises: DatabaseError.
        """
        users = list(dict.fromkeys(_MENTION.findall(text)))[:MENTIONED_MOST]
        if not users or not await self._is_known(here.tenant, who.user):
            return ()
        known = await self._known_of(here.tenant, users)
        told = await asyncio.gather(*(self._told(here, user) for user in users if user not in known))
        return [each for each in told if each is not None]

    async def _told(self, here: Where, user: str) -> Sender | None:
        try:
            told = await self._connector.member(here.service_url, here.conversation, user)
        except ChatError as problem:
            log.info("member_not_read", why=type(problem).__name__)
            return None
        return sender_of(told, Who(user), here.tenant)

    async def _known_of(self, tenant: str, users: Sequence[str]) -> frozenset[str]:
        """Those of some members who have an account here."""
        async with self._database.read(SYSTEM) as tx:
            install = await msteams.install_of(tx, tenant)
            if install is None:
                return frozenset()
            asked = [users[start : start + ASKED_AT_ONCE] for start in range(0, len(users), ASKED_AT_ONCE)]
            accounts = [each for some in asked for each in await msteams.accounts_of(tx, install.id, some)]
        return frozenset(each.external_id for each in accounts)

    async def _is_known(self, tenant: str, user: str) -> bool:
        key = (tenant, user)
        if key in self._known:
            return True
        async with self._database.read(SYSTEM) as tx:
            install = await msteams.install_of(tx, tenant)
            known = bool(install and await msteams.accounts_of(tx, install.id, (user,)))
        if known:
            self._known[key] = None
            while len(self._known) > KNOWN_MOST:
                self._known.popitem(last=False)
        return known


def sender_of(told: Fields, who: Who, tenant: str) -> Sender:
    """A member as Teams describes one; guests of other companies too, who may lack everything but their id."""
    signs_in = str(told.get("userPrincipalName") or "").casefold()
    is_guest = (
        GUEST_MARK in signs_in
        or told.get("userRole") in {"guest", "anonymous"}
        or str(told.get("tenantId") or tenant) != tenant
    )
    name = str(told.get("name") or "") or who.name or str(told.get("email") or "")
    return Sender(who.user or str(told.get("id", "")), name, who.zone, is_guest=is_guest)
