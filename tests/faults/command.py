"""The `folkmoot` command in a process of its own, with its settings, its folder and what its machine lacks."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.__main__ import main
from storage import engine
from tests.faults.processes import PROCESSES

END_S = 20
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


def folkmoot(*arguments: str, machine: Machine, ends_after_s: float = 0) -> Ended:
    """Runs a command to its end; one that serves is told to end after a while."""
    process = PROCESSES.Process(target=_run, args=(arguments, machine), daemon=True)
    process.start()
    if ends_after_s:
        process.join(ends_after_s)
        process.terminate()
    process.join(END_S)
    if process.is_alive():
        process.kill()
        process.join()
    code = process.exitcode
    process.close()
    return Ended(code, (machine.folder / "out").read_text(), (machine.folder / "err").read_text())


def _run(arguments: Sequence[str], machine: Machine) -> None:
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(machine.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    signal.alarm(END_S)
    os.chdir(machine.folder)
    for name in ("DATABASE_URL", "HOST", "PORT"):
        os.environ.pop(name, None)
    os.environ.update(machine.environment)
    engine.BUSY_TIMEOUT_MS = machine.waits_ms
    if machine.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (machine.largest_file, machine.largest_file))
    _obey_the_rights_of_files()
    sys.argv = ["folkmoot", *arguments]
    main()


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
