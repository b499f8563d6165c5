"""Northwater on Microsoft Teams: the same people in a tenant of the double, over HTTP, with a dictated clock."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.email.front import MailBox
from bot.demo import northwater
from bot.house import House, assemble, load_demo, platforms, web_running
from schedules.simulated import clock_for
from storage.engine import Database
from storage.people import Person
from tests.conformance.on_teams import JOINER, TEAM, TENANT, settings_for
from tests.scenarios.moving import OPENS_THE_FORM, SeenPost, moved_to, settled
from tests.support.teams_double import Member, SeenMessage, TeamsDouble, Tenant, teams_double
from tests.support.teams_double.parts import actions_of

CHANNELS = {
    "field-dispatch": "19:dispatch@thread.tacv2",
    "all-staff": "19:staff@thread.tacv2",
    "cx-council": "19:council@thread.tacv2",
}
WHO_INSTALLS = "29:it"


class TeamsStage:
    """Acts as anybody, and reads what they see."""

    def __init__(self, house: House, double: TeamsDouble, tenant: Tenant) -> None:
        self.house = house
        self._double = double
        self._tenant = tenant

    def member(self, user: str) -> Member:
        """Somebody there."""
        return self._tenant.user(teams_id(user))

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens."""
        await self.house.heartbeat.advance_to(at)

    async def hears(self, user: str, text: str) -> SeenPost:
        """Writes a line to the bot, and reads its answer."""
        before = len(await self.posts(user))
        await self._tenant.user(teams_id(user)).says(text)
        await settled(self.house)
        return [each for each in (await self.posts(user))[before:] if each.user is None][-1]

    async def posts(self, user: str, room: str = "dm") -> Sequence[SeenPost]:
        """What somebody sees in a room, oldest first."""
        return [_post(each) for each in self._tenant.user(teams_id(user)).sees(CHANNELS.get(room, ""))]

    async def answer(self, user: str, **values: str) -> None:
        """Presses Answer on the prompt, fills in the dialog and sends it."""
        member = self._tenant.user(teams_id(user))
        prompt = [each for each in member.sees() if "Huddle · Field Dispatch" in each.words][-1]
        await member.presses(prompt, next(each for each in OPENS_THE_FORM if each in prompt.labels))
        await settled(self.house)
        assert member.dialog is not None
        await member.submits(member.dialog, values)
        await settled(self.house)
        assert member.dialog is None

    async def presses(self, user: str, label: str, room: str = "dm") -> None:
        """Presses a button on the newest message that has it."""
        member = self.member(user)
        seen = [each for each in member.sees(CHANNELS.get(room, "")) if label in each.labels][-1]
        await member.presses(seen, label)
        await settled(self.house)

    async def fills(self, user: str, values: Mapping[str, str]) -> None:
        """Fills in the form that is open, and sends it."""
        member = self.member(user)
        assert member.dialog is not None
        await member.submits(member.dialog, values)
        await settled(self.house)

    def as_chosen(self, _user: str, person: Person) -> str:
        """What a form holds when somebody is chosen in it."""
        return str(person.id)

    async def rewrites(self, user: str, text: str, new: str) -> None:
        """Changes a line of theirs, or takes it away where `new` is empty."""
        member = self.member(user)
        (line,) = [each for each in member.sees() if not each.is_from_bot and each.words == text]
        await (member.edits(line, new) if new else member.deletes(line))
        await settled(self.house)

    async def brings_back(self, user: str, line: SeenMessage) -> None:
        """Undoes that they deleted a line."""
        await self.member(user).undeletes(line)
        await settled(self.house)

    async def again(self) -> None:
        """Teams delivers the last activity once more."""
        await self._double.again()
        await settled(self.house)


def teams_id(user: str) -> str:
    """What Teams calls somebody."""
    return f"29:{user}"


def _post(seen: SeenMessage) -> SeenPost:
    actions = [action for card in seen.cards for action in actions_of(card)]
    return SeenPost(
        id=seen.id,
        user=None if seen.is_from_bot else seen.message.author,
        words=seen.words.replace(JOINER, ""),
        labels=seen.labels,
        has_primary=any(each.get("style") == "positive" for each in actions),
    )


@asynccontextmanager
async def open_teams_stage(database_url: str, mail: MailBox | None = None) -> AsyncIterator[TeamsStage]:
    """Northwater on Tuesday, 09:14, its people now on Teams; an empty database is filled first."""
    database = Database(database_url)
    clock = await clock_for(database, northwater.PLAYED_FROM, None)
    try:
        if clock.now() < northwater.STANDS_AT:
            await load_demo(assemble(database, clock))
        async with teams_double() as double:
            theirs = tenant(double)
            settings = settings_for(double, theirs)
            async with platforms(settings, database) as real:
                house = assemble(database, clock, real=real, mail=mail)
                async with web_running(house, settings, with_clock=True) as port:
                    double.deliver_to(f"http://127.0.0.1:{port}/api/messages")
                    await theirs.user(WHO_INSTALLS).installs(TEAM)
                    await moved_to(database, "teams", clock.now(), account=teams_id, channel=CHANNELS["field-dispatch"])
                    yield TeamsStage(house, double, theirs)
            assert double.complaints == []
    finally:
        await database.close()


def tenant(double: TeamsDouble) -> Tenant:
    """Northwater's people and channels."""
    made = double.add_tenant(TENANT)
    users = [each for each in northwater.PEOPLE if each.account]
    for each in users:
        made.add_user(teams_id(each.account), each.name, guest=each.is_external)
    made.add_user(WHO_INSTALLS, "Ida Torres")
    made.add_team(TEAM, "Northwater", members=[WHO_INSTALLS, *(teams_id(each.account) for each in users)])
    for name, channel in CHANNELS.items():
        made.add_channel(TEAM, channel, name)
    return made
