"""Takes what a person did: keeps their post, hands the event to the bot, keeps the bot's answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from adapters.local import parse, posts
from adapters.local.adapter import LocalChat
from adapters.local.parse import Malformed, PressedOn, Said, SentForm
from adapters.local.reading import standing
from adapters.local.rooms import Standing
from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.ports import Action, Incoming
from storage.local import LocalPost
from storage.tx import SYSTEM

Handle: TypeAlias = Callable[[Incoming], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: the bot's answer, the person's own post and the post that shows the answer."""

    answer: Answer | None
    room_id: str
    post_id: int | None = None
    answer_id: int | None = None

    @property
    def refused(self) -> str:
        """Why a form was not taken, which stays as it was typed; '' where it was."""
        match self.answer:
            case Answer(content=Card(summary=why), refuses=True):
                return why
            case _:
                return ""


class Desk:
    """One for each host. Every event may come again under its id: it is then answered, not repeated."""

    def __init__(self, chat: LocalChat, handle: Handle) -> None:
        self._chat = chat
        self._handle = handle

    async def say(self, said: Said) -> Taken:
        """A line in a room. Raises: Malformed, DatabaseError."""
        async with self._chat.database.read(SYSTEM) as tx:
            here = await standing(tx, said.user_id, said.room_id)
            top = await posts.thread_top(tx, here.room.id, said.thread_of) if said.thread_of else None
        if said.thread_of and top is None:
            raise Malformed("that thread is not in this room; load the page again")
        thread_of = None if top is None else top.id
        kept = None
        if not parse.stays_hidden(said.text, is_direct=here.is_direct):
            kept = await self._kept(here, said, thread_of)
        told = parse.for_bot(said.text, is_direct=here.is_direct)
        if told is None:
            return Taken(None, here.room.id, post_id=None if kept is None else kept.id)
        return await self._answered(here, told, said.event_id, thread_of=thread_of, post=kept)

    async def press(self, pressed: PressedOn) -> Taken:
        """A button. Raises: Malformed, DatabaseError."""
        async with self._chat.database.read(SYSTEM) as tx:
            post = await tx.session.get(LocalPost, pressed.post_id)
            if post is None or post.deleted or post.only_for not in {None, pressed.user_id}:
                raise Malformed("that message is gone, so nothing was changed; load the page again")
            here = await standing(tx, pressed.user_id, post.room_id)
        return await self._answered(here, pressed.press, pressed.event_id, thread_of=post.thread_of, pressed=post)

    async def submit(self, sent: SentForm) -> Taken:
        """A form. Raises: Malformed, DatabaseError."""
        async with self._chat.database.read(SYSTEM) as tx:
            here = await standing(tx, sent.user_id, sent.room_id)
        return await self._answered(here, sent.submission, sent.event_id)

    async def _kept(self, here: Standing, said: Said, thread_of: int | None) -> LocalPost:
        post = LocalPost(
            room_id=here.room.id,
            thread_of=thread_of,
            user_id=here.user.id,
            text=said.text,
            at=self._chat.clock.now(),
            key=f"said:{here.room.id}:{here.user.id}:{said.event_id}",
        )
        return await self._chat.keep(post)

    async def _answered(
        self,
        here: Standing,
        action: Action,
        event: str,
        *,
        thread_of: int | None = None,
        post: LocalPost | None = None,
        pressed: LocalPost | None = None,
    ) -> Taken:
        answer = await self._handle(parse.incoming(here, action, event))
        shown = None
        if answer is not None and isinstance(answer.content, Card) and not answer.refuses:
            if answer.settles and pressed is not None and _is_reply(pressed):
                shown = await self._chat.replace(pressed.id, answer.content)
            else:
                shown = await self._shown(here, answer, answer.content, event=event, thread_of=thread_of)
        post_id = None if post is None else post.id
        return Taken(answer, here.room.id, post_id=post_id, answer_id=None if shown is None else shown.id)

    async def _shown(
        self, here: Standing, answer: Answer, card: Card, *, event: str, thread_of: int | None
    ) -> LocalPost:
        kind = "stays" if answer.stays else "answer"
        return await self._chat.keep(
            LocalPost(
                room_id=here.room.id,
                thread_of=thread_of,
                only_for=here.user.id if answer.private and not here.is_direct else None,
                card=posts.stored(card),
                at=self._chat.clock.now(),
                key=f"{kind}:{here.room.id}:{here.user.id}:{event}",
            )
        )


def _is_reply(post: LocalPost) -> bool:
    """Whether a post is an immediate reply of the bot, which no message in the bot's own tables stands behind."""
    return (post.key or "").startswith("answer:")
