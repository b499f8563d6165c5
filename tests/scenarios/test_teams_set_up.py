"""A team and its huddle are set up in a channel of Teams, from the first installation on."""

from sqlmodel import col, select

from bot.routes import ROUTES
from storage.engine import Database
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from tests.support.teams_double import SeenMessage
from tests.support.teams_hall import BEN, FIELD, Hall, a_hall


async def offered(hall: Hall, line: str) -> SeenMessage:
    """Ada asks for a form in the channel; the message there that opens it."""
    assert (await hall.ada.mentions(FIELD, line)) is not None
    await hall.settled()
    found = [each for each in hall.ada.sees(FIELD) if each.is_from_bot][-1]
    assert found.labels, found.words
    return found


async def fills_in(hall: Hall, offer: SeenMessage, **values: str) -> None:
    """Ada opens the form, and sends it."""
    await hall.ada.presses(offer, offer.labels[0])
    await hall.settled()
    assert hall.ada.dialog is not None
    await hall.ada.submits(hall.ada.dialog, values)
    await hall.settled()
    assert hall.ada.dialog is None


async def test_a_team_that_is_set_up_in_a_channel_has_that_channel_and_its_members(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        offer = await offered(hall, 'Team setup "Field Dispatch"')
        people = {each.name: each for each in await hall.all(select(Person))}
        assert {"Ada of Northwater", "Ben of Northwater"} <= people.keys()
        ada, ben = people["Ada of Northwater"], people["Ben of Northwater"]
        await fills_in(hall, offer, lead=str(ada.id), members=f"{ada.id},{ben.id}")
        (team,) = await hall.all(select(Team))
        (place,) = await hall.all(select(Place).where(col(Place.id) == team.place_id))
        assert (team.name, team.lead_id, place.external_id) == ("Field Dispatch", ada.id, FIELD)
        await hall.says(hall.ada, '/huddle setup "Field Dispatch" days:mon-fri at:09:15 mins:15')
        told = [each.words for each in hall.ada.sees() if each.is_from_bot]
        assert any("2 people" in each for each in told)


async def test_who_was_met_in_a_channel_has_their_own_zone_once_they_write(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        hall.north.realm.users[BEN].timezone = "Asia/Tokyo"
        await offered(hall, 'team setup "Field Dispatch"')
        before = {each.name: each.zone for each in await hall.all(select(Person))}
        assert before["Ben of Northwater"] != "Asia/Tokyo"
        await hall.says(hall.north.user(BEN), "help")
        await hall.settled()
        after = {each.name: each.zone for each in await hall.all(select(Person))}
        assert after == before | {"Ben of Northwater": "Asia/Tokyo"}


async def test_the_bot_s_bare_name_is_a_call_for_help(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        assert "What you can ask me" in await hall.says(hall.ada, "", FIELD)
