"""The root of every error raised on purpose, and what can be wrong with a database."""

from sqlalchemy.exc import DBAPIError, OperationalError


class BotError(Exception):
    """An error raised on purpose, worded for the one who can do something about it."""


class DatabaseError(BotError):
    """The database can't do its work now; nothing was changed."""


class BadAddress(DatabaseError):
    """DATABASE_URL can't be read."""

    def __init__(self, found: str) -> None:
        # Only what stands before the first colon: the rest may hold a password.
        scheme = found.partition(":")[0]
        super().__init__(
            f"DATABASE_URL can't be read, it begins with {scheme!r}; "
            "write sqlite:///a/file or postgresql://user@host/name"
        )


class Unreachable(DatabaseError):
    """No connection."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the database at {where} can't be reached; is it running, and is DATABASE_URL right?")


class Locked(DatabaseError):
    """Another process holds the write lock for too long."""

    def __init__(self) -> None:
        super().__init__("the database is locked by another process; wait a moment, or end the other process")


class ReadOnly(DatabaseError):
    """The file or the server takes no writes."""

    def __init__(self) -> None:
        super().__init__(
            "the database can't be written to; check the rights of its file and folder, or the server's role"
        )


class Full(DatabaseError):
    """No space left."""

    def __init__(self) -> None:
        super().__init__("the disk is full, so nothing can be saved; make room, the bot goes on by itself")


class DiskFault(DatabaseError):
    """The disk refuses, for example over a quota; SQLite only says `disk I/O error`."""

    def __init__(self) -> None:
        super().__init__(
            "the disk does not read or write the database (disk I/O error); look at the disk, its space and its quota"
        )


class NoFile(DatabaseError):
    """There is no file, and none can be made."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"no database can be opened at {where}; set DATABASE_URL to a file in a folder that this user may write to"
        )


class NoWriteAheadLog(DatabaseError):
    """SQLite can't keep its log beside the file, as on some network drives; without it readers wait for writers."""

    def __init__(self) -> None:
        super().__init__(
            "SQLite can't keep a write-ahead log beside the database's file; put the file on a disk of this machine, "
            "or use PostgreSQL"
        )


class Busy(DatabaseError):
    """Every connection of this process is in use."""

    def __init__(self) -> None:
        super().__init__("there is too much to do at once, every connection to the database is in use; wait a moment")


class Damaged(DatabaseError):
    """The file is not a database."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} is not a SQLite database, or it is damaged; restore a back-up or choose another file"
        )


class Older(DatabaseError):
    """The tables are of an earlier version of the program, or not there yet."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the database is at {found or 'no version yet'}; bring it up to date with: folkmoot migrate")


class Newer(DatabaseError):
    """The tables are of a later version of the program."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"the database is at version {found}, which this program does not know; "
            "it was used by a newer Folkmoot: update this one"
        )


class AlreadyRunning(DatabaseError):
    """A second clock or delivery on one SQLite file."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"another Folkmoot already runs on {path}; "
            "end it first, or set DATABASE_URL to PostgreSQL for several processes"
        )


class Conflict(DatabaseError):
    """Somebody else changed the same row; the handler may be run again."""

    def __init__(self) -> None:
        super().__init__("somebody else changed the same thing at the same moment; please try again")


_BY_WORDS: tuple[tuple[tuple[str, ...], type[Locked] | type[ReadOnly] | type[Full] | type[DiskFault]], ...] = (
    (("database is locked", "database table is locked", "lock timeout"), Locked),
    (("readonly database", "read-only transaction", "attempt to write a readonly"), ReadOnly),
    (("disk is full", "no space left", "disk full", "could not extend file"), Full),
    (("disk i/o error",), DiskFault),
)
_CONFLICTS = ("could not serialize", "deadlock detected")
_DAMAGED = ("file is not a database", "malformed")
_NO_FILE = "unable to open database file"
_NO_CONNECTION = ("connection", "no such host", "could not translate host")
_SERVER_GONE = ("08", "57P", "53", "3D", "28")  # classes of SQLSTATE: connection, shutdown, resources, no such database


def translated(problem: DBAPIError, where: str) -> DatabaseError | None:
    """What `problem` means for people, or None when it is a fault of ours."""
    words = str(problem.orig).lower()
    for signs, kind in _BY_WORDS:
        if any(sign in words for sign in signs):
            return kind()
    if any(sign in words for sign in _CONFLICTS):
        return Conflict()
    if any(sign in words for sign in _DAMAGED):
        return Damaged(where)
    if _NO_FILE in words:
        return NoFile(where)
    return Unreachable(where) if _has_no_connection(problem, words) else None


def _has_no_connection(problem: DBAPIError, words: str) -> bool:
    if problem.connection_invalidated:
        return True
    state: str | None = getattr(problem.orig, "sqlstate", None)
    if state is not None:
        return state.startswith(_SERVER_GONE)
    return isinstance(problem, OperationalError) and any(sign in words for sign in _NO_CONNECTION)
