"""`folkmoot outbox`: what waits, what is in doubt or given up, and the two things that can be done about it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import col, select

from bot.operation import outbox_views as words
from bot.terminal import closing, existing, run, say, settings_and_logs
from schedules.simulated import clock_for
from storage import outbox
from storage.engine import Database
from storage.errors import BotError
from storage.messages import Message, stale
from storage.troubles import REPORT_VIEW, reports_of
from storage.tx import SYSTEM, Tx

State = Message.State
UNSETTLED = (State.DEAD, State.PARKED, State.UNKNOWN, State.SENDING)
ALL = (State.DEAD, State.PARKED)
LAST = 2**63 - 1  # the highest number that a database gives
Numbers = Annotated[
    list[int] | None, typer.Argument(help="Numbers of messages, as `list` shows them.", min=1, max=LAST)
]
All = Annotated[bool, typer.Option("--all", help="Every dead and parked message.")]

app = typer.Typer(no_args_is_help=True, help="Messages that wait, are in doubt, or were given up.")


class NotDone(BotError):
    """Something of what was asked for can't be done."""


@app.command("list")
def show_list(
    state: Annotated[
        list[State] | None, typer.Option(help="Only this state; may be given several times. Else: all unsettled.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 50,
) -> None:
    """Messages that are not settled: dead, parked, of unknown fate, or being sent."""

    async def work(database: Database) -> None:
        async with database.read(SYSTEM) as tx:
            letters = await outbox.letters(tx, tuple(state or UNSETTLED), limit + 1)
        if not letters:
            say(words.none_in(state) if state else words.NOTHING)
            return
        for line in words.table(letters[:limit], is_cut=len(letters) > limit):
            say(line)

    _on_database(work)


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="The message's number, as `list` shows it.", min=1, max=LAST)],
) -> None:
    """Everything the bot knows about one message."""

    async def work(database: Database) -> None:
        async with database.read(SYSTEM) as tx:
            found = await outbox.letters_of(tx, [number])
        if not found:
            raise NotDone(words.unknown(number))
        for line in words.details(found[0]):
            say(line)

    _on_database(work)


@app.command()
def requeue(numbers: Numbers = None, *, everything: All = False) -> None:
    """Sends messages again that were given up, parked, in doubt or cancelled; a running bot does it at once."""
    _change(numbers, everything=everything, change=outbox.requeue, done=words.requeued, refused=words.not_requeued)


@app.command()
def cancel(numbers: Numbers = None, *, everything: All = False) -> None:
    """Gives messages up that are ready, given up, parked or in doubt."""

    async def change(tx: Tx, chosen: Sequence[int], _now: datetime) -> Sequence[int]:
        return await outbox.cancel(tx, chosen)

    _change(numbers, everything=everything, change=change, done=words.cancelled, refused=words.not_cancelled)


Change = Callable[[Tx, Sequence[int], datetime], Awaitable[Sequence[int]]]


def _change(
    numbers: Sequence[int] | None,
    *,
    everything: bool,
    change: Change,
    done: Callable[[outbox.Letter], str],
    refused: Callable[[outbox.Letter, datetime], str],
) -> None:
    if bool(numbers) is everything:
        raise NotDone(words.WHICH)

    async def work(database: Database) -> None:
        now = (await clock_for(database, None, None)).now()
        async with database.write(SYSTEM) as tx:
            chosen = await _chosen(tx, numbers)
            changed = set(await change(tx, chosen, now))
            letters = await outbox.letters_of(tx, chosen)
        await _redraw_reports(database, [each.message for each in letters if each.message.id in changed], now)
        for each in letters:
            say(done(each) if each.message.id in changed else refused(each, now))
        if not letters:
            say(words.none_in(ALL))
        if len(changed) < len(letters):
            raise NotDone(words.some_left(len(letters) - len(changed)))

    _on_database(work)


async def _chosen(tx: Tx, numbers: Sequence[int] | None) -> Sequence[int]:
    """Raises: NotDone for a number that no message has."""
    if not numbers:
        return await tx.all(select(Message.id).where(col(Message.state).in_(ALL)))
    known = await tx.all(select(Message.id).where(col(Message.id).in_(numbers)))
    for number in numbers:
        if number not in known:
            raise NotDone(words.unknown(number))
    return known


async def _redraw_reports(database: Database, changed: Sequence[Message], now: datetime) -> None:
    """What administrators were told of these messages says from now on that they are settled."""
    for organisation_id in sorted({message.organisation_id for message in changed}):
        async with database.write(organisation_id) as tx:
            for hour in await reports_of(tx, [message.id for message in changed]):
                await stale(tx, REPORT_VIEW, {"hour": hour}, now=now)


def _on_database(work: Callable[[Database], Awaitable[None]]) -> None:
    database = existing(settings_and_logs().database_url)

    async def to_its_end() -> None:
        async with closing(database):
            await work(database)

    run(to_its_end())
