"""What a database begins with is made once; every other test that begins there is given the same rows.

A SQLite file that nobody has opened yet is given them as a file, which takes a fraction of the time.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, literal, select

from bot.demo import northwater
from storage.engine import Database
from storage.schema import METADATA
from storage.tx import SYSTEM

FILES_KEPT = 12  # a megabyte and a half each; the tests of one file begin at a few places
_ANYTHING = " OR ".join(f'EXISTS (SELECT 1 FROM "{each.name}")' for each in METADATA.sorted_tables)  # noqa: S608 -- our own names

_ROWS: dict[str, Mapping[Table, Sequence[Mapping[str, Any]]]] = {}
_FILES: dict[str, bytes] = {}


async def northwater_once(database: Database, at: datetime) -> None:
    """The rows of `northwater.load`."""

    async def load() -> None:
        async with database.write(SYSTEM) as tx:
            await northwater.load(tx, at)

    await made_once(database, f"northwater {at}", load)


async def made_once(database: Database, name: str, make: Callable[[], Awaitable[None]]) -> bool:
    """Whether `make` was called for it; a database in which something is already is always left to `make`."""
    if database.is_sqlite and name in _FILES and _is_untouched(Path(database.where)):
        Path(database.where).write_bytes(_FILES[name])
        return False
    async with database.write(SYSTEM) as tx:
        connection = await tx.session.connection()
        is_empty = not await connection.run_sync(_holds_anything)
        if is_empty and name in _ROWS:
            await connection.run_sync(_written, _ROWS[name])
            return False
    await make()
    if is_empty:
        await _keep(database, name)
    return True


def _is_untouched(path: Path) -> bool:
    """Whether it has tables without a row and nobody has it open; a file that is open has another one beside it."""
    if Path(f"{path}-wal").exists():
        return False
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as file:
        return file.execute(f"SELECT {_ANYTHING}").fetchone() == (0,)


def _holds_anything(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT {_ANYTHING}").scalar_one())


async def _keep(database: Database, name: str) -> None:
    async with database.read(SYSTEM) as tx:
        _ROWS[name] = await (await tx.session.connection()).run_sync(_read)
    if database.is_sqlite:
        await database.close()  # what is in the log goes into the file; it opens again by itself
        if not Path(f"{database.where}-wal").exists():
            _FILES[name] = Path(database.where).read_bytes()
        if len(_FILES) > FILES_KEPT:
            _FILES.pop(next(iter(_FILES)))


def _read(connection: Connection) -> Mapping[Table, Sequence[Mapping[str, Any]]]:
    tables = [each for each in METADATA.sorted_tables if connection.scalar(select(literal(1)).select_from(each))]
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
