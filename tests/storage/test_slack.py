"""Slack's rows: whose installation an event is, states that work once, and tokens that only one process renews."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from storage import slack
from storage.engine import Database
from storage.organisations import Install
from storage.slack import SlackState, SlackWorkspace
from storage.tx import SYSTEM, Change
from tests.support.company import NOON, a_company, acting

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class There:
    """An installation by its ids."""

    tenant: str
    team_id: str = ""
    enterprise_id: str = ""
    ended_at: datetime | None = None


async def installed(database: Database, *all_of_them: There) -> None:
    for number, each in enumerate(all_of_them):
        company = await a_company(database, f"Company {number}", people=())
        async with acting(database, company) as tx:
            install = Install(platform="slack", external_id=each.tenant, name=each.tenant)
            tx.add(install)
            await tx.flush()
            tx.add(
                SlackWorkspace(
                    install_id=install.id,
                    team_id=each.team_id,
                    enterprise_id=each.enterprise_id,
                    token=f"sealed {each.tenant}",
                    refresh_token="sealed too",
                    installed_at=NOON,
                    ended_at=each.ended_at,
                )
            )


async def tenant_of(database: Database, team_id: str, enterprise_id: str = "") -> str | None:
    async with database.read(SYSTEM) as tx:
        return await slack.tenant_of(tx, team_id, enterprise_id)


async def workspace(database: Database, tenant: str = "T1") -> SlackWorkspace:
    async with database.read(SYSTEM) as tx:
        found = await slack.workspace_of(tx, tenant)
    assert found is not None
    return found[1]


NORTH, SOUTH = There("T1", "T1"), There("T2", "T2")
EVERYWHERE = There("E1", "", "E1")


async def test_an_event_belongs_to_its_own_workspace(database: Database) -> None:
    await installed(database, NORTH, SOUTH)
    assert [await tenant_of(database, team) for team in ("T1", "T2", "T3", "")] == ["T1", "T2", None, None]


async def test_a_workspaces_own_installation_goes_before_its_enterprises(database: Database) -> None:
    await installed(database, EVERYWHERE, There("T1", "T1", "E1"))
    assert await tenant_of(database, "T1", "E1") == "T1"
    assert await tenant_of(database, "T9", "E1") == "E1"
    assert await tenant_of(database, "", "E1") == "E1"


async def test_a_workspaces_own_installation_says_nothing_about_the_rest_of_its_enterprise(database: Database) -> None:
    await installed(database, There("T1", "T1", "E1"))
    assert await tenant_of(database, "T9", "E1") is None


async def test_an_installation_that_has_ended_gets_no_events(database: Database) -> None:
    await installed(database, There("T1", "T1", "E1", ended_at=NOON), EVERYWHERE)
    assert await tenant_of(database, "T1", "E1") == "E1"
    assert await tenant_of(database, "T1") is None


async def test_one_process_at_a_time_has_the_refresh_token(database: Database) -> None:
    await installed(database, NORTH, SOUTH)
    read = await workspace(database)
    took = []
    for at in (NOON, NOON + MINUTE - timedelta(seconds=1), NOON + MINUTE):
        async with database.write(SYSTEM) as tx:
            took.append(await slack.claim_refresh(tx, read, now=at, lasts=MINUTE))
    assert took == [True, False, True]
    assert (await workspace(database, "T2")).refreshing_until is None


async def test_a_refresh_token_that_was_used_meanwhile_is_not_taken(database: Database) -> None:
    await installed(database, NORTH)
    read = await workspace(database)
    async with database.write(SYSTEM) as tx:
        assert await slack.renew(tx, read, token="new", refresh_token="newer", expires_at=NOON)
    async with database.write(SYSTEM) as tx:
        assert not await slack.claim_refresh(tx, read, now=NOON, lasts=MINUTE)
        assert not await slack.renew(tx, read, token="late", refresh_token="late", expires_at=NOON)
    kept = await workspace(database)
    assert (kept.token, kept.refresh_token, kept.expires_at, kept.refreshing_until) == ("new", "newer", NOON, None)


async def test_tokens_are_not_sealed_anew_while_they_are_renewed(database: Database) -> None:
    await installed(database, NORTH)
    read = await workspace(database)
    async with database.write(SYSTEM) as tx:
        await slack.claim_refresh(tx, read, now=NOON, lasts=MINUTE)
    async with database.write(SYSTEM) as tx:
        assert not await slack.reseal(tx, read, token="anew", refresh_token="anew")
        assert await slack.renew(tx, read, token="new", refresh_token="newer", expires_at=None)


async def test_no_token_stays_in_the_change_log(database: Database) -> None:
    await installed(database, NORTH)
    async with database.read(SYSTEM) as tx:
        assert "slack_workspace" not in await tx.all(select(Change.table))


# --- ways through OAuth


async def used(database: Database, state: str, now: datetime = NOON) -> bool:
    async with database.write(SYSTEM) as tx:
        return await slack.use_state(tx, state, expires_at=NOON + MINUTE, now=now)


async def test_a_state_works_once(database: Database) -> None:
    assert [await used(database, state) for state in ("one", "two", "one", "two")] == [True, True, False, False]


async def test_a_state_works_once_also_when_it_comes_twice_at_the_same_moment(database: Database) -> None:
    assert sorted(await asyncio.gather(*(used(database, "one") for _ in range(4)))) == [False, False, False, True]


async def test_a_used_state_is_forgotten_when_it_would_have_run_out(database: Database) -> None:
    await used(database, "old")
    await used(database, "new", NOON + MINUTE)
    async with database.read(SYSTEM) as tx:
        assert (await tx.session.scalars(select(SlackState.state_hash))).all() == ["new"]
