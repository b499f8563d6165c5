"""Who somebody is, as Teams says it: when they are met, and once a day while they act."""

from collections.abc import Sequence

import pytest
from sqlmodel import select

from adapters.teams import members
from bot.ports import steady_s
from storage.engine import Database
from storage.people import Account, Person
from tests.support.teams_double import RateLimit
from tests.support.teams_hall import ADA, BEN, FIELD, TEAM, Hall, a_hall


async def _known(hall: Hall, user: str) -> tuple[Person, Account]:
    (account,) = await hall.all(select(Account).where(Account.external_id == user))
    (person,) = await hall.all(select(Person).where(Person.id == account.person_id))
    return person, account


async def _name(hall: Hall) -> str:
    return (await _known(hall, ADA))[0].name


def _asked(hall: Hall) -> Sequence[str]:
    """Whom Teams was asked about, one by one."""
    return [each.path.rsplit("/", 1)[1] for each in hall.double.called("member")]


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hour after which somebody is looked up again is over at once."""
    monkeypatch.setattr(members, "FIRST_LOOK_S", 0.0)


async def test_members_of_a_channel_are_met_with_all_that_teams_says_of_them(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.realm.users[BEN].email = "ben@northwater.example"
        await hall.ada.installs(TEAM)
        await hall.says(hall.ada, "team setup", FIELD)
        person, account = await _known(hall, BEN)
        assert person.email == "ben@northwater.example"
        assert account.directory_id == hall.north.realm.users[BEN].aad_object_id != ""


async def test_somebody_s_place_in_the_directory_is_learned_from_what_they_write(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        known = hall.north.realm.users[ADA].aad_object_id
        hall.north.realm.users[ADA].aad_object_id = ""
        await hall.says(hall.ada, "Valve checks")
        assert (await _known(hall, ADA))[1].directory_id == ""
        hall.north.realm.users[ADA].aad_object_id = known
        hall.north.realm.users[ADA].timezone = "Asia/Tokyo"
        await hall.says(hall.ada, "Pump checks")
        assert (await _known(hall, ADA))[1].directory_id == known


@pytest.mark.usefixtures("_at_once")
async def test_another_name_and_address_are_learned_once_a_day(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        asked = len(_asked(hall))
        user = hall.north.realm.users[ADA]
        user.name, user.email = "Ada King", "ada.king@northwater.example"
        for line in ("Valve checks", "Pump checks", "Hose checks"):
            await hall.says(hall.ada, line)
        person, _ = await _known(hall, ADA)
        assert (person.name, person.email) == ("Ada King", "ada.king@northwater.example")
        assert len(_asked(hall)) == asked + 1


@pytest.mark.usefixtures("_at_once")
async def test_who_has_become_a_guest_is_one(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.realm.users[ADA].is_guest = True
        await hall.says(hall.ada, "Valve checks")
        assert (await _known(hall, ADA))[0].is_external


@pytest.mark.usefixtures("_at_once")
async def test_where_teams_can_t_be_asked_the_line_is_taken_and_it_is_asked_again_after_a_rest(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_hall(sqlite) as hall:
        before = await _name(hall)
        hall.north.realm.users[ADA].name = "Ada King"
        hall.double.faults.next("member", RateLimit(1))
        assert "Valve checks" in await hall.says(hall.ada, "Valve checks")
        assert await _name(hall) == before
        asked = len(_asked(hall))
        await hall.says(hall.ada, "Pump checks")
        assert len(_asked(hall)) == asked
        now_s = steady_s() + members.REST_S
        monkeypatch.setattr(members, "steady_s", lambda: now_s)
        await hall.says(hall.ada, "Hose checks")
        assert await _name(hall) == "Ada King"


@pytest.mark.usefixtures("_at_once")
async def test_who_brings_no_zone_is_looked_at_all_the_same(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        user = hall.north.realm.users[ADA]
        user.name, user.timezone = "Ada King", ""
        await hall.says(hall.ada, "Valve checks")
        assert await _name(hall) == "Ada King"


async def test_nobody_is_asked_about_whom_the_bot_knows_when_it_has_just_started(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        asked = len(_asked(hall))
        await hall.says(hall.ada, "Valve checks")
        assert len(_asked(hall)) == asked
