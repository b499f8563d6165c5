"""A world played by the bot: its clock, dispatcher and delivery, over a platform that notes who was asked when."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.routing import Routes
from bot.dispatch import Dispatcher
from bot.huddles import rules, running
from bot.people.rules import WEEKDAYS
from bot.ports import Action, Destination, Incoming, Profile, Sender, Submission, Text
from bot.routes import ROUTES
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.heartbeat import Heartbeat
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.huddles import Expectation, Huddle, HuddleRun
from storage.people import Absence, Person
from storage.teams import Membership as MembershipRow
from storage.teams import Team
from storage.tx import SYSTEM, Tx
from tests.support.company import PLATFORM, Company, a_company, acting, tenant_of
from tests.support.fake_chat import FakeChat
from tests.support.world import LONG_AGO, Asked, Colleague, Leave, Meeting, World

ADMIN = "Ivo"
"""Sends the team's form, from London."""


@dataclass(slots=True)
class Notes(FakeChat):
    """Keeps the key and the instant of every question to a person."""

    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(LONG_AGO))
    prompts: list[tuple[str, datetime]] = field(default_factory=list)

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        if key.startswith("huddle:") and ":prompt:" in key:
            self.prompts.append((key, self.clock.now()))
        return await FakeChat.post(self, to, card, key=key)


@dataclass(frozen=True, slots=True)
class Seen:
    """One question as it reached somebody, and what the rows say of it."""

    asked: Asked
    window: tuple[datetime, datetime]


@dataclass(slots=True)
class Stage:
    """One world in one database."""

    world: World
    database: Database
    company: Company
    clock: SimulatedClock
    chat: Notes
    dispatcher: Dispatcher
    heartbeat: Heartbeat
    _numbers: Iterator[int] = field(default_factory=count)

    async def play(self) -> None:
        """Everything that is said in the story is said, and time passes until its end."""
        for at in self.world.turns:
            await self.heartbeat.advance_to(at)
            for each in self.world.colleagues:
                await self._turn(each, at)
        await self.heartbeat.advance_to(self.world.ends - timedelta(minutes=1))

    async def _turn(self, who: Colleague, at: datetime) -> None:
        account = who.name.lower()
        for stay in who.stays:
            if stay.since == at:
                profile = Profile(account, who.name, stay.zone)
                await self.dispatcher.learn(PLATFORM, tenant_of("Northwater"), profile)
        for leave in who.leaves:
            if leave.said_at == at:
                await self._do(who.name, Text(_away(leave)))
            if leave.called_off_at == at:
                await self._do(who.name, Text("back"))
        if any(at in {each.said_at, each.ended_at} for each in who.memberships):
            await self._members(at)

    async def _members(self, at: datetime) -> None:
        """An administrator sends the team's form."""
        chosen = [
            self.company.people[each.name.lower()].id
            for each in self.world.colleagues
            if any(days.said_at <= at and not (days.ended_at and days.ended_at <= at) for days in each.memberships)
        ]
        values = {
            "name": "World",
            "zone": "Europe/London",
            "lead": str(self.company.people[ADMIN.lower()].id),
            "members": ",".join(map(str, chosen)),
        }
        async with self.database.read(SYSTEM) as tx:
            team = (await tx.all(select(Team)))[0]
        await self._do(ADMIN, Submission("team.save", values, {"team": str(team.id)}))

    async def _do(self, name: str, action: Action) -> None:
        account, event = name.lower(), f"said-{next(self._numbers)}"
        sender = Sender(account, name, "")
        answer = await self.dispatcher.handle(
            Incoming(PLATFORM, tenant_of("Northwater"), event, f"dm-{account}", True, sender, action)
        )
        assert answer is not None
        assert isinstance(answer.content, Card), answer.content

    async def seen(self) -> list[Seen]:
        """Every question that reached somebody, oldest first; one that came twice is in it twice."""
        async with self.database.read(SYSTEM) as tx:
            runs = {each.id: each for each in await tx.all(select(HuddleRun))}
            names = {each.id: each.name for each in await tx.all(select(Person))}
            windows = {(e.run_id, e.person_id): (e.opens_at, e.closes_at) for e in await tx.all(select(Expectation))}
        found: list[Seen] = []
        for key, at in self.chat.prompts:
            run_id, person_id = int(key.split(":")[1]), int(key.split(":")[3])
            asked = Asked(runs[run_id].local_date, at, names[person_id])
            found.append(Seen(asked, windows[run_id, person_id]))
        return sorted(found, key=lambda each: each.asked)


@asynccontextmanager
async def staged(world: World, url: str, *, routes: Routes = ROUTES) -> AsyncIterator[Stage]:
    """The world as it is when its story begins, in an empty database."""
    database = Database(url)
    try:
        names = [ADMIN, *(each.name for each in world.colleagues)]
        company = await a_company(database, people=names, admin=ADMIN)
        async with acting(database, company, now=world.begins) as tx:
            await _rows(tx, world, company)
        clock = SimulatedClock(world.begins)
        chat = Notes(clock=clock)
        dispatcher = Dispatcher(database, routes, clock)
        delivery = Delivery(database, {PLATFORM: chat}, routes.views, clock, name="worker")
        heartbeat = Heartbeat(database, Ticker(database, dispatcher), delivery, clock)
        yield Stage(world, database, company, clock, chat, dispatcher, heartbeat)
    finally:
        await database.close()


async def _rows(tx: Tx, world: World, company: Company) -> None:
    meeting = world.meeting
    team = Team(name="World", zone="Europe/London", calendar=meeting.calendar)
    tx.add(team)
    await tx.flush()
    for each in world.colleagues:
        person = await tx.need(Person, company.people[each.name.lower()].id)
        person.zone = [stay for stay in each.stays if stay.since <= world.begins][-1].zone
        person.working_days = _names(each.days)
        person.calendar = each.calendar or None
        for days in each.memberships:
            if days.said_at <= world.begins:
                last = days.last if days.ended_at is None or days.ended_at <= world.begins else None
                tx.add(MembershipRow(team_id=team.id, person_id=person.id, from_on=days.first, to_on=last))
        for leave in each.leaves:
            if leave.said_at <= world.begins:
                tx.add(Absence(person_id=person.id, from_on=leave.first, to_on=leave.last))
    huddle = _huddle(meeting, team)
    tx.add(huddle)
    await tx.flush()
    await running.replan(tx, huddle, world.begins)


def _huddle(meeting: Meeting, team: Team) -> Huddle:
    return Huddle(
        name="World",
        team_id=team.id,
        at_time=meeting.at,
        zone=meeting.zone,
        weekdays=_names(meeting.weekdays),
        window_min=meeting.window_min,
        mode=Huddle.Mode.LOCAL if meeting.is_local else Huddle.Mode.TOGETHER,
        questions=rules.QUESTIONS,
        every_weeks=meeting.every_weeks,
        anchor_on=meeting.anchor,
        from_on=meeting.first,
        until_on=meeting.last,
    )


def _names(days: frozenset[int]) -> str:
    return ",".join(WEEKDAYS[day] for day in sorted(days))


def _away(leave: Leave) -> str:
    return f"away {leave.first:%Y-%m-%d} to {leave.last:%Y-%m-%d}"
