"""What became of one attempt to send, and what a message's row says then. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.ports import ChatError, MaybeSent, NotSent, RateLimited, Refused
from storage.messages import Message

ATTEMPTS_MAX = 11  # with ten waits of 2, 4, 8 … 1024 s between them: 2046 s, or 34 minutes
FIRST_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Shown:
    """It stands there, under the platform's reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class Gone:
    """It was taken away."""


@dataclass(frozen=True, slots=True)
class Again:
    """It certainly is not there; later it is tried again."""

    wait_s: float
    why: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not be there."""

    why: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never be there."""

    why: str
    target_gone: bool = False


Outcome: TypeAlias = Shown | Gone | Again | Unknown | Dead


def outcome_of(problem: Exception, *, is_new: bool, attempts: int) -> Outcome:
    """What an error of a platform means for a message after `attempts` attempts, this one included.

    Replacing or deleting twice does no harm, so there a lost reply is simply tried again; a new post is not.
    """
    match problem:
        case RateLimited(retry_after_s=seconds):
            return Again(seconds, str(problem), counts=False)
        case Refused(target_gone=gone):
            return Dead(str(problem), gone)
        case NotSent():
            return _again(problem, attempts)
        case MaybeSent() | ChatError() | _ if is_new:
            return Unknown(f"{type(problem).__name__}: {problem}")
        case _:
            return _again(problem, attempts)


def _again(problem: Exception, attempts: int) -> Outcome:
    if attempts >= ATTEMPTS_MAX:
        return Dead(f"given up after {attempts} attempts: {problem}")
    return Again(FIRST_WAIT_S * 2 ** (attempts - 1), f"{type(problem).__name__}: {problem}")


def row_after(outcome: Outcome, *, now: datetime, real_now: datetime) -> dict[str, object]:
    """The columns that an outcome sets; whether it is shown or wanted anew is decided beside them, in SQL."""
    free: dict[str, object] = {"token": None, "lease_until": None}
    match outcome:
        case Shown(ref):
            return free | {"platform_ref": ref, "shown_at": now, "error": "", "retry_at": None}
        case Gone():
            return free | {"state": Message.State.CANCELLED, "error": "withdrawn"}
        case Again(wait_s, why):
            return free | {
                "state": Message.State.READY,
                "retry_at": real_now + timedelta(seconds=wait_s),
                "error": why[:500],
            }
        case Unknown(why):
            return free | {"state": Message.State.UNKNOWN, "error": why[:500]}
        case Dead(why):
            return free | {"state": Message.State.DEAD, "error": why[:500]}
