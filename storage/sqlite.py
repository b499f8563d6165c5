"""SQLite under asyncio: what may wait runs in the connection's own thread, everything else in place.

With aiosqlite alone each statement goes to that thread four times: for a cursor, to execute, to fetch, to close. While
the event loop has work, each of these turns waits for the interpreter's lock, which Python hands over every 5 ms, and
every writer waits behind the one whose turn it is. In WAL mode only the beginning of a transaction (somebody else's
write lock) and its commit (the disk) can wait; what stands between them takes less time than to hand it over. One that
only looks waits for neither.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import EMPTY_DICT
from sqlalchemy.util.concurrency import await_

T = TypeVar("T")

LOOKS = "BEGIN DEFERRED"
"""Begins a transaction that only looks: it takes no lock, and its end has nothing to write."""

_NEVER_WAITS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK TO", LOOKS)


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Executes, fetches and closes in one turn, and keeps what it got."""

    __slots__ = ("_description", "_last_row", "_touched", "arraysize")

    def __init__(self, connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()
        self._description: Any = None
        self._touched = -1
        self._last_row = 0
        self.arraysize = 1

    @property
    def description(self) -> Any:
        return self._description

    @property
    def rowcount(self) -> int:
        return self._touched

    @property
    def lastrowid(self) -> int:
        return self._last_row

    def execute(self, operation: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        self._do(operation, lambda cursor: cursor.execute(operation, parameters or ()))

    def executemany(self, operation: str, seq_of_parameters: Sequence[Sequence[Any] | Mapping[str, Any]]) -> None:
        self._do(operation, lambda cursor: cursor.executemany(operation, seq_of_parameters))

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def _do(self, operation: str, work: Callable[[sqlite3.Cursor], object]) -> None:
        def done() -> list[Any]:
            cursor = self._connection._conn.cursor()
            try:
                work(cursor)
                self._description, self._last_row = cursor.description, cursor.lastrowid or 0
                rows = cursor.fetchall() if cursor.description else []
                self._touched = cursor.rowcount
                return rows
            finally:
                cursor.close()

        try:
            turn = _here if operation.lstrip().startswith(_NEVER_WAITS) else self._connection._execute
            self._rows = deque(await_(turn(done)))
            if operation.startswith("BEGIN"):
                self._adapt_connection.only_looks = operation == LOOKS  # type: ignore[attr-defined]  # ours, see below
        except Exception as problem:  # noqa: BLE001 - it is raised again, in the driver's own words
            self._adapt_connection._handle_exception(problem)


async def _here(work: Callable[[], T]) -> T:
    return work()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("only_looks",)
    _cursor_cls = _Cursor  # type: ignore[assignment]  # the attribute is any cursor, its declaration is narrower

    def commit(self) -> None:
        """Ends a transaction; in place where it has only looked."""
        if not getattr(self, "only_looks", False):
            return super().commit()
        self.only_looks = False
        try:
            self._connection._conn.commit()
        except Exception as problem:  # noqa: BLE001 - it is raised again, in the driver's own words
            self._handle_exception(problem)

    def rollback(self) -> None:
        """Forgets what was written, in place: none of it has reached the disk, and mostly there is nothing."""
        self.only_looks = False
        try:
            self._connection._conn.rollback()
        except Exception as problem:  # noqa: BLE001 - it is raised again, in the driver's own words
            self._handle_exception(problem)


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite with those cursors: the `module` of an engine."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arguments, **options)._connection)
