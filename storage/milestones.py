"""Questions about milestones: lists, counts, and what waits for what. The tables are in storage/initiatives.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import CTE, ColumnElement, case, func
from sqlalchemy import select as select_columns
from sqlmodel import and_, col, or_, select

from storage.initiatives import Charter, Dependency, Initiative, Milestone, MilestoneAsk, Phase
from storage.organisations import Organisation
from storage.teams import Membership, Team
from storage.tx import Tx

State = Milestone.State
THING = "milestone"

OPEN = (State.PLANNED, State.CLAIMED)


class Only(StrEnum):
    """Which of the milestones a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    SLIPPED = "slipped"
    ACHIEVED = "achieved"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which milestones are meant; what is None does not narrow it.

    `mine` has those that somebody owns, or leads: as the lead of their owner, or as owner or sponsor of the initiative.
    `seen_by` is a guest, who sees their own.
    """

    initiative_id: int | None = None
    team_id: int | None = None
    owner_id: int | None = None
    mine: int | None = None
    seen_by: int | None = None
    until: date | None = None
    only: Only = Only.OPEN


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are without the cancelled, and how many of them."""

    all: int = 0
    achieved: int = 0
    waived: int = 0
    late: int = 0
    open: int = 0
    shown: int = 0
    """Those that `only` and `until` leave."""


def _end() -> ColumnElement[date]:
    """The day it is expected on, or is said to be reached."""
    return case(
        (col(Milestone.state) == State.CLAIMED, func.coalesce(col(Milestone.claimed_on), col(Milestone.forecast_on))),
        else_=func.coalesce(col(Milestone.proposed_on), col(Milestone.forecast_on)),
    )


def _slipped() -> ColumnElement[bool]:
    return and_(col(Milestone.state).in_(OPEN), col(Milestone.baseline_on).is_not(None), _end() > Milestone.baseline_on)


def _overdue(today: date) -> ColumnElement[bool]:
    return and_(col(Milestone.state) == State.PLANNED, _end() < today)


def _late(today: date) -> ColumnElement[bool]:
    return or_(_slipped(), _overdue(today))


def _mine(person_id: int, today: date) -> ColumnElement[bool]:
    led = select(Team.id).where(Team.lead_id == person_id)
    theirs = select(Membership.person_id).where(
        col(Membership.team_id).in_(led),
        col(Membership.from_on) <= today,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
    )
    initiatives = select(Initiative.id).where(or_(Initiative.owner_id == person_id, Initiative.sponsor_id == person_id))
    return or_(
        Milestone.owner_id == person_id,
        col(Milestone.owner_id).in_(theirs),
        col(Milestone.initiative_id).in_(initiatives),
    )


def _around(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Milestone.state) != State.CANCELLED]
    equal = {
        col(Milestone.initiative_id): wanted.initiative_id,
        col(Milestone.owner_id): wanted.owner_id,
    }
    found += [column == value for column, value in equal.items() if value is not None]
    if wanted.seen_by is not None:
        found.append(col(Milestone.owner_id) == wanted.seen_by)
    if wanted.team_id is not None:
        people = select(Membership.person_id).where(
            Membership.team_id == wanted.team_id,
            col(Membership.from_on) <= today,
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today),
        )
        found.append(col(Milestone.owner_id).in_(people))
    if wanted.mine is not None:
        found.append(_mine(wanted.mine, today))
    return found


def _narrowed(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    by = {
        Only.OPEN: col(Milestone.state).in_(OPEN),
        Only.OVERDUE: _overdue(today),
        Only.SLIPPED: _slipped(),
        Only.ACHIEVED: col(Milestone.state) == State.ACHIEVED,
    }
    found: list[ColumnElement[bool]] = [by[wanted.only]]
    if wanted.until is not None:
        found.append(_end() <= wanted.until)
    return found


async def listed(tx: Tx, wanted: Wanted, today: date, soon: date, *, offset: int, most: int) -> Sequence[Milestone]:
    """Those that are wanted: the late ones, then what comes until `soon`, then the others, each by date and code."""
    conditions = (*_around(wanted, today), *_narrowed(wanted, today))
    if wanted.only is Only.ACHIEVED:
        order = (col(Milestone.actual_on).desc(), col(Milestone.id))
        return await tx.all(select(Milestone).where(*conditions).order_by(*order).offset(offset).limit(most))
    group = case((_late(today), 0), (_end() <= soon, 1), else_=2)
    query = select(Milestone).where(*conditions).order_by(group, _end(), col(Milestone.id))
    return await tx.all(query.offset(offset).limit(most))


async def counted(tx: Tx, wanted: Wanted, today: date) -> Counts:
    """How many there are of each, in one query."""
    ways = (
        col(Milestone.state) == State.ACHIEVED,
        col(Milestone.state) == State.WAIVED,
        _late(today),
        col(Milestone.state).in_(OPEN),
        and_(*_narrowed(wanted, today)),
    )
    sums = [func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in ways]
    (row,) = await tx.columns(select_columns(func.count(col(Milestone.id)), *sums).where(*_around(wanted, today)))
    return Counts(*(int(each) for each in row))


async def dates_of(tx: Tx, initiative_id: int, *, seen_by: int | None = None) -> Sequence[Milestone]:
    """The milestones of an initiative that have a baseline and count, for its average slip; of a guest their own."""
    states = (*OPEN, State.ACHIEVED)
    own = [] if seen_by is None else [col(Milestone.owner_id) == seen_by]
    return await tx.all(
        select(Milestone).where(
            Milestone.initiative_id == initiative_id,
            col(Milestone.baseline_on).is_not(None),
            col(Milestone.state).in_(states),
            *own,
        )
    )


# --- what waits for what


def _after(ids: Collection[int]) -> CTE:
    """Everything that waits for some milestones, directly or through others."""
    first = (
        select_columns(col(Dependency.to_id).label("id"))
        .where(col(Dependency.thing) == THING, col(Dependency.from_id).in_(ids))
        .cte("after", recursive=True)
    )
    more = select_columns(col(Dependency.to_id)).join(first, col(Dependency.from_id) == first.c.id)
    return first.union(more.where(col(Dependency.thing) == THING))


async def following(tx: Tx, ids: Collection[int]) -> tuple[Sequence[Milestone], Sequence[Dependency]]:
    """What waits for some milestones, and the edges on the way there; two queries."""
    if not ids:
        return (), ()
    after = _after(ids)
    everything = select_columns(after.c.id)
    milestones = await tx.all(select(Milestone).where(col(Milestone.id).in_(everything)))
    if not milestones:
        return (), ()
    begins = or_(col(Dependency.from_id).in_(ids), col(Dependency.from_id).in_(everything))
    edges = await tx.all(select(Dependency).where(Dependency.thing == THING, begins).order_by(col(Dependency.id)))
    return milestones, edges


async def around_following(tx: Tx, ids: Collection[int]) -> tuple[set[int], Sequence[Milestone], Sequence[Dependency]]:
    """The numbers of some milestones and of what waits for them; these with all that they wait for, and the edges."""
    after = _after(ids)
    theirs = or_(col(Dependency.to_id).in_(ids), col(Dependency.to_id).in_(select_columns(after.c.id)))
    edges = await tx.all(select(Dependency).where(Dependency.thing == THING, theirs))
    numbers = {each.to_id for each in edges} | {*ids}
    wanted = numbers | {each.from_id for each in edges}
    milestones = await tx.all(select(Milestone).where(col(Milestone.id).in_(wanted)).order_by(col(Milestone.id)))
    return numbers, milestones, edges


async def edges_at(tx: Tx, milestone_id: int) -> Sequence[Dependency]:
    """What one milestone waits for, and what waits for it."""
    at = or_(col(Dependency.from_id) == milestone_id, col(Dependency.to_id) == milestone_id)
    return await tx.all(select(Dependency).where(Dependency.thing == THING, at).order_by(col(Dependency.id)))


async def alone_with_dependencies(tx: Tx) -> None:
    """Until the transaction ends nobody else of the organisation draws an edge: two may close a circle together."""
    row = select(Organisation.id).where(Organisation.id == tx.organisation_id)
    await tx.first(row.with_for_update(key_share=True))


async def milestones_in(tx: Tx, ids: Collection[int]) -> dict[int, Milestone]:
    """Milestones by their numbers."""
    if not ids:
        return {}
    return {each.id: each for each in await tx.all(select(Milestone).where(col(Milestone.id).in_(ids)))}


# --- charters, phases


async def is_agreed(tx: Tx, initiative_id: int) -> bool:
    """Whether a charter of an initiative was ever approved: from then on a baseline is a promise."""
    approved = col(Charter.approved_at).is_not(None)
    found = select(Charter.id).where(Charter.initiative_id == initiative_id)
    return await tx.first(found.where(or_(approved, Charter.state == Charter.State.APPROVED))) is not None


async def open_in_phase(tx: Tx, phase: Phase) -> Sequence[Milestone]:
    """What keeps a phase from being closed, by date."""
    return await tx.all(
        select(Milestone)
        .where(Milestone.phase_id == phase.id, col(Milestone.state).in_(OPEN))
        .order_by(col(Milestone.forecast_on), col(Milestone.id))
    )


# --- a person's day, and questions


async def due_of(tx: Tx, owner_id: int, until: date, *, most: int) -> Sequence[Milestone]:
    """What somebody owns that is planned until a day, or pushed to another date; the earliest first."""
    return await tx.all(
        select(Milestone)
        .where(
            Milestone.owner_id == owner_id,
            Milestone.state == State.PLANNED,
            or_(col(Milestone.forecast_on) <= until, col(Milestone.proposed_on).is_not(None)),
        )
        .order_by(_end(), col(Milestone.id))
        .limit(most)
    )


async def claims_for(tx: Tx, person_id: int, *, most: int) -> Sequence[Milestone]:
    """What is said to be reached and waits for somebody's word as owner or sponsor of the initiative."""
    for_owner = and_(Initiative.owner_id == person_id, col(Milestone.owner_id).is_distinct_from(person_id))
    for_sponsor = and_(
        Initiative.sponsor_id == person_id,
        col(Milestone.owner_id).is_distinct_from(person_id),
        or_(col(Initiative.owner_id).is_(None), col(Milestone.owner_id) == col(Initiative.owner_id)),
    )
    return await tx.all(
        select(Milestone)
        .join(Initiative, col(Initiative.id) == Milestone.initiative_id)
        .where(Milestone.state == State.CLAIMED, or_(for_owner, for_sponsor))
        .order_by(col(Milestone.claimed_on), col(Milestone.id))
        .limit(most)
    )


async def open_asks(tx: Tx, milestone_ids: Collection[int]) -> Sequence[MilestoneAsk]:
    """Questions that wait for an answer, oldest first."""
    if not milestone_ids:
        return ()
    return await tx.all(
        select(MilestoneAsk)
        .where(col(MilestoneAsk.milestone_id).in_(milestone_ids), col(MilestoneAsk.answer).is_(None))
        .order_by(col(MilestoneAsk.id))
    )
