"""The local chat over HTTP: the page, its parts, the stream that wakes it, and what people do on it.

A program can do everything that the page does: it sends the same fields, form-encoded, with `Accept: application/json`.

- `POST /local/say` as, room (`dm` for the direct messages), text, event, and thread (a post's id) for a reply
- `POST /local/press` as, post, verb, ids (a JSON object of texts), event
- `POST /local/submit` as, room, verb, ids, event, and each input as `v.<id>`; several choices repeat the field
- `POST /local/time` move (next, hour or day) or speed (0, 1, 10, 60 or 600)
- `POST /local/read` as, room, upto (a post's id)

The first three answer `{"answer": the encoded Answer or null, "dialog": the form as HTML or "", "status": a sentence
for a screen reader, "post": the id of the person's post or null, "shown": the id of the answer's post or null}`, time
answers `{"status": ...}`, read nothing, and what can't be done `{"error": a sentence}` with status 400 or 503. The same
`event` may be sent again: it gets the same answer and is handled once.

`GET /local/posts?as=&room=` gives `{"posts": [...]}`, in the order of the page: id, thread_of, user (null for the bot),
text, card (as the codec keeps it), edited, only_for, at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TypeAlias
from uuid import uuid4

from aiohttp import ClientConnectionResetError, hdrs, web
from markupsafe import Markup

from adapters.local import page, parse, posts, rooms
from adapters.local.adapter import LocalChat
from adapters.local.assets import assets
from adapters.local.desk import Desk, Handle, Taken
from adapters.local.guard import BODY_MAX, HEADERS, Handler, guarded
from adapters.local.parse import Fields, Malformed
from adapters.local.reading import Reader, posts_json, where
from adapters.local.render import Renderer, Sending
from adapters.local.stage import Hint, Stage
from adapters.pictures.drawing import drawn, tag_of
from bot.chat.cards import drawings_in
from bot.chat.codec import decoded_card, encoded
from bot.chat.forms import Form, people_in, with_accounts
from storage.errors import DatabaseError
from storage.local import LocalPost
from storage.tx import SYSTEM

Hints: TypeAlias = Callable[[str], Awaitable[Sequence[Hint]]]

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


def mount(app: web.Application, chat: LocalChat, *, handle: Handle, stage: Stage, hints: Hints) -> None:
    """Adds the local chat to a host, and ends its streams when the host shuts down.

    `handle` is the bot: it takes an event and gives the immediate answer. `hints` gives the commands a user may use.
    """
    app.add_routes(routes(chat, handle=handle, stage=stage, hints=hints))

    async def end_streams(_app: web.Application) -> None:
        chat.close()

    app.on_shutdown.append(end_streams)


def routes(chat: LocalChat, *, handle: Handle, stage: Stage, hints: Hints) -> list[web.RouteDef]:
    """Every address of the local chat, guarded."""
    site = _Site(chat, handle, stage=stage, hints=hints)

    def guard(handler: Handler) -> Handler:
        return guarded(site.plain_errors(handler))

    return [
        web.get("/", guard(site.page)),
        web.get("/local/parts", guard(site.parts)),
        web.get("/local/events", guard(site.events)),
        web.get("/local/posts", guard(site.posts)),
        web.get("/local/static/{name}", guard(site.static)),
        web.get(r"/local/pictures/{post:\d{1,18}}/{tag:\w+}.svg", guard(site.picture)),
        web.post("/local/say", guard(site.say)),
        web.post("/local/press", guard(site.press)),
        web.post("/local/submit", guard(site.submit)),
        web.post("/local/time", guard(site.time)),
        web.post("/local/read", guard(site.read)),
    ]


class _Site:
    """The handlers and what they share."""

    def __init__(self, chat: LocalChat, handle: Handle, *, stage: Stage, hints: Hints) -> None:
        self._chat = chat
        self._stage = stage
        self._hints = hints
        self._desk = Desk(chat, handle)
        self._renderer = Renderer()
        self._reader = Reader(self._renderer, stage)
        self._assets = assets()

    def plain_errors(self, handler: Handler) -> Handler:
        """`handler` whose refusals are sentences: as JSON where that was asked for, else as a page."""

        async def plain(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Malformed as problem:
                return self._refusal(request, str(problem), status=400)
            except DatabaseError as problem:
                return self._refusal(request, f"Nothing was changed: {problem}", status=503)

        return plain

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The whole page."""
        fields = _query(request)
        async with self._chat.database.read(SYSTEM) as tx:
            at = await where(tx, fields)
        return await self._page(at)

    async def parts(self, request: web.Request) -> web.StreamResponse:
        """What changes on the page, each part under its id."""
        fields = _query(request)
        nonce = parse.event_id(Fields((("event", fields.one("nonce") or "none"),)))
        steps = await self._stage.steps()
        async with self._chat.database.read(SYSTEM) as tx:
            at = await where(tx, fields)
            shown = await self._reader.read(tx, at, steps=steps, nonce=nonce)
        return _html(self._renderer.template("parts.html", page=shown))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """A stream that says `changed` whenever the page should look again."""
        response = web.StreamResponse(
            headers={**HEADERS, hdrs.CONTENT_TYPE: "text/event-stream", hdrs.CACHE_CONTROL: "no-store"}
        )
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            async with aclosing(self._chat.changes.stream(lambda: self._state(request))) as words:
                async for word in words:
                    await response.write(b": beat\n\n" if word == "beat" else b"event: changed\ndata: now\n\n")
        except (ClientConnectionResetError, ConnectionResetError, DatabaseError):
            pass  # the page is gone, or comes back by itself and then sees why
        return response

    async def posts(self, request: web.Request) -> web.StreamResponse:
        """The posts of a room, for a program."""
        fields = _query(request)
        user_id, room = fields.need("as"), fields.need("room")
        async with self._chat.database.read(SYSTEM) as tx:
            found = await posts_json(tx, user_id, rooms.direct_room_id(user_id) if room == "dm" else room)
        return web.json_response({"posts": found}, headers={hdrs.CACHE_CONTROL: "no-store"})

    async def static(self, request: web.Request) -> web.StreamResponse:
        """One of the files beside the page."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404, text="There is no such file.\n")
        headers = {hdrs.ETAG: asset.tag, hdrs.CACHE_CONTROL: "no-cache"}
        if request.headers.get(hdrs.IF_NONE_MATCH) == asset.tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.body, content_type=asset.kind, charset="utf-8", headers=headers)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """What is drawn on a post; drawn in a thread, since others wait meanwhile."""
        async with self._chat.database.read(SYSTEM) as tx:
            post = await tx.session.get(LocalPost, int(request.match_info["post"]))
        card = decoded_card(post.card) if post and post.card else None
        for drawing in drawings_in(card) if card else ():
            if tag_of(drawing) == request.match_info["tag"]:
                svg = await asyncio.to_thread(drawn, drawing, "svg")
                kept = {hdrs.CACHE_CONTROL: "private, max-age=3600"}  # another drawing has another name
                return web.Response(body=svg, content_type="image/svg+xml", headers=kept)
        return web.Response(status=404, text="There is no such picture.\n")

    async def say(self, request: web.Request) -> web.StreamResponse:
        """A line in a room."""
        fields = await _form(request)
        return await self._taken(request, fields, await self._desk.say(parse.said(fields)), status="")

    async def press(self, request: web.Request) -> web.StreamResponse:
        """A button."""
        fields = await _form(request)
        return await self._taken(request, fields, await self._desk.press(parse.pressed(fields)), status="")

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """A form."""
        fields = await _form(request)
        return await self._taken(request, fields, await self._desk.submit(parse.submitted(fields)), status="Sent")

    async def time(self, request: web.Request) -> web.StreamResponse:
        """Moves the bot's time."""
        fields = await _form(request)
        move = parse.moved(fields)
        if not self._stage.is_simulated:
            raise Malformed("this bot runs on the real time, which nobody moves")
        status = await self._moved(move)
        self._chat.changes.wake()
        if _wants_json(request):
            return web.json_response({"status": status})
        return await self._back(fields)

    async def read(self, request: web.Request) -> web.StreamResponse:
        """Marks a room as read."""
        fields = await _form(request)
        user_id, room_id, upto = fields.need("as"), fields.need("room"), fields.number("upto")
        async with self._chat.database.write(SYSTEM) as tx:
            is_news = await rooms.mark_read(tx, room_id, user_id, upto=upto)
        if is_news:
            self._chat.changes.wake()
        return web.Response(status=204)

    async def _moved(self, move: parse.Move) -> str:
        match move:
            case None:
                return await self._stage.next_event()
            case int():
                await self._stage.set_speed(move)
                return "Paused" if move == 0 else f"Speed {move}×"
            case _:
                return await self._stage.advance(move)

    async def _state(self, request: web.Request) -> tuple[object, ...]:
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError
        async with self._chat.database.read(SYSTEM) as tx:
            revision = await posts.last_revision(tx)
            reads = await rooms.reads(tx)
        now = self._stage.now()
        return revision, reads, now.replace(second=0, microsecond=0), self._stage.speed

    async def _taken(self, request: web.Request, fields: Fields, taken: Taken, *, status: str) -> web.StreamResponse:
        content = None if taken.answer is None else taken.answer.content
        form = content if isinstance(content, Form) else None
        if _wants_json(request):
            sheet = await self._sheet(form, fields, taken) if form else ""
            return web.json_response(
                {
                    "answer": encoded(taken.answer),
                    "dialog": str(sheet),
                    "refused": taken.refused,
                    "status": "" if form or taken.refused else status,
                    "post": taken.post_id,
                    "shown": taken.answer_id,
                }
            )
        if taken.refused:
            return self._refusal(request, taken.refused, status=200)
        if form:
            return await self._page(await self._look(fields), sheet=await self._sheet(form, fields, taken))
        return await self._back(fields, room_id=taken.room_id)

    async def _sheet(self, form: Form, fields: Fields, taken: Taken) -> Markup:
        async with self._chat.database.read(SYSTEM) as tx:
            people = await rooms.users(tx)
            accounts = await rooms.accounts(tx, people_in(form))
        form = with_accounts(form, {number: f"[{account}]" for number, account in accounts.items()})
        back = {name: fields.one(name) for name in ("main", "beside", "show")}
        return self._renderer.form(form, Sending(fields.need("as"), taken.room_id, uuid4().hex, back), people)

    async def _look(self, fields: Fields) -> parse.Look:
        async with self._chat.database.read(SYSTEM) as tx:
            return await where(tx, parse.page_fields(fields))

    async def _back(self, fields: Fields, *, room_id: str = "") -> web.StreamResponse:
        at = await self._look(fields)
        part = "beside" if room_id and room_id == at.beside_id else ""
        return web.Response(status=303, headers={hdrs.LOCATION: page.href(at, at=part)})

    async def _page(self, at: parse.Look, *, sheet: Markup | None = None) -> web.StreamResponse:
        steps = await self._stage.steps()
        hints = await self._hints(at.user_id)
        async with self._chat.database.read(SYSTEM) as tx:
            shown = await self._reader.read(tx, at, steps=steps, hints=hints, nonce=uuid4().hex)
        return _html(self._renderer.template("page.html", page=shown, sheet=sheet or Markup()))

    def _refusal(self, request: web.Request, sentence: str, *, status: int) -> web.StreamResponse:
        if _wants_json(request):
            return web.json_response({"error": sentence}, status=status)
        return _html(self._renderer.template("refusal.html", sentence=sentence), status=status)


def _query(request: web.Request) -> Fields:
    return parse.fields_of(request.query.items())


async def _form(request: web.Request) -> Fields:
    if request.content_type != FORM_TYPE:
        raise Malformed(f"this takes fields as {FORM_TYPE}, not {request.content_type[:60]}")
    if request.content_length is None or request.content_length > BODY_MAX:
        raise Malformed(f"a request holds up to {BODY_MAX:,} bytes and says how many; please send it in parts")
    return parse.body_fields(await request.read())


def _wants_json(request: web.Request) -> bool:
    return JSON_TYPE in request.headers.get(hdrs.ACCEPT, "")


def _html(text: str, *, status: int = 200) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
