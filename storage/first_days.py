"""The first days of somebody new: when they joined, and what they have tried since."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint, col, exists, or_, select

from storage.actions import Action
from storage.columns import Noun, Row, Utc, constraints, number_of, word
from storage.huddles import HuddleAnswer
from storage.inserting import add_once
from storage.teams import Membership
from storage.tx import Change, Tx


class FirstDays(Noun, table=True):
    """Somebody who came into a team for the first time, and on which day of theirs."""

    __table_args__ = constraints(UniqueConstraint("person_id"))
    person_id: int = number_of("person")
    team_id: int = number_of("team", index=True)
    joined_on: date


class Tried(Row, table=True):
    """Something that somebody new has tried, once; what leaves rows of its own, such as an answer, is not kept here."""

    class What(StrEnum):
        """What it is."""

        TODAY = "today"
        PRACTICE = "practice"

    __table_args__ = constraints(UniqueConstraint("person_id", "what"))
    person_id: int = number_of("person")
    what: What = word(What)
    at: datetime = Field(sa_type=Utc)


async def first_days_of(tx: Tx, person_id: int) -> FirstDays | None:
    """Somebody's first days; None for who was here before they were kept."""
    return await tx.first(select(FirstDays).where(FirstDays.person_id == person_id))


async def has_tried(tx: Tx, person_id: int, what: Tried.What, now: datetime) -> bool:
    """Keeps that somebody has tried something; says whether it is the first time."""
    return await add_once(tx, Tried(person_id=person_id, what=what, at=now))


async def tried(tx: Tx, person_id: int) -> set[Tried.What]:
    """What somebody has tried."""
    return set(await tx.all(select(col(Tried.what)).where(Tried.person_id == person_id)))


async def has_answered(tx: Tx, person_id: int) -> bool:
    """Whether somebody has answered a huddle."""
    return await tx.first(select(HuddleAnswer.id).where(HuddleAnswer.person_id == person_id)) is not None


async def has_action(tx: Tx, person_id: int) -> bool:
    """Whether somebody has, or has asked for, anything to do."""
    theirs = or_(Action.owner_id == person_id, Action.requester_id == person_id)
    return await tx.first(select(Action.id).where(theirs)) is not None


async def joined_in(tx: Tx, event_id: int) -> Sequence[Membership]:
    """The memberships that an event made of people who were in no team before, one for each of them."""
    made = select(Change.row_id).where(
        Change.event_id == event_id, Change.table == Membership.__tablename__, col(Change.before).is_(None)
    )
    earlier = exists().where(
        col(FirstDays.person_id) == col(Membership.person_id),
    )
    found = await tx.all(select(Membership).where(col(Membership.id).in_(made), ~earlier).order_by(col(Membership.id)))
    people = {each.person_id for each in found}
    before = await tx.all(
        select(Membership.person_id).where(
            col(Membership.person_id).in_(people), col(Membership.id).not_in([each.id for each in found])
        )
    )
    first: dict[int, Membership] = {}
    for each in found:
        if each.person_id not in set(before):
            first.setdefault(each.person_id, each)
    return list(first.values())
