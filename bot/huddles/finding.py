"""Which huddle and which run somebody means."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.huddles import rules, scene
from bot.huddles.scene import Scene
from bot.people.rules import holiday
from storage.huddles import Expectation, Huddle, HuddleRun, answer_of, huddles_of, observes, run_on
from storage.people import Person, zone_of
from storage.teams import Team, members, teams_of
from storage.tx import Tx

DAYS_AHEAD = 30  # running days looked at for the next one
ANSWERABLE = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)


async def open_for(tx: Tx, person: Person, now: datetime) -> tuple[Scene, Expectation] | None:
    """The run that a person's line of text answers: today's, an unanswered one first, then the newest."""
    found = [
        (around, expectation)
        for around, expectation in await _todays(tx, person)
        if now < rules.answers_end(around.run, zone_of(person))
    ]
    for around, expectation in found:
        if await answer_of(tx, around.run, person.id) is None:
            return around, expectation
    return found[0] if found else None


async def _todays(tx: Tx, person: Person) -> Sequence[tuple[Scene, Expectation]]:
    query = (
        select(Expectation)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(Expectation.person_id == person.id, col(HuddleRun.state).in_(ANSWERABLE))
        .order_by(col(HuddleRun.opens_at).desc(), col(HuddleRun.id).desc())
        .limit(5)
    )
    found = [(await scene.scene_of(tx, each.run_id), each) for each in await tx.all(query)]
    return [(around, each) for around, each in found if around is not None]


async def huddle_of(tx: Tx, person: Person, now: datetime, *, on: date | None = None) -> Huddle | None:
    """The huddle that asks a person next; on a day named with `on`, the first of that day.

    Of several on one day it is the first that the person has not answered ahead of time.
    """
    today = scene.today_of(person, now)
    every = await huddles_of(tx, [team.id for team in await teams_of(tx, person, today)])
    asked = [each for each in every if await belongs_to(tx, each, person, today)]
    found = []
    for each in asked:
        day = await next_date(tx, each, today, including=True, now=now)
        if on is not None:
            day = on if await is_to_come(tx, each, on, today) else None
        if day is not None:
            run = await run_on(tx, each, day)
            is_answered = run is not None and await answer_of(tx, run, person.id) is not None
            found.append(((day, is_answered, each.at_time, each.id), each))
    return min(found, key=itemgetter(0))[1] if found else next(iter(asked), None)


async def huddles_led_or_joined(tx: Tx, person: Person, now: datetime) -> Sequence[Huddle]:
    """The huddles of the teams that a person belongs to or leads."""
    return await huddles_of(tx, [team.id for team in await teams_of(tx, person, scene.today_of(person, now))])


async def belongs_to(tx: Tx, huddle: Huddle, person: Person, on: date) -> bool:
    """Whether a huddle asks a person: a member of its team on a day who does not only observe."""
    team = await tx.need(Team, huddle.team_id)
    is_member = person.id in {each.id for each in await members(tx, team, on)}
    return is_member and not await observes(tx, huddle, person.id)


async def next_date(
    tx: Tx, huddle: Huddle, after: date, *, including: bool = False, now: datetime | None = None
) -> date | None:
    """The local date of the huddle's next run, holidays left out; None where it has ended or rests.

    With `including`, `after` itself counts while its run has not had its turn and its first member's time has not come.
    """
    team = await tx.need(Team, huddle.team_id)
    calendar = await scene.calendar_of(tx, team)
    zones = [zone_of(each) for each in await members(tx, team, after)]
    for on in rules.next_dates(huddle, after - timedelta(days=1) if including else after, DAYS_AHEAD):
        first_asked = rules.asked_at(huddle, on, rules.earliest_zone(huddle, on, zones))
        is_over = now is not None and now >= first_asked
        run = await run_on(tx, huddle, on)
        had_its_turn = run is not None and run.state is not HuddleRun.State.PLANNED
        if not (holiday(calendar, on) or is_over or had_its_turn):
            return on
    return None


async def is_to_come(tx: Tx, huddle: Huddle, on: date, today: date) -> bool:
    """Whether a day is one of the next on which the huddle runs; an old or made-up button may name any other."""
    run = await run_on(tx, huddle, on)
    soon = rules.next_dates(huddle, today - timedelta(days=1), DAYS_AHEAD)
    return on in soon or (run is not None and run.state in ANSWERABLE)


async def last_run(tx: Tx, huddle: Huddle, person: Person, today: date) -> HuddleRun | None:
    """Yesterday's run, if the person was in it: what they write just after midnight may be meant for it."""
    run = await run_on(tx, huddle, today - timedelta(days=1))
    if run is None or run.state not in ANSWERABLE:
        return None
    expected = select(Expectation.id).where(Expectation.run_id == run.id, Expectation.person_id == person.id)
    return run if await tx.first(expected) is not None else None


async def run_to_come(tx: Tx, huddle: Huddle, on: date) -> HuddleRun:
    """The run of a day, made ahead of time where it has not opened yet."""
    run = await run_on(tx, huddle, on)
    if run is None:
        opens_at = rules.asked_at(huddle, on, ZoneInfo(huddle.zone))
        closes_at = opens_at + timedelta(minutes=huddle.window_min)
        run = HuddleRun(
            huddle_id=huddle.id, local_date=on, opens_at=opens_at, closes_at=closes_at, questions=list(huddle.questions)
        )
        tx.add(run)
        await tx.flush()
    return run
