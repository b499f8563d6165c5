"""Guests of a workspace: told kindly whom to ask, and let in by an administrator who mentions them."""

import asyncio

import pytest
from sqlmodel import select

from adapters.slack import members as slack_members
from storage.engine import Database
from storage.people import Person
from storage.teams import Membership
from storage.tx import SYSTEM
from tests.scenarios.test_slack_workspaces import Hall, a_hall, ada, asks
from tests.support.slack_double import Hang, ServerError
from tests.support.slack_double.slack import Team

GUS, SIA = "U3", "U4"


async def with_guests(hall: Hall) -> Team:
    """Northwater, with a guest, and somebody of another company who shares a channel."""
    north = hall.slack.workspace("T1")
    north.add_user(GUS, "Gus Guest", guest=True)
    north.add_user(SIA, "Sia Stranger", stranger=True)
    north.add_user("U5", "Bea")
    north.add_channel("C2", "works", members=("U1", GUS, SIA, "U5"))
    await hall.installs(north)
    return north


async def hears(team: Team, user: str, text: str) -> str:
    """What somebody sees who types a command."""
    heard = await team.user(user).commands("/cx", text, "C2")
    assert heard.is_ok, heard
    return team.user(user).sees("C2")[-1].words


@pytest.mark.parametrize(("user", "name"), [(GUS, "Gus Guest"), (SIA, "Sia Stranger")])
async def test_a_guest_is_let_in_by_an_administrator_and_may_be_in_a_team(
    sqlite: Database, user: str, name: str
) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        assert "I don't know you yet. Ask Ada to add you." in await hears(north, user, "measure list")
        told = await asks(north, f"people add @{name}")
        assert f"Added {name}. They can write to me now; /cx team setup takes them into a team" in told
        assert "There is no customer number yet." in await hears(north, user, "measure list")
        assert f"{name} takes part already." in await asks(north, f"people add @{name}")
        await ada(north).commands("/cx", 'team setup "Works"', "C2")
        async with asyncio.timeout(20):
            while (form := ada(north).modal) is None:  # noqa: ASYNC110 - only Slack knows
                await asyncio.sleep(0.02)
        async with sqlite.read(SYSTEM) as tx:
            people = {each.name: each for each in (await tx.session.scalars(select(Person))).all()}
        await ada(north).submits(form, {"lead": str(people["Ada of Northwater"].id), "members": str(people[name].id)})
        async with sqlite.read(SYSTEM) as tx:
            (member,) = (await tx.session.scalars(select(Membership))).all()
        assert member.person_id == people[name].id
        added = people[name]
        assert (added.is_external, added.zone) == (True, "Europe/London")


async def test_only_an_administrator_adds_guests(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        assert "Only an administrator" in await hears(north, "U5", "people add @Gus Guest")
        assert "I don't know you yet" in await hears(north, GUS, "measure list")


async def test_who_can_not_be_found_is_not_added_and_nobody_else_either(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        assert "I can't find 'Nobody' here." in await asks(north, "people add @Gus Guest @Nobody")
        assert "I can't find 'gus' here." in await asks(north, "people add @gus")
        assert "Mention the guest, as in /cx people add @Robin." in await asks(north, "people add")
        assert "I don't know you yet" in await hears(north, GUS, "measure list")


async def test_a_guest_is_taken_out_and_brought_back(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        assert "Added Gus Guest." in await asks(north, "people add @Gus Guest @Gus Guest")
        assert "Gus Guest takes no part any more" in await asks(north, "people remove @Gus Guest")
        assert "I don't know you yet" in await hears(north, GUS, "measure list")
        await north.changes(GUS, name="Gus Guest-Smith")
        assert "I don't know you yet" in await hears(north, GUS, "measure list"), "a new name lets nobody in"
        assert "Added Gus Guest-Smith." in await asks(north, "people add @Gus Guest-Smith")
        assert "There is no customer number yet." in await hears(north, GUS, "measure list")


@pytest.mark.parametrize("is_told", [True, False])
async def test_who_is_known_and_whose_account_is_closed_is_not_added_until_it_is_open_again(
    sqlite: Database, is_told: bool
) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)

        async def account(*, deleted: bool) -> None:
            """Closed, or open again; Slack tells of it, or that got lost."""
            if is_told:
                await north.changes(GUS, deleted=deleted)
            else:
                north.workspace.users[GUS].deleted = deleted

        await asks(north, "people add @Gus Guest")
        await asks(north, "people remove @Gus Guest")
        await account(deleted=True)
        told = await asks(north, "people add @Gus Guest @Sia Stranger")
        assert "Gus Guest's account is closed here, so they can't take part." in told
        assert "Nothing was changed." in told
        assert "I don't know you yet" in await hears(north, SIA, "measure list")
        async with sqlite.read(SYSTEM) as tx:
            people = {each.name: each for each in (await tx.session.scalars(select(Person))).all()}
        assert "Sia Stranger" not in people
        assert (people["Gus Guest"].active, people["Gus Guest"].is_external) == (False, True)
        await account(deleted=False)
        assert "I don't know you yet" in await hears(north, GUS, "measure list"), "an open account lets no guest in"
        assert "Added Gus Guest." in await asks(north, "people add @Gus Guest")
        assert "There is no customer number yet." in await hears(north, GUS, "measure list")


async def test_a_full_member_whose_account_is_closed_is_not_let_in_by_an_administrator(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        await hears(north, "U5", "help")
        await north.changes("U5", deleted=True)
        assert "Bea's account is closed here" in await asks(north, "people add @Bea")
        north.workspace.users["U5"].deleted = False
        assert "Bea takes part already." in await asks(north, "people add @Bea"), "open again, though nobody told of it"


async def test_a_closed_account_of_which_slack_tells_nothing_now_is_still_refused(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        await asks(north, "people add @Gus Guest")
        await north.changes(GUS, deleted=True)
        hall.slack.faults.next("users.info", ServerError(503))
        assert "Gus Guest's account is closed here" in await asks(north, "people add @Gus Guest")


async def test_a_full_member_is_not_taken_out(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        await hears(north, "U5", "help")
        assert "Bea is a full member" in await asks(north, "people remove @Bea")
        assert "There is no customer number yet." in await hears(north, "U5", "measure list")


@pytest.mark.parametrize("who", ["is_bot", "deleted"])
async def test_neither_a_bot_nor_a_closed_account_can_be_added(sqlite: Database, who: str) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        north.add_user("U6", "Jira", is_bot=who == "is_bot", deleted=who == "deleted")
        assert "bots and closed accounts can't take part" in await asks(north, "people add @Jira")
        await asks(north, "huddle away tomorrow @Jira")
        async with sqlite.read(SYSTEM) as tx:
            assert "Jira" not in (await tx.session.scalars(select(Person.name))).all()


async def test_a_line_does_not_wait_for_whom_it_mentions(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_members, "ROOM_WITHIN_S", 0.6)
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        hall.slack.faults.next("users.info", Hang())
        assert "I can't find anybody called 'U5'" in await asks(north, "huddle away tomorrow @Bea")


async def test_a_full_member_who_is_mentioned_is_known_from_then_on(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_guests(hall)
        assert "Bea takes part already." in await asks(north, "people add @Bea")
