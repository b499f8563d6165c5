"""Where the app is installed and how each conversation is reached, as the newest activities said it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import structlog
from sqlmodel import col, or_, select, update

from adapters.teams.happenings import Where, Who
from adapters.teams.wiring import PLATFORM
from bot.chat.senders import Sender
from bot.people.handlers import registered
from bot.ports import steady_s
from storage import msteams
from storage.engine import Database
from storage.errors import Conflict
from storage.inserting import insert_once
from storage.messages import Lane, open_lanes
from storage.msteams import TeamsConversation
from storage.organisations import Install, Organisation, the_only_one_without
from storage.people import Account, Role, account_of, admins
from storage.places import Place, place_of
from storage.tx import SYSTEM, Tx

LATE = timedelta(minutes=1)  # how long after it was taken out of a room the app may still hear from there
FRESH_S = 300.0  # a conversation that was noted so lately, with the same address, is not noted again
NOTED_MOST = 10_000
ZONE = "UTC"

log = structlog.get_logger()


def utc_now() -> datetime:
    """Real time: Teams knows no other."""
    return datetime.now(UTC)


class Directory:
    """Conversations by tenant.

    Somebody who joins or leaves a team or a group changes nothing here. Who joins is met when they write, or when a
    team is made of the members of their channel. Who leaves stays the person they were, with their answers, teams and
    reminders: leaving a channel is not leaving the company, and what they said is not theirs alone. They are written to
    in their personal chat as before, until Teams refuses it; an administrator takes them out of the bot's teams.
    """

    def __init__(self, database: Database, *, joins: bool = True) -> None:
        """`joins` says that a new tenant is one of the operator's own, so that it joins their only organisation."""
        self._database = database
        self._joins = joins
        self._noted: dict[tuple[str, str], tuple[float, Where]] = {}

    async def note(self, here: Where, who: Who) -> None:
        """Keeps how a conversation is reached; of a new tenant everything else too. Raises: DatabaseError."""
        key = (here.tenant, here.conversation)
        at_s, known = self._noted.get(key, (float("-inf"), None))
        if known is not None and _is_same(known, here) and steady_s() - at_s < FRESH_S:
            return
        try:
            await self._keep(here, who)
        except Conflict:  # two of a new tenant wrote at once; now it is there
            await self._keep(here, who)
        if len(self._noted) >= NOTED_MOST:
            self._noted.clear()
        self._noted[key] = (steady_s(), here)

    async def _keep(self, here: Where, who: Who) -> None:
        async with self._database.write(SYSTEM) as tx:
            install = await msteams.install_of(tx, here.tenant)
            if install is None:
                install = await _new_install(tx, here, who, joins=self._joins)
            tx.bind(install.organisation_id)
            tx.acts_for(by=None, event_id=None, now=utc_now())
            await _keep(tx, install, here, who)

    async def came(self, here: Where, who: Who) -> Sequence[str]:
        """The app was installed: who could not be reached there can be again; the rooms that are open now.

        Raises: DatabaseError.
        """
        self._noted.pop((here.tenant, here.conversation), None)
        await self.note(here, who)
        return await self._reachable(here, who.user, reachable=True)

    async def appoint_first(self, here: Where, sender: Sender) -> None:
        """Who installed the app runs it, where nobody does yet; a guest never. Raises: DatabaseError."""
        if sender.is_guest:
            return
        with suppress(Conflict):  # two events of one installation at once: the other one did it
            await self._appoint(here, sender)

    async def _appoint(self, here: Where, sender: Sender) -> None:
        async with self._database.write(SYSTEM) as tx:
            install = await msteams.install_of(tx, here.tenant)
            if install is None:
                return
            tx.bind(install.organisation_id)
            tx.acts_for(by=None, event_id=None, now=utc_now())
            if await admins(tx):
                return
            known = await account_of(tx, install, sender.external_id)
            person = known[1] if known else await registered(tx, install, sender)
            tx.add(Role(person_id=person.id, kind=Role.Kind.ADMIN))
            log.info("administrator_appointed", tenant=here.tenant, person=person.id)

    async def went(self, here: Where, who: Who) -> Sequence[str]:
        """The app was taken out of a conversation; the rooms that are shut now. Raises: DatabaseError."""
        self._noted = {key: noted for key, noted in self._noted.items() if key[0] != here.tenant}
        return await self._reachable(here, who.user, reachable=False)

    async def channel(self, here: Where, *, is_there: bool) -> Sequence[str]:
        """A channel was deleted or brought back; the rooms of which that is true. Raises: DatabaseError."""
        self._noted.pop((here.tenant, here.conversation), None)
        async with self._database.write(SYSTEM) as tx:
            known = await msteams.conversation_of(tx, here.tenant, here.conversation)
            if known is None:
                return ()
            known.is_open, known.seen_at = is_there, utc_now()
            return (here.conversation,)

    async def renamed(self, here: Where) -> bool:
        """A channel or group has another name; whether the bot knows it. Raises: DatabaseError."""
        self._noted.pop((here.tenant, here.conversation), None)
        async with self._database.write(SYSTEM) as tx:
            install = await msteams.install_of(tx, here.tenant)
            if install is None:
                return False
            tx.bind(install.organisation_id)
            tx.acts_for(by=None, event_id=None, now=utc_now())
            place = await place_of(tx, install, here.conversation)
            if place is None or not here.name:
                return False
            place.name = here.name
            return True

    async def conversation(self, tenant: str, external_id: str) -> TeamsConversation | None:
        """How a conversation is reached. Raises: DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            return await msteams.conversation_of(tx, tenant, external_id)

    async def personal(self, tenant: str, member: str) -> TeamsConversation | None:
        """Somebody's personal chat with the bot. Raises: DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            return await msteams.personal_of(tx, tenant, member)

    async def newest(self, tenant: str) -> TeamsConversation | None:
        """What was heard from last in a tenant. Raises: DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            return await msteams.newest(tx, tenant)

    async def _reachable(self, here: Where, member: str, *, reachable: bool) -> Sequence[str]:
        async with self._database.write(SYSTEM) as tx:
            install = await msteams.install_of(tx, here.tenant)
            if install is None:
                return ()
            tx.bind(install.organisation_id)
            tx.acts_for(by=None, event_id=None, now=utc_now())
            there = col(TeamsConversation.external_id) == here.conversation
            if here.team:  # the app comes to a team, and goes, with all its channels
                there = or_(there, col(TeamsConversation.team) == here.team)
            of = col(TeamsConversation.install_id) == install.id
            now = utc_now()
            await tx.run(update(TeamsConversation).where(of, there).values(is_open=reachable, seen_at=now))
            if here.is_direct and await msteams.rearm(tx, install.id, member, reachable=reachable):
                log.info("member_reachable" if reachable else "member_unreachable", tenant=here.tenant)
            if reachable and not here.is_direct:
                await _rearm_everybody(tx, install)
                await tx.run(update(Lane).where(col(Lane.install_id) == install.id).values(blocked_until=None))
            if here.is_direct:
                return ()
            return await tx.all(select(col(TeamsConversation.external_id)).where(of, there))


async def _rearm_everybody(tx: Tx, install: Install) -> None:
    """Where the app is in somebody's team, it may write to them: Teams says again who does not want that."""
    of = (col(Account.install_id) == install.id, col(Account.reachable).is_(False))
    await tx.run(update(Account).where(*of).values(reachable=True))


def _is_same(known: Where, here: Where) -> bool:
    return (known.service_url, known.bot, known.name, known.team) == (
        here.service_url,
        here.bot,
        here.name,
        here.team,
    )


async def _keep(tx: Tx, install: Install, here: Where, who: Who) -> None:
    now = utc_now()
    found = {"service_url": here.service_url, "bot_id": here.bot, "seen_at": now}
    found |= {"team": here.team} if here.team else {}  # not all that happens in a channel says of which team it is
    of = (col(TeamsConversation.install_id) == install.id, col(TeamsConversation.external_id) == here.conversation)
    # What was on its way when the app was taken out comes a little later, and does not mean that it is there again.
    is_there = or_(col(TeamsConversation.is_open), col(TeamsConversation.seen_at) < now - LATE)
    if await tx.changed(update(TeamsConversation).where(*of).values(**found, is_open=is_there)):
        return
    kind = Place.Kind.DIRECT if here.is_direct else Place.Kind.CHANNEL if here.is_channel else Place.Kind.GROUP
    row = found | {
        "organisation_id": install.organisation_id,
        "install_id": install.id,
        "external_id": here.conversation,
        "kind": kind,
        "team": here.team,
        "is_open": True,
        "member": who.user if here.is_direct else "",
    }
    await tx.run(insert_once(tx, TeamsConversation).values(**row))


async def _new_install(tx: Tx, here: Where, who: Who, *, joins: bool) -> Install:
    """In the one organisation there is where it `joins`, else a new one; nobody runs it yet."""
    zone = who.zone if who.zone in available_timezones() else ZONE
    organisation_id = await the_only_one_without(tx, PLATFORM) if joins else None
    if organisation_id is None:
        organisation = Organisation(name=here.tenant, zone=zone, created_at=utc_now())
        tx.session.add(organisation)
        await tx.session.flush()
        organisation_id = organisation.id
    tx.bind(organisation_id)
    tx.acts_for(by=None, event_id=None, now=utc_now())
    install = Install(platform=PLATFORM, external_id=here.tenant, name=here.tenant)
    tx.add(install)
    await tx.flush()
    await open_lanes(tx, install)
    return install
