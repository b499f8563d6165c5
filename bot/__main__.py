"""The `folkmoot` command, and the composition root: the one file that may import everything."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlmodel import select

from adapters.local import rooms
from adapters.local import routes as local_routes
from adapters.local.adapter import LocalChat
from adapters.local.stage import Hint
from adapters.web import health
from adapters.web.host import serving
from bot import logs
from bot.chat.routing import Routes
from bot.demo import northwater
from bot.demo.playing import Theatre, play
from bot.dispatch import Dispatcher
from bot.reading import may_use
from bot.routes import ROUTES
from bot.settings import LOOPBACK, Settings, SettingsError, load
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.heartbeat import Heartbeat
from schedules.simulated import BotClock, SimulatedClock, clock_for, own_clock
from schedules.stage import TimeBar
from storage.cadences import clock_state
from storage.engine import Database
from storage.errors import BotError, DatabaseError
from storage.organisations import Organisation
from storage.people import person_on
from storage.tx import SYSTEM

INSTANTS = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%MZ"]
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Folkmoot: huddles in chat."
)


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


def assemble(database: Database, clock: BotClock, routes: Routes = ROUTES) -> House:
    """Wires the parts; nothing runs yet."""
    local = LocalChat(database, clock)
    dispatcher = Dispatcher(database, routes, clock)
    delivery = Delivery(database, {"local": local}, routes.views, clock, name=f"{socket.gethostname()}:{os.getpid()}")
    database.on_commit(delivery.wake)
    ticker = Ticker(database, dispatcher)
    heartbeat = Heartbeat(database, ticker, delivery, clock)
    return House(database, clock, dispatcher, delivery, ticker, heartbeat, local, routes)


@asynccontextmanager
async def engine_running(house: House) -> AsyncIterator[None]:
    """The clock and the delivery run while the block does; what is under way at its end is finished first."""
    stop = asyncio.Event()
    await house.delivery.sweep(everything=house.database.is_sqlite)
    delivering = asyncio.create_task(house.delivery.run(stop))
    house.heartbeat.start()
    try:
        yield
    finally:
        await house.heartbeat.stop()
        stop.set()
        await delivering


@asynccontextmanager
async def web_running(house: House, settings: Settings, *, with_clock: bool) -> AsyncIterator[int]:
    """The HTTP server runs while the block does; gives its port. Raises: CannotListen, SettingsError."""
    async with house.database.read(SYSTEM) as tx:
        organisation = await tx.first(select(Organisation))
    zone = ZoneInfo(organisation.zone if organisation else "UTC")
    bar = TimeBar(house.database, house.heartbeat, house.clock, routes=house.routes, zone=zone)
    mounts = [lambda web: web.add_routes(health.routes(_checks(house, with_clock=with_clock)))]
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
    async with serving(settings.host, settings.port, mounts) as port:
        yield port


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
        now = house.clock.now().isoformat(timespec="seconds")
        if with_clock:
            return health.Finding(
                house.heartbeat.is_well, f"stands at {now}" if house.heartbeat.is_well else "has stalled"
            )
        async with house.database.read(SYSTEM) as tx:
            state = await clock_state(tx)
        return health.ticked((datetime.now(UTC) - state.ticked_at).total_seconds() if state else None)

    return {"database": database, "migrations": migrations, "clock": clock}


async def _hints(house: House, user: str) -> Sequence[Hint]:
    """The commands that somebody on the local chat may use."""
    async with house.database.read(SYSTEM) as tx:
        person = await person_on(tx, "local", user)
        if person is None:
            return ()
        return [Hint(f"/{c.usage.verb}", c.about) for c in house.routes.commands if await may_use(tx, person, c)]


@app.command()
def serve(
    clock: Annotated[
        datetime | None, typer.Option(formats=INSTANTS, help="Start a simulated clock at this instant.")
    ] = None,
    speed: Annotated[int | None, typer.Option(min=0, max=3600, help="Seconds of the simulated clock in one.")] = None,
) -> None:
    """Everything in one process: web, clock, delivery. Applies migrations on SQLite."""
    settings = _settings()
    if clock is not None and settings.real_platforms:
        raise SettingsError(
            f"--clock moves the time, which real people on {settings.real_platforms[0]} would notice; leave it out"
        )
    database = Database(settings.database_url)
    if database.is_sqlite:
        database.migrate()
    _run(_serve(database, settings, seed=None if clock is None else _utc(clock), speed=speed))


@app.command()
def web() -> None:
    """HTTP only; a `worker` has the clock and the delivery. On SQLite it is the same as `serve`."""
    settings = _settings()
    database = Database(settings.database_url)
    if database.is_sqlite:
        _say("SQLite holds one process, so this one has the clock and the delivery too.")
        database.migrate()
        _run(_serve(database, settings, seed=None, speed=None))
    else:
        _run(_serve_web(database, settings))


@app.command()
def worker() -> None:
    """The clock and the delivery, without HTTP; any number of them on PostgreSQL."""
    settings = _settings()
    database = Database(settings.database_url)
    if database.is_sqlite:
        _say(
            "SQLite holds one process: `folkmoot serve` (or `web`) has the clock and the delivery. Nothing to do here."
        )
        _run(_ended())
    else:
        _run(_work(database))


@app.command()
def migrate() -> None:
    """Brings the database to this version."""
    database = Database(_settings().database_url)
    database.migrate()
    _say(f"The database {database.where} is up to date.")


@app.command()
def demo() -> None:
    """Loads the demo organisation, Northwater Utility, into an empty database."""
    database = Database(_settings().database_url)
    database.migrate()
    _run(_demo(database))


@app.command()
def tick(
    at: Annotated[datetime, typer.Option(formats=INSTANTS, help="The instant, such as 2026-11-24T09:15:00Z.")],
) -> None:
    """One pass of the clock at an instant; prints what fell due."""
    database = Database(_settings().database_url)
    database.check()
    _run(_tick(database, _utc(at)))


async def _serve(database: Database, settings: Settings, *, seed: datetime | None, speed: int | None) -> None:
    with database.alone():
        database.check()
        async with _closing(database), own_clock(database, seed, speed) as clock:
            if isinstance(clock, SimulatedClock) and settings.real_platforms:
                raise SettingsError(
                    "this database lives on a simulated clock, so no real platform can be connected to it"
                )
            house = assemble(database, clock)
            await _somebody_is_there(database, settings)
            async with engine_running(house), web_running(house, settings, with_clock=True) as port:
                _announce(house, settings, port)
                await _ended()


async def _serve_web(database: Database, settings: Settings) -> None:
    database.check()
    async with _closing(database):
        house = assemble(database, await _shared_clock(database))
        async with web_running(house, settings, with_clock=False) as port:
            _announce(house, settings, port)
            await _ended()


async def _work(database: Database) -> None:
    database.check()
    async with _closing(database), engine_running(assemble(database, await _shared_clock(database))):
        _say("The clock and the delivery run.")
        await _ended()


async def _shared_clock(database: Database) -> BotClock:
    """The clock that several processes may have. Raises: SettingsError when it is a simulated one."""
    clock = await clock_for(database, None, None)
    if clock.is_simulated:
        raise SettingsError(
            "this database lives on a simulated clock, and such a clock lives in one process; start it with: "
            "folkmoot serve"
        )
    return clock


async def _demo(database: Database) -> None:
    with database.alone():
        async with _closing(database):
            async with database.read(SYSTEM) as tx:
                found = await tx.first(select(Organisation))
            if found is not None:
                _say(f"{found.name} is there already; nothing was changed.")
                return
            clock = SimulatedClock(northwater.PLAYED_FROM)
            house = assemble(database, clock)
            await load_demo(house)
            _say("Northwater Utility is there. Its clock stands on Tuesday 24 November 2026, 09:14 London.")


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


async def _tick(database: Database, at: datetime) -> None:
    with database.alone():
        async with _closing(database), own_clock(database, None, None) as clock:
            if isinstance(clock, SimulatedClock):
                done = await assemble(database, clock).heartbeat.advance_to(at)
            else:
                done = await assemble(database, SimulatedClock(at)).ticker.tick(at)
            for each in done:
                _say(f"{each.due_at:%Y-%m-%d %H:%M:%SZ}  {each.kind:<16} {each.state.value:<8} {each.outcome}")
            _say(f"{len(done)} steps fell due by {at:%Y-%m-%d %H:%M:%SZ}.")


async def _somebody_is_there(database: Database, settings: Settings) -> None:
    """Raises: BotError when only the local chat would be there, and nobody to act as."""
    async with database.read(SYSTEM) as tx:
        if not settings.real_platforms and await tx.first(select(Organisation)) is None:
            raise BotError("the database is empty, so there is nobody to act as; load the demo first: folkmoot demo")


def _announce(house: House, settings: Settings, port: int) -> None:
    kind = "a simulated clock" if house.clock.is_simulated else "real time"
    _say(f"Folkmoot runs on http://{settings.host}:{port} with {kind}, now {house.clock.now():%a %d %b %Y, %H:%M} UTC.")
    _say("Press Ctrl+C to end it.")


@asynccontextmanager
async def _closing(database: Database) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await database.close()


async def _ended() -> None:
    """Waits for SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()


def _settings() -> Settings:
    settings = load()
    logs.configure(settings)
    return settings


def _utc(at: datetime) -> datetime:
    """An instant of the command line: Typer reads the `Z` of UTC as a mere letter."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _say(line: str) -> None:
    typer.echo(line)


def _run(work: Coroutine[object, object, None]) -> None:
    asyncio.run(work)


def main() -> None:
    """The command's entry: an error raised on purpose is one plain sentence, everything else a trace."""
    try:
        app()
    except BotError as problem:
        typer.echo(f"folkmoot: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
