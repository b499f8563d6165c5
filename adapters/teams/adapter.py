"""Microsoft Teams as the delivery sees it: it posts, edits and deletes messages, and can't look for them."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from sqlmodel import col, select

from adapters.pictures.drawing import drawn_small
from adapters.teams.connector import Connector, Gone, Room
from adapters.teams.directory import Directory
from adapters.teams.happenings import Where, Who
from adapters.teams.render import Person, message
from adapters.teams.wiring import PLATFORM, THREAD, Fields
from bot.chat.cards import Card, drawings_in, people_in
from bot.chat.pictures import Drawing
from bot.ports import CannotLook, Destination
from storage.engine import Database
from storage.msteams import TeamsConversation
from storage.organisations import Install
from storage.people import Account
from storage.people import Person as PersonRow
from storage.places import Place
from storage.tx import SYSTEM

DRAW_WITHIN_S = 3.0  # the pictures of one card; its words must not wait longer
CHANNEL_MARK = "@thread.tacv2"  # how the ids of channels end
CARD = "application/vnd.microsoft.card.adaptive"

log = structlog.get_logger(__name__)


class TeamsChat:
    """`bot.ports.Chat` over the Bot Connector. A reference is `conversation activity`."""

    doubt_s = 0.0  # nothing can be looked for, so nothing is waited for either
    messages_per_s = (
        50.0  # for an app and tenant; https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
    )

    def __init__(self, database: Database, connector: Connector, directory: Directory) -> None:
        self._database = database
        self._connector = connector
        self._directory = directory

    async def post(self, to: Destination, card: Card, *, key: str) -> str:  # noqa: ARG002 - Teams keeps no keys
        """Shows a new message. Raises: RateLimited, NotSent, MaybeSent, Refused."""
        there = await self._conversation(to)
        place, _, top = to.thread_ref.rpartition(" ")
        thread = place.partition(THREAD)[2] or top  # below what itself stands in a thread there is no other one
        conversation = there.external_id
        if thread and there.kind is Place.Kind.CHANNEL:
            conversation = f"{conversation}{THREAD}{thread}"
        room = Room(to.tenant, there.service_url, conversation)
        return f"{conversation} {await self._connector.send(room, await self.activity(to.tenant, card))}"

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message. Raises: as `post`."""
        conversation, _, activity = ref.rpartition(" ")
        there = await self._known(to.tenant, conversation.partition(THREAD)[0])
        body = await self.activity(to.tenant, card)
        room = Room(to.tenant, there.service_url, conversation)
        await self._connector.update(room, activity, body | {"id": activity})

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away. Raises: as `post`."""
        conversation, _, activity = ref.rpartition(" ")
        there = await self._known(to.tenant, conversation.partition(THREAD)[0])
        await self._connector.delete(Room(to.tenant, there.service_url, conversation), activity)

    async def find(self, to: Destination, key: str) -> str | None:  # noqa: ARG002 - as above
        """Raises: CannotLook, always: a bot may not read what stands in a conversation."""
        raise CannotLook("Teams does not let a bot look at what stands in a conversation")

    async def direct(self, tenant: str, member: str) -> TeamsConversation:
        """Somebody's personal chat with the bot, begun where the bot was not told of it. Raises: as `post`."""
        known = await self._directory.personal(tenant, member)
        if known is not None:
            return known
        newest = await self._directory.newest(tenant)
        if newest is None:
            raise Gone("the app was never installed in that tenant")
        begun = await self._connector.begin(newest.service_url, bot=newest.bot_id, member=member, tenant=tenant)
        here = Where(tenant, begun, newest.service_url, newest.bot_id, is_direct=True)
        await self._directory.note(here, Who(member))
        return await self._known(tenant, begun)

    async def activity(self, tenant: str, card: Card, *, is_reply: bool = False, is_targeted: bool = False) -> Fields:
        """A message with a card. Raises: DatabaseError."""
        people, pictures = await self.people(tenant, card), await _pictures(card)
        shown = message(card, people=people, pictures=pictures, is_reply=is_reply, is_targeted=is_targeted)
        return {
            "type": "message",
            "summary": shown.summary,
            "attachments": [{"contentType": CARD, "content": shown.content}],
        }

    async def people(self, tenant: str, card: Card) -> Mapping[int, Person]:
        """Whom a card mentions, as Teams knows them."""
        mentioned = people_in(card)
        if not mentioned:
            return {}
        async with self._database.read(SYSTEM) as tx:
            query = (
                select(col(Account.person_id), col(Account.external_id), col(PersonRow.name))
                .join(Install, col(Install.id) == Account.install_id)
                .join(PersonRow, col(PersonRow.id) == Account.person_id)
                .where(
                    Install.platform == PLATFORM,
                    Install.external_id == tenant,
                    col(Account.person_id).in_(mentioned),
                )
            )
            found: Sequence[tuple[int, str, str]] = await tx.columns(query)
        return {number: Person(name, external_id) for number, external_id, name in found}

    async def _conversation(self, to: Destination) -> TeamsConversation:
        return await self.direct(to.tenant, to.account) if to.account else await self._known(to.tenant, to.conversation)

    async def _known(self, tenant: str, conversation: str) -> TeamsConversation:
        """Of a channel where nobody wrote to the bot yet only the tenant's newest address is known."""
        found = await self._directory.conversation(tenant, conversation)
        if found is not None and not found.is_open:
            raise Gone("the app was taken out of that conversation")
        if found is not None:
            return found
        newest = await self._directory.newest(tenant)
        if newest is None:
            raise Gone("the app was never installed in that tenant")
        kind = Place.Kind.CHANNEL if conversation.endswith(CHANNEL_MARK) else Place.Kind.GROUP
        return TeamsConversation(
            install_id=newest.install_id,
            external_id=conversation,
            kind=kind,
            service_url=newest.service_url,
            bot_id=newest.bot_id,
            seen_at=newest.seen_at,
        )


async def _pictures(card: Card) -> Mapping[Drawing, bytes]:
    """What a card draws; whatever goes wrong with that, the words stand there instead."""
    found: dict[Drawing, bytes] = {}
    try:
        async with asyncio.timeout(DRAW_WITHIN_S):
            for each in drawings_in(card):
                found[each] = await asyncio.to_thread(drawn_small, each)
    except Exception as problem:  # noqa: BLE001 - a picture must never take its words with it
        log.warning("picture_not_drawn", why=type(problem).__name__)
    return found
