"""A copy to rehearse on: a temporary SQLite file with every row that the coming days can need."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from sqlalchemy import ColumnElement, Table, column, delete, insert, null, or_, table, text, true, update
from sqlalchemy import select as select_columns
from sqlmodel import col, func, select

from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.messages import Message
from storage.schema import METADATA
from storage.tx import SYSTEM, Tx

NOT_NEEDED = frozenset({"change", "local_member", "local_post", "local_room", "local_user"})
"""The trail of changes, which only Undo reads, and what stands in the local chat."""

SETTLED = timedelta(days=7)  # what was over so long before anything that is still to come has no part in it
AT_ONCE = 1000  # rows read and written in one go

COUNTED = table("sqlite_sequence", column("name"), column("seq"))  # https://sqlite.org/autoinc.html
NEWEST_ON_SQLITE = "SELECT name, seq FROM sqlite_sequence"
NEWEST_ON_POSTGRESQL = (
    "SELECT sequencename AS name, last_value AS seq FROM pg_sequences WHERE schemaname = current_schema()"
)


@asynccontextmanager
async def copied(source: Database) -> AsyncIterator[Database]:
    """A copy of `source` as it is at one moment, while the block runs; the file is gone afterwards, whatever happens.

    The source is only read. Its running bot goes on, also on SQLite.
    """
    with TemporaryDirectory(prefix="folkmoot-rehearsal-") as folder:  # only this user may look into it
        copy = Database(f"sqlite:///{folder}/copy.db")
        try:
            async with source.read(SYSTEM) as there, copy.write(SYSTEM) as here:
                await _one_moment(there, source)
                await _copy(there, here, source)
            yield copy
        finally:
            await copy.close()


async def _one_moment(there: Tx, source: Database) -> None:
    """Every table is read as it was at the first look; on SQLite that is so in any transaction."""
    if not source.is_sqlite:
        await there.run(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def _copy(there: Tx, here: Tx, source: Database) -> None:
    await (await here.session.connection()).run_sync(METADATA.create_all)
    needed = [each for each in METADATA.sorted_tables if each.name not in NOT_NEEDED]
    kept = await _kept(there)
    for each in needed:
        await _copy_table(there, here, each, kept.get(each.name, true()))
    await _count_on(there, here, source, {each.name for each in needed})
    await _free(here)


async def _kept(there: Tx) -> Mapping[str, ColumnElement[bool]]:
    """Which rows come along from the tables that grow without end; of the others, all do.

    What is done stays known for a while: its keys keep it from being done again.
    """
    since = await _oldest_to_come(there) - SETTLED
    message, step, event, expectation, day = (
        METADATA.tables[name].c for name in ("message", "occurrence", "event_seen", "expectation", "direct_day")
    )
    over = (Message.State.SHOWN, Message.State.CANCELLED, Message.State.HELD)
    digests = select_columns(day.id).where(day.digest_at >= since)
    done = (Occurrence.State.DONE, Occurrence.State.SKIPPED, Occurrence.State.MISSED)
    newest = select_columns(func.max(event.id)).scalar_subquery()
    return {
        "message": or_(
            message.state.not_in(over),
            message.due_at >= since,
            message.shown_at >= since,
            message.day_id.in_(digests),
        ),
        "direct_day": or_(day.on >= since.date() - SETTLED, day.digest_at >= since),
        "occurrence": or_(step.state.not_in(done), step.due_at >= since),
        "expectation": expectation.closes_at >= since,
        "event_seen": event.id == newest,  # it tells where a simulated clock stands
    }


async def _oldest_to_come(there: Tx) -> datetime:
    """The oldest thing that is not done yet; after a long downtime it may be weeks old."""
    step, slot = col(Occurrence.due_at), col(Cadence.next_at)
    planned = await there.first(select(step).where(Occurrence.state == Occurrence.State.PLANNED).order_by(step))
    upcoming = await there.first(select(slot).where(slot.is_not(None)).order_by(slot))
    return min([datetime.now(UTC), *(at for at in (planned, upcoming) if at is not None)])


async def _copy_table(there: Tx, here: Tx, rows: Table, kept: ColumnElement[bool]) -> None:
    key = list(rows.primary_key.columns)
    found = await there.session.stream(
        select_columns(rows).where(kept).order_by(*key).execution_options(yield_per=AT_ONCE)
    )
    async for some in found.mappings().partitions():
        await here.session.execute(insert(rows), [dict(each) for each in some])


async def _count_on(there: Tx, here: Tx, source: Database, names: Collection[str]) -> None:
    """New rows get the numbers that they would get in the source, where rows may have been deleted or stay behind."""
    found = await there.run(text(NEWEST_ON_SQLITE if source.is_sqlite else NEWEST_ON_POSTGRESQL))
    numbers = {each["name"].removesuffix("_id_seq"): each["seq"] for each in found.mappings() if each["seq"]}
    await here.run(delete(COUNTED))
    for name in numbers.keys() & names:
        await here.run(insert(COUNTED).values(name=name, seq=numbers[name]))


async def _free(here: Tx) -> None:
    """Waits of real time are over at once: a rehearsal takes seconds, and they end within the hour."""
    for name, waits in (("lane", "blocked_until"), ("message", "retry_at"), ("occurrence", "retry_at")):
        await here.run(update(METADATA.tables[name]).values({waits: null()}))
