"""Teams' rows: each question finds what it asks for, and nothing of another tenant, platform or person."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import select

from storage import msteams
from storage.engine import Database
from storage.msteams import TeamsConversation
from storage.organisations import Install
from storage.people import Account, Person
from storage.places import Place
from storage.tx import SYSTEM, Tx
from tests.support.company import NOON, a_company, acting

NORTH, SOUTH = "tenant-north", "tenant-south"
ADA, BEN = "29:ada", "29:ben"
DIRECT, CHANNEL = Place.Kind.DIRECT, Place.Kind.CHANNEL


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, seen so many minutes after noon."""

    external_id: str
    minute: int
    kind: Place.Kind = CHANNEL
    member: str = ""


async def a_tenant(database: Database, tenant: str, *talks: Talk, platform: str = "teams") -> int:
    """An organisation on a platform, with Ada, Ben and some conversations; the number of its installation."""
    company = await a_company(database, f"{platform} {tenant}", people=())
    async with acting(database, company) as tx:
        install = Install(platform=platform, external_id=tenant, name=tenant)
        tx.add(install)
        await tx.flush()
        for name, user in (("Ada", ADA), ("Ben", BEN)):
            await someone(tx, install.id, name, user)
        for each in talks:
            tx.add(_row(install, each))
        return install.id


async def someone(tx: Tx, install_id: int, name: str, user: str, *, active: bool = True) -> None:
    person = Person(name=name, zone="UTC", active=active)
    tx.add(person)
    await tx.flush()
    tx.add(Account(person_id=person.id, install_id=install_id, external_id=user, reachable=False))
    await tx.flush()


def _row(install: Install, talk: Talk) -> TeamsConversation:
    return TeamsConversation(
        install_id=install.id,
        external_id=talk.external_id,
        kind=talk.kind,
        service_url=f"https://{install.platform}.{install.external_id}/",
        bot_id="28:bot",
        member=talk.member,
        seen_at=NOON + timedelta(minutes=talk.minute),
    )


async def test_a_tenant_s_installation_is_the_one_on_teams(sqlite: Database) -> None:
    await a_tenant(sqlite, NORTH, platform="elsewhere")
    number = await a_tenant(sqlite, NORTH)
    other = await a_tenant(sqlite, SOUTH)
    async with sqlite.read(SYSTEM) as tx:
        found = [await msteams.install_of(tx, each) for each in (NORTH, SOUTH, "tenant-west")]
        every = await msteams.installs(tx)
    assert [each and each.id for each in found] == [number, other, None]
    assert [each.id for each in every] == [number, other]


async def test_members_are_found_by_name_in_any_case_the_oldest_first_and_nobody_who_left(sqlite: Database) -> None:
    north, _ = await a_tenant(sqlite, NORTH), await a_tenant(sqlite, SOUTH)
    async with sqlite.write(SYSTEM) as tx:
        install = await tx.first(select(Install).where(Install.id == north))
        assert install is not None
        tx.bind(install.organisation_id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        await someone(tx, north, "ADA", "29:ada-2")
        await someone(tx, north, "Ada", "29:ada-3", active=False)
    async with sqlite.read(SYSTEM) as tx:
        found = await msteams.members_named(tx, north, "aDa")
        assert await msteams.members_named(tx, north, "Zed") == []
    assert [each.name for each in found] == ["Ada", "ADA"]
    assert found[0].id < found[1].id


async def test_a_conversation_is_its_tenant_s_own(sqlite: Database) -> None:
    await a_tenant(sqlite, NORTH, Talk("19:field", 9), platform="elsewhere")
    north = await a_tenant(sqlite, NORTH, Talk("19:field", 1), Talk("19:yard", 2))
    south = await a_tenant(sqlite, SOUTH, Talk("19:field", 3))
    async with sqlite.read(SYSTEM) as tx:
        found = [
            await msteams.conversation_of(tx, tenant, room)
            for tenant, room in ((NORTH, "19:field"), (NORTH, "19:yard"), (SOUTH, "19:field"), (SOUTH, "19:yard"))
        ]
    assert [each and (each.install_id, each.external_id) for each in found] == [
        (north, "19:field"),
        (north, "19:yard"),
        (south, "19:field"),
        None,
    ]


async def test_somebody_s_personal_chat_is_the_one_seen_last_and_no_room_and_nobody_else_s(sqlite: Database) -> None:
    talks = (
        Talk("a:1", 1, DIRECT, ADA),
        Talk("a:3", 5, DIRECT, ADA),
        Talk("a:2", 3, DIRECT, ADA),
        Talk("a:ben", 7, DIRECT, BEN),
        Talk("19:room", 9, CHANNEL, ADA),
    )
    await a_tenant(sqlite, NORTH, Talk("a:elsewhere", 20, DIRECT, ADA), platform="elsewhere")
    await a_tenant(sqlite, NORTH, *talks)
    await a_tenant(sqlite, SOUTH, Talk("a:south", 30, DIRECT, ADA))
    async with sqlite.read(SYSTEM) as tx:
        found = [await msteams.personal_of(tx, NORTH, each) for each in (ADA, BEN, "29:cem")]
    assert [each and each.external_id for each in found] == ["a:3", "a:ben", None]


async def test_the_newest_address_of_a_tenant_is_where_it_was_heard_from_last(sqlite: Database) -> None:
    await a_tenant(sqlite, NORTH, Talk("a:elsewhere", 20), platform="elsewhere")
    await a_tenant(sqlite, NORTH, Talk("19:old", 1), Talk("19:new", 9), Talk("19:older", 3))
    await a_tenant(sqlite, SOUTH, Talk("19:south", 30))
    async with sqlite.read(SYSTEM) as tx:
        found = await msteams.newest(tx, NORTH)
        assert await msteams.newest(tx, "tenant-west") is None
    assert found is not None
    assert found.external_id == "19:new"


async def test_accounts_are_those_that_are_asked_for_in_that_tenant(sqlite: Database) -> None:
    north, _ = await a_tenant(sqlite, NORTH), await a_tenant(sqlite, SOUTH)
    async with sqlite.read(SYSTEM) as tx:
        found = await msteams.accounts_of(tx, north, [ADA, "29:cem"])
    assert [(each.install_id, each.external_id) for each in found] == [(north, ADA)]


async def test_who_can_be_reached_again_is_news_once_and_nobody_else_s(sqlite: Database) -> None:
    north, south = await a_tenant(sqlite, NORTH), await a_tenant(sqlite, SOUTH)
    async with sqlite.write(SYSTEM) as tx:
        assert await msteams.rearm(tx, north, ADA, reachable=True)
        assert not await msteams.rearm(tx, north, ADA, reachable=True)
        assert not await msteams.rearm(tx, north, "29:cem", reachable=True)
    async with sqlite.read(SYSTEM) as tx:
        reached = await tx.all(select(Account).where(Account.reachable))
    assert [(each.install_id, each.external_id) for each in reached] == [(north, ADA)]
    async with sqlite.write(SYSTEM) as tx:
        assert await msteams.rearm(tx, north, ADA, reachable=False)
        assert not await msteams.rearm(tx, south, ADA, reachable=False)
