"""What cards and handlers both gather about decisions and votes."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import By
from bot.council import rules as council_rules
from bot.council import standing as council
from bot.council.rules import Count, Quorum, Reading
from bot.council.standing import Around
from bot.decisions import views, vote_views
from bot.decisions.rules import by_name, said_to_all
from bot.decisions.views import Shown
from bot.decisions.vote_views import Vote
from bot.work.rules import Part
from storage import meetings
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import CouncilVote, Decision, open_ballots, provisional, superseding, voters
from storage.meetings import RUNNING, CouncilMeeting
from storage.people import Person, departments
from storage.tx import Tx

RECORD_IS_OPEN = (CouncilMeeting.State.ADJOURNED, CouncilMeeting.State.MINUTES_DRAFT)
"""The meeting is over, and its minutes are not out: what was overlooked can still be recorded."""


async def shown(tx: Tx, decision: Decision) -> Shown:
    """Everything that a decision's card says."""
    known = {each.id: each for each in await departments(tx)}
    means = [(known[each["department"]], str(each["text"])) for each in decision.means if each["department"] in known]
    return Shown(
        decision,
        await tx.need(Council, decision.council_id),
        None if decision.meeting_id is None else await tx.get(CouncilMeeting, decision.meeting_id),
        None if decision.item_id is None else await tx.get(AgendaItem, decision.item_id),
        None if decision.moved_by is None else await tx.get(Person, decision.moved_by),
        means,
        None if decision.supersedes_id is None else await tx.get(Decision, decision.supersedes_id),
        await superseding(tx, decision) if decision.state is Decision.State.SUPERSEDED else None,
        to_all=said_to_all(decision.implications, by_name(known.values())),
        recorded_at=decision.created_at,
    )


async def may_read(tx: Tx, person: Person, decision: Decision) -> bool:
    """Whether somebody may read a decision: an internal one only insiders who belong to the council."""
    if not decision.internal:
        return True
    found = await _around(tx, decision)
    return await council.reading_of(tx, person, found) is Reading.FULL


async def _around(tx: Tx, decision: Decision) -> Around:
    of = await tx.need(Council, decision.council_id)
    meeting = None if decision.meeting_id is None else await tx.get(CouncilMeeting, decision.meeting_id)
    return Around(meeting, of) if meeting is not None else await council.next_of(tx, of)


async def recording_at(tx: Tx, by: By, named: str = "") -> Around:
    """The meeting whose record is being kept: the one being held, else the newest whose minutes are not out.

    Raises: Declined.
    """
    of = await council.council_meant(tx, by, named)
    meeting = await meetings.next_meeting(tx, of.id)
    if meeting is not None and meeting.state in RUNNING:
        return Around(meeting, of)
    last = await meetings.newest_held(tx, of.id)
    if last is not None and last.state in RECORD_IS_OPEN:
        return Around(last, of)
    raise Declined(views.no_meeting_now(of.name), code="E-05")


async def quorum_at(tx: Tx, found: Around) -> Quorum:
    """The quorum now; of a meeting that is over, as it was when it ended."""
    ended_at = found.meeting.adjourned_at
    if ended_at is None:
        return await council.quorum_now(tx, found)
    seats = {each.id: each for each in await council.sat_on(tx, found)}
    attendances = {each.id: each for each in await meetings.attendances(tx, found.meeting.id)}
    stayed = [
        each.model_copy(update={"to_at": None})
        for each in await meetings.presences(tx, found.meeting.id)
        if each.to_at is None or each.to_at >= ended_at
    ]
    there = council_rules.sitting(found.council, seats, attendances, stayed)
    return council_rules.quorum_of(found.council, seats.values(), there, found.meeting.quorum_needed)


async def vote_shown(tx: Tx, vote: CouncilVote) -> Vote:
    """A vote with its roster, and its result once it is closed."""
    counted = None
    if vote.votes_for is not None and vote.votes_against is not None and vote.votes_abstain is not None:
        counted = Count(vote.votes_for, vote.votes_against, vote.votes_abstain)
    return Vote(vote, await tx.need(Council, vote.council_id), await voters(tx, vote.id), counted)


async def waiting(tx: Tx, of: Council) -> Sequence[Decision]:
    """The decisions that wait to be ratified."""
    return await provisional(tx, of.id)


async def ballot_of(tx: Tx, vote: CouncilVote, person: Person, now: datetime) -> Card:
    """The question to somebody, with what they voted where that is no secret."""
    found = await vote_shown(tx, vote)
    turn = next((each for each in found.roster if each.person_id == person.id), None)
    if turn is None:
        return vote_views.room(found, now)
    ballots = () if vote.is_secret else await open_ballots(tx, vote.id)
    mine = next((each.choice for each in ballots if each.person_id == person.id), None)
    return vote_views.ballot(found, now, mine, has_voted=turn.has_voted)


async def may_follow(tx: Tx, person: Person, vote: CouncilVote) -> bool:
    """Whether somebody may see a question that is being voted on: who may vote, and who belongs to the council."""
    if person.id in {each.person_id for each in await voters(tx, vote.id)}:
        return True
    of = await tx.need(Council, vote.council_id)
    meeting = None if vote.meeting_id is None else await tx.get(CouncilMeeting, vote.meeting_id)
    found = Around(meeting, of) if meeting is not None else await council.next_of(tx, of)
    reading = await council.reading_of(tx, person, found)
    return reading is Reading.FULL or (reading is Reading.OUTSIDER and not vote.internal)


async def may_settle(tx: Tx, person: Person, decision: Decision) -> bool:
    """Whether somebody is asked what is to become of a decision: the chair and the secretary."""
    parts = await council.parts_of(tx, person, await _around(tx, decision))
    return not parts.isdisjoint({Part.CHAIR, Part.SECRETARY})
