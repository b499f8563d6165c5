"""`/initiative map`, and the personal link to its page."""

import secrets
from datetime import datetime

from bot.chat import pages
from bot.chat.cards import says
from bot.chat.commands import Rest, Usage
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Command
from bot.initiatives import asking
from bot.roadmap import projections, views
from bot.roadmap.rules import Side
from storage import passes
from storage.people import Person, departments, zone_of
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


async def office(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/initiative office "Billing" side:back`; without a name, which department is on which side."""
    asking.need_inside(event.by.person)
    known = await departments(tx)
    name, side = event.command.title.strip(), event.command.keys.get("side", "").casefold()
    if not name and not side:
        return Replies(answer=Answer(views.sides(known)))
    await asking.need_lead(tx, event.by.person, "say on which side a department is")
    found = next((each for each in known if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise Declined(views.no_department(name, [each.name for each in known]), code="E-04")
    if side not in set(Side):
        raise Declined(views.no_side(side))
    found.side = Side(side)
    await tx.flush()
    return Replies(answer=Answer(says(views.sided(found))), undoable=True)


async def _refuse_others(tx: Tx, person: Person) -> None:
    if not await projections.may_see(tx, person):
        raise Declined(views.not_yours(), code="E-03")


COMMANDS = (
    Command(Usage("initiative map"), "The transformation map: what changes where, and by when", show),
    Command(
        Usage("initiative office", rest=Rest.WORDS, keys=("side",), plain=False),
        "Which departments are front office, which back office",
        office,
        example='/initiative office "Billing" side:back',
        also="/initiative office",
    ),
)
PRESSES = {"map.open": open_page}
