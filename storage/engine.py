"""The database: one code path for SQLite in a file and for PostgreSQL."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from storage import schema
from storage.errors import AlreadyRunning, BadAddress, Conflict, NoFile, ReadOnly, translated
from storage.tx import BoundSession, Tx

BUSY_TIMEOUT_MS = 5000  # how long SQLite waits for another process' write lock
_WRITES = "folkmoot_writes"
_CLOCK_PLACE = 0x666F6C6B  # "folk": a number that nothing else in the same database locks


class Database:
    """Opens transactions. On SQLite the process has one write lock, so that writers wait here and not in the file."""

    def __init__(self, url: str) -> None:
        self.url = _async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.where = (
            self.url.database or "" if self.is_sqlite else f"{self.url.host or 'localhost'}:{self.url.port or 5432}"
        )
        self._engine = _async_engine(self.url)
        self._write_lock = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after each transaction that wrote; it must be quick and must not raise."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def write(self, organisation_id: int) -> AsyncIterator[Tx]:
        """A transaction that may change rows of one organisation (or of all, with `SYSTEM`).

        Raises: DatabaseError in its plain meaning; Conflict when somebody else changed the same row.
        """
        if self.is_sqlite:
            async with self._write_lock, self._open(organisation_id, writes=True) as tx:
                yield tx
        else:
            async with self._open(organisation_id, writes=True) as tx:
                yield tx
        for listener in (*tx.after_commit, *self._listeners):
            listener()

    @asynccontextmanager
    async def read(self, organisation_id: int) -> AsyncIterator[Tx]:
        """A transaction that only looks."""
        async with self._open(organisation_id, writes=False) as tx:
            yield tx

    @asynccontextmanager
    async def _open(self, organisation_id: int, *, writes: bool) -> AsyncIterator[Tx]:
        with self._plain_errors():
            async with self._engine.connect() as connection:
                await connection.execution_options(**{_WRITES: writes})
                session = AsyncSession(connection, sync_session_class=BoundSession, expire_on_commit=False)
                async with session, session.begin():
                    yield Tx(session, organisation_id)

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (StaleDataError, IntegrityError) as problem:
            raise Conflict from problem
        except DBAPIError as problem:
            plain = translated(problem, self.where)
            if plain is None:
                raise
            raise plain from problem

    async def ping(self) -> float:
        """How long the simplest question takes, in seconds. Raises: DatabaseError."""
        started = time.monotonic()
        with self._plain_errors():
            async with self._engine.connect() as connection:
                await connection.exec_driver_sql("SELECT 1")
        return time.monotonic() - started

    def migrate(self) -> None:
        """Brings the tables to this program's version. Raises: DatabaseError."""
        self._in_step(schema.migrate)

    def check(self) -> None:
        """Raises: Older, Newer, or another DatabaseError."""
        self._in_step(schema.check)

    def _in_step(self, work: Callable[[Engine], None]) -> None:
        if self.is_sqlite and self.url.database:
            try:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise NoFile(self.where) from problem
        engine = _sync_engine(self.url)
        try:
            with self._plain_errors():
                work(engine)
        finally:
            engine.dispose()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the one place for a clock and a delivery on a SQLite file; any number on PostgreSQL.

        Raises: AlreadyRunning when another process holds it. The lock ends with the process, also at a kill.
        """
        if not self.is_sqlite:
            yield
            return
        path = Path(f"{self.url.database}.lock")
        try:
            file = path.open("a+")
        except OSError as problem:
            raise ReadOnly from problem
        with file:
            _lock(file, path)
            yield

    @asynccontextmanager
    async def alone_with_clock(self) -> AsyncIterator[bool]:
        """Whether no other process on PostgreSQL is in here; on SQLite `alone` has seen to it.

        The place ends with its connection, also at a kill. Raises: DatabaseError.
        """
        if self.is_sqlite:
            yield True
            return
        # Outside a transaction: one that stays open for days would keep the server from cleaning up.
        autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with self._plain_errors():
            async with autocommit.connect() as connection:
                is_free = await connection.scalar(select(func.pg_try_advisory_lock(_CLOCK_PLACE)))
                try:
                    yield bool(is_free)
                finally:
                    if is_free:
                        with suppress(DBAPIError):  # a server that is gone holds nothing
                            await connection.scalar(select(func.pg_advisory_unlock(_CLOCK_PLACE)))

    async def close(self) -> None:
        """Ends every connection."""
        await self._engine.dispose()


def _lock(file: IO[str], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        raise AlreadyRunning(str(path).removesuffix(".lock")) from problem
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def _async_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as problem:
        raise BadAddress(text) from problem
    if url.get_backend_name() == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise BadAddress(text)  # several connections share it, and it has to outlive them
        return url.set(drivername="sqlite+aiosqlite")
    if url.get_backend_name() in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise BadAddress(url.drivername)


# Errors must not carry what people wrote into the log.
_QUIET = {"hide_parameters": True}


def _async_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, **_QUIET)
    engine = create_async_engine(url, **_QUIET)
    _prepare_sqlite(engine.sync_engine)
    return engine


def _sync_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url.set(drivername="sqlite"))
    _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could fail half-way.
        writes = connection.get_execution_options().get(_WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
