"""`/agenda export`, `/council minutes export`, `/council calendar`: a personal link to the files, which opens once."""

import secrets
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from bot.chat import pages
from bot.chat.errors import Declined
from bot.chat.events import Asked, By
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.standing import Around
from bot.minutes import papers, reply_views, standing
from bot.minutes.papers import What
from storage import meetings, passes
from storage.councils import Council
from storage.tx import Tx

TOKEN_BYTES = 32
PACK = "pack"


async def agenda(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda export [pack] [date]`."""
    command, by = event.command, event.by
    of = await council.council_meant(tx, by, command.keys.get("council", ""))
    found = await _meeting_on(tx, of, next(iter(command.dates), None))
    return await _agenda_link(tx, by, found, PACK if PACK in command.words.casefold().split() else "", now=now)


async def _meeting_on(tx: Tx, of: Council, on: date | None) -> Around:
    """The meeting of a day; a day without its year may be one that is over, also where it was read as one to come."""
    try:
        return await council.meeting_on(tx, of, on)
    except Declined:
        before = None if on is None else on - relativedelta(years=1)
        if before is None:
            raise
        held = [Around(each, of) for each in await meetings.held(tx, of.id)]
        found = next((each for each in held if each.meets_on == before), None)
        if found is None:
            raise
        return found


async def _agenda_link(tx: Tx, by: By, found: Around, words: str, *, now: datetime) -> Replies:
    what = What.PACK if words == PACK else What.AGENDA
    await papers.paper(tx, by.person, what, found.meeting.id, now=now)  # refuses who may not have it
    return await _link(tx, by, what, found.meeting.id, reply_views.file_about(what, found.council.name, found.meets_on))


async def minutes_link(tx: Tx, by: By, found: Around) -> Replies:
    """A link to the minutes of a meeting. Raises: Declined where they are not out, for who does not prepare them."""
    await standing.readable(tx, found, by.person)
    about = reply_views.file_about(What.MINUTES, found.council.name, found.meets_on)
    return await _link(tx, by, What.MINUTES, found.meeting.id, about)


async def calendar(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council calendar`: the next meetings for a calendar. Raises: Declined (E-03) for who is no member."""
    of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    if not await papers.is_member(tx, event.by.person, of):
        raise Declined(reply_views.no_calendar(), code="E-03")
    return await _link(tx, event.by, What.CALENDAR, of.id, reply_views.calendar_about(of.name))


async def _link(tx: Tx, by: By, what: What, number: int, about: str) -> Replies:  # noqa: PLR0917 - who gets what
    """A pass for whoever asked; its token is said here and kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    # Behind the #, which browsers keep to themselves: no server, log or Referer on the way has it.
    url = pages.address_of(f"{pages.OPEN}#{token}")
    if url is None:
        raise Declined(reply_views.no_page())
    page = pages.papers_of(what, number)
    await passes.give(tx, by.person, page, token=token, real_now=tx.acting.arrived_at or tx.acting.now)
    return Replies(answer=Answer(reply_views.link(url, what, about), kept=False))
