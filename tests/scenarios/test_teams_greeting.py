"""Whoever adds the bot on Teams sees at once who it is and what to do first, and sees it once."""

from datetime import timedelta

import pytest
from sqlmodel import select, update

from adapters.teams.connector import Gone
from bot.routes import ROUTES
from storage.engine import Database
from storage.organisations import Install
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import SYSTEM
from tests.support.company import NOON
from tests.support.teams_hall import ADA, BEN, CHANNEL, FIELD, HELLO, TEAM, Hall, a_hall

GROUP = "19:group@thread.v2"


def _said(hall: Hall, where: str) -> list[str]:
    return [each.summary for each in hall.north.posted(where)]


async def test_who_adds_it_for_themselves_sees_their_day(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES, installed=False) as hall:
        await hall.ada.installs()
        await hall.settled()
        (greeting,) = hall.ada.sees()
        assert "Welcome, Ada" in greeting.words


async def test_whom_it_does_not_know_is_told_who_it_is_and_can_go_on_with_a_press(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        ben = hall.north.user(BEN)
        await ben.installs()
        await hall.settled()
        (greeting,) = ben.sees()
        assert "Hello, I'm Folkmoot." in greeting.words
        assert greeting.labels == ("My day", "What can you do?")
        await ben.presses(greeting, "My day")
        await hall.settled()
        assert "Welcome, Ben" in ben.sees()[-1].words


@pytest.mark.parametrize("where", [FIELD, GROUP])
async def test_a_team_or_a_group_is_told_how_to_begin_where_the_app_was_added(sqlite: Database, where: str) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.add_group_chat(GROUP, "Group", members=[ADA, BEN])
        await hall.ada.installs(where)
        await hall.settled()
        (greeting,) = _said(hall, where)
        assert "I ask a team for its huddle" in greeting
        assert _said(hall, TEAM) == []


async def test_an_installation_that_is_brought_twice_and_a_newer_version_are_not_greeted_again(
    sqlite: Database,
) -> None:
    async with a_hall(sqlite) as hall:
        installation, _ = hall.ada.installation(FIELD)
        for _ in range(2):
            assert (await hall.double.courier.bring(installation)).is_ok
        await hall.settled()
        await hall.ada.upgrades(FIELD)
        await hall.settled()
        assert len(_said(hall, FIELD)) == 1


async def test_who_can_t_be_written_to_after_all_is_no_trouble(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        ben = hall.north.user(BEN)
        ben.blocks()
        heard = await ben.installs()
        await hall.settled()
        assert [each.is_ok for each in heard] == [True, True]
        assert ben.sees() == []


async def test_a_team_that_throws_it_out_is_not_written_to_and_its_lead_hears_how_to_go_on(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        await hall.ada.installs(TEAM)
        await hall.says(hall.ada, "/today", FIELD)
        async with sqlite.read(SYSTEM) as tx:
            install, ada = await tx.first(select(Install)), await tx.first(select(Person))
            place = await tx.first(select(Place).where(Place.external_id == FIELD))
        assert install is not None
        assert ada is not None
        assert place is not None
        async with sqlite.write(install.organisation_id) as tx:
            tx.acts_for(by=None, event_id=None, now=NOON)
            tx.add(Team(name="Field Dispatch", zone="UTC", lead_id=ada.id, place_id=place.id))
        await hall.ada.uninstalls(TEAM)
        await hall.house.heartbeat.advance_to(NOON + timedelta(minutes=1))
        await hall.settled()
        assert "I can't write in field any more" in hall.ada.sees()[-1].words
        asked = len(hall.said)
        with pytest.raises(Gone):
            await hall.teams.chat.post(CHANNEL, HELLO, key="k1")
        assert len(hall.said) == asked
        await hall.ada.installs(TEAM)
        await hall.house.heartbeat.advance_to(NOON + timedelta(minutes=2))
        await hall.settled()
        assert "The huddle summaries of Field Dispatch stand in field again." in hall.ada.sees()[-1].words
        await hall.teams.chat.post(CHANNEL, HELLO, key="k2")


async def test_a_guest_who_was_taken_out_is_shown_nobody_s_day(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        await hall.says(hall.ada, "/today")
        async with sqlite.write(SYSTEM) as tx:
            await tx.run(update(Person).values(active=False))
        hall.ada.chat.messages.clear()
        await hall.ada.installs()
        await hall.settled()
        (greeting,) = hall.ada.sees()
        assert "Hello, I'm Folkmoot." in greeting.words
        assert "Ada" not in greeting.words
