"""What becomes of an item at the table and at the end: decided, noted, deferred, parked, dropped, made an action.

Whoever calls has asked before whether the person may; here only what is legal is seen to. Nothing vanishes: what is
deferred stands on the next meeting's agenda, and what no meeting can take is parked.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.actions import making
from bot.actions.making import Draft
from bot.actions.outside import inside
from bot.agenda import reply_views, rules
from bot.agenda.rules import MOVES, Kind, State
from bot.chat.errors import Declined
from bot.chat.events import By
from bot.chat.replies import Replies
from bot.council.standing import Around
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import moves_from
from storage import audit
from storage.actions import Action
from storage.agenda import AgendaItem, items_of
from storage.councils import Council
from storage.links import Link, Thing, link
from storage.meetings import OVER, CouncilMeeting, next_meeting
from storage.people import Department, Person
from storage.tx import Tx

must_choose = rules.must_choose
_STILL_OPEN = (State.SUBMITTED, State.ACCEPTED, State.PUBLISHED, State.IN_DISCUSSION)
_CARRIED = (
    "council_id", "section", "title", "purpose", "minutes", "owner_id", "department_id", "stance", "level",
    "is_customers", "internal", "paper_url", "initiative_id", "hurts_id", "starts_id", "one_view", "other_view",
)  # fmt: skip


def moved(tx: Tx, item: AgendaItem, verb: str, *, reason: str = "") -> None:
    """Moves an item as the table says, and writes that down. Raises: Declined (E-05).

    One that never came out with an agenda, because the meeting began before, is published first.
    """
    if not moves_from(MOVES, verb, item.state) and moves_from(MOVES, "publish", item.state):
        moved(tx, item, "publish")
    move = work.legal(MOVES, verb, item.state, code=reply_views.called(item))[0]
    before = item.state
    if move.target is not None:
        item.state = move.target
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), verb, before=before.value, after=item.state.value, reason=reason)


async def take_up(tx: Tx, item: AgendaItem, _now: datetime) -> None:
    """It is talked about now."""
    moved(tx, item, "take up")
    await tx.flush()


async def note(tx: Tx, item: AgendaItem, outcome: str, _now: datetime) -> None:
    """It was noted; `outcome` is what was said, empty where nothing has to be. Raises: Declined (E-05, E-14)."""
    await _owned(tx, item)
    moved(tx, item, "note", reason=outcome)
    item.outcome = outcome
    await tx.flush()


async def decide(tx: Tx, item: AgendaItem, _now: datetime) -> None:
    """A decision was recorded for it. Raises: Declined (E-05, E-14)."""
    await _owned(tx, item)
    moved(tx, item, "decide")
    await tx.flush()


async def park(tx: Tx, item: AgendaItem, reason: str, _now: datetime) -> None:
    """It is set aside without a date; the list of what is parked keeps it. Raises: Declined (E-05)."""
    moved(tx, item, "park", reason=reason)
    item.reason = reason
    await tx.flush()


async def drop(tx: Tx, item: AgendaItem, reason: str, _now: datetime) -> None:
    """It is given up. Raises: Declined (E-05, E-14)."""
    await _owned(tx, item)
    moved(tx, item, "drop", reason=reason)
    item.reason = reason
    await tx.flush()


async def alone_again(tx: Tx, item: AgendaItem) -> Sequence[AgendaItem]:
    """What was merged into an item that is off the agenda stands there by itself, as it stood before."""
    numbers, back = [item.id], item.carried_from_id
    while back is not None:
        numbers.append(back)
        back = (await tx.need(AgendaItem, back)).carried_from_id
    part_of = (col(AgendaItem.merged_into_id).in_(numbers), AgendaItem.state == State.MERGED)
    parts = await tx.all(select(AgendaItem).where(*part_of).order_by(col(AgendaItem.id)))
    for each in parts:
        deeds = await audit.of_field(tx, Thing.AGENDA_ITEM, [each.id], "state")
        before = next((deed.before for deed in reversed(deeds) if deed.verb == "merge"), State.SUBMITTED.value)
        each.state, each.merged_into_id = State(before), None
        if each.meeting_id != item.meeting_id or not each.seq:
            each.seq = rules.next_seq(await items_of(tx, item.meeting_id), each.section)
            each.meeting_id = item.meeting_id
        audit.note(tx, (Thing.AGENDA_ITEM, each.id), rules.ALONE, before=State.MERGED.value, after=before)
        await tx.flush()
    return parts


async def defer(  # noqa: PLR0917 - the meeting, the item, why and when
    tx: Tx, found: Around, item: AgendaItem, reason: str, now: datetime, *, by_schedule: bool = False
) -> AgendaItem:
    """The item on the next meeting's agenda: a new row, one deferral more. Raises: Declined (E-05).

    The third time somebody has to choose; only where nobody acts, `by_schedule`, it is carried all the same. Without a
    next meeting it is parked, and is its own.
    """
    if must_choose(item) and not by_schedule:
        raise Declined(reply_views.must_choose(item), code="E-05")
    following = await next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    if following is None:
        if item.state is State.SUBMITTED:
            moved(tx, item, "publish")
        await park(tx, item, reason, now)
        return item
    moved(tx, item, "defer", reason=reason)
    item.reason = reason
    carried = await _again(tx, item, following)
    carried.deferrals = item.deferrals + 1
    await tx.flush()
    return carried


async def bring_back(tx: Tx, found: Around, item: AgendaItem) -> AgendaItem:
    """A parked item on a meeting's agenda: a new row. Raises: Declined (E-05), also when it was brought back before."""
    again = (AgendaItem.carried_from_id == item.id,)
    if await tx.first(select(AgendaItem.id).where(*again)) is not None:
        raise Declined(reply_views.is_back(item), code="E-05")
    work.legal(MOVES, "bring back", item.state, code=reply_views.called(item))
    carried = await _again(tx, item, found.meeting)
    carried.deferrals = item.deferrals
    await tx.flush()
    return carried


async def _again(tx: Tx, item: AgendaItem, following: CouncilMeeting) -> AgendaItem:
    carried = AgendaItem(
        **item.model_dump(include={*_CARRIED}),
        meeting_id=following.id,
        seq=rules.next_seq(await items_of(tx, following.id), item.section),
        carried_from_id=item.id,
    )
    tx.add(carried)
    await tx.flush()
    await link(tx, (Thing.AGENDA_ITEM, item.id), (Thing.AGENDA_ITEM, carried.id), Link.Kind.REPEATS)
    audit.note(tx, (Thing.AGENDA_ITEM, carried.id), "carry", after=carried.state.value)
    return carried


async def make_action(  # noqa: PLR0917 - who, from which item, what and when
    tx: Tx, by: By, item: AgendaItem, draft: Draft, now: datetime
) -> tuple[Action, Replies]:
    """An action from an item, which is settled with it where it is open; what its people hear is in the replies.

    Raises: Declined (E-05, E-06), also where its owner would read the title of an internal item from outside.
    """
    if item.internal and draft.owner.is_external:
        raise Declined(reply_views.owner_outside(first_name(draft.owner)))
    end = (Thing.AGENDA_ITEM, item.id)
    draft = Draft(
        draft.title,
        draft.owner,
        draft.due_on,
        draft.priority,
        draft.done_when,
        draft.every,
        draft.initiative,
        draft.batch,
        source=end,
        requester=await _asks(tx, by.person, item, draft.owner),
    )
    replies = await making.made(tx, by, draft, now)
    if item.state in _STILL_OPEN:
        moved(tx, item, "action")
    await tx.flush()
    return (await actions_of(tx, item))[-1], replies


async def _asks(tx: Tx, by: Person, item: AgendaItem, owner: Person) -> Person | None:
    """Who asks for an action from an internal item that somebody outside makes: one inside, best not its owner."""
    if not item.internal or not by.is_external:
        return None
    of = await tx.need(Council, item.council_id)
    found = await inside(tx, item.owner_id, of.secretary_id, of.sponsor_id, of.chair_id)
    return next((each for each in found if each.id != owner.id), owner)


async def actions_of(tx: Tx, item: AgendaItem) -> Sequence[Action]:
    """What an item led to, the oldest first."""
    led = (Link.kind == Link.Kind.LED_TO, Link.from_kind == Thing.AGENDA_ITEM, Link.from_id == item.id)
    query = select(Action).join(Link, col(Link.to_id) == Action.id).where(*led, Link.to_kind == Thing.ACTION)
    return await tx.all(query.order_by(col(Action.id)))


async def lacks_owner(tx: Tx, item: AgendaItem) -> bool:
    """Whether it hurts in one department, starts in another, and nobody has the fix yet. Source: domain.md S2-04."""
    if not rules.needs_owner(item):
        return False
    gone = Action.State.CANCELLED
    return not any(each.owner_id is not None and each.state is not gone for each in await actions_of(tx, item))


async def _owned(tx: Tx, item: AgendaItem) -> None:
    if not await lacks_owner(tx, item):
        return
    hurts = await tx.need(Department, item.hurts_id or 0)
    starts = await tx.need(Department, item.starts_id or 0)
    raise Declined(reply_views.who_owns(item, hurts.name, starts.name), code="E-14")


# --- at the end of a meeting


async def open_at_close(tx: Tx, found: Around) -> Sequence[AgendaItem]:
    """The items that somebody proposed and nothing has become of yet, by number."""
    rows = await items_of(tx, found.meeting.id, _STILL_OPEN)
    return [each for each in rows if each.kind is Kind.ITEM or (each.kind is Kind.MINUTES and not each.consent)]


async def over(tx: Tx, found: Around, now: datetime) -> None:
    """The meeting is over: standing items are noted, and late ones that nobody admitted go on to the next one."""
    for each in await items_of(tx, found.meeting.id, _STILL_OPEN):
        if each.kind is not Kind.ITEM:
            moved(tx, each, "note")
    await late_ones_on(tx, found, now)
    await tx.flush()


async def late_ones_on(tx: Tx, found: Around, now: datetime) -> Sequence[AgendaItem]:
    """The late items that the chair was asked about and did not admit stand on the next meeting's agenda."""
    pending = await items_of(tx, found.meeting.id, (State.LATE_PENDING,))
    following = await next_meeting(tx, found.council.id, after=found.meeting.starts_at) if pending else None
    if following is None:
        return ()
    for each in pending:
        await to_next(tx, each, following, now)
    return pending


async def to_next(tx: Tx, item: AgendaItem, following: CouncilMeeting, _now: datetime) -> None:
    """A late item waits for the next meeting, in the section in which it was meant to be. Raises: Declined (E-05)."""
    seq = rules.next_seq(await items_of(tx, following.id), item.section)
    moved(tx, item, "refuse")
    item.meeting_id, item.seq, item.is_late = following.id, seq, False
    await tx.flush()


async def forward(tx: Tx, item: AgendaItem, following: CouncilMeeting, now: datetime) -> None:
    """What a meeting left open although it is over, or was called off, stands on another one's agenda."""
    if item.state is State.LATE_PENDING:
        await to_next(tx, item, following, now)
        return
    was = await tx.need(CouncilMeeting, item.meeting_id)
    moved(tx, item, "defer")
    carried = await _again(tx, item, following)
    carried.deferrals = item.deferrals + (was.state in OVER)  # a meeting that was called off has deferred nothing
    await tx.flush()
