"""The end of a meeting: every open item gets an outcome first. Nothing that is open vanishes.

Source: domain.md 2.3, S2-04, S2-15.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda import settling as agenda
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import NOTHING, Answer, Replies
from bot.council import planning
from bot.council.standing import Around
from bot.decisions import voting
from bot.meeting import (
    arriving,
    close_views,
    form_views,
    moving,
    reply_views,
    rules,
    running,
    settling,
    standing,
    starting,
)
from bot.meeting.rules import Open, Outcome
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.views import REASON_MAX
from storage import audit
from storage.decisions import open_at
from storage.links import Thing
from storage.meetings import TOLD_END, CouncilMeeting
from storage.people import Person
from storage.tx import Tx

NEEDS_WHY = (Outcome.DEFERRED, Outcome.PARKED, Outcome.DROPPED)


@dataclass(frozen=True, slots=True)
class Ending:
    """A meeting that somebody ends, and the state to which that leads."""

    found: Around
    by: By
    target: CouncilMeeting.State
    now: datetime


# --- the end


async def end(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/council end`, **End the meeting**: at once where nothing is open, else what is proposed for each open item."""
    found = await standing.run_by(event, tx)
    if not await _has_end(event, tx, found, now):
        standing.legal(found, "end")
        return Replies(answer=Answer(reply_views.when_did_it_end(found.meeting, found.zone)))
    ending = await _ending(event, tx, now)
    every = await _open(tx, ending)
    if not every:
        return await _ended(tx, ending, ())
    due = await settling.due_on(tx, ending.found, event.by.person, now)
    card = close_views.still_open(arriving.meeting_ids(ending.found), every, await _names(tx, every), due)
    return Replies(answer=Answer(card, stays=True))


async def _has_end(event: Asked | Pressed, tx: Tx, found: Around, now: datetime) -> bool:
    """Whether it is known when a meeting ended: of one that is recorded afterwards as typed or pressed, kept with it.

    Raises: Declined (E-06).
    """
    meeting = found.meeting
    if meeting.recorded_at is None or meeting.opened_at is None:
        return True
    if isinstance(event, Pressed):
        ended_at = max(meeting.ends_at, meeting.opened_at) if event.ids.get(starting.AT) else None
    else:
        ended_at = starting.told_at(event, found, now)
    if ended_at is not None:
        meeting.steps = meeting.steps | {TOLD_END: ended_at.isoformat()}
        await standing.must_fit(tx, found)
    return meeting.told_end is not None


async def _ending(event: Asked | Pressed | Submitted, tx: Tx, now: datetime) -> Ending:
    """Raises: Declined (E-03, E-05)."""
    found = await standing.run_by(event, tx)
    return Ending(found, event.by, standing.legal(found, "end"), now)


async def _open(tx: Tx, ending: Ending) -> list[Open]:
    """What has to get an outcome first; what goes by consent is noted with the end."""
    every = await settling.open_items(tx, ending.found, ending.by.person)
    return [each for each in every if not each.goes_by_consent]


async def _names(tx: Tx, every: Sequence[Open]) -> dict[int, str]:
    owners = [await tx.get(Person, each.item.owner_id) for each in every if each.item.owner_id is not None]
    return {each.id: first_name(each) for each in owners if each is not None}


async def as_proposed(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**As proposed**: each open item gets what was proposed when the card was drawn, and the meeting is over.

    Where an item has changed since, or somebody has to choose, nothing is done.
    """
    ending = await _ending(event, tx, now)
    every = await _open(tx, ending)
    settled = {each.item.id: each.proposed for each in every if each.proposed is not None}
    if len(settled) < len(every) or close_views.fingerprint(every) != event.ids.get("as", ""):
        way = close_views.choose(arriving.meeting_ids(ending.found))
        raise Declined(close_views.CHANGED_SINCE, code="E-20", ways=(way,))
    _, told, lines = await _all_settled(tx, ending, every, settled, why=close_views.OUT_OF_TIME)
    return told + await _ended(tx, ending, lines)


async def choose(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Choose for each**: the form."""
    ending = await _ending(event, tx, now)
    every = await _open(tx, ending)
    if not every:
        return await _ended(tx, ending, ())
    return Replies(answer=Answer(await _form(tx, ending, every)))


async def _form(tx: Tx, ending: Ending, every: Sequence[Open]) -> Form:
    """At most so many at once; what is left is asked when these have been settled. Raises: Declined (E-14)."""
    stuck = [each for each in every if not each.choices]
    if stuck:
        way = close_views.settle(arriving.meeting_ids(ending.found))
        raise Declined(close_views.needs_owner(stuck), code="E-14", ways=(way,))
    shown = every[: rules.ASKED_AT_ONCE]
    due = await settling.due_on(tx, ending.found, ending.by.person, ending.now)
    return form_views.close(arriving.meeting_ids(ending.found), shown, await _names(tx, shown), due)


async def take_close(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent: its items are settled; when nothing is open any more the meeting is over."""
    ending = await _ending(event, tx, now)
    every = await _open(tx, ending)
    chosen = {each.item.id: event.values.get(f"{form_views.CHOICE}{each.item.id}", "") for each in every}
    asked = [each for each in every if f"{form_views.CHOICE}{each.item.id}" in event.values]
    found = {each.item.id: form_views.choice_problem(each, chosen[each.item.id]) for each in asked}
    errors = {f"{form_views.CHOICE}{number}": problem for number, problem in found.items() if problem}
    if errors:
        form = await _form(tx, ending, asked)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    why = work.at_most(REASON_MAX, event.values.get(form_views.WHY, "").strip(), "That") or close_views.OUT_OF_TIME
    settled = {each.item.id: Outcome(chosen[each.item.id]) for each in asked}
    left, told, lines = await _all_settled(tx, ending, asked, settled, why=why)
    if not left:
        return told + await _ended(tx, ending, lines)
    refresh = planning.shown(ending.found.meeting, rules.ROOM, rules.CHAIR)
    return told + Replies(answer=Answer(await _form(tx, ending, left)), refresh=refresh)


async def _all_settled(
    tx: Tx, ending: Ending, asked: Sequence[Open], settled: Mapping[int, Outcome], *, why: str
) -> tuple[Sequence[Open], Replies, list[str]]:
    """What is still open, what the people of the others hear, and a line for each of those."""
    told, lines = NOTHING, []
    for each in asked:
        outcome = settled[each.item.id]
        owner = await tx.get(Person, each.item.owner_id) if each.can_hand_over and each.item.owner_id else None
        fate = settling.Fate(each, outcome, why if outcome in NEEDS_WHY else "", owner)
        told += await settling.settled(tx, ending.found, ending.by, fate, now=ending.now)
        lines.append(await settling.line(tx, ending.found, fate))
    return await _open(tx, ending), told, lines


async def _ended(tx: Tx, ending: Ending, lines: Sequence[str]) -> Replies:
    """The meeting is over, and whoever ended it reads what became of the items."""
    found = ending.found
    still_asked = [
        close_views.counted(each.question, is_veiled=each.internal and ending.by.person.is_external)
        for each in await open_at(tx, found.meeting.id)
    ]
    follows = await adjourned(tx, found, ending.target, ending.now)
    scene = await standing.scene(tx, found, ending.now, person=ending.by.person)
    return follows + Replies(
        answer=Answer(reply_views.ended(scene, [*lines, *still_asked])), show=await running.shows(tx, found)
    )


async def adjourned(tx: Tx, found: Around, target: CouncilMeeting.State, now: datetime) -> Replies:
    """The record of a meeting is closed; the steps of its minutes and the meetings to come are planned.

    What it is still voting on is counted as it stands.
    """
    meeting = found.meeting
    before = meeting.state
    await moving.note_by_consent(tx, found, now)
    await agenda.over(tx, found, now)
    votes = await voting.close_all(tx, meeting)
    ended_at = now if meeting.recorded_at is None else meeting.told_end or meeting.ends_at
    await moving.stop_for_good(tx, found, ended_at)
    meeting.state, meeting.adjourned_at = target, ended_at
    audit.note(tx, (Thing.MEETING, meeting.id), "end", before=before.value, after=target.value)
    await tx.flush()
    ahead = await planning.plan_ahead(tx, found.council, now)
    plans = await planning.steps_of_minutes(tx, found, now)
    return ahead + Replies(plan=plans, refresh=(*running.all_shown(found), *votes))
