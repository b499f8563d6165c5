"""Questions about initiatives and what hangs on them, asked for many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, or_, select

from storage.audit import AuditEvent
from storage.events import EventSeen
from storage.initiatives import (
    Batch,
    BusinessCase,
    Charter,
    CharterQuery,
    Dependency,
    Domain,
    Initiative,
    Milestone,
    Objective,
    Score,
    Stakeholder,
    StrategyFrame,
)
from storage.links import Link, Thing
from storage.measures import Measure, Reading
from storage.organisations import Organisation
from storage.people import Person
from storage.tx import Tx

OPEN_STATES = tuple(
    state
    for state in Initiative.State
    if state not in {Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED}
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which initiatives: each part that is given must hold; no `states` are those that are not over."""

    states: Collection[Initiative.State] = OPEN_STATES
    domain_id: int | None = None
    batch_id: int | None = None
    of_person: int | None = None
    """Its owner or sponsor."""
    untagged: bool = False
    """Serves no objective."""
    seen_by: int | None = None
    """Only what this person of another company has a part in."""


async def sought(tx: Tx, what: Sought, *, first: int, most: int) -> tuple[Sequence[Initiative], int]:
    """Some of the initiatives sought, the most important first, and how many there are."""
    conditions = _conditions(what)
    number = await tx.first(select(func.count(col(Initiative.id))).where(*conditions))
    found = select(Initiative).where(*conditions).order_by(col(Initiative.priority), col(Initiative.id))
    return await tx.all(found.offset(first).limit(most)), number or 0


def _conditions(what: Sought) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Initiative.state).in_(what.states)]
    if what.domain_id is not None:
        conditions.append(col(Initiative.domain_id) == what.domain_id)
    if what.batch_id is not None:
        conditions.append(col(Initiative.batch_id) == what.batch_id)
    if what.of_person is not None:
        mine = col(Initiative.owner_id) == what.of_person
        conditions.append(or_(mine, col(Initiative.sponsor_id) == what.of_person))
    if what.seen_by is not None:
        has_part = select(Stakeholder.initiative_id).where(Stakeholder.person_id == what.seen_by)
        own = (Initiative.owner_id, Initiative.sponsor_id, Initiative.created_by)
        conditions.append(or_(col(Initiative.id).in_(has_part), *(col(each) == what.seen_by for each in own)))
    if what.untagged:
        serves = (Link.kind == Link.Kind.SERVES, Link.from_kind == Thing.INITIATIVE, Link.to_kind == Thing.OBJECTIVE)
        conditions.append(~select(Link.id).where(*serves, col(Link.from_id) == col(Initiative.id)).exists())
    return conditions


async def open_initiatives(tx: Tx) -> Sequence[Initiative]:
    """Those that are not over, oldest first."""
    return await tx.all(select(Initiative).where(col(Initiative.state).in_(OPEN_STATES)).order_by(col(Initiative.id)))


async def coded(tx: Tx, codes: Collection[str]) -> Mapping[str, Initiative]:
    """The initiatives with some codes, by code."""
    found = await tx.all(select(Initiative).where(col(Initiative.code).in_([code.upper() for code in codes])))
    return {each.code: each for each in found}


async def initiatives_numbered(tx: Tx, numbers: Collection[int]) -> Mapping[int, Initiative]:
    """The initiatives of some numbers, by number."""
    return {each.id: each for each in await tx.all(select(Initiative).where(col(Initiative.id).in_(numbers)))}


async def seen_by(tx: Tx, numbers: Collection[int], person_id: int) -> Collection[int]:
    """Those of some initiatives in which a person of another company has a part."""
    mine = _conditions(Sought(states=tuple(Initiative.State), seen_by=person_id))
    return set(await tx.all(select(Initiative.id).where(col(Initiative.id).in_(numbers), *mine))) if numbers else ()


async def in_flight(tx: Tx, *, but: int) -> int:
    """How many others are in flight."""
    query = select(func.count(col(Initiative.id))).where(
        Initiative.state == Initiative.State.IN_FLIGHT, col(Initiative.id) != but
    )
    return await tx.first(query) or 0


async def approved(tx: Tx, currency: str, *, but: int) -> tuple[int, int]:
    """What others than `but` may spend, in one currency, and their days a month: by their newest approved charters."""
    counted = (Initiative.State.APPROVED, Initiative.State.IN_FLIGHT, Initiative.State.PAUSED)
    query = (
        select(Charter)
        .join(Initiative, col(Initiative.id) == Charter.initiative_id)
        .where(col(Initiative.state).in_(counted), Charter.state == Charter.State.APPROVED, col(Initiative.id) != but)
    )
    newest = {each.initiative_id: each for each in await tx.all(query.order_by(col(Charter.edition)))}
    spent = sum(each.budget or 0 for each in newest.values() if each.currency == currency)
    return spent, sum(each.days_per_month or 0 for each in newest.values())


async def people_numbered(tx: Tx, numbers: Collection[int | None]) -> Mapping[int, Person]:
    """The people of some numbers, by number."""
    wanted = {*numbers} - {None}
    return {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(wanted)))} if wanted else {}


# --- names


async def domains(tx: Tx) -> Sequence[Domain]:
    """Every domain in the order of the map."""
    return await tx.all(select(Domain).order_by(col(Domain.seq), col(Domain.id)))


async def objectives(tx: Tx) -> Sequence[Objective]:
    """Every objective by name."""
    return await tx.all(select(Objective).order_by(col(Objective.name)))


async def batches(tx: Tx) -> Sequence[tuple[Batch, int]]:
    """Every batch with the number of its initiatives, the open ones first."""
    size = func.count(col(Initiative.id))
    joined = select(Batch, size).outerjoin(Initiative, col(Initiative.batch_id) == Batch.id)
    found = await tx.columns(joined.group_by(col(Batch.id)).order_by(col(Batch.id)))
    return sorted(found, key=lambda each: each[0].state is Batch.State.CLOSED)


async def frame_on(tx: Tx, on: date) -> StrategyFrame | None:
    """The frame that is valid on a day."""
    return await frame_within(tx, on, on)


async def frame_within(tx: Tx, first: date, last: date) -> StrategyFrame | None:
    """The first frame that is valid on some day from `first` to `last`."""
    valid = (col(StrategyFrame.valid_from) <= last, col(StrategyFrame.valid_to) >= first)
    return await tx.first(select(StrategyFrame).where(*valid).order_by(col(StrategyFrame.valid_from)))


# --- what hangs on them


async def edges(tx: Tx, thing: Thing) -> Sequence[tuple[int, int]]:
    """Every dependency between initiatives, or between milestones, as (what is first, what waits for it)."""
    query = select(col(Dependency.from_id), col(Dependency.to_id)).where(Dependency.thing == thing.value)
    return [(start, end) for start, end in await tx.columns(query)]


async def dependency(tx: Tx, thing: Thing, start: int, end: int) -> Dependency | None:
    """The dependency between two things."""
    between = (Dependency.thing == thing.value, Dependency.from_id == start, Dependency.to_id == end)
    return await tx.first(select(Dependency).where(*between))


async def one_at_a_time(tx: Tx) -> None:
    """Until this transaction ends no other one of the organisation comes past here: two edges can't close a cycle."""
    await tx.session.scalar(select(Organisation.id).where(Organisation.id == tx.organisation_id).with_for_update())


async def neighbours(tx: Tx, initiative_id: int) -> tuple[Sequence[tuple[Initiative, int]], Sequence[Initiative]]:
    """What an initiative waits for, with the days after it, and what waits for it."""
    this = (Dependency.thing == Thing.INITIATIVE.value,)
    before = select(Initiative, col(Dependency.lag_days)).join(
        Dependency, col(Dependency.from_id) == col(Initiative.id)
    )
    after = select(Initiative).join(Dependency, col(Dependency.to_id) == col(Initiative.id))
    waits_for = await tx.columns(before.where(*this, Dependency.to_id == initiative_id).order_by(col(Initiative.id)))
    needed_by = await tx.all(after.where(*this, Dependency.from_id == initiative_id).order_by(col(Initiative.id)))
    return [(row, lag) for row, lag in waits_for], needed_by


async def served_by(tx: Tx, initiative_id: int) -> tuple[Sequence[Objective], Sequence[Measure]]:
    """The objectives and the measures that an initiative serves."""
    serves = (Link.kind == Link.Kind.SERVES, Link.from_kind == Thing.INITIATIVE, Link.from_id == initiative_id)
    aims = select(Objective).join(Link, col(Link.to_id) == col(Objective.id))
    numbers = select(Measure).join(Link, col(Link.to_id) == col(Measure.id))
    return (
        await tx.all(aims.where(*serves, Link.to_kind == Thing.OBJECTIVE).order_by(col(Objective.id))),
        await tx.all(numbers.where(*serves, Link.to_kind == Thing.MEASURE).order_by(col(Measure.id))),
    )


async def milestones_of(tx: Tx, initiative_ids: Collection[int]) -> Sequence[Milestone]:
    """The milestones of some initiatives that are not called off, the next first."""
    query = select(Milestone).where(
        col(Milestone.initiative_id).in_(initiative_ids),
        col(Milestone.state).not_in([Milestone.State.CANCELLED, Milestone.State.WAIVED]),
    )
    return await tx.all(query.order_by(col(Milestone.forecast_on), col(Milestone.id))) if initiative_ids else []


async def successors_of(tx: Tx, milestone_ids: Collection[int]) -> Sequence[tuple[int, int, Milestone]]:
    """What waits for some milestones and is still to come: the one that is first, the days after it, the one after."""
    joined = select(col(Dependency.from_id), col(Dependency.lag_days), Milestone).join(
        Milestone, col(Milestone.id) == Dependency.to_id
    )
    mine = (
        Dependency.thing == Thing.MILESTONE.value,
        col(Dependency.from_id).in_(milestone_ids),
        col(Milestone.state) == Milestone.State.PLANNED,
    )
    return [(start, lag, row) for start, lag, row in await tx.columns(joined.where(*mine))] if milestone_ids else []


async def scores_of(tx: Tx, initiative_id: int) -> Sequence[Score]:
    """Every rater's view of an initiative, oldest first."""
    return await tx.all(select(Score).where(Score.initiative_id == initiative_id).order_by(col(Score.id)))


async def stakeholders_of(tx: Tx, initiative_id: int) -> Sequence[tuple[Stakeholder, Person]]:
    """Who has which part in an initiative, in the order in which they were named."""
    joined = select(Stakeholder, Person).join(Person, col(Person.id) == Stakeholder.person_id)
    mine = joined.where(Stakeholder.initiative_id == initiative_id).order_by(col(Stakeholder.id))
    return [(part, person) for part, person in await tx.columns(mine)]


async def case_of(tx: Tx, initiative_id: int) -> BusinessCase | None:
    """What was typed about an initiative's money."""
    return await tx.first(select(BusinessCase).where(BusinessCase.initiative_id == initiative_id))


async def queries_of(tx: Tx, charter_id: int) -> Sequence[CharterQuery]:
    """Every question about a charter, oldest first."""
    return await tx.all(
        select(CharterQuery).where(CharterQuery.charter_id == charter_id).order_by(col(CharterQuery.id))
    )


def touched(charter: Charter) -> None:
    """A charter whose phases changed is another version: nobody approves or overwrites what they did not read."""
    flag_modified(charter, "risks")


async def writers_of(tx: Tx, charter: Charter) -> Collection[int]:
    """Who wrote an edition or sent it for review; what was taken back does not count."""
    query = select(col(AuditEvent.by)).outerjoin(EventSeen, col(EventSeen.id) == AuditEvent.event_id)
    mine = (AuditEvent.thing == Thing.INITIATIVE, AuditEvent.thing_id == charter.initiative_id)
    wrote = (col(AuditEvent.verb).in_(["charter", "review"]), AuditEvent.field != "state")
    since = (AuditEvent.at >= charter.created_at, col(EventSeen.undone_at).is_(None))
    return {by for by in await tx.all(query.where(*mine, *wrote, *since)) if by is not None}


async def charter_entries(tx: Tx, initiative_id: int) -> Sequence[AuditEvent]:
    """What was asked, answered and approved about an initiative's charters, oldest first."""
    mine = (AuditEvent.thing == Thing.INITIATIVE, AuditEvent.thing_id == initiative_id, AuditEvent.field == "charter")
    told = col(AuditEvent.verb).in_(["query", "answer", "approve"])
    return await tx.all(select(AuditEvent).where(*mine, told).order_by(col(AuditEvent.id)))


async def questions_of(tx: Tx, initiative_id: int) -> Sequence[tuple[AuditEvent, AuditEvent | None]]:
    """What its people asked about an initiative, oldest first, each with its answer; an answer names the question."""
    mine = (AuditEvent.thing == Thing.INITIATIVE, AuditEvent.thing_id == initiative_id)
    found = await tx.all(
        select(AuditEvent).where(*mine, col(AuditEvent.verb).in_(["ask", "answer"])).order_by(col(AuditEvent.id))
    )
    answers = {each.field: each for each in found if each.verb == "answer"}
    return [(each, answers.get(answer_to(each.id))) for each in found if each.verb == "ask"]


def answer_to(question_id: int) -> str:
    """The field of the entry that answers a question."""
    return f"question {question_id}"


async def phases_with_milestones(tx: Tx, phase_ids: Collection[int]) -> Collection[int]:
    """Those of some phases that a milestone belongs to."""
    held = select(col(Milestone.phase_id)).where(col(Milestone.phase_id).in_(phase_ids))
    return {number for (number,) in await tx.columns(held) if number is not None} if phase_ids else ()


async def was_measured(tx: Tx, measure_ids: Collection[int], *, before: date, after: date) -> bool:
    """Whether one of some measures has a number in force up to a day, and one from a later day on."""
    days = select(col(Reading.measure_id), func.min(Reading.period_on), func.max(Reading.period_on)).where(
        col(Reading.measure_id).in_(measure_ids), col(Reading.superseded_by).is_(None)
    )
    found = await tx.columns(days.group_by(col(Reading.measure_id))) if measure_ids else []
    return any(first <= before and last >= after for _, first, last in found)
