"""Northwater is loaded once for an instant; every other test that begins then is given the same rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, literal, select
from sqlmodel import SQLModel

from bot.demo import northwater
from storage.organisations import Organisation
from storage.tx import Tx

_LOADED: dict[datetime, Mapping[Table, Sequence[Mapping[str, Any]]]] = {}


async def loaded_once(tx: Tx, at: datetime) -> None:
    """The rows of `northwater.load`; a database in which something is already is loaded as it is."""
    connection = await tx.session.connection()
    is_empty = (await tx.session.execute(select(func.count()).select_from(Organisation))).scalar_one() == 0
    if is_empty and at in _LOADED:
        await connection.run_sync(_written, _LOADED[at])
        return
    await northwater.load(tx, at)
    await tx.flush()
    if is_empty:
        _LOADED[at] = await connection.run_sync(_read)


def _read(connection: Connection) -> Mapping[Table, Sequence[Mapping[str, Any]]]:
    tables = [
        each for each in SQLModel.metadata.sorted_tables if connection.scalar(select(literal(1)).select_from(each))
    ]
    return {each: [dict(row) for row in connection.execute(select(each)).mappings()] for each in tables}


def _written(connection: Connection, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    for table, each in rows.items():
        connection.execute(insert(table), each)
    if connection.dialect.name == "postgresql":
        newest = [
            func.setval(func.pg_get_serial_sequence(table.name, "id"), select(func.max(table.c.id)).scalar_subquery())
            for table in rows
        ]
        connection.execute(select(*newest))  # SQLite looks at the rows by itself
