"""People at work with the bot: what they type, press and fill in, and what they read; at Northwater."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TypeVar

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Action, Incoming, Press, Sender, Submission, Text
from storage.actions import Action as Work
from storage.columns import Row
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.fake_chat import FakePost
from tests.support.field_dispatch import FieldDispatch
from tests.support.reading import button_of, words_of

R = TypeVar("R", bound=Row)
_NUMBERS = count(1)


@dataclass(slots=True)
class Workshop:
    """Amy to Eli belong to Field Dispatch, which Dana leads; Ivo administers the bot; Carl sponsors, Cora chairs."""

    house: FieldDispatch

    async def ask(self, who: str, what: str | Action, *, room: str = "") -> Answer:
        """Somebody types a line or does something; what they get in the same breath."""
        answer = await self.hand_in(who, what, room=room)
        assert answer is not None, f"{who} got no answer to {what!r}"
        return answer

    async def hand_in(
        self, who: str, what: str | Action, *, room: str = "", dispatcher: Dispatcher | None = None
    ) -> Answer | None:
        """The same, where there may be no answer, and perhaps through another process."""
        action = Text(what) if isinstance(what, str) else what
        sender = Sender(who, who.title(), "Europe/London")
        incoming = Incoming(
            platform="local",
            tenant="local",
            event_id=f"work-{next(_NUMBERS)}",
            conversation=room or f"dm-{who}",
            is_direct=not room,
            sender=sender,
            action=action,
        )
        answer = await (dispatcher or self.house.dispatcher).handle(incoming)
        await self.house.delivery.drain()
        return answer

    async def says(self, who: str, line: str, *, room: str = "") -> str:
        """What somebody reads after a line of theirs."""
        answer = await self.ask(who, line, room=room)
        assert isinstance(answer.content, Card), f"{line!r} was answered with a form: {answer.content}"
        return words_of(answer.content)

    async def form(self, who: str, line: str | Action) -> Form:
        """The form that somebody gets."""
        answer = await self.ask(who, line)
        assert isinstance(answer.content, Form), f"{line!r} was answered with {answer.content}"
        return answer.content

    async def press(self, who: str, label: str, on: Card | None = None) -> Answer | None:
        """Somebody presses a button: on a card they were answered with, or on the newest message that has it."""
        card = on or self.newest(who, label)
        button = button_of(card, label)
        return await self.hand_in(who, Press(button.verb, button.ids))

    async def opens(self, who: str, label: str, on: Card | None = None) -> Form:
        """The form that a press opens."""
        answer = await self.press(who, label, on)
        assert answer is not None
        assert isinstance(answer.content, Form), f"{label!r} was answered with {answer.content}"
        return answer.content

    async def presses(self, who: str, label: str, on: Card | None = None) -> str:
        """What somebody reads after a press."""
        answer = await self.press(who, label, on)
        assert answer is not None
        assert isinstance(answer.content, Card), f"{label!r} was answered with a form: {answer.content}"
        return words_of(answer.content)

    async def fills(self, who: str, form: Form, values: Mapping[str, str]) -> Answer:
        """Somebody fills a form in and sends it; what they leave alone stays as it is."""
        kept = {each.id: each.value for each in form.inputs} | dict(values)
        return await self.ask(who, Submission(form.verb, kept, form.ids))

    async def comes_back(self, who: str, form: Form, values: Mapping[str, str]) -> Form:
        """The form as it comes back with what is wrong."""
        answer = await self.fills(who, form, values)
        assert isinstance(answer.content, Form), f"it was taken: {answer.content}"
        return answer.content

    async def press_on(self, who: str, verb: str, code: str) -> str:
        """What follows a press on an older card about an action, with its button still there: words, or a title."""
        answer = await self.press_again(who, verb, code)
        return answer.content.summary if isinstance(answer.content, Card) else answer.content.title

    async def press_again(self, who: str, verb: str, code: str) -> Answer:
        """The answer to such a press."""
        return await self.ask(who, Press(verb, {"action": str((await self.row(Work, code=code)).id)}))

    async def submit_on(self, who: str, verb: str, code: str, values: Mapping[str, str]) -> str:
        """What follows when a form about an action is sent that was opened a while ago."""
        ids = {"action": str((await self.row(Work, code=code)).id)}
        answer = await self.ask(who, Submission(verb, values, ids))
        return answer.content.summary if isinstance(answer.content, Card) else answer.content.title

    def posts(self, who: str) -> list[FakePost]:
        """What stands in somebody's direct messages, oldest first."""
        return [post for post in self.house.chat.posts.values() if post.to.account == who]

    def newest(self, who: str, label: str) -> Card:
        """The newest message in front of somebody with that button. Raises: LookupError."""
        for post in reversed(self.posts(who)):
            try:
                button_of(post.card, label)
            except LookupError:
                continue
            return post.card
        raise LookupError(f"{who} has no button {label!r}: {[post.words for post in self.posts(who)]}")

    def last(self, who: str) -> str:
        """What the newest message in front of somebody says."""
        return self.posts(who)[-1].words

    async def row(self, table: type[R], **is_: object) -> R:
        """The one row with those values."""
        async with self.house.database.read(SYSTEM) as tx:
            (found,) = await tx.all(select(table).filter_by(**is_))
        return found

    async def rows(self, table: type[R], **are: object) -> Sequence[R]:
        """The rows with those values, oldest first."""
        async with self.house.database.read(SYSTEM) as tx:
            return await tx.all(select(table).filter_by(**are).order_by(col(table.id)))

    async def person(self, name: str) -> Person:
        """Somebody by their name."""
        return await self.row(Person, name=name)

    async def until(self, at: datetime) -> None:
        """The bot runs until then."""
        await self.house.until(at)
