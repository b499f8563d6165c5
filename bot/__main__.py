"""The `folkmoot` command: what an operator types, and how a process begins and ends."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import select

from adapters.email.front import mailbox
from bot import msteams, outbox, slack
from bot.demo import northwater
from bot.doctor import doctor
from bot.exchange import commands as exchange
from bot.house import House, assemble, engine_running, load_demo, operation_running, platforms, web_running
from bot.routes import ROUTES
from bot.settings import Settings, SettingsError
from bot.terminal import INSTANTS, closing, existing, has_begun, run, say, settings_and_logs, until_told_to_end, utc
from schedules import rehearsal, rehearsal_views
from schedules.simulated import BotClock, SimulatedClock, clock_for, own_clock
from storage.engine import Database
from storage.errors import BotError
from storage.organisations import Organisation
from storage.tx import SYSTEM

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Folkmoot: huddles in chat."
)
app.add_typer(outbox.app, name="outbox")
app.add_typer(slack.app, name="slack")
app.add_typer(msteams.app, name="teams")
app.command()(doctor)
app.command()(exchange.export)
app.add_typer(exchange.importer, name="import")


@app.command()
def serve(
    clock: Annotated[
        datetime | None, typer.Option(formats=INSTANTS, help="Start a simulated clock at this instant.")
    ] = None,
    speed: Annotated[int | None, typer.Option(min=0, max=3600, help="Seconds of the simulated clock in one.")] = None,
) -> None:
    """Everything in one process: web, clock, delivery. Applies migrations on SQLite."""
    settings = settings_and_logs()
    if clock is not None and settings.real_platforms:
        raise SettingsError(
            f"--clock moves the time, which real people on {settings.real_platforms[0]} would notice; leave it out"
        )
    database = Database(settings.database_url)
    if database.is_sqlite:
        database.migrate()
    run(_serve(database, settings, seed=None if clock is None else utc(clock), speed=speed))


@app.command()
def web() -> None:
    """HTTP only; a `worker` has the clock and the delivery. On SQLite it is the same as `serve`."""
    settings = settings_and_logs()
    database = Database(settings.database_url)
    if database.is_sqlite:
        say("SQLite holds one process, so this one has the clock and the delivery too.")
        database.migrate()
        run(_serve(database, settings, seed=None, speed=None))
    else:
        run(_serve_web(database, settings))


@app.command()
def worker() -> None:
    """The clock and the delivery, without HTTP; any number of them on PostgreSQL."""
    settings = settings_and_logs()
    database = Database(settings.database_url)
    if database.is_sqlite:
        run(_idle("SQLite holds one process: `folkmoot serve` (or `web`) has clock and delivery. Nothing to do."))
    else:
        run(_work(database, settings))


@app.command()
def migrate() -> None:
    """Brings the database to this version."""
    database = Database(settings_and_logs().database_url)
    database.migrate()
    say(f"The database {database.where} is up to date.")


@app.command()
def demo() -> None:
    """Loads the demo organisation, Northwater Utility, into an empty database."""
    database = Database(settings_and_logs(quiet=True).database_url)
    database.migrate()
    run(_demo(database))


@app.command()
def tick(
    at: Annotated[datetime, typer.Option(formats=INSTANTS, help="The instant, such as 2026-11-24T09:15:00Z.")],
) -> None:
    """One pass of the clock at an instant; prints what fell due."""
    database = existing(settings_and_logs().database_url)
    run(_tick(database, utc(at)))


@app.command()
def rehearse(
    days: Annotated[int, typer.Option(help="How many days ahead, 1 to 62.")] = 7,
    person: Annotated[str, typer.Option(help="Only what concerns one person: a name or first name.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="For spreadsheets and programs.")] = False,  # noqa: FBT002
) -> None:
    """Who would be sent what, when, and who not and why; sends nothing and changes nothing."""
    database = existing(settings_and_logs(quiet=True).database_url)
    run(_rehearse(database, days=days, person=person, as_csv=csv))


async def _serve(database: Database, settings: Settings, *, seed: datetime | None, speed: int | None) -> None:
    ended = _told_to_end()
    with database.alone():
        database.check()
        async with closing(database), own_clock(database, seed, speed) as clock:
            if isinstance(clock, SimulatedClock) and settings.real_platforms:
                raise SettingsError(
                    "this database lives on a simulated clock, so no real platform can be connected to it"
                )
            await _somebody_is_there(database, settings)
            async with platforms(settings, database) as connected:
                house = assemble(
                    database, clock, real=connected, public_url=settings.public_url, mail=mailbox(settings)
                )
                async with engine_running(house), web_running(house, settings, with_clock=True) as port:
                    _announce(house, settings, port)
                    has_begun()
                    await ended.wait()


async def _serve_web(database: Database, settings: Settings) -> None:
    ended = _told_to_end()
    database.check()
    async with closing(database), platforms(settings, database) as connected:
        house = assemble(
            database,
            await _shared_clock(database),
            real=connected,
            public_url=settings.public_url,
            mail=mailbox(settings),
        )
        async with web_running(house, settings, with_clock=False) as port:
            _announce(house, settings, port)
            has_begun()
            await ended.wait()


async def _work(database: Database, settings: Settings) -> None:
    ended = _told_to_end()
    database.check()
    async with closing(database), platforms(settings, database) as connected, AsyncExitStack() as running:
        house = assemble(
            database,
            await _shared_clock(database),
            real=connected,
            public_url=settings.public_url,
            mail=mailbox(settings),
        )
        await running.enter_async_context(engine_running(house))
        say("The clock and the delivery run.")
        if settings.metrics_port:
            port = await running.enter_async_context(operation_running(house, settings))
            say(f"Health and metrics are on http://{settings.host}:{port}.")
        has_begun()
        await ended.wait()


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
        async with closing(database):
            async with database.read(SYSTEM) as tx:
                found = await tx.first(select(Organisation))
            if found is not None:
                say(f"{found.name} is there already; nothing was changed.")
                return
            clock = SimulatedClock(northwater.PLAYED_FROM)
            house = assemble(database, clock)
            await load_demo(house)
            say("Northwater Utility is there. Its clock stands on Tuesday 24 November 2026, 09:14 London.")


async def _tick(database: Database, at: datetime) -> None:
    with database.alone():
        async with closing(database), own_clock(database, None, None) as clock:
            if isinstance(clock, SimulatedClock):
                done = await assemble(database, clock).heartbeat.advance_to(at)
            else:
                done = await assemble(database, SimulatedClock(at)).ticker.tick(at)
            for each in done:
                say(f"{each.due_at:%Y-%m-%d %H:%M:%SZ}  {each.kind:<16} {each.state.value:<8} {each.outcome}")
            say(f"{len(done)} steps fell due by {at:%Y-%m-%d %H:%M:%SZ}.")


async def _rehearse(database: Database, *, days: int, person: str, as_csv: bool) -> None:
    async with closing(database):  # the copy of the database goes, too, when the command is told to end
        found = await until_told_to_end(rehearsal.rehearse(database, ROUTES, days=days, name=person))
    say((rehearsal_views.as_csv(found) if as_csv else rehearsal_views.table(found)).rstrip("\n"))


async def _somebody_is_there(database: Database, settings: Settings) -> None:
    """Raises: BotError when only the local chat would be there, and nobody to act as."""
    async with database.read(SYSTEM) as tx:
        if not settings.real_platforms and await tx.first(select(Organisation)) is None:
            raise BotError("the database is empty, so there is nobody to act as; load the demo first: folkmoot demo")


def _announce(house: House, settings: Settings, port: int) -> None:
    kind = "a simulated clock" if house.clock.is_simulated else "real time"
    say(f"Folkmoot runs on http://{settings.host}:{port} with {kind}, now {house.clock.now():%a %d %b %Y, %H:%M} UTC.")
    say("Press Ctrl+C to end it.")


def _told_to_end() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. It listens from before anything runs, so that whatever has begun is ended well."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    return ended


async def _idle(why: str) -> None:
    """Does nothing until it is told to end."""
    ended = _told_to_end()
    say(why)
    await ended.wait()


def main() -> None:
    """The command's entry: an error raised on purpose is one plain sentence, everything else a trace."""
    try:
        app()
    except BotError as problem:
        typer.echo(f"folkmoot: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
