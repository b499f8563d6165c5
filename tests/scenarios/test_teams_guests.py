"""Guests of a tenant: told kindly whom to ask, and let in by an administrator who mentions them."""

from bot.routes import ROUTES
from storage.engine import Database
from tests.support.teams_hall import FIELD, TEAM, Hall, a_hall

GUS = "29:gus"


async def with_a_guest(hall: Hall) -> None:
    """Northwater, whose Ada runs the bot, with a guest in a team."""
    hall.north.add_user(GUS, "Gus Guest", guest=True)
    hall.north.realm.teams[TEAM].members.add(GUS)
    await hall.ada.installs()
    await hall.settled()


async def test_a_guest_is_let_in_by_an_administrator_who_mentions_them(sqlite: Database) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        await with_a_guest(hall)
        gus = hall.north.user(GUS)
        assert "I don't know you yet. Ask Ada to add you." in await hall.says(gus, "measure list", FIELD)
        assert "Added Gus Guest." in await hall.says(hall.ada, "/people add @Gus Guest", FIELD)
        assert "There is no customer number yet." in await hall.says(gus, "measure list", FIELD)
        assert "takes part already" in await hall.says(hall.ada, "/people add @Gus Guest", FIELD)
