"""Who somebody is, asked of Teams only where the bot does not know them yet."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import structlog

from adapters.teams.connector import Connector
from adapters.teams.happenings import Where, Who
from adapters.teams.render_spans import Person
from adapters.teams.wiring import PLATFORM, Fields
from bot.chat.forms import Form, PersonInput, people_in
from bot.chat.senders import Sender
from bot.people.rules import is_news
from bot.ports import ChatError, Profile, steady_s
from storage import msteams
from storage.engine import Database
from storage.people import account_of, members_of
from storage.tx import SYSTEM

KNOWN_MOST = 10_000
ASKED_AT_ONCE = 500  # members in one question to the database
LOOK_EVERY_S = 24 * 3600.0  # at somebody's name and rights
FIRST_LOOK_S = 3600.0  # after they first acted: a start of the bot is no reason to ask about everybody at once
REST_S = 3600.0  # after a look that went wrong
OFFERED_MOST = 2000  # people in a form, of whom it shows the first
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
        self._heard: dict[tuple[str, str], tuple[str, float]] = {}
        """The zone that was last heard of somebody, and when they are looked up again."""
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Who has an account here: that never ends, so it is looked up once."""

    async def sender(self, here: Where, who: Who) -> Sender:
        """Who acts. Raises: ChatError where Teams can't be asked about somebody new; DatabaseError."""
        if await self.knows(here.tenant, who.user):
            return Sender(who.user, "")
        told = await self._connector.member(here.service_url, here.conversation, who.user)
        return sender_of(told, who, here.tenant)

    async def offered(self, tenant: str, form: Form) -> Mapping[int, Person]:
        """Whom one can choose in a form, by number, in the order of their names; nobody where it asks for nobody."""
        if not any(isinstance(each, PersonInput) for each in form.inputs):
            return {}
        async with self._database.read(SYSTEM) as tx:
            install = await msteams.install_of(tx, tenant)
            found = [] if install is None else await members_of(tx, install, most=OFFERED_MOST, also=people_in(form))
        return {person.id: Person(person.name, account.external_id) for account, person in found}

    async def heed(self, here: Where, who: Who) -> None:
        """Learns what Teams says of somebody who has just acted: their zone each time, the rest once a day.

        Raises: ChatError, DatabaseError.
        """
        key, now_s = (here.tenant, who.user), steady_s()
        if self._learn is None:
            return
        if len(self._heard) >= KNOWN_MOST:
            self._heard.clear()
        zone, due_s = self._heard.get(key, ("", now_s + FIRST_LOOK_S))
        is_due = now_s >= due_s
        # Kept before Teams is asked: where it can't be asked, that has to rest too.
        self._heard[key] = (zone, now_s + REST_S if is_due else due_s)
        if zone == who.zone and not is_due:
            return
        told = await self._connector.member(here.service_url, here.conversation, who.user) if is_due else {}
        await self._compare(here.tenant, sender_of(told, who, here.tenant) if told else None, who)
        self._heard[key] = (who.zone, now_s + LOOK_EVERY_S if is_due else due_s)

    async def _compare(self, tenant: str, told: Sender | None, who: Who) -> None:
        """Hands on what the rows do not hold."""
        async with self._database.read(SYSTEM) as tx:
            install = await msteams.install_of(tx, tenant)
            known = await account_of(tx, install, who.user) if install else None
        if known is None or self._learn is None:
            return
        account, person = known
        profile = Profile(
            who.user,
            told.name if told else person.name,
            who.zone,
            is_guest=told.is_guest if told else person.is_external,
            email=told.email if told else "",
            directory_id=who.directory_id or (told.directory_id if told else ""),
        )
        if person.active and is_news(account, person, profile, platform=PLATFORM):
            await self._learn(PLATFORM, tenant, profile)

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
        if not users or not await self.knows(here.tenant, who.user):
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

    async def knows(self, tenant: str, user: str) -> bool:
        """Whether somebody has an account here. Raises: DatabaseError."""
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
    email = str(told.get("email") or "")
    name = str(told.get("name") or "") or who.name or email
    return Sender(
        who.user or str(told.get("id", "")),
        name,
        who.zone,
        is_guest=is_guest,
        email=email,
        directory_id=str(told.get("aadObjectId") or "") or who.directory_id,
    )
