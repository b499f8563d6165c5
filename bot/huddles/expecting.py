"""Who is expected in a run: its team's members, written in one statement for each zone and calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Insert, String, case, cast, insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import Select

from bot.huddles import rules
from bot.huddles.scene import Scene
from bot.people.rules import WEEKDAYS, holiday
from storage.columns import RowId, Utc
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddlePart, HuddleRun
from storage.people import Absence, Person
from storage.teams import Membership
from storage.tx import Tx

Status = Expectation.Status


@dataclass(frozen=True, slots=True)
class Group:
    """Members who share a zone and a calendar, so that one instant and one holiday hold for all of them."""

    zone: str
    calendar: str | None
    opens_at: datetime
    is_off: bool


async def expect(tx: Tx, around: Scene, now: datetime) -> None:
    """Writes who is expected, in whatever state they are; Python has computed the instants."""
    huddle, run = around.huddle, around.run
    for zone, calendar in await zones_and_calendars(tx, huddle, run.local_date):
        opens_at = max(now, rules.asked_at(huddle, run.local_date, ZoneInfo(zone)))
        if huddle.mode is Huddle.Mode.TOGETHER:
            opens_at = run.opens_at
        is_off = bool(holiday(calendar or around.calendar, run.local_date))
        await tx.run(_expectations(tx, around, Group(zone, calendar, opens_at, is_off), now))


async def zones_and_calendars(tx: Tx, huddle: Huddle, on: date) -> Sequence[tuple[str, str | None]]:
    """Where a huddle's members are on a day, and their own holidays."""
    joined = col(Membership.person_id) == Person.id
    query: Select[str, str | None] = select(Person.zone, Person.calendar).join(Membership, joined)
    return await tx.columns(query.where(_belongs(huddle, on)).distinct())


def _belongs(huddle: Huddle, on: date) -> ColumnElement[bool]:
    return and_(
        col(Membership.team_id) == huddle.team_id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
        col(Person.active).is_(True),
    )


def _expectations(tx: Tx, around: Scene, group: Group, now: datetime) -> Insert:
    columns = {
        "organisation_id": literal(tx.organisation_id, RowId),
        "run_id": literal(around.run.id, RowId),
        "person_id": col(Person.id),
        "status": cast(_status(around.run, is_off=group.is_off), String(32)),
        "is_optional": _part(around.huddle, HuddlePart.Kind.OPTIONAL),
        "opens_at": literal(group.opens_at, Utc()),
        "closes_at": literal(group.opens_at + around.window, Utc()),
        "created_at": literal(now, Utc()),
        "updated_at": literal(now, Utc()),
        "version": literal(1),
    }
    calendar = col(Person.calendar)
    same_calendar = calendar.is_(None) if group.calendar is None else calendar == group.calendar
    source = (
        select_columns(*columns.values())
        .select_from(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(_belongs(around.huddle, around.run.local_date), col(Person.zone) == group.zone, same_calendar)
        .where(~_part(around.huddle, HuddlePart.Kind.OBSERVER))
        .where(col(Person.organisation_id) == tx.organisation_id)
        .distinct()
    )
    return insert(Expectation).from_select(list(columns), source)


def _part(huddle: Huddle, kind: HuddlePart.Kind) -> ColumnElement[bool]:
    """Whether a person has such a part in the huddle."""
    theirs = (HuddlePart.huddle_id == huddle.id, col(HuddlePart.person_id) == Person.id, HuddlePart.kind == kind)
    return select(HuddlePart.id).where(*theirs).exists()


def _status(run: HuddleRun, *, is_off: bool) -> ColumnElement[str]:
    """What a member is at the opening: one who has answered early is done, away goes before a day off."""
    on = run.local_date
    away = select(Absence.id).where(
        col(Absence.person_id) == Person.id,
        col(Absence.from_on) <= on,
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= on),
    )
    early = select(HuddleAnswer.id).where(col(HuddleAnswer.person_id) == Person.id, HuddleAnswer.run_id == run.id)
    day_off = ~col(Person.working_days).contains(WEEKDAYS[on.weekday()])
    return case(
        (early.exists(), literal(Status.ANSWERED.value)),
        (away.exists(), literal(Status.ABSENT.value)),
        (or_(day_off, literal(is_off)), literal(Status.HOLIDAY.value)),
        else_=literal(Status.EXPECTED.value),
    )
