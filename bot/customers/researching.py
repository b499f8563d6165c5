"""`/voc research`, `/voc insight`: what was found out about customers, by level."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.customers import views
from bot.customers.handlers import fits, need_inside
from bot.customers.rules import is_link
from storage.customers import ResearchNote, research_newest
from storage.tx import Tx

E = TypeVar("E", bound=StrEnum)
KEYS = ("level", "about", "link")
LISTED = 30  # notes, the newest ones


async def research(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """A new note; without words, the newest ones by level. Raises: Declined."""
    command, person = event.command, event.by.person
    need_inside(person)
    text = command.title.strip()
    if not text:
        found = await research_newest(tx, LISTED)
        there = {each.level for each in found}
        missing = [level for level in ResearchNote.Level if level not in there]
        return Replies(answer=Answer(views.research(found, missing)))
    fits("That note", text, views.NOTE_MAX)
    link = fits("That link", command.keys.get("link", "").strip(), views.LINK_MAX)
    if link and not is_link(link):
        raise Declined(views.not_a_link(link))
    note = ResearchNote(
        text=text,
        level=_one_of(ResearchNote.Level, "level:", command.keys.get("level", "")),
        about=_one_of(ResearchNote.About, "about:", command.keys.get("about", "")),
        link=link,
        author_id=person.id,
    )
    tx.add(note)
    await tx.flush()
    return Replies(answer=Answer(views.noted(note)), undoable=True)


def _one_of(kinds: type[E], what: str, typed: str) -> E:
    found = next((each for each in kinds if each.value == typed.strip().casefold()), None)
    if found is None:
        raise Declined(views.needs_level(what, typed.strip(), [each.value for each in kinds]))
    return found
