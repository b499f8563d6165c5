"""`/huddle stats` and `/huddle export`: a team's figures, and its runs as a file for its lead."""

import secrets
from datetime import datetime

from bot.chat import pages
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.replies import Answer, Replies
from bot.huddles import choosing, count_views, refusal_views, scene, tallies
from storage import passes
from storage.huddles import Huddle
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx

TOKEN_BYTES = 32


async def stats(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle stats [weeks:4]`. Raises: Declined."""
    huddle, team = await choosing.meant(tx, event, now)
    text = event.command.keys.get("weeks", str(count_views.WEEKS)).strip()
    weeks = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(count_views.WEEKS_MAX)) else 0
    if not 1 <= weeks <= count_views.WEEKS_MAX:
        raise Declined(count_views.WHICH_WEEKS)
    found = await tallies.counted(tx, huddle, team, now, weeks=weeks)
    can_export = pages.address_of("") is not None and await tallies.may_export(tx, event.by.person, huddle, now)
    return Replies(answer=Answer(count_views.card(huddle, found, can_export=can_export), stays=True))


async def export(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle export`: a personal link to the file. Raises: Declined."""
    huddle, _ = await choosing.led(tx, event, now)
    return await _link(tx, event.by.person, huddle, now)


async def open_file(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Runs as a file**."""
    huddle = await tx.get(Huddle, event.number("huddle"))
    if huddle is None or not await tallies.may_export(tx, event.by.person, huddle, now):
        team = None if huddle is None else await tx.need(Team, huddle.team_id)
        lead = await scene.first_name_of(tx, team.lead_id if team else None)
        words = refusal_views.no_huddle() if huddle is None else refusal_views.only_lead(huddle, lead)
        raise Declined(words, code="E-03")
    return await _link(tx, event.by.person, huddle, now)


async def _link(tx: Tx, person: Person, huddle: Huddle, now: datetime) -> Replies:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    # Behind the #, which browsers keep to themselves: no server, log or Referer on the way has it.
    url = pages.address_of(f"{pages.OPEN}#{token}")
    if url is None:
        raise Declined(count_views.no_page(huddle))
    page = pages.runs_of(huddle.id)
    await passes.give(tx, person, page, token=token, real_now=tx.acting.arrived_at or now)
    return Replies(answer=Answer(count_views.link(huddle, url), kept=False))
