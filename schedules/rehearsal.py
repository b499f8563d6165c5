"""A rehearsal: the real clock, handlers, cards and delivery run on a copy, over a chat that only takes notes."""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from bot import wanted
from bot.chat.cards import Card
from bot.chat.routing import Routes
from bot.dispatch import Dispatcher
from bot.huddles import scene
from bot.huddles.scene import Scene
from bot.people import there
from bot.ports import Destination
from schedules import rehearsal_views as words
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.heartbeat import Heartbeat
from schedules.rehearsal_copy import copied
from schedules.rehearsal_labels import LABELS
from schedules.rehearsal_views import BadDays, Line, NobodyThere, Rehearsal, WhichPerson
from schedules.simulated import SimulatedClock, clock_for
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import Expectation, Huddle, HuddleRun, run_on
from storage.messages import Message
from storage.organisations import Install, Organisation, organisation_of, zone_of
from storage.people import Person, people_named
from storage.people import zone_of as zone_of_person
from storage.places import Place
from storage.quiet import DirectDay
from storage.teams import Team, members
from storage.tx import SYSTEM, Tx

UNDER_WAY = (Message.State.SENDING, Message.State.UNKNOWN)
OPENS = "huddle.open"
LOOKED_FOR_AT_ONCE = 100  # by one `Delivery.reconcile`

Status = Expectation.Status


@dataclass(frozen=True, slots=True)
class Post:
    """A new message, and when it went out."""

    tenant: str
    key: str
    card: Card
    at: datetime


@dataclass(slots=True)
class NotingChat:
    """`bot.ports.Chat` that shows nothing to anybody and keeps what would be posted."""

    clock: SimulatedClock
    posts: list[Post] = field(default_factory=list)
    doubt_s: float = 0.0
    messages_per_s: float = math.inf

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Keeps it."""
        self.posts.append(Post(to.tenant, key, card, self.clock.now()))
        return f"rehearsed-{len(self.posts)}"

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Done at once."""

    async def delete(self, to: Destination, ref: str) -> None:
        """Done at once."""

    async def find(self, to: Destination, key: str) -> str | None:  # noqa: ARG002 - the port's arguments
        """What was on its way when the rehearsal began counts as sent."""
        return f"sent-before:{key}"


@dataclass(frozen=True, slots=True)
class Before:
    """Where things stood when the rehearsal began: everything newer, or then still to come, is its own."""

    at: datetime
    expectation_id: int
    message_id: int
    waiting: frozenset[int]
    """Messages that were ready."""
    over: frozenset[int]
    """Steps that were done or given up."""
    under_way: int


async def rehearse(source: Database, routes: Routes, *, days: int, name: str = "") -> Rehearsal:
    """What would be sent in the coming days, and what not and why; `name` is the person it is about, empty for all.

    Nothing is sent, and `source` is not changed. Raises: BadDays, NobodyThere, WhichPerson.
    """
    if not 1 <= days <= words.DAYS_MAX:
        raise BadDays(days)
    async with copied(source) as copy:
        organisations, person = await _whom(copy, name)
        clock = SimulatedClock((await clock_for(copy, None, None)).now())
        before = await _before(copy, clock.now())
        until = before.at + timedelta(days=days)
        chats = await _play(copy, routes, clock, until=until)
        lines = [line for each in organisations for line in await _lines(copy, each, before, chats, until=until)]
    return Rehearsal(
        begins_at=before.at,
        ends_at=until,
        zone=zone_of(organisations[0]),
        organisations=[each.name for each in organisations],
        lines=sorted((line for line in lines if person is None or person.id in line.about), key=_order),
        under_way=before.under_way,
        person=person.name if person else "",
    )


async def _whom(copy: Database, name: str) -> tuple[Sequence[Organisation], Person | None]:
    """The organisations it is about, and the person if it is about one."""
    async with copy.read(SYSTEM) as tx:
        organisations = await tx.all(select(Organisation).order_by(col(Organisation.id)))
        if not organisations:
            raise NobodyThere
        if not name:
            return organisations, None
        found = await people_named(tx, name)
    if len(found) != 1:
        raise WhichPerson(name, [each.name for each in found])
    return [each for each in organisations if each.id == found[0].organisation_id], found[0]


def _order(line: Line) -> tuple[datetime, int, bool, str, str, str]:
    place = list(LABELS).index(line.kind) if line.kind in LABELS else len(LABELS)
    return line.at, place, not line.is_sent, line.zone.key, line.text + line.why, line.to


async def _before(copy: Database, now: datetime) -> Before:
    new = col(Message.platform_ref).is_(None)
    async with copy.read(SYSTEM) as tx:
        steps = select(col(Occurrence.id)).where(Occurrence.state != Occurrence.State.PLANNED)
        waiting = select(col(Message.id)).where(Message.state == Message.State.READY)
        under_way = select(col(Message.id)).where(col(Message.state).in_(UNDER_WAY), new)
        return Before(
            at=now,
            expectation_id=await tx.first(select(func.max(col(Expectation.id)))) or 0,
            message_id=await tx.first(select(func.max(col(Message.id)))) or 0,
            waiting=frozenset(await tx.all(waiting)),
            over=frozenset(await tx.all(steps)),
            under_way=len(await tx.all(under_way)),
        )


async def _play(copy: Database, routes: Routes, clock: SimulatedClock, *, until: datetime) -> Mapping[str, NotingChat]:
    """The days pass, as they would for the only bot there is; what each platform was asked to show."""
    async with copy.read(SYSTEM) as tx:
        chats = {each.platform: NotingChat(clock) for each in await tx.all(select(Install))}
        doubtful = await tx.first(select(func.count(col(Message.id))).where(col(Message.state).in_(UNDER_WAY)))
    dispatcher = Dispatcher(copy, routes, clock)
    delivery = Delivery(copy, chats, routes.views, clock, name="rehearsal", manners=routes.manners)
    heartbeat = Heartbeat(copy, Ticker(copy, dispatcher), delivery, clock)
    await delivery.sweep(everything=True)
    await delivery.reconcile()
    for _ in range((doubtful or 0) // LOOKED_FOR_AT_ONCE):
        await delivery.reconcile()
    await heartbeat.advance_to(until)
    return chats


@dataclass(frozen=True, slots=True)
class Told:
    """What one organisation's lines are made from, after the days have passed."""

    tx: Tx
    before: Before
    until: datetime
    messages: Mapping[str, Message]
    people: Mapping[int, Person]
    places: Mapping[int, Place]
    days: Mapping[int, DirectDay]


async def _lines(
    copy: Database, organisation: Organisation, before: Before, chats: Mapping[str, NotingChat], *, until: datetime
) -> Sequence[Line]:
    async with copy.read(organisation.id) as tx:
        told = Told(
            tx,
            before,
            until,
            messages={each.key: each for each in await tx.all(select(Message))},
            people={each.id: each for each in await tx.all(select(Person))},
            places={each.id: each for each in await tx.all(select(Place))},
            days={each.id: each for each in await tx.all(select(DirectDay))},
        )
        tenants = {(each.platform, each.external_id) for each in await tx.all(select(Install))}
        posts = [post for name, chat in chats.items() for post in chat.posts if (name, post.tenant) in tenants]
        found = [await _sent(told, post) for post in posts]
        for why_not in (_given_up, _passed_over, _not_held):
            found += [line async for line in why_not(told)]
        return found


async def _sent(told: Told, post: Post) -> Line:
    message = told.messages[post.key]
    line = await _line_of(told, message)
    since = message.put_off_from
    waited = "" if since is None else words.waited(since, line.zone, post.at, message.put_off_why)
    return replace(line, at=post.at, card=post.card, waited=waited)


async def _line_of(told: Told, message: Message) -> Line:
    reader = await wanted.reader_of(told.tx, message)
    person = told.people.get(message.person_id or 0)
    place = told.places.get(message.place_id or 0)
    return Line(
        at=message.due_at,
        zone=reader.zone,
        kind=message.view,
        to=person.name if person else place.name if place else "",
        about=frozenset({person.id} if person else ()),
        key=message.key,
    )


async def _given_up(told: Told) -> AsyncIterator[Line]:
    """Messages that were wanted and are not sent."""
    begins, until = told.before.at, told.until
    for message in told.messages.values():
        is_new = message.id > told.before.message_id or message.id in told.before.waiting
        due_at = message.put_off_from or message.due_at
        if not is_new or message.platform_ref is not None or due_at > until:
            continue
        line = await _line_of(told, message)
        why = _why_not_sent(told, message, line.zone)
        yield replace(line, at=max(due_at, begins), is_sent=False, why=why)


def _why_not_sent(told: Told, message: Message, zone: ZoneInfo) -> str:
    day = told.days.get(message.day_id or 0)
    match message.state:
        case Message.State.READY if message.put_off_why:
            return words.waits_until(message.due_at, zone, message.put_off_why)
        case Message.State.READY:
            return words.STILL_WAITS
        case Message.State.HELD if day is not None and day.digest_at is not None:
            return words.in_digest(day.digest_at, zone)
        case _:
            return words.not_sent(message.view, message.error)


async def _passed_over(told: Told) -> AsyncIterator[Line]:
    """People of a team who are not asked."""
    tx, before = told.tx, told.before
    query = select(Expectation).where(
        (col(Expectation.id) > before.expectation_id) | (col(Expectation.opens_at) > before.at),
        col(Expectation.opens_at) <= told.until,
    )
    scenes: dict[int, Scene | None] = {}
    for each in await tx.all(query.order_by(col(Expectation.id))):
        if each.run_id not in scenes:
            scenes[each.run_id] = await scene.scene_of(tx, each.run_id)
        around, person = scenes[each.run_id], told.people[each.person_id]
        why = "" if around is None else await _why_not_asked(told, around, each)
        if why:
            yield Line(
                at=each.opens_at,
                zone=zone_of_person(person),
                kind="huddle.prompt",
                to=person.name,
                about=frozenset({person.id}),
                is_sent=False,
                why=why,
            )


async def _why_not_asked(told: Told, around: Scene, expectation: Expectation) -> str:
    person, on = told.people[expectation.person_id], around.run.local_date
    has_prompt = f"{scene.prompt_key(around.run)}:{person.id}" in told.messages
    match expectation.status:
        case Status.ABSENT:
            off = await there.off(told.tx, person, on, calendar=around.calendar)
            return words.away_until(off.until if off else None)
        case Status.HOLIDAY:
            off = await there.off(told.tx, person, on, calendar=around.calendar)
            return words.holiday(off.holiday) if off and off.holiday else words.day_off(on)
        case Status.EXCUSED:
            return words.EXCUSED
        case _ if has_prompt or around.run.state is HuddleRun.State.SKIPPED:
            return ""
        case Status.ANSWERED | Status.ANSWERED_LATE:
            return words.ANSWERED
        case _:
            return words.NO_ACCOUNT


async def _not_held(told: Told) -> AsyncIterator[Line]:
    """Huddles that are skipped or missed, and steps that fail."""
    tx, before = told.tx, told.before
    query = select(Occurrence).where(col(Occurrence.due_at) <= told.until).order_by(col(Occurrence.id))
    for step in await tx.all(query):
        at = max(step.due_at, before.at)
        if step.id in before.over:
            continue
        if step.state in {Occurrence.State.PLANNED, Occurrence.State.FAILED}:
            zone = zone_of(await organisation_of(tx))
            yield Line(at, zone, step.kind, words.BY_THE_BOT, is_sent=False, why=words.STEP_FAILS)
        elif step.kind == OPENS and step.slot is not None:
            line = await _skipped(tx, step, step.slot, at)
            if line is not None:
                yield line


async def _skipped(tx: Tx, step: Occurrence, slot: datetime, at: datetime) -> Line | None:
    huddle = await tx.get(Huddle, step.subject_id)
    run = None if huddle is None or not huddle.active else await run_on(tx, huddle, slot.date())
    if huddle is None or run is None or run.state not in {HuddleRun.State.SKIPPED, HuddleRun.State.MISSED}:
        return None
    team = await tx.need(Team, huddle.team_id)
    is_missed = run.state is HuddleRun.State.MISSED
    return Line(
        at=at,
        zone=ZoneInfo(huddle.zone),
        kind=step.kind,
        to=team.name,
        about=frozenset(each.id for each in await members(tx, team, run.local_date)),
        is_sent=False,
        why=words.missed(slot) if is_missed else words.no_huddle(run.reason),
    )
