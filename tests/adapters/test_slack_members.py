"""Members whose changes nobody told of: compared after a start and once a day, each workspace by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from adapters.slack.asking import FIRST_PAUSE_S
from adapters.slack.members import (
    COMPARED_AFTER_S,
    COMPARED_EVERY_S,
    PAGE_REST_S,
    PERSON_REST_S,
    Members,
    Roster,
    profile_of,
)
from adapters.slack.workspaces import PAGE, Bot, Workspaces
from bot.dispatch import Dispatcher
from bot.ports import Profile, Sender
from bot.routes import ROUTES
from schedules.simulated import RealClock
from storage.people import Account, Person
from storage.tx import Change
from tests.support.rests import Rests
from tests.support.slack_double import Hang, RateLimit, Refuse, ServerError, Team
from tests.support.slack_double.payloads import user_fields
from tests.support.slack_office import Office, a_team

KNOWN = ("U2", "U3", "U4", "U5")


def a_core(office: Office) -> Dispatcher:
    return Dispatcher(office.database, ROUTES, RealClock())


def the_members(office: Office) -> Members:
    return Members(office.database, office.api, learn=a_core(office).learn)


class Pauses(Rests):
    """Those of a second end by themselves: between two people, and before a first new attempt."""

    async def __call__(self, seconds: float) -> None:
        if seconds in {PERSON_REST_S, FIRST_PAUSE_S}:
            self.asked.append(seconds)
        else:
            await super().__call__(seconds)


@asynccontextmanager
async def a_roster(office: Office, workspaces: Workspaces | None = None) -> AsyncIterator[Rests]:
    """What one process does beside everything else; the pauses are the test's."""
    rests = Pauses()
    here = workspaces or office.workspaces()
    async with Roster(the_members(office), office.api, here, rest=rests).kept():
        yield rests


async def compared(rests: Rests) -> None:
    """The first time, or the next one."""
    await rests.end(COMPARED_EVERY_S if COMPARED_EVERY_S in rests.asked else COMPARED_AFTER_S)
    await rests.begun(COMPARED_EVERY_S)


async def installed(office: Office, team_id: str = "T1", name: str = "Northwater") -> tuple[Team, Bot]:
    """A workspace with Ada, who installed the bot there, four people whom it knows, and one whom it does not."""
    team = a_team(office, team_id, name)
    for number, each in enumerate(("Cem", "Dee", "Eli"), 3):
        team.add_user(f"U{number}", each)
    team.add_user("U9", "Nobody yet")
    bot = await office.install(team)
    known = [Sender(each, team.workspace.users[each].name, "Europe/London") for each in KNOWN]
    await a_core(office).acquaint("slack", team_id, known)
    return team, bot


async def people(office: Office) -> dict[str, list[Person]]:
    """Everybody, by what Slack calls them: a person for each workspace, the oldest first."""
    accounts = await office.all(select(Account).order_by(col(Account.id)))
    found = {each.id: each for each in await office.all(select(Person))}
    ids = dict.fromkeys(each.external_id for each in accounts)
    return {name: [found[each.person_id] for each in accounts if each.external_id == name] for name in ids}


def changes(team: Team, user_id: str, **facts: str | bool) -> None:
    """Somebody changes while nobody listens."""
    for name, value in facts.items():
        setattr(team.workspace.users[user_id], name, value)


async def test_what_changed_while_the_bot_was_down_is_learned_after_its_start(office: Office) -> None:
    team, _ = await installed(office)
    changes(team, "U2", name="Ben Cohen")
    changes(team, "U3", tz="Asia/Tokyo")
    changes(team, "U4", deleted=True)
    changes(team, "U5", is_restricted=True)
    changes(team, "U9", name="Still Nobody")
    async with a_roster(office) as rests:
        await compared(rests)
    found = {name: each[0] for name, each in (await people(office)).items()}
    assert set(found) == {"U1", *KNOWN}, "who is not known is not met"
    assert (found["U2"].name, found["U3"].zone) == ("Ben Cohen", "Asia/Tokyo")
    assert [found[each].active for each in KNOWN] == [True, True, False, True]
    assert [found[each].is_external for each in KNOWN] == [False, False, False, True]
    accounts = {each.external_id: each.reachable for each in await office.all(select(Account))}
    assert [accounts[each] for each in KNOWN] == [True, True, False, True]


async def test_nothing_is_written_where_nothing_changed(office: Office) -> None:
    await installed(office)
    before = len(await office.all(select(Change)))
    with capture_logs() as logs:
        async with a_roster(office) as rests:
            await compared(rests)
    (done,) = [each for each in logs if each["event"] == "slack_members_compared"]
    assert (done["known"], done["changed"]) == (5, 0)
    assert len(await office.all(select(Change))) == before


async def test_they_are_compared_again_each_day(sqlite_office: Office) -> None:
    team, _ = await installed(sqlite_office)
    async with a_roster(sqlite_office) as rests:
        await compared(rests)
        changes(team, "U2", name="Ben Cohen")
        await rests.end(COMPARED_EVERY_S)
        await rests.begun(COMPARED_EVERY_S)
        assert (await people(sqlite_office))["U2"][0].name == "Ben Cohen"


async def test_a_long_list_is_read_page_by_page_as_fast_as_slack_lets_us_and_no_further_than_needed(
    sqlite_office: Office,
) -> None:
    office = sqlite_office
    team, _ = await installed(office)
    last = team.workspace.users.pop("U5")
    for number in range(3 * PAGE):
        team.add_user(f"U1{number:04}", f"Somebody {number}")
        if number == PAGE:
            team.workspace.users["U5"] = last
    changes(team, "U5", name="Eli Ende")
    office.slack.faults.next("users.list", ServerError(503))
    async with a_roster(office) as rests:
        await rests.end(COMPARED_AFTER_S)
        await rests.begun(PAGE_REST_S)
        office.slack.faults.next("users.list", RateLimit(9))
        await rests.end(PAGE_REST_S)
        await rests.end(9)
        await rests.begun(COMPARED_EVERY_S)
    assert (await people(office))["U5"][0].name == "Eli Ende"
    asked = [(each.arguments.get("cursor"), each.outcome) for each in office.slack.called("users.list")]
    assert asked == [
        (None, "ServerError"), (None, "ok"), (f"from:{PAGE}", "RateLimit"), (f"from:{PAGE}", "ok"),
    ]  # fmt: skip


async def test_who_is_not_on_the_list_is_left_alone(sqlite_office: Office) -> None:
    team, _ = await installed(sqlite_office)
    del team.workspace.users["U2"]
    async with a_roster(sqlite_office) as rests:
        await compared(rests)
    ben = (await people(sqlite_office))["U2"][0]
    assert (ben.name, ben.active) == ("Ben", True)


async def test_two_workspaces_with_equal_ids_are_compared_each_with_its_own(office: Office) -> None:
    north, _ = await installed(office)
    await installed(office, "T2", "Southgas")
    changes(north, "U2", name="Ben of the north", deleted=True)
    async with a_roster(office) as rests:
        await rests.end(COMPARED_AFTER_S, number=2)
        await rests.begun(COMPARED_EVERY_S, number=2)
    assert [(each.name, each.active) for each in (await people(office))["U2"]] == [
        ("Ben of the north", False), ("Ben", True),
    ]  # fmt: skip


async def test_one_workspace_that_slack_holds_back_does_not_hold_back_the_others(sqlite_office: Office) -> None:
    office = sqlite_office
    await installed(office)
    south, _ = await installed(office, "T2", "Southgas")
    changes(south, "U2", name="Ben of the south")
    office.slack.faults.next("users.list", RateLimit(3600))
    async with a_roster(office) as rests:
        await rests.end(COMPARED_AFTER_S)
        await rests.begun(3600)
        await rests.end(COMPARED_AFTER_S)
        await rests.begun(COMPARED_EVERY_S)
    assert (await people(office))["U2"][1].name == "Ben of the south"


async def test_a_workspace_that_refuses_is_asked_again_the_next_day(sqlite_office: Office) -> None:
    office = sqlite_office
    team, _ = await installed(office)
    changes(team, "U2", name="Ben Cohen")
    async with a_roster(office) as rests:
        office.slack.faults.next("users.list", Refuse("missing_scope", "users:read"))
        await compared(rests)
        assert (await people(office))["U2"][0].name == "Ben"
        await rests.end(COMPARED_EVERY_S)
        await rests.begun(COMPARED_EVERY_S)
    assert (await people(office))["U2"][0].name == "Ben Cohen"


async def test_an_installation_for_a_whole_enterprise_is_asked_about_each_person(sqlite_office: Office) -> None:
    office = sqlite_office
    team = a_team(office, "T1", "Northwater West", enterprise_id="E1")
    here = office.workspaces()
    await here.connect(office.slack.install_everywhere("E1").value)
    await a_core(office).acquaint("slack", "E1", [Sender("U2", "Ben", "Europe/London"), Sender("U8", "Gone")])
    changes(team, "U2", name="Ben Cohen")
    lists = len(office.slack.called("users.list"))
    async with a_roster(office, here) as rests:
        await rests.end(COMPARED_AFTER_S)
        await rests.begun(COMPARED_EVERY_S)
        assert rests.asked.count(PERSON_REST_S) == 2
    assert {name: each[0].name for name, each in (await people(office)).items()} == {"U2": "Ben Cohen", "U8": "Gone"}
    assert len(office.slack.called("users.list")) == lists


async def test_two_processes_may_compare_at_once(office: Office) -> None:
    team, _ = await installed(office)
    for each in KNOWN:
        changes(team, each, name=f"{each} anew", tz="Asia/Tokyo")
    with capture_logs() as logs:
        async with a_roster(office) as one, a_roster(office) as other:
            await asyncio.gather(one.end(COMPARED_AFTER_S), other.end(COMPARED_AFTER_S))
            await asyncio.gather(one.begun(COMPARED_EVERY_S), other.begun(COMPARED_EVERY_S))
    found = await people(office)
    assert [(found[each][0].name, found[each][0].zone) for each in KNOWN] == [
        (f"{each} anew", "Asia/Tokyo") for each in KNOWN
    ]
    assert {each["event"] for each in logs} == {"slack_members_compared"}


async def test_a_list_that_is_old_by_now_undoes_nothing_that_another_process_was_told(office: Office) -> None:
    team, bot = await installed(office)
    here, there = the_members(office), a_core(office)
    users = team.workspace.users
    changes(team, "U3", name="Cem Demir")
    page = [user_fields(team.workspace, users[each]) for each in ("U2", "U3")]
    changes(team, "U2", name="Ben Cohen", deleted=True)
    await there.learn("slack", "T1", profile_of(user_fields(team.workspace, users["U2"])))
    assert await here.differing(bot, page) == ["U2", "U3"]
    assert [await here.refresh(bot, each) for each in ("U2", "U3")] == [False, True]
    found = await people(office)
    assert [(found[each][0].name, found[each][0].active) for each in ("U2", "U3")] == [
        ("Ben Cohen", False), ("Cem Demir", True),
    ]  # fmt: skip


async def test_who_changes_while_one_process_writes_down_what_was_is_as_slack_says_at_last(office: Office) -> None:
    team, bot = await installed(office)
    core = a_core(office)
    told = list[str]()

    async def slowly(platform: str, tenant: str, profile: Profile) -> None:
        """Before the first is written down, another process is told of the next change."""
        told.append(profile.name)
        if len(told) == 1:
            changes(team, "U2", name="Ben Cohen", tz="Asia/Tokyo")
            newest = user_fields(team.workspace, team.workspace.users["U2"])
            await a_core(office).learn("slack", "T1", profile_of(newest))
        await core.learn(platform, tenant, profile)

    changes(team, "U2", name="Ben Okoro")
    assert await Members(office.database, office.api, learn=slowly).refresh(bot, "U2")
    assert told == ["Ben Okoro", "Ben Cohen"]
    ben = (await people(office))["U2"][0]
    assert (ben.name, ben.zone) == ("Ben Cohen", "Asia/Tokyo")


async def test_slack_is_asked_again_only_about_those_who_differ(sqlite_office: Office) -> None:
    office = sqlite_office
    team, _ = await installed(office)
    changes(team, "U2", name="Ben Cohen")
    asked = len(office.slack.called("users.info"))
    async with a_roster(office) as rests:
        await compared(rests)
    assert [each.arguments["user"] for each in office.slack.called("users.info")[asked:]] == ["U2", "U2"]


@pytest.mark.parametrize("fault", [RateLimit(7), ServerError(503)])
async def test_a_change_about_which_slack_can_not_be_asked_now_is_learned_once_it_can(
    sqlite_office: Office, fault: RateLimit | ServerError
) -> None:
    office = sqlite_office
    team, _ = await installed(office)
    changes(team, "U2", name="Ben Cohen")
    changes(team, "U3", name="Cem Demir")
    office.slack.faults.next("users.info", fault)
    async with a_roster(office) as rests:
        await rests.end(COMPARED_AFTER_S)
        if isinstance(fault, RateLimit):
            await rests.end(7)
        await rests.begun(COMPARED_EVERY_S)
    found = await people(office)
    assert (found["U2"][0].name, found["U3"][0].name) == ("Ben Cohen", "Cem Demir")
    assert len(office.slack.called("users.list")) == 1, "the list is not read again"


async def test_a_workspace_that_comes_back_is_compared_from_the_beginning(sqlite_office: Office) -> None:
    office = sqlite_office
    team, _ = await installed(office)
    here = office.workspaces()
    async with a_roster(office, here) as rests:
        await compared(rests)
        await here.uninstalled("T1", office.watch.now())
        lists = len(office.slack.called("users.list"))
        changes(team, "U2", name="Ben Cohen")
        await office.install(team, workspaces=here)
        await rests.end(COMPARED_AFTER_S)
        await rests.begun(COMPARED_EVERY_S)
    assert len(office.slack.called("users.list")) == lists + 1
    assert (await people(office))["U2"][0].name == "Ben Cohen"


async def test_a_workspace_that_has_ended_is_asked_no_more(sqlite_office: Office) -> None:
    office = sqlite_office
    await installed(office)
    south, _ = await installed(office, "T2", "Southgas")
    here = office.workspaces()
    async with a_roster(office, here) as rests:
        await rests.begun(COMPARED_AFTER_S, number=2)
        await here.uninstalled("T1", office.watch.now())
        changes(south, "U2", name="Ben of the south")
        await rests.end(COMPARED_AFTER_S, number=2)
        await rests.begun(COMPARED_EVERY_S)
    assert {each.team_id for each in office.slack.called("users.list")} == {"T2"}


@pytest.mark.parametrize("hangs", [True, False])
async def test_it_ends_at_once_with_the_process_wherever_it_is(sqlite_office: Office, hangs: bool) -> None:
    office = sqlite_office
    await installed(office)
    async with a_roster(office) as rests:
        if hangs:
            office.slack.faults.next("users.list", Hang())
            await rests.end(COMPARED_AFTER_S)
            async with asyncio.timeout(60):
                while not office.slack.faults.happened:  # noqa: ASYNC110 - only Slack knows
                    await asyncio.sleep(0.01)
        else:
            await rests.begun(COMPARED_AFTER_S)
        assert rosters_at_work()
    assert not rosters_at_work()


def rosters_at_work() -> bool:
    """Whether a task of a roster has not ended."""
    return any("Roster" in getattr(each.get_coro(), "__qualname__", "") for each in asyncio.all_tasks())


async def test_an_account_that_messages_did_not_reach_stays_so_though_it_is_open(sqlite_office: Office) -> None:
    office = sqlite_office
    await installed(office)
    before = await office.all(select(Account).where(Account.external_id == "U2"))
    async with office.database.write(before[0].organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=office.watch.now())
        (await tx.need(Account, before[0].id)).reachable = False
    async with a_roster(office) as rests:
        await compared(rests)
    assert [each.reachable for each in await office.all(select(Account).where(Account.external_id == "U2"))] == [False]
