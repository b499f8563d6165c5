"""When one milestone moves, all that wait for it are looked at anew: dates are proposed, and their owners decide."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from bot.chat.replies import Refresh, Replies, Show
from bot.milestones import forecast, standing, telling
from bot.milestones.rules import State
from bot.people.rules import first_name
from bot.work.slip import end_on
from storage import audit
from storage.initiatives import Initiative, Milestone
from storage.links import Thing
from storage.milestones import around_following
from storage.tx import Tx

PUSHED_MOST = 5  # messages to one owner for one push; what is more stands in their day and in their list


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one change has pushed, by date; first names of the owners who decide, and their messages."""

    milestones: Sequence[Milestone] = ()
    owners: Sequence[str] = ()
    replies: Replies = field(default_factory=Replies)


async def push(tx: Tx, changed: Milestone) -> Pushed:
    """Proposes dates to what waits for `changed`, directly or through others, and withdraws those not needed any more.

    The number of queries does not depend on how many there are.
    """
    await tx.flush()
    numbers, milestones, edges = await around_following(tx, [changed.id])
    if not numbers:
        return Pushed()
    found = forecast.pushed(forecast.points_of(milestones), forecast.waits_of(edges), numbers)
    codes = {each.id: each.code for each in milestones}
    moved: list[Milestone] = []
    stale: list[Refresh] = []
    for each in milestones:
        if each.id not in numbers or each.state is not State.PLANNED:
            continue
        before, to = each.proposed_on, found.get(each.id)
        each.proposed_because_of = to.because_of if to else None
        if before == (to.on if to else None):
            continue
        each.proposed_on = to.on if to else None
        why = codes[to.because_of] if to else ""
        audit.note(
            tx,
            (Thing.MILESTONE, each.id),
            "propose",
            field="proposed_on",
            before=before or "",
            after=each.proposed_on or "",
            reason=why,
        )
        stale += [Refresh(telling.PUSH, telling.push_ids(each, before))] if before else []
        moved += [each] if to else []
    moved.sort(key=lambda each: (end_on(each), each.id))
    await tx.flush()
    owners, show = await _told(tx, moved)
    return Pushed(moved, owners, Replies(show=show, refresh=tuple(stale)))


async def _told(tx: Tx, moved: Sequence[Milestone]) -> tuple[list[str], tuple[Show, ...]]:
    """Each owner once for each milestone, up to PUSHED_MOST; where one has none, the owner of the initiative."""
    if not moved:
        return [], ()
    wanted = {each.initiative_id for each in moved}
    rows = await tx.all(select(Initiative).where(col(Initiative.id).in_(wanted)))
    leads = {each.id: each.owner_id for each in rows}
    people = await standing.people_in(tx, {each.owner_id or leads[each.initiative_id] for each in moved})
    event = tx.acting.event_id or 0
    counts: dict[int, int] = {}
    show: list[Show] = []
    for each in moved:
        owner = people.get(each.owner_id or leads[each.initiative_id] or 0)
        if owner is None or each.proposed_on is None:
            continue
        counts[owner.id] = counts.get(owner.id, 0) + 1
        if counts[owner.id] <= PUSHED_MOST:
            show.append(telling.pushed(each, each.proposed_on, owner, event))
    return [first_name(people[number]) for number in counts], tuple(show)
