"""A decision is recorded: in one line, in a form, or from a vote; without a quorum it is provisional."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.agenda import settling as agenda
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies
from bot.council import standing as council
from bot.council.standing import Around
from bot.decisions import filling, rules, settling, standing, views
from bot.decisions.filling import Where
from bot.decisions.rules import Draft, State
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import CouncilVote, Decision
from storage.links import End, Thing, link
from storage.meetings import RUNNING, CouncilMeeting, hold
from storage.organisations import next_code
from storage.tx import Tx

KEYS = filling.KEYS
MAY_RECORD = (Part.CHAIR, Part.SECRETARY)


class Misfit(Declined):
    """What was said doesn't fit the input `name` of the form. Nothing is written yet."""

    def __init__(self, name: str, words: str, *, code: str = "") -> None:
        super().__init__(words, code=code)
        self.name = name


async def decide(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council decide "text" reason:"…" means:"…" moved:@Raj for:6 against:1`; what is missing is asked."""
    found = await standing.recording_at(tx, event.by, event.command.keys.get("council", ""))
    await council.must_be(tx, event.by.person, found, MAY_RECORD)
    where = Where(found.council, found.meeting)
    values = await filling.typed(event, tx, where, now)
    draft, errors = await filling.read(tx, event.by, where, values)
    if draft is None:
        form = await filling.form(tx, event.by, where, values)
        said = any(values.get(each) for each in ("text", "reason", "means"))
        return Replies(answer=Answer(form.refused(values, errors) if said else form))
    return await _recorded(tx, where, draft)


async def open_form(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Decide** on a meeting's card, **Record it** on a vote that was carried: the form, with what is known."""
    where = await _where(tx, event.by, event.ids)
    item = await tx.get(AgendaItem, event.number("item"))
    values = {"item": "" if item is None else str(item.id)}
    if where.vote is not None:
        values |= {"text": where.vote.question}
    return Replies(answer=Answer(await filling.form(tx, event.by, where, values)))


async def take_form(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The form was sent."""
    where = await _where(tx, event.by, event.ids)
    draft, errors = await filling.read(tx, event.by, where, event.values)
    if draft is not None:
        try:
            return await _recorded(tx, where, draft)
        except Misfit as problem:
            if problem.name == "votes" and where.counted:  # the form has no such input
                raise
            errors = {problem.name: problem.words}
    form = await filling.form(tx, event.by, where, event.values)
    return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))


async def _where(tx: Tx, by: By, ids: Mapping[str, str]) -> Where:
    """What a form is about. Raises: Declined (E-03, E-04, E-05)."""
    vote = await tx.get(CouncilVote, int(ids["vote"])) if ids.get("vote", "").isdecimal() else None
    number = ids.get("meeting", "") or (str(vote.meeting_id or "") if vote is not None else "")
    if number.isdecimal():
        found = work.known(await council.around(tx, int(number)), "that meeting", "meeting")
        await _may_record(tx, by, found, vote)
        return Where(found.council, found.meeting, vote)
    vote = work.known(vote, "that vote", "vote")
    of = await tx.need(Council, vote.council_id)
    await _may_record(tx, by, await council.next_of(tx, of), vote)
    return Where(of, None, vote)


async def _may_record(tx: Tx, by: By, found: Around, vote: CouncilVote | None) -> None:
    """Raises: Declined (E-03), also for who chairs from outside where it would show an internal question."""
    await council.must_be(tx, by.person, found, MAY_RECORD)
    if vote is not None and vote.internal:
        await council.must_read_all(tx, by.person, found)


async def _recorded(tx: Tx, where: Where, draft: Draft) -> Replies:
    if where.vote is not None:
        row = await of_vote(tx, where, draft)
    elif where.meeting is not None:
        row = await record(tx, Around(where.meeting, where.council), draft)
    else:
        raise Declined(views.no_meeting_now(where.council.name), code="E-05")
    card = views.decision(await standing.shown(tx, row), is_new=True)
    return Replies(answer=Answer(card, private=row.internal), refresh=shown_again(row), undoable=True)


def shown_again(row: Decision) -> tuple[Refresh, ...]:
    """What shows the meeting that made a decision."""
    of = {"meeting": row.meeting_id or 0}
    return (Refresh("meeting.room", of), Refresh("meeting.chair", of))


async def record(tx: Tx, found: Around, draft: Draft) -> Decision:
    """Writes a decision of a meeting down: in force only where the council is quorate at this moment.

    Raises: Declined where the meeting's record is out; Misfit where more voted than there are voting seats, and where
    it can't be decided like that. Source: domain.md 2.4 (7, 9).
    """
    await hold(tx, found.meeting)
    if found.meeting.state not in (*RUNNING, *standing.RECORD_IS_OPEN):
        raise Declined(views.no_meeting_now(found.council.name), code="E-05")
    quorum = await standing.quorum_at(tx, found)
    if draft.count is not None and not draft.count.fits(quorum.present):
        raise Misfit("votes", views.too_many_votes(draft.count, quorum.present))
    where = Where(found.council, found.meeting)
    return await _written(tx, where, draft, (rules.state_of(quorum), quorum.present, quorum.needed))


async def of_vote(tx: Tx, where: Where, draft: Draft) -> Decision:
    """Writes the result of a vote down; of one that too few took part in it is provisional.

    Raises: Declined where the vote is not closed, not carried, or recorded already; Misfit as `record` does.
    """
    vote = work.known(where.vote, "that vote", "vote")
    if vote.state is not CouncilVote.State.CLOSED:
        raise Declined(views.vote_not_closed(vote.question), code="E-05")
    if vote.decision_id is not None:
        known = await tx.need(Decision, vote.decision_id)
        raise Declined(views.recorded_already(known.code), code="E-05")
    took_part = (await standing.vote_shown(tx, vote)).took_part
    is_valid = took_part >= vote.quorum_needed
    if where.meeting is not None:  # the moment of recording counts; Source: domain.md 2.4 (7)
        is_valid = is_valid and (await standing.quorum_at(tx, Around(where.meeting, where.council))).is_met
    state = State.IN_FORCE if is_valid else State.PROVISIONAL
    row = await _written(
        tx, where, replace(draft, internal=draft.internal or vote.internal), (state, took_part, vote.quorum_needed)
    )
    vote.decision_id = row.id
    await link(tx, (Thing.VOTE, vote.id), (Thing.DECISION, row.id))
    return row


async def _written(tx: Tx, where: Where, draft: Draft, stands: tuple[State, int, int]) -> Decision:
    """A new decision with its code; `stands` are its state, the voting seats that were taken, and those needed."""
    count, meeting = draft.count, where.meeting
    if count is not None and not count.is_carried:
        raise Misfit("votes", views.not_carried(count))
    state, present, needed = stands
    await _makes_room(tx, draft, state)
    row = Decision(
        code=await next_code(tx, "D"),
        council_id=where.council.id,
        meeting_id=None if meeting is None else meeting.id,
        item_id=draft.item_id,
        section=draft.section or (None if meeting is None else meeting.section),
        text=draft.text,
        reason=draft.reason,
        implications=draft.implications,
        means=[{"department": each.department_id, "text": each.text} for each in draft.means],
        customer_view=draft.customer_view,
        moved_by=draft.moved_by,
        votes_for=None if count is None else count.votes_for,
        votes_against=None if count is None else count.votes_against,
        votes_abstain=None if count is None else count.votes_abstain,
        state=state,
        voting_present=present,
        quorum_needed=needed,
        decided_at=_decided_at(meeting, tx.acting.now),
        from_on=draft.from_on,
        review_on=draft.review_on,
        internal=draft.internal,
        supersedes_id=None if draft.replaces is None else draft.replaces.id,
    )
    tx.add(row)
    await tx.flush()
    audit.note(tx, (Thing.DECISION, row.id), "decide", after=row.state.value)
    await _follows(tx, where, row, draft)
    return row


def _decided_at(meeting: CouncilMeeting | None, now: datetime) -> datetime:
    """Now; of a meeting that is over, or is recorded afterwards, on its day."""
    if meeting is None:
        return now
    held_at = meeting.opened_at if meeting.recorded_at is not None else meeting.adjourned_at
    return held_at or now


async def _makes_room(tx: Tx, draft: Draft, state: State) -> None:
    """The item is decided, and what is to be superseded can be: here all or nothing is written. Raises: Misfit."""
    if draft.replaces is not None and state is State.IN_FORCE:
        with _fitting("replaces"):
            work.legal(rules.MOVES, "supersede", draft.replaces.state, code=draft.replaces.code)
    item = None if draft.item_id is None else await tx.get(AgendaItem, draft.item_id)
    if item is not None and item.state is not AgendaItem.State.DECIDED:  # one item may have several decisions
        with _fitting("item"):
            await agenda.decide(tx, item, tx.acting.now)


@contextmanager
def _fitting(name: str) -> Iterator[None]:
    """What is declined inside is said beside an input of the form."""
    try:
        yield
    except Declined as problem:
        raise Misfit(name, problem.words, code=problem.code) from problem


async def _follows(tx: Tx, where: Where, row: Decision, draft: Draft) -> None:
    """Its place in the chain, the decision it supersedes, and what it still needs."""
    start: End | None = None if draft.item_id is None else (Thing.AGENDA_ITEM, draft.item_id)
    if start is None and where.meeting is not None:
        start = (Thing.MEETING, where.meeting.id)
    if start is not None:
        await link(tx, start, (Thing.DECISION, row.id))
    if row.state is State.PROVISIONAL:
        await settling.put_on_next(tx, row, views.ratify_title(row), where.meeting)
    elif draft.replaces is not None:
        await settling.superseded(tx, draft.replaces, row)
    await tx.flush()
