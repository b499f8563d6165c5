"""A council's papers as files, on a page that offers their formats: who may have them is asked at every request."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from aiohttp import web

from adapters.papers.calendars import calendar
from adapters.papers.files import KINDS
from adapters.web import views
from adapters.web.pages import SAFE, Pages
from adapters.web.passes import REFUSED, Doorkeeper
from bot.chat.errors import Declined
from bot.chat.pages import papers_of
from bot.chat.papers import Diary, Format, Paper
from bot.chat.words import moment
from bot.minutes import papers
from bot.minutes.papers import What
from bot.minutes.reply_views import FORMATS
from bot.ports import Clock
from storage.engine import Database
from storage.passes import Pass
from storage.people import Person, zone_of
from storage.tx import Tx

T = TypeVar("T")

_MEETINGS = "|".join(each for each in What if each is not What.CALENDAR)
_NUMBER = r"{number:\d{1,18}}"


class PaperFiles:
    """The pages behind the links of `/agenda export`, `/council minutes export` and `/council calendar`."""

    def __init__(self, database: Database, clock: Clock, pages: Pages, door: Doorkeeper) -> None:
        self._database = database
        self._clock = clock
        self._pages = pages
        self._door = door

    def routes(self) -> list[web.RouteDef]:
        """For each paper a page and its files; the calendar is one file."""
        page = f"/papers/{{what:{_MEETINGS}}}/{_NUMBER}"
        return [
            web.get(page, self._door.plain(self._page)),
            web.get(f"{page}/{{name:[a-z0-9-]+}}.{{format:{'|'.join(Format)}}}", self._door.plain(self._file)),
            web.get(papers_of(What.CALENDAR, 0).replace("0", _NUMBER), self._door.plain(self._diary)),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        what, number = What(request.match_info["what"]), int(request.match_info["number"])

        async def shown(tx: Tx, person: Person, holds: Pass) -> web.Response:
            paper = await papers.paper(tx, person, what, number, now=self._now(tx, person))
            zone, until = zone_of(person), holds.session_until
            return self._pages.page(
                "papers.html",
                paper=paper,
                files=[(each.value, name) for each, name in FORMATS.items()],
                number=number,
                name=person.name,
                made=moment(self._clock.now(), zone),
                until=moment(until, zone) if until else "",
            )

        return await self._for_holder(request, papers_of(what, number), shown)

    async def _file(self, request: web.Request) -> web.Response:
        what, number = What(request.match_info["what"]), int(request.match_info["number"])
        wanted = Format(request.match_info["format"])

        async def read(tx: Tx, person: Person, _holds: Pass) -> Paper:
            return await papers.paper(tx, person, what, number, now=self._now(tx, person))

        paper = await self._for_holder(request, papers_of(what, number), read)
        if isinstance(paper, web.Response):
            return paper
        kind = KINDS[wanted]
        made = await asyncio.to_thread(kind.made, paper)
        return _attached(made, kind.content_type, f"{paper.name}.{wanted}")

    async def _diary(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])

        async def read(tx: Tx, person: Person, _holds: Pass) -> Diary:
            return await papers.diary(tx, person, number, now=self._now(tx, person))

        diary = await self._for_holder(request, papers_of(What.CALENDAR, number), read)
        if isinstance(diary, web.Response):
            return diary
        made = await asyncio.to_thread(calendar, diary)
        return _attached(made, "text/calendar", f"council-{number}.ics")

    def _now(self, tx: Tx, person: Person) -> datetime:
        """The bot's time, at which somebody looks."""
        now = self._clock.now()
        tx.acts_for(by=person.id, event_id=None, now=now)
        return now

    async def _for_holder(
        self, request: web.Request, page: str, read: Callable[[Tx, Person, Pass], Awaitable[T]]
    ) -> T | web.Response:
        """What somebody who holds a pass may read now, or the page that says why they can't."""
        holds = await self._door.holder(request, page)
        if holds is None:
            return self._door.said(views.NO_PAPERS_SESSION, REFUSED)
        async with self._database.read(holds.organisation_id) as tx:
            person = await tx.get(Person, holds.person_id)
            if person is None or not person.active:
                return self._door.said(views.NO_PAPERS_SESSION, REFUSED)
            try:
                return await read(tx, person, holds)
            except Declined as problem:
                return self._door.said(views.not_your_papers(problem.words), REFUSED)


def _attached(made: bytes, content_type: str, name: str) -> web.Response:
    headers = SAFE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=made, content_type=content_type, charset=_charset(content_type), headers=headers)


def _charset(content_type: str) -> str | None:
    return "utf-8" if content_type.startswith("text/") else None
