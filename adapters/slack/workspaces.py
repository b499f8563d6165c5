"""Workspaces: whose token speaks where, kept sealed, remembered for a moment and renewed before it ends."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from adapters.slack import installing
from adapters.slack.api import Fields, SlackApi
from adapters.slack.installing import Member, Sealed, Seen
from adapters.slack.memory import Memory
from adapters.slack.rotation import Rotation, is_due, place, sealed_tokens
from adapters.slack.secrets import CannotOpen, Vault
from bot.ports import ChatError, Refused
from storage import slack
from storage.engine import Database
from storage.errors import Conflict
from storage.organisations import Install, the_only_one_without
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM, Tx

CACHE_S = 15.0  # how long another process may not notice that a workspace came, went or has a new token
PAGE = 200  # members of one page; https://docs.slack.dev/reference/methods/users.list recommends no more
PAGES_MOST = 50
ADMINS_MOST = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot in one workspace, or in all of an enterprise: who it is there, and what it may do."""

    tenant: str
    token: str = field(repr=False)
    user_id: str
    bot_id: str
    app_id: str
    name: str
    """The workspace's."""
    scopes: frozenset[str]
    """Empty where Slack did not say."""
    team_id: str
    """Empty where the app is installed for all workspaces of an enterprise."""
    enterprise_id: str


@dataclass(frozen=True, slots=True)
class _Kept:
    bot: Bot
    expires_at: datetime | None


class NoBotToken(Refused):
    """What Slack answered to an installation holds no token of a bot."""

    def __init__(self) -> None:
        super().__init__("Slack gave no token of a bot")


def utc_now() -> datetime:
    """Real time: tokens and events of Slack know no other."""
    return datetime.now(UTC)


class Workspaces:
    """Every workspace at once; each answer is for one tenant alone."""

    def __init__(
        self,
        database: Database,
        api: SlackApi,
        vault: Vault,
        *,
        client_id: str = "",
        client_secret: str = "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.database = database
        self.api = api
        self.vault = vault
        self._now = now
        client = {"client_id": client_id, "client_secret": client_secret}
        self._bots = Memory[str, _Kept](CACHE_S)
        self._rotation = Rotation(database, api, vault, client=client, now=now, renewed=self._bots.forget)
        self._tenants = Memory[tuple[str, str], str](CACHE_S)
        self._given: dict[str, str] = {}
        self._arrived: Callable[[str], None] = lambda _tenant: None

    async def bot(self, tenant: str) -> Bot | None:
        """The bot there, with a token that works; None where the app is not installed (any more).

        A token that will end soon is renewed meanwhile; one that has ended is waited for. Raises: DatabaseError.
        """
        kept = self._bots.get(tenant) or await self._loaded(tenant)
        if kept is None:
            return None
        if not is_due(kept.expires_at, self._now()):
            return kept.bot
        renewing = self._rotation.begin(tenant)
        if not self._has_ended(kept):
            return kept.bot
        if renewing is not None:
            # Shielded: a request that is given up must not lose the new tokens.
            await asyncio.shield(renewing)
        self._bots.forget()
        kept = await self._loaded(tenant)
        return None if kept is None or self._has_ended(kept) else kept.bot

    async def tenant_of(self, team_id: str | None, enterprise_id: str | None) -> str | None:
        """The tenant that an event belongs to: the workspace's own installation first, else its enterprise's.

        Raises: DatabaseError.
        """
        key = (team_id or "", enterprise_id or "")
        known = self._tenants.get(key)
        if known is not None:
            return known
        epoch = self._tenants.epoch
        async with self.database.read(SYSTEM) as tx:
            found = await slack.tenant_of(tx, *key)
        if found is not None:
            self._tenants.keep(key, found, epoch)
        return found

    async def tenants(self) -> Sequence[str]:
        """Wherever the app is installed, the oldest first. Raises: DatabaseError."""
        async with self.database.read(SYSTEM) as tx:
            return [install.external_id for install, row in await slack.workspaces(tx) if row.ended_at is None]

    async def is_installed(self, tenant: str) -> bool:
        """Whether the app is installed there, with a token that works or not. Raises: DatabaseError."""
        async with self.database.read(SYSTEM) as tx:
            found = await slack.workspace_of(tx, tenant)
        return found is not None and found[1].ended_at is None

    async def connect(self, token: str) -> Bot:
        """The one workspace whose token stands in the settings; of the token itself only a digest is stored.

        Where nobody runs the bot there yet, the workspace's owners and administrators do.
        Raises: NoBotToken, ChatError (WorkspaceGone where Slack does not know the token), DatabaseError.
        """
        told = await self.api.call("auth.test", token)
        if not told.get("bot_id"):
            raise NoBotToken
        seen = await self._seen(token, told, scopes=str(told.get("scopes") or ""))
        async with self.database.read(SYSTEM) as tx:
            known = await slack.workspace_of(tx, seen.tenant)
            organisation_id = None if known else await the_only_one_without(tx, slack.PLATFORM)
        await self._keep(seen, Sealed(digest=_digest(seen.tenant, token)), token, organisation_id=organisation_id)
        self._given[seen.tenant] = token
        self._arrived(seen.tenant)
        return _bot(seen, token)

    async def recall(self, token: str) -> bool:
        """Whether an earlier start has connected a workspace by this very token; it is used there from now on.

        Slack is not asked. Raises: DatabaseError.
        """
        async with self.database.read(SYSTEM) as tx:
            tenant = await tenant_given(tx, token)
        if tenant:
            self._given[tenant] = token
            self._forget()
        return bool(tenant)

    def on_arrival(self, arrived: Callable[[str], None]) -> None:
        """`arrived` is told the tenant of every workspace that is connected or installed from now on."""
        self._arrived = arrived

    async def install(self, answer: Fields, *, organisation_id: int | None = None) -> Bot:
        """Keeps what `oauth.v2.access` answered: a new workspace, or one that comes back.

        A new one gets an organisation of its own, unless one is named; where nobody runs the bot there yet, who
        installed it does. Raises: NoBotToken, SettingsError without a key to seal with, ChatError, DatabaseError.
        """
        token = str(answer.get("access_token") or "")
        if not token or answer.get("token_type") != "bot":
            raise NoBotToken
        told = await self.api.call("auth.test", token)
        seen = await self._seen(token, told | answer, scopes=str(answer.get("scope") or ""))
        sealed = sealed_tokens(self.vault, seen.tenant, answer, self._now())
        await self._keep(seen, sealed, token, organisation_id=organisation_id)
        self._given.pop(seen.tenant, None)
        self._arrived(seen.tenant)
        return _bot(seen, token)

    async def uninstalled(self, tenant: str, at: datetime) -> bool:
        """The app was taken out at `at`; False, and nothing happens, where it was installed again since."""
        return await self._end(tenant, at, "uninstalled")

    async def revoked(self, tenant: str, at: datetime) -> bool:
        """The bot's token was taken back at `at`; as `uninstalled`."""
        return await self._end(tenant, at, "revoked")

    async def appoint(self, bot: Bot, user: str) -> str:
        """Makes a member an administrator of the bot, and gives their name.

        Raises: ChatError where Slack does not know them, DatabaseError.
        """
        told = await self.api.call("users.info", bot.token, user=user)
        async with self.database.write(SYSTEM) as tx:
            person = await installing.appoint_in(tx, bot.tenant, member_of(told["user"]), self._now())
        return person.name

    async def close(self) -> None:
        """Waits for tokens that are being renewed: a refresh token works once, so its answer must not be lost."""
        await self._rotation.finish()

    def _has_ended(self, kept: _Kept) -> bool:
        return kept.expires_at is not None and self._now() >= kept.expires_at

    async def _end(self, tenant: str, at: datetime, why: str) -> bool:
        async with self.database.write(SYSTEM) as tx:
            has_ended = await installing.end(tx, tenant, at, why=why, now=self._now())
        if has_ended:
            self._given.pop(tenant, None)
            self._forget()
        return has_ended

    async def _loaded(self, tenant: str) -> _Kept | None:
        epoch = self._bots.epoch
        async with self.database.read(SYSTEM) as tx:
            found = await slack.workspace_of(tx, tenant)
        if found is None or found[1].ended_at is not None:
            return None
        try:
            token = opened(self.vault, *found) or self._given.get(tenant, "")
        except CannotOpen as problem:
            log.warning("slack_token_closed", tenant=tenant, why=str(problem))
            return None
        if not token:
            return None
        await self._resealed(tenant, found[1], token)
        kept = _Kept(bot_of(*found, token), found[1].expires_at)
        self._bots.keep(tenant, kept, epoch)
        return kept

    async def _resealed(self, tenant: str, workspace: SlackWorkspace, token: str) -> None:
        """Seals under the newest key what was sealed with an older one, so that the older one can be taken away."""
        if not workspace.token or self.vault.is_current(workspace.token):
            return
        refresh_token = workspace.refresh_token
        if refresh_token:
            column = place(tenant, "refresh_token")
            try:
                refresh_token = self.vault.seal(self.vault.open(refresh_token, column), column)
            except CannotOpen as problem:
                log.warning("slack_token_closed", tenant=tenant, why=str(problem))
                return
        async with self.database.write(SYSTEM) as tx:
            sealed = self.vault.seal(token, place(tenant, "token"))
            await slack.reseal(tx, workspace, token=sealed, refresh_token=refresh_token)

    async def _keep(self, seen: Seen, sealed: Sealed, token: str, *, organisation_id: int | None) -> None:
        async with self.database.read(SYSTEM) as tx:
            is_run = await installing.is_administered(tx, seen.tenant)
        admins = () if is_run else await self._admins(seen, token)
        for is_last in (False, True):
            try:
                async with self.database.write(SYSTEM) as tx:
                    await installing.keep(
                        tx, seen, sealed, organisation_id=organisation_id, admins=admins, now=self._now()
                    )
                break
            except Conflict:  # another process has made the same workspace at this moment
                if is_last:
                    raise
        self._forget()

    def _forget(self) -> None:
        self._bots.forget()
        self._tenants.forget()

    async def _seen(self, token: str, told: Fields, *, scopes: str) -> Seen:
        """Both answers of Slack, to `auth.test` and to an installation, as one."""
        enterprise = told.get("enterprise") or {}
        team = told["team"] if isinstance(told.get("team"), dict) else {}
        enterprise_id = str(enterprise.get("id") or told.get("enterprise_id") or "")
        is_for_all = bool(told.get("is_enterprise_install") and enterprise_id)
        team_id = "" if is_for_all else str(team.get("id") or told.get("team_id") or "")
        name = enterprise.get("name") if is_for_all else team.get("name") or told.get("team")
        return Seen(
            tenant=enterprise_id if is_for_all else team_id,
            name=str(name or enterprise_id or team_id),
            team_id=team_id,
            enterprise_id=enterprise_id,
            app_id=str(told.get("app_id") or await self._app_id(token, str(told.get("bot_id") or ""))),
            bot_user_id=str(told.get("bot_user_id") or told.get("user_id") or ""),
            bot_id=str(told.get("bot_id") or ""),
            scopes=frozenset(filter(None, (each.strip() for each in scopes.split(",")))),
            installed_by=str((told.get("authed_user") or {}).get("id") or ""),
        )

    async def _app_id(self, token: str, bot_id: str) -> str:
        try:
            told = await self.api.call("bots.info", token, bot=bot_id)
        except ChatError:  # nice to know, no more
            return ""
        return str((told.get("bot") or {}).get("app_id") or "")

    async def _admins(self, seen: Seen, token: str) -> Sequence[Member]:
        """Who runs the bot from now on: who installed it, else the workspace's owners and administrators.

        Raises: RateLimited, NotSent, MaybeSent where Slack tells of nobody now, so that nobody would.
        """
        users: list[Fields] = []
        try:
            if seen.installed_by:
                told = await self.api.call("users.info", token, user=seen.installed_by)
                return [member_of(told.get("user") or {"id": seen.installed_by})]
            async for page in _pages(self.api, token):
                users += page
        except ChatError as problem:
            if not (users or seen.installed_by or isinstance(problem, Refused)):
                raise
            log.warning("slack_admins_unknown", tenant=seen.tenant, why=str(problem))
        if seen.installed_by:
            return [Member(seen.installed_by, "", "")]
        return [member_of(user) for user in sorted(filter(_runs_it, users), key=_rank)[:ADMINS_MOST]]


def _digest(tenant: str, token: str) -> str:
    """By what a token of the settings is known again: it can't be read from it, and fits no other workspace."""
    return f"token:{hashlib.sha256(f'{tenant}/{token}'.encode()).hexdigest()}"


async def tenant_given(tx: Tx, token: str) -> str:
    """The tenant that an earlier start connected by this token of the settings; empty where there is none."""
    for install, row in await slack.workspaces(tx):
        if row.ended_at is None and row.installed_by == _digest(install.external_id, token):
            return install.external_id
    return ""


def _runs_it(user: Fields) -> bool:
    return bool((user.get("is_owner") or user.get("is_admin")) and not user.get("deleted") and not user.get("is_bot"))


def _rank(user: Fields) -> tuple[bool, bool]:
    return not user.get("is_primary_owner"), not user.get("is_owner")


async def members(api: SlackApi, token: str) -> list[Fields]:
    """Every member of a workspace, bots and those who have left among them. Raises: ChatError."""
    return [user async for page in _pages(api, token) for user in page]


async def _pages(api: SlackApi, token: str) -> AsyncIterator[list[Fields]]:
    cursor = ""
    for _ in range(PAGES_MOST):
        told = await api.call("users.list", token, limit=PAGE, cursor=cursor or None)
        yield told.get("members") or []
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break


def member_of(user: Fields) -> Member:
    """A `user` object of Slack."""
    about = user.get("profile") or {}
    name = about.get("real_name") or user.get("real_name") or about.get("display_name") or user.get("name")
    return Member(str(user["id"]), str(name or ""), str(user.get("tz") or ""))


def opened(vault: Vault, install: Install, workspace: SlackWorkspace) -> str:
    """The token that is stored; empty where none is. Raises: CannotOpen."""
    return vault.open(workspace.token, place(install.external_id, "token")) if workspace.token else ""


def _bot(seen: Seen, token: str) -> Bot:
    return Bot(
        tenant=seen.tenant,
        token=token,
        user_id=seen.bot_user_id,
        bot_id=seen.bot_id,
        app_id=seen.app_id,
        name=seen.name,
        scopes=seen.scopes,
        team_id=seen.team_id,
        enterprise_id=seen.enterprise_id,
    )


def bot_of(install: Install, workspace: SlackWorkspace, token: str) -> Bot:
    """The bot in a workspace."""
    return Bot(
        tenant=install.external_id,
        token=token,
        user_id=workspace.bot_user_id,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
        name=install.name,
        scopes=frozenset(filter(None, workspace.scopes.split(","))),
        team_id=workspace.team_id,
        enterprise_id=workspace.enterprise_id,
    )
