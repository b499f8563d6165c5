"""Which messages are wanted or stale when an agenda's items change."""

from bot.agenda.rules import State
from bot.chat.replies import Refresh, Show
from bot.council.planning import shown
from bot.council.standing import Around
from storage import audit
from storage.agenda import AgendaItem
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx

LATE, PROPOSED, NEWS = "agenda.late", "agenda.proposed", "agenda.news"


def stale(found: Around, item: AgendaItem | None = None) -> tuple[Refresh, ...]:
    """What shows an agenda before it is out; with an item also what asks about it."""
    about = () if item is None else (Refresh(LATE, ids(item)), Refresh(PROPOSED, ids(item)))
    return (*shown(found.meeting, "council.draft"), *about)


def ids(item: AgendaItem) -> dict[str, int]:
    """What a message about one item is about."""
    return {"item": item.id}


def asked_chair(item: AgendaItem, chair: Person) -> tuple[Show, ...]:
    """The chair is asked whether a late item may come in."""
    key = f"agenda:{item.id}:late:{item.meeting_id}:{chair.id}"
    return (Show(key, chair, LATE, ids(item), Lane.Traffic.PROMPT),)


async def owner_hears(tx: Tx, item: AgendaItem, by: Person) -> tuple[Show, ...]:
    """Who owns an item hears what somebody else did to it."""
    owner = await tx.get(Person, item.owner_id) if item.owner_id else None
    if owner is None or not owner.active or owner.id == by.id:
        return ()
    if item.internal and owner.is_external:  # it became internal after it was theirs
        return ()
    await tx.flush()
    (entry,) = await audit.newest(tx, (Thing.AGENDA_ITEM, item.id), 1)
    about = {"item": item.id, "entry": entry.id}
    return (Show(f"agenda:{item.id}:news:{entry.id}", owner, NEWS, about, Lane.Traffic.REPLY),)


def is_asked(item: AgendaItem) -> bool:
    """Whether the chair still has to say something about a late item."""
    return item.state is State.LATE_PENDING
