"""Northwater's CX Council as its members live it: over one platform or spread over two, and two of them by mail."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar

from sqlmodel import col, select

from adapters.email.front import MailBox
from adapters.local.rooms import add_room
from bot import wanted
from bot.council import planning
from bot.house import House
from storage.actions import Action, Priority
from storage.columns import Row
from storage.councils import CouncilRoom, council_named
from storage.links import Thing, link
from storage.local import LocalMember
from storage.mail import open_install
from storage.meetings import CouncilMeeting
from storage.organisations import Install
from storage.people import Account, Person
from storage.places import Place
from storage.tx import Tx
from tests.scenarios import slack_stage, teams_stage
from tests.scenarios.mail_post import BOT, MailPost
from tests.scenarios.moving import SeenPost, settled
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Post, Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage
from tests.scenarios.two_stages import open_two_stages
from tests.support.at_the_table import founded

R = TypeVar("R", bound=Row)
AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
ORGANISATION = 1
ROOM, STAFF = "cx-council", "all-staff"
SAM, MRS_OKAFOR, IDA = "sam@metering.example", "ada.okafor@home.example", "ida@northwater.example"
ON_SLACK = frozenset({"cora", "ann", "raj", "bea", "carl", "amy"})
"""Who is on Slack where the council is spread over two platforms; the others are on Teams."""


@dataclass(frozen=True, slots=True)
class CouncilStage:
    """Everybody's door, and the mail of those who have no chat."""

    house: House
    doors: Mapping[str, AnyStage]
    mail: MailPost

    def door(self, user: str) -> AnyStage:
        """Where somebody is."""
        if len(self.doors) == 1:
            return next(iter(self.doors.values()))
        return self.doors["slack" if user in ON_SLACK else "teams"]

    async def until(self, at: datetime) -> None:
        """The clock moves to an instant, and everything due until then happens."""
        await self.house.heartbeat.advance_to(at)
        await settled(self.house)

    async def says(self, user: str, line: str) -> str:
        """What somebody reads after a line of theirs."""
        seen = await self.door(user).hears(user, line)
        await settled(self.house)
        return seen.words

    async def presses(self, user: str, label: str, room: str = "dm") -> None:
        """Presses a button on the newest message that has it."""
        await self.door(user).presses(user, label, room)
        await settled(self.house)

    async def fills(self, user: str, values: Mapping[str, str]) -> None:
        """Fills in the form that is open, and sends it."""
        await self.door(user).fills(user, values)
        await settled(self.house)

    async def reads(self, user: str, room: str = "dm") -> list[str]:
        """What somebody sees, oldest first."""
        posts: Sequence[Post | SeenPost] = await self.door(user).posts(user, room)
        return [each.words for each in posts]

    async def labels(self, user: str, room: str = "dm") -> Sequence[str]:
        """The buttons on the newest message that somebody sees."""
        posts: Sequence[Post | SeenPost] = await self.door(user).posts(user, room)
        return posts[-1].labels

    async def in_rooms(self, words: str) -> list[str]:
        """The newest message with these words in each of the council's rooms."""
        seen = [await self.reads(user, ROOM) for user in (("cora",) if self.only else ("cora", "sev"))]
        return [next(each for each in reversed(posts) if words in each) for posts in seen]

    @property
    def only(self) -> str:
        """The one platform there is; empty where there are two."""
        return next(iter(self.doors)) if len(self.doors) == 1 else ""

    async def mails_come_in(self) -> None:
        """What was written by mail is taken."""
        assert self.house.mail is not None
        await self.house.mail.collect()
        await settled(self.house)

    async def rows(self, kind: type[R], **are: object) -> Sequence[R]:
        """The rows of a table with these values, oldest first."""
        async with self.house.database.read(ORGANISATION) as tx:
            return await tx.all(select(kind).filter_by(**are).order_by(col(kind.id)))


Opened: TypeAlias = Callable[[str, Path], AbstractAsyncContextManager[CouncilStage]]


def _box(folder: Path) -> MailBox:
    return MailBox(folder, BOT)


@asynccontextmanager
async def on_local(database_url: str, folder: Path) -> AsyncIterator[CouncilStage]:
    """Everybody in the local chat."""
    async with open_stage(database_url, _box(folder)) as stage:
        yield await _given(stage.house, {"local": stage}, folder)


@asynccontextmanager
async def on_slack(database_url: str, folder: Path) -> AsyncIterator[CouncilStage]:
    """Everybody in Slack."""
    async with open_slack_stage(database_url, _box(folder)) as stage:
        yield await _given(stage.house, {"slack": stage}, folder)


@asynccontextmanager
async def on_teams(database_url: str, folder: Path) -> AsyncIterator[CouncilStage]:
    """Everybody in Teams."""
    async with open_teams_stage(database_url, _box(folder)) as stage:
        yield await _given(stage.house, {"teams": stage}, folder)


@asynccontextmanager
async def spread(database_url: str, folder: Path) -> AsyncIterator[CouncilStage]:
    """Half of the council in Slack, half of it in Teams."""
    async with open_two_stages(database_url, _box(folder)) as stages:
        async with stages.slack.house.database.write(ORGANISATION) as tx:
            tx.acts_for(by=None, event_id=None, now=stages.slack.house.clock.now())
            for person in await tx.all(select(Person)):
                person.prefers = "slack" if person.name.casefold() in ON_SLACK else "teams"
        yield await _given(stages.slack.house, {"slack": stages.slack, "teams": stages.teams}, folder)


async def _given(house: House, doors: Mapping[str, AnyStage], folder: Path) -> CouncilStage:
    """The council of AT-4 with its rooms and mail members, and what is left of its last meeting on 5 November."""
    now = house.clock.now()
    async with house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=now)
        council = await council_named(tx, "CX Council") or await founded(tx)
        for platform in doors:
            await _room(tx, council.id, platform, ROOM, CouncilRoom.Purpose.COUNCIL)
            await _room(tx, council.id, platform, STAFF, CouncilRoom.Purpose.PUBLIC)
        await _by_mail(tx)
        await _last_meeting(tx, council.id)
        await wanted.record(tx, await planning.plan_ahead(tx, council, now), event_id=None, now=now)
    return CouncilStage(house, doors, MailPost(folder))


async def _room(tx: Tx, council_id: int, platform: str, name: str, purpose: CouncilRoom.Purpose) -> None:
    install = await tx.first(select(Install).where(Install.platform == platform))
    assert install is not None
    known = {"local": {name: name}, "slack": slack_stage.CHANNELS, "teams": teams_stage.CHANNELS}[platform]
    of = (Place.install_id == install.id, Place.external_id == known[name])
    place = await tx.first(select(Place).where(*of))
    if place is None:
        place = Place(install_id=install.id, external_id=known[name], name=f"#{name}")
        tx.add(place)
        await tx.flush()
        if platform == "local":
            await _local_room(tx, name)
    row = CouncilRoom(council_id=council_id, place_id=place.id, purpose=purpose)
    if await tx.first(select(CouncilRoom).filter_by(council_id=council_id, place_id=place.id)) is None:
        tx.add(row)
        await tx.flush()


async def _local_room(tx: Tx, name: str) -> None:
    await add_room(tx, name, name=f"#{name}", seq=9)
    for user in ("cora", "sev", "ann", "raj", "bea", "dov", "mia", "ivo", "fin"):
        await tx.session.merge(LocalMember(room_id=name, user_id=user))


async def _by_mail(tx: Tx) -> None:
    install = await open_install(tx, "northwater")
    ida = Person(name="Ida Marsh", zone="Europe/London", prefers="email", email=IDA)
    ida.department_id = (await tx.all(select(col(Person.department_id)).where(Person.name == "Ivo")))[0]
    tx.add(ida)
    await tx.flush()
    for name, address in (("Ida Marsh", IDA), ("Sam", SAM), ("Mrs Okafor", MRS_OKAFOR)):
        person = await tx.first(select(Person).where(Person.name == name))
        assert person is not None
        person.prefers, person.email = "email", address
        tx.add(Account(person_id=person.id, install_id=install.id, external_id=address))
    await tx.flush()


async def _last_meeting(tx: Tx, council_id: int) -> None:
    """Two actions of it are done, one is open, one is overdue."""
    at = datetime(2026, 11, 5, 10, tzinfo=UTC)
    meeting = CouncilMeeting(
        council_id=council_id,
        slot=datetime.fromisoformat("2026-11-05T10:00"),
        starts_at=at,
        state=CouncilMeeting.State.MINUTES_CIRCULATED,
        opened_at=at,
        adjourned_at=at.replace(hour=11, minute=30),
        quorum_needed=5,
    )
    tx.add(meeting)
    await tx.flush()
    people = {each.name: each.id for each in await tx.all(select(Person))}
    state = Action.State
    left = (
        ("A-201", "Count second visits", "Raj", state.DONE, date(2026, 11, 12)),
        ("A-202", "Ask Metering for fault codes", "Ann", state.DONE, date(2026, 11, 19)),
        ("A-203", "Draft the letter to customers", "Mia", state.OPEN, date(2026, 12, 11)),
        ("A-204", "Price a credit for second visits", "Bea", state.OPEN, date(2026, 11, 20)),
    )
    for code, title, owner, now, due_on in left:
        is_done = now is state.DONE
        action = Action(
            code=code, title=title, owner_id=people[owner], requester_id=people["Cora"], state=now,
            priority=Priority.P3, due_on=due_on, first_due_on=due_on, finished_on=due_on if is_done else None,
            closed_at=datetime(2026, 11, 19, 12, tzinfo=UTC) if is_done else None,
        )  # fmt: skip
        tx.add(action)
        await tx.flush()
        await link(tx, (Thing.MEETING, meeting.id), (Thing.ACTION, action.id))
