"""A huddle's runs as a CSV file, for its lead: who may have it is asked at every request."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from aiohttp import web

from adapters.web import views
from adapters.web.pages import SAFE
from adapters.web.passes import REFUSED, Doorkeeper
from bot.chat.pages import runs_of
from bot.huddles import count_views, tallies
from storage.engine import Database
from storage.huddles import Huddle
from storage.people import Person


class RunsFile:
    """The file behind a link of `/huddle export`."""

    def __init__(self, database: Database, door: Doorkeeper) -> None:
        self._database = database
        self._door = door

    def routes(self) -> list[web.RouteDef]:
        """One address for each huddle."""
        return [web.get(r"/runs/{huddle:\d{1,18}}", self._door.plain(self._file))]

    async def _file(self, request: web.Request) -> web.Response:
        number = int(request.match_info["huddle"])
        holds = await self._door.holder(request, runs_of(number))
        if holds is None:
            return self._door.said(views.NO_RUNS_SESSION, REFUSED)
        async with self._database.read(holds.organisation_id) as tx:
            person = await tx.get(Person, holds.person_id)
            huddle = await tx.get(Huddle, number)
            if person is None or huddle is None or not await tallies.may_export(tx, person, huddle, self._door.now()):
                return self._door.said(views.NOT_YOUR_RUNS, REFUSED)
            text = _csv([count_views.COLUMNS, *await tallies.lines(tx, huddle)])
        headers = SAFE | {"Content-Disposition": f'attachment; filename="huddle-{number}-runs.csv"'}
        return web.Response(body=text.encode(), content_type="text/csv", charset="utf-8", headers=headers)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    """Lines of a CSV file. What a spreadsheet would take for a formula is text: a reason is what somebody typed."""
    out = io.StringIO(newline="")
    cells = ([_cell(each) for each in row] for row in rows)
    csv.writer(out).writerows(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    text = value.isoformat() if isinstance(value, datetime | date) else str(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip()[:1] in {"=", "+", "-", "@"} else text
