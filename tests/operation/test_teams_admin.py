"""`folkmoot teams admin`: who runs the bot in a tenant."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from bot import msteams
from bot.msteams import NotDone
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person, Role
from storage.tx import SYSTEM
from tests.support.company import a_company, acting


async def in_a_tenant(url: str, *, names: Sequence[str], tenants: Sequence[str] = ("contoso",)) -> None:
    """A company whose people wrote to the bot on Teams."""
    database = Database(url)
    company = await a_company(database)
    async with acting(database, company, "ada") as tx:
        for tenant in tenants:
            install = Install(platform="teams", external_id=tenant, name=tenant)
            tx.add(install)
            await tx.flush()
            for number, name in enumerate(names):
                person = Person(name=name, zone="UTC", prefers="teams")
                tx.add(person)
                await tx.flush()
                tx.add(Account(person_id=person.id, install_id=install.id, external_id=f"29:{number}"))
    await database.close()


async def admins_of(url: str) -> Sequence[str]:
    """Who runs the bot."""
    database = Database(url)
    async with database.read(SYSTEM) as tx:
        found = await tx.all(
            select(Person.name).join(Role, col(Role.person_id) == Person.id).where(Role.kind == Role.Kind.ADMIN)
        )
    await database.close()
    return found


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    return sqlite_url


def test_somebody_who_wrote_once_is_appointed_and_twice_does_no_harm(url: str) -> None:
    asyncio.run(in_a_tenant(url, names=["Ben Okoro", "Cem"]))
    before = asyncio.run(admins_of(url))
    for _ in range(2):
        told = CliRunner().invoke(msteams.app, ["admin", "ben okoro"], catch_exceptions=False)
        assert (told.exit_code, told.output) == (0, "Ben Okoro runs the bot in contoso now.\n")
    assert sorted(asyncio.run(admins_of(url))) == sorted([*before, "Ben Okoro"])


@pytest.mark.parametrize(("names", "tenants", "arguments", "said"), [
    (["Ben"], ["contoso"], ["Dana"], "nobody called 'Dana' is known there"),
    (["Ben", "Ben"], ["contoso"], ["Ben"], "several people are called 'Ben'"),
    (["Ben"], ["contoso", "fabrikam"], ["Ben"], "name one with --tenant"),
    (["Ben"], [], ["Ben"], "the bot is in no such tenant"),
    (["Ben"], ["contoso"], ["Ben", "--tenant", "fabrikam"], "the bot is in no such tenant"),
])  # fmt: skip
def test_who_is_meant_must_be_certain(
    url: str, names: list[str], tenants: list[str], arguments: list[str], said: str
) -> None:
    asyncio.run(in_a_tenant(url, names=names, tenants=tenants))
    before = asyncio.run(admins_of(url))
    with pytest.raises(NotDone, match=said):
        CliRunner().invoke(msteams.app, ["admin", *arguments], catch_exceptions=False)
    assert asyncio.run(admins_of(url)) == before
