"""Renewing tokens that end: a refresh token works once, so one process at a time has it.

No lock is held while Slack answers. A claim in the row keeps the other processes away; it ends by itself where its
process died, and the new tokens are kept only where the ones that they replace still stand.
Source: https://docs.slack.dev/authentication/using-token-rotation.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from adapters.slack.api import Fields, SlackApi, SlackRefused, WorkspaceGone
from adapters.slack.installing import Sealed
from adapters.slack.secrets import CannotOpen, Vault
from bot.ports import ChatError, RateLimited
from storage import slack
from storage.engine import Database
from storage.errors import DatabaseError
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM

AHEAD = timedelta(hours=2)  # tokens live for twelve
CLAIM = timedelta(seconds=60)  # longer than a call may take
REST_WHEN_REFUSED = timedelta(minutes=10)
REST_WHEN_UNSURE = timedelta(seconds=10)
LOOK_S, WAIT_S = 0.25, 15.0  # how often, and how long, another process is waited for
KEEP_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # between attempts to keep tokens that nobody can get again

log = structlog.get_logger()


def place(tenant: str, column: str) -> str:
    """What a token is sealed for: its tenant and its column."""
    return f"{tenant}/slack_workspace.{column}"


def is_due(expires_at: datetime | None, now: datetime) -> bool:
    """Whether a token is to be renewed; one without an end never is."""
    return expires_at is not None and now >= expires_at - AHEAD


def sealed_tokens(vault: Vault, tenant: str, answer: Fields, now: datetime) -> Sealed:
    """The tokens of an answer of `oauth.v2.access`, as they are stored. Raises: SettingsError without a key."""
    refresh_token = str(answer.get("refresh_token") or "")
    lives_s = int(answer.get("expires_in") or 0)
    return Sealed(
        token=vault.seal(str(answer["access_token"]), place(tenant, "token")),
        refresh_token=vault.seal(refresh_token, place(tenant, "refresh_token")) if refresh_token else "",
        expires_at=now + timedelta(seconds=lives_s) if lives_s else None,
    )


class Rotation:
    """Renews the tokens of any workspace, each once at a time."""

    def __init__(
        self,
        database: Database,
        api: SlackApi,
        vault: Vault,
        *,
        client: Mapping[str, str],
        now: Callable[[], datetime],
        renewed: Callable[[], None],
    ) -> None:
        """`renewed` is called at the end of each attempt, whatever came of it."""
        self._database = database
        self._api = api
        self._vault = vault
        self._client = client
        self._now = now
        self._tell = renewed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._rests_until: dict[str, datetime] = {}

    def begin(self, tenant: str) -> "asyncio.Task[None] | None":
        """Renews the token of a tenant beside everything else; None while it rests after a failure.

        The task never raises; the one who cancels waiting for it has to shield it.
        """
        task = self._tasks.get(tenant)
        rests_until = self._rests_until.get(tenant)
        if task is None and (rests_until is None or self._now() >= rests_until):
            task = asyncio.create_task(self._renew(tenant))
            self._tasks[tenant] = task
            task.add_done_callback(lambda _: self._tasks.pop(tenant, None))
        return task

    async def finish(self) -> None:
        """Waits for what is under way: a refresh token that was sent must not be lost."""
        await asyncio.gather(*self._tasks.values())

    async def _renew(self, tenant: str) -> None:
        try:
            await self._renewed(tenant)
        except (CannotOpen, ChatError, DatabaseError) as problem:
            log.warning("slack_token_not_renewed", tenant=tenant, why=str(problem))
        except Exception:  # the token that is there is used to its end; who waits must not fail with this
            log.exception("slack_token_not_renewed", tenant=tenant)
        finally:
            self._tell()

    async def _renewed(self, tenant: str) -> None:
        workspace = await self._claimed(tenant)
        if workspace is None:
            return
        try:
            answer = await self._asked(tenant, workspace)
        except (CannotOpen, ChatError) as problem:
            await self._rest(tenant, workspace, problem)
            raise
        await self._keep(tenant, workspace, answer)
        log.info("slack_token_renewed", tenant=tenant)

    async def _claimed(self, tenant: str) -> SlackWorkspace | None:
        """The workspace, when its refresh token is ours; None when another process has renewed it meanwhile."""
        waited_s = 0.0
        while True:
            now = self._now()
            async with self._database.write(SYSTEM) as tx:
                found = await slack.workspace_of(tx, tenant)
                if found is None or not found[1].refresh_token or not is_due(found[1].expires_at, now):
                    return None
                if await slack.claim_refresh(tx, found[1], now=now, lasts=CLAIM):
                    return found[1]
            if found[1].expires_at is None or now < found[1].expires_at or waited_s >= WAIT_S:
                return None
            await asyncio.sleep(LOOK_S)
            waited_s += LOOK_S

    async def _asked(self, tenant: str, workspace: SlackWorkspace) -> Fields:
        refresh_token = self._vault.open(workspace.refresh_token, place(tenant, "refresh_token"))
        return await self._api.call(
            "oauth.v2.access", **self._client, grant_type="refresh_token", refresh_token=refresh_token
        )

    async def _rest(self, tenant: str, workspace: SlackWorkspace, problem: Exception) -> None:
        rest = REST_WHEN_UNSURE
        if isinstance(problem, CannotOpen | SlackRefused | WorkspaceGone):
            rest = REST_WHEN_REFUSED
        elif isinstance(problem, RateLimited) and problem.retry_after_s is not None:
            rest = timedelta(seconds=problem.retry_after_s)
        until = self._now() + rest
        self._rests_until[tenant] = until
        async with self._database.write(SYSTEM) as tx:
            await slack.rest_refresh(tx, workspace, until=until)

    async def _keep(self, tenant: str, workspace: SlackWorkspace, answer: Fields) -> None:
        """Raises: DatabaseError when the database stays away for long."""
        sealed = sealed_tokens(self._vault, tenant, answer, self._now())
        for pause_s in (*KEEP_PAUSES_S, None):
            try:
                async with self._database.write(SYSTEM) as tx:
                    await slack.renew(
                        tx,
                        workspace,
                        token=sealed.token,
                        refresh_token=sealed.refresh_token,
                        expires_at=sealed.expires_at,
                    )
            except DatabaseError:
                if pause_s is None:
                    raise
                await asyncio.sleep(pause_s)
            else:
                return
