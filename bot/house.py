"""The composition root: every part of the bot, wired and running; it may import everything, as the command may."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from aiohttp.web import Application, RouteDef
from sqlmodel import select

from adapters.email.desk import Desk as MailDesk
from adapters.email.front import MailBox, Post
from adapters.local import rooms
from adapters.local import routes as local_routes
from adapters.local.adapter import LocalChat
from adapters.local.stage import Hint
from adapters.slack import front as slack
from adapters.teams import front as teams
from adapters.web import health, metrics
from adapters.web.host import Mount, serving
from adapters.web.pages import Pages
from adapters.web.papers import PaperFiles
from adapters.web.passes import Doorkeeper
from adapters.web.roadmap import MapPage
from adapters.web.runs import RunsFile
from adapters.work import beside
from bot.chat.routing import Routes
from bot.demo.playing import Theatre, play
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from bot.ports import Chat
from bot.reading import usable
from bot.routes import ROUTES
from bot.settings import LOOPBACK, Settings, SettingsError
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.gauges import gauges
from schedules.heartbeat import Heartbeat
from schedules.simulated import BotClock
from schedules.stage import TimeBar
from storage.backlog import lag
from storage.cadences import clock_state
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Lane, Message
from storage.organisations import Organisation
from storage.people import person_on, unreached
from storage.tx import SYSTEM


class Connected(Protocol):
    """A platform on which real people are."""

    @property
    def before_verbs(self) -> str:
        """What people type there before a verb."""
        ...

    @property
    def chat(self) -> Chat:
        """Where messages go."""
        ...

    @property
    def standing(self) -> tuple[bool, str]:
        """Whether the bot can do its work there, and what it waits for."""
        ...

    def serving(self, core: Dispatcher) -> AbstractAsyncContextManager[list[RouteDef]]:
        """The pages that the platform calls; while the block runs, what else it needs."""
        ...


NAMED_MOST = 20  # people in one line of the log

log = structlog.get_logger(__name__)

NOBODY: Mapping[str, Connected] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class House:
    """Every part of the bot, wired."""

    database: Database
    clock: BotClock
    dispatcher: Dispatcher
    delivery: Delivery
    ticker: Ticker
    heartbeat: Heartbeat
    local: LocalChat
    routes: Routes
    metrics: Metrics
    real: Mapping[str, Connected] = field(default_factory=dict)
    """The platforms on which real people are, by name."""
    mail: MailDesk | None = None
    """Who takes the mails that come in, where there are any."""


@asynccontextmanager
async def platforms(settings: Settings, database: Database) -> AsyncIterator[Mapping[str, Connected]]:
    """The platforms that the settings name are connected while the block runs, or tried again while they are away.

    Raises: SettingsError, also out of the block when the platform refuses its token later; DatabaseError.
    """
    connecting = {"slack": slack, "teams": teams}
    async with AsyncExitStack() as stack:
        found: dict[str, Connected] = {}
        for name in settings.real_platforms:
            found[name] = await stack.enter_async_context(connecting[name].connected(settings, database))
        yield found


def assemble(
    database: Database,
    clock: BotClock,
    routes: Routes = ROUTES,
    *,
    real: Mapping[str, Connected] = NOBODY,
    public_url: str = "",
    mail: MailBox | None = None,
) -> House:
    """Wires the parts; nothing runs yet. `public_url` is where browsers reach us, for those on real platforms.

    Raises: NoDrop where `mail` can't be used.
    """
    local = LocalChat(database, clock)
    chats: dict[str, Chat] = {"local": local} | {name: each.chat for name, each in real.items()}
    post = None if mail is None else Post(database, clock, mail, enclosing=routes.enclosed)
    if post is not None:
        chats["email"] = post.chat
    spelled = {name: each.before_verbs for name, each in real.items()}
    counted = Metrics()
    # On the local chat alone the pages stand beside the chat's own, wherever that is.
    pages = (public_url.rstrip("/") or None) if real else ""
    rates = {name: chat.messages_per_s for name, chat in chats.items()}
    dispatcher = Dispatcher(database, routes, clock, metrics=counted, pages=pages, rates=rates)
    name = f"{socket.gethostname()}:{os.getpid()}"
    delivery = Delivery(
        database,
        chats,
        routes.views,
        clock,
        name=name,
        metrics=counted,
        before_verbs=spelled,
        manners=routes.manners,
    )
    database.on_commit(delivery.wake, of=(Message, Lane))
    ticker = Ticker(database, dispatcher)
    heartbeat = Heartbeat(database, ticker, delivery, clock, metrics=counted)
    desk = None if post is None else post.desk(dispatcher)
    return House(database, clock, dispatcher, delivery, ticker, heartbeat, local, routes, counted, real, desk)


@asynccontextmanager
async def engine_running(house: House) -> AsyncIterator[None]:
    """The clock and the delivery run while the block does; what is under way at its end is finished first."""
    stop = asyncio.Event()
    await _say_whom_nothing_reaches(house)
    await house.delivery.sweep(everything=house.database.is_sqlite)
    delivering = asyncio.create_task(house.delivery.run(stop))
    house.heartbeat.start()
    try:
        async with _mail_running(house):
            yield
    finally:
        try:
            await house.heartbeat.stop()
        finally:
            stop.set()
            house.delivery.wake()
            await delivering


async def _say_whom_nothing_reaches(house: House) -> None:
    """Once at a start: what is for them is dropped without a word."""
    async with house.database.read(SYSTEM) as tx:
        found = await unreached(tx)
    if found:
        log.warning("people_not_reached", number=len(found), people=[each.id for each in found[:NAMED_MOST]])


@asynccontextmanager
async def _mail_running(house: House) -> AsyncIterator[None]:
    """What comes in by mail is taken while the block runs; a mail under way at its end is taken again after a start."""
    if house.mail is None:
        yield
        return
    async with beside(house.mail.run()):
        yield


@asynccontextmanager
async def web_running(house: House, settings: Settings, *, with_clock: bool) -> AsyncIterator[int]:
    """The HTTP server runs while the block does; gives its port. Raises: CannotListen, SettingsError."""
    async with house.database.read(SYSTEM) as tx:
        organisation = await tx.first(select(Organisation))
    zone = ZoneInfo(organisation.zone if organisation else "UTC")
    bar = TimeBar(house.database, house.heartbeat, house.clock, routes=house.routes, zone=zone)
    mounts = [_operation(house, with_clock=with_clock)]
    if not settings.real_platforms:
        if settings.host not in LOOPBACK:
            raise SettingsError(
                f"HOST is {settings.host!r}, but the local chat lets anybody act as anybody, so it only serves "
                "127.0.0.1; leave HOST out, or connect a real platform"
            )
        mounts.append(
            lambda web: local_routes.mount(
                web, house.local, handle=house.dispatcher.handle, stage=bar, hints=lambda user: _hints(house, user)
            )
        )
    if settings.public_url or not settings.real_platforms:
        mounts.append(_mounting(_pages(house, settings.public_url if settings.real_platforms else "")))
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(each.serving(house.dispatcher)) for each in house.real.values()]
        mounts += [_mounting(each) for each in pages]
        yield await stack.enter_async_context(serving(settings.host, settings.port, mounts))


@asynccontextmanager
async def operation_running(house: House, settings: Settings) -> AsyncIterator[int]:
    """Health and metrics of a worker are served while the block does; gives the port. Raises: CannotListen."""
    async with serving(settings.host, settings.metrics_port, [_operation(house, with_clock=True)]) as port:
        yield port


def _operation(house: House, *, with_clock: bool) -> Mount:
    pages = [
        *health.routes(_checks(house, with_clock=with_clock)),
        *metrics.routes(house.metrics.registry, lambda: gauges(house.database, house.clock)),
    ]

    return _mounting(pages)


def _pages(house: House, public_url: str) -> Sequence[RouteDef]:
    """What people open from the chat in their browsers."""
    pages = Pages()
    door = Doorkeeper(house.database, pages, lambda: datetime.now(UTC), public_url=public_url)
    map_page = MapPage(house.database, house.clock, pages, door)
    files = PaperFiles(house.database, house.clock, pages, door)
    return [*door.routes(), *map_page.routes(), *RunsFile(house.database, door).routes(), *files.routes()]


def _mounting(pages: Sequence[RouteDef]) -> Mount:
    def mount(web: Application) -> None:
        web.add_routes(pages)

    return mount


def _checks(house: House, *, with_clock: bool) -> dict[str, health.Check]:
    async def database() -> health.Finding:
        try:
            return health.Finding(True, f"answers in {1000 * await house.database.ping():.1f} ms")
        except DatabaseError as problem:
            return health.Finding(False, str(problem))

    async def migrations() -> health.Finding:
        try:
            await asyncio.to_thread(house.database.check)
        except DatabaseError as problem:
            return health.Finding(False, str(problem))
        return health.Finding(True, "up to date")

    async def clock() -> health.Finding:
        now, real_now = house.clock.now(), datetime.now(UTC)
        try:
            async with house.database.read(SYSTEM) as tx:
                behind_s = (await lag(tx, now, real_now)).total_seconds()
                state = await clock_state(tx)
        except DatabaseError as problem:
            return health.Finding(False, f"can't be read: {problem}")
        if not with_clock:
            ticked = health.ticked((real_now - state.ticked_at).total_seconds() if state else None)
        elif house.heartbeat.is_well:
            ticked = health.Finding(True, f"stands at {now.isoformat(timespec='seconds')}")
        else:
            ticked = health.Finding(False, "has stalled")
        return health.kept_up(behind_s) if ticked.is_well and behind_s > health.BEHIND_S else ticked

    async def delivery() -> health.Finding:
        is_well = house.delivery.is_well
        return health.Finding(is_well, "looks for what is due" if is_well else "has stalled")

    def standing(of: Connected) -> health.Check:
        async def check() -> health.Finding:
            return health.Finding(*of.standing)

        return check

    checks: dict[str, health.Check] = {"database": database, "migrations": migrations, "clock": clock}
    checks |= {name: standing(each) for name, each in house.real.items()}
    if house.mail is not None and with_clock:
        checks["email"] = _mail_check(house.mail)
    return checks | {"delivery": delivery} if with_clock else checks


def _mail_check(desk: MailDesk) -> health.Check:
    async def check() -> health.Finding:
        return health.Finding(not desk.trouble, desk.trouble or "takes what comes in")

    return check


async def _hints(house: House, user: str) -> Sequence[Hint]:
    """The commands that somebody on the local chat may use."""
    async with house.database.read(SYSTEM) as tx:
        person = await person_on(tx, "local", user)
        if person is None:
            return ()
        return [Hint(f"/{c.usage.verb}", c.about) for c in await usable(tx, person, house.routes.commands)]


async def load_demo(house: House) -> None:
    """Northwater's people, and its Monday played; the clock then stands on Tuesday, 09:14 London."""
    await play(
        Theatre(
            database=house.database,
            dispatcher=house.dispatcher,
            clock=house.clock,
            rooms=rooms,
            move_to=house.heartbeat.advance_to,
            deliver=house.delivery.drain,
            post=house.local.keep,
        )
    )
