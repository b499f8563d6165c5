"""What becomes of a decision: ratified or let go, superseded, reopened, reversed; each with a reason and counted."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda import settling as agenda
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.chat.words import day
from bot.council import standing as council
from bot.council.standing import Around
from bot.decisions import rules, standing, views
from bot.decisions.rules import State
from bot.work import handlers as work
from storage import audit, meetings
from storage.agenda import OPEN, AgendaItem
from storage.councils import Council
from storage.decisions import Decision, decision_coded
from storage.links import Thing, link, neighbours
from storage.meetings import RUNNING, CouncilMeeting
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a decision, and why."""

    verb: str
    why: str = ""


async def typed(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council ratify D-21`, `/council reopen D-21 why`, `/council reverse D-21 why`, `/council lapse D-21 why`."""
    verb = event.command.verb.removeprefix("council ")
    return await _settle(tx, event.by, await _named(tx, event), Wanted(verb, event.command.title))


async def ratify(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Ratify**."""
    return await _settle(tx, event.by, await _pressed(event, tx), Wanted("ratify"))


async def ask_why(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Let it lapse**, **Reopen**: why?"""
    row = await _pressed(event, tx)
    verb = event.verb.removeprefix("decision.")
    await _may(tx, event.by, row, verb)
    return Replies(answer=Answer(views.why(row, f"decision.{verb}_why", views.WHY_TITLES[verb])))


async def take_why(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The reason was sent."""
    row = work.known(await tx.get(Decision, event.number("decision")), "that decision", "decision")
    verb = event.verb.removeprefix("decision.").removesuffix("_why")
    return await _settle(tx, event.by, row, Wanted(verb, event.values.get("reason", "")))


async def _named(tx: Tx, event: Asked) -> Decision:
    code = next(iter(event.command.codes), "")
    if not code:
        of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
        waiting = [each.code for each in await standing.waiting(tx, of)]
        raise Declined(views.which(waiting))
    return work.known(await decision_coded(tx, code), code, "decision")


async def _pressed(event: Pressed, tx: Tx) -> Decision:
    return work.known(await tx.get(Decision, event.number("decision")), "that decision", "decision")


async def _may(tx: Tx, by: By, row: Decision, verb: str) -> Around:
    """The meeting in which it happens: the one being held or the next. Raises: Declined (E-03, E-05)."""
    if not await standing.may_read(tx, by.person, row):
        raise Declined(views.internal_only(row.code), code="E-03")
    found = await council.next_of(tx, await tx.need(Council, row.council_id))
    parts = await council.parts_of(tx, by.person, found)
    moves = work.legal(rules.MOVES, verb, row.state, code=row.code, parts=parts)
    work.permitted(moves, parts, code=row.code)
    return found


async def _settle(tx: Tx, by: By, row: Decision, wanted: Wanted) -> Replies:
    verb, why = wanted.verb, wanted.why
    found = await _may(tx, by, row, verb)
    reason = work.at_most(views.WHY_MAX, " ".join(why.split()), "reason")
    await work.not_overtaken(tx, (Thing.DECISION, row.id), row, code=row.code, now=lambda: _stands(row))
    if not reason and verb != "ratify":
        raise Declined(views.needs_reason(row.code, views.DONE[verb]))
    before = row.state
    match verb:
        case "ratify":
            card = await _ratified(tx, found, row)
        case "lapse":
            row.state, row.state_reason = State.LAPSED, reason
            await _leaves_agenda(tx, row)
            card = views.lapsed(row)
        case "reverse":
            row.state, row.state_reason = State.REVERSED, reason
            row.reversals += 1
            card = views.reversed_(row)
        case _:
            row.reversals += 1
            held_in = found.meeting if found.meeting.state in RUNNING else None
            item = await put_on_next(tx, row, views.reopen_title(row), held_in, reason=reason)
            card = views.reopened(row, await _day_of(tx, item))
    audit.note(tx, (Thing.DECISION, row.id), verb, before=before.value, after=row.state.value, reason=reason)
    await tx.flush()
    of = {"meeting": found.meeting.id}
    return Replies(answer=Answer(card, private=row.internal), refresh=(Refresh("meeting.room", of),), undoable=True)


async def _stands(row: Decision) -> str:
    return views.state_words(row)


async def _ratified(tx: Tx, found: Around, row: Decision) -> Card:
    """It holds from now on, where the council is quorate. Raises: Declined. Source: domain.md 2.4 (7)."""
    if found.meeting.state not in RUNNING:
        raise Declined(views.ratified_in_a_meeting(row.code), code="E-05")
    quorum = await council.quorum_now(tx, found)
    if not quorum.is_met:
        raise Declined(views.no_quorum(quorum))
    row.state, row.ratified_in = State.IN_FORCE, found.meeting.id
    await _leaves_agenda(tx, row)
    old = None if row.supersedes_id is None else await tx.get(Decision, row.supersedes_id)
    if old is not None and old.state is State.IN_FORCE:
        await superseded(tx, old, row)
    return views.ratified(row)


async def _day_of(tx: Tx, item: AgendaItem | None) -> str:
    meeting = None if item is None else await tx.get(CouncilMeeting, item.meeting_id)
    if meeting is None:
        return views.NEXT_MEETING
    of = await tx.need(Council, meeting.council_id)
    return day(today_in(ZoneInfo(of.zone), meeting.starts_at))


async def superseded(tx: Tx, old: Decision, new: Decision) -> None:
    """The newer decision takes the older one's place, visibly. Raises: Declined (E-05)."""
    work.legal(rules.MOVES, "supersede", old.state, code=old.code)
    before, old.state = old.state, State.SUPERSEDED
    audit.note(tx, (Thing.DECISION, old.id), "supersede", before=before.value, after=old.state.value, reason=new.code)
    await link(tx, (Thing.DECISION, old.id), (Thing.DECISION, new.id))


async def put_on_next(
    tx: Tx, row: Decision, title: str, held_in: CouncilMeeting | None, *, reason: str = ""
) -> AgendaItem | None:
    """An item on the next agenda about a decision: to ratify it, or to talk about it again; None without a meeting.

    Next is after `held_in`, the meeting in which somebody says so.
    """
    of = await tx.need(Council, row.council_id)
    after = None if held_in is None else held_in.starts_at
    meeting = await meetings.next_meeting(tx, of.id, after=after)
    if meeting is None:
        return None
    item = AgendaItem(
        council_id=of.id,
        meeting_id=meeting.id,
        section=1,
        title=title[:150],
        purpose=AgendaItem.Purpose.DECISION,
        owner_id=row.moved_by or of.chair_id,
        internal=row.internal,
        reason=reason,
    )
    tx.add(item)
    await tx.flush()
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "add", after=item.state.value)
    await link(tx, (Thing.DECISION, row.id), (Thing.AGENDA_ITEM, item.id))
    return item


async def _leaves_agenda(tx: Tx, row: Decision) -> None:
    """The items that were only there to ratify it are settled too."""
    for thing, number in await neighbours(tx, (Thing.DECISION, row.id)):
        item = await tx.get(AgendaItem, number) if thing is Thing.AGENDA_ITEM else None
        if item is not None and item.id != row.item_id and item.state in OPEN:
            await agenda.decide(tx, item, tx.acting.now)
