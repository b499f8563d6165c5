"""The local platform as people use it: over real HTTP, with a dictated clock."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from aiohttp import ClientSession

from adapters.email.front import MailBox
from bot.chat.cards import Button, Card, buttons_of
from bot.chat.codec import decoded, decoded_card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.demo import northwater
from bot.house import House, assemble, load_demo, web_running
from bot.settings import Settings
from schedules.simulated import clock_for
from storage.engine import Database
from storage.people import Person
from tests.support.reading import button_of, labels_of, words_of

OPENS_THE_FORM = ("Answer", "Change my answer", "Add a late answer")


@dataclass(frozen=True, slots=True)
class Post:
    """A message as somebody sees it."""

    id: int
    user: str | None
    text: str
    card: Card | None
    edited: bool
    thread_of: int | None

    @property
    def words(self) -> str:
        """Everything on it."""
        return words_of(self.card) if self.card else self.text

    @property
    def labels(self) -> Sequence[str]:
        """Its buttons."""
        return labels_of(self.card) if self.card else ()

    @property
    def has_primary(self) -> bool:
        """Whether one of them stands out."""
        return self.card is not None and any(getattr(each, "primary", False) for each in buttons_of(self.card))


class Stage:
    """Acts as anybody, and reads what they see."""

    def __init__(self, house: House, http: ClientSession) -> None:
        self.house = house
        self._http = http
        self._events = (f"event-{number}" for number in count(1))
        self.last: tuple[str, dict[str, str]] = ("", {})
        self._form: Form | None = None

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens."""
        await self.house.heartbeat.advance_to(at)

    async def say(self, user: str, text: str, room: str = "dm", event: str = "") -> Answer | None:
        """Writes a line."""
        return await self._do("/local/say", {"as": user, "room": room, "text": text}, event)

    async def hears(self, user: str, text: str) -> Post:
        """Writes a line to the bot, and reads its answer."""
        answer = await self.say(user, text)
        assert answer is not None
        assert isinstance(answer.content, Card)
        return Post(0, None, "", answer.content, edited=False, thread_of=None)

    async def press(self, user: str, post: Post, button: Button, event: str = "") -> Answer | None:
        """Presses a button on a message."""
        fields = {"as": user, "post": str(post.id), "verb": button.verb, "ids": json.dumps(dict(button.ids))}
        return await self._do("/local/press", fields, event)

    async def presses(self, user: str, label: str, room: str = "dm") -> None:
        """Presses a button on the newest message that has it, and keeps the form that it opens."""
        posts = [each for each in await self.posts(user, room) if each.card and label in each.labels]
        assert posts, f"{user} sees no button {label!r}"
        assert posts[-1].card is not None
        answer = await self.press(user, posts[-1], button_of(posts[-1].card, label))
        self._form = answer.content if answer is not None and isinstance(answer.content, Form) else None

    async def fills(self, user: str, values: Mapping[str, str]) -> None:
        """Fills in the form that is open, and sends it."""
        assert self._form is not None
        answer = await self.submit(user, self._form, values)
        self._form = answer.content if answer is not None and isinstance(answer.content, Form) else None

    def as_chosen(self, user: str, _person: Person) -> str:
        """What a form holds when somebody is chosen in it."""
        return f"[{user}]"

    async def submit(self, user: str, form: Form, values: Mapping[str, str], event: str = "") -> Answer | None:
        """Sends a form with what it holds and what is typed over it."""
        typed = {f"v.{each.id}": values.get(each.id, each.value) for each in form.inputs}
        fields = {"as": user, "room": "dm", "verb": form.verb, "ids": json.dumps(dict(form.ids)), **typed}
        return await self._do("/local/submit", fields, event)

    async def again(self) -> Answer | None:
        """The platform delivers the last event once more."""
        path, fields = self.last
        return await self._send(path, fields)

    async def _do(self, path: str, fields: dict[str, str], event: str) -> Answer | None:
        self.last = (path, fields | {"event": event or next(self._events)})
        return await self._send(*self.last)

    async def _send(self, path: str, fields: dict[str, str]) -> Answer | None:
        async with self._http.post(path, data=fields, headers={"Accept": "application/json"}) as response:
            body = await response.json()
            assert response.status == 200, body
        await self.house.delivery.drain()
        answer = decoded(body["answer"])
        assert answer is None or isinstance(answer, Answer)
        return answer

    async def picture(self, path: str) -> tuple[int, str, bytes]:
        """What a browser gets that shows a picture: status, type and body."""
        async with self._http.get(path) as response:
            return response.status, response.content_type, await response.read()

    async def posts(self, user: str, room: str = "dm") -> Sequence[Post]:
        """What somebody sees in a room, oldest first."""
        async with self._http.get("/local/posts", params={"as": user, "room": room}) as response:
            found = (await response.json())["posts"]
        return [
            Post(
                each["id"],
                each["user"],
                each["text"],
                decoded_card(each["card"]) if each["card"] else None,
                bool(each["edited"]),
                each["thread_of"],
            )
            for each in found
        ]

    async def prompt(self, user: str) -> Post:
        """A person's newest huddle prompt."""
        return next(
            post for post in reversed(await self.posts(user)) if post.card and "Huddle · Field Dispatch" in post.words
        )

    async def answer(self, user: str, **values: str) -> Answer | None:
        """Presses Answer on the prompt, fills in the form and sends it."""
        post = await self.prompt(user)
        assert post.card is not None
        label = next(each for each in OPENS_THE_FORM if each in labels_of(post.card))
        opened = await self.press(user, post, button_of(post.card, label))
        assert opened is not None
        assert isinstance(opened.content, Form)
        return await self.submit(user, opened.content, values)


@asynccontextmanager
async def open_stage(database_url: str, mail: MailBox | None = None) -> AsyncIterator[Stage]:
    """Northwater on Tuesday, 09:14, served on a free port; an empty database is filled first."""
    database = Database(database_url)
    house = assemble(database, await clock_for(database, northwater.PLAYED_FROM, None), mail=mail)
    try:
        if house.clock.now() < northwater.STANDS_AT:
            await load_demo(house)
        async with (
            web_running(house, Settings(PORT=0), with_clock=True) as port,
            ClientSession(f"http://127.0.0.1:{port}") as http,
        ):
            yield Stage(house, http)
    finally:
        await database.close()
