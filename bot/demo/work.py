"""What Northwater works on: one initiative with its charter, phases, milestones and what they wait for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import select

from storage.actions import Priority
from storage.initiatives import Charter, Dependency, Domain, Initiative, Milestone, Phase, Stakeholder
from storage.links import Link, Thing, link
from storage.measures import measure_coded
from storage.milestones import THING
from storage.organisations import Counter
from storage.people import Person
from storage.tx import Tx

APPROVED_AT = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
DOMAINS = ("Field visits", "Contact centre", "Bills")


@dataclass(frozen=True, slots=True)
class Point:
    """A milestone; `forecast` only where it is not its baseline any more."""

    code: str
    title: str
    owner: str
    phase: str
    baseline: date
    forecast: date | None = None
    proposed: date | None = None
    reason: str = ""
    days: int = 0
    reached: bool = False


PHASES = (
    ("Build", "The script is live and its questions are agreed with Field"),
    ("Roll out", "Every desk uses it, and job sheets carry the answers"),
)
POINTS = (
    Point("M-30", "Fault questions agreed", "Ann", "Build", date(2026, 11, 20), reached=True),
    Point("M-31", "Script live", "Ann", "Build", date(2026, 12, 18), date(2027, 1, 8), reason="supplier late"),
    Point("M-32", "40 desks trained", "Dov", "Roll out", date(2027, 1, 15), proposed=date(2027, 1, 19), days=10),
    Point("M-33", "Fault details on every job sheet", "Raj", "Build", date(2026, 12, 22)),
    Point("M-34", "Repeat visits below 8%", "Raj", "Roll out", date(2027, 3, 25)),
)
WAITS = (("M-32", "M-31"), ("M-34", "M-32"))


async def load(tx: Tx) -> Initiative:
    """I-1 as its sponsor approved it, and how it stands on the demo's day; Northwater's people are there already."""
    people = {each.name: each for each in await tx.all(select(Person))}
    domains = [Domain(name=name, seq=seq) for seq, name in enumerate(DOMAINS, 1)]
    tx.add(*domains, Counter(prefix="I", newest=1), Counter(prefix="M", newest=34))
    await tx.flush()
    initiative = Initiative(
        code="I-1",
        title="Fault questions before booking",
        kind=Initiative.Kind.REDESIGN,
        domain_id=domains[0].id,
        sponsor_id=people["Carl"].id,
        owner_id=people["Ann"].id,
        priority=Priority.P2,
        state=Initiative.State.IN_FLIGHT,
        starts_on=date(2026, 11, 9),
        ends_on=date(2027, 3, 25),
    )
    tx.add(initiative)
    await tx.flush()
    tx.add(_charter(initiative, people["Carl"]), *_stakeholders(initiative, people))
    measure = await measure_coded(tx, "FTF")
    if measure is not None:
        await link(tx, (Thing.INITIATIVE, initiative.id), (Thing.MEASURE, measure.id), Link.Kind.SERVES)
    await _milestones(tx, initiative, people)
    return initiative


def _charter(initiative: Initiative, sponsor: Person) -> Charter:
    return Charter(
        initiative_id=initiative.id,
        objectives="Ask what is wrong before a visit is booked, so that the van brings the right part.",
        benefits="Fewer second visits; customers know what happens next.",
        done_when="All 40 desks ask the four questions, and repeat visits are below 8% for a month.",
        budget=1_500_000,
        expected_return=4_800_000,
        risks="The script's supplier; training time before Christmas.",
        state=Charter.State.APPROVED,
        approved_by=sponsor.id,
        approved_at=APPROVED_AT,
    )


def _stakeholders(initiative: Initiative, people: Mapping[str, Person]) -> list[Stakeholder]:
    part = Stakeholder.Part
    parts = {"Ann": part.ACCOUNTABLE, "Dov": part.RESPONSIBLE, "Raj": part.RESPONSIBLE, "Dana": part.CONSULTED}
    return [
        Stakeholder(initiative_id=initiative.id, person_id=people[name].id, part=each, read_at=APPROVED_AT)
        for name, each in parts.items()
    ]


async def _milestones(tx: Tx, initiative: Initiative, people: Mapping[str, Person]) -> None:
    phases = {
        name: Phase(initiative_id=initiative.id, seq=seq, name=name, exit_criteria=criteria)
        for seq, (name, criteria) in enumerate(PHASES, 1)
    }
    tx.add(*phases.values())
    await tx.flush()
    rows = {each.code: _milestone(each, initiative, people[each.owner], phases[each.phase]) for each in POINTS}
    tx.add(*rows.values())
    await tx.flush()
    for after, before in WAITS:
        tx.add(Dependency(thing=THING, from_id=rows[before].id, to_id=rows[after].id))
        rows[after].proposed_because_of = rows[before].id if rows[after].proposed_on else None
    rows["M-30"].accepted_by = people["Carl"].id
    await tx.flush()


def _milestone(each: Point, initiative: Initiative, owner: Person, phase: Phase) -> Milestone:
    return Milestone(
        code=each.code,
        initiative_id=initiative.id,
        phase_id=phase.id,
        title=each.title,
        owner_id=owner.id,
        baseline_on=each.baseline,
        forecast_on=each.forecast or each.baseline,
        proposed_on=each.proposed,
        reason=each.reason,
        duration_days=each.days,
        state=Milestone.State.ACHIEVED if each.reached else Milestone.State.PLANNED,
        claimed_on=each.baseline if each.reached else None,
        actual_on=each.baseline if each.reached else None,
        evidence="Agreed with Call centre and Field on 20 November" if each.reached else "",
    )
