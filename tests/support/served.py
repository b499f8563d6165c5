"""The bot as a process of its own, as people start it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

START_S = 30.0  # how long a start may take on a busy machine
END_S = 15.0  # how long a SIGTERM may take


class Served:
    """A running `folkmoot serve` on a free port."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.address = address

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        """As an operator would; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(END_S)


@contextmanager
def serving(database_url: str, *arguments: str) -> Iterator[Served]:
    """Serves a database while the block runs."""
    environment = {**os.environ, "DATABASE_URL": database_url, "PORT": "0", "HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "bot", "serve", *arguments]
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Served(process, _address(process))
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _address(process: "subprocess.Popen[str]") -> str:
    lines: Queue[str] = Queue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    seen: list[str] = []
    while True:
        try:
            seen.append(lines.get(timeout=START_S))
        except Empty:
            raise AssertionError("the bot did not start:\n" + "".join(seen)) from None
        found = re.search(r"http://[\d.]+:\d+", seen[-1])
        if found:
            return found[0]
        if not seen[-1]:
            raise AssertionError("the bot ended at its start:\n" + "".join(seen))


def _read(process: "subprocess.Popen[str]", lines: "Queue[str]") -> None:
    """Keeps the pipe empty, so that the process never waits for a reader."""
    if process.stdout is None:
        return
    for line in process.stdout:
        lines.put(line)
    lines.put("")


@pytest.fixture(scope="session")
def northwater_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo organisation on Tuesday, 09:14, its clock paused."""
    path = tmp_path_factory.mktemp("northwater") / "template.db"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        env=environment,
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
    return path


@pytest.fixture
def northwater_url(northwater_template: Path, tmp_path: Path) -> str:
    """The address of a copy of it."""
    path = tmp_path / "folkmoot.db"
    shutil.copyfile(northwater_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def northwater(northwater_url: str) -> Iterator[Served]:
    """The demo organisation, served, with a clock that only moves when it is told to."""
    with serving(northwater_url, "--clock", "2026-11-24T09:14:00Z", "--speed", "0") as served:
        yield served
