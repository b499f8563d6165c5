"""A private PostgreSQL server that can be stopped and started again on its port while the bot runs."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support import postgres
from tests.support.postgres import PostgresDidNotStart

# What was committed is there after it stopped at once; only a power cut could take it.
SETTINGS = {**postgres.UNSAFE_AND_FAST, "synchronous_commit": "on"}


class MortalServer:
    """The server; it stops at once, as when it is killed."""

    def __init__(self, programs: Path, scratch: Path, port: int) -> None:
        self._programs, self._scratch, self._port = programs, scratch, port
        self._running = ExitStack()
        self.base_url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/"

    def start(self) -> None:
        """It takes connections. Raises: PostgresDidNotStart."""
        server = self._running.enter_context(
            postgres.run_server(self._programs, self._scratch, port=self._port, settings=SETTINGS)
        )
        trouble = postgres.trouble_of(server, self._port)
        if trouble is not None:
            raise PostgresDidNotStart(f"{trouble}:\n{(self._scratch / 'log').read_text(errors='replace')}")

    def stop(self) -> None:
        """Every connection ends."""
        self._running.close()


@contextmanager
def mortal_server() -> Iterator[MortalServer]:
    """One that was started. Raises: PostgresMissing, PostgresDidNotStart."""
    programs = postgres.server_programs()
    scratch = Path(tempfile.mkdtemp(prefix="folkmoot-postgres-"))
    try:
        postgres.give_to_server(scratch)
        postgres.initialise(programs, scratch)
        server = MortalServer(programs, scratch, postgres.free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
