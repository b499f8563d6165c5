"""How conversations are reached, as the newest activities said it; what an installation changes; names of rooms."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from adapters.teams import directory
from adapters.teams.directory import Directory
from adapters.teams.happenings import Where, Who
from adapters.teams.members import Members
from bot.chat.senders import Sender
from storage.engine import Database
from storage.msteams import TeamsConversation
from storage.organisations import Install, Organisation
from storage.people import Account, Person, Role, admins
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company
from tests.support.teams_hall import ADA, BEN, FIELD, NORTH, SOUTH, TEAM, YARD, a_hall

OLD, NEW = "https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/amer/"
CHAT = Where(NORTH, "a:ada", OLD, "28:bot", is_direct=True)
ROOM = Where(NORTH, FIELD, OLD, "28:bot", is_direct=False, is_channel=True, name="field", team=TEAM)
WHO = Who(ADA, "Ada", "Europe/Lisbon")


async def _all(database: Database, query: object) -> list[object]:
    async with database.read(SYSTEM) as tx:
        return list(await tx.all(query))  # type: ignore[arg-type]


async def _reachable(database: Database) -> dict[str, bool]:
    async with database.read(SYSTEM) as tx:
        return {each.external_id: each.reachable for each in await tx.all(select(Account))}


async def _shut(database: Database) -> None:
    """As after a message that Teams did not take for somebody."""
    async with database.write(SYSTEM) as tx:
        await tx.run(update(Account).values(reachable=False))


async def _is_open(database: Database) -> dict[str, bool]:
    async with database.read(SYSTEM) as tx:
        return {each.external_id: each.is_open for each in await tx.all(select(TeamsConversation))}


async def comes(directory: Directory, where: Where = CHAT, *, is_guest: bool = False) -> None:
    """Somebody installs the app."""
    await directory.came(where, WHO)
    await directory.appoint_first(where, Sender(WHO.user, WHO.name, WHO.zone, is_guest=is_guest))


async def test_who_only_writes_first_or_is_a_guest_runs_nothing(sqlite: Database) -> None:
    here = Directory(sqlite)
    await here.note(CHAT, WHO)
    await comes(here, is_guest=True)
    assert await _all(sqlite, select(Person)) == await _all(sqlite, select(Role)) == []


async def test_where_somebody_runs_the_organisation_already_an_installation_appoints_nobody(sqlite: Database) -> None:
    await a_company(sqlite)
    async with sqlite.write(SYSTEM) as tx:
        person = await tx.first(select(Person))
        assert person is not None
        tx.bind(person.organisation_id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        if not await admins(tx):
            tx.add(Role(person_id=person.id, kind=Role.Kind.ADMIN))
    before = len(await _all(sqlite, select(Role)))
    await comes(Directory(sqlite))
    assert len(await _all(sqlite, select(Role))) == before


async def test_a_new_tenant_makes_an_organisation_that_who_brought_the_app_runs(database: Database) -> None:
    await comes(Directory(database))
    (organisation,) = await _all(database, select(Organisation))
    (install,) = await _all(database, select(Install))
    (person,) = await _all(database, select(Person))
    (role,) = await _all(database, select(Role))
    assert isinstance(organisation, Organisation)
    assert isinstance(install, Install)
    assert isinstance(person, Person)
    assert isinstance(role, Role)
    assert (organisation.zone, install.external_id) == ("Europe/Lisbon", NORTH)
    assert (person.name, person.prefers, role.kind) == ("Ada", "teams", Role.Kind.ADMIN)


async def test_many_who_come_at_once_make_one_organisation_also_in_two_processes(database: Database) -> None:
    here = [Directory(database), Directory(database)]
    await asyncio.gather(*(comes(here[number % 2], replace(CHAT, conversation=f"a:{number}")) for number in range(8)))
    assert len(await _all(database, select(Organisation))) == len(await _all(database, select(Install))) == 1
    assert len(await _all(database, select(TeamsConversation))) == 8
    assert len(await _all(database, select(Role))) == 1


@pytest.mark.parametrize("joins", [True, False])
async def test_only_a_tenant_that_the_settings_name_joins_the_organisation_there_is(
    sqlite: Database, joins: bool
) -> None:
    company = await a_company(sqlite)
    await comes(Directory(sqlite, joins=joins))
    async with sqlite.read(SYSTEM) as tx:
        install = await tx.first(select(Install).where(Install.platform == "teams"))
    assert install is not None
    assert (install.organisation_id == company.id) is joins


async def test_the_newest_address_is_kept_and_used_for_whatever_was_not_heard_from(sqlite: Database) -> None:
    here = Directory(sqlite)
    await comes(here)
    await here.note(ROOM, WHO)
    await here.note(replace(CHAT, service_url=NEW), WHO)
    found = {each: await here.conversation(NORTH, each) for each in ("a:ada", FIELD)}
    assert {each: row and row.service_url for each, row in found.items()} == {"a:ada": NEW, FIELD: OLD}
    newest = await here.newest(NORTH)
    assert newest is not None
    assert newest.service_url == NEW
    await here.note(replace(ROOM, service_url=NEW), WHO)
    again = await Directory(sqlite).conversation(NORTH, FIELD)
    assert again is not None
    assert again.service_url == NEW


async def test_an_address_of_one_tenant_is_never_used_for_another_one(sqlite: Database) -> None:
    here = Directory(sqlite)
    await comes(here)
    await comes(here, replace(CHAT, tenant=SOUTH, service_url=NEW))
    for tenant, url in ((NORTH, OLD), (SOUTH, NEW)):
        found = [await here.newest(tenant), await here.conversation(tenant, "a:ada"), await here.personal(tenant, ADA)]
        assert [each and each.service_url for each in found] == [url] * 3


async def test_who_could_not_be_reached_can_be_again_once_they_add_the_app(sqlite: Database) -> None:
    here = Directory(sqlite)
    await comes(here)
    await here.went(CHAT, WHO)
    assert await _reachable(sqlite) == {ADA: False}
    assert await _is_open(sqlite) == {"a:ada": False}
    await comes(here)
    assert await _reachable(sqlite) == {ADA: True}
    assert await _is_open(sqlite) == {"a:ada": True}


async def test_an_app_that_comes_to_a_team_may_write_to_everybody_again(sqlite: Database) -> None:
    here = Directory(sqlite)
    await comes(here)
    await comes(here, replace(CHAT, tenant=SOUTH))
    await _shut(sqlite)
    await comes(here, ROOM)
    async with sqlite.read(SYSTEM) as tx:
        found = await tx.columns(
            select(col(Install.external_id), col(Account.reachable)).join(
                Account, col(Account.install_id) == Install.id
            )
        )
    assert dict(found) == {NORTH: True, SOUTH: False}


async def test_an_app_goes_from_a_team_with_all_its_channels_and_nobody_is_shut_for_that(sqlite: Database) -> None:
    here = Directory(sqlite)
    general = replace(ROOM, conversation=TEAM)
    await comes(here)
    for each in (general, ROOM, replace(ROOM, conversation=YARD, team="19:other@thread.tacv2")):
        await here.note(each, WHO)
    await here.went(general, WHO)
    assert await _is_open(sqlite) == {"a:ada": True, TEAM: False, FIELD: False, YARD: True}
    assert await _reachable(sqlite) == {ADA: True}
    await comes(here, general)
    assert all((await _is_open(sqlite)).values())


async def test_news_of_a_tenant_that_was_never_there_change_nothing(sqlite: Database) -> None:
    here = Directory(sqlite)
    await here.went(CHAT, WHO)
    assert not await here.renamed(ROOM)
    assert await _all(sqlite, select(Install)) == []


async def test_a_renamed_channel_has_its_new_name_where_the_bot_knows_it(database: Database) -> None:
    here = Directory(database)
    for tenant in (NORTH, SOUTH):
        await comes(here, replace(CHAT, tenant=tenant))
    async with database.read(SYSTEM) as tx:
        installs = await tx.all(select(Install).order_by(col(Install.id)))
    for install in installs:
        async with database.write(install.organisation_id) as tx:
            tx.acts_for(by=None, event_id=None, now=NOON)
            tx.add(Place(install_id=install.id, external_id=FIELD, name="field"))
    assert await here.renamed(replace(ROOM, name="Field dispatch"))
    assert not await here.renamed(replace(ROOM, conversation=YARD, name="Yard"))
    assert not await here.renamed(replace(ROOM, name=""))
    async with database.read(SYSTEM) as tx:
        places = await tx.all(select(Place).order_by(col(Place.install_id)))
    assert [each.name for each in places] == ["Field dispatch", "field"]


async def test_who_leaves_a_team_stays_the_person_they_were(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        ben = hall.north.user(BEN)
        await hall.ada.installs(TEAM)
        await hall.says(ben, "Pump checks")
        people = [(each.name, each.active) for each in await hall.all(select(Person).order_by(col(Person.id)))]
        heard = await hall.north.leaves(TEAM, BEN)
        assert heard is not None
        assert heard.status == 200
        found = [(each.name, each.active) for each in await hall.all(select(Person).order_by(col(Person.id)))]
        assert found == people
        assert await _reachable(sqlite) == {ADA: True, BEN: True}
        await hall.says(ben, "Valve checks")
        assert await hall.north.joins(TEAM, BEN) is not None


async def test_everybody_in_a_large_room_is_met_with_two_questions_to_the_database(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        members = [hall.north.add_user(f"29:{number}", f"Member {number}").id for number in range(700)]
        hall.north.add_team("19:large@thread.tacv2", "Large", members=[ADA, *members])
        here = replace(ROOM, conversation="19:large@thread.tacv2", service_url=hall.north.service_url)
        found = await Members(sqlite, hall.teams.connector).of_room(here)
        assert [each.external_id for each in found] == members


async def test_an_event_that_does_not_say_of_which_team_a_channel_is_changes_nothing_of_that(sqlite: Database) -> None:
    here = Directory(sqlite)
    await comes(here)
    await here.note(ROOM, WHO)
    await Directory(sqlite).note(replace(ROOM, team=""), WHO)
    known = await here.conversation(NORTH, FIELD)
    assert known is not None
    assert known.team == TEAM


async def test_an_app_that_is_heard_of_long_after_it_was_taken_out_is_there_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Directory(sqlite)
    await comes(here)
    await here.note(ROOM, WHO)
    await here.went(ROOM, WHO)
    await here.note(ROOM, WHO)
    assert (await _is_open(sqlite))[FIELD] is False
    later = directory.utc_now() + directory.LATE * 2
    monkeypatch.setattr(directory, "utc_now", lambda: later)
    await Directory(sqlite).note(ROOM, WHO)
    assert (await _is_open(sqlite))[FIELD] is True
