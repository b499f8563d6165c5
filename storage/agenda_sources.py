"""What an agenda asks of the work: a few columns each, in a number of questions that does not depend on the rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, or_, select

from storage.actions import AGREED, Action
from storage.agenda import AgendaItem
from storage.blockers import OPEN as OPEN_BLOCKERS
from storage.blockers import Blocker
from storage.decisions import Decision
from storage.initiatives import Dependency, Initiative
from storage.links import Link, Thing
from storage.meetings import CouncilMeeting
from storage.people import Department, Person
from storage.tx import Tx

# Made once: each new one has SQLAlchemy work out its columns anew, which takes longer than the query.
_ITEMS, _ABOUT, _DECISIONS = aliased(AgendaItem), aliased(AgendaItem), aliased(Decision)
_BEFORE, _AFTER = aliased(Initiative), aliased(Initiative)


class Promised(NamedTuple):
    """An action that a council's meeting led to, its owner's name, and whether it came from something internal."""

    action: Action
    owner: str | None
    internal: bool


async def actions_of(tx: Tx, council_id: int, meeting_id: int, today: date) -> Sequence[Promised]:
    """What the meeting of that number led to, and whatever an earlier one did that is overdue; the oldest first.

    Source: domain.md S2-18. An action that was called off is not among them.
    """
    from_item = and_(col(Link.from_kind) == Thing.AGENDA_ITEM, col(_ITEMS.id) == Link.from_id)
    from_decision = and_(col(Link.from_kind) == Thing.DECISION, col(_DECISIONS.id) == Link.from_id)
    is_late = and_(col(Action.state).in_(AGREED), col(Action.due_on) < today)
    query = (
        columns_of(Action, col(Person.name), col(_ITEMS.internal), col(_DECISIONS.internal), col(_ABOUT.internal))
        .join(Link, and_(col(Link.to_kind) == Thing.ACTION, col(Link.to_id) == col(Action.id)))
        .outerjoin(_ITEMS, from_item)
        .outerjoin(_DECISIONS, from_decision)
        .outerjoin(_ABOUT, col(_ABOUT.id) == col(_DECISIONS.item_id))
        .outerjoin(Person, col(Person.id) == Action.owner_id)
        .where(
            col(Link.kind) == Link.Kind.LED_TO,
            col(Action.state) != Action.State.CANCELLED,
            or_(_of_meeting(meeting_id), and_(is_late, _of_council(council_id))),
        )
        .order_by(col(Action.id))
    )
    found: dict[int, Promised] = {}
    for action, owner, *marks in await tx.columns(query):
        before = found.get(action.id)
        is_internal = any(marks) or (before is not None and before.internal)
        found[action.id] = Promised(action, owner, is_internal)
    return list(found.values())


def _of_meeting(meeting_id: int) -> ColumnElement[bool]:
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    decisions = select(Decision.id).where(Decision.meeting_id == meeting_id)
    return or_(
        and_(col(Link.from_kind) == Thing.MEETING, col(Link.from_id) == meeting_id),
        and_(col(Link.from_kind) == Thing.AGENDA_ITEM, col(Link.from_id).in_(items)),
        and_(col(Link.from_kind) == Thing.DECISION, col(Link.from_id).in_(decisions)),
    )


def _of_council(council_id: int) -> ColumnElement[bool]:
    meetings = select(CouncilMeeting.id).where(CouncilMeeting.council_id == council_id)
    items = select(AgendaItem.id).where(AgendaItem.council_id == council_id)
    decisions = select(Decision.id).where(Decision.council_id == council_id)
    return or_(
        and_(col(Link.from_kind) == Thing.MEETING, col(Link.from_id).in_(meetings)),
        and_(col(Link.from_kind) == Thing.AGENDA_ITEM, col(Link.from_id).in_(items)),
        and_(col(Link.from_kind) == Thing.DECISION, col(Link.from_id).in_(decisions)),
    )


class Flying(NamedTuple):
    """An initiative in flight."""

    id: int
    code: str
    title: str
    priority: str
    owner: str | None


async def in_flight(tx: Tx) -> Sequence[Flying]:
    """What is in flight, the most important first."""
    query = (
        columns_of(
            col(Initiative.id),
            col(Initiative.code),
            col(Initiative.title),
            col(Initiative.priority),
            col(Person.name),
        )
        .outerjoin(Person, col(Person.id) == Initiative.owner_id)
        .where(col(Initiative.state) == Initiative.State.IN_FLIGHT)
        .order_by(col(Initiative.priority), col(Initiative.id))
    )
    return [
        Flying(number, code, title, priority.value, owner)
        for number, code, title, priority, owner in await tx.columns(query)
    ]


async def waiting(tx: Tx, states: Collection[Initiative.State]) -> Mapping[Initiative.State, int]:
    """How many initiatives there are in each of some states."""
    query = columns_of(col(Initiative.state), func.count(col(Initiative.id))).where(col(Initiative.state).in_(states))
    return dict(list(await tx.columns(query.group_by(col(Initiative.state)))))


async def stopped_by(tx: Tx, initiative_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The codes of the blockers for which actions of some initiatives wait."""
    query = (
        columns_of(col(Action.initiative_id), col(Blocker.code))
        .join(Blocker, col(Blocker.id) == Action.blocker_id)
        .where(
            col(Action.initiative_id).in_(initiative_ids),
            col(Action.state) == Action.State.BLOCKED,
            col(Blocker.state).in_(OPEN_BLOCKERS),
        )
        .order_by(col(Blocker.id))
    )
    found: dict[int, list[str]] = {}
    for number, code in await tx.columns(query) if initiative_ids else ():
        if number is not None and code not in found.setdefault(number, []):
            found[number].append(code)
    return found


class Waits(NamedTuple):
    """One initiative has to wait for another one."""

    before: str
    after: str


async def depends_since(tx: Tx, at: datetime, most: int) -> Sequence[Waits]:
    """Dependencies between initiatives that were drawn or changed from an instant on, oldest first."""
    query = (
        columns_of(col(_BEFORE.code), col(_AFTER.code))
        .select_from(Dependency)
        .join(_BEFORE, col(_BEFORE.id) == Dependency.from_id)
        .join(_AFTER, col(_AFTER.id) == Dependency.to_id)
        .where(col(Dependency.thing) == Thing.INITIATIVE.value, col(Dependency.updated_at) >= at)
        .order_by(col(Dependency.id))
        .limit(most)
    )
    return [Waits(*each) for each in await tx.columns(query)]


class Named(NamedTuple):
    """Names under their numbers: of people, departments and initiatives (`I-1 Fault questions`)."""

    people: Mapping[int, str]
    departments: Mapping[int, str]
    initiatives: Mapping[int, str]


async def names_of(tx: Tx, items: Collection[AgendaItem]) -> Named:
    """What the items of an agenda name, in three questions."""
    people = {each.owner_id for each in items} - {None}
    departments = {part for each in items for part in (each.department_id, each.hurts_id, each.starts_id)} - {None}
    initiatives = {each.initiative_id for each in items} - {None}
    of_person = columns_of(col(Person.id), col(Person.name)).where(col(Person.id).in_(people))
    of_department = columns_of(col(Department.id), col(Department.name)).where(col(Department.id).in_(departments))
    of_initiative = columns_of(col(Initiative.id), col(Initiative.code), col(Initiative.title))
    coded = await tx.columns(of_initiative.where(col(Initiative.id).in_(initiatives))) if initiatives else ()
    return Named(
        _by_number(await tx.columns(of_person)) if people else {},
        _by_number(await tx.columns(of_department)) if departments else {},
        {number: f"{code} {title}" for number, code, title in coded},
    )


async def brought_back(tx: Tx, item_ids: Collection[int]) -> Collection[int]:
    """Those of some items that stand on a later agenda again."""
    again = select(col(AgendaItem.carried_from_id)).where(col(AgendaItem.carried_from_id).in_(item_ids))
    return {each for each in await tx.all(again) if each is not None} if item_ids else ()


def _by_number(found: Sequence[tuple[int, str]]) -> Mapping[int, str]:
    return dict(list(found))


async def gone_up(tx: Tx, tier: int) -> Sequence[Blocker]:
    """Open blockers that went up as far as a tier and stand on no agenda yet, oldest first."""
    stands = select(Link.id).where(
        col(Link.from_kind) == Thing.BLOCKER, col(Link.from_id) == Blocker.id, col(Link.to_kind) == Thing.AGENDA_ITEM
    )
    still = (col(Blocker.tier) >= tier, col(Blocker.state).in_(OPEN_BLOCKERS))
    return await tx.all(select(Blocker).where(*still, ~stands.exists()).order_by(col(Blocker.id)))
