"""What rows are asked for: the right ones, no others, and in their order."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from storage import events
from storage.backlog import lag
from storage.cadences import Cadence, Occurrence, steps_between
from storage.engine import Database
from storage.huddles import Huddle, huddles_of
from storage.organisations import Install
from storage.people import Department, Person, departments, people_named
from storage.teams import Membership, Team, teams_of
from storage.tx import Tx
from tests.support.company import NOON, Company, a_company, acting

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


async def a_team(tx: Tx, name: str, *, lead: Person | None = None) -> Team:
    """A new team."""
    team = Team(name=name, zone="Europe/London", lead_id=None if lead is None else lead.id)
    tx.add(team)
    await tx.flush()
    return team


async def belongs(tx: Tx, team: Team, person: Person, since: date, until: date | None = None) -> None:
    """Somebody is a member of a team."""
    tx.add(Membership(team_id=team.id, person_id=person.id, from_on=since, to_on=until))
    await tx.flush()


async def test_a_person_s_teams_are_those_they_belong_to_that_day_and_those_they_lead(database: Database) -> None:
    company = await a_company(database)
    ada, dana = company.people["ada"], company.people["dana"]
    async with acting(database, company) as tx:
        for name, since, until in (
            ("Since today", TODAY, None),
            ("Until today", TODAY - DAY, TODAY),
            ("Left yesterday", TODAY - 2 * DAY, TODAY - DAY),
            ("From tomorrow", TODAY + DAY, None),
        ):
            await belongs(tx, await a_team(tx, name), ada, since, until)
        await belongs(tx, await a_team(tx, "Dana's own"), dana, TODAY)
        await a_team(tx, "Led", lead=ada)
        found = await teams_of(tx, ada, TODAY)
    assert [team.name for team in found] == ["Led", "Since today", "Until today"]


async def test_huddles_are_those_of_the_teams_that_are_asked_for_by_their_time(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        ours, theirs = await a_team(tx, "Ours"), await a_team(tx, "Theirs")
        for team, name, hour, active in (
            (ours, "late", 16, True),
            (ours, "early", 8, True),
            (ours, "ended", 9, False),
            (theirs, "foreign", 7, True),
            (ours, "late too", 16, True),
        ):
            tx.add(
                Huddle(
                    name=name, team_id=team.id, at_time=time(hour), zone="Europe/London", questions=[], active=active
                )
            )
        await tx.flush()
        found = await huddles_of(tx, [ours.id])
    assert [huddle.name for huddle in found] == ["early", "late", "late too"]


async def planned(tx: Tx, *instants: datetime) -> None:
    """Steps that are due then, in this order of their numbers."""
    for number, at in enumerate(instants):
        tx.add(Occurrence(key=f"step {number}", kind="round", subject_id=1, due_at=at))
        await tx.flush()


async def test_the_steps_of_a_time_begin_with_its_start_end_before_its_end_and_come_in_order(
    database: Database,
) -> None:
    company = await a_company(database)
    hour = timedelta(hours=1)
    async with acting(database, company) as tx:
        await planned(tx, NOON + hour, NOON, NOON - hour, NOON + 2 * hour, NOON)
        found = await steps_between(tx, NOON, NOON + 2 * hour)
    assert [step.key for step in found] == ["step 1", "step 4", "step 0"]


@pytest.mark.parametrize("kind", ["rhythm", "step"])
async def test_the_clock_is_as_far_behind_as_the_oldest_thing_that_is_due(database: Database, kind: str) -> None:
    company = await a_company(database)
    instants = [NOON - timedelta(minutes=5), NOON - timedelta(minutes=40), NOON + timedelta(minutes=3)]
    async with acting(database, company) as tx:
        if kind == "step":
            await planned(tx, *instants)
        else:
            for number, at in enumerate(instants):
                await rhythm(tx, number, at)
        assert await lag(tx, NOON, NOON) == timedelta(minutes=40)


async def rhythm(tx: Tx, number: int, at: datetime) -> None:
    """A rhythm whose next slot is then."""
    naive = at.replace(tzinfo=None)
    tx.add(
        Cadence(
            kind="round", subject_id=number, rule="FREQ=DAILY", starts_at=naive, zone="UTC", next_slot=naive, next_at=at
        )
    )
    await tx.flush()


async def test_departments_come_along_the_customer_s_journey(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        for name, seq in (("Billing", 3), ("Sales", 1), ("Field", 2), ("Service", 2)):
            tx.add(Department(name=name, seq=seq))
            await tx.flush()
        assert [each.name for each in await departments(tx)] == ["Sales", "Field", "Service", "Billing"]


async def test_a_person_is_found_by_their_name_or_first_name_the_oldest_first(database: Database) -> None:
    company = await a_company(database, people=("Ada Lovelace", "Ada", "Adam", "Gone"))
    async with acting(database, company) as tx:
        (await tx.need(Person, company.people["gone"].id)).active = False
        await tx.flush()
        assert [each.name for each in await people_named(tx, " ada ")] == ["Ada Lovelace", "Ada"]
        assert [each.name for each in await people_named(tx, "ADA LOVELACE")] == ["Ada Lovelace"]
        assert await people_named(tx, "Gone") == []


async def taken(database: Database, company: Company, keys: Sequence[tuple[int, str, str]]) -> list[bool]:
    """Whether each event was taken for the first time."""
    async with acting(database, company) as tx:
        found = [
            await events.take(tx, install_id=install, conversation=room, external_id=event, now=NOON)
            for install, room, event in keys
        ]
    return [each is not None for each in found]


@pytest.mark.req("INV-21")
async def test_an_event_is_the_same_only_with_its_installation_its_conversation_and_its_id(
    database: Database,
) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        second = Install(platform="other", external_id="t", name="Other")
        tx.add(second)
        await tx.flush()
    here, there = company.install.id, second.id
    keys = [(here, "room", "1"), (there, "room", "1"), (here, "hall", "1"), (here, "room", "2")]
    assert await taken(database, company, keys) == [True] * 4
    assert await taken(database, company, keys) == [False] * 4
    async with database.read(company.id) as tx:
        for install, room, event in keys:
            found = await events.seen(tx, install_id=install, conversation=room, external_id=event)
            assert found is not None
            assert (found.install_id, found.conversation, found.external_id) == (install, room, event)
        assert await events.seen(tx, install_id=there, conversation="hall", external_id="2") is None
