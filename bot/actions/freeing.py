"""What was in the way is solved: the owners of what it held up hear that it can go on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from bot.actions import reply_views, telling
from bot.blockers import handlers as blockers
from bot.chat.cards import Card
from bot.chat.events import By
from bot.chat.replies import Broadcast, Replies, Show
from storage import audit, links
from storage.actions import Action
from storage.blockers import Blocker
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx


async def freed(tx: Tx, by: Person, now: datetime) -> Replies:
    """One message to each owner and blocker, for the blockers that were solved at this moment; not to who did it."""
    await tx.flush()
    held = (
        select(col(Action.owner_id), col(Blocker.id))
        .join(Blocker, col(Blocker.id) == Action.blocker_id)
        .where(
            Action.state == Action.State.BLOCKED,
            Blocker.state == Blocker.State.RESOLVED,
            Blocker.resolved_at == now,
            col(Action.owner_id).is_not(None),
            Action.owner_id != by.id,
        )
        .order_by(col(Blocker.id), col(Action.owner_id))
        .distinct()
    )
    show = []
    for owner_id, blocker_id in await tx.columns(held):
        owner = await tx.get(Person, owner_id or 0)
        if owner is not None and owner.active:
            show.append(_told(tx, owner, blocker_id))
    return Replies(show=tuple(show))


def _told(tx: Tx, owner: Person, blocker_id: int) -> Show:
    key = f"blocker:{blocker_id}:freed:{tx.acting.event_id or 0}:{owner.id}"
    return Show(key, owner, telling.FREED, telling.freed_ids(blocker_id, owner.id), Lane.Traffic.REPLY)


def _people(show: Iterable[Show | Broadcast]) -> set[int]:
    return {each.to.id for each in show if isinstance(each, Show) and isinstance(each.to, Person)}


async def let_go(tx: Tx, by: By, action: Action, held_by: int | None, *, told: Replies) -> Replies:
    """It goes on or is over: a blocker that only it had raised, and that nothing else waits for, is solved with it.

    What is `told` says so.
    """
    blocker = await tx.get(Blocker, held_by or 0)
    if blocker is None or told.answer is None or not isinstance(told.answer.content, Card):
        return told
    await tx.flush()
    entries = await audit.of_field(tx, Thing.ACTION, [action.id], "state")
    events = {each.event_id for each in entries if each.verb == "block"} - {None}
    alone = list(await links.neighbours(tx, (Thing.BLOCKER, blocker.id))) == [(Thing.ACTION, action.id)]
    if not alone or not await blockers.untouched(tx, blocker, by_event_of=events):
        return told
    card = reply_views.and_solved(told.answer.content, blocker)
    ended = await blockers.ends_with(tx, by, blocker, now=tx.acting.now, why=reply_views.why_solved(action))
    known = _people(told.show)
    # Who hears that the work goes on reads there that it is not held up any more.
    ended = replace(ended, show=tuple(each for each in ended.show if _people([each]).isdisjoint(known)))
    return told + ended + Replies(answer=replace(told.answer, content=card))
