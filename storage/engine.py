"""The database: one code path for SQLite in a file and for PostgreSQL."""

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as TooManyAtOnce
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from storage import schema
from storage.columns import Row
from storage.errors import AlreadyRunning, BadAddress, Busy, Conflict, NoFile, NoWriteAheadLog, ReadOnly, translated
from storage.sqlite import LOOKS, Driver
from storage.tx import BoundSession, Tx

BUSY_TIMEOUT_MS = 5000  # how long SQLite waits for another process' write lock
POOL_TIMEOUT_S = 10.0  # how long a transaction waits for others to end
PAUSE_S = 0.1  # after which a connection to a server is tried before it is used; no server restarts in less
STATEMENTS = 1000  # that a SQLite connection keeps ready; more than are ever asked
_WRITES = "folkmoot_writes"
CLOCK_PLACE = 0x666F6C6B  # "folk": a number that nothing else in the same database locks


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
        self._listeners: list[tuple[Callable[[], None], frozenset[str]]] = []

    def on_commit(self, listener: Callable[[], None], *, of: Sequence[type[Row]] = ()) -> None:
        """Calls `listener` after each transaction that wrote (to one of those tables): quick, and without errors."""
        self._listeners.append((listener, frozenset(str(each.__tablename__) for each in of)))

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
        for listener in tx.after_commit:
            listener()
        for listener, tables in self._listeners:
            if not tables or tables & tx.written:
                listener()

    @asynccontextmanager
    async def read(self, organisation_id: int) -> AsyncIterator[Tx]:
        """A transaction that only looks."""
        async with self._open(organisation_id, writes=False) as tx:
            yield tx

    @asynccontextmanager
    async def _open(self, organisation_id: int, *, writes: bool) -> AsyncIterator[Tx]:
        with self._plain_errors():
            session = AsyncSession(self._engine, sync_session_class=BoundSession, expire_on_commit=False)
            try:
                await session.run_sync(_begin, writes=writes)
                yield Tx(session, organisation_id)
                await session.commit()
            finally:
                await _end(session)

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except (StaleDataError, IntegrityError) as problem:
            raise Conflict from problem
        except TooManyAtOnce as problem:
            raise Busy from problem
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
                await connection.execution_options(**{_WRITES: False})
                await connection.exec_driver_sql("SELECT 1")
        return time.monotonic() - started

    def migrate(self) -> None:
        """Brings the tables to this program's version. Raises: DatabaseError."""
        self._in_step(schema.migrate, writes=True)

    def check(self) -> None:
        """Raises: Older, Newer, or another DatabaseError."""
        self._in_step(schema.check, writes=False)

    def _in_step(self, work: Callable[[Engine], None], *, writes: bool) -> None:
        if self.is_sqlite and self.url.database:
            try:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise NoFile(self.where) from problem
        engine = _sync_engine(self.url)
        try:
            with self._plain_errors():
                work(engine.execution_options(**{_WRITES: writes}))
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

    def clock_place(self) -> "ClockPlace | None":
        """The one place for a simulated clock on PostgreSQL; None on SQLite, where `alone` has seen to it."""
        # Outside a transaction: one that stays open for days would keep the server from cleaning up.
        return None if self.is_sqlite else ClockPlace(self._engine.execution_options(isolation_level="AUTOCOMMIT"))

    async def close(self) -> None:
        """Ends every connection."""
        await self._engine.dispose()


def _begin(session: Session, *, writes: bool) -> None:
    """Connects, and begins at once: what is read later is of one moment, and a writer has its lock."""
    session.connection(execution_options={_WRITES: writes})


async def _end(session: AsyncSession) -> None:
    """Ends what was not committed, and lets go of the rows: in place where there is nothing to wait for."""
    if session.in_transaction():
        async with session:  # it closes, also when whoever waits for it is cancelled
            pass
    else:
        session.sync_session.close()


class ClockPlace:
    """A lock that one process has; it ends with its connection, also at a kill or when the server restarts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Whether the place was free; then it is ours. Raises: DBAPIError."""
        connection = await self._engine.connect()
        is_free = False
        try:
            is_free = bool(await connection.scalar(select(func.pg_try_advisory_lock(CLOCK_PLACE))))
        finally:
            if not is_free:
                await connection.close()
        self._connection = connection if is_free else None
        return is_free

    async def is_ours(self) -> bool:
        """Whether nobody else has it. Where its connection was lost it is taken anew."""
        if self._connection is not None:
            try:
                await self._connection.scalar(select(1))
            except DBAPIError:
                await self._drop()
            else:
                return True
        try:
            return await self.take()
        except DBAPIError:
            return True  # while there is no server, nobody else can have it

    async def leave(self) -> None:
        """The place is free again."""
        if self._connection is not None:
            with suppress(DBAPIError):  # a server that is gone holds nothing
                await self._connection.scalar(select(func.pg_advisory_unlock(CLOCK_PLACE)))
            await self._drop()

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                await connection.close()


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
        engine = create_async_engine(
            url, pool_size=10, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, pool_use_lifo=True, **_QUIET
        )
        _without_jit(engine.sync_engine)
        _ping_after_a_pause(engine.sync_engine)
        return engine
    engine = create_async_engine(url, module=Driver(), connect_args={"cached_statements": STATEMENTS}, **_QUIET)
    _prepare_sqlite(engine.sync_engine)
    return engine


def _without_jit(engine: Engine) -> None:
    """Nothing that is asked here takes as long as PostgreSQL's compiler, which a wrong guess of a cost sets to work."""

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Not among the options of the connection: a pooler between us and the server may refuse those.
        cursor = connection.cursor()
        cursor.execute("SET jit = off")
        cursor.close()
        connection.commit()


def _ping_after_a_pause(engine: Engine) -> None:
    """A connection that nobody used for a while is asked whether its server is still there; a busy one need not be."""

    @event.listens_for(engine, "checkin")
    def _left(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["left_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - entry.info.get("left_at", time.monotonic()) < PAUSE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as problem:
            raise InvalidatePoolError from problem  # the others are as old; each is made anew


def _sync_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, **_QUIET)
    engine = create_engine(url.set(drivername="sqlite"), **_QUIET)
    _prepare_sqlite(engine)
    return engine


def _into_wal(cursor: DBAPICursor) -> None:
    """A new file's first connections turn it into a WAL file at once, and there SQLite refuses instead of waiting."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            if cursor.fetchall() != [("wal",)]:
                raise NoWriteAheadLog
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _into_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could fail half-way.
        writes = connection.get_execution_options().get(_WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else LOOKS)
