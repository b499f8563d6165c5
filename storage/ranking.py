"""Ranking rounds: initiatives that stakeholders put in an order, and their ballots."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import UniqueConstraint, col, select

from storage.columns import Noun, at, constraints, document, number_of, word
from storage.initiatives import Initiative, Score
from storage.people import Account, Person
from storage.tx import Tx


class RankingRound(Noun, table=True):
    """Some initiatives and who is asked about them, until an instant. Both lists hold row numbers."""

    class State(StrEnum):
        """Source: domain.md 2.3; it is written and opened in one step."""

        OPEN = "open"
        CLOSED = "closed"
        PUBLISHED = "published"
        CANCELLED = "cancelled"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    opened_by: int = number_of("person")
    initiatives: list[int] = document()
    invited: list[int] = document()
    closes_at: datetime = at()
    state: State = word(State, default=State.OPEN)
    ratings: list[list[int]] = document(default_factory=list)
    """Initiative, benefit, cost and effort of every rating at the close."""


class Ballot(Noun, table=True):
    """Somebody's order of a round's initiatives; the newest before the close counts."""

    __table_args__ = constraints(UniqueConstraint("round_id", "person_id"))
    round_id: int = number_of("ranking_round")
    person_id: int = number_of("person", index=True)
    tiers: list[list[int]] = document()
    """Row numbers, the most wanted tier first; what is left out has no view."""
    hard: list[int] = document()
    """What looks hard to do."""


async def round_coded(tx: Tx, code: str) -> RankingRound | None:
    """The round with that code, in any case."""
    return await tx.first(select(RankingRound).where(RankingRound.code == code.upper()))


async def locked(tx: Tx, row: RankingRound) -> None:
    """Reads a round anew, and lets nobody else vote in it, close it or publish it until this transaction ends."""
    newest = select(RankingRound).where(RankingRound.id == row.id).with_for_update()
    await tx.session.execute(newest.execution_options(populate_existing=True))


async def rounds(tx: Tx, most: int) -> Sequence[RankingRound]:
    """The newest rounds, newest first."""
    return await tx.all(select(RankingRound).order_by(col(RankingRound.id).desc()).limit(most))


async def open_rounds(tx: Tx) -> Sequence[RankingRound]:
    """Rounds in which ballots are taken, oldest first."""
    return await tx.all(
        select(RankingRound).where(RankingRound.state == RankingRound.State.OPEN).order_by(col(RankingRound.id))
    )


async def ballots_of(tx: Tx, round_id: int) -> Sequence[Ballot]:
    """Every ballot of a round, the first one first."""
    return await tx.all(select(Ballot).where(Ballot.round_id == round_id).order_by(col(Ballot.id)))


async def ballot_of(tx: Tx, round_id: int, person_id: int) -> Ballot | None:
    """Somebody's ballot."""
    return await tx.first(select(Ballot).where(Ballot.round_id == round_id, Ballot.person_id == person_id))


async def ranked(tx: Tx, numbers: Collection[int]) -> Sequence[Initiative]:
    """The initiatives of a round, the oldest first."""
    return await tx.all(select(Initiative).where(col(Initiative.id).in_(numbers)).order_by(col(Initiative.id)))


async def scores_in(tx: Tx, numbers: Collection[int]) -> Sequence[Score]:
    """Every rating of some initiatives."""
    return await tx.all(select(Score).where(col(Score.initiative_id).in_(numbers)).order_by(col(Score.id)))


async def reachable(tx: Tx, numbers: Collection[int]) -> Sequence[Person]:
    """Those of some people who are here and have an account, by name."""
    has_account = select(Account.id).where(Account.person_id == Person.id).exists()
    here = (col(Person.id).in_(numbers), col(Person.active).is_(True), has_account)
    return await tx.all(select(Person).where(*here).order_by(col(Person.name), col(Person.id)))
