"""How measures stand, gathered from rows: with as many questions for five hundred of them as for one."""

from collections.abc import Sequence
from datetime import date

from bot.measures import judging, periods, views
from bot.measures.judging import Headline
from bot.people.rules import is_office_day
from storage.initiatives import Objective
from storage.measures import Measure, Reading, departments_of, newest_readings
from storage.organisations import organisation_of
from storage.people import Department, Person
from storage.teams import Team
from storage.tx import Tx

STALE, UNANCHORED = "stale", "unanchored"


async def judged(tx: Tx, known: Sequence[Measure], today: date) -> Sequence[Headline]:
    """How some measures stand, in their order."""
    newest = await newest_readings(tx, [each.id for each in known], today)
    return [judging.judge(each, newest.get(each.id, [])) for each in known]


async def stale(tx: Tx, known: Sequence[Measure], today: date) -> Sequence[tuple[Measure, Reading | None]]:
    """Those of some measures that two whole periods have passed by, with their newest reading."""
    calendar = (await organisation_of(tx)).calendar
    newest = await newest_readings(tx, [each.id for each in known], today, most=1)
    found = [(each, next(iter(newest.get(each.id, [])), None)) for each in known]
    return [
        (each, reading)
        for each, reading in found
        if periods.is_stale(
            each.frequency,
            reading.period_on if reading else None,
            each.created_at.date(),
            today=today,
            works=lambda on: is_office_day(on, calendar),
        )
    ]


def unanchored(known: Sequence[Measure]) -> Sequence[Measure]:
    """Those without an objective or a financial outcome. Source: domain.md S0-13."""
    return [each for each in known if each.objective_id is None or not each.financial_outcome]


async def within(tx: Tx, known: Sequence[Measure], department_id: int) -> Sequence[Measure]:
    """Those that belong to a department, themselves or by their team."""
    belongs = await departments_of(tx)
    return [each for each in known if belongs.get(each.id) == department_id]


async def around(tx: Tx, measure: Measure) -> views.Around:
    """What a measure hangs together with."""
    team = await tx.get(Team, measure.team_id) if measure.team_id else None
    department = await tx.get(Department, measure.department_id) if measure.department_id else None
    owner = await tx.get(Person, measure.owner_id) if measure.owner_id else None
    objective = await tx.get(Objective, measure.objective_id) if measure.objective_id else None
    pair = await tx.get(Measure, measure.pair_id) if measure.pair_id else None
    named = (each.name if each else "" for each in (team, department, owner, objective, pair))
    return views.Around(*named)
