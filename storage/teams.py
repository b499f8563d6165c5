"""Teams, who leads them and who takes part."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam
from sqlmodel import Field, UniqueConstraint, col, or_, select

from storage.columns import Noun, RowId, constraints, number_of
from storage.people import Department, Person
from storage.tx import Tx


class Team(Noun, table=True):
    """People who huddle together, with a lead and a channel."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    zone: str
    calendar: str = ""
    department_id: int | None = number_of("department", default=None, nullable=True)
    lead_id: int | None = number_of("person", default=None, nullable=True)
    deputy_id: int | None = Field(default=None, sa_type=RowId)
    """A person who gets what the lead is asked while the lead is away; no foreign key, because it came later."""
    place_id: int | None = number_of("place", default=None, nullable=True)


class Membership(Noun, table=True):
    """A person in a team, from the first day until the last."""

    team_id: int = number_of("team", index=True)
    person_id: int = number_of("person", index=True)
    from_on: date
    to_on: date | None = None


async def members(tx: Tx, team: Team, on: date) -> Sequence[Person]:
    """Who belongs to `team` on a day, by name."""
    return await tx.all(
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.team_id == team.id,
            col(Membership.from_on) <= on,
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
            col(Person.active).is_(True),
        )
        .order_by(col(Person.name), col(Person.id))
    )


async def teams_of(tx: Tx, person: Person, on: date) -> Sequence[Team]:
    """The teams that a person belongs to or leads, by name."""
    belongs = select(Membership.team_id).where(
        Membership.person_id == person.id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )
    return await tx.all(
        select(Team).where(or_(col(Team.id).in_(belongs), Team.lead_id == person.id)).order_by(col(Team.name))
    )


async def team_named(tx: Tx, name: str) -> Team | None:
    """The team of that name, in any case."""
    wanted = name.strip().casefold()
    return next((team for team in await tx.all(select(Team)) if team.name.casefold() == wanted), None)


async def team_at(tx: Tx, place_id: int) -> Team | None:
    """The team whose channel a place is."""
    return await tx.first(_AT, {"its_place": place_id})


_AT = select(Team).where(Team.place_id == bindparam("its_place", type_=RowId)).order_by(col(Team.id)).limit(1)


async def leads_of(tx: Tx, person_id: int, on: date) -> Sequence[Person]:
    """Who leads the teams that a person belongs to on a day, each once, by name."""
    theirs = select(Membership.team_id).where(
        Membership.person_id == person_id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )
    leads = select(Team.lead_id).where(col(Team.id).in_(theirs))
    active = (col(Person.id).in_(leads), col(Person.active).is_(True))
    return await tx.all(select(Person).where(*active).order_by(col(Person.name), col(Person.id)))


async def calendars_of(tx: Tx, person_ids: Sequence[int], on: date) -> Mapping[int, tuple[str, ...]]:
    """The calendars of the teams to which some people belong on a day; empty where a team has none of its own."""
    found = await tx.columns(_CALENDARS, {"its_people": list(person_ids), "its_day": on})
    return {each: tuple(calendar for number, calendar in found if number == each) for each, _ in found}


_CALENDARS = (
    select(Membership.person_id, Team.calendar)
    .join(Team, col(Team.id) == Membership.team_id)
    .where(
        col(Membership.person_id).in_(bindparam("its_people", type_=RowId, expanding=True)),
        col(Membership.from_on) <= bindparam("its_day"),
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= bindparam("its_day")),
    )
    .distinct()
    .order_by(col(Membership.person_id), col(Team.calendar))
)


async def teams_answered_for(tx: Tx, person_id: int) -> Sequence[Team]:
    """The teams that somebody leads, is deputy of, or whose department they head, by name."""
    theirs = select(Department.id).where(Department.head_id == person_id)
    answers = or_(Team.lead_id == person_id, Team.deputy_id == person_id, col(Team.department_id).in_(theirs))
    return await tx.all(select(Team).where(answers).order_by(col(Team.name), col(Team.id)))


async def belonged_to(tx: Tx, person_id: int, on: date) -> Sequence[Team]:
    """The teams that a person belongs to on a day, by name."""
    theirs = select(Membership.team_id).where(
        Membership.person_id == person_id,
        col(Membership.from_on) <= on,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on),
    )
    return await tx.all(select(Team).where(col(Team.id).in_(theirs)).order_by(col(Team.name), col(Team.id)))


async def leads_any(tx: Tx, person: Person) -> bool:
    """Whether somebody leads a team."""
    return await tx.first(select(Team.id).where(Team.lead_id == person.id)) is not None


async def is_member(tx: Tx, team_id: int, person_id: int, on: date) -> bool:
    """Whether somebody belongs to a team on a day."""
    theirs = (Membership.team_id == team_id, Membership.person_id == person_id, col(Membership.from_on) <= on)
    not_over = or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= on)
    return await tx.first(select(Membership.id).where(*theirs, not_over)) is not None
