"""What Northwater measures beside its team's number: the call centre's speed, and whether customers recommend it.

Source: domain.md AT-3.
"""

from datetime import date
from decimal import Decimal

from sqlmodel import select

from storage.initiatives import Objective
from storage.measures import Measure, Reading
from storage.people import Department, Person
from storage.tx import Tx

QUESTION = "How likely are you to recommend Northwater to a friend or colleague?"
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
VISITS = 1000  # a month
SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


async def load(tx: Tx) -> None:
    """The headline measures with their readings; Northwater's people are there already."""
    people = {each.name: each for each in await tx.all(select(Person))}
    departments = {each.name: each for each in await tx.all(select(Department))}
    aim = Objective(name="Right first time", financial_outcome="Fewer visits paid twice", owner_id=people["Carl"].id)
    tx.add(aim)
    await tx.flush()
    fixed = _first_visit(aim, people["Raj"], departments["Field"])
    tx.add(fixed)
    await tx.flush()
    nps = Measure(
        code="NPS",
        name="Recommendation",
        kind=Measure.Kind.NPS,
        unit=Measure.Unit.NUMBER,
        question=QUESTION,
        scale_min=0,
        scale_max=10,
        frequency=Measure.Frequency.MONTHLY,
        owner_id=people["Mia"].id,
        department_id=departments["Marketing"].id,
        objective_id=aim.id,
        pair_id=fixed.id,
        financial_outcome="Fewer customers leave",
        target=Decimal(20),
        amber_at=Decimal(10),
        headline=True,
        hard=False,
    )
    calls = Measure(
        code="AHT",
        name="Handling time",
        kind=Measure.Kind.DURATION,
        unit=Measure.Unit.SECONDS,
        better=Measure.Better.DOWN,
        frequency=Measure.Frequency.MONTHLY,
        owner_id=people["Ann"].id,
        department_id=departments["Call centre"].id,
        target=Decimal(180),
    )
    tx.add(nps, calls)
    await tx.flush()
    tx.add(*_readings(nps, calls, fixed))
    await tx.flush()


def _first_visit(aim: Objective, owner: Person, department: Department) -> Measure:
    return Measure(
        code="FIRST",
        name="Fixed at the first visit",
        frequency=Measure.Frequency.MONTHLY,
        owner_id=owner.id,
        department_id=department.id,
        objective_id=aim.id,
        financial_outcome="Fewer visits paid twice",
        target=Decimal(90),
        amber_at=Decimal(85),
        headline=True,
    )


def _readings(nps: Measure, calls: Measure, fixed: Measure) -> list[Reading]:
    waves = ((SEPTEMBER, (176, 150, 174)), (OCTOBER, (180, 150, 170)))
    seconds = ((SEPTEMBER, "184"), (OCTOBER, "178"))
    visits = ((SEPTEMBER, 806), (OCTOBER, 800))
    return [
        *(_wave(nps, period, parts) for period, parts in waves),
        *(
            Reading(measure_id=calls.id, from_on=first, period_on=last, value=Decimal(value))
            for (first, last), value in seconds
        ),
        *(_share(fixed, period, met) for period, met in visits),
    ]


def _share(fixed: Measure, period: tuple[date, date], met: int) -> Reading:
    return Reading(
        measure_id=fixed.id,
        from_on=period[0],
        period_on=period[1],
        value=Decimal(100 * met) / VISITS,
        n=VISITS,
        parts={"met": met, "all": VISITS},
    )


def _wave(nps: Measure, period: tuple[date, date], parts: tuple[int, int, int]) -> Reading:
    promoters, passives, detractors = parts
    n = sum(parts)
    return Reading(
        measure_id=nps.id,
        from_on=period[0],
        period_on=period[1],
        value=Decimal(100 * (promoters - detractors)) / n,
        n=n,
        parts={"promoters": promoters, "passives": passives, "detractors": detractors},
    )
