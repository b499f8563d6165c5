"""A form has room for a hundred people; a company has more."""

from datetime import date

from sqlmodel import col, select

from bot.chat.forms import OPTIONS_MAX, Form, SomeOf
from bot.dispatch import Dispatcher
from bot.ports import Submission
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.people import Person
from storage.teams import Membership, Team
from tests.support.company import NOON, Company, a_company, acting, an_event


async def a_big_company(database: Database) -> tuple[Company, Team]:
    """Ada runs it; in her team are Zoe and Zack, whose names come last of all."""
    company = await a_company(database, people=("Ada", "Zoe", "Zack"), admin="Ada")
    async with acting(database, company) as tx:
        tx.add(*(Person(name=f"Member {number:03}", zone="Europe/London") for number in range(OPTIONS_MAX + 20)))
        team = Team(name="Field", zone="Europe/London", lead_id=company.people["ada"].id, place_id=company.channel.id)
        tx.add(team)
        await tx.flush()
        for name in ("zoe", "zack"):
            tx.add(Membership(team_id=team.id, person_id=company.people[name].id, from_on=date(2026, 1, 1)))
    return company, team


async def the_form(database: Database) -> Form:
    """What `/team setup` shows Ada in the team's channel."""
    answer = await Dispatcher(database, ROUTES, SimulatedClock(NOON)).handle(
        an_event("ada", "/team setup", room="everybody", event="opens")
    )
    assert answer is not None
    assert isinstance(answer.content, Form)
    return answer.content


async def test_who_is_in_the_team_is_offered_before_all_others(sqlite: Database) -> None:
    await a_big_company(sqlite)
    (offered,) = [each for each in (await the_form(sqlite)).inputs if isinstance(each, SomeOf)]
    assert [option.label for option in offered.options[:4]] == ["Ada", "Zack", "Zoe", "Member 000"]
    assert len(offered.options) == OPTIONS_MAX


async def test_who_has_no_room_in_the_form_stays_in_the_team(sqlite: Database) -> None:
    company, team = await a_big_company(sqlite)
    async with acting(sqlite, company) as tx:
        crowd = await tx.all(select(Person).where(col(Person.name).startswith("Member")).order_by(col(Person.id)))
        for person in crowd:
            tx.add(Membership(team_id=team.id, person_id=person.id, from_on=date(2026, 1, 1)))
    form = await the_form(sqlite)
    (offered,) = [each for each in form.inputs if isinstance(each, SomeOf)]
    kept = [option.value for option in offered.options if option.label != "Member 000"]
    values = {each.id: each.value for each in form.inputs} | {"members": ",".join(kept)}
    await Dispatcher(sqlite, ROUTES, SimulatedClock(NOON)).handle(
        an_event("ada", Submission("team.save", values, dict(form.ids)), room="everybody", event="saves")
    )
    async with sqlite.read(company.id) as tx:
        left = await tx.all(
            select(Person.name)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(Membership.team_id == team.id, col(Membership.to_on).is_not(None))
        )
    assert list(left) == ["Member 000"]
