"""Rooms are called by the names that people see, also where Teams does not say them with what was written."""

import pytest
from sqlmodel import select, update

from adapters.teams import rooms
from bot.ports import steady_s
from storage.engine import Database
from storage.msteams import TeamsConversation
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.teams_double import Refuse
from tests.support.teams_hall import ADA, BEN, FIELD, TEAM, Hall, a_hall

GROUP = "19:group@thread.v2"


async def _names(hall: Hall) -> list[str]:
    return [each.name for each in await hall.all(select(Place).where(Place.kind != Place.Kind.DIRECT))]


@pytest.mark.parametrize(("where", "name"), [(FIELD, "field"), (TEAM, "General"), (GROUP, "the group chat")])
async def test_a_room_has_the_name_that_people_see_and_is_asked_about_once(
    sqlite: Database, where: str, name: str
) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.add_group_chat(GROUP, members=[ADA, BEN])
        await hall.ada.installs(where)
        for line in ("note Valve checks", "note Pump checks"):
            await hall.says(hall.ada, line, where)
        assert await _names(hall) == [name]
        assert len(hall.double.called("channels")) == (where != GROUP)


async def test_a_group_chat_with_a_name_has_it(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.add_group_chat(GROUP, "The vans", members=[ADA, BEN])
        await hall.ada.installs(GROUP)
        await hall.says(hall.ada, "note Valve checks", GROUP)
        assert await _names(hall) == ["The vans"]


async def test_where_teams_does_not_say_it_the_line_is_taken_and_the_name_comes_after_a_rest(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        hall.double.faults.next("channels", Refuse(403, "Forbidden"))
        await hall.says(hall.ada, "note Valve checks", FIELD)
        assert await _names(hall) == [FIELD]
        await hall.says(hall.ada, "note Pump checks", FIELD)
        assert len(hall.double.called("channels")) == 1
        now_s = steady_s() + rooms.REST_S
        monkeypatch.setattr(rooms, "steady_s", lambda: now_s)
        await hall.says(hall.ada, "note Hose checks", FIELD)
        assert await _names(hall) == ["field"]


async def test_a_name_that_was_given_by_hand_or_is_newer_stays(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await hall.says(hall.ada, "note Valve checks", FIELD)
        await hall.north.renames(FIELD, "field-crew")
        await hall.settled()
        await hall.says(hall.ada, "note Pump checks", FIELD)
        assert await _names(hall) == ["field-crew"]
        async with sqlite.write(SYSTEM) as tx:
            await tx.run(update(Place).values(name="Crew"))
        await hall.says(hall.ada, "note Hose checks", FIELD)
        assert await _names(hall) == ["Crew"]


async def test_a_channel_that_teams_does_not_list_is_not_called_by_another_one_s_name(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        hall.north.realm.teams[TEAM].channel_ids.remove(FIELD)
        await hall.says(hall.ada, "note Valve checks", FIELD)
        assert await _names(hall) == ["the channel"]


async def test_a_channel_that_is_deleted_is_shut_and_open_when_it_is_brought_back(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await hall.says(hall.ada, "note Valve checks", FIELD)
        for event, is_open in (("channelDeleted", False), ("channelRestored", True)):
            assert (await hall.north.tells_of(FIELD, event)).is_ok
            (place,) = await hall.all(select(Place).where(Place.external_id == FIELD))
            (known,) = await hall.all(select(TeamsConversation).where(TeamsConversation.external_id == FIELD))
            assert (place.is_open, known.is_open) == (is_open, is_open)


async def test_what_was_on_its_way_when_the_app_was_taken_out_opens_no_room(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await hall.says(hall.ada, "note Valve checks", FIELD)
        await hall.ada.uninstalls(TEAM)
        hall.north.realm.teams[TEAM].has_app = True  # a line that was written before and comes only now
        await hall.ada.mentions(FIELD, "note Pump checks")
        hall.north.realm.teams[TEAM].has_app = False
        await hall.settled()
        (place,) = await hall.all(select(Place).where(Place.external_id == FIELD))
        (known,) = await hall.all(select(TeamsConversation).where(TeamsConversation.external_id == FIELD))
        assert (place.is_open, known.is_open) == (False, False)
        assert known.team == TEAM
