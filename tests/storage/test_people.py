"""Where somebody's messages go: to the account they prefer, else to the oldest at which they can be reached."""

import pytest
from sqlmodel import select

from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person, preferred_account_id
from storage.tx import SYSTEM
from tests.support.company import Company, a_company, acting

PLATFORMS = ("slack", "teams")


async def with_accounts(database: Database, *, prefers: str, unreachable: tuple[str, ...] = ()) -> Company:
    """Ada has an account on each platform, the one of the company's own platform first; so has Dana."""
    company = await a_company(database)
    async with acting(database, company, "ada") as tx:
        for name in ("dana", "ada"):
            person = await tx.need(Person, company.people[name].id)
            person.prefers = prefers
        for platform in PLATFORMS:
            install = Install(platform=platform, external_id=f"{platform}-1", name=platform)
            tx.add(install)
            await tx.flush()
            for name in ("dana", "ada"):
                is_reachable = name == "dana" or platform not in unreachable
                tx.add(
                    Account(
                        person_id=company.people[name].id,
                        install_id=install.id,
                        external_id=f"{platform}-{name}",
                        reachable=is_reachable,
                    )
                )
        if "fake" in unreachable:
            own = await tx.all(select(Account).where(Account.person_id == company.people["ada"].id))
            own[0].reachable = False
    return company


async def account_for(database: Database, company: Company, name: str) -> str | None:
    """The external id of the account to which somebody's messages go."""
    async with database.read(SYSTEM) as tx:
        chosen = preferred_account_id(company.people[name].id)
        return await tx.first(select(Account.external_id).where(Account.id == chosen))


@pytest.mark.parametrize(("prefers", "unreachable", "goes_to"), [
    ("fake", (), "ada"),
    ("teams", (), "teams-ada"),
    ("slack", (), "slack-ada"),
    ("nowhere", (), "ada"),
    ("teams", ("teams",), "ada"),
    ("teams", ("teams", "fake"), "slack-ada"),
    ("fake", ("fake", "slack", "teams"), None),
])  # fmt: skip
async def test_messages_go_where_somebody_wants_them_else_where_they_can_be_reached_longest(
    database: Database, prefers: str, unreachable: tuple[str, ...], goes_to: str | None
) -> None:
    company = await with_accounts(database, prefers=prefers, unreachable=unreachable)
    assert await account_for(database, company, "ada") == goes_to
