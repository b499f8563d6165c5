"""Teams at its edges: redeliveries, many at once, two tenants with equal ids, a tenant that moves, two platforms."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.house import assemble, platforms, web_running
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage import bound
from storage.customers import VocItem
from storage.engine import Database
from storage.events import EventSeen
from storage.organisations import Install, Organisation
from tests.scenarios.moving import settled
from tests.support.company import NOON
from tests.support.slack_double import slack_double
from tests.support.teams_double import Tenant
from tests.support.teams_hall import ADA, FIELD, NORTH, SOUTH, TEAM, Hall, a_bot, a_double, a_hall, settings_of

BOTH: dict[str, Any] = {
    "MicrosoftAppType": "MultiTenant",
    "MicrosoftAppTenantId": "",
    "FOLKMOOT_TEAMS_TENANTS": f"{NORTH},{SOUTH}",
}
SECRET = "a-signing-secret"
TURNS = 60
LATENCY_S = 0.5


async def _notes(hall: Hall) -> Sequence[str]:
    return sorted(each.words for each in await hall.all(select(VocItem)))


async def test_an_activity_that_comes_again_is_handled_once_and_answered_once(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.says("Valve checks")
        hall.double.time_passes(15)
        await hall.double.again()
        await hall.settled()
        seen = [each.words for each in hall.ada.sees()]
        hall.double.time_passes(15)
        for heard in (await hall.double.again(), await hall.double.replayed()):
            assert (heard.status, heard.body) == (200, "")
        await hall.settled()
        assert [each.words for each in hall.ada.sees()] == seen
        assert await _notes(hall) == ["Valve checks"]
        assert len(await hall.all(select(EventSeen))) == 1


async def test_an_activity_that_comes_many_times_at_once_is_handled_once_and_answered_once(
    sqlite: Database,
) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.says("Valve checks")
        await hall.settled()
        seen = len(hall.ada.sees())
        await hall.ada.says("Pump checks")
        found = await asyncio.gather(*(hall.double.again() for _ in range(20)))
        await hall.settled()
        assert {each.status for each in found} == {200}
        assert await _notes(hall) == ["Pump checks", "Valve checks"]
        assert len(hall.ada.sees()) == 2 * seen


async def test_an_activity_that_comes_again_after_a_restart_is_not_handled_again(database: Database) -> None:
    async with a_double() as double:
        async with a_bot(database, double) as hall:
            await hall.ada.installs()
            await hall.ada.says("Valve checks")
            await hall.settled()
        async with a_bot(database, double) as hall:
            heard = await double.again()
            await hall.settled()
            assert heard.status == 200
            assert await _notes(hall) == ["Valve checks"]


async def test_sixty_turns_at_once_do_not_wait_for_each_other_s_answers(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        people = [hall.north.add_user(f"29:{number}", f"Member {number}") for number in range(TURNS)]
        before = hall.double.connections
        hall.double.faults.latency_s = LATENCY_S
        found = await asyncio.gather(*(each.says(f"whisper Note {number}") for number, each in enumerate(people)))
        await hall.settled()
        assert [each and each.status for each in found] == [200] * TURNS
        for number, member in enumerate(people):
            assert [each.words for each in member.sees() if each.is_from_bot] == [f"Between us: Note {number}"]
        # A connection carries one call at a time: so many calls were under way at once.
        assert hall.double.connections - before > 5
        assert len(hall.double.called("token")) == 1


async def test_fifty_turns_one_after_another_open_one_connection_and_ask_for_one_token(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        for number in range(50):
            await hall.ada.says(f"whisper Note {number}")
            await hall.settled()
        assert len([each for each in hall.ada.sees() if each.is_from_bot]) == 50
        assert hall.double.connections == 1
        assert len(hall.double.called("token")) == len(hall.double.called("metadata")) == 1


async def test_a_tenant_that_moves_goes_on_as_before(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await hall.ada.mentions(FIELD, "note Valve checks")
        await hall.settled()
        hall.north.moves_to("amer")
        (note,) = [each for each in hall.ada.sees(FIELD) if each.labels]
        await hall.ada.presses(note, "Shout")
        await hall.settled()
        assert any("VALVE CHECKS" in each.words for each in hall.ada.sees(FIELD))
        assert [each.path.split("/")[1] for each in hall.double.called("update")] == ["amer"]


# --- two tenants


async def _asks(hall: Hall, tenant: Tenant, text: str, where: str = "") -> str:
    """What Ada of that tenant reads after she wrote a line."""
    ada = tenant.user(ADA)
    await (ada.mentions(where, text) if where else ada.says(text))
    await hall.settled()
    return "\n".join(each.words for each in ada.sees(where) + ada.sees() if each.is_from_bot)


async def _two_that_know_nothing_of_each_other(hall: Hall) -> None:
    north, south = hall.double.tenant(NORTH), hall.double.tenant(SOUTH)
    for tenant in (north, south):
        await tenant.user(ADA).installs(TEAM)
        await tenant.user(ADA).installs()
    await _asks(hall, north, '/measure add "Leaks mended" code:LKM unit:percent', FIELD)
    assert "Leaks mended" in await _asks(hall, north, "/measure list", FIELD)
    assert "Leaks mended" not in await _asks(hall, south, "/measure list", FIELD)
    await _asks(hall, south, '/measure add "Calls lost" code:LKM unit:percent')
    assert "Calls lost" in await _asks(hall, south, "/measure list")
    assert "Calls lost" not in await _asks(hall, north, "/measure list")
    assert len(await hall.all(select(Organisation))) == len(await hall.all(select(Install))) == 2


async def test_two_tenants_with_equal_ids_never_see_each_other_s_data(database: Database) -> None:
    async with a_hall(database, routes=ROUTES, installed=False, **BOTH) as hall:
        await _two_that_know_nothing_of_each_other(hall)


async def test_the_law_above_notices_when_the_filter_by_organisation_is_taken_out(sqlite: Database) -> None:
    found = bound._only_its_own_organisation  # noqa: SLF001 - taking it out is the point
    event.remove(bound.BoundSession, "do_orm_execute", found)
    try:
        async with a_hall(sqlite, routes=ROUTES, installed=False, **BOTH) as hall:
            with pytest.raises(AssertionError, match="Leaks mended"):
                await _two_that_know_nothing_of_each_other(hall)
    finally:
        event.listen(bound.BoundSession, "do_orm_execute", found)


async def test_a_message_for_one_tenant_never_reaches_the_other_one_s_room_of_the_same_id(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False, **BOTH) as hall:
        north, south = hall.double.tenant(NORTH), hall.double.tenant(SOUTH)
        for tenant in (north, south):
            await tenant.user(ADA).installs(TEAM)
        await south.user(ADA).mentions(FIELD, "note Pump checks")
        await north.user(ADA).mentions(FIELD, "note Valve checks")
        await hall.settled()
        assert "Pump" not in str([each.words for each in north.user(ADA).sees(FIELD)])
        assert "Valve" not in str([each.words for each in south.user(ADA).sees(FIELD)])


# --- beside Slack


async def test_slack_and_teams_are_served_by_one_process(sqlite: Database) -> None:
    async with a_double() as double, slack_double() as slack:
        workspace = slack.add_workspace("T1", "Northwater")
        workspace.add_user("U1", "Ada", admin=True)
        workspace.add_channel("C1", "field", members=("U1",))
        settings = settings_of(
            double, SLACK_BOT_TOKEN=workspace.token, SLACK_SIGNING_SECRET=SECRET, SLACK_API_URL=slack.api_url
        )
        async with platforms(settings, sqlite) as real:
            assert set(real) == {"slack", "teams"}
            house = assemble(sqlite, SimulatedClock(NOON), ROUTES, real=real)
            async with web_running(house, settings, with_clock=True) as port:
                double.deliver_to(f"http://127.0.0.1:{port}/api/messages")
                slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", SECRET)
                hall = Hall(house, double)
                await hall.ada.installs()
                assert "What you can ask me" in await _asks(hall, hall.north, "help")
                heard = await workspace.user("U1").commands("/cx", "help", "C1")
                assert heard.is_ok
                assert "What you can ask me" in workspace.user("U1").sees("C1")[-1].words
                await settled(house)
        async with sqlite.read(bound.SYSTEM) as tx:
            installs = await tx.all(select(Install))
        assert {each.platform for each in installs} >= {"slack", "teams"}
        assert len({each.organisation_id for each in installs}) == 1, "one company, on both"
