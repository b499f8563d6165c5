"""Rows that come from a file, all of them at once: numbers and codes first, then every table in one transaction.

Everything is made ready before that transaction begins, so that it holds SQLite's one write lock no longer than the
database needs to write the rows down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Dialect, inspect, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select, update

from storage.audit import AuditEvent
from storage.columns import Noun, Row, RowId, constraints, word
from storage.errors import Conflict
from storage.links import Thing
from storage.organisations import Counter
from storage.searching import FOUND_BY, SearchEntry, entry_of
from storage.tx import Change, Tx, as_kept


class ImportedKey(Row, table=True):
    """A thing that was imported, and its key in the list it came from."""

    __table_args__ = constraints(UniqueConstraint("organisation_id", "thing", "key"))
    thing: Thing = word(Thing)
    key: str
    thing_id: int = Field(sa_type=RowId)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Row numbers and numbers of codes that nobody else gets, also if they are never used."""

    rows: Sequence[int]
    codes: Sequence[int]


@dataclass(frozen=True, slots=True)
class Arrival:
    """The columns of a new row, the key it has in its list, and why it is here, for the audit trail."""

    columns: Mapping[str, Any]
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Rows of one table as its database's driver takes them."""

    table: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


async def keys_of(tx: Tx, thing: Thing) -> frozenset[str]:
    """The keys of everything of a kind that was imported before."""
    return frozenset(await tx.all(select(ImportedKey.key).where(ImportedKey.thing == thing)))


async def reserved(tx: Tx, table: type[Noun], prefix: str, number: int) -> Numbers:
    """Takes numbers for so many rows, in one step each."""
    counted = update(Counter).where(col(Counter.prefix) == prefix).values(newest=Counter.newest + number)
    newest = await tx.session.scalar(counted.returning(col(Counter.newest)))
    if newest is None:
        tx.add(Counter(prefix=prefix, newest=number))
        await tx.flush()
        newest = number
    facts = {"name": str(table.__tablename__), "number": number}
    if tx.session.get_bind().dialect.name == "sqlite":
        further = "UPDATE sqlite_sequence SET seq = seq + :number WHERE name = :name RETURNING seq"
        last = await tx.session.scalar(text(further), facts)
        if last is None:  # no row was ever written
            await tx.session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), facts)
            last = number
        rows: Sequence[int] = range(last - number + 1, last + 1)
    else:
        drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
        rows = (await tx.session.scalars(drawn, facts)).all()
    return Numbers(rows, range(newest - number + 1, newest + 1))


def made_ready(
    tx: Tx, kind: type[Noun], arrivals: Sequence[Arrival], *, by: int | None, now: datetime
) -> Sequence[Ready]:
    """The rows, their places in the change log, the audit trail and the search, and their keys."""
    own = {"organisation_id": tx.organisation_id}
    stamps = {**own, "created_at": now, "created_by": by, "updated_at": now, "version": 1}
    blank = {name: getattr(kind(), name) for name in kind.model_fields} | stamps
    rows = [{**blank, **each.columns} for each in arrivals]
    acting = {**own, "event_id": None, "at": now, "by": by}
    made = {**acting, "table": str(kind.__tablename__), "before": None, "version": 1}
    changes = [
        {**made, "row_id": row["id"], "after": {name: as_kept(value) for name, value in row.items()}} for row in rows
    ]
    thing = FOUND_BY[kind].thing
    noted = {**acting, "noted_at": datetime.now(UTC), "thing": thing, "verb": "import", "field": "state", "before": ""}
    both = list(zip(rows, arrivals, strict=True))
    audit = [{**noted, "thing_id": row["id"], "after": row["state"].value, "reason": each.why} for row, each in both]
    entries = [entry_of(kind, row) for row in rows]
    keys = [{**own, "thing": thing, "key": each.key, "thing_id": row["id"]} for row, each in both]
    tables = ((kind, rows), (Change, changes), (AuditEvent, audit), (SearchEntry, entries), (ImportedKey, keys))
    dialect = tx.session.get_bind().dialect
    return [_ready(table, made_rows, dialect) for table, made_rows in tables]


async def write(tx: Tx, ready: Sequence[Ready]) -> None:
    """Writes what was made ready. Raises: Conflict when a key is there by now, or what a row names is gone."""
    connection = await tx.session.connection()
    if connection.dialect.name == "sqlite":
        for each in ready:
            marks = ", ".join("?" * len(each.columns))
            into = f"INSERT INTO {each.table} ({', '.join(each.columns)}) VALUES ({marks})"  # noqa: S608 - our own names
            await connection.exec_driver_sql(into, list(each.rows))
        return
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise LookupError("a connection without its driver's own")
    try:
        for each in ready:  # COPY: as statements they would take ten times as long
            into = f"COPY {each.table} ({', '.join(each.columns)}) FROM STDIN"
            async with driver.cursor() as cursor, cursor.copy(into) as copy:
                for row in each.rows:
                    await copy.write_row(row)
    except psycopg.IntegrityError as problem:
        raise Conflict from problem


def _ready(kind: type[SQLModel], rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Ready:
    """Every value is turned into the driver's beforehand, because that takes longer than writing it."""
    table = inspect(kind).local_table
    quote = dialect.identifier_preparer.quote
    turned = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in rows[0]]
    values = [tuple(row[name] if turn is None else turn(row[name]) for name, turn in turned) for row in rows]
    return Ready(quote(str(kind.__tablename__)), [quote(name) for name, _ in turned], values)
