"""Inserts that happen once: what one of its unique keys finds there already stays as it is."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.columns import Row
from storage.tx import Tx


def insert_once(tx: Tx, table: type[SQLModel]) -> Insert:
    """An insert into `table` that passes over rows which are there; give it `values` or `from_select`."""
    return _once(table, is_postgresql=tx.session.get_bind().dialect.name == "postgresql")


@cache
def _once(table: type[SQLModel], *, is_postgresql: bool) -> Insert:
    insert = (postgresql.insert if is_postgresql else sqlite.insert)(table).on_conflict_do_nothing()
    # Otherwise an insert counts -1 rows on PostgreSQL, and each one looks like a new one.
    return insert.execution_options(preserve_rowcount=True)


async def add_once(tx: Tx, row: Row) -> bool:
    """Writes a row at once, unless it is there already; says whether it is new."""
    fields = row.model_dump(exclude={"id"}) | {"organisation_id": row.organisation_id or tx.organisation_id}
    return bool(await tx.changed(insert_once(tx, type(row)).values(**fields)))


async def add_all_once(tx: Tx, rows: Sequence[Row]) -> None:
    """Writes rows of one table at once, apart from those that are there already."""
    if rows:
        own = {"organisation_id": tx.organisation_id}
        values = [row.model_dump(exclude={"id"}) | own for row in rows]
        await tx.session.execute(insert_once(tx, type(rows[0])), values)
