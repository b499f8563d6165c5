"""Who gets a plan for the day, where and when: mornings in zones, what people chose, and who has something due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, false, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select

from storage.actions import WAITING, Action
from storage.cadences import Cadence
from storage.columns import Noun, Row, Utc, constraints, number_of
from storage.initiatives import Milestone
from storage.inserting import add_once
from storage.messages import Recipients
from storage.people import Absence, Person
from storage.teams import Membership, Team
from storage.tx import Change, Tx
from storage.weekly import WeeklyGoal, WeeklyRun

PLAN = "day.plan"
"""The view of a plan, and the step in which plans are given."""

USUAL = time(8, 30)
LEAD = timedelta(minutes=20)
"""How long before its time a plan is decided on, so that it can come before a huddle that asks just before it."""


def key_of(on: date) -> str:
    """The key of a day's plans; a person's own ends with their number."""
    return f"day:{on}:plan"


class Morning(Row, table=True):
    """A time of day in a zone at which people there get their plan; one rhythm for all of them."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "zone", "at_time"))
    zone: str
    at_time: time


class MorningChoice(Noun, table=True):
    """What somebody chose about their plan: another time than USUAL, or none."""

    __table_args__ = constraints(UniqueConstraint("person_id"))
    person_id: int = number_of("person")
    at_time: time | None = None
    is_off: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


async def choice_of(tx: Tx, person_id: int) -> MorningChoice | None:
    """What somebody chose; None while they have chosen nothing."""
    return await tx.first(select(MorningChoice).where(MorningChoice.person_id == person_id))


async def wake(tx: Tx, zone: str, now: datetime, at_time: time = USUAL) -> None:
    """Somebody lives in a zone, or wants another time there: it has a morning from now on, once.

    It is no part of what anybody did, so Undo leaves it; one in which nobody has anything to do says nothing.
    """
    same = (Morning.zone == zone, Morning.at_time == at_time)
    if await tx.first(select(Morning.id).where(*same)) is not None:
        return
    await add_once(tx, Morning(zone=zone, at_time=at_time))
    number = await tx.first(select(Morning.id).where(*same))
    if number is None:
        return  # somebody else is just making it, and its rhythm with it
    starts_at = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), at_time) - LEAD
    rhythm = Cadence(kind=PLAN, subject_id=number, rule="FREQ=DAILY", starts_at=starts_at, zone=zone)
    rhythm.next_at = now - LEAD  # so that a time which is only just to come is not missed today
    rhythm.created_at = rhythm.updated_at = now
    rhythm.version = 1
    await add_once(tx, rhythm)


async def zones(tx: Tx) -> Sequence[str]:
    """Where people live."""
    return await tx.all(select(col(Person.zone)).where(col(Person.active).is_(True)).distinct())


async def calendars(tx: Tx) -> set[str]:
    """The holidays that somebody or a team has of their own."""
    own = await tx.all(select(col(Person.calendar)).where(col(Person.calendar).is_not(None)).distinct())
    return {each for each in (*own, *await tx.all(select(col(Team.calendar)).distinct())) if each}


@dataclass(frozen=True, slots=True)
class Giving:
    """One morning of one day: whose holiday it is, when plans come, and who is asked just before and gets it earlier.

    `closed` are the calendars that have a holiday then, `calendar` is that of who has no other; `earlier` are teams
    with the instant at which their people get it; `meeting` are teams that meet on that day. Goals of the week are a
    reason for who works on none of the days `worked`, those of the week before this one; without it for nobody.
    """

    zone: str
    at_time: time
    on: date
    weekday: str
    calendar: str
    closed: frozenset[str]
    due_at: datetime
    not_after: datetime
    earlier: Sequence[tuple[int, datetime]] = ()
    meeting: Sequence[int] = ()
    worked: Sequence[str] | None = None


def recipients(tx: Tx, giving: Giving) -> Recipients:
    """Who is at work in that morning and has something due, or a meeting: one statement, however many they are."""
    at = case(
        *[(_belongs([team_id], giving.on), literal(earlier, Utc())) for team_id, earlier in giving.earlier],
        else_=literal(giving.due_at, Utc()),
    ) if giving.earlier else literal(giving.due_at, Utc())  # fmt: skip
    leads = select(Team.id).where(Team.lead_id == Person.id, col(Team.id).in_(giving.meeting)).correlate(Person)
    has_meeting = [_belongs(giving.meeting, giving.on), leads.exists()] if giving.meeting else []
    return (
        select_columns(
            col(Person.id).label("person_id"), at.label("due_at"), literal(giving.not_after, Utc()).label("not_after")
        )
        .outerjoin(MorningChoice, col(MorningChoice.person_id) == col(Person.id))
        .where(
            col(Person.organisation_id) == tx.organisation_id,
            col(Person.active).is_(True),
            col(Person.zone) == giving.zone,
            _wants_it_at(giving.at_time),
            _works(giving),
            or_(_has_action(giving.on), _has_milestone(giving.on), *has_meeting, *_begins_with_goals(giving)),
        )
    )


async def how_many(tx: Tx, some: Recipients) -> int:
    """How many people that are."""
    ((number,),) = await tx.columns(select_columns(func.count()).select_from(some.subquery()))
    return int(number)


def _wants_it_at(at_time: time) -> ColumnElement[bool]:
    chosen = col(MorningChoice.at_time) == at_time
    time_fits = or_(chosen, col(MorningChoice.at_time).is_(None)) if at_time == USUAL else chosen
    return and_(time_fits, or_(col(MorningChoice.is_off).is_(None), col(MorningChoice.is_off).is_(False)))


def _works(giving: Giving) -> ColumnElement[bool]:
    """At work: one of their days, no holiday, and not away; as bot.people.there says it of one."""
    on = giving.on
    away = select(Absence.id).where(
        col(Absence.person_id) == Person.id,
        col(Absence.from_on) <= on,
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= on),
    )
    return and_(col(Person.working_days).contains(giving.weekday), ~_holiday(giving), ~away.correlate(Person).exists())


def _holiday(giving: Giving) -> ColumnElement[bool]:
    """A holiday of their own calendar; without one of their own, of each of their teams' or of the organisation's."""
    closed = sorted(giving.closed)
    own = func.coalesce(col(Person.calendar), "")
    calendar = case((col(Team.calendar) == "", literal(giving.calendar)), else_=col(Team.calendar))
    theirs = (
        select(Membership.id)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(Membership.person_id == Person.id, _lasts(giving.on))
        .correlate(Person)
    )
    return case(
        (own != "", own.in_(closed)),
        (theirs.exists(), ~theirs.where(calendar.not_in(closed)).exists()),
        else_=literal(giving.calendar in giving.closed),
    )


def _lasts(on: date) -> ColumnElement[bool]:
    return and_(
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )


def _belongs(teams: Sequence[int], on: date) -> ColumnElement[bool]:
    there = (Membership.person_id == Person.id, col(Membership.team_id).in_(teams), _lasts(on))
    return select(Membership.id).where(*there).correlate(Person).exists()


def _has_action(on: date) -> ColumnElement[bool]:
    waits = (col(Action.state).in_(WAITING), col(Action.due_on) <= on)
    own = select(Action.id).where(Action.owner_id == Person.id, *waits)
    free = select(Action.id).where(col(Action.owner_id).is_(None), Action.requester_id == Person.id, *waits)
    return or_(own.correlate(Person).exists(), free.correlate(Person).exists())


def _has_milestone(on: date) -> ColumnElement[bool]:
    planned = (Milestone.state == Milestone.State.PLANNED, col(Milestone.forecast_on) <= on)
    return select(Milestone.id).where(Milestone.owner_id == Person.id, *planned).correlate(Person).exists()


def _begins_with_goals(giving: Giving) -> list[ColumnElement[bool]]:
    """Whose first working day of the week it is, with goals for it."""
    if giving.worked is None:
        return []
    week = (giving.on - timedelta(days=7)).isocalendar()
    open_goals = (
        select(WeeklyGoal.id)
        .join(WeeklyRun, col(WeeklyRun.id) == WeeklyGoal.run_id)
        .where(
            WeeklyGoal.person_id == Person.id,
            WeeklyGoal.result == WeeklyGoal.Result.OPEN,
            WeeklyRun.iso_year == week.year,
            WeeklyRun.iso_week == week.week,
            WeeklyRun.state != WeeklyRun.State.SKIPPED,
        )
    )
    first = [~col(Person.working_days).contains(day) for day in giving.worked]
    return [and_(*first, open_goals.correlate(Person).exists())]


async def on_plan(tx: Tx, person_id: int, on: date, *, until: date, most: int) -> Sequence[Action]:
    """What of a person waits and is due until a day, and what was settled on the plan's own day; the latest first."""
    free = and_(col(Action.owner_id).is_(None), Action.requester_id == person_id)
    waits = and_(col(Action.state).in_(WAITING), col(Action.due_on) <= until)
    done = (Action.State.DONE, Action.State.DONE_CLAIMED)
    settled = and_(col(Action.state).in_(done), col(Action.due_on) <= on, col(Action.finished_on) >= on)
    query = select(Action).where(or_(Action.owner_id == person_id, free), or_(waits, settled))
    return await tx.all(query.order_by(col(Action.due_on), col(Action.priority), col(Action.id)).limit(most))


async def milestones_on_plan(tx: Tx, person_id: int, on: date, *, most: int) -> Sequence[Milestone]:
    """The milestones of a person that are due until a day and not said to be reached; the latest first."""
    planned = (Milestone.state == Milestone.State.PLANNED, col(Milestone.forecast_on) <= on)
    query = select(Milestone).where(Milestone.owner_id == person_id, *planned)
    return await tx.all(query.order_by(col(Milestone.forecast_on), col(Milestone.id)).limit(most))


def _meets(begins_at: datetime, ends_at: datetime) -> tuple[ColumnElement[bool], ...]:
    at = col(WeeklyRun.meets_at)
    return col(WeeklyRun.state) != WeeklyRun.State.SKIPPED, at >= begins_at, at < ends_at


async def meeting_teams(tx: Tx, begins_at: datetime, ends_at: datetime) -> Sequence[int]:
    """The teams that meet between two instants."""
    return await tx.all(select(WeeklyRun.team_id).where(*_meets(begins_at, ends_at)).distinct())


async def meetings_of(
    tx: Tx, person_id: int, begins_at: datetime, ends_at: datetime, *, on: date
) -> Sequence[tuple[WeeklyRun, Team]]:
    """The meetings of a person's teams between two instants, in order."""
    theirs = select(Membership.team_id).where(Membership.person_id == person_id, _lasts(on))
    return await tx.columns(
        select(WeeklyRun, Team)
        .join(Team, col(Team.id) == WeeklyRun.team_id)
        .where(*_meets(begins_at, ends_at), or_(col(Team.id).in_(theirs), Team.lead_id == person_id))
        .order_by(col(WeeklyRun.meets_at), col(WeeklyRun.id))
    )


async def owners_changed_in(tx: Tx, event_id: int) -> set[int]:
    """Whose plan may look another way after an event: who has, or had, work or weekly goals that it changed."""
    tables = [each.__tablename__ for each in (Action, Milestone, WeeklyGoal, WeeklyRun)]
    rows = await tx.all(select(Change).where(Change.event_id == event_id, col(Change.table).in_(tables)))
    states = [state for each in rows for state in (each.before, each.after) if state]
    found = {state.get("owner_id") or state.get("person_id") or state.get("requester_id") for state in states}
    runs = {each.row_id for each in rows if each.table == WeeklyRun.__tablename__}
    planned = select(WeeklyGoal.person_id).where(col(WeeklyGoal.run_id).in_(runs))
    theirs: Sequence[int] = await tx.all(planned) if runs else ()
    return {int(number) for number in (*found, *theirs) if number}
