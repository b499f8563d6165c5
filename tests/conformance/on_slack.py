"""Slack, over HTTP or Socket Mode, with the double."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.house import House, assemble, platforms, web_running
from bot.settings import Settings
from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.conformance.guestbook import GUESTBOOK
from tests.conformance.screens import ROOMS, BadRequest, Screen, SeenForm, SeenPost
from tests.support.company import NOON
from tests.support.slack_double import Member, SeenMessage, SlackDouble, Team, slack_double

SECRET = "a-signing-secret"
USERS = {"ada": "U0ADA", "ben": "U0BEN", "gus": "U0GUS"}
CHANNELS = {"field": "C0FIELD", "yard": "C0YARD"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass(slots=True)
class Slack:
    """The platform."""

    house: House
    double: SlackDouble
    team: Team

    def screen(self, who: str) -> Screen:
        """Somebody."""
        return SlackScreen(self, self.team.user(USERS[who]))

    def place(self, who: str, room: str) -> str:
        """The id of a channel."""
        return CHANNELS[room] if room else self.team.user(USERS[who]).direct

    async def again(self) -> None:
        """The last request, as after an answer that was lost."""
        await self.double.again()
        await self.settled()

    async def echoes(self, who: str) -> None:
        """Slack tells an app of its own messages."""
        await self.team.echoes(self.place(who, ""))
        await self.settled()

    def bad_requests(self) -> Sequence[BadRequest]:
        """Unsigned, old, broken; nobody but Slack speaks on a connection of Socket Mode."""
        if self.double.courier.over_socket:
            return ()
        courier = self.double.courier
        honest = b'{"type": "event_callback", "event": {"type": "message", "channel_type": "im"}}'

        async def status(body: bytes, headers: dict[str, str]) -> int:
            return (await courier.post(body, headers)).status

        def signed(body: bytes, *, at: float | None = None, secret: str = "") -> dict[str, str]:
            return courier.signed(body, at=at, secret=secret)

        unnumbered = {**signed(honest), "X-Slack-Request-Timestamp": "yesterday"}
        return (
            ("unsigned", lambda: status(honest, dict(JSON_TYPE))),
            ("signed by another", lambda: status(honest, signed(honest, secret="x") | JSON_TYPE)),
            ("signed for another body", lambda: status(honest, signed(b"{}") | JSON_TYPE)),
            ("old", lambda: status(honest, signed(honest, at=time.time() - 400) | JSON_TYPE)),
            ("from the future", lambda: status(honest, signed(honest, at=time.time() + 400) | JSON_TYPE)),
            ("without a time", lambda: status(honest, unnumbered | JSON_TYPE)),
            ("no text", lambda: status(b"\xff", signed(b"\xff") | JSON_TYPE)),
            ("broken JSON", lambda: status(b"{", signed(b"{") | JSON_TYPE)),
            ("a list", lambda: status(b"[]", signed(b"[]") | JSON_TYPE)),
            ("deep JSON", lambda: status(b"[" * 100_000, signed(b"[" * 100_000) | JSON_TYPE)),
            ("a broken payload", lambda: status(b"payload=%7B", signed(b"payload=%7B") | FORM_TYPE)),
        )

    async def settled(self) -> None:
        """Everything that follows has happened: what goes on after an acknowledgement, and what is to be sent."""
        while at_work := _at_work():
            await asyncio.wait(at_work)
        await self.house.delivery.drain()


def _at_work() -> list[asyncio.Task[object]]:
    """What the adapter still does for people who have had their acknowledgement."""
    return [each for each in asyncio.all_tasks() if getattr(each.get_coro(), "__qualname__", "") == "Work._watched"]


@dataclass(frozen=True, slots=True)
class SlackScreen:
    """One person."""

    slack: Slack
    member: Member

    async def says(self, text: str, room: str = "") -> None:
        """Writes a line."""
        await self.member.says(CHANNELS.get(room, ""), text)
        await self.slack.settled()

    async def mentions(self, text: str, room: str) -> None:
        """Writes a line to the bot."""
        await self.member.mentions(CHANNELS[room], text)
        await self.slack.settled()

    async def commands(self, text: str, room: str = "") -> None:
        """Everything stands behind the root."""
        await self.member.commands("/cx", text, CHANNELS.get(room, ""))
        await self.slack.settled()

    async def presses(self, post: SeenPost, label: str) -> None:
        """Presses a button."""
        assert isinstance(post.ref, SeenMessage)
        await self.member.presses(post.ref, label)
        await self.slack.settled()

    async def submits(self, **values: str) -> None:
        """Sends the modal, as a client would that checks nothing."""
        assert self.member.modal is not None
        await self.member.submits(self.member.modal, values, by_hand=True)
        await self.slack.settled()

    async def posts(self, room: str = "") -> Sequence[SeenPost]:
        """What they see."""
        return [_seen(each) for each in self.member.sees(CHANNELS.get(room, ""))]

    def form(self) -> SeenForm | None:
        """The modal."""
        modal = self.member.modal
        return None if modal is None else SeenForm(modal.title, modal.holds, modal.errors)


def _seen(each: SeenMessage) -> SeenPost:
    seen = each.seen
    return SeenPost(
        ref=each,
        words=seen.words,
        labels=seen.labels,
        is_from_bot=each.is_from_bot,
        is_private=each.is_private,
        marked=(*seen.mentions, *seen.links),
    )


@asynccontextmanager
async def slack_platform(database: Database, *, over_socket: bool = False) -> AsyncIterator[Slack]:
    """The guestbook in a workspace, over HTTP or Socket Mode."""
    async with slack_double() as double:
        team = double.add_workspace("T0NORTH")
        team.add_user(USERS["ada"], "Ada", admin=True)
        team.add_user(USERS["ben"], "Ben", tz="America/New_York")
        team.add_user(USERS["gus"], "Gus", guest=True)
        for room, members in ROOMS.items():
            team.add_channel(CHANNELS[room], room, members=[USERS[each] for each in members])
        async with connected_house(database, double, team, over_socket=over_socket) as house:
            yield Slack(house, double, team)


@asynccontextmanager
async def connected_house(
    database: Database, double: SlackDouble, team: Team, *, over_socket: bool = False
) -> AsyncIterator[House]:
    """The bot in a workspace of the double, which brings it what people do."""
    settings = Settings(
        PORT=0,
        SLACK_BOT_TOKEN=team.token,
        SLACK_APP_TOKEN=double.world.app_token if over_socket else "",
        SLACK_CLIENT_ID="",
        SLACK_SIGNING_SECRET="" if over_socket else SECRET,
        SLACK_API_URL=double.api_url,
    )
    async with platforms(settings, database) as real:
        house = assemble(database, SimulatedClock(NOON), GUESTBOOK, real=real)
        async with web_running(house, settings, with_clock=True) as port:
            double.deliver_to(f"http://127.0.0.1:{port}/slack/events", SECRET)
            if over_socket:
                await double.links.connected()
                double.deliver_over_socket()
            yield house
