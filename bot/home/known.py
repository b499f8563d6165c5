"""The sections of what is good to know: customer numbers, what comes next, and how all stand for those who lead."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from bot.home import rules, views
from bot.home.day import Day
from bot.home.views import Counts, Next, Part
from bot.huddles import finding
from bot.huddles import rules as huddle_rules
from bot.measures.rules import figure
from bot.people.rules import working_day_before
from storage.huddles import Expectation, Huddle, HuddleRun, expectations
from storage.measures import Measure, readings
from storage.messages import Message
from storage.people import Role, roles_of
from storage.troubles import IN_TROUBLE, REPORT_VIEW
from storage.tx import Tx

NEXT = 3  # huddles to come
LOOKED_AT = 20  # runs of one huddle; who is asked in none of them is gone for long

Status = Expectation.Status


async def figures(mine: Day) -> Part:
    """The customer number of the working day before, of each huddle that opens with one."""
    first: dict[int, Huddle] = {}
    for huddle in mine.huddles:
        if huddle.measure_id is not None:
            first.setdefault(huddle.measure_id, huddle)
    told = []
    for measure_id, huddle in first.items():
        measure = await mine.tx.need(Measure, measure_id)
        period = working_day_before(mine.today, mine.calendars[huddle.team_id])
        newest = await readings(mine.tx, measure.id, period)
        told.append((measure.name, figure(measure, list(newest), period, mine.today)))
    return views.figures(told)


async def coming_up(mine: Day) -> Part:
    """The next huddles in which they are asked; a lead who takes no part sees those of the team."""
    heads = [await _after(mine, huddle, rules.newest_asked(huddle, mine.today, mine.zone)) for huddle in mine.huddles]
    found: list[Next] = []
    while len(found) < NEXT and (coming := {n: each for n, each in enumerate(heads) if each is not None}):
        number, earliest = min(coming.items(), key=lambda each: each[1].at)
        found.append(earliest)
        heads[number] = await _after(mine, earliest.huddle, earliest.on)
    return views.coming_up(found, mine.zone)


async def _after(mine: Day, huddle: Huddle, after: date) -> Next | None:
    """The huddle's next run that concerns this person; None where they are away for too long."""
    on = after
    for _ in range(LOOKED_AT):
        following = await finding.next_date(mine.tx, huddle, on)
        if following is None:
            return None
        on = following
        absence = mine.absence_on(on)
        if absence is None and _concerns(mine, huddle, on):
            return Next(huddle, on, huddle_rules.asked_at(huddle, on, mine.zone))
        if absence is not None and absence.to_on is None:
            return None
        on = on if absence is None else absence.to_on or on
    return None


def _concerns(mine: Day, huddle: Huddle, on: date) -> bool:
    return mine.works_on(huddle, on) if mine.takes_part(huddle, on) else mine.leads(huddle)


async def oversight(mine: Day) -> Part:
    """For leads how many have answered; for administrators also how the others stand, and what could not be sent."""
    led = [each for each in mine.huddles if mine.leads(each)]
    runs = [(huddle, run) for huddle in led if (run := await _newest(mine, huddle)) is not None]
    told = [(huddle.name, await _counts(mine.tx, run)) for huddle, run in runs]
    if Role.Kind.ADMIN not in await roles_of(mine.tx, mine.person):
        return views.oversight(told)
    number, others = await _others_open(mine.tx, [run.id for _, run in runs])
    return views.oversight(told, number=number, others=others, unsent=await _unsent(mine.tx))


async def _newest(mine: Day, huddle: Huddle) -> HuddleRun | None:
    """The run that can be answered now; where two can, the one that began last."""
    query = select(HuddleRun).where(HuddleRun.huddle_id == huddle.id, col(HuddleRun.state).in_(finding.ANSWERABLE))
    run = await mine.tx.first(query.order_by(col(HuddleRun.local_date).desc()))
    return run if run is not None and mine.can_answer(run) else None


async def _counts(tx: Tx, run: HuddleRun) -> Counts:
    """A run's counts of now; nothing of it is stored."""
    huddle_rules.recount(shadow := run.model_copy(), await expectations(tx, run))
    return Counts(shadow.on_time + shadow.late, shadow.expected, is_open=run.state is HuddleRun.State.OPEN)


async def _others_open(tx: Tx, known: Sequence[int]) -> tuple[int, Counts]:
    """How many huddles are open now besides those known, and the counts of all of them together."""
    is_open = (col(HuddleRun.state) == HuddleRun.State.OPEN, col(HuddleRun.id).not_in(known))
    number = await tx.first(select(func.count(col(HuddleRun.id))).where(*is_open)) or 0
    counts = await tx.columns(
        select_columns(col(Expectation.status), func.count(col(Expectation.id)))
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(*is_open, col(Expectation.is_optional).is_(False))
        .group_by(col(Expectation.status))
    )
    people = {status: number_of for status, number_of in counts}  # noqa: C416 - mypy takes no row for a pair
    answered = people.get(Status.ANSWERED, 0) + people.get(Status.ANSWERED_LATE, 0)
    expected = answered + people.get(Status.EXPECTED, 0) + people.get(Status.SILENT, 0)
    return number, Counts(answered, expected, is_open=True)


async def _unsent(tx: Tx) -> int:
    """How many messages were given up or are in doubt; one that was left on purpose is neither."""
    others = col(Message.view) != REPORT_VIEW
    unsent = 0
    # One state at a time: SQLite uses its partial index only for an equation.
    for state in IN_TROUBLE:
        unsent += await tx.first(select(func.count(col(Message.id))).where(Message.state == state, others)) or 0
    return unsent
