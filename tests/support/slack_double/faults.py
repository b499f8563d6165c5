"""What goes wrong with a call when a test says so, and how fast the double lets itself be called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RateLimit:
    """429."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class LostReply:
    """The connection breaks: after the call was carried out (`applied`), or before."""

    applied: bool = True


@dataclass(frozen=True, slots=True)
class ServerError:
    """A status of 5xx."""

    status: int = 500
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """`ok: false` with a code of Slack's."""

    error: str
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer until the caller gives up."""

    applied: bool = False


Fault: TypeAlias = RateLimit | LostReply | ServerError | Refuse | Hang


@dataclass(slots=True)
class Faults:
    """Each fault is for one call, the first of its method that fits."""

    waiting: list[tuple[str, str, Fault | None]] = field(default_factory=list)
    happened: int = 0

    def next(self, method: str, *faults: Fault | None, channel: str = "") -> None:
        """The next calls of `method` go wrong, one for each fault; with `channel` only calls for that channel.

        For a None the call goes well.
        """
        self.waiting += [(method, channel, fault) for fault in faults]

    def take(self, method: str, channel: str) -> Fault | None:
        """What goes wrong with this call."""
        for number, (of, where, fault) in enumerate(self.waiting):
            if of == method and where in {"", channel}:
                del self.waiting[number]
                self.happened += fault is not None
                return fault
        return None


@dataclass(slots=True)
class Limits:
    """How fast messages may come: by default as fast as they like."""

    held: dict[str, int] = field(default_factory=dict)
    one_a_second: bool = False
    """A channel takes one new message a second, as Slack does."""
    history_calls_a_minute: int = 0
    """0: any number."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Method and channel of every call that came too fast."""
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _looks: list[float] = field(default_factory=list)

    def hold(self, channel: str, *, retry_after: int = 30) -> None:
        """A channel takes no message until `release`."""
        self.held[channel] = retry_after

    def release(self, channel: str) -> None:
        """A channel takes messages again."""
        del self.held[channel]

    def wait_for(self, method: str, team_id: str, arguments: Mapping[str, object], now: float) -> int:
        """The seconds a call has to wait; 0 when it may be made."""
        channel = str(arguments.get("channel", ""))
        wait = self._wait(method, (team_id, channel), now)
        if wait:
            self.refused.append((method, channel))
        return wait

    def _wait(self, method: str, where: tuple[str, str], now: float) -> int:
        if method == "conversations.history" and self.history_calls_a_minute:
            self._looks = [at for at in self._looks if at > now - 60]
            if len(self._looks) >= self.history_calls_a_minute:
                return 60
            self._looks.append(now)
        if method.startswith("chat.") and where[1] in self.held:
            return self.held[where[1]]
        if method == "chat.postMessage" and self.one_a_second:
            if now - self._last.get(where, 0) < 1:
                return 1
            self._last[where] = now
        return 0
