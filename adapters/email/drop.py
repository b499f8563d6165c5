"""Where mails are handed over: folders in which files appear whole, because they are renamed into them.

`making/` is ours: a mail is written there, noted in the database, and only then put out. So whatever a crash leaves
behind says what happened: a noted mail whose file is gone from there was put out, however soon somebody took it.
A mail that a server takes from us directly stands in `sending/` while nobody knows whether it did.
"""

import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import BotError

OUT, IN, DONE, REFUSED = "out", "in", "done", "refused"
MAKING, READING, SENDING = "making", "reading", "sending"
FOLDERS = (OUT, IN, DONE, REFUSED, MAKING, READING, SENDING)
SUFFIX = ".eml"
MAIL_MAX = 5_000_000  # bytes of one mail that comes in; a reply with a photo under it has fewer
LEFT_S = 120.0  # after which a mail that a worker began to read is taken by another one


class NoDrop(BotError):
    """The folder of the mails can't be used."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"FOLKMOOT_MAIL_DIR is {str(folder)!r}, and {why}; name a folder that this process may write")


class TooLarge(BotError):
    """A mail with more bytes than is read."""

    def __init__(self, size: int) -> None:
        super().__init__(f"it has {size:,} bytes, and at most {MAIL_MAX:,} are read")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many mails lie in each folder that somebody has to empty."""

    out: int
    incoming: int
    refused: int


class Drop:
    """The folders. Every call is one or two steps of the file system; a file with the same name is replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Makes the folders. Raises: NoDrop."""
        try:
            for name in FOLDERS:
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise NoDrop(self.folder, f"it can't be made ({problem.strerror})") from problem
        self.check()

    def check(self) -> None:
        """Raises: NoDrop where a folder is missing, may not be written, or lies on another disk than the others."""
        devices = set()
        for name in FOLDERS:
            folder = self.folder / name
            if not folder.is_dir():
                raise NoDrop(self.folder, f"there is no folder {name} in it")
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise NoDrop(self.folder, f"its folder {name} may not be written")
            devices.add(folder.stat().st_dev)
        if len(devices) > 1:
            raise NoDrop(self.folder, "its folders are on several disks, where nothing can be renamed between them")

    def waiting(self) -> Waiting:
        """What lies there now. Raises: OSError."""
        return Waiting(len(self._files(OUT)), len(self._files(IN)), len(self._files(REFUSED)))

    # --- out

    def make(self, token: str, mail: bytes) -> None:
        """Keeps a mail, whole and on the disk, to be put out. Raises: OSError."""
        self._write(self._made(token), mail)

    def is_made(self, token: str) -> bool:
        """Whether a mail is kept that was not put out, or perhaps was. Raises: OSError."""
        return self._made(token).exists() or self.is_in_doubt(token)

    def unmake(self, token: str) -> None:
        """A kept mail is not put out any more, or was sent. Raises: OSError."""
        self._made(token).unlink(missing_ok=True)
        self._sending(token).unlink(missing_ok=True)

    def put(self, token: str, name: str) -> None:
        """Hands a kept mail over under a name; nothing happens where that was done. Raises: OSError."""
        try:
            self._made(token).replace(self.folder / OUT / f"{name}{SUFFIX}")
        except FileNotFoundError:
            return
        _sync(self.folder / OUT)

    def kept(self, token: str) -> bytes | None:
        """A kept mail, also one in doubt; None where there is none any more. Raises: OSError."""
        for path in (self._made(token), self._sending(token)):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                continue
        return None

    def doubt(self, token: str) -> None:
        """From now on nobody knows whether a kept mail was sent. Raises: OSError."""
        if not self.is_in_doubt(token):
            self._made(token).replace(self._sending(token))
            _sync(self.folder / SENDING)

    def is_in_doubt(self, token: str) -> bool:
        """Whether a mail may have been sent. Raises: OSError."""
        return self._sending(token).exists()

    def was_not_sent(self, token: str) -> None:
        """A mail that was in doubt certainly was not sent, and is kept. Raises: OSError."""
        if self.is_in_doubt(token):
            self._sending(token).replace(self._made(token))

    def _made(self, token: str) -> Path:
        return self.folder / MAKING / f"{token}{SUFFIX}"

    def _sending(self, token: str) -> Path:
        return self.folder / SENDING / f"{token}{SUFFIX}"

    def _write(self, path: Path, mail: bytes) -> None:
        begun = path.with_name(f".{path.name}.{os.getpid()}")
        with begun.open("wb") as file:
            file.write(mail)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
        _sync(path.parent)

    # --- in

    def arrived(self) -> Sequence[str]:
        """The names of what has come in, in their order; a name that begins with a dot is still being written."""
        return self._files(IN)

    def take(self, name: str) -> bytes | None:
        """Takes a mail that came in, to be read by nobody else; None where somebody else did.

        Raises: TooLarge, OSError. What was taken is given back, or filed.
        """
        taken = self.folder / READING / name
        try:
            (self.folder / IN / name).rename(taken)
            os.utime(taken)
        except FileNotFoundError:
            return None
        # Not followed, so that a link can't lead to a file of somebody else.
        with os.fdopen(os.open(taken, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAIL_MAX:
                raise TooLarge(size)
            return file.read()

    def give_back(self, name: str) -> None:
        """A mail that was taken is to be read again later. Raises: OSError."""
        self._move(READING, name, IN)

    def file(self, name: str, folder: str) -> None:
        """A mail that was taken is done with, or refused. Raises: OSError."""
        self._move(READING, name, folder)

    def recover(self, *, everything: bool = False) -> None:
        """Gives back what a worker that is gone had taken; `everything` where there is no other worker."""
        for name in self._files(READING):
            try:
                age_s = time.time() - (self.folder / READING / name).lstat().st_mtime
            except FileNotFoundError:
                continue
            if everything or age_s > LEFT_S:
                self.give_back(name)

    def _move(self, there: str, name: str, to: str) -> None:
        target, number = self.folder / to / name, 1
        while target.exists():
            number += 1
            target = self.folder / to / f"{name.removesuffix(SUFFIX)}-{number}{SUFFIX}"
        try:
            (self.folder / there / name).rename(target)
        except FileNotFoundError:
            return  # somebody else was faster

    def _files(self, folder: str) -> list[str]:
        with os.scandir(self.folder / folder) as entries:
            return sorted(
                each.name
                for each in entries
                if each.name.endswith(SUFFIX)
                and not each.name.startswith(".")
                and stat.S_ISREG(each.stat(follow_symlinks=False).st_mode)
            )


def _sync(folder: Path) -> None:
    """A name that was given stays given, also when the power goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
