"""Slack as the delivery sees it: it posts, edits, deletes and finds messages."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import structlog
from sqlmodel import col, select

from adapters.slack.api import PLATFORM, Fields, MissingScope, SlackApi, SlackRefused
from adapters.slack.files import Pictures
from adapters.slack.parse import HOME
from adapters.slack.render import Message, message
from adapters.slack.workspaces import Bot, Workspaces
from bot.chat.cards import Card, people_in
from bot.ports import CannotLook, Destination, MaybeSent, NotSent, RateLimited, steady_s
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account
from storage.tx import SYSTEM

METADATA = "folkmoot_message"
LOOK_BACK = 200  # messages of a conversation among which one of unknown fate is looked for
LOOKED_AT_S = (0.3, 0.7, 1.5)  # pauses while Slack still looks at a file that it just took
GONE = frozenset({"message_not_found", "thread_not_found"})
NO_HISTORY = frozenset({"method_not_supported_for_channel_type", "not_in_channel"})

log = structlog.get_logger(__name__)


class SlackChat:
    """`bot.ports.Chat` over Slack's Web API. A reference is `channel:ts`."""

    doubt_s = 10.0  # how long a post may take to be found in the history after its answer was lost
    messages_per_s = (
        5.0  # "several hundred messages a minute" a workspace; https://docs.slack.dev/apis/web-api/rate-limits
    )

    def __init__(self, database: Database, api: SlackApi, workspaces: Workspaces) -> None:
        self._database = database
        self._api = api
        self._workspaces = workspaces
        self._pictures = Pictures(api)
        self._direct: dict[tuple[str, str], str] = {}
        self._throttled: dict[tuple[str, str], float] = {}

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message. Raises: RateLimited, NotSent, MaybeSent, Refused."""
        bot = await self._bot(to.tenant)
        channel = await self._channel(to, bot)
        try:
            shown = await self.show(
                "chat.postMessage",
                bot,
                card,
                channel=channel,
                thread_ts=to.thread_ref.rpartition(":")[2] or None,
                metadata={"event_type": METADATA, "event_payload": {"key": key}},
                **QUIET,
            )
        except RateLimited as problem:
            if type(problem) is RateLimited:
                raise self._too_fast(problem, to.tenant, channel) from problem
            raise
        return f"{shown.get('channel', channel)}:{shown['ts']}"

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message. Raises: as `post`."""
        bot = await self._bot(to.tenant)
        channel, _, ts = ref.rpartition(":")
        await self.show("chat.update", bot, card, channel=channel, ts=ts)

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away. Raises: as `post`."""
        bot = await self._bot(to.tenant)
        channel, _, ts = ref.rpartition(":")
        try:
            await self._api.call("chat.delete", bot.token, channel=channel, ts=ts)
        except SlackRefused as problem:
            if problem.code not in GONE:
                raise

    async def find(self, to: Destination, key: str) -> str | None:
        """The reference of a message of ours. Raises: CannotLook without the right to read, RateLimited, NotSent."""
        bot = await self._bot(to.tenant)
        channel = await self._channel(to, bot)
        thread = to.thread_ref.rpartition(":")[2]
        method = "conversations.replies" if thread else "conversations.history"
        try:
            found = await self._api.call(
                method, bot.token, channel=channel, ts=thread or None, limit=LOOK_BACK, include_all_metadata=True
            )
        except MissingScope as problem:
            raise CannotLook("Slack does not let me read the history") from problem
        except SlackRefused as problem:
            if problem.code in NO_HISTORY:
                raise CannotLook(str(problem)) from problem
            raise
        ref = next((f"{channel}:{each['ts']}" for each in found.get("messages", ()) if _key_of(each) == key), None)
        if ref is None and found.get("has_more"):
            raise CannotLook("it may stand further back than Slack lets me look at once")
        return ref

    async def _bot(self, tenant: str) -> Bot:
        bot = await self._workspaces.bot(tenant)
        if bot is None:
            # Nothing is lost meanwhile: what was not sent waits until the app is installed again.
            raise RateLimited(PLATFORM, 300)
        return bot

    async def _channel(self, to: Destination, bot: Bot) -> str:
        """The conversation of a destination. Raises: as `post`."""
        if to.account:
            return await self.direct(bot, to.account)
        home, _, user = to.conversation.partition(HOME)
        return await self.direct(bot, user) if user and not home else to.conversation

    async def direct(self, bot: Bot, user: str) -> str:
        """The conversation of a member with the bot. Raises: as `post`."""
        known = self._direct.get((bot.tenant, user))
        if known is None:
            try:
                opened = await self._api.call("conversations.open", bot.token, users=user)
            except MaybeSent as problem:  # opened or not: nothing was said there yet
                raise NotSent(str(problem)) from problem
            known = str(opened["channel"]["id"])
            self._direct[bot.tenant, user] = known
        return known

    async def show(self, method: str, bot: Bot, card: Card, *, is_reply: bool = False, **where: object) -> Fields:
        """One attempt at a message with its pictures. Raises: as `post`.

        A picture that Slack still looks at is waited for, and one that it will not show stands there in words.
        """
        accounts = await self.accounts(bot.tenant, card)
        files = await self._pictures.of(bot, card)
        for pause_s in (*LOOKED_AT_S, 0.0) if files else ():
            try:
                found = await self._called(
                    method, bot, message(card, accounts=accounts, files=files, is_reply=is_reply), where
                )
            except SlackRefused as problem:
                if not _is_about_a_file(problem):
                    raise
            else:
                self._pictures.shown(bot, files)
                return found
            await asyncio.sleep(pause_s)
        if files:
            log.warning("picture_not_shown", tenant=bot.tenant)
            self._pictures.refused(bot, files)
        return await self._called(method, bot, message(card, accounts=accounts, is_reply=is_reply), where)

    async def _called(self, method: str, bot: Bot, shown: Message, where: Mapping[str, object]) -> Fields:
        return await self._api.call(method, bot.token, text=shown.text, blocks=shown.blocks, **where)

    async def accounts(self, tenant: str, card: Card) -> Mapping[int, str]:
        """The Slack users whom a card mentions, by person."""
        return await self.users(tenant, people_in(card))

    async def users(self, tenant: str, people: Collection[int]) -> Mapping[int, str]:
        """The Slack users whom some people are in a workspace, by person."""
        if not people:
            return {}
        async with self._database.read(SYSTEM) as tx:
            query = (
                select(col(Account.person_id), col(Account.external_id))
                .join(Install, col(Install.id) == Account.install_id)
                .where(
                    Install.platform == PLATFORM,
                    Install.external_id == tenant,
                    col(Account.person_id).in_(people),
                )
            )
            found: Sequence[tuple[int, str]] = await tx.columns(query)
            return dict(found)

    def _too_fast(self, problem: RateLimited, tenant: str, channel: str) -> RateLimited:
        """One conversation rests; when a second one is throttled meanwhile, it is the workspace that is too fast."""
        now = steady_s()
        self._throttled = {where: until for where, until in self._throttled.items() if until > now}
        others = any(each != channel for team, each in self._throttled if team == tenant)
        self._throttled[tenant, channel] = now + (problem.retry_after_s or 1.0)
        return RateLimited(PLATFORM, problem.retry_after_s, only_here=not others)


QUIET: Mapping[str, bool] = {"unfurl_links": False, "unfurl_media": False, "mrkdwn": False}


def _is_about_a_file(problem: SlackRefused) -> bool:
    return problem.code == "invalid_blocks" and ("slack_file" in problem.about or "slack file" in problem.about)


def _key_of(message: Fields) -> str:
    metadata = message.get("metadata") or {}
    return str(metadata.get("event_payload", {}).get("key", "")) if metadata.get("event_type") == METADATA else ""
