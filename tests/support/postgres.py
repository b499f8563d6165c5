"""A private PostgreSQL cluster for one run of the tests, and databases in it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support.memory import in_memory

START_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0

# Nothing here outlives the run, so nothing waits for the disk.
UNSAFE_AND_FAST = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "shared_buffers": "128MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}
SERVER_NEEDS = 1_000_000_000  # bytes free in memory for the files of a server, several times what they grow to

# Ends the server and removes its files when our end of the pipe closes: however we die, even killed, nothing stays.
WATCHDOG = """
read -r _
kill -QUIT "$1"
for _ in $(seq 50); do kill -0 "$1" 2>/dev/null || break; sleep 0.1; done
rm -rf "$2"
"""


class PostgresMissing(Exception):
    """No PostgreSQL server programs on this machine."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL's server programs were not found; on Debian: apt-get install postgresql")


class PostgresDidNotStart(Exception):
    """The server ended or stayed silent; the message carries its log."""


@contextmanager
def cluster() -> Iterator[str]:
    """The base URL of a server in which databases may be made: `postgresql+psycopg://postgres@127.0.0.1:PORT/`.

    `FOLKMOOT_TEST_POSTGRES` names a server to use instead; it is left running.
    Raises: PostgresMissing, PostgresDidNotStart.
    """
    given = os.environ.get("FOLKMOOT_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = server_programs()
    # Not pytest's folder: only we may enter that one, and as root we are not the server's user.
    scratch = Path(tempfile.mkdtemp(prefix="folkmoot-postgres-", dir=in_memory(SERVER_NEEDS)))
    try:
        give_to_server(scratch)
        initialise(programs, scratch)
        with _running(programs, scratch) as base_url:
            yield base_url
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def new_database(base_url: str, template: str | None = None) -> str:
    """The URL of a fresh database: empty, or a copy of the one at the URL `template`, which nobody may be using."""
    name = f"test_{uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        source = make_url(template).database or ""
        # Copies files instead of writing every page to the log: with fsync off the faster way.
        statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(source))
    _administer(base_url, statement)
    return make_url(base_url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Drops the database at `url`, throwing out whoever is still in it."""
    name = sql.Identifier(make_url(url).database or "")
    _administer(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def drop_connections(url: str) -> None:
    """Ends every connection to the database at `url`, as a restart of its server would."""
    statement = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
    _administer(url, statement.format(sql.Literal(make_url(url).database)))


def _administer(url: str, statement: sql.Composed) -> None:
    administration = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(administration.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)


def server_programs() -> Path:
    """The folder of the newest `initdb` and `postgres`: Debian keeps them off the PATH, one folder a version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    found = [*debian, *([Path(on_path).resolve()] if on_path else [])]
    for initdb in found:
        if (initdb.parent / "postgres").exists():
            return initdb.parent
    raise PostgresMissing


def _version(initdb: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", initdb.parent.parent.name))


def _server_user() -> str | None:
    """The user to run as, when it is another than ourselves: PostgreSQL refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else None


def give_to_server(folder: Path) -> None:
    user = _server_user()
    if user is not None:
        shutil.chown(folder, user, user)


def initialise(programs: Path, scratch: Path) -> None:
    user = _server_user()
    made = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", scratch / "data"),
            *("--username", "postgres"),
            *("--auth", "trust"),
            *("--encoding", "UTF8"),
            "--no-locale",
            "--no-sync",
        ],
        check=False,
        cwd=scratch,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode != 0:
        raise PostgresDidNotStart(f"initdb failed:\n{made.stdout}")


@contextmanager
def _running(programs: Path, scratch: Path) -> Iterator[str]:
    for last_try in (False, False, True):
        port = free_port()
        with run_server(programs, scratch, port=port) as server:
            trouble = trouble_of(server, port)
            if trouble is None:
                yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
                return
        # Somebody else may have taken the port in between.
        if last_try:
            log = (scratch / "log").read_text(errors="replace")
            raise PostgresDidNotStart(f"{trouble}:\n{log}")


@contextmanager
def run_server(
    programs: Path, scratch: Path, *, port: int, settings: Mapping[str, str] = UNSAFE_AND_FAST
) -> Iterator[subprocess.Popen[bytes]]:
    user = _server_user()
    unsafe = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (scratch / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                programs / "postgres",
                *("-D", scratch / "data"),
                *("-h", "127.0.0.1"),
                *("-p", str(port)),
                *("-k", scratch),
                *unsafe,
            ],
            cwd=scratch,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            start_new_session=True,  # Ctrl-C is for pytest
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    watchdog = subprocess.Popen(
        ["sh", "-c", WATCHDOG, "watchdog", str(server.pid), scratch],
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield server
    finally:
        watchdog.kill()
        watchdog.communicate()
        server.send_signal(signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
        try:
            server.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def trouble_of(server: subprocess.Popen[bytes], port: int) -> str | None:
    """Why the server cannot be used, or None as soon as it answers."""
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            return f"the server on port {port} ended with status {server.returncode}"
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return None
    return f"the server on port {port} did not answer within {START_WITHIN_S:g} s"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
