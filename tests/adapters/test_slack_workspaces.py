"""Workspaces: installed, used, ended and installed again, over Slack's Web API and both databases."""

import asyncio

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from adapters.slack.api import WorkspaceGone
from adapters.slack.workspaces import NoBotToken
from bot.settings import SettingsError
from storage.messages import Lane
from storage.organisations import Install, Organisation
from storage.people import Account, Person, Role
from storage.slack import SlackWorkspace
from storage.tx import SYSTEM, Change
from tests.support.company import a_company
from tests.support.slack_double import Refuse
from tests.support.slack_office import HOUR, K1, K2, Office, a_team


async def test_a_first_installation_makes_an_organisation_that_its_installer_runs(office: Office) -> None:
    bot = await office.install(a_team(office))
    assert (bot.tenant, bot.name, bot.user_id, bot.bot_id, bot.app_id) == (
        "T1", "Northwater", "U0BOT", "B0BOT", "A0FOLKMOOT",
    )  # fmt: skip
    (organisation,) = await office.all(select(Organisation))
    assert (organisation.name, organisation.zone) == ("Northwater", "Europe/Lisbon")
    (person,) = await office.all(select(Person))
    assert (person.name, person.zone, person.prefers) == ("Ada Lovelace", "Europe/Lisbon", "slack")
    assert [each.kind for each in await office.all(select(Role))] == [Role.Kind.ADMIN]
    (account,) = await office.all(select(Account))
    assert (account.external_id, account.reachable) == ("U1", True)
    assert len(await office.all(select(Lane))) == len(Lane.Traffic)


async def test_what_was_installed_is_there_for_another_process(office: Office) -> None:
    installed = await office.install(a_team(office))
    found = await office.workspaces().bot("T1")
    assert found == installed
    assert found is not None
    assert {"chat:write", "commands"} <= found.scopes
    assert await office.api.call("auth.test", found.token)


async def test_tokens_are_stored_sealed_and_never_shown(office: Office) -> None:
    office.slack.world.rotates = True
    bot = await office.install(a_team(office))
    row = await office.row("T1")
    assert row.token.startswith("v1.k1.")
    assert row.refresh_token.startswith("v1.k1.")
    stored = f"{row!r}{[each.after for each in await office.all(select(Change))]}"
    assert bot.token not in stored
    assert not any(refresh in stored for refresh in office.slack.world.refreshes)
    assert bot.token not in repr(bot)


async def test_an_installation_may_join_an_organisation_that_is_named(office: Office) -> None:
    company = await a_company(office.database)
    await office.install(a_team(office), organisation_id=company.id)
    assert [each.id for each in await office.all(select(Organisation))] == [company.id]


async def test_an_installation_by_a_stranger_never_joins_somebody_elses_organisation(office: Office) -> None:
    company = await a_company(office.database)
    await office.install(a_team(office))
    (install,) = await office.all(select(Install).where(Install.platform == "slack"))
    assert install.organisation_id != company.id


async def test_where_slack_does_not_show_the_installer_they_still_run_the_bot(sqlite_office: Office) -> None:
    sqlite_office.slack.faults.next("users.info", Refuse("user_not_found"))
    await sqlite_office.install(a_team(sqlite_office))
    (person,) = await sqlite_office.all(select(Person))
    (organisation,) = await sqlite_office.all(select(Organisation))
    assert (person.name, person.zone, organisation.zone) == ("U1", "UTC", "UTC")
    assert len(await sqlite_office.all(select(Role))) == 1


async def test_a_second_installation_changes_the_token_and_adds_nobody(office: Office) -> None:
    team = a_team(office)
    first = await office.install(team)
    second = await office.install(team, "U2")
    assert first.token != second.token
    assert await office.workspaces().bot("T1") == second
    assert len(await office.all(select(Organisation))) == len(await office.all(select(Role))) == 1


async def test_two_processes_may_take_the_same_installation_at_once(office: Office) -> None:
    team = a_team(office)
    await asyncio.gather(*(office.install(team) for _ in range(3)))
    assert len(await office.all(select(Organisation))) == len(await office.all(select(SlackWorkspace))) == 1


async def test_without_a_key_an_installation_is_refused_before_anything_is_kept(sqlite_office: Office) -> None:
    with pytest.raises(SettingsError, match="FOLKMOOT_SECRET_KEYS is not set"):
        await sqlite_office.install(a_team(sqlite_office), workspaces=sqlite_office.workspaces(""))
    assert await sqlite_office.all(select(Organisation)) == []


async def test_an_answer_without_a_bots_token_is_refused(sqlite_office: Office) -> None:
    for answer in ({"ok": True}, {"ok": True, "access_token": "xoxp-1", "token_type": "user"}):
        with pytest.raises(NoBotToken):
            await sqlite_office.workspaces().install(answer)


async def test_an_organisation_wide_installation_serves_every_workspace_without_one_of_its_own(office: Office) -> None:
    for team_id in ("T1", "T2"):
        a_team(office, team_id, f"Company {team_id}", enterprise_id="E1")
    token = office.slack.install_everywhere("E1").value
    both = office.workspaces()
    bot = await both.connect(token)
    assert (bot.tenant, bot.team_id, bot.enterprise_id) == ("E1", "", "E1")
    assert [await both.tenant_of(team, "E1") for team in ("T1", "T2", None)] == ["E1", "E1", "E1"]
    await office.install(office.slack.workspace("T2"), workspaces=both)
    assert [await both.tenant_of(team, "E1") for team in ("T1", "T2")] == ["E1", "T2"]


# --- two workspaces


async def test_two_workspaces_with_equal_ids_have_each_their_own(office: Office) -> None:
    teams = [a_team(office, "T1", "North"), a_team(office, "T2", "South")]
    bots = [await office.install(team) for team in teams]
    here = office.workspaces()
    assert [await here.bot(tenant) for tenant in ("T1", "T2")] == bots
    assert bots[0].token != bots[1].token
    accounts = await office.all(select(Account).order_by(col(Account.id)))
    assert [each.external_id for each in accounts] == ["U1", "U1"]
    assert len({each.organisation_id for each in accounts}) == len({each.person_id for each in accounts}) == 2
    await here.uninstalled("T1", office.watch.now())
    assert await here.bot("T1") is None
    assert await here.bot("T2") == bots[1]
    accounts = await office.all(select(Account).order_by(col(Account.id)))
    assert [each.reachable for each in accounts] == [False, True]


async def test_a_token_that_was_moved_to_another_workspaces_row_is_not_used(office: Office) -> None:
    for team_id in ("T1", "T2"):
        await office.install(a_team(office, team_id))
    stolen = (await office.row("T1")).token
    theirs = await office.row("T2")
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(SlackWorkspace).where(col(SlackWorkspace.id) == theirs.id).values(token=stolen))
    assert await office.workspaces().bot("T2") is None
    assert await office.workspaces().bot("T1") is not None


async def test_nobody_is_there_for_a_workspace_that_never_installed_the_app(office: Office) -> None:
    await office.install(a_team(office))
    here = office.workspaces()
    assert await here.bot("T9") is None
    assert await here.tenant_of("T9", None) is None


# --- one workspace by a token of the settings


async def test_a_token_of_the_settings_is_used_and_never_stored(office: Office) -> None:
    team = a_team(office, installed=True)
    here = office.workspaces("")
    bot = await here.connect(team.token)
    assert (bot.token, bot.app_id, await here.bot("T1")) == (team.token, "A0FOLKMOOT", bot)
    assert (await office.row("T1")).token == ""
    assert await office.workspaces("").bot("T1") is None, "a process without the setting has no token"


async def test_whoever_runs_the_workspace_runs_the_bot_that_was_connected(sqlite_office: Office) -> None:
    office = sqlite_office
    team = a_team(office, installed=True)
    team.add_user("U3", "Cem", admin=True, deleted=True)
    await office.workspaces("").connect(team.token)
    (person,) = await office.all(select(Person))
    assert person.name == "Ada Lovelace"
    calls = len(office.slack.called("users.list"))
    await office.workspaces("").connect(team.token)
    assert len(office.slack.called("users.list")) == calls, "who is known is not asked for again"


async def test_connecting_joins_the_one_organisation_that_has_no_slack_yet(office: Office) -> None:
    company = await a_company(office.database, admin="Ada")
    await office.workspaces("").connect(a_team(office, installed=True).token)
    await office.workspaces("").connect(a_team(office, "T2", "South", installed=True).token)
    installs = await office.all(select(Install).where(Install.platform == "slack").order_by(col(Install.id)))
    assert [each.organisation_id == company.id for each in installs] == [True, False]


async def test_a_token_that_slack_does_not_know_is_told(sqlite_office: Office) -> None:
    with pytest.raises(WorkspaceGone):
        await sqlite_office.workspaces("").connect("xoxb-wrong")
    assert await sqlite_office.all(select(Install)) == []


# --- ending and coming back


async def test_after_the_app_is_taken_out_its_tokens_are_gone_and_nobody_is_written_to(office: Office) -> None:
    office.slack.world.rotates = True
    await office.install(a_team(office))
    here = office.workspaces()
    assert await here.bot("T1") is not None
    assert await here.tenant_of("T1", None) == "T1"
    at = office.watch.now()
    assert await here.uninstalled("T1", at)
    assert (await here.bot("T1"), await here.tenant_of("T1", None)) == (None, None)
    row = await office.row("T1")
    assert (row.token, row.refresh_token, row.expires_at, row.ended_at, row.ended_why) == (
        "", "", None, at, "uninstalled",
    )  # fmt: skip
    assert [each.reachable for each in await office.all(select(Account))] == [False]


async def test_a_re_installation_brings_back_exactly_those_who_could_be_reached(office: Office) -> None:
    team = a_team(office)
    here = office.workspaces()
    await office.install(team, workspaces=here)
    (install,) = await office.all(select(Install))
    async with office.database.write(install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=office.watch.now())
        tx.add(person := Person(name="Left", zone="UTC"))
        await tx.flush()
        tx.add(Account(person_id=person.id, install_id=install.id, external_id="U8", reachable=False))
    await here.uninstalled("T1", office.watch.now())
    back = await office.install(team, workspaces=here)
    assert await here.bot("T1") == back
    assert await here.tenant_of("T1", None) == "T1"
    reachable = {each.external_id: each.reachable for each in await office.all(select(Account))}
    assert reachable == {"U1": True, "U8": False}
    row = await office.row("T1")
    assert (row.ended_at, row.ended_why, row.silenced) == (None, "", [])


@pytest.mark.parametrize("end", ["uninstalled", "revoked"])
async def test_news_of_an_end_that_arrive_after_a_re_installation_change_nothing(office: Office, end: str) -> None:
    team = a_team(office)
    here = office.workspaces()
    await office.install(team, workspaces=here)
    at = office.watch.now()
    await here.revoked("T1", at)
    back = await office.install(team, workspaces=here)
    assert not await getattr(here, end)("T1", at)
    assert await here.bot("T1") == back


async def test_an_end_is_told_twice_and_happens_once(sqlite_office: Office) -> None:
    office = sqlite_office
    await office.install(a_team(office))
    here = office.workspaces()
    assert [await here.revoked("T1", office.watch.now()), await here.uninstalled("T1", office.watch.now())] == [
        True, False,
    ]  # fmt: skip
    assert (await office.row("T1")).ended_why == "revoked"
    assert not await here.uninstalled("T9", office.watch.now())


async def test_what_rested_while_there_was_no_token_goes_on_after_a_re_installation(sqlite_office: Office) -> None:
    office = sqlite_office
    team = a_team(office)
    await office.install(team)
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(Lane).values(blocked_until=office.watch.now() + HOUR))
    await office.install(team)
    assert {each.blocked_until for each in await office.all(select(Lane))} == {None}


# --- keys


async def test_tokens_move_to_the_new_key_when_they_are_used(office: Office) -> None:
    office.slack.world.rotates = True
    bot = await office.install(a_team(office))
    assert await office.workspaces(f"{K2},{K1}").bot("T1") == bot
    row = await office.row("T1")
    assert row.token.startswith("v1.k2.")
    assert row.refresh_token.startswith("v1.k2.")
    assert await office.workspaces(K2).bot("T1") == bot, "the old key can be taken away"


async def test_a_token_whose_key_is_gone_is_no_token(sqlite_office: Office) -> None:
    await sqlite_office.install(a_team(sqlite_office))
    assert await sqlite_office.workspaces(K2).bot("T1") is None
    assert await sqlite_office.workspaces(K1).bot("T1") is not None
