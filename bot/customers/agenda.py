"""What the council's agenda shows of customers' words, practices and research; always the same few questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.customers import standing
from bot.customers.views import Offer
from storage.customers import (
    ResearchNote,
    VocItem,
    led_to_nothing,
    practices_told_since,
    research_noted_since,
    unread_newest,
)
from storage.tx import Tx

NEWEST = 3  # of customers' words, with which section 2 opens; Source: domain.md S1-01


@dataclass(frozen=True, slots=True)
class Research:
    """What was found out since the last meeting. `missing` are the levels of which there is nothing."""

    notes: Sequence[ResearchNote] = ()
    missing: Sequence[ResearchNote.Level] = ()
    orphans: int = 0
    """How many of customers' words since then have led to nothing yet."""

    def of(self, level: ResearchNote.Level) -> Sequence[ResearchNote]:
        """The notes of one level, oldest first."""
        return [each for each in self.notes if each.level is level]


async def newest_words(tx: Tx, limit: int = NEWEST) -> Sequence[VocItem]:
    """The newest of customers' words that no meeting has read; `storage.customers.mark_read` says that one has."""
    return await unread_newest(tx, limit)


async def practices_since(tx: Tx, at: datetime) -> Sequence[Offer]:
    """The practices told from an instant on, oldest first, with what departments said to them."""
    return await standing.offers(tx, await practices_told_since(tx, at))


async def research_since(tx: Tx, at: datetime) -> Research:
    """The research noted from an instant on."""
    notes = await research_noted_since(tx, at)
    there = {each.level for each in notes}
    missing = [level for level in ResearchNote.Level if level not in there]
    return Research(notes, missing, await led_to_nothing(tx, at.date()))
