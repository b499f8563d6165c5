"""`/initiative map`, and the personal link to its page."""

import secrets
from datetime import datetime

from bot.chat import pages
from bot.chat.commands import Usage
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Command
from bot.roadmap import projections, views
from storage import passes
from storage.people import Person, zone_of
from storage.tx import Tx

TOKEN_BYTES = 32


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """The map as it stands now."""
    person = event.by.person
    await _refuse_others(tx, person)
    board = await projections.board(tx, today_in(zone_of(person), now))
    can_open = pages.address_of(pages.MAP) is not None
    return Replies(answer=Answer(views.card(board, can_open=can_open), stays=True))


async def open_page(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """A pass for whoever pressed; its token is said here and kept nowhere."""
    await _refuse_others(tx, event.by.person)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    # Behind the #, which browsers keep to themselves: no server, log or Referer on the way has it.
    url = pages.address_of(f"{pages.OPEN}#{token}")
    if url is None:
        raise Declined(views.no_page())
    await passes.give(tx, event.by.person, pages.MAP, token=token, real_now=tx.acting.arrived_at or now)
    return Replies(answer=Answer(views.link(url), kept=False))


async def _refuse_others(tx: Tx, person: Person) -> None:
    if not await projections.may_see(tx, person):
        raise Declined(views.not_yours(), code="E-03")


COMMANDS = (Command(Usage("initiative map"), "The transformation map: what changes where, and by when", show),)
PRESSES = {"map.open": open_page}
