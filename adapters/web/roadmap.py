"""The page of the transformation map: who may see it is asked at every request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.pictures.drawing import drawn
from adapters.web import views
from adapters.web.pages import SAFE, Pages
from adapters.web.passes import REFUSED, Doorkeeper, Visit
from bot.chat.localtime import today_in
from bot.chat.pages import MAP
from bot.chat.words import moment, place_of
from bot.initiatives.rules import Horizon
from bot.initiatives.views import HUE_WORDS
from bot.ports import Clock
from bot.roadmap import projections
from bot.roadmap import views as words
from bot.roadmap.rules import Board
from storage.engine import Database
from storage.people import Person, zone_of

SHOWN = 8  # initiatives of a cell; the others are folded away


class MapPage:
    """The page and its picture."""

    def __init__(self, database: Database, clock: Clock, pages: Pages, door: Doorkeeper) -> None:
        self._database = database
        self._clock = clock
        self._pages = pages
        self._door = door

    def routes(self) -> list[web.RouteDef]:
        """Both, on light and on dark ground."""
        return [
            web.get(MAP, self._door.plain(self._page)),
            web.get(MAP + r"/{ground:light|dark}.svg", self._door.plain(self._picture)),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        async with self._visit(request) as visit:
            if not isinstance(visit, Visit):
                return visit
            zone = zone_of(visit.person)
            board = await self._board(visit)
            until = visit.holds.session_until
        drawing = words.drawing(board) if board.items else None
        return self._pages.page(
            "map.html",
            board=board,
            heads=[head.partition(": ")[::2] for head in words.columns(board)],
            horizons=tuple(Horizon),
            alt=words.alt(board, drawing) if drawing else "",
            made=f"{moment(self._clock.now(), zone)} ({place_of(zone)})",
            name=visit.person.name,
            until=moment(until, zone) if until else "",
            hue_words=HUE_WORDS,
            shown=SHOWN,
            words=words,
        )

    async def _picture(self, request: web.Request) -> web.Response:
        async with self._visit(request) as visit:
            if not isinstance(visit, Visit):
                return visit
            board = await self._board(visit)
        if not board.rows:
            return web.Response(status=404, text="There is nothing to draw.\n", headers=SAFE)
        is_dark = request.match_info["ground"] == "dark"
        svg = await asyncio.to_thread(drawn, words.drawing(board), "svg", dark=is_dark)
        # Opened by itself an SVG is a page: it may do nothing but have its own looks.
        alone = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(body=svg, content_type="image/svg+xml", headers=SAFE | alone)

    async def _board(self, visit: Visit) -> Board:
        return await projections.board(visit.tx, today_in(zone_of(visit.person), self._clock.now()))

    @asynccontextmanager
    async def _visit(self, request: web.Request) -> AsyncIterator[Visit | web.Response]:
        """Who looks, in a transaction of their organisation; or the page that says why they can't."""
        holds = await self._door.holder(request, MAP)
        if holds is None:
            yield self._door.said(views.NO_SESSION, REFUSED)
            return
        async with self._database.read(holds.organisation_id) as tx:
            person = await tx.get(Person, holds.person_id)
            if person is None or not await projections.may_see(tx, person):
                yield self._door.said(views.NOT_YOURS, REFUSED)
                return
            yield Visit(person, holds, tx)
