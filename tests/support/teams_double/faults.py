"""What goes wrong with a call when a test says so, and how slow every call is."""

from dataclasses import dataclass, field
from typing import TypeAlias

from tests.support.teams_double.world import SEPARATOR


@dataclass(frozen=True, slots=True)
class RateLimit:
    """429; without `retry_after` it does not say how long to wait."""

    retry_after: int | None = 1


@dataclass(frozen=True, slots=True)
class Precondition:
    """412: somebody else changed the conversation at the same moment."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """A status of 5xx, after the call was carried out (`applied`) or before."""

    status: int = 500
    applied: bool = False


@dataclass(frozen=True, slots=True)
class LostReply:
    """The connection breaks: after the call was carried out (`applied`), or before."""

    applied: bool = True


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer until the caller gives up."""

    applied: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """Any status with any code."""

    status: int
    code: str
    message: str = ""


Fault: TypeAlias = RateLimit | Precondition | ServerError | LostReply | Hang | Refuse


@dataclass(slots=True)
class Faults:
    """Each fault is for one call, the first of its method that fits.

    Methods: `send`, `update`, `delete`, `create`, `members`, `member`, `team`, `channels`, `token`, `metadata`, `keys`.
    A channel stands for its threads too, and a chat that is to be created for whom it is with.
    """

    waiting: list[tuple[str, str, Fault | None]] = field(default_factory=list)
    held: dict[str, int | None] = field(default_factory=dict)
    happened: int = 0
    latency_s: float = 0.0

    def next(self, method: str, *faults: Fault | None, conversation: str = "") -> None:
        """The next calls of `method` go wrong, one for each fault; with `conversation` only calls for that one.

        For a None the call goes well.
        """
        self.waiting += [(method, conversation, fault) for fault in faults]

    def hold(self, conversation: str, *, retry_after: int | None = 30) -> None:
        """A conversation takes and changes no message until `release`."""
        self.held[conversation] = retry_after

    def release(self, conversation: str) -> None:
        """A conversation takes messages again."""
        del self.held[conversation]

    def take(self, method: str, conversation: str) -> Fault | None:
        """What goes wrong with this call."""
        meant = {conversation, conversation.partition(SEPARATOR)[0]}
        held = meant & self.held.keys()
        if method in {"send", "update", "delete"} and held:
            self.happened += 1
            return RateLimit(self.held[held.pop()])
        for number, (of, where, fault) in enumerate(self.waiting):
            if of == method and where in {"", *meant}:
                del self.waiting[number]
                self.happened += fault is not None
                return fault
        return None


def is_applied(fault: Fault) -> bool:
    """The call is carried out although it seems to fail."""
    return isinstance(fault, ServerError | LostReply | Hang) and fault.applied
