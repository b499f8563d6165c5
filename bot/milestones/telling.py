"""What follows when a milestone has changed: whose messages are made anew, and who hears of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.chat.replies import Refresh, Replies, Show
from bot.milestones import standing
from storage.audit import newest
from storage.initiatives import Milestone, MilestoneAsk
from storage.links import Thing
from storage.messages import Lane
from storage.milestones import open_asks
from storage.people import Person
from storage.tx import Tx

ASK, ANSWER, CLAIM, PUSH, NEWS, LIST = (
    "milestone.ask",
    "milestone.answer",
    "milestone.claim",
    "milestone.push",
    "milestone.news",
    "milestone.list",
)


async def followed(tx: Tx, milestone: Milestone, by: Person) -> Replies:
    """News for its owner where somebody else did it, and its messages anew."""
    await tx.flush()
    owner = await standing.told_of(tx, milestone)
    show: tuple[Show, ...] = ()
    if owner is not None and owner.id != by.id:
        (entry,) = await newest(tx, (Thing.MILESTONE, milestone.id), 1)
        ids = {"milestone": milestone.id, "entry": entry.id}
        show = (Show(f"milestone:{milestone.id}:news:{entry.id}", owner, NEWS, ids, Lane.Traffic.REPLY),)
    asks = await open_asks(tx, [milestone.id])
    refresh = (Refresh(CLAIM, {"milestone": milestone.id}), *(Refresh(ASK, {"ask": each.id}) for each in asks))
    return Replies(show=show, refresh=refresh, undoable=True)


async def handed_over(tx: Tx, milestone: Milestone, was: Person | None, by: Person) -> tuple[Show, ...]:
    """News for the owner before, who waits for it no more."""
    if was is None or not was.active or was.id == by.id:
        return ()
    (entry,) = await newest(tx, (Thing.MILESTONE, milestone.id), 1)
    ids = {"milestone": milestone.id, "entry": entry.id}
    return (Show(f"milestone:{milestone.id}:news:{entry.id}:{was.id}", was, NEWS, ids, Lane.Traffic.REPLY),)


async def claimed(tx: Tx, milestone: Milestone) -> tuple[Sequence[Person], Replies]:
    """The second person is asked whether it is reached."""
    people = await standing.checkers(tx, milestone)
    event = tx.acting.event_id or 0
    ids = {"milestone": milestone.id}
    show = tuple(
        Show(f"milestone:{milestone.id}:claim:{event}:{each.id}", each, CLAIM, ids, Lane.Traffic.REPLY)
        for each in people
    )
    return people, Replies(show=show)


async def answered(tx: Tx, milestone: Milestone, answer: MilestoneAsk.Answer, *, by: Person, now: datetime) -> Replies:
    """The owner's word goes back to everybody who waits for it."""
    every = await open_asks(tx, [milestone.id])
    asks = [each for each in every if by.id in {milestone.owner_id, each.owner_id}]
    if not asks:
        return Replies()
    for each in asks:
        each.answer, each.answered_at = answer, now
    await tx.flush()
    askers = await standing.people_in(tx, {each.asked_by for each in asks})
    show = tuple(
        Show(f"milestone:answer:{each.id}", askers[each.asked_by], ANSWER, {"ask": each.id}, Lane.Traffic.REPLY)
        for each in asks
        if each.asked_by in askers
    )
    return Replies(show=show, refresh=tuple(Refresh(ASK, {"ask": each.id}) for each in asks))


async def anew(tx: Tx, ids: Collection[int]) -> Replies:
    """Claims, questions and answers about some milestones, made anew."""
    claims = (Refresh(CLAIM, {"milestone": each}) for each in ids)
    asks = (Refresh(view, {"ask": each.id}) for each in await open_asks(tx, ids) for view in (ASK, ANSWER))
    return Replies(refresh=(*claims, *asks))


def pushed(milestone: Milestone, on: date, owner: Person, event: int) -> Show:
    """Its owner decides about a proposed date."""
    key = f"milestone:{milestone.id}:push:{event}"
    return Show(key, owner, PUSH, push_ids(milestone, on), Lane.Traffic.REPLY)


def push_ids(milestone: Milestone, on: date) -> dict[str, int]:
    """What the message about a proposed date is about."""
    return {"milestone": milestone.id, "on": on.toordinal()}


def refresh_push(milestone: Milestone, on: date) -> Refresh:
    """The message about a proposed date, made anew."""
    return Refresh(PUSH, push_ids(milestone, on))
