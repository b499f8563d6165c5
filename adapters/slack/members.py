"""Members of a workspace: who acts, as Slack tells it, and what it says when somebody changes."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence

from sqlmodel import col, select

from adapters.slack.api import PLATFORM, Fields, SlackApi
from adapters.slack.parse import Who
from adapters.slack.workspaces import Bot
from bot.ports import Profile, Sender, steady_s
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, account_of
from storage.tx import SYSTEM

KNOWN_S = 600.0  # how long what Slack said of somebody whom the bot does not know yet is believed
KNOWN_MOST = 10_000
ROOM_MOST = 200  # members of one channel that are looked at
ROOM_WITHIN_S = 0.6  # a form is waited for meanwhile
ROOM_AT_ONCE = 10
MENTIONED_MOST = 10  # people of one text who are looked up
_MENTION = re.compile(r"@\[(\w+)\]")


class Members:
    """Looks members up, and only those that the bot does not know yet."""

    def __init__(self, database: Database, api: SlackApi) -> None:
        self._database = database
        self._api = api
        self._asked: OrderedDict[tuple[str, str], tuple[float, Fields]] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Who has an account here: that never ends, so it is looked up once."""

    async def sender(self, bot: Bot, who: Who) -> Sender:
        """Who acts. Raises: ChatError where Slack can't be asked about somebody new; DatabaseError."""
        if not bot.enterprise_id and who.home_team not in {"", bot.team_id}:
            return Sender(who.user, who.user, is_guest=True)  # from another company, in a shared channel
        if await self.is_known(bot.tenant, who.user):
            return Sender(who.user, "")
        return sender_of(await self._told(bot, who.user), bot)

    async def _told(self, bot: Bot, user: str) -> Fields:
        """What Slack says of somebody. Raises: ChatError."""
        key = (bot.tenant, user)
        asked_at, found = self._asked.get(key, (0.0, None))
        if found is None or steady_s() - asked_at > KNOWN_S:
            found = dict((await self._api.call("users.info", bot.token, user=user))["user"])
            self._asked[key] = (steady_s(), found)
            while len(self._asked) > KNOWN_MOST:
                self._asked.popitem(last=False)
        return found

    async def mentioned(self, bot: Bot, text: str) -> Sequence[Sender]:
        """Whom a text mentions and the bot does not know yet, as far as Slack tells in time. Raises: DatabaseError.

        Bots and closed accounts are left out.
        """
        users = list(dict.fromkeys(_MENTION.findall(text)))[:MENTIONED_MOST]
        unknown = [user for user in users if user != bot.user_id and not await self.is_known(bot.tenant, user)]
        told = await self._told_in_time(bot, unknown)
        return [sender_of(user, bot) for user in told if not (user.get("is_bot") or user.get("deleted"))]

    async def of_room(self, bot: Bot, channel: str) -> Sequence[Sender]:
        """Members of a channel whom the bot does not know yet, as far as Slack tells in time. Raises: ChatError."""
        told = await self._api.call("conversations.members", bot.token, channel=channel, limit=ROOM_MOST)
        users = [str(each) for each in told.get("members", ()) if each != bot.user_id]
        unknown = sorted(set(users) - await self._accounts(bot.tenant, users))
        return [sender_of(user, bot) for user in await self._told_in_time(bot, unknown)]

    async def _told_in_time(self, bot: Bot, users: Sequence[str]) -> Sequence[Fields]:
        at_once = asyncio.Semaphore(ROOM_AT_ONCE)

        async def ask(user: str) -> Fields:
            async with at_once:
                return await self._told(bot, user)

        asked = [asyncio.create_task(ask(user)) for user in users]
        if not asked:
            return ()
        done, late = await asyncio.wait(asked, timeout=ROOM_WITHIN_S)
        for each in late:
            each.cancel()
        return [each.result() for each in done if each.exception() is None]

    async def _accounts(self, tenant: str, users: Sequence[str]) -> set[str]:
        """Who of them has an account here."""
        async with self._database.read(SYSTEM) as tx:
            query = (
                select(col(Account.external_id))
                .join(Install, col(Install.id) == Account.install_id)
                .where(
                    Install.platform == PLATFORM,
                    Install.external_id == tenant,
                    col(Account.external_id).in_(users),
                )
            )
            return set(await tx.all(query))

    def forget(self, tenant: str, user: str) -> None:
        """Slack said something new of somebody."""
        self._asked.pop((tenant, user), None)

    async def is_known(self, tenant: str, user: str) -> bool:
        """Whether somebody has an account here. Raises: DatabaseError."""
        key = (tenant, user)
        if key not in self._known and await self._has_account(tenant, user):
            self._known[key] = None
            while len(self._known) > KNOWN_MOST:
                self._known.popitem(last=False)
        return key in self._known

    async def _has_account(self, tenant: str, user: str) -> bool:
        async with self._database.read(SYSTEM) as tx:
            install = await tx.first(select(Install).where(Install.platform == PLATFORM, Install.external_id == tenant))
            return install is not None and await account_of(tx, install, user) is not None


def sender_of(user: Fields, bot: Bot) -> Sender:
    """A member as the one who acts; who belongs to another company is a guest, whatever rights they have there."""
    profile = profile_of(user)
    return Sender(profile.external_id, profile.name, profile.zone, is_guest=profile.is_guest or is_foreign(user, bot))


def is_foreign(user: Fields, bot: Bot) -> bool:
    """Whether somebody comes from another company, through a shared channel.

    Slack's own `is_stranger` is not set for those who share a channel with the app.
    """
    theirs = (user.get("enterprise_user") or {}).get("enterprise_id") or user.get("enterprise_id") or ""
    if bot.enterprise_id and theirs:
        return bool(theirs != bot.enterprise_id)
    team = user.get("team_id") or ""
    return bool(team) and team not in {bot.team_id, bot.enterprise_id}


def profile_of(user: Fields) -> Profile:
    """What a `user` object of Slack says. Guests, strangers from shared channels and bots are no members."""
    about = user.get("profile") or {}
    name = about.get("real_name") or user.get("real_name") or about.get("display_name") or user.get("name") or ""
    is_guest = any(user.get(sign) for sign in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot"))
    return Profile(
        external_id=str(user.get("id", "")),
        name=str(name),
        zone=str(user.get("tz") or ""),
        is_guest=is_guest,
        is_active=not user.get("deleted"),
    )
