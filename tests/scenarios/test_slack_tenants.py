"""Equal ids in two workspaces are two people: each is written to, and mentioned, only where they are."""

from sqlmodel import select

from adapters.slack.front import Slack
from bot.chat.cards import Card, Paragraph, says
from bot.chat.spans import Mention
from bot.ports import Destination
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person
from storage.tx import SYSTEM
from tests.scenarios.test_slack_workspaces import Hall, a_hall, ada


def the_slack(hall: Hall) -> Slack:
    """The bot's own side."""
    slack = hall.house.real["slack"]
    assert isinstance(slack, Slack)
    return slack


async def both_in_one_organisation(hall: Hall) -> Person:
    """The app is in two workspaces of one organisation; gives Ada, who is known in the north alone."""
    north, south = hall.slack.workspace("T1"), hall.slack.workspace("T2")
    await hall.installs(north)
    slack = the_slack(hall)
    async with slack.database.read(SYSTEM) as tx:
        (person,) = (await tx.session.scalars(select(Person))).all()
    answer = await slack.api.call(
        "oauth.v2.access",
        client_id=hall.slack.world.client_id,
        client_secret=hall.slack.world.client_secret,
        code=south.allows("U1"),
    )
    await slack.workspaces.install(answer, organisation_id=person.organisation_id)
    return person


async def test_a_direct_message_reaches_the_one_of_that_workspace(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north, south = hall.slack.workspace("T1"), hall.slack.workspace("T2")
        chat = the_slack(hall).chat
        for team in (north, south):
            await hall.installs(team)
            await chat.post(Destination(team.id, "", account="U1"), says(f"For {team.id} alone."), key=team.id)
        assert ada(north).direct != ada(south).direct, "or the law would hold by chance"
        assert [each.words for each in ada(north).sees()] == ["For T1 alone."]
        assert [each.words for each in ada(south).sees()] == ["For T2 alone."]


async def test_a_mention_names_the_account_of_that_workspace_and_never_a_namesake(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        person = await both_in_one_organisation(hall)
        chat, south = the_slack(hall).chat, hall.slack.workspace("T2")
        card = Card("Ask Ada.", (Paragraph(("Ask ", Mention(person.id, "Ada of the north"))),))

        async def seen(tenant: str) -> str:
            await chat.post(Destination(tenant, "C1"), card, key=f"{tenant}{len(hall.slack.called())}")
            return ada(hall.slack.workspace(tenant)).sees("C1")[-1].words

        assert await seen("T1") == "Ask @U1"
        assert await seen("T2") == "Ask Ada of the north", "U1 is somebody else there"
        south.add_user("U7", "Ada on a visit")
        async with sqlite.write(person.organisation_id) as tx:
            tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
            install = await tx.first(select(Install).where(Install.external_id == "T2"))
            assert install is not None
            tx.add(Account(person_id=person.id, install_id=install.id, external_id="U7"))
        assert await seen("T1") == "Ask @U1"
        assert await seen("T2") == "Ask @U7"
