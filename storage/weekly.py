"""Weekly follow-ups: a team's rhythm, its weeks, what its people say, their road bumps, and their goals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Field, UniqueConstraint, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.actions import AGREED, CLOSED, Action
from storage.blockers import Blocker
from storage.columns import Noun, Utc, constraints, number_of, personal, word
from storage.initiatives import Initiative, Milestone
from storage.people import Person
from storage.teams import Membership, Team
from storage.tx import Tx


class Weekly(Noun, table=True):
    """A team's weekly follow-up: the weekday and wall-clock time at which it meets."""

    class State(StrEnum):
        """Whether it is held."""

        HELD = "held"
        PAUSED = "paused"
        ENDED = "ended"

    __table_args__ = constraints(UniqueConstraint("team_id"))
    team_id: int = number_of("team")
    weekday: str = "fri"
    at_time: time = time(10)
    zone: str
    state: State = word(State, default=State.HELD)


class WeeklyRun(Noun, table=True):
    """One week of a team. The ISO week is the one it looks back on; its goals are for the week after that."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PLANNED = "planned"
        PREPARING = "preparing"
        PACK_POSTED = "pack_posted"
        CONFIRMED = "confirmed"
        SUMMARISED = "summarised"
        SKIPPED = "skipped"

    __table_args__ = constraints(UniqueConstraint("team_id", "iso_year", "iso_week"))
    team_id: int = number_of("team")
    iso_year: int
    iso_week: int
    state: State = word(State, default=State.PLANNED)
    meets_at: datetime = Field(sa_type=Utc)
    zone: str
    reason: str = personal(default="")
    """Why it was skipped."""
    posted_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When somebody confirmed next week's plan; its goals are proposed until then, also after the summary."""
    confirmed_by: int | None = number_of("person", default=None, nullable=True)
    praise: str = personal(default="")
    """What the lead adds to the milestones that were met."""

    @property
    def monday(self) -> date:
        """The first day of the week it looks back on."""
        return date.fromisocalendar(self.iso_year, self.iso_week, 1)

    @property
    def sunday(self) -> date:
        """The last day of that week."""
        return self.monday + timedelta(days=6)


class WeeklyUpdate(Noun, table=True):
    """What a person says about a week. Without `submitted_at` they were asked and have said nothing yet."""

    __table_args__ = constraints(UniqueConstraint("run_id", "person_id"))
    run_id: int = number_of("weekly_run")
    person_id: int = number_of("person", index=True)
    done: str = personal(default="")
    submitted_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    is_late: bool = False
    """First sent when the pack stood there already."""


class RoadBump(Noun, table=True):
    """Something that slowed somebody's weeks; it is shown until it is out of the way, and can become a blocker once."""

    team_id: int = number_of("team", index=True)
    person_id: int = number_of("person", index=True)
    run_id: int = number_of("weekly_run")
    """The week in which it was said first."""
    text: str = personal()
    raised_on: date
    removed_on: date | None = None
    blocker_id: int | None = number_of("blocker", default=None, nullable=True)


class WeeklyGoal(Noun, table=True):
    """One thing that a person wants to reach in the week after a run's."""

    class Result(StrEnum):
        """What became of it. A dropped one was planned and did not stay among the three."""

        OPEN = "open"
        MET = "met"
        MISSED = "missed"
        DROPPED = "dropped"

    run_id: int = number_of("weekly_run", index=True)
    person_id: int = number_of("person", index=True)
    seq: int = 0
    text: str = personal()
    action_id: int | None = number_of("action", default=None, nullable=True)
    result: Result = word(Result, default=Result.OPEN)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as others show it: proposed until the team's lead has confirmed the plan."""

    goal: WeeklyGoal
    run: WeeklyRun
    is_proposed: bool


async def goals_of(tx: Tx, person_id: int, iso_week: tuple[int, int]) -> list[Goal]:
    """A person's goals for an ISO week (year, week), in the order of their teams; without those that were dropped.

    Source: domain.md S3-27; K-01 and P-01 show them.
    """
    before = (date.fromisocalendar(*iso_week, 1) - timedelta(days=7)).isocalendar()
    found = await tx.columns(
        select(WeeklyGoal, WeeklyRun)
        .join(WeeklyRun, col(WeeklyRun.id) == WeeklyGoal.run_id)
        .where(
            WeeklyGoal.person_id == person_id,
            WeeklyGoal.result != WeeklyGoal.Result.DROPPED,
            WeeklyRun.iso_year == before.year,
            WeeklyRun.iso_week == before.week,
            WeeklyRun.state != WeeklyRun.State.SKIPPED,
        )
        .order_by(col(WeeklyGoal.run_id), col(WeeklyGoal.seq), col(WeeklyGoal.id))
    )
    return [Goal(goal, run, is_proposed=run.confirmed_at is None) for goal, run in found]


async def weekly_of(tx: Tx, team_id: int) -> Weekly | None:
    """A team's weekly follow-up."""
    return await tx.first(select(Weekly).where(Weekly.team_id == team_id))


async def run_of_week(tx: Tx, team_id: int, monday: date) -> WeeklyRun | None:
    """A team's run that looks back on the ISO week of a Monday."""
    week = monday.isocalendar()
    return await tx.first(
        select(WeeklyRun).where(
            WeeklyRun.team_id == team_id, WeeklyRun.iso_year == week.year, WeeklyRun.iso_week == week.week
        )
    )


async def newest_runs(tx: Tx, team_ids: Collection[int], *, most: int) -> Sequence[WeeklyRun]:
    """The newest runs of some teams, newest first."""
    newest = (col(WeeklyRun.iso_year).desc(), col(WeeklyRun.iso_week).desc(), col(WeeklyRun.id).desc())
    return await tx.all(select(WeeklyRun).where(col(WeeklyRun.team_id).in_(team_ids)).order_by(*newest).limit(most))


async def runs_numbered(tx: Tx, numbers: Collection[int]) -> Sequence[WeeklyRun]:
    """The runs with these numbers."""
    return await tx.all(select(WeeklyRun).where(col(WeeklyRun.id).in_(numbers))) if numbers else ()


async def hold(tx: Tx, run: WeeklyRun) -> None:
    """Until this transaction ends, nobody else changes a week: who comes second sees what the first did."""
    await tx.first(select(WeeklyRun.id).where(WeeklyRun.id == run.id).with_for_update(key_share=True))
    await tx.session.refresh(run)


async def updates(tx: Tx, run: WeeklyRun) -> Sequence[WeeklyUpdate]:
    """Who was asked or has said something about a week."""
    return await tx.all(select(WeeklyUpdate).where(WeeklyUpdate.run_id == run.id).order_by(col(WeeklyUpdate.id)))


async def update_of(tx: Tx, run: WeeklyRun, person_id: int) -> WeeklyUpdate | None:
    """What one person said."""
    return await tx.first(
        select(WeeklyUpdate).where(WeeklyUpdate.run_id == run.id, WeeklyUpdate.person_id == person_id)
    )


async def goals_in(tx: Tx, run: WeeklyRun, *, person_id: int | None = None) -> Sequence[WeeklyGoal]:
    """The goals that a run planned, those dropped too, person by person."""
    theirs = [] if person_id is None else [WeeklyGoal.person_id == person_id]
    order = (col(WeeklyGoal.person_id), col(WeeklyGoal.seq), col(WeeklyGoal.id))
    return await tx.all(select(WeeklyGoal).where(WeeklyGoal.run_id == run.id, *theirs).order_by(*order))


async def bumps_of(tx: Tx, team_id: int, *, person_id: int | None = None) -> Sequence[RoadBump]:
    """A team's road bumps that are still there and became no blocker, oldest first."""
    theirs = [] if person_id is None else [RoadBump.person_id == person_id]
    still = (col(RoadBump.removed_on).is_(None), col(RoadBump.blocker_id).is_(None))
    return await tx.all(
        select(RoadBump)
        .where(RoadBump.team_id == team_id, *still, *theirs)
        .order_by(col(RoadBump.raised_on), col(RoadBump.id))
    )


async def bumps_removed(tx: Tx, team_id: int, first: date, last: date) -> Sequence[RoadBump]:
    """A team's road bumps that were got out of the way in a period and never became a blocker."""
    removed = col(RoadBump.removed_on)
    return await tx.all(
        select(RoadBump)
        .where(RoadBump.team_id == team_id, removed >= first, removed <= last, col(RoadBump.blocker_id).is_(None))
        .order_by(removed, col(RoadBump.id))
    )


# --- the work that a week looks at


def _members(team_id: int, on: date) -> SelectOfScalar[int]:
    return select(Membership.person_id).where(
        Membership.team_id == team_id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )


async def team_actions(tx: Tx, team_id: int, on: date, *, since: date) -> Sequence[Action]:
    """The actions of those who belong to a team on a day: all that are open, and those due or finished since a day."""
    recent = (col(Action.due_on) >= since, col(Action.first_due_on) >= since, col(Action.finished_on) >= since)
    return await tx.all(
        select(Action)
        .where(
            col(Action.owner_id).in_(_members(team_id, on)),
            or_(col(Action.state).not_in(CLOSED), *recent),
            Action.state != Action.State.CANCELLED,
        )
        .order_by(col(Action.due_on), col(Action.priority), col(Action.id))
    )


async def milestones_met(tx: Tx, team_id: int, first: date, last: date) -> Sequence[Milestone]:
    """The milestones of a team's members that were accepted in a period, by day."""
    return await tx.all(
        select(Milestone)
        .where(
            col(Milestone.owner_id).in_(_members(team_id, last)),
            Milestone.state == Milestone.State.ACHIEVED,
            col(Milestone.actual_on) >= first,
            col(Milestone.actual_on) <= last,
        )
        .order_by(col(Milestone.actual_on), col(Milestone.id))
    )


async def blockers_solved(tx: Tx, team_id: int, since: datetime, until: datetime) -> Sequence[Blocker]:
    """A team's blockers that were solved in that time, until excluded."""
    at = col(Blocker.resolved_at)
    solved = (Blocker.state == Blocker.State.RESOLVED, at >= since, at < until)
    return await tx.all(select(Blocker).where(Blocker.team_id == team_id, *solved).order_by(at, col(Blocker.id)))


_ENDED = (
    Initiative.State.DELIVERED, Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED,
)  # fmt: skip


async def unsponsored(tx: Tx, team: Team, on: date) -> Sequence[Initiative]:
    """The initiatives of a team, or of its department, that lack a sponsor or an owner. Source: domain.md S0-02."""
    theirs: list[ColumnElement[bool]] = [
        col(Initiative.owner_id).in_(_members(team.id, on)),
        col(Initiative.created_by).in_(_members(team.id, on)),
        col(Initiative.owner_id) == (team.lead_id or 0),
        col(Initiative.created_by) == (team.lead_id or 0),
    ]
    if team.department_id is not None:
        theirs.append(col(Initiative.department_id) == team.department_id)
    lacks = or_(col(Initiative.sponsor_id).is_(None), col(Initiative.owner_id).is_(None))
    return await tx.all(
        select(Initiative).where(or_(*theirs), lacks, col(Initiative.state).not_in(_ENDED)).order_by(col(Initiative.id))
    )


async def ownerless(tx: Tx, team: Team, on: date) -> Sequence[Action]:
    """The actions without an owner that somebody of a team asked for."""
    asked = or_(col(Action.requester_id).in_(_members(team.id, on)), Action.requester_id == (team.lead_id or 0))
    free = (col(Action.owner_id).is_(None), Action.state == Action.State.PROPOSED)
    return await tx.all(select(Action).where(asked, *free).order_by(col(Action.due_on), col(Action.id)))


async def owners(tx: Tx, team: Team, on: date) -> Sequence[Person]:
    """Who of a team has something open: an action, an initiative under way, or a milestone; by name."""
    running = (Initiative.State.CHARTERED, Initiative.State.APPROVED, Initiative.State.IN_FLIGHT)
    mine = col(Person.id)
    acts = select(Action.owner_id).where(col(Action.state).in_((*AGREED, Action.State.DONE_CLAIMED)))
    leads = select(Initiative.owner_id).where(col(Initiative.state).in_(running))
    reaches = select(Milestone.owner_id).where(
        col(Milestone.state).in_((Milestone.State.PLANNED, Milestone.State.CLAIMED))
    )
    has = or_(
        mine.in_(acts.where(col(Action.owner_id).is_not(None))),
        mine.in_(leads.where(col(Initiative.owner_id).is_not(None))),
        mine.in_(reaches.where(col(Milestone.owner_id).is_not(None))),
    )
    return await tx.all(
        select(Person)
        .where(and_(mine.in_(_members(team.id, on)), col(Person.active).is_(True), has))
        .order_by(col(Person.name), mine)
    )


async def finished_by(tx: Tx, person_id: int, first: date, last: date) -> Sequence[Action]:
    """What a person finished in a period, by day."""
    return await tx.all(
        select(Action)
        .where(
            Action.owner_id == person_id,
            Action.state == Action.State.DONE,
            col(Action.finished_on) >= first,
            col(Action.finished_on) <= last,
        )
        .order_by(col(Action.finished_on), col(Action.id))
    )
