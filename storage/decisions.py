"""What councils decide, and how they vote on it.

A secret vote keeps who has voted and what was voted apart: a voter's row says that they have, three counters say how
often each choice was made; neither has a time, an author or an order, and neither is in the change log.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Document, Noun, Row, RowId, Utc, constraints, count, number_of, personal, word
from storage.columns import at as instant
from storage.tx import Tx


class Choice(StrEnum):
    """What somebody can vote."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Decision(Noun, table=True):
    """A numbered decision; its text never changes, another one supersedes it. Source: domain.md 2.2, S2-12, S2-15."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PROVISIONAL = "provisional"
        IN_FORCE = "in_force"
        LAPSED = "lapsed"
        SUPERSEDED = "superseded"
        REVERSED = "reversed"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    council_id: int = number_of("council", index=True)
    meeting_id: int | None = number_of("council_meeting", default=None, nullable=True, index=True)
    """None: it was decided between two meetings."""
    item_id: int | None = number_of("agenda_item", default=None, nullable=True)
    section: int | None = None
    text: str = personal()
    reason: str = personal(default="")
    implications: str = personal(default="")
    """What it means for other departments, as it was said; `none` is an answer."""
    means: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Document, sa_column_kwargs={"info": {"personal": True}}
    )
    """The same by department: `{"department": 3, "text": "fewer revisits"}`."""
    customer_view: str = personal(default="")
    moved_by: int | None = number_of("person", default=None, nullable=True)
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstain: int | None = None
    """All None: nobody counted."""
    state: State = word(State, default=State.IN_FORCE)
    state_reason: str = personal(default="")
    """Why it lapsed or was reversed."""
    voting_present: int = count()
    quorum_needed: int = count()
    """Both as they were at that moment; between meetings, who took part in the vote."""
    decided_at: datetime = instant()
    from_on: date | None = None
    """From when it holds; None: at once."""
    review_on: date | None = None
    internal: bool = False
    reversals: int = count()
    supersedes_id: int | None = Field(default=None, sa_type=RowId)
    ratified_in: int | None = Field(default=None, sa_type=RowId)
    """The meeting that ratified it."""


class CouncilVote(Noun, table=True):
    """A question that was put to a council's voting seats."""

    class State(StrEnum):
        """Whether it can be answered."""

        OPEN = "open"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    council_id: int = number_of("council", index=True)
    meeting_id: int | None = number_of("council_meeting", default=None, nullable=True, index=True)
    """None: between two meetings."""
    item_id: int | None = number_of("agenda_item", default=None, nullable=True)
    section: int | None = None
    question: str = personal()
    is_secret: bool = False
    internal: bool = False
    """Whether people from outside the organisation neither read it nor vote on it."""
    state: State = word(State, default=State.OPEN)
    opened_at: datetime = instant()
    closes_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """The end of its window; None: when the chair closes it."""
    quorum_needed: int = count()
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstain: int | None = None
    """As counted when it was closed."""
    decision_id: int | None = number_of("decision", default=None, nullable=True)


class VoteVoter(Row, table=True):
    """Somebody who may vote on a question, once; `has_voted` says that they have, and never when or what."""

    __table_args__ = constraints(UniqueConstraint("vote_id", "person_id"))
    vote_id: int = number_of("council_vote")
    person_id: int = number_of("person")
    has_voted: bool = False


class OpenVote(Noun, table=True):
    """What somebody voted in an open vote; they may change it until it is closed."""

    __table_args__ = constraints(UniqueConstraint("vote_id", "person_id"))
    vote_id: int = number_of("council_vote")
    person_id: int = number_of("person")
    choice: Choice = word(Choice)


class SecretTally(Row, table=True):
    """How often a choice was made in a secret vote."""

    __table_args__ = constraints(UniqueConstraint("vote_id", "choice"))
    vote_id: int = number_of("council_vote")
    choice: Choice = word(Choice)
    number: int = count()


async def decision_coded(tx: Tx, code: str) -> Decision | None:
    """The decision with that code, in any case."""
    return await tx.first(select(Decision).where(Decision.code == code.strip().upper()))


async def decisions_of(tx: Tx, meeting_id: int) -> Sequence[Decision]:
    """What a meeting decided, in order."""
    return await tx.all(select(Decision).where(Decision.meeting_id == meeting_id).order_by(col(Decision.id)))


async def decisions(
    tx: Tx, council_ids: Collection[int], states: Collection[Decision.State] = (), *, most: int = 500
) -> Sequence[Decision]:
    """The decisions of some councils, newest first."""
    wanted = [col(Decision.council_id).in_(council_ids)]
    if states:
        wanted.append(col(Decision.state).in_(states))
    return await tx.all(select(Decision).where(*wanted).order_by(col(Decision.id).desc()).limit(most))


async def open_votes(tx: Tx, council_id: int) -> Sequence[CouncilVote]:
    """The questions that are before a council's seats, the oldest first."""
    of = (CouncilVote.council_id == council_id, CouncilVote.state == CouncilVote.State.OPEN)
    return await tx.all(select(CouncilVote).where(*of).order_by(col(CouncilVote.id)))


async def voters(tx: Tx, vote_id: int) -> Sequence[VoteVoter]:
    """Who may vote on a question; in the order of their numbers as people, which says nothing of the vote."""
    return await tx.all(select(VoteVoter).where(VoteVoter.vote_id == vote_id).order_by(col(VoteVoter.person_id)))


async def take_turn(tx: Tx, vote_id: int, person_id: int) -> bool:
    """Marks that somebody has voted; False where they may not, or have. One statement, so nobody votes twice."""
    mine = (col(VoteVoter.vote_id) == vote_id, col(VoteVoter.person_id) == person_id)
    turn = update(VoteVoter).where(*mine, col(VoteVoter.has_voted).is_(False)).values(has_voted=True)
    return bool(await tx.changed(turn))


async def count_secretly(tx: Tx, vote_id: int, choice: Choice) -> None:
    """One more of a choice: a statement that leaves nothing in the change log."""
    which = (col(SecretTally.vote_id) == vote_id, col(SecretTally.choice) == choice)
    await tx.run(update(SecretTally).where(*which).values(number=SecretTally.number + 1))


async def tallies(tx: Tx, vote: CouncilVote) -> dict[Choice, int]:
    """How often each choice was made so far, in an open vote or in a secret one."""
    counted = dict.fromkeys(Choice, 0)
    if vote.is_secret:
        for each in await tx.all(select(SecretTally).where(SecretTally.vote_id == vote.id)):
            await tx.session.refresh(each)
            counted[each.choice] = each.number
        return counted
    for ballot in await open_ballots(tx, vote.id):
        counted[ballot.choice] += 1
    return counted


async def open_ballots(tx: Tx, vote_id: int) -> Sequence[OpenVote]:
    """What was voted in an open vote, by person."""
    return await tx.all(select(OpenVote).where(OpenVote.vote_id == vote_id).order_by(col(OpenVote.person_id)))


async def superseding(tx: Tx, row: Decision) -> Decision | None:
    """The decision that took another one's place."""
    mine = (Decision.supersedes_id == row.id, Decision.state != Decision.State.LAPSED)
    return await tx.first(select(Decision).where(*mine).order_by(col(Decision.id).desc()))


async def provisional(tx: Tx, council_id: int) -> Sequence[Decision]:
    """The decisions of a council that wait to be ratified, the oldest first."""
    of = (Decision.council_id == council_id, Decision.state == Decision.State.PROVISIONAL)
    return await tx.all(select(Decision).where(*of).order_by(col(Decision.id)))


async def hold_vote(tx: Tx, vote: CouncilVote) -> None:
    """Until this transaction ends nobody else votes on a question or closes it."""
    one = select(CouncilVote.id).where(CouncilVote.id == vote.id)
    await tx.first(one.with_for_update(key_share=True))
    await tx.session.refresh(vote)


async def open_at(tx: Tx, meeting_id: int) -> Sequence[CouncilVote]:
    """The questions that a meeting has not closed yet."""
    of = (CouncilVote.meeting_id == meeting_id, CouncilVote.state == CouncilVote.State.OPEN)
    return await tx.all(select(CouncilVote).where(*of).order_by(col(CouncilVote.id)))
