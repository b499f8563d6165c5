"""When one milestone moves, all that wait for it are looked at anew: dates are proposed, and their owners decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.chat.replies import Refresh, Replies, Show
from bot.milestones import forecast, standing, telling
from bot.milestones.rules import State
from bot.people.rules import first_name
from bot.work.slip import end_on
from storage import audit
from storage.initiatives import Milestone
from storage.links import Thing
from storage.milestones import around_following, milestones_in
from storage.people import Person
from storage.tx import Tx

PUSHED_MOST = 5  # messages to one owner for one push; what is more stands in their day and in their list


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one change has pushed, by date; first names of the owners who decide, and their messages."""

    milestones: Sequence[Milestone] = ()
    owners: Sequence[str] = ()
    replies: Replies = field(default_factory=Replies)


async def push(tx: Tx, *changed: Milestone, but: int = 0, known_on: date | None = None) -> Pushed:
    """Proposes dates to `changed` and to what waits for it, also through others, and withdraws those not needed more.

    `but` is one that keeps its own date. The owner of what was changed knows of a proposal for `known_on` already.
    The number of queries does not depend on how many there are.
    """
    await tx.flush()
    if not changed:
        return Pushed()
    ids = {each.id for each in changed}
    numbers, milestones, edges = await around_following(tx, ids)
    numbers -= {but}
    found = forecast.pushed(forecast.points_of(milestones), forecast.waits_of(edges), numbers)
    codes = {each.id: each.code for each in milestones}
    declined = await _declined(tx, [each for each in milestones if each.id in found and each.proposed_on is None])
    for number in [one for one, to in found.items() if declined.get(one) == (to.on, codes[to.because_of])]:
        del found[number]
    moved: list[Milestone] = []
    stale: list[Refresh] = []
    for each in milestones:
        if each.id not in numbers:
            continue
        to = found.get(each.id) if each.state is State.PLANNED else None
        is_new, remade = _proposed(tx, each, to, because=codes[to.because_of] if to else "", changed=ids)
        stale += remade
        moved += [each] if is_new and (each.id not in ids or each.proposed_on != known_on) else []
    moved.sort(key=lambda each: (end_on(each), each.id))
    await tx.flush()
    told = await _told(tx, moved)
    others = [each for each in moved if each.id not in ids]
    names = dict.fromkeys(first_name(told.owners[each.id]) for each in others if each.id in told.owners)
    return Pushed(others, [*names], Replies(show=told.show, refresh=tuple(stale)))


def _proposed(
    tx: Tx, milestone: Milestone, to: forecast.Push | None, *, because: str, changed: Collection[int]
) -> tuple[bool, list[Refresh]]:
    """Proposes a date, or takes one back; whether a new date is proposed, and which messages show it otherwise now."""
    before = milestone.proposed_on
    milestone.proposed_because_of = to.because_of if to else None
    if milestone.state is not State.PLANNED:
        milestone.proposed_on = None
        return False, [telling.refresh_push(milestone, before)] if before else []
    is_other = before != (to.on if to else None)
    # What the message says about the one that it waits for may be another day now.
    is_about = not {milestone.id, *([to.because_of] if to else [])}.isdisjoint(changed)
    stale = [telling.refresh_push(milestone, before)] if before and (is_about or is_other) else []
    if not is_other:
        return False, stale
    milestone.proposed_on = to.on if to else None
    audit.note(
        tx,
        (Thing.MILESTONE, milestone.id),
        "propose",
        field="proposed_on",
        before=before or "",
        after=milestone.proposed_on or "",
        reason=because if milestone.id not in changed else "",
    )
    return to is not None, stale


async def _declined(tx: Tx, milestones: Sequence[Milestone]) -> Mapping[int, tuple[date, str]]:
    """Dates that owners have said no to and what they were proposed because of, while their own date is the same."""
    entries: dict[int, list[audit.AuditEvent]] = {}
    for entry in await audit.of_field(tx, Thing.MILESTONE, [each.id for each in milestones], "proposed_on"):
        entries.setdefault(entry.thing_id, []).append(entry)
    found: dict[int, tuple[date, str]] = {}
    for each in milestones:
        said = next((one for one in entries.get(each.id, ()) if one.verb in {"keep", "undo"}), None)
        if said is None or said.verb != "keep" or said.after != str(each.forecast_on):
            continue
        proposed = (one for one in entries[each.id] if one.verb == "propose" and one.after == said.before)
        why = next((one.reason for one in proposed if one.id < said.id), "")
        found[each.id] = (date.fromisoformat(said.before), why)
    return found


async def anew(tx: Tx, event_id: int) -> Replies:
    """Another look at all that one event did to milestones, or that was taken back: their dates, and their messages."""
    entries = [each for each in await audit.of_event(tx, event_id) if each.thing is Thing.MILESTONE]
    touched = await milestones_in(tx, {each.thing_id for each in entries})
    days = {(each.thing_id, on) for each in entries if each.verb == "propose" for on in (each.before, each.after) if on}
    pushed = await push(tx, *touched.values())
    shown = [telling.refresh_push(touched[one], date.fromisoformat(on)) for one, on in sorted(days) if one in touched]
    return pushed.replies + Replies(refresh=tuple(shown)) + await telling.anew(tx, [*touched])


@dataclass(frozen=True, slots=True)
class _Told:
    """Who decides about each milestone, by its number, and their messages."""

    owners: Mapping[int, Person]
    show: tuple[Show, ...]


async def _told(tx: Tx, moved: Sequence[Milestone]) -> _Told:
    """Each owner once for each milestone, up to PUSHED_MOST."""
    owners = await standing.told_in(tx, moved)
    event = tx.acting.event_id or 0
    counts: dict[int, int] = {}
    show: list[Show] = []
    for each in moved:
        owner = owners.get(each.id)
        if owner is None or each.proposed_on is None:
            continue
        counts[owner.id] = counts.get(owner.id, 0) + 1
        if counts[owner.id] <= PUSHED_MOST:
            show.append(telling.pushed(each, each.proposed_on, owner, event))
    return _Told(owners, tuple(show))
