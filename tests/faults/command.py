"""The `folkmoot` command in a process of its own, with its settings, its folder and what its machine lacks."""

import asyncio
import ctypes
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from adapters.local.adapter import LocalChat
from bot.__main__ import main
from bot.chat.cards import Card
from bot.ports import Destination
from schedules import delivery
from storage import engine
from tests.faults.processes import PROCESSES

START_S = 30
END_S = 20
LIVES_S = 100  # no process outlives its test by much
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_CAPBSET_DROP, PR_CAP_AMBIENT = 24, 47


@dataclass(frozen=True, slots=True)
class Machine:
    """What the process finds: `largest_file` in bytes stands for a full disk."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    largest_file: int | None = None
    waits_ms: int = 200
    """How long it waits for a lock, instead of the five seconds that people wait."""
    post_takes_s: float = 0
    """How long the platform takes to show a message."""
    lease_s: float = 30
    """How long a lane belongs to a worker that does not give it back."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int | None
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one plain sentence on stderr of a command that refused to go on."""
        assert "Traceback" not in self.err, self.err
        assert (self.code, self.err[:10], self.err.count("\n")) == (1, "folkmoot: ", 1), self
        return self.err.removeprefix("folkmoot: ").strip()


def folkmoot(
    *arguments: str, machine: Machine, ends_after_s: float = 0, ends: Event | None = None, said: str = ""
) -> Ended:
    """Runs a command to its end. One that serves is told to: after a while, when `ends` is set, once it `said` that."""
    process = PROCESSES.Process(target=_run, args=(arguments, machine), daemon=True)
    process.start()
    if ends_after_s:
        if said:
            _heard(machine, said, ends_after_s)
        elif ends is not None:
            ends.wait(ends_after_s)
        else:
            process.join(ends_after_s)
        process.terminate()
    process.join(END_S)
    if process.is_alive():
        process.kill()
        process.join()
    code = process.exitcode
    process.close()
    return Ended(code, (machine.folder / "out").read_text(), (machine.folder / "err").read_text())


def _heard(machine: Machine, said: str, within_s: float) -> None:
    out, until = machine.folder / "out", time.monotonic() + within_s
    while time.monotonic() < until and not (out.exists() and said in out.read_text()):
        time.sleep(0.02)


class Served:
    """A command that serves."""

    def __init__(self, process: Any, url: str) -> None:
        self._process = process
        self.url = url

    def limit_files(self, size: int) -> None:
        """From now on no file of this process grows beyond so many bytes; -1: any file may."""
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def end(self) -> int | None:
        """SIGTERM; the exit code, None when it does not end."""
        self._process.terminate()
        self._process.join(END_S)
        code: int | None = self._process.exitcode
        return code


@contextmanager
def serving(machine: Machine, *arguments: str) -> Iterator[Served]:
    """`folkmoot serve` while the block runs."""
    (machine.folder / "out").write_text("")
    process = PROCESSES.Process(target=_run, args=(("serve", *arguments), machine), daemon=True)
    process.start()
    try:
        yield Served(process, _address(machine))
    finally:
        process.kill()
        process.join()
        process.close()


def _address(machine: Machine) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        found = re.search(r"http://[\d.]+:\d+", (machine.folder / "out").read_text())
        if found:
            return found[0]
        time.sleep(0.02)
    raise AssertionError("it does not serve: " + (machine.folder / "err").read_text())


def _run(arguments: Sequence[str], machine: Machine) -> None:
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(machine.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    signal.alarm(LIVES_S)
    os.chdir(machine.folder)
    for name in ("DATABASE_URL", "HOST", "PORT"):
        os.environ.pop(name, None)
    os.environ.update(machine.environment)
    engine.BUSY_TIMEOUT_MS = machine.waits_ms
    delivery.LEASE_S, delivery.FENCE_S = machine.lease_s, machine.lease_s * 0.6
    delivery.SEND_TIMEOUT_S = machine.lease_s / 2
    if machine.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (machine.largest_file, machine.largest_file))
    if machine.post_takes_s:
        _slow_down(machine.post_takes_s)
    _obey_the_rights_of_files()
    sys.argv = ["folkmoot", *arguments]
    main()


def _slow_down(post_takes_s: float) -> None:
    post = LocalChat.post

    async def slow(chat: LocalChat, to: Destination, card: Card, *, key: str) -> str:
        await asyncio.sleep(post_takes_s)
        return await post(chat, to, card, key=key)

    setattr(LocalChat, "post", slow)  # noqa: B010 - mypy takes a function for no method


def _obey_the_rights_of_files() -> None:
    """Root may write every file; this process may not."""
    if os.geteuid() == 0:
        _drop_capabilities()


def _drop_capabilities() -> None:
    """Takes CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH from this process. Source: capget(2), version 3."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    keep = ~((1 << CAP_DAC_OVERRIDE) | (1 << CAP_DAC_READ_SEARCH)) & 0xFFFFFFFF
    for number in (0, 1):  # effective and permitted, of the first 32
        sets[number] &= keep
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
