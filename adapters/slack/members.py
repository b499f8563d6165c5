"""Members of a workspace: who acts, as Slack tells it, and what it says when somebody changes."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias, TypeVar

import structlog
from sqlmodel import col, select

from adapters.slack.api import PLATFORM, Fields, SlackApi, SlackRefused, WorkspaceGone
from adapters.slack.asking import Rest, until_answered
from adapters.slack.parse import Who
from adapters.slack.workspaces import PAGE, Bot, Workspaces
from bot.people.rules import is_news
from bot.ports import NotSent, Profile, Refused, Sender, Status, steady_s
from storage import slack
from storage.engine import Database
from storage.errors import BotError
from storage.organisations import Install
from storage.people import Account, account_of
from storage.tx import SYSTEM

KNOWN_S = 600.0  # how long what Slack said of somebody whom the bot does not know yet is believed
KNOWN_MOST = 10_000
ROOM_MOST = 200  # members of one channel that are looked at
ROOM_WITHIN_S = 0.6  # a form is waited for meanwhile
ROOM_AT_ONCE = 10
MENTIONED_MOST = 10  # people of one text who are looked up
ASKED_MOST = 5  # times in a row about one person; nobody changes as often
COMPARED_AFTER_S = 60.0  # a start has other things to do first
COMPARED_EVERY_S = 24 * 60 * 60.0
# Slack lets `users.list` be asked 20 times a minute, `users.info` 100 times; https://docs.slack.dev/apis/web-api/rate-limits.
PAGE_REST_S, PERSON_REST_S = 3.0, 1.0
PAUSE_MOST_S = 600.0  # nobody waits for it
PAGES_MOST = 2_000
COMPARED_AT_ONCE = 4  # workspaces
_MENTION = re.compile(r"@\[(\w+)\]")

Learn: TypeAlias = Callable[[str, str, Profile], Awaitable[None]]
"""Keeps what a platform says of a member of a tenant."""

T = TypeVar("T")

log = structlog.get_logger()


class Members:
    """Looks members up, and only where the bot does not know them yet, or they take no part."""

    def __init__(self, database: Database, api: SlackApi, *, learn: Learn) -> None:
        self._database = database
        self._api = api
        self._learn = learn
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

        Bots and closed accounts are left out. Of those who take no part, what Slack says now is learned first: an
        account may have been closed, or opened again, while nobody listened.
        """
        users = list(dict.fromkeys(_MENTION.findall(text)))[:MENTIONED_MOST]
        unknown = [user for user in users if user != bot.user_id and not await self.is_known(bot.tenant, user)]
        aside = await self._set_aside(bot.tenant, [user for user in users if user not in unknown])
        told, _ = await asyncio.gather(
            _in_time(unknown, lambda user: self._told(bot, user)), _in_time(aside, lambda user: self.refresh(bot, user))
        )
        return [sender_of(user, bot) for user in told if not (user.get("is_bot") or user.get("deleted"))]

    async def _set_aside(self, tenant: str, users: Sequence[str]) -> Sequence[str]:
        """Who of them the bot knows, but lets take no part."""
        if not users:
            return ()
        async with self._database.read(SYSTEM) as tx:
            known = await slack.accounts_named(tx, tenant, users)
            return [account.external_id for account, person in known if not person.active]

    async def known(self, tenant: str) -> set[str]:
        """Everybody in a workspace whom the bot knows. Raises: DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            return {account.external_id for account, _ in await slack.accounts_named(tx, tenant)}

    async def differing(self, bot: Bot, told: Iterable[Fields]) -> Sequence[str]:
        """Of whom Slack told something that the rows do not hold, among those the bot knows. Raises: DatabaseError."""
        profiles = {str(user.get("id")): profile_here(user, bot) for user in told}
        if not profiles:
            return ()
        async with self._database.read(SYSTEM) as tx:
            return [
                account.external_id
                for account, person in await slack.accounts_named(tx, bot.tenant, profiles)
                if is_news(account, person, profiles[account.external_id], platform=PLATFORM)
            ]

    async def refresh(self, bot: Bot, user_id: str) -> bool:
        """Learns what Slack says of somebody now, whom the bot knows; whether that was news.

        Slack is asked until it says what the rows hold: what it said before may have changed while it was written
        down, and another process may have been told so by then. Raises: ChatError, DatabaseError.
        """
        was_news = False
        for _ in range(ASKED_MOST):
            try:
                user = (await self._api.call("users.info", bot.token, user=user_id))["user"]
            except SlackRefused as problem:
                if not problem.target_gone:
                    raise
                break
            if not await self.differing(bot, [user]):
                break
            await self._learn(PLATFORM, bot.tenant, profile_here(user, bot))
            was_news = True
        return was_news

    async def of_room(self, bot: Bot, channel: str) -> Sequence[Sender]:
        """Members of a channel whom the bot does not know yet, as far as Slack tells in time. Raises: ChatError."""
        told = await self._api.call("conversations.members", bot.token, channel=channel, limit=ROOM_MOST)
        users = [str(each) for each in told.get("members", ()) if each != bot.user_id]
        unknown = sorted(set(users) - await self._accounts(bot.tenant, users))
        return [sender_of(user, bot) for user in await _in_time(unknown, lambda user: self._told(bot, user))]

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


class Roster:
    """Goes through the members of every workspace, after it was connected and once a day, for changes nobody told of.

    Whom the list does not name is left alone. Several processes may do it at once: what is learned twice changes once.
    """

    def __init__(self, members: Members, api: SlackApi, workspaces: Workspaces, *, rest: Rest = asyncio.sleep) -> None:
        self._members = members
        self._api = api
        self._workspaces = workspaces
        self._rest = rest
        self._at_once = asyncio.Semaphore(COMPARED_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Goes on beside the block, and ends with it."""
        self._workspaces.on_arrival(self._begin)
        first = asyncio.create_task(self._begin_all())
        try:
            yield
        finally:
            self._workspaces.on_arrival(lambda _tenant: None)
            tasks = {first, *self._tasks.values()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin_all(self) -> None:
        for tenant in await self._answered("", self._workspaces.tenants):
            if tenant not in self._tasks:
                self._begin(tenant)

    def _begin(self, tenant: str) -> None:
        """From the beginning, where it is under way: much may have changed while the app was not there."""
        before = self._tasks.get(tenant)
        if before is not None:
            before.cancel()
        task = self._tasks[tenant] = asyncio.create_task(self._each_day(tenant))
        task.add_done_callback(lambda done: self._forget(tenant, done))

    def _forget(self, tenant: str, task: "asyncio.Task[None]") -> None:
        if self._tasks.get(tenant) is task:
            del self._tasks[tenant]

    async def _each_day(self, tenant: str) -> None:
        """Until the app is installed there no more: then an arrival begins it anew."""
        await self._rest(COMPARED_AFTER_S)
        while await self._answered(tenant, lambda: self._workspaces.is_installed(tenant)):
            try:
                await self._go_through(tenant)
            except (WorkspaceGone, Refused) as problem:
                log.warning("slack_members_not_compared", tenant=tenant, why=str(problem), then="again tomorrow")
            except Exception:  # what one workspace answers must not be the end of this for as long as the bot runs
                log.exception("slack_members_not_compared", tenant=tenant)
            await self._rest(COMPARED_EVERY_S)

    async def _go_through(self, tenant: str) -> None:
        """Raises: WorkspaceGone, Refused."""
        known = await self._answered(tenant, lambda: self._members.known(tenant))
        if not known:
            return
        bot = await self._answered(tenant, lambda: self._bot(tenant))
        # For all workspaces of an enterprise at once Slack gives no list.
        learned = await (self._by_list(tenant, known) if bot.team_id else self._one_by_one(tenant, known))
        log.info("slack_members_compared", tenant=tenant, known=len(known), changed=learned)

    async def _by_list(self, tenant: str, known: set[str]) -> int:
        """How many changed; the list is read no further than everybody is found. Raises: WorkspaceGone, Refused."""
        missing, cursor, learned = set(known), "", 0

        async def page() -> tuple[set[str], str, Sequence[str]]:
            bot = await self._bot(tenant)
            told = await self._api.call("users.list", bot.token, limit=PAGE, cursor=cursor or None)
            users = told.get("members") or ()
            next_one = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            return {str(user.get("id")) for user in users}, next_one, await self._members.differing(bot, users)

        for _ in range(PAGES_MOST):
            seen, cursor, changed = await self._answered(tenant, page)
            missing -= seen
            # A page may be old by now: each is asked about anew.
            learned += await self._one_by_one(tenant, changed)
            if not (missing and cursor):
                break
            await self._rest(PAGE_REST_S)
        return learned

    async def _one_by_one(self, tenant: str, users: Iterable[str]) -> int:
        """How many changed. Raises: WorkspaceGone, Refused."""

        async def one(user_id: str) -> bool:
            return await self._members.refresh(await self._bot(tenant), user_id)

        learned = 0
        for user_id in sorted(users):
            learned += await self._answered(tenant, partial(one, user_id))
            await self._rest(PERSON_REST_S)
        return learned

    async def _bot(self, tenant: str) -> Bot:
        """Raises: NotSent while its token can't be had, Refused where the app is not installed any more."""
        bot = await self._workspaces.bot(tenant)
        if bot is None and not await self._workspaces.is_installed(tenant):
            raise Refused("the app is not installed there any more")
        if bot is None:
            raise NotSent("there is no token that works")
        return bot

    async def _answered(self, tenant: str, attempt: Callable[[], Awaitable[T]]) -> T:
        """What an attempt gives once Slack and the database answer; a few workspaces at a time make one."""

        async def in_turn() -> T:
            async with self._at_once:
                return await attempt()

        is_told = False

        def tell(problem: BotError) -> None:
            nonlocal is_told
            if not is_told:
                log.info("slack_members_wait", tenant=tenant, why=str(problem))
            is_told = True

        return await until_answered(in_turn, rest=self._rest, tell=tell, longest_s=PAUSE_MOST_S)


async def _in_time(users: Iterable[str], ask: Callable[[str], Awaitable[T]]) -> Sequence[T]:
    """What comes of asking Slack about several people, in their order, as far as it comes in time."""
    at_once = asyncio.Semaphore(ROOM_AT_ONCE)

    async def in_turn(user: str) -> T:
        async with at_once:
            return await ask(user)

    tasks = [asyncio.create_task(in_turn(each)) for each in users]
    if not tasks:
        return ()
    done, late = await asyncio.wait(tasks, timeout=ROOM_WITHIN_S)
    for each in late:
        each.cancel()
    return [each.result() for each in tasks if each in done and each.exception() is None]


def sender_of(user: Fields, bot: Bot) -> Sender:
    """A member as the one who acts; who belongs to another company is a guest, whatever rights they have there."""
    profile = profile_here(user, bot)
    return Sender(profile.external_id, profile.name, profile.zone, is_guest=profile.is_guest, email=profile.email)


def profile_here(user: Fields, bot: Bot) -> Profile:
    """What Slack says of somebody, as the bot's workspace sees them."""
    profile = profile_of(user)
    return replace(profile, is_guest=profile.is_guest or is_foreign(user, bot))


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
        email=str(about.get("email") or ""),  # where the app has the scope users:read.email
        status=_status(about),
    )


def _status(about: Fields) -> Status:
    """What somebody says of themselves, and until when; Slack gives 0 for no end."""
    until = about.get("status_expiration")
    ends = datetime.fromtimestamp(until, UTC) if isinstance(until, int) and until > 0 else None
    return Status(str(about.get("status_text") or ""), str(about.get("status_emoji") or "").strip(":"), ends)
