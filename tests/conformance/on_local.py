"""The local chat, over HTTP."""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count

from aiohttp import ClientSession

from adapters.local import rooms
from bot.chat.cards import Card
from bot.chat.codec import decoded, decoded_card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.house import House, assemble, web_running
from bot.settings import Settings
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.messages import open_lanes
from storage.organisations import Install, Organisation
from storage.people import Account, Person
from storage.tx import SYSTEM
from tests.conformance.guestbook import GUESTBOOK
from tests.conformance.screens import MEMBERS, ROOMS, STRANGER, BadRequest, Screen, SeenForm, SeenPost
from tests.support.company import NOON
from tests.support.reading import button_of, labels_of, shown_in, words_of

BOT = "Folkmoot"
MARKS = {"a", "b", "i", "em", "strong", "s", "code", "script", "img", "iframe"}


@dataclass(slots=True)
class Local:
    """The platform."""

    house: House
    http: ClientSession
    last: tuple[str, dict[str, str]] = ("", {})
    forms: dict[str, Form] = field(default_factory=dict)
    refused: str = ""
    """Why the last form was not taken."""
    events: count = field(default_factory=count)

    def screen(self, who: str) -> Screen:
        """Somebody."""
        return LocalScreen(self, who)

    def place(self, who: str, room: str) -> str:
        """The id of a room."""
        return room or rooms.direct_room_id(who)

    async def again(self) -> None:
        """The last request, under the same event id."""
        await self.send(*self.last)

    async def echoes(self, who: str) -> None:
        """The local chat never tells the bot of what the bot wrote."""

    def bad_requests(self) -> Sequence[BadRequest]:
        """From other pages and programs."""
        fields = {"as": "ada", "room": "dm", "text": "note x", "event": "bad"}
        url = "/local/say"

        async def status(data: object, headers: Mapping[str, str]) -> int:
            async with self.http.post(url, data=data, headers=headers) as response:
                return response.status

        return (
            ("another page", lambda: status(fields, {"Origin": "https://evil.example"})),
            ("another name", lambda: status(fields, {"Host": "evil.example"})),
            ("forwarded", lambda: status(fields, {"X-Forwarded-For": "203.0.113.7"})),
            ("no event id", lambda: status({**fields, "event": ""}, {})),
            ("nobody", lambda: status({**fields, "as": "nobody"}, {})),
            ("no form", lambda: status(b"{", {"Content-Type": "application/json"})),
            ("no text", lambda: status(b"text=\xff", {"Content-Type": "application/x-www-form-urlencoded"})),
        )

    async def do(self, path: str, fields: dict[str, str]) -> Answer | None:
        """Something that somebody does."""
        self.last = (path, fields | {"event": f"event-{next(self.events)}"})
        return await self.send(*self.last)

    async def send(self, path: str, fields: dict[str, str]) -> Answer | None:
        """One request and what follows from it."""
        async with self.http.post(path, data=fields, headers={"Accept": "application/json"}) as response:
            body = await response.json()
            assert response.status == 200, body
        await self.house.delivery.drain()
        self.refused = body["refused"]
        answer = decoded(body["answer"])
        assert answer is None or isinstance(answer, Answer)
        return answer


@dataclass(frozen=True, slots=True)
class Stands:
    """A card and the post it stands on."""

    post: str
    card: Card


@dataclass(frozen=True, slots=True)
class LocalScreen:
    """One person."""

    local: Local
    who: str

    async def says(self, text: str, room: str = "") -> None:
        """Writes a line."""
        await self._do("/local/say", {"room": room or "dm", "text": text})

    async def mentions(self, text: str, room: str) -> None:
        """Writes a line to the bot."""
        await self.says(f"@{BOT} {text}", room)

    async def commands(self, text: str, room: str = "") -> None:
        """A slash command is a line that begins with one."""
        await self.says(f"/{text}", room)

    async def presses(self, post: SeenPost, label: str) -> None:
        """Presses a button."""
        assert isinstance(post.ref, Stands)
        button = button_of(post.ref.card, label)
        await self._do("/local/press", {"post": post.ref.post, "verb": button.verb, "ids": packed(button.ids)})

    async def submits(self, **values: str) -> None:
        """Sends the form."""
        form = self.local.forms.pop(self.who)
        typed = {each.id: values.get(each.id, each.value) for each in form.inputs}
        fields = {f"v.{name}": value for name, value in typed.items()}
        await self._do("/local/submit", {"room": "dm", "verb": form.verb, "ids": packed(form.ids), **fields})
        if self.local.refused:  # then the page leaves the form as it is, with those words above it
            self.local.forms[self.who] = form.filled(typed).refused(typed, {form.inputs[0].id: self.local.refused})

    async def posts(self, room: str = "") -> Sequence[SeenPost]:
        """What they see: the words as programs get them, the marks as the page shows them."""
        place = self.local.place(self.who, room)
        async with self.local.http.get("/local/posts", params={"as": self.who, "room": place}) as response:
            found = (await response.json())["posts"]
        query = {"as": self.who, "room": place, "nonce": "look"}
        async with self.local.http.get("/local/parts", params=query) as response:
            page = await response.text()
        return [_seen(each, page) for each in found]

    def form(self) -> SeenForm | None:
        """The form before them."""
        form = self.local.forms.get(self.who)
        return None if form is None else SeenForm(form.title, shown_in(form), dict(form.errors))

    async def _do(self, path: str, fields: dict[str, str]) -> None:
        answer = await self.local.do(path, {"as": self.who, **fields})
        if answer is not None and isinstance(answer.content, Form):
            self.local.forms[self.who] = answer.content


def packed(ids: Mapping[str, str]) -> str:
    """Ids as a button carries them."""
    return json.dumps(dict(ids))


def _seen(post: Mapping[str, object], page: str) -> SeenPost:
    card: Card | None = decoded_card(post["card"]) if post["card"] else None  # type: ignore[arg-type]  # JSON
    marks = _Marks(f"m{post['id']}")
    marks.feed(page)
    return SeenPost(
        ref=Stands(str(post["id"]), card) if card else None,
        words=words_of(card) if card else str(post["text"]),
        labels=tuple(labels_of(card)) if card else (),
        is_from_bot=post["user"] is None,
        is_private=post["only_for"] is not None,
        marked=tuple(marks.found),
    )


class _Marks(HTMLParser):
    """The elements of one message that make more of words than words."""

    def __init__(self, post_id: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._post_id = post_id
        self._is_inside = False
        self._is_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "li" and re.fullmatch(r"m\d+", given.get("id") or ""):
            self._is_inside = given["id"] == self._post_id
        self._is_head = self._is_head or (tag == "p" and given.get("class") == "by")
        is_mention = given.get("class") == "mention"
        if self._is_inside and not self._is_head and (tag in MARKS or is_mention):
            self.found.append(f"{tag} {given.get('href') or given.get('class') or ''}".strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._is_head = False


@asynccontextmanager
async def local_platform(database: Database) -> AsyncIterator[Local]:
    """The guestbook on the local chat."""
    await _people(database)
    house = assemble(database, SimulatedClock(NOON), GUESTBOOK)
    async with (
        web_running(house, Settings(PORT=0, SLACK_BOT_TOKEN="", SLACK_CLIENT_ID=""), with_clock=True) as port,
        ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        yield Local(house, http)


async def _people(database: Database) -> None:
    """Ada, Ben, and Gus, who has left."""
    async with database.write(SYSTEM) as tx:
        for name in (*MEMBERS, STRANGER):
            await rooms.add_user(tx, name, name=name.title(), zone="Europe/London")
        for room, members in ROOMS.items():
            await rooms.add_room(tx, room, name=room)
            for name in members:
                await rooms.add_member(tx, room, name)
        organisation = Organisation(name="Northwater", zone="Europe/London", created_at=NOON)
        tx.session.add(organisation)
        await tx.session.flush()
        tx.bind(organisation.id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        install = Install(platform="local", external_id="local", name="Local chat")
        tx.add(install)
        await tx.flush()
        await open_lanes(tx, install)
        gone = Person(name=STRANGER.title(), zone="Europe/London", active=False)
        tx.add(gone)
        await tx.flush()
        tx.add(Account(person_id=gone.id, install_id=install.id, external_id=STRANGER))
