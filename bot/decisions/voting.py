"""Questions put to a council's voting seats, at the table or between meetings, open or secret.

Of a secret vote nothing is kept that ties a choice to a person, not even the answer to the press: see
storage/decisions.py.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Due, Pressed
from bot.chat.localtime import instant, today_in
from bot.chat.replies import Answer, Plan, Refresh, Replies, Show
from bot.council import dates
from bot.council import rules as council_rules
from bot.council import standing as council
from bot.council.standing import Around
from bot.decisions import rules, standing, vote_views
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit, meetings
from storage.agenda import AgendaItem, item_numbered
from storage.councils import Council, CouncilRoom, rooms
from storage.decisions import (
    Choice,
    CouncilVote,
    OpenVote,
    SecretTally,
    VoteVoter,
    count_secretly,
    hold_vote,
    open_at,
    open_ballots,
    open_votes,
    take_turn,
    tallies,
    voters,
)
from storage.links import Thing, link
from storage.meetings import RUNNING, Attendance
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx

KEYS = ("until", "item", "internal", "council")
WITHOUT_NAMES = "secret"
YES = frozenset({"yes", "y", "true", "on"})
BALLOT, ROOM, CHAIR = "vote.ballot", "vote.room", "vote.chair"
CLOSE, REMIND = "vote.close", "vote.remind"
WINDOW_WORKING_DAYS = 3
REMINDED_BEFORE = timedelta(hours=24)
LEAST_WINDOW = timedelta(hours=1)
State = CouncilVote.State


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council vote "question" [secret] [until:fri] [item:5.2]`; without a question the votes that are open."""
    of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    if not event.command.quoted:
        _asks_nothing(event)
        return await _listed(event, tx, of, now)
    found = await council.next_of(tx, of)
    await council.must_be(tx, event.by.person, found, (Part.CHAIR,))
    question = work.at_most(rules.QUESTION_MAX, " ".join(event.command.quoted[0].split()), "question")
    is_secret = WITHOUT_NAMES in event.command.words.casefold().split()
    is_live = found.meeting.state in RUNNING and found.meeting.recorded_at is None
    if found.meeting.recorded_at is not None and "until" not in event.command.keys:
        raise Declined(vote_views.is_recorded(of.name, found.meets_on), code="E-05")
    at_the_table = is_live and "until" not in event.command.keys
    if at_the_table:
        still = [each for each in await open_votes(tx, of.id) if each.meeting_id == found.meeting.id]
        if still:
            is_veiled = not await standing.may_follow(tx, event.by.person, still[0])
            raise Declined(vote_views.another_open(still[0], is_veiled=is_veiled), code="E-05")
    item = await _item(tx, found, event.command.keys.get("item", "")) if at_the_table else None
    internal = (item is not None and item.internal) or event.command.keys.get("internal", "").casefold() in YES
    if internal:
        await council.must_read_all(tx, event.by.person, found)
    seated = await (_at_the_table(tx, found) if at_the_table else _on_seats(tx, found))
    roster = [each for each in seated if not (internal and each.is_external)]
    if not roster:
        raise Declined(vote_views.nobody())
    closes_at = None if at_the_table else await _window(event, tx, found, now)
    vote = CouncilVote(
        council_id=of.id,
        meeting_id=found.meeting.id if at_the_table else None,
        item_id=None if item is None else item.id,
        section=None if item is None else item.section,
        question=question,
        is_secret=is_secret,
        internal=internal,
        opened_at=now,
        closes_at=closes_at,
        quorum_needed=await _needed(tx, found),
    )
    return await _opened(tx, vote, roster, now)


def _asks_nothing(event: Asked) -> None:
    """Raises: Declined where somebody wrote a question without quotes, or how to vote without a question."""
    words = event.command.words.strip().strip('"“”').strip()
    question = "" if words.casefold() == WITHOUT_NAMES else words
    if words or any(each != "council" for each in event.command.keys):
        raise Declined(vote_views.no_question(question))


async def _opened(tx: Tx, vote: CouncilVote, roster: Sequence[Person], now: datetime) -> Replies:
    tx.add(vote)
    await tx.flush()
    # In the order of their numbers as people, so that no row's number says anything of the vote.
    tx.add(*(VoteVoter(vote_id=vote.id, person_id=each.id) for each in sorted(roster, key=lambda one: one.id)))
    if vote.is_secret:
        tx.add(*(SecretTally(vote_id=vote.id, choice=each) for each in Choice))
    await tx.flush()
    audit.note(tx, (Thing.VOTE, vote.id), "open", after=vote.state.value)
    if vote.item_id is not None:
        await link(tx, (Thing.AGENDA_ITEM, vote.item_id), (Thing.VOTE, vote.id))
    ids = {"vote": vote.id}
    ballots = tuple(
        Show(f"vote:{vote.id}:ballot:{each.id}", each, BALLOT, ids, Lane.Traffic.PROMPT, urgent=vote.closes_at is None)
        for each in roster
    )
    # Guests may be in the council's rooms: what is internal is asked of each seat alone.
    places = [] if vote.internal else await rooms(tx, vote.council_id, CouncilRoom.Purpose.COUNCIL)
    shown = tuple(Show(f"vote:{vote.id}:room:{each.id}", each, ROOM, ids) for each in places)
    card = vote_views.for_chair(await standing.vote_shown(tx, vote), now)
    return Replies(answer=Answer(card), show=ballots + shown, plan=_steps(vote, now))


def _steps(vote: CouncilVote, now: datetime) -> tuple[Plan, ...]:
    if vote.closes_at is None:
        return ()
    remind_at = vote.closes_at - REMINDED_BEFORE
    close = Plan(f"vote:{vote.id}:close", CLOSE, vote.id, vote.closes_at)
    return (close, Plan(f"vote:{vote.id}:remind", REMIND, vote.id, remind_at)) if remind_at > now else (close,)


async def _at_the_table(tx: Tx, found: Around) -> list[Person]:
    """Whose seat counts at this moment, each person once."""
    counted = [each.person_id for each in await council.there_now(tx, found) if each.counts]
    return [await tx.need(Person, each) for each in dict.fromkeys(counted)]


async def _on_seats(tx: Tx, found: Around) -> list[Person]:
    """Who holds a voting seat and can decide, each person once; a deputy only for who has sent one to the meeting."""
    said = await council.said_by_seat(tx, found)
    chosen: dict[int, None] = {}
    for seat in council_rules.voting(await council.all_seats(tx, found.council), found.council):
        answer = said.get(seat.id)
        is_deputised = answer is not None and answer.rsvp is Attendance.Rsvp.DEPUTY and answer.deputy_can_decide
        if seat.can_decide and seat.person_id is not None:
            chosen[seat.person_id] = None
        elif is_deputised and answer is not None and answer.deputy_id is not None:
            chosen[answer.deputy_id] = None
    people = [await tx.get(Person, each) for each in chosen]
    return [each for each in people if each is not None and each.active]


async def _needed(tx: Tx, found: Around) -> int:
    """How many must take part: the quorum."""
    if found.meeting.state in RUNNING and found.meeting.quorum_needed is not None:
        return found.meeting.quorum_needed
    filled = len(council_rules.voting(await council.all_seats(tx, found.council), found.council))
    return council_rules.quorum_needed(filled, found.council)


async def _window(event: Asked, tx: Tx, found: Around, now: datetime) -> datetime:
    """Until when seats can answer: 16:00 of the day named, else of the third working day. Raises: Declined."""
    text = event.command.keys.get("until", "")
    today = today_in(found.zone, now)
    on = dates.working_day_after(today, found.council.calendar, WINDOW_WORKING_DAYS)
    if text:
        on = await work.day_meant(tx, event.by, text, now, line=event.command.text)
    closes_at = instant(on, dates.FOUR, found.zone)
    if closes_at < now + LEAST_WINDOW:
        raise Declined(vote_views.too_soon(), code="E-06")
    return closes_at


async def _item(tx: Tx, found: Around, text: str) -> AgendaItem | None:
    """The item `5.2`, else the one that was called up."""
    section, _, seq = text.partition(".")
    if section.isdecimal() and seq.isdecimal():
        return work.known(await item_numbered(tx, found.meeting.id, int(section), int(seq)), text, "item")
    number = found.meeting.item_id
    return None if number is None else await tx.get(AgendaItem, number)


async def _listed(event: Asked, tx: Tx, of: Council, now: datetime) -> Replies:
    found = [each for each in await open_votes(tx, of.id) if await standing.may_follow(tx, event.by.person, each)]
    if not found:
        raise Declined(vote_views.no_question())
    vote = found[0]
    if Part.CHAIR in await council.parts_of(tx, event.by.person, await _around(tx, vote)):
        return Replies(answer=Answer(vote_views.for_chair(await standing.vote_shown(tx, vote), now)))
    return Replies(answer=Answer(await standing.ballot_of(tx, vote, event.by.person, now)))


# --- a vote is cast


async def cast(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**For**, **Against**, **Abstain**. Raises: Declined where it is over, not theirs, or secret and cast before."""
    vote = work.known(await tx.get(CouncilVote, event.number("vote")), "that vote", "vote")
    await hold_vote(tx, vote)
    choice = _choice(event)
    await _must_be_open(tx, vote, now)
    person = event.by.person
    mine = next((each for each in await voters(tx, vote.id) if each.person_id == person.id), None)
    if mine is None:
        raise Declined(vote_views.not_yours(), code="E-03")
    if not await _may_still(tx, vote, person):
        raise Declined(vote_views.no_vote_now(at_the_table=vote.meeting_id is not None), code="E-05")
    is_first = await take_turn(tx, vote.id, person.id)
    if vote.is_secret:
        if not is_first:
            raise Declined(vote_views.voted_already(), code="E-05")
        await count_secretly(tx, vote.id, choice)
    else:
        await _keep(tx, vote, person, choice)
    # What a press is answered with is kept for its redelivery; of a secret vote it says nothing of the choice.
    card = vote_views.taken(vote, choice, again=not is_first)
    return Replies(answer=Answer(card, stays=True), refresh=_everywhere(vote))


async def _may_still(tx: Tx, vote: CouncilVote, person: Person) -> bool:
    """Whether somebody who was asked has a seat that counts: at a meeting at its table, between meetings as it is."""
    found = await _around(tx, vote)
    entitled = await (_on_seats if vote.meeting_id is None else _at_the_table)(tx, found)
    return any(each.id == person.id for each in entitled)


def _choice(event: Pressed) -> Choice:
    try:
        return Choice(event.ids.get("choice", ""))
    except ValueError as problem:
        raise Declined(vote_views.not_yours(), code="E-04") from problem


async def _keep(tx: Tx, vote: CouncilVote, person: Person, choice: Choice) -> None:
    known = next((each for each in await open_ballots(tx, vote.id) if each.person_id == person.id), None)
    if known is None:
        tx.add(OpenVote(vote_id=vote.id, person_id=person.id, choice=choice))
    else:
        known.choice = choice
    await tx.flush()


async def _must_be_open(tx: Tx, vote: CouncilVote, now: datetime) -> None:
    meeting = None if vote.meeting_id is None else await tx.get(meetings.CouncilMeeting, vote.meeting_id)
    is_late = vote.closes_at is not None and now >= vote.closes_at
    if vote.state is not State.OPEN or is_late or (meeting is not None and meeting.state not in RUNNING):
        raise Declined(vote_views.over(vote), code="E-05")


def _everywhere(vote: CouncilVote) -> tuple[Refresh, ...]:
    return tuple(Refresh(view, {"vote": vote.id}) for view in (BALLOT, ROOM))


# --- a vote is over


async def close(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Close the vote**: the chair's."""
    vote = await _of_chair(event, tx, "close")
    await _close(tx, vote)
    shown = await standing.vote_shown(tx, vote)
    return Replies(answer=Answer(vote_views.for_chair(shown, now), settles=True), refresh=_everywhere(vote))


async def cancel(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Call it off**: no vote is counted."""
    vote = await _of_chair(event, tx, "cancel")
    vote.state = State.CANCELLED
    audit.note(tx, (Thing.VOTE, vote.id), "cancel", before=State.OPEN.value, after=vote.state.value)
    await tx.flush()
    shown = await standing.vote_shown(tx, vote)
    return Replies(answer=Answer(vote_views.for_chair(shown, now), settles=True), refresh=_everywhere(vote))


async def _of_chair(event: Pressed, tx: Tx, verb: str) -> CouncilVote:
    vote = work.known(await tx.get(CouncilVote, event.number("vote")), "that vote", "vote")
    await must_chair(tx, event.by, vote)
    await hold_vote(tx, vote)
    work.legal(rules.VOTE_MOVES, verb, vote.state, code=vote_views.THAT_VOTE)
    return vote


async def must_chair(tx: Tx, by: By, vote: CouncilVote) -> None:
    """Raises: Declined (E-03), also for who chairs from outside where the question is internal."""
    found = await _around(tx, vote)
    await council.must_be(tx, by.person, found, (Part.CHAIR,))
    if vote.internal:
        await council.must_read_all(tx, by.person, found)


async def _around(tx: Tx, vote: CouncilVote) -> Around:
    """The meeting at which it is asked; of one between meetings the next."""
    meeting = None if vote.meeting_id is None else await tx.get(meetings.CouncilMeeting, vote.meeting_id)
    of = await tx.need(Council, vote.council_id)
    return Around(meeting, of) if meeting is not None else await council.next_of(tx, of)


async def _close(tx: Tx, vote: CouncilVote) -> None:
    counted = await tallies(tx, vote)
    vote.votes_for, vote.votes_against = counted[Choice.FOR], counted[Choice.AGAINST]
    vote.votes_abstain = counted[Choice.ABSTAIN]
    vote.state = State.CLOSED
    audit.note(tx, (Thing.VOTE, vote.id), "close", before=State.OPEN.value, after=vote.state.value)
    await tx.flush()


async def close_all(tx: Tx, meeting: meetings.CouncilMeeting) -> tuple[Refresh, ...]:
    """A meeting is over: what it was still voting on is counted as it stands."""
    stale: tuple[Refresh, ...] = ()
    for vote in await open_at(tx, meeting.id):
        await hold_vote(tx, vote)
        await _close(tx, vote)
        stale += _everywhere(vote)
    return stale


async def close_on_time(event: Due, tx: Tx, _now: datetime) -> Replies:
    """The window is over: the result is shown where the question stood, and the chair is told."""
    vote = await tx.get(CouncilVote, event.subject_id)
    if vote is None or vote.state is not State.OPEN:
        return Replies(skipped=True)
    await hold_vote(tx, vote)
    if vote.state is not State.OPEN:
        return Replies(skipped=True)
    await _close(tx, vote)
    of = await tx.need(Council, vote.council_id)
    chair = None if of.chair_id is None else await tx.get(Person, of.chair_id)
    show = () if chair is None else (Show(f"vote:{vote.id}:chair", chair, CHAIR, {"vote": vote.id}),)
    return Replies(show=show, refresh=_everywhere(vote), outcome=vote_views.CLOSED)


async def remind(event: Due, tx: Tx, now: datetime) -> Replies:
    """A day before the window closes: those who have not voted."""
    vote = await tx.get(CouncilVote, event.subject_id)
    if vote is None or vote.state is not State.OPEN or event.missed or (vote.closes_at and now >= vote.closes_at):
        return Replies(skipped=True)
    silent = [each.person_id for each in await voters(tx, vote.id) if not each.has_voted]
    people = [await tx.need(Person, each) for each in silent]
    show = tuple(
        Show(f"vote:{vote.id}:again:{each.id}", each, BALLOT, {"vote": vote.id}, Lane.Traffic.PROMPT,
             not_after=vote.closes_at)
        for each in people
    )  # fmt: skip
    return Replies(show=show, outcome=vote_views.reminded(len(people)))
