"""Northwater on Slack: the same people in a workspace of the double, over HTTP, with a dictated clock."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.email.front import MailBox
from bot.demo import northwater
from bot.house import House, assemble, load_demo, platforms, web_running
from bot.settings import Settings
from schedules.simulated import clock_for
from storage.engine import Database
from storage.people import Person
from tests.scenarios.moving import OPENS_THE_FORM, SeenPost, moved_to, settled
from tests.support.slack_double import Member, SeenMessage, SlackDouble, Team, slack_double

SECRET = "a-signing-secret"
TENANT = "T0NORTH"
CHANNELS = {"field-dispatch": "C0FIELD", "all-staff": "C0STAFF", "cx-council": "C0COUNCIL"}


class SlackStage:
    """Acts as anybody, and reads what they see."""

    def __init__(self, house: House, double: SlackDouble, team: Team) -> None:
        self.house = house
        self._double = double
        self._team = team

    def member(self, user: str) -> Member:
        """Somebody there."""
        return self._team.user(slack_id(user))

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens."""
        await self.house.heartbeat.advance_to(at)

    async def hears(self, user: str, text: str) -> SeenPost:
        """Writes a line to the bot, and reads its answer."""
        before = len(await self.posts(user))
        await self._team.user(slack_id(user)).says("", text)
        await self._settled()
        return [each for each in (await self.posts(user))[before:] if each.user is None][-1]

    async def posts(self, user: str, room: str = "dm") -> Sequence[SeenPost]:
        """What somebody sees in a room, oldest first."""
        seen = self._team.user(slack_id(user)).sees(CHANNELS.get(room, ""))
        return [_post(each) for each in seen]

    async def answer(self, user: str, **values: str) -> None:
        """Presses Answer on the prompt, fills in the modal and sends it."""
        member = self._team.user(slack_id(user))
        prompt = [each for each in member.sees() if "Huddle · Field Dispatch" in each.words][-1]
        await member.presses(prompt, next(each for each in OPENS_THE_FORM if each in prompt.labels))
        await self._settled()
        assert member.modal is not None
        await member.submits(member.modal, values)
        await self._settled()
        assert member.modal is None

    async def presses(self, user: str, label: str, room: str = "dm") -> None:
        """Presses a button on the newest message that has it."""
        member = self.member(user)
        seen = [each for each in member.sees(CHANNELS.get(room, "")) if label in each.labels][-1]
        await member.presses(seen, label)
        await self._settled()

    async def fills(self, user: str, values: Mapping[str, str]) -> None:
        """Fills in the form that is open, and sends it."""
        member = self.member(user)
        assert member.modal is not None
        await member.submits(member.modal, values)
        await self._settled()

    def as_chosen(self, user: str, _person: Person) -> str:
        """What a form holds when somebody is chosen in it."""
        return slack_id(user)

    async def rewrites(self, user: str, text: str, new: str) -> None:
        """Changes a line of theirs, or takes it away where `new` is empty."""
        member = self.member(user)
        (line,) = [each for each in member.sees() if not each.is_from_bot and each.words == text]
        await (member.edits(line, new) if new else member.deletes(line))
        await self._settled()

    async def again(self) -> None:
        """Slack delivers the last event once more."""
        await self._double.again()
        await self._settled()

    async def _settled(self) -> None:
        await settled(self.house)


def slack_id(user: str) -> str:
    """What Slack calls somebody."""
    return f"U0{user.upper()}"


def _post(seen: SeenMessage) -> SeenPost:
    elements = [each for block in seen.message.blocks for each in block.get("elements", ())]
    return SeenPost(
        id=seen.ts,
        user=None if seen.is_from_bot else seen.message.author,
        words=seen.words,
        labels=seen.labels,
        has_primary=any(each.get("style") == "primary" for each in elements if isinstance(each, dict)),
    )


@asynccontextmanager
async def open_slack_stage(database_url: str, mail: MailBox | None = None) -> AsyncIterator[SlackStage]:
    """Northwater on Tuesday, 09:14, its people now on Slack; an empty database is filled first."""
    database = Database(database_url)
    clock = await clock_for(database, northwater.PLAYED_FROM, None)
    try:
        if clock.now() < northwater.STANDS_AT:
            await load_demo(assemble(database, clock))
        async with slack_double() as double:
            team = workspace(double)
            theirs = settings(double, team)
            async with platforms(theirs, database) as real:
                await moved_to(database, "slack", clock.now(), account=slack_id, channel=CHANNELS["field-dispatch"])
                house = assemble(database, clock, real=real, mail=mail)
                async with web_running(house, theirs, with_clock=True) as port:
                    double.deliver_to(f"http://127.0.0.1:{port}/slack/events", SECRET)
                    yield SlackStage(house, double, team)
            assert double.complaints == []
    finally:
        await database.close()


def settings(double: SlackDouble, team: Team) -> Settings:
    """A bot for one workspace of the double."""
    return Settings(PORT=0, SLACK_BOT_TOKEN=team.token, SLACK_SIGNING_SECRET=SECRET, SLACK_API_URL=double.api_url)


def workspace(double: SlackDouble) -> Team:
    """Northwater's people and channels."""
    team = double.add_workspace(TENANT)
    users = [each for each in northwater.PEOPLE if each.account]
    for each in users:
        team.add_user(slack_id(each.account), each.name, guest=each.is_external)
    for name, channel in CHANNELS.items():
        team.add_channel(channel, name, members=[slack_id(each.account) for each in users])
    return team
